"""The command in this process, in front of a scripted server."""

from __future__ import annotations

import dataclasses
import io
import json
import pathlib
import sys
import uuid
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from insightiq import InsightIQ
from insightiq._entry_point import run_command
from insightiq.cli import main
from insightiq.testing import FakeClock, ScriptedTransport, response

WIRE = pathlib.Path(__file__).resolve().parents[3] / "fixtures" / "wire" / "contents-instagram.json"
SECRET = "planted-client-secret"


@dataclasses.dataclass(frozen=True)
class Ended:
    """Exit code, standard output and standard error of a run."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Shell:
    """Runs ``insightiq`` in this process.

    Attributes:
        script: The server's responses; a list of them, or a function.
        requests: The requests of the last run.
        options: The arguments of the last client.
    """

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.script: Any = lambda _: response(json={"data": []})
        self.requests: list[Any] = []
        self.options: dict[str, Any] = {}

    def __call__(self, *words: str) -> Ended:
        with warnings.catch_warnings():
            # Most scripts respond with less than the document promises.
            warnings.simplefilter("default", UserWarning)
            code = run_command("insightiq", lambda: main(words, client=self._client))
        out, err = self._capsys.readouterr()
        assert SECRET not in out + err
        return Ended(code, out, err)

    def _client(self, **options: Any) -> InsightIQ:
        self.options = options
        clock = FakeClock()
        transport = ScriptedTransport(self.script, clock=clock)
        self.requests = transport.requests
        return InsightIQ(**{**options, "quota": None, "clock": clock, "transport": transport})


class Contents:
    """A list of contents, as the API pages through it.

    Attributes:
        most: Most rows of a page, whatever limit is requested.
        says_limit: Whether ``metadata.limit`` is the limit that was applied, or null.
    """

    most = 100
    says_limit = True

    def __init__(self, count: int, rows: list[Any] | None = None) -> None:
        (row, *_) = json.loads(WIRE.read_text(encoding="utf-8"))["data"]
        ids = [str(uuid.uuid5(uuid.NAMESPACE_OID, str(number))) for number in range(count)]
        made = [
            {**row, "id": each, "title": f'Nr. {number}, "größer"\nas ever'}
            for number, each in enumerate(ids)
        ]
        self.rows: list[Any] = made if rows is None else rows

    @property
    def ids(self) -> list[str]:
        return [row["id"] for row in self.rows]

    def __call__(self, request: Any) -> Any:
        offset, limit = int(request.query["offset"]), int(request.query["limit"])
        limit = min(limit, self.most)
        said = limit if self.says_limit else None
        metadata = {"offset": offset, "limit": said, "from_date": None, "to_date": None}
        body = {"data": self.rows[offset : offset + limit], "metadata": metadata}
        # Python's writer: a server may send NaN and half an emoji.
        return response(content=json.dumps(body).encode())


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell with credentials in its environment."""
    for name in ("ENVIRONMENT", "BASE_URL", "LOG", "QUOTA_FILE"):
        monkeypatch.delenv(f"INSIGHTIQ_{name}", raising=False)
    monkeypatch.setenv("INSIGHTIQ_CLIENT_ID", "planted-client-id-of-the-test")
    monkeypatch.setenv("INSIGHTIQ_CLIENT_SECRET", SECRET)
    return Shell(capsys)


@pytest.fixture
def contents() -> type[Contents]:
    """The class, so that tests need no import from this file."""
    return Contents


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Put bytes on standard input, on a machine whose own encoding is not UTF-8."""
    return lambda content: monkeypatch.setattr(
        sys, "stdin", io.TextIOWrapper(io.BytesIO(content), "latin-1")
    )

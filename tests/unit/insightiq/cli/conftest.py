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
    """Result of a run.

    Attributes:
        code: Exit code.
        out: Standard output.
        err: Standard error.
    """

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


class Shell:
    """Runs ``insightiq`` in this process.

    Attributes:
        script: What the server sends; a list of responses, or a function.
        requests: What it was asked.
        options: What the last client was made of.
    """

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.script: Any = lambda _: response(json={"data": []})
        self.requests: list[Any] = []
        self.options: dict[str, Any] = {}

    def __call__(self, *words: str) -> Ended:
        """Run the command."""
        with warnings.catch_warnings():
            # Most scripts response with less than the document promises.
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
        most: Most rows of a page, whatever limit is asked for.
        says_limit: Whether ``metadata.limit`` is the limit that was applied, or null.
    """

    most = 100
    says_limit = True

    def __init__(self, count: int) -> None:
        (self._row, *_) = json.loads(WIRE.read_text(encoding="utf-8"))["data"]
        self.rows = [self._made(number) for number in range(count)]

    def _made(self, number: int) -> dict[str, Any]:
        id_ = str(uuid.uuid5(uuid.NAMESPACE_OID, str(number)))
        return {**self._row, "id": id_, "title": f'Nr. {number}, "größer"\nas ever'}

    @property
    def ids(self) -> list[str]:
        """The ids of all rows."""
        return [row["id"] for row in self.rows]

    def __call__(self, request: Any) -> Any:
        """Response with a page."""
        offset, limit = int(request.query["offset"]), int(request.query["limit"])
        limit = min(limit, self.most)
        said = limit if self.says_limit else None
        metadata = {"offset": offset, "limit": said, "from_date": None, "to_date": None}
        return response(json={"data": self.rows[offset : offset + limit], "metadata": metadata})


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell with credentials in its environment."""
    for name in ("ENVIRONMENT", "BASE_URL", "LOG"):
        monkeypatch.delenv(f"INSIGHTIQ_{name}", raising=False)
    monkeypatch.setenv("INSIGHTIQ_CLIENT_ID", "planted-client-id-of-the-test")
    monkeypatch.setenv("INSIGHTIQ_CLIENT_SECRET", SECRET)
    return Shell(capsys)


@pytest.fixture
def contents() -> type[Contents]:
    """The class, so that tests need no import from this file."""
    return Contents


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a text on standard input."""
    return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(text))

"""Putting load on a server: with wrk where the machine has it, else with autocannon."""

from __future__ import annotations

import base64
import dataclasses
import json
import pathlib
import re
import shutil
import subprocess
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "CONNECTIONS",
    "Case",
    "Load",
    "LoadToolError",
    "Measurement",
    "authorization",
    "tool_name",
]

CONNECTIONS = 16

_HERE = pathlib.Path(__file__).parent
_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@dataclasses.dataclass(frozen=True)
class Case:
    """One kind of request.

    Attributes:
        name: How the table calls it.
        path: Path and query.
        items: How many items the response lists; None where it is a single resource.
        fields: What each resource in the response has at least.
        creates: Whether it is the POST of a user, with an ``external_id`` of its own each time.
    """

    name: str
    path: str
    items: int | None = None
    fields: frozenset[str] = frozenset()
    creates: bool = False


@dataclasses.dataclass(frozen=True)
class Measurement:
    per_second: float
    p50: float
    p99: float
    failed: int


class LoadToolError(Exception):
    """Nothing is here that could put load on a server; the message says what to do."""


def tool_name() -> str:
    """Return which tool puts the load on.

    Raises:
        LoadToolError: There is none, nor npm to bring one.
    """
    if shutil.which("wrk"):
        return "wrk"
    if shutil.which("npm") is None:
        msg = "nothing can put load on the servers: install wrk (Debian and Ubuntu: apt install wrk) or Node.js."
        raise LoadToolError(msg)
    return "autocannon"


def authorization(credentials: tuple[str, str]) -> str:
    """Return the value of the Authorization header."""
    return "Basic " + base64.b64encode(":".join(credentials).encode()).decode()


class Load:
    """Runs one case after another against a server."""

    def __init__(self, url: str, credentials: tuple[str, str], node: Sequence[str]) -> None:
        self._url = url
        self._authorization = authorization(credentials)
        self._node = node
        self._runs = 0
        self.first_written: str | None = None
        """The external id of a user that was made under load."""

    def run(self, case: Case, seconds: int) -> Measurement:
        """Keep sixteen connections busy for so many seconds."""
        self._runs += 1
        if case.creates and tool_name() == "wrk":
            # The first of the first thread is made to look at, and not sent.
            self.first_written = f"run{self._runs}-2-1"
        measure = self._wrk if tool_name() == "wrk" else self._autocannon
        return measure(case, seconds)

    def _wrk(self, case: Case, seconds: int) -> Measurement:
        command = ["wrk", "--latency", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout=10s"]
        command += ["-H", f"Authorization: {self._authorization}"]
        if case.creates:
            command += ["-s", str(_HERE / "post_user.lua")]
        command.append(self._url + case.path)
        if case.creates:
            command += ["--", f"run{self._runs}"]
        return _read_wrk(_output(command))

    def _autocannon(self, case: Case, seconds: int) -> Measurement:
        tool = _HERE / "node_modules" / "autocannon" / "autocannon.js"
        command = [*self._node, str(tool), "--json", "--no-progress"]
        command += ["-c", str(CONNECTIONS), "-d", str(seconds)]
        command += ["-H", f"Authorization={self._authorization}"]
        if case.creates:
            body = json.dumps({"name": "Bench", "external_id": f"run{self._runs}-[<id>]"})
            command += ["-m", "POST", "-H", "Content-Type=application/json", "-I", "-b", body]
        return _read_autocannon(_output([*command, self._url + case.path]))


def _output(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _read_wrk(text: str) -> Measurement:
    def latency(percentile: str) -> float:
        found = re.search(rf"^\s+{percentile}%\s+([\d.]+)(us|ms|s|m)\b", text, re.MULTILINE)
        assert found is not None, text
        return float(found[1]) * _UNITS[found[2]]

    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    assert rate is not None, text
    rejected = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    lost = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    failed = int(rejected[1]) if rejected else 0
    failed += sum(map(int, lost.groups())) if lost else 0
    return Measurement(float(rate[1]), latency("50"), latency("99"), failed)


def _read_autocannon(text: str) -> Measurement:
    value = json.loads(text)
    latency = value["latency"]
    failed = value["non2xx"] + value["errors"] + value["timeouts"]
    return Measurement(value["requests"]["average"], latency["p50"], latency["p99"], failed)

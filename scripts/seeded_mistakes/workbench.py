"""A copy of the project in which a mistake is made, tried and taken back."""

from __future__ import annotations

import compileall
import contextlib
import dataclasses
import json
import os
import pathlib
import py_compile
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from .catalogue import Mistake

__all__ = ["NoResultError", "StoppedError", "Verdict", "Workbench", "workbench"]

# What the checks read; each is small.
_PARTS: typing.Final = (
    "generated",
    "overrides",
    "mock_server",
    "spec",
    "scripts",
    "tests/conftest.py",
    "tests/contract",
    "tests/fixtures",
    "tests/support",
    "tests/unit",
    "schemathesis.toml",
    "redocly.yaml",
    "package.json",
    "pyproject.toml",
    "CHANGELOG.md",
)
_PACKAGES: typing.Final = ("generated", "overrides", "mock_server", "scripts")
# Markers of the contract suite by the letters of the catalogue.
_MARKERS: typing.Final = {
    "P": "schema",
    "A": "client",
    "B": "stateful",
    "C": "parsing",
    "D": "call_styles",
    "S": "scenarios",
    "W": "traffic",
}
_SUITE: typing.Final = "tests/contract"
_UNIT: typing.Final = "tests/unit"
_SECONDS: typing.Final = 120
# Random ones for each operation: what a mistake shows, it shows soon.
_EXAMPLES: typing.Final = "20"
_SHOWN: typing.Final = 300


# Of each check: nothing was found, something was found.
_RESULTS: typing.Final = (0, 1)


class NoResultError(Exception):
    """A layer came to no result; the message says which, and what it said instead."""


class StoppedError(Exception):
    """The workbench was stopped."""


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What one layer said of one mistake.

    Attributes:
        caught: Whether the layer noticed.
        message: What it said, in one line.
    """

    caught: bool
    message: str


class Workbench:
    """A copy of the project.

    Args:
        root: Where it lies.
    """

    def __init__(self, root: pathlib.Path) -> None:
        self._root = root
        self._changed = root / "changed.yaml"
        self._process: subprocess.Popen[str] | None = None
        self._is_stopped = False
        self._lock = threading.Lock()

    def stop(self) -> None:
        """End what runs, with all that it has started; from now on nothing is run."""
        with self._lock:
            self._is_stopped = True
            if self._process is not None:
                _kill(self._process)

    @contextlib.contextmanager
    def having(self, mistake: Mistake) -> Generator[None]:
        """Make the mistake for as long as the block lasts.

        A mistake of the document is made beside it, because server and client stay as they are.

        Raises:
            EditError: The mistake does not fit the project as it is.
        """
        path = self._root / mistake.file
        original = path.read_text(encoding="utf-8")
        if mistake.group == "document":
            self._changed.write_text(mistake.edit.apply(original), encoding="utf-8")
            yield
            return
        path.write_text(mistake.edit.apply(original), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(original, encoding="utf-8")

    def ask(self, layer: str, mistake: Mistake) -> Verdict:
        """Run one layer over the copy.

        Raises:
            NoResultError: It came to no result, and not in the way that the mistake says it would.
            StoppedError: The workbench was stopped.
        """
        try:
            process = self._run(self._command(layer, mistake))
        except subprocess.TimeoutExpired:
            return _without_result(layer, mistake, f"did not end within {_SECONDS} seconds")
        if process.returncode not in _RESULTS:
            lines = [*process.stdout.splitlines(), *process.stderr.splitlines()]
            said = [line for line in lines if line.strip()] or ["nothing"]
            foretold = (line for line in said if mistake.stops and mistake.stops in line)
            return _without_result(layer, mistake, next(foretold, said[-1]))
        if layer == "lint":
            return Verdict(process.returncode == 1, _first_finding(process))
        if layer == "diff":
            return self._of_diff(process)
        return Verdict(process.returncode == 1, _first_failure(process))

    def _command(self, layer: str, mistake: Mistake) -> list[str]:
        document = str(self._changed)
        if layer == "lint":
            return ["scripts/lint_spec.py", document]
        if layer == "diff":
            original = str(self._root / mistake.file)
            return ["scripts/diff.py", "--base", original, "--document", document, "--json", "-"]
        if layer == "unit":
            paths = [f"{_UNIT}/{topic}" for topic in mistake.topics]
            return ["-m", "pytest", *paths, "-x", "-q", "-p", "no:cacheprovider"]
        modules = [f"{_SUITE}/scenarios/test_{topic}.py" for topic in mistake.topics]
        chosen = modules if layer == "S" and modules else [_SUITE]
        command = ["-m", "pytest", *chosen, "-m", _MARKERS[layer], "-x", "-q", "--seed", "1"]
        command += ["--examples", _EXAMPLES, "-p", "no:cacheprovider"]
        if mistake.operations:
            command += ["--operations", ",".join(mistake.operations)]
        if mistake.group == "document":
            command += ["--document", document]
        return command

    def _run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        paths = os.pathsep.join(str(self._root / package) for package in _PACKAGES)
        # None is written beside a mistake.
        environment = os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
        # The summary of pytest cuts messages at the width of the terminal.
        environment["COLUMNS"] = str(2 * _SHOWN)
        with self._lock:
            if self._is_stopped:
                raise StoppedError
            self._process = process = subprocess.Popen(
                [sys.executable, *command],
                cwd=self._root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        with process:
            try:
                output, complaints = process.communicate(timeout=_SECONDS)
            except subprocess.TimeoutExpired:
                _kill(process)
                raise
            finally:
                with self._lock:
                    self._process = None
        if self._is_stopped:
            raise StoppedError
        return subprocess.CompletedProcess(command, process.returncode, output, complaints)

    @staticmethod
    def _of_diff(process: subprocess.CompletedProcess[str]) -> Verdict:
        if process.returncode == 0:
            return Verdict(caught=False, message="")
        version = json.loads(process.stdout)["version"]
        return Verdict(caught=True, message=_shortened(f"asks for {json.dumps(version)}"))


@contextlib.contextmanager
def workbench(project: pathlib.Path) -> Generator[Workbench]:
    """Copy the project, and remove the copy afterwards."""
    with tempfile.TemporaryDirectory(prefix="seeded-mistakes-") as scratch:
        root = pathlib.Path(scratch)
        for part in _PARTS:
            source, target = project / part, root / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, target)
        (root / "node_modules").symlink_to(project / "node_modules")
        for package in _PACKAGES:
            # By time, a source that is changed twice within a second would keep its old byte code.
            compileall.compile_dir(
                root / package,
                quiet=2,
                invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH,
            )
        yield Workbench(root)


def _kill(process: subprocess.Popen[str]) -> None:
    """End a process with all that it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _without_result(layer: str, mistake: Mistake, said: str) -> Verdict:
    """That a layer cannot be run proves nothing, unless the mistake foretells why.

    Raises:
        NoResultError: It does not.
    """
    said = _shortened(said)
    if mistake.stops is None or mistake.stops not in said:
        msg = f"{layer} came to no result: {said}"
        raise NoResultError(msg)
    return Verdict(caught=True, message=said)


def _first_finding(process: subprocess.CompletedProcess[str]) -> str:
    lines = (line.strip() for line in process.stdout.splitlines())
    findings = (line.removeprefix("what:") for line in lines if line.startswith("what:"))
    return _shortened(next(findings, _first_line(process.stderr)))


def _first_failure(process: subprocess.CompletedProcess[str]) -> str:
    lines = process.stdout.splitlines()
    said = (line for line in lines if line.startswith(("FAILED ", "ERROR ")))
    return _shortened(next(said, "").partition(" - ")[2])


def _first_line(text: str) -> str:
    lines = text.strip().splitlines()
    return _shortened(lines[0]) if lines else ""


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"

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
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from .catalogue import Mistake

__all__ = ["Verdict", "Workbench", "workbench"]

# What the checks read; each is small.
_PARTS: typing.Final = (
    "generated",
    "overrides",
    "mock_server",
    "spec",
    "scripts",
    "tests/contract",
    "tests/fixtures",
    "schemathesis.toml",
    "redocly.yaml",
    "package.json",
    "pyproject.toml",
    "CHANGELOG.md",
)
_PACKAGES: typing.Final = ("generated", "overrides", "mock_server", "scripts")
_SECONDS: typing.Final = 120
# Random ones for each operation: what a mistake shows, it shows soon.
_EXAMPLES: typing.Final = "20"
_SHOWN: typing.Final = 300


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
        self._result = root / "result.json"
        self._changed = root / "changed.yaml"

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
        """Run one layer over the copy."""
        self._result.unlink(missing_ok=True)
        command = self._command(layer, mistake)
        try:
            process = self._run(command)
        except subprocess.TimeoutExpired:
            return Verdict(caught=True, message=f"did not end within {_SECONDS} seconds")
        if layer == "lint":
            return Verdict(process.returncode == 1, _first_finding(process))
        if layer == "diff":
            return self._of_diff(process)
        return self._of_contract(process)

    def _command(self, layer: str, mistake: Mistake) -> list[str]:
        document = str(self._changed)
        if layer == "lint":
            return ["scripts/lint_spec.py", document]
        if layer == "diff":
            original = str(self._root / mistake.file)
            return ["scripts/diff.py", "--base", original, "--document", document, "--json", "-"]
        command = ["scripts/contract.py", "--layers", layer, "--stop-at-first", "--seed", "1"]
        command += ["--result", str(self._result)]
        command += ["--examples", _EXAMPLES]
        if mistake.topics and layer == "S":
            command += ["--topics", ",".join(mistake.topics)]
        if mistake.operations:
            command += ["--operations", ",".join(mistake.operations)]
        if mistake.group == "document":
            command += ["--document", document]
        return command

    def _run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        paths = os.pathsep.join(str(self._root / package) for package in _PACKAGES)
        # None is written beside a mistake.
        environment = os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
        with subprocess.Popen(
            [sys.executable, *command],
            cwd=self._root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                output, complaints = process.communicate(timeout=_SECONDS)
            except BaseException:
                # With all that it has started: nothing may go on after an interruption.
                os.killpg(process.pid, signal.SIGKILL)
                raise
        return subprocess.CompletedProcess(command, process.returncode, output, complaints)

    def _of_contract(self, process: subprocess.CompletedProcess[str]) -> Verdict:
        if self._result.exists():
            findings = json.loads(self._result.read_text(encoding="utf-8"))["findings"]
            if not findings:
                return Verdict(caught=False, message="")
            first = findings[0]
            operation, said = first["operation"] or "", first["message"]
            # Most messages name their operation themselves.
            message = said if operation in said else f"{operation}: {said}"
            return Verdict(caught=True, message=_shortened(message))
        # Not even a result: with the mistake the check cannot be made, and that is noticed.
        said = (process.stderr or process.stdout).strip().splitlines()
        return Verdict(caught=process.returncode != 0, message=_shortened(said[-1] if said else ""))

    @staticmethod
    def _of_diff(process: subprocess.CompletedProcess[str]) -> Verdict:
        if process.returncode != 1:
            return Verdict(caught=False, message=_first_line(process.stderr))
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


def _first_finding(process: subprocess.CompletedProcess[str]) -> str:
    lines = (line.strip() for line in process.stdout.splitlines())
    findings = (line.removeprefix("what:") for line in lines if line.startswith("what:"))
    return _shortened(next(findings, _first_line(process.stderr)))


def _first_line(text: str) -> str:
    lines = text.strip().splitlines()
    return _shortened(lines[0]) if lines else ""


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"

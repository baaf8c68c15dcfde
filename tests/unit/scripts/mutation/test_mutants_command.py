"""The command that tries seeded mistakes, over a project that is a stage set."""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[4]

ENTRIES = """
- {id: one, mistake: Something is wrong., file: spec/a.py, lines: a = 1, instead: a = 2, layers: [S]}
- {id: two, mistake: And something else., file: spec/a.py, lines: b = 1, instead: b = 2, layers: [S],
   stops: cannot start}
"""
CONFTEST = """
def pytest_addoption(parser):
    parser.addoption("--seed")
    parser.addoption("--examples")

def pytest_configure(config):
    config.addinivalue_line("markers", "scenarios")
"""
FINDS = """
import pytest

@pytest.mark.scenarios
def test_a():
    if "a = 2" in open("spec/a.py").read():
        pytest.fail("a is 2", pytrace=False)
"""
CANNOT_BE_RUN = """
import pytest
pytest.exit("the server cannot start", returncode=2)
"""
# Both hold the connection: it ends when both have ended.
NEVER_ENDS = """
import os, signal, socket
held = socket.create_connection(("127.0.0.1", int(os.environ["TEST_PORT"])))
os.fork()
held.sendall(b"!")
signal.pause()
"""

Command = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def project(tmp_path: pathlib.Path) -> pathlib.Path:
    """A project with two mistakes and no layers yet."""
    root = tmp_path / "project"
    for folder in ("generated", "overrides", "mock_server", "spec", "docs", "tests/contract"):
        (root / folder).mkdir(parents=True)
    for folder in ("fixtures", "support", "unit"):
        (root / "tests" / folder).mkdir()
    (root / "tests" / "conftest.py").touch()
    for name in ("schemathesis.toml", "redocly.yaml", "package.json", "pyproject.toml"):
        (root / name).touch()
    (root / "CHANGELOG.md").touch()
    (root / "spec" / "a.py").write_text("a = 1\nb = 1\n")
    shutil.copytree(ROOT / "scripts" / "seeded_mistakes", root / "scripts" / "seeded_mistakes")
    for name in ("mutants.py", "openapi_document.py"):
        shutil.copy2(ROOT / "scripts" / name, root / "scripts")
    catalogue = root / "tests" / "seeded_mistakes"
    catalogue.mkdir()
    (catalogue / "server.yaml").write_text(ENTRIES)
    (catalogue / "client.yaml").write_text("[]")
    (catalogue / "document.yaml").write_text("[]")
    return root


@pytest.fixture
def scratch(tmp_path: pathlib.Path) -> pathlib.Path:
    """Where temporary folders are made."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def mutants(project: pathlib.Path, scratch: pathlib.Path) -> Command:
    """What starts the command in a process group of its own, with layers that do ``layers``."""

    def start(*arguments: str, layers: str, **variables: str) -> subprocess.Popen[str]:
        (project / "tests" / "contract" / "conftest.py").write_text(CONFTEST)
        (project / "tests" / "contract" / "test_it.py").write_text(layers)
        return subprocess.Popen(
            [sys.executable, "scripts/mutants.py", *arguments],
            cwd=project,
            env=os.environ | {"TMPDIR": str(scratch), "PYTHONPATH": ""} | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    return start


def test_a_mistake_that_survives_is_named(mutants: Command, project: pathlib.Path) -> None:
    """The run ends with 1, the table goes to the reports, and the project is as it was."""
    with mutants(layers=FINDS) as process:
        output, complaints = process.communicate()
    assert process.returncode == 1
    assert "mutants: two survived: And something else." in output
    assert complaints == ""
    assert "a is 2" in (project / "reports" / "seeded-mistakes.md").read_text()
    assert list((project / "docs").iterdir()) == []
    assert (project / "spec" / "a.py").read_text() == "a = 1\nb = 1\n"


def test_a_layer_without_a_result_has_not_caught_anything(
    mutants: Command, project: pathlib.Path
) -> None:
    """That a layer cannot be run is the runner's fault, unless the entry foretells its words."""
    with mutants("--write", layers=CANNOT_BE_RUN) as process:
        output, _ = process.communicate()
    assert process.returncode == 2
    assert "mutants: server: 1 of 2 caught" in output
    assert "one could not be tried: S came to no result: " in output
    assert list((project / "docs").iterdir()) == []


def test_module_that_cannot_be_imported_is_no_result(mutants: Command) -> None:
    with mutants("one", layers="raise ValueError('lost')") as process:
        output, _ = process.communicate()
    assert process.returncode == 2
    assert "one could not be tried: S came to no result: " in output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_all_at_once_and_leaves_nothing(
    mutants: Command, project: pathlib.Path, scratch: pathlib.Path, number: signal.Signals
) -> None:
    """As a terminal sends it, to the whole group, and a second time for good measure."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        port = str(server.getsockname()[1])
        with mutants("--jobs", "1", "--write", layers=NEVER_ENDS, TEST_PORT=port) as process:
            held, _ = server.accept()
            with held:
                held.settimeout(60)
                assert held.recv(1) == b"!"
                os.killpg(process.pid, number)
                os.killpg(process.pid, number)
                _, complaints = process.communicate(timeout=60)
                while held.recv(1):
                    pass
    assert process.returncode == 130
    assert complaints == "mutants: stopped; nothing of the project was changed.\n"
    assert list(scratch.iterdir()) == []
    assert list((project / "docs").iterdir()) == []


def test_a_reader_that_leaves_ends_the_run_without_a_complaint(
    mutants: Command, scratch: pathlib.Path
) -> None:
    """``| head`` is no mistake."""
    with mutants("--jobs", "1", layers=FINDS) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaints = process.stderr.read()
    assert process.returncode == 2
    assert complaints == ""
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["ome"], "the catalogue has no mistake ome; did you mean one?"),
        (["zzz"], "the catalogue has no mistake zzz; they stand in tests/seeded_mistakes."),
        (["one", "--group", "client"], "one is a mistake of the server; leave --group out."),
        (["one", "--write"], "the page holds all mistakes: leave out the names, or --write."),
        (["--jobs", "0"], "'0' is no count; give a whole number above 0"),
    ],
)
def test_a_wrong_command_line_is_told_in_a_sentence(
    mutants: Command, arguments: list[str], complaint: str
) -> None:
    """Whoever mistypes a name learns the nearest ones."""
    with mutants(*arguments, layers=FINDS) as process:
        _, complaints = process.communicate()
    assert process.returncode == 2
    assert complaints.rstrip().splitlines()[-1].endswith(complaint)
    assert "Traceback" not in complaints

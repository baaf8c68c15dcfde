"""Mutation tests: the catalogue fits the project, and the command tries each mutation."""

from __future__ import annotations

import copy
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable

import mutation
import openapi_document
import pytest
import yaml
from mutation import DocumentEdit, EditError, LineEdit, Mutation
from published_document import DOCUMENT

ROOT = pathlib.Path(__file__).resolve().parents[4]
MUTATIONS = mutation.load(ROOT / "tests" / "mutations")
ENTRY = """
- id: {id}
  title: Something is wrong.
  file: a.py
  lines: a
  instead: b
  checks: [{check}]
"""


# ---- the catalogue ---------------------------------------------------------------


@pytest.mark.parametrize("each", MUTATIONS, ids=lambda each: each.id)
def test_mutation_fits_project(each: Mutation) -> None:
    """A change of the code that moves a mutation's lines away is noticed at once."""
    if isinstance(each.edit, DocumentEdit):
        each.edit.change(copy.deepcopy(DOCUMENT))
        return
    changed = each.edit.apply((ROOT / each.file).read_text(encoding="utf-8"))
    if each.file.endswith(".py"):
        compile(changed, each.file, "exec")


def test_topics_and_operations_exist() -> None:
    """A name that does not exist would make the run of its mutation fail."""
    known = {operation.id for operation in openapi_document.operations(DOCUMENT)}
    for each in MUTATIONS:
        assert set(each.operations) <= known, each.id
        for topic in each.topics:
            scenario = ROOT / "tests" / "contract" / "scenarios" / f"test_{topic}.py"
            unit = ROOT / "tests" / "unit" / topic
            assert unit.exists() if "unit" in each.checks else scenario.exists(), each.id


def test_each_part_catches_some_mutation() -> None:
    used = {check for each in MUTATIONS for check in each.checks}
    assert used == set(mutation.CHECKS)
    assert len(MUTATIONS) >= 60


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        (ENTRY.format(id="one", check="S"), "entry one .*checks are some of schema, client"),
        (
            ENTRY.format(id="one", check="unit").replace("instead", "insted"),
            "entry one .*unknown keys insted",
        ),
        (
            "- {id: one, title: x, at: /a, checks: [lint]}",
            "entry one .*either set, removed or renamed",
        ),
        ("- {id: one, checks: [unit]}", "entry one .*"),
        (ENTRY.format(id="one", check="unit") * 2, "two mutations have the id one"),
    ],
    ids=["unknown check", "misspelt key", "no action", "incomplete", "id used twice"],
)
def test_wrong_entry_is_named(tmp_path: pathlib.Path, entries: str, problem: str) -> None:
    (tmp_path / "server.yaml").write_text(entries)
    with pytest.raises(mutation.CatalogueError, match=problem):
        mutation.load(tmp_path, ["server"])


# ---- edits -----------------------------------------------------------------------

TEXT = """def respond(call):
    if call.ok:
        return first(call)
    return last(call)
"""
SMALL = "paths:\n  /v1/users:\n    get: {operationId: users.list, tags: [users]}\n"


def test_lines_are_replaced_at_their_indentation() -> None:
    edit = LineEdit("if call.ok:\n    return first(call)\n", "if not call.ok:\n    return None\n")
    expected = TEXT.replace("call.ok", "not call.ok").replace("first(call)", "None")
    assert edit.apply(TEXT) == expected
    assert LineEdit("return last(call)\n", "").apply(TEXT) == TEXT.replace(
        "    return last(call)\n", ""
    )


@pytest.mark.parametrize(
    ("lines", "problem"),
    [("return nothing", "nowhere"), ("pass", "2 times"), ("b:", "changes nothing")],
)
def test_lines_that_do_not_fit_are_error(lines: str, problem: str) -> None:
    with pytest.raises(EditError, match=problem):
        LineEdit(lines, lines if lines == "b:" else "raise").apply("a:\n    pass\nb:\n    pass\n")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (DocumentEdit("/operationId", "set", "x"), {"operationId": "x", "tags": ["users"]}),
        (
            DocumentEdit("/deprecated", "set", value=True),
            {"operationId": "users.list", "tags": ["users"], "deprecated": True},
        ),
        (DocumentEdit("/tags/0", "set", "x"), {"operationId": "users.list", "tags": ["x"]}),
        (DocumentEdit("/tags", "remove", value=True), {"operationId": "users.list"}),
        (DocumentEdit("/tags", "rename", "x"), {"operationId": "users.list", "x": ["users"]}),
    ],
)
def test_place_of_document_is_changed(edit: DocumentEdit, expected: dict[str, object]) -> None:
    at = f"/paths/~1v1~1users/get{edit.at}"
    changed = yaml.safe_load(DocumentEdit(at, edit.action, edit.value).apply(SMALL))
    assert changed["paths"]["/v1/users"] == {"get": expected}


@pytest.mark.parametrize(
    "edit",
    [
        DocumentEdit("/paths/~1v1~1users/put/tags", "set", []),
        DocumentEdit("/paths/~1v1~1users/put", "remove", value=True),
        DocumentEdit("/paths/~1v1~1users/get/operationId", "set", "users.list"),
    ],
    ids=["parent missing", "key missing", "so already"],
)
def test_place_that_does_not_fit_is_error(edit: DocumentEdit) -> None:
    with pytest.raises(EditError):
        edit.apply(SMALL)


# ---- the command, over a small project -------------------------------------------

ENTRIES = """
- {id: one, title: Something | is wrong., file: spec/a.py, lines: a = 1, instead: a = 2,
   checks: [scenarios]}
- {id: two, title: Another mistake., file: spec/a.py, lines: b = 1, instead: b = 2,
   checks: [scenarios]}
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
def test():
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
    """A project with two mutations and no tests yet."""
    root = tmp_path / "project"
    for folder in ("generated", "overrides", "mock_server", "spec", "scripts", "tests/contract"):
        (root / folder).mkdir(parents=True)
    for folder in ("fixtures", "support", "unit", "mutations"):
        (root / "tests" / folder).mkdir()
    for name in (
        "tests/conftest.py",
        "schemathesis.toml",
        "redocly.yaml",
        "package.json",
        "pyproject.toml",
        "CHANGELOG.md",
    ):
        (root / name).touch()
    (root / "spec" / "a.py").write_text("a = 1\nb = 1\n")
    for name in ("mutation.py", "openapi_document.py"):
        shutil.copy2(ROOT / "scripts" / name, root / "scripts")
    (root / "tests" / "mutations" / "server.yaml").write_text(ENTRIES)
    for name in ("client", "document"):
        (root / "tests" / "mutations" / f"{name}.yaml").write_text("[]")
    return root


@pytest.fixture
def scratch(tmp_path: pathlib.Path) -> pathlib.Path:
    """The folder for temporary folders."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def command(project: pathlib.Path, scratch: pathlib.Path) -> Command:
    """Start the command in a process group of its own, with these contract tests."""

    def start(*arguments: str, tests: str = FINDS, **variables: str) -> subprocess.Popen[str]:
        (project / "tests" / "contract" / "conftest.py").write_text(CONFTEST)
        (project / "tests" / "contract" / "test_it.py").write_text(tests)
        return subprocess.Popen(
            [sys.executable, "scripts/mutation.py", *arguments],
            cwd=project,
            env=os.environ | {"TMPDIR": str(scratch), "PYTHONPATH": ""} | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    return start


def test_survivor_is_named(command: Command, project: pathlib.Path) -> None:
    """Exit status 1, a report, and a project as it was."""
    with command() as process:
        output, errors = process.communicate()
    assert process.returncode == 1
    assert "mutation: server: 1 of 2 caught" in output
    assert "mutation: two survived: Another mistake." in output
    assert errors == ""
    report = (project / "reports" / "mutation.md").read_text()
    assert "| Something \\| is wrong. (`one`) | scenarios |" in report
    assert "a is 2" in report
    assert "| Another mistake. (`two`) | **survives** |" in report
    assert (project / "spec" / "a.py").read_text() == "a = 1\nb = 1\n"


@pytest.mark.parametrize("tests", [CANNOT_BE_RUN, "raise ValueError('lost')"])
def test_check_without_result_catches_nothing(command: Command, tests: str) -> None:
    with command("one", tests=tests) as process:
        output, _ = process.communicate()
    assert process.returncode == 2
    assert "one could not be tried: scenarios gave no result: " in output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interruption_ends_all_and_leaves_nothing(
    command: Command, scratch: pathlib.Path, number: signal.Signals
) -> None:
    """As a terminal sends it, to the whole group, and a second time."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        port = str(server.getsockname()[1])
        with command("--jobs", "1", tests=NEVER_ENDS, TEST_PORT=port) as process:
            held, _ = server.accept()
            with held:
                held.settimeout(60)
                assert held.recv(1) == b"!"
                os.killpg(process.pid, number)
                os.killpg(process.pid, number)
                _, errors = process.communicate(timeout=60)
                while held.recv(1):
                    pass
    assert process.returncode == 130
    assert errors == "mutation: stopped; nothing of the project was changed.\n"
    assert list(scratch.iterdir()) == []


def test_reader_that_leaves_ends_run(command: Command, scratch: pathlib.Path) -> None:
    """``| head`` is no mistake."""
    with command("--jobs", "1") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
    assert process.returncode == 128 + signal.SIGPIPE
    assert errors == ""
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ome"], "the catalogue has no mutation ome; did you mean one?"),
        (["zzz"], "the catalogue has no mutation zzz; look into tests/mutations."),
        (["one", "--group", "client"], "one is a mutation of the server; leave --group out."),
        (["--jobs", "0"], "'0' is not a number of jobs; give a whole number above 0"),
    ],
)
def test_wrong_argument_is_one_sentence(
    command: Command, arguments: list[str], message: str
) -> None:
    with command(*arguments) as process:
        _, errors = process.communicate()
    assert process.returncode == 2
    assert errors.rstrip().splitlines()[-1].endswith(message)
    assert "Traceback" not in errors

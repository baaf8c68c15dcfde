"""The Makefile and CI: every target explained, and a sentence where a tool is missing."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import stat
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
MAKE = shutil.which("make") or "make"


def program(folder: pathlib.Path, name: str, script: str) -> pathlib.Path:
    """Write an executable shell script."""
    path = folder / name
    path.write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def run_make(
    folder: pathlib.Path, *arguments: str, path: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run make with the project's Makefile in an empty ``folder``."""
    shutil.copy(ROOT / "Makefile", folder)
    for needed in ("package.json", "package-lock.json", ".npmrc", "pyproject.toml"):
        (folder / needed).touch()
    (folder / "requirements").mkdir(exist_ok=True)
    (folder / "requirements" / "dev.lock").touch()
    # A make around these tests must not pass its own settings on.
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    return subprocess.run(
        [MAKE, *arguments],
        check=False,
        cwd=folder,
        env=environment if path is None else environment | {"PATH": path},
        capture_output=True,
        text=True,
    )


def test_help_explains_every_target(tmp_path: pathlib.Path) -> None:
    """`make` alone is the same list, so that no one has to read the Makefile."""
    shown = run_make(tmp_path, "help").stdout
    explained = dict(re.findall(r"^  make (\S+) +(\S.+)$", shown, re.MULTILINE))
    assert set(explained) == set(TARGETS)
    assert run_make(tmp_path).stdout == shown


def test_no_target_of_documentation_is_missing() -> None:
    pages = [ROOT / "README.md", ROOT / ".pre-commit-config.yaml", *(ROOT / "docs").glob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    named = set(re.findall(r"(?:`|entry: |^)make ([a-z][a-z-]+)", text, re.MULTILINE))
    assert named <= set(TARGETS)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "--numprocesses=auto --dist=worksteal --junitxml=reports/tests.xml"),
        (("ARGS=-k one",), "-k one"),
    ],
)
def test_all_tests_run_on_all_cores_and_some_on_one(
    tmp_path: pathlib.Path, arguments: tuple[str, ...], expected: str
) -> None:
    """Workers save minutes for the whole, and cost seconds for a single test."""
    # A run around this one may be without skips.
    shown = run_make(tmp_path, "--dry-run", "test", "NO_SKIPS=", *arguments).stdout
    assert shown.rstrip().endswith(f"python -m pytest {expected}")


OLD_PYTHON = 'case "$1" in -V) echo "Python 3.9.2";; *) exit 1;; esac'
OLD_NODE = 'case "$1" in --version) echo v18.1.0;; *) exit 1;; esac'


@pytest.mark.parametrize(
    ("target", "tools", "is_alone", "sentences"),
    [
        (
            ".venv/.ready",
            {"python": OLD_PYTHON},
            False,
            ("is Python 3.9.2; Python 3.11 or newer is needed", "make install PYTHON=python3.12"),
        ),
        (".venv/.ready", {}, False, ("python was not found; install Python 3.11 or newer",)),
        (
            "node_modules/.ready",
            {},
            True,
            ("node and npm were not found; install Node.js 20.19 or newer",),
        ),
        (
            "node_modules/.ready",
            {"node": OLD_NODE, "npm": "exit 1"},
            False,
            ("node is v18.1.0; Node.js 20.19 or newer is needed",),
        ),
    ],
    ids=["old Python", "no Python", "no Node.js", "old Node.js"],
)
def test_missing_tool_is_named_with_remedy(
    tmp_path: pathlib.Path,
    target: str,
    tools: dict[str, str],
    is_alone: bool,
    sentences: tuple[str, ...],
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, script in tools.items():
        program(folder, name, script)
    path = str(folder) if is_alone else f"{folder}:{os.environ['PATH']}"
    result = run_make(tmp_path, target, f"PYTHON={folder / 'python'}", path=path)
    assert result.returncode != 0
    assert all(each in result.stderr for each in sentences), result.stderr


def test_failed_install_is_not_taken_for_done(tmp_path: pathlib.Path) -> None:
    """The next run must try again instead of going on with half an environment."""
    broken = program(tmp_path, "brokenpython", 'case "$1" in -c) exit 0;; *) exit 7;; esac')
    assert run_make(tmp_path, ".venv/.ready", f"PYTHON={broken}").returncode != 0
    assert not (tmp_path / ".venv" / ".ready").exists()


@pytest.fixture
def ci(tmp_path: pathlib.Path) -> pathlib.Path:
    """The CI script in a folder of its own, with a make that writes down what it is asked for."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    clones = tmp_path / "clones"
    program(
        tmp_path / ".ci", "fresh-clone", f'(IFS=,; echo "$*") >> {clones}; exit "${{CLONE:-0}}"'
    )
    (tmp_path / "bin").mkdir()
    asked = tmp_path / "asked"
    program(tmp_path / ".ci", "changed-document", f"echo changed-document >> {asked}")
    program(
        tmp_path / "bin",
        "make",
        f'echo "$*" >> {asked}; if [ "$1" = "${{FAILING:-}}" ]; then exit 2; fi',
    )
    return tmp_path


def run_ci(
    folder: pathlib.Path, failing: str = "", clone: int = 0
) -> subprocess.CompletedProcess[str]:
    """Run CI in ``folder``; the target ``failing`` fails, and fresh clones end with ``clone``."""
    environment = os.environ | {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "FAILING": failing,
        "CLONE": str(clone),
    }
    command = [str(folder / ".ci" / "run")]
    return subprocess.run(command, check=False, env=environment, capture_output=True, text=True)


def test_ci_calls_make_and_its_own_scripts(ci: pathlib.Path) -> None:
    """Whatever CI does, a developer can do alone; the tests come last, for their summary."""
    result = run_ci(ci)
    assert result.returncode == 0, result.stderr
    asked = (ci / "asked").read_text().splitlines()
    assert asked.pop(-2) == "changed-document"
    assert {line.split()[0] for line in asked} <= set(TARGETS)
    assert {"lint", "types", "lint-spec", "regenerate CHECK=1", "contract"} <= set(asked)
    assert asked[0] == "install"
    assert asked[-1] == "coverage NO_SKIPS=1"


def test_ci_begins_with_both_commands_in_fresh_clones(ci: pathlib.Path) -> None:
    """Each of the README's commands is the first one of an empty clone."""
    run_ci(ci)
    clones = (ci / "clones").read_text().splitlines()
    assert clones[:2] == ["make demo,make test", "make test,make demo"]
    assert all(re.fullmatch(r"--python,/.*,make test", line) for line in clones[2:])


def test_ci_ends_where_fresh_clone_fails(ci: pathlib.Path) -> None:
    """Nothing is installed before the README's commands have passed."""
    result = run_ci(ci, clone=1)
    assert result.returncode != 0
    assert r"to repeat it alone: .ci/fresh-clone make\ demo make\ test" in result.stderr
    assert not (ci / "asked").exists()


def make_repository(folder: pathlib.Path, script: str, files: dict[str, str]) -> pathlib.Path:
    """Return a repository with a script of CI and these files."""
    repository = folder / "repository"
    (repository / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / script, repository / ".ci")
    for name, text in files.items():
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text(text, encoding="utf-8")
    git = ("git", "-c", "user.name=n", "-c", "user.email=e@example.com")
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-qm", "Begin")):
        subprocess.run([*git, *arguments], cwd=repository, check=True, capture_output=True)
    return repository


@pytest.fixture
def repository(tmp_path: pathlib.Path) -> pathlib.Path:
    """A repository with nothing but the script that makes fresh clones."""
    return make_repository(tmp_path, "fresh-clone", {})


def fresh_clone(
    repository: pathlib.Path, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run commands in a fresh clone of ``repository``."""
    return subprocess.run(
        [str(repository / ".ci" / "fresh-clone"), *arguments],
        check=False,
        env=os.environ | variables,
        capture_output=True,
        text=True,
    )


def test_fresh_clone_has_no_variables_and_no_node(repository: pathlib.Path) -> None:
    """Neither variables, nor Node.js, nor files that are not committed reach its commands."""
    (repository / "stray").touch()
    (repository / ".venv" / "bin").mkdir(parents=True)
    program(repository / ".venv" / "bin", "stray-tool", "true")
    bin_ = repository.parent / "bin"
    bin_.mkdir()
    program(bin_, "node", "true")
    result = fresh_clone(
        repository,
        "env | cut -d= -f1; ls -A $HOME; ls; command -v node stray-tool || echo none",
        PATH=f"{repository}/.venv/bin:{bin_}:{os.environ['PATH']}",
        SECRET="s",
    )
    assert result.returncode == 0, result.stderr
    # bash itself sets the last three.
    assert set(result.stdout.splitlines()[1:]) == {"HOME", "PATH", "none", "PWD", "SHLVL", "_"}


def test_fresh_clone_ends_with_first_failing_command(repository: pathlib.Path) -> None:
    """Its exit code is a failure, and the next command is not run."""
    result = fresh_clone(repository, "false", "echo reached")
    assert result.returncode != 0
    assert "\nreached" not in result.stdout


def test_fresh_clone_takes_another_interpreter(repository: pathlib.Path) -> None:
    """It stands where `python3` does, so that the README's commands stay as they are."""
    other = program(repository.parent, "otherpython", 'echo "Python 9.9"')
    result = fresh_clone(repository, "--python", other, "python3 -V")
    assert result.stdout.splitlines() == ["$ python3 -V (Python 9.9)", "Python 9.9"]


GROWTH = """
import pathlib, sys
path = pathlib.Path(sys.argv[1])
path.write_text(path.read_text() + "grown\\n")
"""


def changed_document(folder: pathlib.Path, failing: str = "") -> subprocess.CompletedProcess[str]:
    """Run the script with an edit and a make that only write down what they are asked for."""
    files = {"spec/insightiq.yaml": "document\n", "tests/support/document_growth.py": GROWTH}
    repository = make_repository(folder, "changed-document", files)
    (folder / "bin").mkdir()
    says = 'echo "asked: $*, $(tail -n 1 spec/insightiq.yaml), $(git log -1 --format=%s)"'
    fails = 'if [ "$1" = "${FAILING:-}" ]; then exit 2; fi'
    program(folder / "bin", "make", f"{says}; {fails}")
    return subprocess.run(
        [str(repository / ".ci" / "changed-document")],
        check=False,
        env=os.environ
        | {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "FAILING": failing}
        | {"TMPDIR": str(folder)},
        capture_output=True,
        text=True,
    )


def test_changed_document_follows_guide(tmp_path: pathlib.Path) -> None:
    """Edit, lint, diff, regenerate, commit; then all checks, of the changed document."""
    done = changed_document(tmp_path)
    assert done.returncode == 0, done.stderr
    asked = [line for line in done.stdout.splitlines() if line.startswith("asked: ")]
    assert asked == [
        *(f"asked: {name}, grown, Begin" for name in ("lint-spec", "diff", "regenerate")),
        *(
            f"asked: {name}, grown, Grow the document"
            for name in ("lint", "regenerate CHECK=1", "types", "contract", "test")
        ),
    ]
    document = tmp_path / "repository" / "spec" / "insightiq.yaml"
    assert document.read_text() == "document\n"
    assert {path.name for path in tmp_path.iterdir()} == {"bin", "repository"}


@pytest.mark.parametrize("failing", ["diff", "contract", "test"])
def test_changed_document_ends_with_first_failure(tmp_path: pathlib.Path, failing: str) -> None:
    """The last command that it names is the one that failed."""
    done = changed_document(tmp_path, failing)
    assert done.returncode != 0
    commands = [line for line in done.stdout.splitlines() if line.startswith("$ ")]
    assert commands[-1] == f"$ make {failing}"


@pytest.mark.parametrize("target", ["install", "lint", "types", "contract", "coverage"])
def test_ci_stops_at_first_failure_and_names_it(ci: pathlib.Path, target: str) -> None:
    """A failure in any step is the end, with the command to repeat it."""
    result = run_ci(ci, failing=target)
    assert result.returncode != 0
    assert f"to repeat it alone: make {target}" in result.stderr
    assert (ci / "asked").read_text().splitlines()[-1].split()[0] == target


def test_lock_files_name_no_registry() -> None:
    """A lock that names a host works on the machines that reach this host only."""
    for name in ("package-lock.json", "requirements/dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"resolved|index-url|find-links", text), name


def test_every_locked_package_is_pinned_by_hash() -> None:
    """`--require-hashes` rejects all when one is missing; better to hear of it here."""
    text = (ROOT / "requirements" / "dev.lock").read_text(encoding="utf-8")
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)
    packages = [entry for entry in entries if re.match(r"[\w.-]+==", entry)]
    assert packages
    assert all("--hash=sha256:" in entry for entry in packages)

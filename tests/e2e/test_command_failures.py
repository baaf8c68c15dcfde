"""Unforeseen failures of every command.

The commands are read off the tree, so that a new one is tested without a line here.
"""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
import tomllib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"
BENCHES = ROOT / "tests" / "bench"
SECRET = "planted-Secret/of+the=run-4711"

# Starts a command as a console script, ``python -m`` or ``python FILE`` does, and lets its first
# import of a module of ours or of argparse, which each of them needs, do something.
PROGRAM = """\
import importlib, runpy, signal, sys

what, kind, name, *words = sys.argv[1:]
SPARED = {"insightiq", "insightiq._entry_point", "insightiq.__main__",
          "insightiq_mock", "insightiq_mock.entry_point", "insightiq_mock.__main__"}

class Trap:
    def find_spec(self, module, *_):
        is_ours = module.partition(".")[0] not in sys.stdlib_module_names
        if what == "nothing" or module in SPARED or not (is_ours or module == "argparse"):
            return
        if what == "interrupt":
            signal.raise_signal(signal.SIGINT)
        raise ValueError(f"\\u2192 planted: {SECRET} \\ud83d")

SECRET = "planted-Secret/of+the=run-4711"
sys.argv = [name, *words]
sys.meta_path.insert(0, Trap())
if kind == "function":
    module, _, function = name.partition(":")
    sys.exit(getattr(importlib.import_module(module), function)())
elif kind == "module":
    runpy.run_module(name, run_name="__main__", alter_sys=True)
else:
    sys.path.insert(0, name.rpartition("/")[0])
    runpy.run_path(name, run_name="__main__")
"""


def commands() -> list[tuple[str, str]]:
    """Return every command: how it is started, and its name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = [("function", entry) for entry in project["scripts"].values()]
    for folder in ("overrides/insightiq", "mock_server/insightiq_mock"):
        found += [("module", path.parent.name) for path in (ROOT / folder).rglob("__main__.py")]
    # The servers beside which the mock server is measured run as their authors would write them.
    files = [path for path in SCRIPTS.rglob("*.py") if "templates" not in path.parts]
    files += [path for path in BENCHES.rglob("*.py") if path.parent.name != "servers"]
    found += [
        ("file", str(path))
        for path in sorted(files)
        if re.search(r"__name__ == .__main__", path.read_text(encoding="utf-8"))
    ]
    return found


COMMANDS = commands()
every_command = pytest.mark.parametrize(
    ("kind", "name"), COMMANDS, ids=[name.removeprefix(f"{ROOT}/") for _, name in COMMANDS]
)


def run(
    folder: pathlib.Path, *words: str, streams: str = "", encoding: str = "utf-8"
) -> subprocess.CompletedProcess[str]:
    """Run the program; ``streams`` redirects them."""
    command = [sys.executable, "-c", PROGRAM, *words]
    if streams:
        command = ["bash", "-c", f'"$@" {streams}', "bash", *command]
    return subprocess.run(
        command,
        env={
            **{key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"},
            "PYTHONIOENCODING": encoding,
            "TMPDIR": str(folder),
            "INSIGHTIQ_CLIENT_SECRET": SECRET,
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


def test_commands_are_found_in_tree() -> None:
    """Each file that the Makefile runs, and both installed commands, are among them."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    run_by_make = set(re.findall(r"\$\(BIN\)/python (\S+\.py)", makefile))
    assert len(run_by_make) > 8
    names = {name for _, name in COMMANDS}
    assert {str(ROOT / each) for each in run_by_make} <= names
    assert {"insightiq", "insightiq_mock"} <= names
    assert len(COMMANDS) == len(names)


@every_command
def test_unforeseen_exception_is_sentence_and_exit_code_70(
    kind: str, name: str, tmp_path: pathlib.Path
) -> None:
    """No traceback, no verdict's exit code, on a machine without UTF-8; the file has the rest."""
    done = run(tmp_path, "exception", kind, name, encoding="ascii")
    assert done.returncode == 70, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    (line,) = done.stderr.splitlines()
    assert "unexpected ValueError" in line
    (report,) = tmp_path.iterdir()
    assert str(report) in line
    assert report.stat().st_mode & 0o077 == 0
    text = report.read_text(encoding="utf-8")
    assert "ValueError: → planted: [hidden]" in text
    assert "find_spec" in text
    assert SECRET not in text + line


@every_command
def test_interruption_while_modules_load_is_quiet(
    kind: str, name: str, tmp_path: pathlib.Path
) -> None:
    """Ctrl-C ends every command with 130, also before it has begun."""
    done = run(tmp_path, "interrupt", kind, name)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
    assert list(tmp_path.iterdir()) == []


@every_command
def test_help_survives_every_kind_of_output(kind: str, name: str, tmp_path: pathlib.Path) -> None:
    """Streams that are closed, full or cannot show the text are no mistake of the program."""
    words = ("nothing", kind, name, "--help")
    done = run(tmp_path, *words, encoding="cp1252")
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage:" in done.stdout
    done = run(tmp_path, *words, streams="<&- >/dev/full")
    assert done.returncode == 74, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "No space left on device" in done.stderr
    done = run(tmp_path, *words, streams="<&- >&- 2>&-")
    assert done.returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("package", ["insightiq", "insightiq_mock"])
def test_command_does_not_load_that_of_httpx(package: str, tmp_path: pathlib.Path) -> None:
    """Click, rich and pygments, where they are installed, are half of a short command's time."""
    script = (
        "import importlib, sys\n"
        f"main = importlib.import_module('{package}.__main__')._main\n"
        "sys.argv = ['command', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "import httpx\n"
        "sys.exit(str({'click', 'rich', 'pygments'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert done.stderr == "set()\n"


# Runs a command, and presses Ctrl-C when it loads a certain module. What the handler raises goes
# through, or becomes another error: so do ssl and, before Python 3.12, the making of a class.
PRESS = """\
import runpy, signal, sys

module, becomes, *sys.argv = sys.argv[1:]

class Press:
    def find_spec(self, name, *_):
        if name != module:
            return
        try:
            signal.raise_signal(signal.SIGINT)
        except (KeyboardInterrupt, SystemExit):
            if becomes == "ImportError":
                raise ImportError("could not import a part") from None
            raise

sys.meta_path.insert(0, Press())
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
# Scripts start so what they end with ``&``: it ignores their Ctrl-C.
BACKGROUND = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
INTERRUPTED_DEMO = "\ndemo: interrupted in step 1 (Create a webhook)\n"


@pytest.mark.parametrize(
    ("program", "module", "becomes", "line", "code", "reported"),
    [
        (PRESS, "insightiq.cli._parsers", "itself", "insightiq --help", 130, ""),
        (PRESS, "insightiq.cli._parsers", "ImportError", "insightiq --help", 130, ""),
        (PRESS, "insightiq_mock.resources", "ImportError", "insightiq_mock serve --port 0", 0, ""),
        (PRESS, "insightiq._transport", "ImportError", "demo", 130, INTERRUPTED_DEMO),
        (BACKGROUND + PRESS, "insightiq.cli._parsers", "itself", "insightiq --help", 0, ""),
    ],
    ids=["insightiq", "insightiq, as another error", "insightiq-mock", "demo", "in background"],
)
def test_ctrl_c_while_some_module_loads_is_quiet(
    program: str, module: str, becomes: str, line: str, code: int, reported: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program, module, becomes, *line.split()],
        env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (code, reported)

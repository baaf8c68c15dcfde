"""Entry point of commands: streams, failures, Ctrl-C."""

from __future__ import annotations

import base64
import os
import pathlib
import subprocess
import sys

import pytest

import insightiq._entry_point
import insightiq_mock.entry_point

MODULES = [insightiq._entry_point.__name__, insightiq_mock.entry_point.__name__]
SECRET = "planted-Secret/of+the=run-4711"
TEXT = "→ 名前 😀 \ud83d"

# A command of its own, so that each run shows one thing.
PROGRAM = """\
import importlib, os, sys

entry_point = importlib.import_module(sys.argv[1])

def main():
    {body}
    return 3

code = entry_point.run_command("tool", main)
{after}
sys.exit(code)
"""


def run(
    folder: pathlib.Path,
    body: str,
    *,
    module: str = MODULES[0],
    after: str = "",
    streams: str = "",
    words: tuple[str, ...] = (),
    **environment: str,
) -> subprocess.CompletedProcess[bytes]:
    """Run a command whose ``main`` does something; ``streams`` redirects them."""
    program = PROGRAM.format(body=body, after=after)
    command = [sys.executable, "-c", program, module, *words]
    if streams:
        command = ["bash", "-c", f'"$@" {streams}', "bash", *command]
    return subprocess.run(
        command,
        env={
            **{key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"},
            "TMPDIR": str(folder),
            **environment,
        },
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def test_both_packages_have_same_entry_point() -> None:
    """Neither may import the other, so a correction has to be made in both copies."""
    first, second = (
        pathlib.Path(module.__file__).read_text(encoding="utf-8")
        for module in (insightiq._entry_point, insightiq_mock.entry_point)
    )
    assert first == second


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8", "utf-16"])
def test_text_is_written_on_every_machine(tmp_path: pathlib.Path, encoding: str) -> None:
    """Files and pipes get UTF-8; what no encoding has is an escape, as JSON spells it."""
    body = f"print({TEXT!r}); print({TEXT!r}, file=sys.stderr)"
    done = run(tmp_path, body, PYTHONIOENCODING=encoding)
    assert done.returncode == 3
    assert done.stdout.decode() == "→ 名前 😀 \\ud83d\n"
    assert b"Error" not in done.stderr
    assert done.stderr


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize(
    ("streams", "code", "said"),
    [
        (">/dev/full", 74, "tool: standard output cannot be written: No space left on device.\n"),
        ("2>/dev/full", 74, ""),
        (">/dev/full 2>&1", 74, ""),
        (">&-", 3, "b\n"),
        ("2>&-", 3, ""),
        ("<&- >&- 2>&-", 3, ""),
        ("| true; exit ${PIPESTATUS[0]}", 141, ""),
    ],
)
def test_streams_that_cannot_be_written_are_no_bug(
    tmp_path: pathlib.Path, module: str, streams: str, code: int, said: str
) -> None:
    """Neither the exit code of a verdict nor that of a mistake in the program, and no traceback."""
    # More than a pipe holds, so that writing meets its end.
    body = "print('a' * 1_000_000); print('b', file=sys.stderr)"
    done = run(tmp_path, body, module=module, streams=streams)
    assert done.returncode == code, done.stderr
    assert done.stderr.decode().removeprefix("b\n" if said != "b\n" else "") == said
    assert list(tmp_path.iterdir()) == []


def test_closed_stream_takes_no_file_of_program(tmp_path: pathlib.Path) -> None:
    """The next file that is opened would otherwise be standard output, for child processes too."""
    file = tmp_path / "opened"
    body = f"open({str(file)!r}, 'w'); os.system('echo output')"
    done = run(tmp_path, f"kept = {body}", streams="<&- >&- 2>&-")
    assert done.returncode == 3
    assert file.read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("sys.exit()", 0),
        ("sys.exit(2)", 2),
        ("sys.exit('words')", 1),
        ("raise KeyboardInterrupt", 130),
        ("raise GeneratorExit", 70),
        ("raise MemoryError", 70),
        ("main()", 70),
        ("raise OSError(28, 'No space left on device')", 70),
        ("raise BrokenPipeError(32, 'Broken pipe')", 70),
        ("sys.stdout.close(); print()", 70),
    ],
)
def test_each_end_has_its_exit_code(tmp_path: pathlib.Path, body: str, code: int) -> None:
    """An error of another file is a mistake of the program, and not taken for one of the output."""
    done = run(tmp_path, body)
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == (code in {1, 70})
    assert len(list(tmp_path.iterdir())) == (code == 70)


def test_ctrl_c_is_130_whatever_became_of_it(tmp_path: pathlib.Path) -> None:
    """Modules that are being loaded turn it into other errors."""
    body = (
        "import signal\n    try:\n        signal.raise_signal(signal.SIGINT)\n"
        "    except KeyboardInterrupt:\n        raise ImportError('half a module') from None"
    )
    done = run(tmp_path, body)
    assert (done.returncode, done.stderr) == (130, b"")


def test_handler_of_interruptions_is_put_back(tmp_path: pathlib.Path) -> None:
    """Whoever calls a command in a process of theirs keeps their own."""
    after = "import signal; assert signal.getsignal(signal.SIGINT) is signal.default_int_handler"
    assert run(tmp_path, "pass", after=after).returncode == 3


def test_report_has_causes_and_groups_and_no_secret(tmp_path: pathlib.Path) -> None:
    """It may be attached to a public issue: values that look secret are hidden in messages."""
    basic = base64.b64encode(f"id:{SECRET}".encode()).decode()
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"
    body = (
        f"try:\n        raise KeyError('first {SECRET}')\n"
        "    except KeyError as error:\n"
        f"        raise ExceptionGroup('second Basic {basic}', [ValueError('third {token} plain')])"
        " from error"
    )
    words = ("--control-token", "option-word", "--client-secret=other-word")
    done = run(tmp_path, body, words=words, INSIGHTIQ_CLIENT_SECRET=SECRET)
    assert done.returncode == 70
    (report,) = tmp_path.iterdir()
    text = report.read_text(encoding="utf-8")
    assert "KeyError: 'first [hidden]'" in text
    assert "ExceptionGroup: second Basic [hidden]" in text
    assert "ValueError: third [hidden] plain" in text
    assert "in main" in text
    said = text + done.stderr.decode()
    for each in (SECRET, basic, token, "option-word", "other-word"):
        assert each not in said


def test_report_that_cannot_be_written_is_said(tmp_path: pathlib.Path) -> None:
    """The sentence then has to do."""
    gone = tmp_path / "gone"
    body = "import tempfile; tempfile.tempdir = os.environ['TMPDIR']; raise ValueError"
    done = run(gone, body)
    assert done.returncode == 70
    assert done.stderr.startswith(b"tool: unexpected ValueError at <string>:")
    assert b"the details cannot be written: No such file or directory." in done.stderr

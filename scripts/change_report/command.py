"""The command line of ``scripts/diff.py``: arguments in, files and an exit status out."""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import sys
from typing import TYPE_CHECKING

import openapi_document

from change_report import markdown, terminal
from change_report.model import ComparisonError
from change_report.report import make_report, to_json
from change_report.sources import ROOT, find_base, read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from change_report.model import Report

__all__ = ["FINE", "REPORTS", "TOO_LOW", "guarded", "main", "write_files"]

FINE, TOO_LOW, NOT_COMPARED, INTERRUPTED = 0, 1, 2, 130
REPORTS = ROOT / "reports" / "diff"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    parser = argparse.ArgumentParser(description="Report what an edit of the document breaks.")
    parser.add_argument("--base", metavar="FILE|REVISION", help="default: the last release")
    parser.add_argument("--document", type=pathlib.Path, default=openapi_document.DEFAULT_PATH)
    parser.add_argument("--output", type=pathlib.Path, default=REPORTS, help="folder of the files")
    parser.add_argument("--json", metavar="-", choices=["-"], help="print JSON and nothing else")
    options = parser.parse_args(arguments)
    return guarded("diff", lambda: _run(options))


def guarded(name: str, run: Callable[[], int]) -> int:
    """Run a command to its exit status; what stops it is told in a sentence."""
    try:
        status = run()
        sys.stdout.flush()
    except ComparisonError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return NOT_COMPARED
    except KeyboardInterrupt:
        print(f"{name}: interrupted.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever reads has had enough, as `head` does; closing at exit must not complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOT_COMPARED
    return status


def _run(options: argparse.Namespace) -> int:
    document = read_file(options.document)
    report = make_report(find_base(options.base or None), document)
    if options.json:
        print(json.dumps(to_json(report), indent=2, ensure_ascii=False), flush=True)
    else:
        _show(report, options.output)
    if not report.version.sufficient:
        return TOO_LOW
    return NOT_COMPARED if report.python_problem else FINE


def _show(report: Report, folder: pathlib.Path) -> None:
    for line in terminal.lines(report, coloured=is_coloured()):
        print(line)
    data = json.dumps(to_json(report), indent=2, ensure_ascii=False) + "\n"
    write_files(folder, {"report.md": markdown.page(report), "report.json": data})
    print(f"\nWhole report: {_shown(folder)}/report.md, report.json")


def is_coloured() -> bool:
    """Whether standard output is a terminal that wants colours (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def write_files(folder: pathlib.Path, files: dict[str, str]) -> None:
    """Write each file whole or not at all.

    Raises:
        ComparisonError: The folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            unfinished = folder / f".{name}.{os.getpid()}"
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(folder / name)
    except OSError as error:
        msg = f"{folder}: cannot be written ({error.strerror}); name another folder with --output."
        raise ComparisonError(msg) from error


def _shown(path: pathlib.Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)

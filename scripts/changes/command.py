"""Command lines of ``scripts/diff.py`` and ``scripts/compare_vendor.py``."""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import sys
from typing import TYPE_CHECKING, Any

import openapi_document

from changes import render, vendor
from changes.deviations import read_rows
from changes.model import ComparisonError
from changes.report import make_report
from changes.sources import ROOT, find_base, read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["compare_vendor", "diff"]

SUFFICIENT, TOO_LOW, NOT_COMPARED, INTERRUPTED = 0, 1, 2, 130
EXPLAINED, UNEXPLAINED = 0, 1


def diff(arguments: Sequence[str] | None = None) -> int:
    """Run ``scripts/diff.py`` and return its exit code."""
    parser = argparse.ArgumentParser(description="Report the effects of an edit of the document.")
    parser.add_argument("--base", metavar="FILE|REVISION", help="default: the last release")
    return _run("diff", parser, arguments, _diff)


def compare_vendor(arguments: Sequence[str] | None = None) -> int:
    """Run ``scripts/compare_vendor.py`` and return its exit code."""
    parser = argparse.ArgumentParser(description="Compare our document with the vendor's.")
    parser.add_argument("vendor", type=pathlib.Path, metavar="DOCUMENT", help="downloaded file")
    return _run("compare-vendor", parser, arguments, _compare_vendor)


def _run(
    program: str,
    parser: argparse.ArgumentParser,
    arguments: Sequence[str] | None,
    command: Callable[[argparse.Namespace], int],
) -> int:
    """Parse the arguments and run a command; an expected failure is one sentence."""
    parser.add_argument("--document", type=pathlib.Path, default=openapi_document.DEFAULT_PATH)
    folder = ROOT / "reports" / "diff"
    parser.add_argument("--output", type=pathlib.Path, default=folder, help="folder of the files")
    parser.add_argument("--json", metavar="-", choices=["-"], help="print JSON and nothing else")
    try:
        code = command(parser.parse_args(arguments))
        sys.stdout.flush()
    except ComparisonError as error:
        print(f"{program}: {error}", file=sys.stderr)
        return NOT_COMPARED
    except KeyboardInterrupt:
        print(f"{program}: interrupted.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has read enough, as `head` does; closing at exit must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOT_COMPARED
    return code


def _diff(options: argparse.Namespace) -> int:
    document = read_file(options.document)
    report = make_report(find_base(options.base or None), document)
    data = report.to_json()
    if options.json:
        print(_json(data), end="")
    else:
        # A terminal may ask for no colours: https://no-color.org.
        coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        print(*render.terminal_lines(report, coloured=coloured), sep="\n", flush=True)
        page = render.markdown_page(report)
        _write(options.output, {"report.md": page, "report.json": _json(data)})
        folder: pathlib.Path = options.output
        shown = folder.relative_to(ROOT) if folder.is_relative_to(ROOT) else folder
        print(f"\nWhole report: {shown}/report.md, report.json")
    if not report.version.sufficient:
        return TOO_LOW
    return NOT_COMPARED if report.python_problem else SUFFICIENT


def _compare_vendor(options: argparse.Namespace) -> int:
    ours, theirs = read_file(options.document), read_file(options.vendor)
    report = vendor.compare_with_vendor(theirs.name, ours.document, theirs.document, read_rows())
    data = _json(report.to_json())
    if options.json:
        print(data, end="")
    else:
        print(*vendor.terminal_lines(report), sep="\n", flush=True)
        _write(options.output, {"vendor.md": vendor.markdown_page(report), "vendor.json": data})
    return UNEXPLAINED if report.unexplained else EXPLAINED


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _write(folder: pathlib.Path, files: dict[str, str]) -> None:
    """Write each file whole or not at all."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            unfinished = folder / f".{name}.{os.getpid()}"
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(folder / name)
    except OSError as error:
        msg = f"{folder}: cannot be written ({error.strerror}); name another folder with --output."
        raise ComparisonError(msg) from error

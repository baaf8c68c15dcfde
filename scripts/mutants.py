"""Make each mistake of the catalogue in a copy of the project, and see which layer notices.

Usage: python scripts/mutants.py [NAME ...] [--group server] [--jobs 2] [--write]

Names are ids of mistakes; without any, all are tried. Ends with 0 when every mistake was caught
but those of which the catalogue says why not, with 1 when one survived (or was caught although the
catalogue says otherwise), with 2 when the catalogue cannot be used or a mistake could not be tried,
with 130 after Ctrl-C.

A layer catches a mistake by finding something. One that comes to no result, because it cannot be
run or does not end, proves nothing: the mistake counts as not tried, unless its entry says, under
``stops``, with what words the layer then gives up.
"""

from __future__ import annotations

if __name__ == "__main__":
    # First of all: failures of the imports below are covered, too.
    from insightiq._entry_point import run_script

    run_script("mutants", __file__)

import argparse
import difflib
import os
import pathlib
import signal
import sys
import time
import typing

from seeded_mistakes import catalogue, running, table

if typing.TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

ROOT = pathlib.Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "tests" / "seeded_mistakes"
PAGE = ROOT / "docs" / "seeded-mistakes.md"
REPORT = ROOT / "reports" / "seeded-mistakes.md"

_INTERRUPTIONS: typing.Final = (signal.SIGINT, signal.SIGTERM)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try what the arguments name; return the exit status."""
    options = _parser().parse_args(arguments)
    before = [(number, signal.signal(number, _interrupt)) for number in _INTERRUPTIONS]
    try:
        status = _run(options)
        sys.stdout.flush()
    except catalogue.CatalogueError as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("mutants: stopped; nothing of the project was changed.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever reads has had enough, as `head` does; closing at exit must not complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    finally:
        for number, handler in before:
            signal.signal(number, handler)
    return status


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Stop at the first interruption; a second one must not keep the copies from being removed."""
    for number in _INTERRUPTIONS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _run(options: argparse.Namespace) -> int:
    mistakes = _chosen(catalogue.load(CATALOGUE), options)
    begin = time.monotonic()
    outcomes = running.try_all(ROOT, mistakes, at_once=options.jobs, tell=_tell)
    page = table.markdown(outcomes, time.monotonic() - begin)
    is_whole = all(outcome.problem is None for outcome in outcomes)
    target = PAGE if options.write and is_whole else REPORT
    _write(target, page)
    return _verdict(outcomes, target)


def _write(target: pathlib.Path, page: str) -> None:
    """Write the page whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        unfinished.write_text(page, encoding="utf-8")
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mutants", description="Try the seeded mistakes.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="ids of mistakes; all without")
    parser.add_argument("--group", action="append", choices=catalogue.GROUPS, help="only these")
    parser.add_argument("--jobs", type=_count, default=2, help="how many at a time (2)")
    parser.add_argument(
        "--write", action="store_true", help=f"write the table to {PAGE.relative_to(ROOT)}"
    )
    return parser


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        msg = f"{text!r} is no count; give a whole number above 0"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _chosen(
    mistakes: list[catalogue.Mistake], options: argparse.Namespace
) -> list[catalogue.Mistake]:
    names: list[str] = options.names
    groups: list[str] = options.group or list(catalogue.GROUPS)
    known = {mistake.id: mistake.group for mistake in mistakes}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3)
            hint = (
                f"did you mean {' or '.join(near)}?"
                if near
                else f"they stand in {CATALOGUE.relative_to(ROOT)}."
            )
            msg = f"the catalogue has no mistake {name}; {hint}"
            raise catalogue.CatalogueError(msg)
        if known[name] not in groups:
            msg = f"{name} is a mistake of the {known[name]}; leave --group out."
            raise catalogue.CatalogueError(msg)
    if names and options.write:
        msg = "the page holds all mistakes: leave out the names, or --write."
        raise catalogue.CatalogueError(msg)
    return [
        mistake
        for mistake in mistakes
        if mistake.group in groups and (not names or mistake.id in names)
    ]


def _tell(outcome: running.Outcome) -> None:
    by = f"caught by {outcome.caught_by}" if outcome.caught_by else "survived"
    if outcome.problem is not None:
        by = "not tried"
    elif outcome.caught_by is None and outcome.mistake.equivalent:
        by = "equivalent"
    print(f"{outcome.mistake.id:48} {by:14} {outcome.seconds:5.1f} s", flush=True)


def _verdict(outcomes: Sequence[running.Outcome], page: pathlib.Path) -> int:
    for group, caught, possible in table.shares(outcomes):
        print(f"mutants: {group}: {caught} of {possible} caught")
    print(f"mutants: the table is {page.relative_to(ROOT)}")
    wrong = [outcome for outcome in outcomes if not outcome.is_as_expected]
    for outcome in wrong:
        name = outcome.mistake.id
        if outcome.problem is not None:
            print(f"mutants: {name} could not be tried: {outcome.problem}")
        elif outcome.caught_by is None:
            print(f"mutants: {name} survived: {outcome.mistake.title}")
        else:
            print(f"mutants: {name} is caught by {outcome.caught_by}: correct the catalogue")
    if any(outcome.problem is not None for outcome in wrong):
        return 2
    return 1 if wrong else 0

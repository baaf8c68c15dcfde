"""Make each mistake of the catalogue in a copy of the project, and see which layer notices.

Usage: python scripts/mutants.py [NAME ...] [--group server] [--jobs 2] [--write]

Names are ids of mistakes; without any, all are tried. Ends with 0 when every mistake was caught
but those of which the catalogue says why not, with 1 when one survived (or was caught although the
catalogue says otherwise), with 2 when the catalogue cannot be used, with 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import difflib
import pathlib
import sys
import time
import typing

from seeded_mistakes import catalogue, running, table

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = pathlib.Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "tests" / "seeded_mistakes"
PAGE = ROOT / "docs" / "seeded-mistakes.md"
REPORT = ROOT / "reports" / "seeded-mistakes.md"


def main(arguments: Sequence[str]) -> int:
    """Try what the arguments name; return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        mistakes = _chosen(catalogue.load(CATALOGUE, options.group or catalogue.GROUPS), options)
        begin = time.monotonic()
        outcomes = running.try_all(ROOT, mistakes, at_once=options.jobs, tell=_tell)
    except catalogue.CatalogueError as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("mutants: stopped; nothing of the project was changed.", file=sys.stderr)
        return 130
    page = table.markdown(outcomes, time.monotonic() - begin)
    target = PAGE if options.write else REPORT
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, encoding="utf-8")
    return _verdict(outcomes, target)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mutants", description="Try the seeded mistakes.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="ids of mistakes; all without")
    parser.add_argument("--group", action="append", choices=catalogue.GROUPS, help="only these")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time (2)")
    parser.add_argument(
        "--write", action="store_true", help=f"write the table to {PAGE.relative_to(ROOT)}"
    )
    return parser


def _chosen(
    mistakes: list[catalogue.Mistake], options: argparse.Namespace
) -> list[catalogue.Mistake]:
    names: list[str] = options.names
    known = [mistake.id for mistake in mistakes]
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else "."
            msg = f"the catalogue has no mistake {name}{hint}"
            raise catalogue.CatalogueError(msg)
    if names and options.write:
        msg = "the page holds all mistakes: leave out the names, or --write."
        raise catalogue.CatalogueError(msg)
    return [mistake for mistake in mistakes if not names or mistake.id in names]


def _tell(outcome: running.Outcome) -> None:
    by = f"caught by {outcome.caught_by}" if outcome.caught_by else "survived"
    if outcome.unfit is not None:
        by = "does not fit"
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
        if outcome.unfit is not None:
            print(f"mutants: {name} does not fit {outcome.mistake.file}: {outcome.unfit}")
        elif outcome.caught_by is None:
            print(f"mutants: {name} survived: {outcome.mistake.title}")
        else:
            print(f"mutants: {name} is caught by {outcome.caught_by}: correct the catalogue")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

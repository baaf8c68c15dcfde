"""The report as lines for a terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from change_report.grouping import operation_groups, place
from change_report.model import Bump, Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from change_report.model import Change, Report

    _Paint = Callable[[str, Bump], str]

__all__ = ["lines"]

WIDTH = 110
COLOURS = {Bump.MAJOR: "31;1", Bump.MINOR: "33", Bump.PATCH: "32", Bump.NONE: "2"}
MOST_WORDS = 3


def lines(report: Report, *, coloured: bool) -> Iterator[str]:
    """Yield the report line by line."""
    paint = _painted if coloured else _plain
    yield f"{report.base} → {report.document}"
    for note in report.notes:
        yield from _wrapped(f"note: {note}", "")
    if not report.changes:
        yield "No change."
        yield from _mock(report)
        return
    yield ""
    yield from _side("On the wire", report.of_side(Side.WIRE), paint)
    if report.python_problem:
        yield "In Python: not compared."
        yield from _wrapped(report.python_problem, "  ")
        yield ""
    else:
        yield from _side("In Python", report.of_side(Side.PYTHON), paint)
    yield from _operations(report, paint)
    yield from _mock(report)
    yield from _deviations(report)
    yield from _version(report, paint)


def _side(title: str, changes: tuple[Change, ...], paint: _Paint) -> Iterator[str]:
    if not changes:
        yield f"{title}: no change."
        yield ""
        return
    yield f"{title}:"
    words = [change for change in changes if change.rule == "documentation"]
    for change in [each for each in changes if each not in words]:
        look = " Look twice." if change.attention else ""
        mark = paint(f"{change.bump.word:5}", change.bump)
        first, *rest = _wrapped(f"{change.what}{look}", " " * 8)
        yield f"  {mark} {first.strip()}"
        yield from rest
        yield from _wrapped(_reached(change), " " * 8)
    if words:
        where = ", ".join(place(each.where) for each in words[:MOST_WORDS])
        more = f" and {len(words) - MOST_WORDS} more" if len(words) > MOST_WORDS else ""
        yield from _wrapped(f"  {paint('patch', Bump.PATCH)} Words or examples: {where}{more}.", "")
    yield ""


def _reached(change: Change) -> str:
    where = place(change.where)
    match len(change.operations):
        case 0:
            return where
        case 1 | 2 | 3 | 4:
            return f"{where}: {', '.join(change.operations)}"
        case count:
            return f"{where}: {count} operations"


def _operations(report: Report, paint: _Paint) -> Iterator[str]:
    yield f"Operations touched: {len(report.operations)} of {report.operation_count}"
    for names, impact in operation_groups(report.operations):
        mark = paint(f"{impact.bump.word:5}", impact.bump)
        first, *rest = _wrapped(", ".join(names), " " * 8)
        yield f"  {mark} {first.strip()}"
        yield from rest
        for title, told in (
            ("request", impact.request),
            ("response", impact.response),
            ("Python", impact.symbols),
        ):
            if told:
                yield from _wrapped(f"{title}: {told[0]}{_more(told)}", " " * 8)
    yield ""


def _more(told: tuple[str, ...]) -> str:
    return f" (and {len(told) - 1} more)" if len(told) > 1 else ""


def _mock(report: Report) -> Iterator[str]:
    if report.mock.unhandled:
        yield from _wrapped(
            f"Mock server: no handler for {', '.join(report.mock.unhandled)}; answered from the "
            "document's examples until one is bound.",
            "",
        )
    if report.mock.unbound:
        yield from _wrapped(
            f"Mock server: handlers without an operation: {', '.join(report.mock.unbound)}; "
            "rename or remove them in mock_server/insightiq_mock/resources/bindings.py.",
            "",
        )
    if not report.mock.unhandled and not report.mock.unbound:
        yield "Mock server: every operation has a handler, every handler an operation."


def _deviations(report: Report) -> Iterator[str]:
    for hint in report.deviations:
        if hint.vanished:
            told = f"{', '.join(hint.vanished)} is gone: settle or rewrite the row."
        else:
            told = f"{', '.join(hint.changed)} changed: does the row still hold?"
        yield from _wrapped(f"Deviation {hint.number} ({hint.what}): {told}", "")


def _version(report: Report, paint: _Paint) -> Iterator[str]:
    version = report.version
    yield ""
    python = "not known" if version.python is None else paint(version.python.word, version.python)
    yield f"Version: wire {paint(version.wire.word, version.wire)}, Python {python}"
    if version.python is None and version.sufficient:
        yield "The version can be judged once a client can be made: see `make regenerate`."
    elif version.sufficient:
        yield f"info.version {version.current} is enough (base {version.base})."
    else:
        yield (
            f"info.version is {version.current}, which is too low: "
            f"write {version.proposed} (base {version.base})."
        )


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent or "  ",
        break_long_words=False,
        break_on_hyphens=False,
    ) or [indent]


def _plain(text: str, _bump: Bump) -> str:
    return text


def _painted(text: str, bump: Bump) -> str:
    return f"\x1b[{COLOURS[bump]}m{text}\x1b[0m"

"""Change report as lines for a terminal and as a Markdown page."""

from __future__ import annotations

import dataclasses
import textwrap
from typing import TYPE_CHECKING

from changes.model import Bump, Change, OperationImpact, Report, Side, VersionProposal
from insightiq_mock.openapi.tree import pointer_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Paint = Callable[[str, Bump], str]

__all__ = ["markdown_cell", "markdown_page", "terminal_lines", "wrapped"]

WIDTH = 110
COLOURS = {Bump.MAJOR: "31;1", Bump.MINOR: "33", Bump.PATCH: "32", Bump.NONE: "2"}
MOST_PLACES = 3
MOST_OPERATIONS = 4


def terminal_lines(report: Report, *, coloured: bool) -> Iterator[str]:
    """Yield the report line by line."""

    def paint(text: str, bump: Bump) -> str:
        return f"\x1b[{COLOURS[bump]}m{text}\x1b[0m" if coloured else text

    yield f"{report.base} → {report.document}"
    for note in report.notes:
        yield from wrapped(f"note: {note}", "")
    if not report.changes:
        yield "No change."
        yield from _terminal_mock(report)
        return
    yield ""
    yield from _terminal_side("On the wire", report.changes_of(Side.WIRE), paint)
    if report.python_problem:
        yield "In Python: not compared."
        yield from wrapped(report.python_problem, "  ")
        yield ""
    else:
        yield from _terminal_side("In Python", report.changes_of(Side.PYTHON), paint)
    yield from _terminal_operations(report, paint)
    yield from _terminal_mock(report)
    for hint in report.deviations:
        if hint.vanished:
            advice = f"{', '.join(hint.vanished)} is gone: settle or rewrite the row."
        else:
            advice = f"{', '.join(hint.changed)} changed: is the row still true?"
        yield from wrapped(f"Deviation {hint.number} ({hint.what}): {advice}", "")
    yield from ("", *_terminal_version(report.version, paint))


def _terminal_side(title: str, changes: tuple[Change, ...], paint: Paint) -> Iterator[str]:
    if not changes:
        yield from (f"{title}: no change.", "")
        return
    yield f"{title}:"
    edited = [_place(change.where) for change in changes if change.rule == "documentation"]
    for change in changes:
        if change.rule != "documentation":
            look = " Look twice." if change.attention else ""
            yield from _marked(change.bump, f"{change.what}{look}", paint)
            ids = change.operations
            named = ", ".join(ids) if len(ids) <= MOST_OPERATIONS else f"{len(ids)} operations"
            yield from wrapped(f"{_place(change.where)}{': ' if ids else ''}{named}", " " * 8)
    if edited:
        more = f" and {len(edited) - MOST_PLACES} more" if len(edited) > MOST_PLACES else ""
        shown = f"Documentation or examples: {', '.join(edited[:MOST_PLACES])}{more}."
        yield from _marked(Bump.PATCH, shown, paint)
    yield ""


def _terminal_operations(report: Report, paint: Paint) -> Iterator[str]:
    yield f"Operations affected: {len(report.operations)} of {report.operation_count}"
    for names, impact in _grouped(report.operations):
        yield from _marked(impact.bump, ", ".join(names), paint)
        for title, sentences in (
            ("request", impact.request),
            ("response", impact.response),
            ("Python", impact.symbols),
        ):
            if sentences:
                first, *others = sentences
                more = f" (and {len(others)} more)" if others else ""
                yield from wrapped(f"{title}: {first}{more}", " " * 8)
    yield ""


def _terminal_version(version: VersionProposal, paint: Paint) -> Iterator[str]:
    python = "not known" if version.python is None else paint(version.python.word, version.python)
    yield f"Version: wire {paint(version.wire.word, version.wire)}, Python {python}"
    if not version.sufficient:
        yield (
            f"info.version is {version.current}, which is too low: "
            f"write {version.proposed} (base {version.base})."
        )
    elif version.python is None:
        yield "The version can be judged once a client can be generated: see `make regenerate`."
    else:
        yield f"info.version {version.current} is sufficient (base {version.base})."


def _terminal_mock(report: Report) -> Iterator[str]:
    unhandled, unbound = ", ".join(report.mock.unhandled), ", ".join(report.mock.unbound)
    if unhandled:
        yield from wrapped(
            f"Mock server: no handler for {unhandled}; the document's examples are sent until one "
            "is bound.",
            "",
        )
    if unbound:
        yield from wrapped(
            f"Mock server: handlers without an operation: {unbound}; rename or remove them in "
            "mock_server/insightiq_mock/resources/bindings.py.",
            "",
        )
    if not unhandled and not unbound:
        yield "Mock server: every operation has a handler, every handler an operation."


def _marked(bump: Bump, text: str, paint: Paint) -> Iterator[str]:
    first, *rest = wrapped(text, " " * 8)
    yield f"  {paint(f'{bump.word:5}', bump)} {first.strip()}"
    yield from rest


def wrapped(text: str, indent: str) -> list[str]:
    """Return ``text`` in lines of a terminal; further lines are indented, too."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent or "  ",
        break_long_words=False,
        break_on_hyphens=False,
    ) or [indent]


def markdown_page(report: Report) -> str:
    """Return the report as a Markdown page, for a pull request or a release."""
    return "\n".join(_markdown_lines(report)) + "\n"


def _markdown_lines(report: Report) -> Iterator[str]:
    version = report.version
    yield from ("# Change report", "", f"`{report.base}` → `{report.document}`")
    for note in report.notes:
        yield from ("", f"> {note}")
    yield ""
    if not report.changes:
        yield "No change."
    else:
        sufficient = "sufficient" if version.sufficient else "**too low**"
        python = "not known" if version.python is None else version.python.word
        yield "| | Wire | Python | Version to release | `info.version` |"
        yield "|---|---|---|---|---|"
        yield (
            f"| Verdict | {version.wire.word} | {python} "
            f"| {version.proposed} (base {version.base}) | {version.current}, {sufficient} |"
        )
        yield from _markdown_side("On the wire", report.changes_of(Side.WIRE))
        if report.python_problem:
            problem = markdown_cell(report.python_problem)
            yield from ("", "## In Python", "", f"Not compared: {problem}")
        else:
            yield from _markdown_side("In Python", report.changes_of(Side.PYTHON))
        yield from _markdown_operations(report)
    yield from _markdown_mock(report)
    if report.deviations:
        yield from ("", "## Deviations to read again", "")
    for hint in report.deviations:
        gone = f" Gone: {', '.join(hint.vanished)}." if hint.vanished else ""
        changed = f" Changed: {', '.join(hint.changed)}." if hint.changed else ""
        yield f"- Row {hint.number}: {hint.what}{gone}{changed}"
    if report.changelog:
        yield from ("", "## Proposed changelog entry", "", "```markdown")
        yield from (report.changelog.rstrip("\n"), "```")


def _markdown_operations(report: Report) -> Iterator[str]:
    yield from ("", f"## Operations affected: {len(report.operations)} of {report.operation_count}")
    if report.operations:
        yield from ("", "| Operations | Verdict | Request | Response | Python |")
        yield "|---|---|---|---|---|"
    for names, impact in _grouped(report.operations):
        cells = (
            "<br>".join(map(markdown_cell, sentences))
            for sentences in (impact.request, impact.response, impact.symbols)
        )
        yield f"| {_codes(names)} | {impact.bump.word} | {' | '.join(cells)} |"


def _markdown_mock(report: Report) -> Iterator[str]:
    yield from ("", "## Mock server", "")
    if not report.mock.unhandled and not report.mock.unbound:
        yield "Every operation has a handler, every handler an operation."
    for id_ in report.mock.unhandled:
        yield f"- `{id_}` has no handler: the document's examples are sent."
    for id_ in report.mock.unbound:
        yield f"- The handler of `{id_}` has no operation."


def _markdown_side(title: str, changes: tuple[Change, ...]) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    if not changes:
        yield "No change."
        return
    yield from ("| Verdict | Change | Where | Operations |", "|---|---|---|---|")
    for change in changes:
        look = " **Look twice.**" if change.attention else ""
        where = markdown_cell(_place(change.where))
        yield (
            f"| {change.bump.word} | {markdown_cell(change.what)}{look} "
            f"| `{where}` | {_codes(change.operations)} |"
        )


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{markdown_cell(name)}`" for name in names)


def markdown_cell(text: str) -> str:
    """Return ``text`` for a cell of a table: on one line, and never read as HTML."""
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").splitlines())


def _grouped(operations: Iterable[OperationImpact]) -> list[tuple[list[str], OperationImpact]]:
    """Group the operations with equal effects, the largest first."""
    groups: dict[OperationImpact, list[str]] = {}
    for each in operations:
        # Without the names of methods, which differ from operation to operation.
        symbols = tuple(
            symbol if symbol.startswith("models.") else symbol.partition(": ")[2]
            for symbol in each.symbols
        )
        groups.setdefault(dataclasses.replace(each, id="", symbols=symbols), []).append(each.id)
    pairs = [(names, impact) for impact, names in groups.items()]
    return sorted(pairs, key=lambda pair: -pair[1].bump)


def _place(pointer: str) -> str:
    """Shorten a JSON pointer for people; a dotted name stays."""
    if not pointer.startswith("#"):
        return pointer
    match pointer_parts(pointer):
        case ["components", _, *rest]:
            return ".".join(part for part in rest if part != "properties")
        case ["paths", path, method, *rest]:
            return " ".join((f"{method.upper()} {path}", ".".join(rest))).strip()
        case parts:
            return ".".join(parts)

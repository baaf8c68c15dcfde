"""The report as a Markdown page, for a pull request or a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from change_report.grouping import operation_groups, place
from change_report.model import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from change_report.model import Change, Report

__all__ = ["page"]


def page(report: Report) -> str:
    """Return the whole page."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    version = report.version
    yield "# Change report"
    yield ""
    yield f"`{report.base}` → `{report.document}`"
    for note in report.notes:
        yield from ("", f"> {note}")
    yield ""
    if not report.changes:
        yield "No change."
    else:
        yield "| | Wire | Python | Version to release | `info.version` |"
        yield "|---|---|---|---|---|"
        enough = "enough" if version.sufficient else "**too low**"
        python = "not known" if version.python is None else version.python.word
        yield (
            f"| Verdict | {version.wire.word} | {python} "
            f"| {version.proposed} (base {version.base}) | {version.current}, {enough} |"
        )
        yield from _side("On the wire", report.of_side(Side.WIRE))
        if report.python_problem:
            yield from ("", "## In Python", "", f"Not compared: {_cell(report.python_problem)}")
        else:
            yield from _side("In Python", report.of_side(Side.PYTHON))
        yield from _operations(report)
    yield from _mock(report)
    yield from _deviations(report)
    if report.changelog:
        yield from ("", "## Proposed changelog entry", "", "```markdown")
        yield report.changelog.rstrip("\n")
        yield "```"


def _side(title: str, changes: tuple[Change, ...]) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    if not changes:
        yield "No change."
        return
    yield from ("| Verdict | Change | Where | Operations |", "|---|---|---|---|")
    for change in changes:
        look = " **Look twice.**" if change.attention else ""
        reached = ", ".join(f"`{each}`" for each in change.operations)
        yield (
            f"| {change.bump.word} | {_cell(change.what)}{look} "
            f"| `{_cell(place(change.where))}` | {reached} |"
        )


def _operations(report: Report) -> Iterator[str]:
    yield from ("", f"## Operations touched: {len(report.operations)} of {report.operation_count}")
    if not report.operations:
        return
    yield from (
        "",
        "| Operations | Verdict | Request | Response | Python |",
        "|---|---|---|---|---|",
    )
    for names, impact in operation_groups(report.operations):
        cells = (
            "<br>".join(_cell(each) for each in told)
            for told in (impact.request, impact.response, impact.symbols)
        )
        shown = ", ".join(f"`{name}`" for name in names)
        yield f"| {shown} | {impact.bump.word} | {' | '.join(cells)} |"


def _mock(report: Report) -> Iterator[str]:
    yield from ("", "## Mock server", "")
    if not report.mock.unhandled and not report.mock.unbound:
        yield "Every operation has a handler, every handler an operation."
    for id_ in report.mock.unhandled:
        yield f"- `{id_}` has no handler: it is answered from its examples."
    for id_ in report.mock.unbound:
        yield f"- The handler of `{id_}` has no operation."


def _deviations(report: Report) -> Iterator[str]:
    if not report.deviations:
        return
    yield from ("", "## Deviations to read again", "")
    for hint in report.deviations:
        gone = f" Gone: {', '.join(hint.vanished)}." if hint.vanished else ""
        changed = f" Changed: {', '.join(hint.changed)}." if hint.changed else ""
        yield f"- Row {hint.number}: {hint.what}{gone}{changed}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")

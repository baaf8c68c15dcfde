"""Putting the parts together: from two documents to one report, and to JSON."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import enum
from typing import TYPE_CHECKING, Any, cast

from change_report import deviations, mock, redocly, wire
from change_report.impact import impacts
from change_report.model import ComparisonError, Report
from change_report.surface_changes import compare_surfaces
from change_report.trees import surface_of
from change_report.version import changelog_entry, propose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from change_report.model import Change
    from change_report.sources import Source

__all__ = ["make_report", "to_json"]

REPORT_VERSION = 1


def make_report(base: Source, document: Source) -> Report:
    """Compare two documents and the clients made from them.

    Raises:
        ComparisonError: They cannot be compared; the message says why.
    """
    compared = wire.compare(base.document, document.document)
    notes = [*base.notes, *document.notes]
    problem = ""
    # Redocly is a process of its own: the clients are made meanwhile.
    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as aside:
        opinion = aside.submit(_second_opinion, base, document, compared)
        try:
            python = _python(base, document)
        except ComparisonError as error:
            python, problem = [], str(error)
        others, note = opinion.result()
    if base.document != document.document:
        notes.append(note)
    changes = sorted(
        (*compared.changes, *others, *python), key=lambda each: (-each.bump, each.side, each.where)
    )
    proposal = propose(base.document, document.document, changes, python_known=not problem)
    return Report(
        base=base.name,
        document=document.name,
        notes=tuple(notes),
        changes=tuple(changes),
        operations=impacts(compared, python),
        operation_count=len(compared.operations),
        mock=mock.handlers_for(compared.operations, mock.bound_operations()),
        deviations=deviations.hints(
            deviations.read_rows(), base.document, document.document, compared.changes
        ),
        version=proposal,
        changelog=changelog_entry(proposal, changes),
        python_problem=problem,
    )


def _second_opinion(
    base: Source, document: Source, compared: wire.Wire
) -> tuple[list[Change], str]:
    """Return what only Redocly sees, and a sentence that says whether it was asked."""
    if not redocly.is_installed():
        return [], redocly.MISSING
    found = redocly.second_opinion(base.document, document.document, compared.changes)
    return found, f"Redocly was asked as well: {len(found) or 'nothing'} more to look at."


def _python(base: Source, document: Source) -> list[Change]:
    if base.document == document.document:
        return []
    before = surface_of(base.name, base.document)
    return compare_surfaces(before, surface_of(document.name, document.document))


def to_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON data; its shape is told in ``scripts/diff.py``."""
    return {
        "report_version": REPORT_VERSION,
        "base": report.base,
        "document": report.document,
        "notes": list(report.notes),
        "python_problem": report.python_problem or None,
        "verdict": {
            "wire": report.version.wire.word,
            "python": None if report.version.python is None else report.version.python.word,
            "bump": report.version.bump.word,
        },
        "version": {
            "base": report.version.base,
            "current": report.version.current,
            "proposed": report.version.proposed,
            "sufficient": report.version.sufficient,
        },
        "changes": _plain(report.changes),
        "operations": _plain(report.operations),
        "operation_count": report.operation_count,
        "mock": _plain([report.mock])[0],
        "deviations": _plain(report.deviations),
        "changelog": report.changelog,
    }


def _plain(entries: Sequence[Any]) -> list[dict[str, Any]]:
    return [{key: _value(value) for key, value in _items(entry)} for entry in entries]


def _items(entry: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - any of the report's dataclasses
    return [(field.name, getattr(entry, field.name)) for field in dataclasses.fields(entry)]


def _value(value: object) -> object:
    if isinstance(value, enum.IntEnum):
        return value.name.lower()
    if isinstance(value, enum.StrEnum):
        return value.value
    return list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value

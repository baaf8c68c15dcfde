"""Putting the parts together: from two documents to one report, and to JSON."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import enum
from typing import TYPE_CHECKING, Any, cast

from change_report import deviations, mock, redocly, wire
from change_report.impact import impacts
from change_report.model import Report
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
    redocly.require()
    # Redocly is a process of its own: the clients are made meanwhile.
    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as aside:
        comparison = aside.submit(wire.compare, base.document, document.document)
        python = _python(base, document)
        compared = comparison.result()
    changes = sorted(
        (*compared.changes, *python), key=lambda each: (-each.bump, each.side, each.where)
    )
    proposal = propose(base.document, document.document, changes)
    return Report(
        base=base.name,
        document=document.name,
        notes=(*base.notes, *document.notes),
        changes=tuple(changes),
        operations=impacts(compared, python),
        operation_count=len(compared.operations),
        mock=mock.handlers_for(compared.operations, mock.bound_operations()),
        deviations=deviations.hints(
            deviations.read_rows(), base.document, document.document, compared.changes
        ),
        version=proposal,
        changelog=changelog_entry(proposal, changes),
    )


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
        "verdict": {
            "wire": report.version.wire.word,
            "python": report.version.python.word,
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

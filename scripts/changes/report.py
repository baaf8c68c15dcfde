"""Change report: from two documents to impacts, version and changelog entry."""

from __future__ import annotations

import concurrent.futures
import re
from typing import TYPE_CHECKING, Any

from changes import deviations, redocly
from changes.document_changes import DocumentChanges, compare_documents
from changes.model import (
    Bump,
    Change,
    ComparisonError,
    Direction,
    MockHandlers,
    OperationImpact,
    Report,
    Side,
    VersionProposal,
    largest,
)
from changes.python_changes import compare_surfaces
from changes.python_surface import surface_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from changes.sources import Source

__all__ = ["bound_operations", "changelog_entry", "make_report", "match_handlers", "propose"]

VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
MOST_OPERATIONS = 6
SECTIONS = (
    (Bump.MAJOR, "### Changed, breaking"),
    (Bump.MINOR, "### Added or changed"),
    (Bump.PATCH, "### Changed without effect on callers"),
)


def make_report(base: Source, document: Source) -> Report:
    """Compare two documents and the clients generated from them.

    Raises:
        ComparisonError: They cannot be compared; the message says why.
    """
    compared = compare_documents(base.document, document.document)
    notes = [*base.notes, *document.notes]
    python: list[Change] = []
    others: list[Change] = []
    problem = None
    if base.document != document.document:
        # Redocly is a process of its own: the clients are generated meanwhile.
        with concurrent.futures.ThreadPoolExecutor(max_workers=1) as executor:
            opinion = executor.submit(
                redocly.second_opinion, base.document, document.document, compared.changes
            )
            try:
                before = surface_of(base.name, base.document)
                python = compare_surfaces(before, surface_of(document.name, document.document))
            except ComparisonError as error:
                problem = str(error)
            others, note = opinion.result()
        notes.append(note)
    changes = sorted(
        (*compared.changes, *others, *python), key=lambda each: (-each.bump, each.side, each.where)
    )
    version = propose(base.document, document.document, changes, python_known=problem is None)
    rows = deviations.read_rows()
    touched = deviations.hints(rows, base.document, document.document, compared.changes)
    return Report(
        base=base.name,
        document=document.name,
        notes=tuple(notes),
        changes=tuple(changes),
        operations=tuple(_impacts(compared, python)),
        operation_count=len(compared.operations),
        mock=match_handlers(compared.operations, bound_operations()),
        deviations=tuple(touched),
        version=version,
        changelog=changelog_entry(version, changes),
        python_problem=problem,
    )


def _impacts(compared: DocumentChanges, python: Sequence[Change]) -> Iterator[OperationImpact]:
    """Yield the operations of either document that are affected, in the order of the document."""
    for id_ in dict.fromkeys((*compared.operations, *compared.operations_before)):
        wire = {
            change: affected[id_]
            for change, affected in compared.directions.items()
            if id_ in affected
        }
        symbols = [change for change in python if id_ in change.operations]
        request, response = (
            tuple(dict.fromkeys(change.what for change in wire if direction in wire[change]))
            for direction in (Direction.REQUEST, Direction.RESPONSE)
        )
        if wire or symbols:
            yield OperationImpact(
                id_,
                request,
                response,
                tuple(dict.fromkeys(f"{each.where}: {each.what}" for each in symbols)),
                largest((*wire, *symbols)),
            )


def bound_operations() -> frozenset[str]:
    """Return the operation ids that the mock server has handlers for.

    Raises:
        ComparisonError: The mock server cannot be imported.
    """
    try:
        from insightiq_mock.resources.bindings import OPERATIONS
    except ImportError as error:
        msg = f"The mock server cannot be imported ({error}); run `make install`."
        raise ComparisonError(msg) from error
    return frozenset(
        f"{name}.{method}" for name, methods in OPERATIONS.items() for method in methods
    )


def match_handlers(operations: Iterable[str], bound: frozenset[str]) -> MockHandlers:
    """Return the operations without a handler, and the handlers without an operation."""
    ids = list(operations)
    return MockHandlers(
        unhandled=tuple(each for each in ids if each not in bound),
        unbound=tuple(sorted(bound.difference(ids))),
    )


def propose(
    base: Mapping[str, Any],
    document: Mapping[str, Any],
    changes: Sequence[Change],
    *,
    python_known: bool = True,
) -> VersionProposal:
    """Return the lowest version that is sufficient for the changes, as far as they are known.

    Raises:
        ComparisonError: ``info.version`` of a document is not of the form 1.2.3.
    """
    wire, python = largest(changes, Side.WIRE), largest(changes, Side.PYTHON)
    before, now = _version(base, "the base"), _version(document, "the document")
    proposed = _raised(before, max(wire, python))
    return VersionProposal(
        base=_text(before),
        current=_text(now),
        wire=wire,
        python=python if python_known else None,
        proposed=_text(proposed),
        sufficient=now >= proposed,
    )


def _version(document: Mapping[str, Any], name: str) -> tuple[int, ...]:
    written = str(document["info"].get("version"))
    match = VERSION.fullmatch(written)
    if match is None:
        msg = f"info.version of {name} is {written!r}; write it as three numbers: 1.2.3."
        raise ComparisonError(msg)
    return tuple(map(int, match.groups()))


def _raised(version: tuple[int, ...], bump: Bump) -> tuple[int, ...]:
    if bump is Bump.NONE:
        return version
    index = Bump.MAJOR - bump
    return (*version[:index], version[index] + 1, *(0 for _ in version[index + 1 :]))


def _text(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def changelog_entry(version: VersionProposal, changes: Iterable[Change]) -> str:
    """Return the proposed entry; empty if nothing changed."""
    if version.bump is Bump.NONE:
        return ""
    entries: dict[Bump, dict[str, None]] = {bump: {} for bump, _ in SECTIONS}
    for change in changes:
        entries.setdefault(change.bump, {})[_entry(change)] = None
    lines = [f"## [{version.proposed}] - unreleased"]
    if version.python is not None and version.python > version.wire:
        lines += ["", f"On the wire this is {version.wire.word}, in Python {version.python.word}."]
    for bump, title in SECTIONS:
        if entries[bump]:
            lines += ["", title, "", *entries[bump]]
    return "\n".join(lines) + "\n"


def _entry(change: Change) -> str:
    what = " ".join(change.what.splitlines())
    if change.side is Side.PYTHON:
        return f"- `{change.where.split(', ')[0]}`: {what}"
    names = ", ".join(f"`{each}`" for each in change.operations[:MOST_OPERATIONS])
    more = len(change.operations) - MOST_OPERATIONS
    affected = f" ({names}{f' and {more} more' if more > 0 else ''})" if names else ""
    return f"- {what}{affected}"

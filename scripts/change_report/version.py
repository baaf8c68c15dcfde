"""The version to release, and the entry for ``CHANGELOG.md``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from change_report.model import Bump, ComparisonError, Side, VersionProposal, largest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from change_report.model import Change

__all__ = ["changelog_entry", "propose"]

FORM = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
MOST_OPERATIONS = 6
SECTIONS = (
    (Bump.MAJOR, "### Changed, breaking"),
    (Bump.MINOR, "### Added or changed"),
    (Bump.PATCH, "### Changed without effect on callers"),
)


def propose(
    base: Mapping[str, Any],
    document: Mapping[str, Any],
    changes: Iterable[Change],
    *,
    python_known: bool = True,
) -> VersionProposal:
    """Return the least version that says how large the changes are, as far as they are known.

    Raises:
        ComparisonError: ``info.version`` of a document is not of the form 1.2.3.
    """
    found = tuple(changes)
    wire, python = largest(found, Side.WIRE), largest(found, Side.PYTHON)
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


def changelog_entry(proposal: VersionProposal, changes: Iterable[Change]) -> str:
    """Return the proposed entry; empty where nothing changed."""
    if proposal.bump is Bump.NONE:
        return ""
    found = tuple(changes)
    lines = [f"## [{proposal.proposed}] - unreleased"]
    if proposal.python is not None and proposal.python > proposal.wire:
        told = f"On the wire this is {proposal.wire.word}, in Python {proposal.python.word}."
        lines += ["", told]
    for bump, title in SECTIONS:
        entries = dict.fromkeys(
            f"- {_subject(change)}{change.what}{_for(change)}"
            for change in found
            if change.bump is bump
        )
        if entries:
            lines += ["", title, "", *entries]
    return "\n".join(lines) + "\n"


def _subject(change: Change) -> str:
    if change.side is Side.WIRE:
        return ""
    return f"`{change.where.split(', ')[0]}`: "


def _for(change: Change) -> str:
    if not change.operations or change.side is Side.PYTHON:
        return ""
    shown = ", ".join(f"`{each}`" for each in change.operations[:MOST_OPERATIONS])
    more = len(change.operations) - MOST_OPERATIONS
    return f" ({shown}{f' and {more} more' if more > 0 else ''})"


def _version(document: Mapping[str, Any], name: str) -> tuple[int, int, int]:
    written = str(document["info"].get("version"))
    found = FORM.fullmatch(written)
    if found is None:
        msg = f"info.version of {name} is {written!r}; write it as three numbers: 1.2.3."
        raise ComparisonError(msg)
    return int(found[1]), int(found[2]), int(found[3])


def _raised(version: tuple[int, int, int], bump: Bump) -> tuple[int, int, int]:
    major, minor, patch = version
    match bump:
        case Bump.MAJOR:
            return major + 1, 0, 0
        case Bump.MINOR:
            return major, minor + 1, 0
        case Bump.PATCH:
            return major, minor, patch + 1
        case Bump.NONE:
            return version


def _text(version: tuple[int, int, int]) -> str:
    return ".".join(map(str, version))

"""What a report is made of: changes with verdicts, and what follows from them."""

from __future__ import annotations

import dataclasses
import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "Bump",
    "Change",
    "ComparisonError",
    "DeviationHint",
    "Direction",
    "MockHandlers",
    "OperationImpact",
    "Report",
    "Side",
    "VersionProposal",
    "largest",
]


class ComparisonError(Exception):
    """The two documents could not be compared; the message says why and what to do."""


class Bump(enum.IntEnum):
    """How large a change is, in the terms of Semantic Versioning; larger ones compare greater."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        """``none``, ``patch``, ``minor`` or ``major``."""
        return self.name.lower()


class Side(enum.StrEnum):
    """Who notices a change."""

    WIRE = "wire"
    PYTHON = "python"


class Direction(enum.StrEnum):
    """Which way something travels, as the caller of an operation sees it."""

    REQUEST = "request"
    RESPONSE = "response"


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """One difference between the two documents, or between the two clients.

    Attributes:
        side: Who notices it.
        bump: Its verdict.
        where: JSON pointer (wire) or dotted name (Python), of the newer side where it exists there.
        what: One sentence.
        rule: Name of the rule that rated it; ``redocly/…`` for those of Redocly.
        attention: Whether a person should look at it although the version does not show it.
        operations: Ids of the operations whose callers notice it.
    """

    side: Side
    bump: Bump
    where: str
    what: str
    rule: str
    attention: bool = False
    operations: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class OperationImpact:
    """What an edit means for one operation.

    Attributes:
        id: Its id, the newer one where it was renamed.
        request: What changed in what is sent.
        response: What changed in what comes back, notifications included.
        symbols: What its callers notice in Python.
        bump: The largest verdict among these.
    """

    id: str
    request: tuple[str, ...]
    response: tuple[str, ...]
    symbols: tuple[str, ...]
    bump: Bump


@dataclasses.dataclass(frozen=True, slots=True)
class MockHandlers:
    """How the mock server's handlers fit the newer document.

    Attributes:
        unhandled: Operations without a handler: they are answered from their examples.
        unbound: Handlers of operations that the document does not have.
    """

    unhandled: tuple[str, ...]
    unbound: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class DeviationHint:
    """A row of ``deviations.md`` that an edit touches.

    Attributes:
        number: Number of the row.
        what: What the row says.
        vanished: Places of the row that the newer document does not have.
        changed: Places of the row that were edited.
    """

    number: int
    what: str
    vanished: tuple[str, ...]
    changed: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class VersionProposal:
    """The version that the changes ask for.

    Attributes:
        base: ``info.version`` of the older document.
        current: ``info.version`` of the newer one.
        wire: Largest verdict on the wire.
        python: Largest verdict in Python; None where no client could be made.
        proposed: The least version that says so.
        sufficient: Whether ``current`` is at least ``proposed``.
    """

    base: str
    current: str
    wire: Bump
    python: Bump | None
    proposed: str
    sufficient: bool

    @property
    def bump(self) -> Bump:
        """The larger of the two verdicts."""
        return max(self.wire, self.python or Bump.NONE)


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """All that follows from an edit.

    Attributes:
        base: Name of the older document, for people.
        document: Name of the newer one.
        notes: What a reader has to know about the comparison itself.
        changes: Every change, the largest first.
        operations: The operations that are touched, in the order of the document.
        operation_count: Operations of the newer document.
        mock: How the mock server fits.
        deviations: Rows of ``deviations.md`` to look at.
        version: The version to release.
        changelog: Entry to put into ``CHANGELOG.md``.
        python_problem: Why no client could be made of one of the documents; empty if it could.
    """

    base: str
    document: str
    notes: tuple[str, ...]
    changes: tuple[Change, ...]
    operations: tuple[OperationImpact, ...]
    operation_count: int
    mock: MockHandlers
    deviations: tuple[DeviationHint, ...]
    version: VersionProposal
    changelog: str
    python_problem: str = ""

    def of_side(self, side: Side) -> tuple[Change, ...]:
        """Return the changes that one side notices."""
        return tuple(change for change in self.changes if change.side is side)


def largest(changes: Iterable[Change], side: Side | None = None) -> Bump:
    """Return the largest verdict among ``changes``, of one side or of both."""
    found = (change.bump for change in changes if side in (None, change.side))
    return max(found, default=Bump.NONE)

"""Data model of the change report."""

from __future__ import annotations

import dataclasses
import enum
from typing import TYPE_CHECKING, Any

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

REPORT_VERSION = 1


class ComparisonError(Exception):
    """The two documents cannot be compared; the message says why and what to do."""


class Bump(enum.IntEnum):
    """Size of a change in terms of Semantic Versioning; larger ones compare greater."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        """``none``, ``patch``, ``minor`` or ``major``."""
        return self.name.lower()


class Side(enum.StrEnum):
    """The side that notices a change."""

    WIRE = "wire"
    PYTHON = "python"


class Direction(enum.StrEnum):
    """Direction in which a value travels, as the caller of an operation sees it."""

    REQUEST = "request"
    RESPONSE = "response"


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """One difference between the two documents, or between the two clients.

    Attributes:
        where: JSON pointer (wire) or dotted name (Python), of the newer side if it exists there.
        what: One sentence.
        rule: Name of the rule that rated it; ``redocly/…`` for Redocly's.
        bump: Its verdict.
        attention: Whether a person should look at it although the version does not show it.
        side: Who notices it.
        operations: Ids of the operations whose callers notice it.
    """

    where: str
    what: str
    rule: str
    bump: Bump
    attention: bool = False
    side: Side = Side.WIRE
    operations: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class OperationImpact:
    """Changes of an operation's requests, responses (and notifications) and Python symbols."""

    id: str
    request: tuple[str, ...]
    response: tuple[str, ...]
    symbols: tuple[str, ...]
    bump: Bump


@dataclasses.dataclass(frozen=True, slots=True)
class MockHandlers:
    """Operations without a handler in the mock server, and handlers without an operation."""

    unhandled: tuple[str, ...]
    unbound: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class DeviationHint:
    """A row of ``deviations.md`` that an edit touches: its places that vanished or changed."""

    number: int
    what: str
    vanished: tuple[str, ...]
    changed: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class VersionProposal:
    """Largest verdicts, ``info.version`` of both documents, and the lowest sufficient version.

    ``python`` is None if no client could be generated from one of the documents.
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
    """Everything that follows from an edit; ``scripts/diff.py`` documents each field."""

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
    python_problem: str | None = None

    def changes_of(self, side: Side) -> tuple[Change, ...]:
        """Return the changes that one side notices."""
        return tuple(change for change in self.changes if change.side is side)

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON data, in the shape that ``scripts/diff.py`` documents."""
        data = dataclasses.asdict(self, dict_factory=_json_object)
        version = data["version"]
        verdict = {"wire": version.pop("wire"), "python": version.pop("python")}
        verdict["bump"] = self.version.bump.word
        return {"report_version": REPORT_VERSION, "verdict": verdict, **data}


def largest(changes: Iterable[Change], side: Side | None = None) -> Bump:
    """Return the largest verdict among ``changes``, of one side or of both."""
    bumps = (change.bump for change in changes if side in {None, change.side})
    return max(bumps, default=Bump.NONE)


def _json_object(items: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: value.word if isinstance(value, Bump) else value for key, value in items}

"""Which rows of ``spec/deviations.md`` an edit makes obsolete, or asks to be read again."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

import openapi_document
from spec_rules.places import mapping, pointer_parts, sequence

from change_report.model import Bump, DeviationHint
from change_report.sources import ROOT

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterable, Iterator, Mapping

    from change_report.model import Change

__all__ = ["TABLE", "Row", "hints", "place_of", "read_rows"]

TABLE = ROOT / "spec" / "deviations.md"
CELLS = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A row of the table.

    Attributes:
        number: Its number.
        what: How the document departs from the vendor's text.
        places: Operations, components and properties that it names.
    """

    number: int
    what: str
    places: tuple[str, ...]

    @property
    def words(self) -> frozenset[str]:
        """The names that it quotes, those that only the vendor's text has among them."""
        return frozenset(re.findall(r"`([^`]+)`", self.what))


def read_rows(path: pathlib.Path = TABLE) -> list[Row]:
    """Return the rows of the table; none where there is no table."""
    if not path.exists():
        return []
    found: list[Row] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if len(cells) == CELLS and cells[0].isdecimal():
            found.append(Row(int(cells[0]), cells[1], tuple(re.findall(r"`([^`]+)`", cells[2]))))
    return found


def hints(
    rows: Iterable[Row],
    base: Mapping[str, Any],
    document: Mapping[str, Any],
    changes: Iterable[Change],
) -> tuple[DeviationHint, ...]:
    """Return the rows whose places vanished or were edited between two documents."""
    edited = {place_of(change.where, document) for change in changes if change.bump > Bump.NONE}
    return tuple(hint for row in rows for hint in _hint(row, base, document, edited))


def place_of(pointer: str, document: Mapping[str, Any]) -> str:
    """Return a pointer as the table writes places: ``users.create``, ``Error.code``, ``Error``."""
    match pointer_parts(pointer):
        case ["components", "schemas", name, "properties", key, *_]:
            return f"{name}.{key}"
        case ["components", _, name, *_]:
            return name
        case ["paths", path, method, *_]:
            item = mapping(mapping(document.get("paths")).get(path))
            return str(mapping(item.get(method)).get("operationId", f"{method.upper()} {path}"))
        case [name, *_]:
            return name
        case _:
            return ""


def _hint(
    row: Row, base: Mapping[str, Any], document: Mapping[str, Any], edited: set[str]
) -> Iterator[DeviationHint]:
    vanished = tuple(
        place for place in row.places if _exists(place, base) and not _exists(place, document)
    )
    changed = tuple(place for place in row.places if place in edited and place not in vanished)
    if vanished or changed:
        yield DeviationHint(row.number, row.what, vanished, changed)


def _exists(place: str, document: Mapping[str, Any]) -> bool:
    if place in document:
        return True
    if any(place == operation.id for operation in openapi_document.operations(document)):
        return True
    name, _, key = place.partition(".")
    owners = [
        mapping(mapping(section)[name])
        for section in mapping(document.get("components")).values()
        if name in mapping(section)
    ]
    return bool(owners) and (not key or any(_holds(document, owner, key) for owner in owners))


def _holds(document: Mapping[str, Any], owner: Mapping[str, Any], key: str) -> bool:
    members = (
        mapping(openapi_document.resolve(document, member))
        for member in sequence(owner.get("allOf"))
    )
    return key in mapping(owner.get("properties")) or any(
        _holds(document, member, key) for member in members
    )

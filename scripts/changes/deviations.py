"""Rows of ``spec/deviations.md`` that an edit makes obsolete, or that must be read again."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

import openapi_document

from changes.model import Bump, Change, DeviationHint
from changes.nodes import Node
from changes.schema_changes import Schema
from changes.sources import ROOT
from insightiq_mock.openapi.tree import mapping, pointer_parts

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Row", "hints", "read_rows"]

TABLE = ROOT / "spec" / "deviations.md"
CELLS = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: its number, the difference, and the places that it names."""

    number: int
    what: str
    places: tuple[str, ...]

    @property
    def quoted(self) -> set[str]:
        """Names that its text quotes, among them those that only the vendor uses."""
        return set(re.findall(r"`([^`]+)`", self.what))


def read_rows(path: pathlib.Path = TABLE) -> list[Row]:
    """Return the rows of the table; none if there is no table."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    cells = ([cell.strip() for cell in line.strip("|").split(" | ")] for line in lines)
    return [
        Row(int(row[0]), row[1], tuple(re.findall(r"`([^`]+)`", row[2])))
        for row in cells
        if len(row) == CELLS and row[0].isdecimal()
    ]


def hints(
    rows: Iterable[Row],
    base: Mapping[str, Any],
    document: Mapping[str, Any],
    changes: Iterable[Change],
) -> Iterator[DeviationHint]:
    """Yield the rows whose places vanished or were edited between two documents."""
    edited = {_place_of(change.where, document) for change in changes if change.bump > Bump.NONE}
    for row in rows:
        lost = [each for each in row.places if _exists(each, base) and not _exists(each, document)]
        changed = [place for place in row.places if place in edited and place not in lost]
        if lost or changed:
            yield DeviationHint(row.number, row.what, tuple(lost), tuple(changed))


def _place_of(pointer: str, document: Mapping[str, Any]) -> str:
    """Return a pointer as the table writes places: ``users.create``, ``Error.code``, ``Error``."""
    match pointer_parts(pointer):
        case ["components", "schemas", name, "properties", key, *_]:
            return f"{name}.{key}"
        case ["components", _, name, *_]:
            return name
        case ["paths", path, method, *_]:
            operation = mapping(mapping(mapping(document.get("paths")).get(path)).get(method))
            return str(operation.get("operationId", f"{method.upper()} {path}"))
        case [name, *_]:
            return name
        case _:
            return ""


def _exists(place: str, document: Mapping[str, Any]) -> bool:
    operations = openapi_document.operations(document)
    if place in document or any(place == each.id for each in operations):
        return True
    name, _, key = place.partition(".")
    sections = mapping(document.get("components"))
    return any(
        name in mapping(entries)
        and (not key or key in Schema(Node.at(document, "", mapping(entries)[name])).properties())
        for entries in sections.values()
    )

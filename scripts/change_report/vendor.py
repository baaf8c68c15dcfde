"""Our document against the vendor's own, limited to our operations."""

from __future__ import annotations

import dataclasses
import enum
from typing import TYPE_CHECKING, Any

import openapi_document

from change_report.model import ComparisonError
from change_report.vendor_fields import Described, Fact, described_operations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from change_report.deviations import Row

__all__ = ["Difference", "Kind", "VendorReport", "compare_with_vendor"]


class Kind(enum.StrEnum):
    """In what the two documents differ."""

    OPERATION_THERE = "operation that we lack"
    OPERATION_HERE = "operation that they lack"
    PARAMETER_THERE = "parameter that we lack"
    PARAMETER_HERE = "parameter that they lack"
    FIELD_THERE = "field that we lack"
    FIELD_HERE = "field that they lack"
    REQUIRED = "required"
    NULL = "null"
    TYPE = "type"
    VALUES = "values"


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """One difference, said once for all operations that share it.

    Attributes:
        kind: In what they differ.
        where: Our name for the place, or a method and path.
        what: One sentence.
        operations: Our operations that show it.
        rows: Rows of ``deviations.md`` that speak of the place; empty: nobody has explained it.
    """

    kind: Kind
    where: str
    what: str
    operations: tuple[str, ...]
    rows: tuple[int, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class VendorReport:
    """The comparison.

    Attributes:
        document: Name of the vendor's document.
        matched: How many of our operations it has.
        total: How many operations we have.
        elsewhere: How many operations it has beside our resources.
        differences: All of them, the unexplained ones first.
    """

    document: str
    matched: int
    total: int
    elsewhere: int
    differences: tuple[Difference, ...]

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """The differences that no row of ``deviations.md`` speaks of."""
        return tuple(each for each in self.differences if not each.rows)


def compare_with_vendor(
    name: str, ours: Mapping[str, Any], theirs: Mapping[str, Any], rows: Iterable[Row]
) -> VendorReport:
    """Compare our document with the vendor's.

    Raises:
        ComparisonError: The vendor's document shares no operation with ours, or refers to nothing.
    """
    try:
        here, there = described_operations(ours), described_operations(theirs)
    except openapi_document.DocumentError as error:
        msg = f"{name}: {error}"
        raise ComparisonError(msg) from error
    matched = here.keys() & there.keys()
    if not matched:
        msg = f"{name}: has none of our operations by method and path; is it the right document?"
        raise ComparisonError(msg)
    beside = {route for route in there.keys() - here.keys() if _is_beside(route, here)}
    speaking = _Rows(rows)
    found = [
        *(_alone(Kind.OPERATION_THERE, route, there[route].id) for route in sorted(beside)),
        *(_alone(Kind.OPERATION_HERE, route, each.id) for route, each in here.items()
          if route not in there),
        *_joined(
            (difference, here[route].id)
            for route in here
            if route in matched
            for difference in _operation(here[route], there[route], speaking)
        ),
    ]  # fmt: skip
    return VendorReport(
        document=name,
        matched=len(matched),
        total=len(here),
        elsewhere=len(there.keys() - here.keys() - beside),
        differences=tuple(sorted(found, key=lambda each: (bool(each.rows), each.kind, each.where))),
    )


class _Rows:
    """Which rows speak of a place."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._numbers: dict[str, set[int]] = {}
        for row in rows:
            for place in row.places:
                self._numbers.setdefault(place, set()).add(row.number)

    def of(self, *places: str) -> tuple[int, ...]:
        return tuple(sorted(set[int]().union(*(self._numbers.get(each, set()) for each in places))))


def _is_beside(route: str, here: Iterable[str]) -> bool:
    """Whether a route belongs to a resource that we have: ``POST /v1/users/{}/archive``."""
    path = route.partition(" ")[2]
    roots = {each.partition(" ")[2].partition("/{}")[0] for each in here}
    return any(path == root or path.startswith(f"{root}/") for root in roots)


def _alone(kind: Kind, route: str, id_: str) -> Difference:
    return Difference(kind, route, f"{route} ({id_}).", (), ())


def _joined(found: Iterable[tuple[Difference, str]]) -> list[Difference]:
    """Say once what several operations show."""
    operations: dict[Difference, dict[str, None]] = {}
    for difference, id_ in found:
        operations.setdefault(difference, {})[id_] = None
    return [
        dataclasses.replace(difference, operations=tuple(ids))
        for difference, ids in operations.items()
    ]


def _operation(ours: Described, theirs: Described, rows: _Rows) -> Iterator[Difference]:
    kinds = Kind.PARAMETER_HERE, Kind.PARAMETER_THERE
    yield from _sets(ours.id, ours.parameters, theirs.parameters, kinds, rows)
    kinds = Kind.FIELD_HERE, Kind.FIELD_THERE
    yield from _sets(ours.id, ours.request, theirs.request, kinds, rows)
    yield from _sets(ours.id, ours.response, theirs.response, kinds, rows)


def _sets(
    id_: str,
    ours: Mapping[str, Fact],
    theirs: Mapping[str, Fact],
    kinds: tuple[Kind, Kind],
    rows: _Rows,
) -> Iterator[Difference]:
    only_here, only_there = kinds
    for key in ours.keys() - theirs.keys():
        if _parent(key) not in ours.keys() - theirs.keys():
            fact = ours[key]
            told = f"They have no `{key.rpartition('.')[2]}`."
            yield Difference(only_here, fact.places[0], told, (), rows.of(*fact.places))
    for key in theirs.keys() - ours.keys():
        if _parent(key) not in theirs.keys() - ours.keys():
            owner, places = _owner(id_, key, ours)
            fact = theirs[key]
            told = f"`{key.rpartition('.')[2]}`: {fact.type or 'any type'}{_required(fact)}{_nullable(fact)}."
            yield Difference(only_there, owner, told, (), rows.of(*places))
    for key in ours.keys() & theirs.keys():
        yield from _facts(ours[key], theirs[key], rows)


def _facts(ours: Fact, theirs: Fact, rows: _Rows) -> Iterator[Difference]:
    where, known = ours.places[0], rows.of(*ours.places)
    if ours.required != theirs.required:
        words = ("optional", "required")
        what = f"Here {words[ours.required]}, there {words[theirs.required]}."
        yield Difference(Kind.REQUIRED, where, what, (), known)
    if ours.nullable != theirs.nullable:
        words = ("never null", "may be null")
        what = f"Here {words[ours.nullable]}, there {words[theirs.nullable]}."
        yield Difference(Kind.NULL, where, what, (), known)
    here, there = _type(ours), _type(theirs)
    if here != there and ours.type and theirs.type and (here[0] != there[0] or all(here + there)):
        what = f"Here {' '.join(here).strip()}, there {' '.join(there).strip()}."
        yield Difference(Kind.TYPE, where, what, (), known)
    if ours.values != theirs.values and (ours.values or theirs.values):
        yield Difference(Kind.VALUES, where, _values(ours, theirs), (), known)


def _type(fact: Fact) -> tuple[str, str]:
    return fact.type, fact.format


def _values(ours: Fact, theirs: Fact) -> str:
    if not ours.values or not theirs.values:
        listed, other = ("Here", "there") if ours.values else ("There", "here")
        return f"{listed} a list of values, {other} any text."
    parts = [
        f"{side} only: {', '.join(sorted(values))}"
        for side, values in (
            ("Here", ours.values - theirs.values),
            ("There", theirs.values - ours.values),
        )
        if values
    ]
    return "; ".join(parts) + "."


def _parent(key: str) -> str:
    return key.rpartition(".")[0].removesuffix("[]")


def _owner(id_: str, key: str, ours: Mapping[str, Fact]) -> tuple[str, tuple[str, ...]]:
    """Return our name for a place that we do not have, and the names a row may have for it."""
    parent, _, name = key.rpartition(".")
    siblings = [each for each in ours if each.rpartition(".")[0] == parent]
    if not siblings or " " in key:
        return f"{id_} {key}", (id_,)
    component = ours[siblings[0]].places[0].partition(".")[0]
    return f"{component}.{name}", (f"{component}.{name}", component)


def _required(fact: Fact) -> str:
    return ", required" if fact.required else ""


def _nullable(fact: Fact) -> str:
    return ", may be null" if fact.nullable else ""

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
    PARAMETER_THERE = "parameter that we lack"
    FIELD_THERE = "field that we lack"
    REQUIRED = "required"
    NULL = "null"
    TYPE = "type"
    VALUES = "values"
    LIMITS = "limits"
    STATUS = "success"
    CREDENTIALS = "credentials"
    PARAMETER_HERE = "parameter that they lack"
    FIELD_HERE = "field that they lack"
    OPERATION_HERE = "operation that they lack"


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """One difference, said once for all operations that share it.

    Attributes:
        kind: In what they differ.
        where: Our name for the place, or a method and path.
        what: One sentence.
        operations: Our operations that show it.
        rows: Rows of ``deviations.md`` that speak of the place; empty: nobody has explained it.
        perhaps: Rows that speak of what is around it, and may or may not explain it.
    """

    kind: Kind
    where: str
    what: str
    operations: tuple[str, ...]
    rows: tuple[int, ...]
    perhaps: tuple[int, ...] = ()


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
        differences=tuple(sorted(found, key=_rank)),
    )


def _rank(difference: Difference) -> tuple[bool, int, str]:
    return bool(difference.rows), list(Kind).index(difference.kind), difference.where


class _Rows:
    """Which rows speak of a place."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._numbers: dict[str, set[int]] = {}
        for row in rows:
            for place in row.places:
                self._numbers.setdefault(place, set()).add(row.number)
                # What only they have is named in the words of the row.
                owner = place.partition(".")[0]
                for word in row.words:
                    self._numbers.setdefault(f"{owner}.{word}", set()).add(row.number)

    def of(self, *places: str) -> tuple[int, ...]:
        return tuple(sorted(set[int]().union(*(self._numbers.get(each, set()) for each in places))))


def _is_beside(route: str, here: Iterable[str]) -> bool:
    """Whether a route belongs to a resource that we have: ``POST /v1/users/{}/archive``."""
    path = route.partition(" ")[2]
    roots = {each.partition(" ")[2].partition("/{}")[0] for each in here}
    return any(path == root or path.startswith(f"{root}/") for root in roots)


def _alone(kind: Kind, route: str, id_: str) -> Difference:
    return Difference(kind, route, f"Its id is {id_}.", (), ())


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
    if ours.successes != theirs.successes:
        here, there = (
            ", ".join(sorted(each)) or "none" for each in (ours.successes, theirs.successes)
        )
        told = f"Here {here}, there {there}."
        yield _difference(Kind.STATUS, (ours.id,), told, "", rows)
    ask, asked = ours.needs_credentials, theirs.needs_credentials
    if ask is not None and asked is not None and ask != asked:
        words = ("none needed", "needed")
        told = f"Here {words[ask]}, there {words[asked]}."
        yield _difference(Kind.CREDENTIALS, (ours.id,), told, "", rows)
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
            told = f"They have no `{_last(key)}`."
            yield _difference(only_here, fact.places, told, fact.around, rows)
    for key in theirs.keys() - ours.keys():
        if _parent(key) not in theirs.keys() - ours.keys():
            owner, fact = _owner(id_, key, ours), theirs[key]
            words = [fact.type or "any type", "required" * fact.required]
            words.append("may be null" * fact.nullable)
            told = f"`{_last(key)}`: {', '.join(filter(None, words))}."
            where = f"{owner}.{_last(key)}" if owner != id_ else f"{id_} {key}"
            yield _difference(only_there, (where,), told, owner, rows)
    for key in ours.keys() & theirs.keys():
        for kind, told in _facts(ours[key], theirs[key]):
            yield _difference(kind, ours[key].places, told, ours[key].around, rows)


def _difference(
    kind: Kind, places: tuple[str, ...], what: str, around: str, rows: _Rows
) -> Difference:
    return Difference(kind, places[0], what, (), rows.of(*places), rows.of(around))


def _facts(ours: Fact, theirs: Fact) -> Iterator[tuple[Kind, str]]:
    if ours.required != theirs.required:
        words = ("optional", "required")
        yield Kind.REQUIRED, f"Here {words[ours.required]}, there {words[theirs.required]}."
    if ours.nullable != theirs.nullable:
        words = ("never null", "may be null")
        yield Kind.NULL, f"Here {words[ours.nullable]}, there {words[theirs.nullable]}."
    here, there = _type(ours), _type(theirs)
    if here != there and ours.type and theirs.type and (here[0] != there[0] or all(here + there)):
        yield Kind.TYPE, f"Here {' '.join(here).strip()}, there {' '.join(there).strip()}."
    if ours.values != theirs.values:
        yield Kind.VALUES, _values(ours, theirs)
    # What they leave unsaid limits nothing.
    for keyword, limit in theirs.limits.items():
        if ours.limits.get(keyword) != limit:
            here = ours.limits.get(keyword, "nothing")
            yield Kind.LIMITS, f"`{keyword}`: here {here}, there {limit}."


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


def _last(key: str) -> str:
    return key.rpartition(".")[2].rpartition(" ")[2]


def _owner(id_: str, key: str, ours: Mapping[str, Fact]) -> str:
    """Return our name for what holds a key that we do not have: a component, or the operation."""
    parent = key.rpartition(".")[0]
    siblings = [each for each in ours if each.rpartition(".")[0] == parent]
    return id_ if not siblings or " " in key else ours[siblings[0]].around

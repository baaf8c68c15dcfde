"""Comparison of our document with the vendor's, limited to our operations.

Two documents of different authors agree on methods, paths and keys only. So references are followed,
``allOf`` is merged, the notations for null of OpenAPI 3.0 and 3.1 become one, and a field is
identified by the keys that lead to it: ``data[].engagement.like_count``.
"""

from __future__ import annotations

import dataclasses
import enum
import re
import urllib.parse
from typing import TYPE_CHECKING, Any, cast

import openapi_document

from changes.model import ComparisonError
from changes.nodes import Node
from changes.render import markdown_cell, wrapped
from changes.schema_changes import Schema
from insightiq_mock.openapi.tree import mapping, pointer_parts, sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from changes.deviations import Row

__all__ = [
    "Difference",
    "Kind",
    "VendorReport",
    "compare_with_vendor",
    "markdown_page",
    "operations_by_route",
    "terminal_lines",
]

VERSIONS = ("3.0", "3.1")
DEEPEST = 8
MOST_FIELDS = 20_000
MOST_OPERATIONS = 4
JSON = "application/json"
LIMITS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern")


class Kind(enum.StrEnum):
    """Kind of a difference, in the order of the report."""

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


# Many names and a single thought: on a terminal they are listed without details.
BRIEF = (Kind.PARAMETER_HERE, Kind.FIELD_HERE, Kind.OPERATION_HERE)


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """A difference, one for all operations that share it.

    ``rows`` of ``deviations.md`` name the place and explain it; those in ``perhaps`` name what is
    around it, and may explain it.
    """

    kind: Kind
    where: str
    what: str
    operations: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    perhaps: tuple[int, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class VendorReport:
    """The differences, the unexplained ones first, and counts of operations.

    ``elsewhere`` counts the vendor's operations that belong to other resources.
    """

    document: str
    matched: int
    total: int
    elsewhere: int
    differences: tuple[Difference, ...]

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """The differences that no row of ``deviations.md`` explains."""
        return tuple(each for each in self.differences if not each.rows)

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON data."""
        return {**dataclasses.asdict(self), "unexplained": len(self.unexplained)}


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """Description of one field or parameter.

    ``places`` are names that ``deviations.md`` may use for it, the closest first; ``around`` is the
    name of what it stands in.
    """

    required: bool
    nullable: bool
    type: tuple[str, str]
    values: frozenset[str]
    limits: Mapping[str, Any]
    places: tuple[str, ...]
    around: str


@dataclasses.dataclass(frozen=True, slots=True)
class Operation:
    """Description of an operation: parameters by location and name, fields by their keys.

    ``needs_credentials`` is None if the document describes no credentials.
    """

    id: str
    parameters: Mapping[str, Field]
    request: Mapping[str, Field]
    response: Mapping[str, Field]
    successes: tuple[str, ...]
    needs_credentials: bool | None


def compare_with_vendor(
    name: str, ours: Mapping[str, Any], theirs: Mapping[str, Any], rows: Iterable[Row]
) -> VendorReport:
    """Compare our document with the vendor's.

    Raises:
        ComparisonError: The vendor's document cannot be read, or shares no operation with ours.
    """
    if not str(theirs.get("openapi")).startswith(VERSIONS):
        msg = f"{name}: OpenAPI {theirs.get('openapi')}; 3.0 and 3.1 can be compared."
        raise ComparisonError(msg)
    try:
        here, there = operations_by_route(ours), operations_by_route(theirs)
    except openapi_document.DocumentError as error:
        msg = f"{name}: {error}"
        raise ComparisonError(msg) from error
    matched = [route for route in here if route in there]
    if not matched:
        msg = f"{name}: has none of our operations by method and path; is it the right document?"
        raise ComparisonError(msg)
    comparison = _Comparison(rows)
    operations: dict[Difference, list[str]] = {}
    for route in matched:
        for difference in dict.fromkeys(comparison.operation(here[route], there[route])):
            operations.setdefault(difference, []).append(here[route].id)
    differences = [
        dataclasses.replace(each, operations=tuple(ids)) for each, ids in operations.items()
    ]
    elsewhere = 0
    for kind, routes, others in (
        (Kind.OPERATION_THERE, there, here),
        (Kind.OPERATION_HERE, here, there),
    ):
        for route in routes.keys() - others.keys():
            if kind is Kind.OPERATION_HERE or _is_of_our_resources(route, here):
                differences.append(Difference(kind, route, f"Its id is {routes[route].id}."))
            else:
                elsewhere += 1
    order = list(Kind)
    differences.sort(key=lambda each: (bool(each.rows), order.index(each.kind), each.where))
    return VendorReport(name, len(matched), len(here), elsewhere, tuple(differences))


def _is_of_our_resources(route: str, here: Iterable[str]) -> bool:
    """Return whether a route belongs to one of our resources: ``POST /v1/users/{}/archive``."""
    path = route.partition(" ")[2]
    roots = {each.partition(" ")[2].partition("/{}")[0] for each in here}
    return any(path == root or path.startswith(f"{root}/") for root in roots)


class _Comparison:
    """Compares operations; rows of ``deviations.md`` explain differences by place."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: dict[str, set[int]] = {}
        for row in rows:
            for place in row.places:
                # The row quotes what only the vendor has.
                owner = place.partition(".")[0]
                for each in (place, *(f"{owner}.{name}" for name in row.quoted)):
                    self._rows.setdefault(each, set()).add(row.number)

    def operation(self, ours: Operation, theirs: Operation) -> Iterator[Difference]:
        """Yield the differences between two operations."""
        if ours.successes != theirs.successes:
            here, there = (", ".join(each.successes) or "none" for each in (ours, theirs))
            yield self._difference(Kind.STATUS, (ours.id,), f"Here {here}, there {there}.")
        needed, needed_there = ours.needs_credentials, theirs.needs_credentials
        if None not in {needed, needed_there} and needed != needed_there:
            what = _sides("none needed", "needed", here=bool(needed))
            yield self._difference(Kind.CREDENTIALS, (ours.id,), what)
        kinds = Kind.PARAMETER_HERE, Kind.PARAMETER_THERE
        yield from self._fields(ours.id, ours.parameters, theirs.parameters, kinds)
        kinds = Kind.FIELD_HERE, Kind.FIELD_THERE
        yield from self._fields(ours.id, ours.request, theirs.request, kinds)
        yield from self._fields(ours.id, ours.response, theirs.response, kinds)

    def _fields(
        self,
        id_: str,
        ours: Mapping[str, Field],
        theirs: Mapping[str, Field],
        kinds: tuple[Kind, Kind],
    ) -> Iterator[Difference]:
        for key, field in ours.items():
            if key in theirs:
                for kind, what in _field_differences(field, theirs[key]):
                    yield self._difference(kind, field.places, what, field.around)
            elif not _is_inside_of_missing(key, ours, theirs):
                what = f"They have no `{_last(key)}`."
                yield self._difference(kinds[0], field.places, what, field.around)
        for key, field in theirs.items():
            if key not in ours and not _is_inside_of_missing(key, theirs, ours):
                owner, name = _owner(id_, key, ours), _last(key)
                words = [field.type[0] or "any type"]
                words += ["required"] * field.required + ["may be null"] * field.nullable
                where = f"{owner}.{name}" if owner != id_ else f"{id_} {key}"
                what = f"`{name}`: {', '.join(words)}."
                yield self._difference(kinds[1], (where,), what, owner)

    def _difference(
        self, kind: Kind, places: tuple[str, ...], what: str, around: str = ""
    ) -> Difference:
        rows = {number for place in places for number in self._rows.get(place, ())}
        perhaps = tuple(sorted(self._rows.get(around, ())))
        return Difference(kind, places[0], what, (), tuple(sorted(rows)), perhaps)


def _field_differences(ours: Field, theirs: Field) -> Iterator[tuple[Kind, str]]:
    if ours.required != theirs.required:
        yield Kind.REQUIRED, _sides("optional", "required", here=ours.required)
    if ours.nullable != theirs.nullable:
        yield Kind.NULL, _sides("never null", "may be null", here=ours.nullable)
    here, there = ours.type, theirs.type
    # A format that only one of them gives is no difference.
    if here[0] and there[0] and (here[0] != there[0] or (here != there and all(here + there))):
        yield Kind.TYPE, f"Here {' '.join(here).strip()}, there {' '.join(there).strip()}."
    if bool(ours.values) != bool(theirs.values):
        listed, other = ("Here", "there") if ours.values else ("There", "here")
        yield Kind.VALUES, f"{listed} a list of values, {other} any text."
    elif ours.values != theirs.values:
        sides = (
            ("Here", sorted(ours.values - theirs.values)),
            ("There", sorted(theirs.values - ours.values)),
        )
        only = (f"{side} only: {', '.join(values)}" for side, values in sides if values)
        yield Kind.VALUES, f"{'; '.join(only)}."
    # A limit that only we have is no difference.
    for keyword, limit in theirs.limits.items():
        if (own := ours.limits.get(keyword, "nothing")) != limit:
            yield Kind.LIMITS, f"`{keyword}`: here {own}, there {limit}."


def _sides(if_not: str, if_so: str, *, here: bool) -> str:
    """Return the sentence about something that is so on one side only."""
    ours, theirs = (if_so, if_not) if here else (if_not, if_so)
    return f"Here {ours}, there {theirs}."


def _is_inside_of_missing(key: str, side: Mapping[str, Field], other: Mapping[str, Field]) -> bool:
    parent = _parent(key).removesuffix("[]")
    return parent in side and parent not in other


def _parent(key: str) -> str:
    return key.rpartition(".")[0]


def _last(key: str) -> str:
    return key.rpartition(".")[2].rpartition(" ")[2]


def _owner(id_: str, key: str, ours: Mapping[str, Field]) -> str:
    """Return our name for the parent of a key that we lack: a component, or the operation."""
    siblings = [field for each, field in ours.items() if _parent(each) == _parent(key)]
    return siblings[0].around if siblings and " " not in key else id_


def operations_by_route(document: Mapping[str, Any]) -> dict[str, Operation]:
    """Return the operations by method and path without names of parameters: ``GET /users/{}``."""
    normal = cast("dict[str, Any]", _as_openapi_3_0(document))
    servers = sequence(normal.get("servers"))
    url = str(mapping(servers[0]).get("url", "")) if servers else ""
    # The path that every address of the document begins with: `/v1`.
    prefix = urllib.parse.urlsplit(url).path.rstrip("/")
    found: dict[str, Operation] = {}
    for each in openapi_document.operations(normal):
        path = re.sub(r"\{[^}]*\}", "{}", prefix + each.path).rstrip("/")
        node = Node(normal, each.pointer, each.pointer, each.data)
        successes = [key for key in mapping(each.data.get("responses")) if key.startswith("2")]
        item = Node(normal, "", each.pointer.rpartition("/")[0], normal["paths"][each.path])
        found[f"{each.method.upper()} {path}"] = Operation(
            id=each.id,
            parameters=dict(
                _parameters(each.id, [*item.items("parameters"), *node.items("parameters")])
            ),
            request=_fields(node.child("requestBody")),
            response=_fields(node.child("responses", *successes[:1])) if successes else {},
            successes=tuple(sorted(successes)),
            needs_credentials=_needs_credentials(normal, each.data),
        )
    return found


def _as_openapi_3_0(value: object) -> object:
    """Return a copy in which null is ``nullable``, as in OpenAPI 3.0."""
    if isinstance(value, list):
        return [_as_openapi_3_0(each) for each in sequence(value)]
    if not isinstance(value, dict):
        return value
    found = {key: _as_openapi_3_0(inner) for key, inner in mapping(value).items()}
    nullable = None in sequence(found.get("enum"))
    if types := sequence(found.get("type")):
        others = [each for each in types if each != "null"]
        nullable = nullable or len(others) < len(types)
        found["type"] = others[0] if others else ""
    for keyword in ("oneOf", "anyOf"):
        choices = sequence(found.get(keyword))
        kept = [each for each in choices if mapping(each).get("type") != "null"]
        if len(kept) < len(choices):
            nullable = True
            found[keyword] = kept
    return {**found, "nullable": True} if nullable else found


def _needs_credentials(document: Mapping[str, Any], operation: Mapping[str, Any]) -> bool | None:
    if not mapping(document.get("components")).get("securitySchemes"):
        return None
    alternatives = sequence(operation.get("security", document.get("security")))
    return bool(alternatives) and all(mapping(each) for each in alternatives)


def _parameters(id_: str, nodes: Sequence[Node]) -> Iterator[tuple[str, Field]]:
    for node in nodes:
        location = str(node.data.get("in"))
        if location in {"query", "path"}:
            # Names of path parameters do not travel.
            name = "" if location == "path" else str(node.data.get("name"))
            places = (_component(node) or f"{id_} {name}",)
            schema = Schema(node.child("schema"))
            yield (
                f"{location} {name}".strip(),
                _field(schema, places, id_, required=node.flag("required")),
            )


def _fields(holder: Node) -> dict[str, Field]:
    found: dict[str, Field] = {}
    media_types = holder.children("content")
    for each in [media for name, media in media_types.items() if name.startswith(JSON)][:1]:
        _read(Schema(each.child("schema")), "", frozenset(), found)
    return found


def _read(schema: Schema, keys: str, around: frozenset[str], found: dict[str, Field]) -> None:
    """Collect the fields below ``schema``, which the keys lead to."""
    pointer = schema.parts[0].pointer
    if len(around) > DEEPEST or pointer in around:
        return
    if len(found) > MOST_FIELDS:
        msg = f"a body has more than {MOST_FIELDS:,} fields; leave out what refers to itself."
        raise openapi_document.DocumentError(msg)
    inside = around | {pointer}
    if schema.first("items") is not None:
        _read(schema.below("items"), f"{keys}[]", inside, found)
    required = schema.required
    for key, property_ in schema.properties().items():
        inner = f"{keys}.{key}".lstrip(".")
        owner = _name_in(property_.holder)
        parts = [*property_.parts, *property_.below("items").parts[:1]]
        places = (f"{owner}.{key}", *filter(None, map(_component, parts)))
        found.setdefault(inner, _field(property_, places, owner, required=key in required))
        _read(property_, inner, inside, found)


def _field(schema: Schema, places: tuple[str, ...], around: str, *, required: bool) -> Field:
    return Field(
        required=required,
        nullable=schema.flag("nullable"),
        type=(_text(schema.first("type")), _text(schema.first("format"))),
        values=frozenset(str(each) for each in schema.enum or () if each is not None),
        limits={key: schema.first(key) for key in LIMITS if key in schema.keywords},
        places=places,
        around=around,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _component(node: Node) -> str:
    """Return the name of the component that a node refers to, or an empty string."""
    return _name_in(node.pointer) if node.holder != node.pointer else ""


def _name_in(pointer: str) -> str:
    """Return the component that something is written in, or an empty string."""
    match pointer_parts(pointer):
        case ["components", _, name, *_]:
            return name
        case _:
            return ""


def terminal_lines(report: VendorReport) -> Iterator[str]:
    """Yield the report for a terminal."""
    yield from (_summary(report), "")
    for each in report.unexplained:
        if each.kind not in BRIEF:
            ids = ", ".join(each.operations[:MOST_OPERATIONS])
            more = len(each.operations) - MOST_OPERATIONS
            affected = f" ({ids}{f' and {more} more' if more > 0 else ''})" if ids else ""
            yield f"  {each.kind}: {each.where}{affected}"
            yield f"      {each.what}{_perhaps(each)}"
    for kind in BRIEF:
        places = [each.where for each in report.unexplained if each.kind is kind]
        if places:
            first, *rest = wrapped(f"{kind}: {len(places)}: {', '.join(places)}", " " * 6)
            yield from (f"  {first.strip()}", *rest)
    known = [each for each in report.differences if each.rows]
    if known:
        rows = sorted({number for each in known for number in each.rows})
        yield from (
            "",
            f"Known, by rows {', '.join(map(str, rows))} of spec/deviations.md: {len(known)}",
        )
    if report.unexplained:
        remedy = "correct spec/insightiq.yaml or add a row to spec/deviations.md"
        yield from ("", f"For each of the above, {remedy}.")


def markdown_page(report: VendorReport) -> str:
    """Return the report as a Markdown page."""
    lines = ["# Our document and the vendor's", "", _summary(report)]
    known = [each for each in report.differences if each.rows]
    for title, differences in (("Not explained", report.unexplained), ("Known", known)):
        lines += ["", f"## {title}: {len(differences)}"]
        if differences:
            lines += [
                "",
                "| In | Where | Difference | Operations | Rows |",
                "|---|---|---|---|---|",
            ]
        for each in differences:
            ids = ", ".join(f"`{id_}`" for id_ in each.operations)
            rows = ", ".join(map(str, each.rows))
            what = markdown_cell(each.what + _perhaps(each))
            lines.append(
                f"| {each.kind} | `{markdown_cell(each.where)}` | {what} | {ids} | {rows} |"
            )
    return "\n".join(lines) + "\n"


def _summary(report: VendorReport) -> str:
    known = len(report.differences) - len(report.unexplained)
    return (
        f"{report.document}: has {report.matched} of our {report.total} operations; "
        f"{len(report.unexplained)} differences to explain, {known} known; "
        f"{report.elsewhere} operations of other resources left out."
    )


def _perhaps(difference: Difference) -> str:
    rows = ", ".join(map(str, difference.perhaps))
    return f" Perhaps row {rows}, which is about what is around." if rows else ""

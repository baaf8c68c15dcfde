"""Comparison of two schemas, in the direction in which their values travel.

A schema is compared as it applies: references are followed and ``allOf`` is merged, so that the same
meaning written another way is no change. In a request a narrower schema breaks callers, in a response
a wider one does.
"""

from __future__ import annotations

import dataclasses
import decimal
import json
from typing import TYPE_CHECKING, Any

import openapi_document
from spec_rules.places import join_pointer, mapping, pointer_parts, sequence
from spec_rules.subject import component_pointer

from change_report.model import Bump, Direction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from typing_extensions import TypeIs

__all__ = [
    "LEAST_COUNTS",
    "STYLES",
    "Finding",
    "Place",
    "Schema",
    "SchemaComparison",
    "follow",
    "is_merged",
    "name_of",
    "narrowed",
    "references",
    "shown",
]

OPEN_ENUM = "x-extensible-enum"
LONGEST_VALUE = 60
LEAST_COUNTS = ("minLength", "minItems", "minProperties")
LEAST = ("minimum", *LEAST_COUNTS)
MOST = ("maximum", "maxLength", "maxItems", "maxProperties")
# Type or format -> those whose values it includes.
WIDER = {"number": {"integer"}, "int64": {"int32"}, "double": {"float"}}
CHOICES = ("oneOf", "anyOf")
# How the value of a parameter is written unless it says so.
STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
# Keywords with a rule of their own; what else stands in a schema is compared as it is written.
RULED = {
    "type", "format", "pattern", "enum", OPEN_ENUM, "nullable", "multipleOf", "uniqueItems", "default", "deprecated",
    "readOnly", "writeOnly", "properties", "required", "items", "additionalProperties", "allOf", "discriminator",
    "exclusiveMinimum", "exclusiveMaximum", *LEAST, *MOST, *CHOICES,
}  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One change of the wire.

    Attributes:
        where: JSON pointer to what changed, in the newer document where it exists there.
        what: One sentence.
        rule: Name of the rule that rated it.
        bump: Its verdict.
        attention: Whether a person should look at it although the version does not show it.
    """

    where: str
    what: str
    rule: str
    bump: Bump
    attention: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """An object of a document, behind the reference that leads to it.

    Attributes:
        holder: Where it is asked for: pointer to the reference, or to the object itself.
        pointer: Where it is written.
        node: The object.
    """

    holder: str
    pointer: str
    node: Mapping[str, Any]


def follow(document: Mapping[str, Any], pointer: str, node: object) -> Place:
    """Return what ``node``, written at ``pointer``, refers to; an object refers to itself.

    Raises:
        openapi_document.DocumentError: The reference leads nowhere, or back to itself.
    """
    place = pointer
    seen: set[str] = set()
    while isinstance(reference := mapping(node).get("$ref"), str):
        if reference in seen:
            msg = f"$ref {reference!r} leads back to itself; let it name an object."
            raise openapi_document.DocumentError(msg)
        seen.add(reference)
        place, node = reference, _target(document, reference)
    return Place(pointer, place, mapping(node))


def _target(document: Mapping[str, Any], reference: str) -> object:
    """Return what a reference names, which may be a reference itself."""
    node: object = document
    for part in pointer_parts(reference):
        if isinstance(node, list) and part.isdecimal() and int(part) < len(sequence(node)):
            node = sequence(node)[int(part)]
        elif part in mapping(node):
            node = mapping(node)[part]
        else:
            # Says what is wrong with it.
            return openapi_document.resolve(document, {"$ref": reference})
    return node


def references(node: object) -> Iterator[str]:
    """Yield every reference below ``node``, those of a discriminator included."""
    if isinstance(node, list):
        for item in sequence(node):
            yield from references(item)
        return
    for key, value in mapping(node).items():
        if key == "$ref" and isinstance(value, str):
            yield value
        elif key == "discriminator":
            yield from (str(each) for each in mapping(mapping(value).get("mapping")).values())
        else:
            yield from references(value)


def shown(value: object) -> str:
    """Return a value for people: its JSON, cut where it is long."""
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def name_of(pointer: str) -> str:
    """Return the last telling name of a pointer: ``Account.status``, ``Limit``, ``users``."""
    parts = pointer_parts(pointer)
    ends = {"allOf", "anyOf", "oneOf", "items", "schema", "additionalProperties"}
    while len(parts) > 1 and (parts[-1].isdecimal() or parts[-1] in ends):
        if parts[-2] == "responses":
            return f"response {parts[-1]}"
        parts.pop()
    match parts:
        case [*_, owner, "properties", name]:
            return f"{owner}.{name}"
        case [*_, name]:
            return name
        case _:
            return "document"


def narrowed(direction: Direction) -> Bump:
    """Return the verdict on what allows less than before."""
    return Bump.MAJOR if direction is Direction.REQUEST else Bump.PATCH


def widened(direction: Direction) -> Bump:
    """Return the verdict on what allows more than before."""
    return Bump.MAJOR if direction is Direction.RESPONSE else Bump.PATCH


class Schema:
    """A schema as it applies: references followed, ``allOf`` merged.

    Args:
        document: The document that it stands in.
        sources: Pointer and node of the schema; several where members of an ``allOf`` describe the
            same property.

    Attributes:
        holder: Where it is asked for.
        parts: The schemas that it is merged from.
    """

    def __init__(self, document: Mapping[str, Any], *sources: tuple[str, object]) -> None:
        self.document = document
        self.holder = sources[0][0]
        self.parts: list[Place] = []
        for pointer, node in sources:
            self._merge(pointer, node, frozenset())

    def _merge(self, pointer: str, node: object, inside: frozenset[str]) -> None:
        place = follow(self.document, pointer, node)
        if place.pointer in inside:
            msg = f"{place.pointer} is a member of its own allOf; remove it there."
            raise openapi_document.DocumentError(msg)
        self.parts.append(place)
        for number, member in enumerate(sequence(place.node.get("allOf"))):
            below = join_pointer(place.pointer, "allOf", number)
            self._merge(below, member, inside | {place.pointer})
        for keyword in CHOICES:
            members = sequence(place.node.get(keyword))
            if _is_only_choice(place.node, keyword):
                below = join_pointer(place.pointer, keyword, 0)
                self._merge(below, members[0], inside | {place.pointer})

    @property
    def key(self) -> tuple[str, ...]:
        """The places that it is written at, which tell it from others of its document."""
        return tuple(each.pointer for each in self.parts)

    @property
    def components(self) -> frozenset[str]:
        """The components that say something of it; wrappers of one reference say nothing."""
        telling = [each.pointer for each in self.parts if _is_telling(each.node)]
        return frozenset(map(component_pointer, telling or self.key))

    @property
    def keywords(self) -> set[str]:
        """All keywords of its parts."""
        return {keyword for each in self.parts for keyword in each.node}

    def values(self, keyword: str) -> list[Any]:
        """Return what its parts say under ``keyword``."""
        return [each.node[keyword] for each in self.parts if keyword in each.node]

    def first(self, keyword: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return what the first part that has ``keyword`` says; None where none has it."""
        return next(iter(self.values(keyword)), None)

    def flag(self, keyword: str) -> bool:
        """Return whether any part says that ``keyword`` is true."""
        return any(each is True for each in self.values(keyword))

    def pointer_of(self, keyword: str) -> str | None:
        """Return where ``keyword`` is written."""
        places = (each.pointer for each in self.parts if keyword in each.node)
        return next((join_pointer(place, keyword) for place in places), None)

    @property
    def nullable(self) -> bool:
        """Whether null is a value of it: OpenAPI 3.0.3 says so beside each ``type``."""
        typed = [each.node for each in self.parts if "type" in each.node]
        untyped = [each.node for each in self.parts if "type" not in each.node]
        # Strictly it means nothing without a type; who writes it means it.
        wrapped = any(node.get("nullable") is True for node in untyped)
        return wrapped or all(node.get("nullable") is True for node in typed)

    @property
    def enum(self) -> list[Any] | None:
        """The values that every enumeration of it has; None where it has none."""
        found = [sequence(each) for each in self.values("enum")]
        if not found:
            return None
        return [value for value in found[0] if all(value in each for each in found)]

    def bound(self, keyword: str) -> tuple[float, bool] | None:
        """Return a bound and whether it is excluded itself; None where there is none."""
        found: list[tuple[float, bool]] = []
        for node in (each.node for each in self.parts):
            value, excluded = node.get(keyword), node.get(_exclusive(keyword))
            # Nothing has fewer than no characters, items or properties.
            if _is_number(value) and not (value == 0 and keyword in LEAST_COUNTS):
                found.append((value, excluded is True))
            if _is_number(excluded):
                found.append((excluded, True))
        if not found:
            return None
        return (
            max(found) if keyword in LEAST else min(found, key=lambda each: (each[0], not each[1]))
        )

    def properties(self) -> dict[str, Schema]:
        """Return the properties by name."""
        sources: dict[str, list[tuple[str, object]]] = {}
        for part in self.parts:
            for name, node in mapping(part.node.get("properties")).items():
                pointer = join_pointer(part.pointer, "properties", name)
                sources.setdefault(name, []).append((pointer, node))
        return {name: Schema(self.document, *each) for name, each in sources.items()}

    @property
    def required(self) -> dict[str, str]:
        """The required properties, each with the pointer to the list that names it."""
        return {
            str(name): join_pointer(part.pointer, "required")
            for part in reversed(self.parts)
            for name in sequence(part.node.get("required"))
        }

    def below(self, keyword: str) -> Schema:
        """Return the schema under ``keyword``; one that allows everything where there is none."""
        sources = [
            (join_pointer(part.pointer, keyword), part.node[keyword])
            for part in self.parts
            if isinstance(part.node.get(keyword), dict)
        ]
        return Schema(self.document, *(sources or [(join_pointer(self.holder, keyword), {})]))

    @property
    def choices(self) -> list[Schema]:
        """The members of its ``oneOf`` or ``anyOf``."""
        for part in self.parts:
            for keyword in CHOICES:
                if keyword in part.node and not _is_only_choice(part.node, keyword):
                    place = join_pointer(part.pointer, keyword)
                    return [
                        Schema(self.document, (join_pointer(place, number), node))
                        for number, node in enumerate(sequence(part.node[keyword]))
                    ]
        return []

    @property
    def choice_values(self) -> dict[str, str]:
        """The values of its discriminator, each with the pointer to its schema."""
        if "discriminator" not in self.keywords:
            return {}
        written = mapping(mapping(self.first("discriminator")).get("mapping"))
        named = {str(value): _as_pointer(str(target)) for value, target in written.items()}
        implicit = {
            _last(each.key[0]): each.key[0]
            for each in self.choices
            if each.key[0] not in named.values()
        }
        return implicit | named

    def plain(self) -> list[dict[str, Any]]:
        """Return what it says as data that can be compared; references stay as they are."""
        found = [
            {k: v for k, v in each.node.items() if not is_merged(each.node, k)}
            for each in self.parts
        ]
        return [each for each in found if each]


class SchemaComparison:
    """Compares schemas of two documents.

    Args:
        base: The older document, without words and examples.
        document: The newer one.
        changed: Components that changed, or refer to one that did; all others are equal.
    """

    def __init__(
        self, base: Mapping[str, Any], document: Mapping[str, Any], changed: set[str]
    ) -> None:
        self._base = base
        self._document = document
        self._changed = changed

    def compare(
        self, old: tuple[str, object], new: tuple[str, object], direction: Direction
    ) -> Iterator[Finding]:
        """Yield what changed between two schemas, each given as pointer and node."""
        pair = Pair(Schema(self._base, old), Schema(self._document, new), direction)
        yield from self._compare(pair, set())

    def _compare(self, pair: Pair, seen: set[object]) -> Iterator[Finding]:
        old, new = pair.old, pair.new
        key = (old.key, new.key, pair.is_moved and new.holder)
        if key in seen or self._is_unchanged(old, new):
            return
        seen.add(key)
        if bool(old.choices) != bool(new.choices):
            yield self._became_a_choice(pair, seen)
            return
        kinds = list(_types(pair))
        yield from kinds
        if any(each.rule == "type-changed" for each in kinds):
            return
        for rule in RULES:
            yield from rule(pair)
        yield from self._choices(pair, seen)
        yield from self._properties(pair, seen)
        yield from self._items(pair, seen)

    def _is_unchanged(self, old: Schema, new: Schema) -> bool:
        if old.plain() != new.plain():
            return False
        targets = {component_pointer(each) for each in references(new.plain())}
        return not targets & self._changed

    def _properties(self, pair: Pair, seen: set[object]) -> Iterator[Finding]:
        before, now = pair.old.properties(), pair.new.properties()
        for name, each in before.items():
            if name not in now:
                yield from _property_removed(pair, each)
            elif not pair.travels(each) and not pair.travels(now[name]):
                continue
            elif not pair.travels(now[name]):
                yield _property_hidden(pair, now[name])
            elif not pair.travels(each):
                yield from _property_added(pair, name, now[name])
            else:
                yield from _required(pair, name)
                yield from self._compare(Pair(each, now[name], pair.direction), seen)
        for name in now.keys() - before.keys():
            yield from _property_added(pair, name, now[name])
        for name in pair.old.required.keys() | pair.new.required.keys():
            if name not in before and name not in now:
                yield from _required(pair, name)

    def _items(self, pair: Pair, seen: set[object]) -> Iterator[Finding]:
        for keyword in ("items", "additionalProperties"):
            if keyword in pair.old.keywords | pair.new.keywords:
                below = Pair(pair.old.below(keyword), pair.new.below(keyword), pair.direction)
                if keyword == "items" or not any(_is_closed(each) for each in (pair.old, pair.new)):
                    yield from self._compare(below, seen)
        yield from _closed(pair)

    def _choices(self, pair: Pair, seen: set[object]) -> Iterator[Finding]:
        old, new = pair.old.choices, pair.new.choices
        if not old:
            return
        yield from self._discriminator(pair, seen)
        before, now = _by_name(old), _by_name(new)
        gone = {name: each for name, each in before.items() if name not in now}
        come = {name: each for name, each in now.items() if name not in before}
        _drop_equal(gone, come)
        if len(gone) == len(come) == 1:
            was, is_ = gone.popitem()[1], come.popitem()[1]
            yield from self._compare(Pair(was, is_, pair.direction), seen)
        for name in gone:
            what = f"`{name}` is no longer a choice of `{pair.name}`."
            yield Finding(pair.where(*CHOICES), what, "choice-removed", narrowed(pair.direction))
        for name in come:
            what = f"`{name}` is a choice of `{pair.name}` now."
            yield Finding(pair.where(*CHOICES), what, "choice-added", _grown(pair))
        for name in before.keys() & now.keys():
            yield from self._compare(Pair(before[name], now[name], pair.direction), seen)

    def _became_a_choice(self, pair: Pair, seen: set[object]) -> Finding:
        """Rate one schema beside a choice of several: if it is one of them, the other is wider."""
        grew = bool(pair.new.choices)
        choices, single = (pair.new.choices, pair.old) if grew else (pair.old.choices, pair.new)
        pairs = [
            Pair(single, each, pair.direction) if grew else Pair(each, single, pair.direction)
            for each in choices
        ]
        # A copy, so that a choice that does not fit hides nothing from the comparisons that follow.
        is_one = any(not list(self._compare(each, set(seen))) for each in pairs)
        what = f"`{pair.name}` is {'a choice of schemas' if grew else 'one schema'} now."
        rate = widened if grew else narrowed
        bump = rate(pair.direction) if is_one else Bump.MAJOR
        return Finding(pair.where(*CHOICES), what, "choice-changed", bump)

    def _discriminator(self, pair: Pair, seen: set[object]) -> Iterator[Finding]:
        where, name = pair.where("discriminator"), pair.name
        before, now = _discriminating(pair.old), _discriminating(pair.new)
        if before != now:
            what = (
                f"Choices of `{name}` are told apart by {shown(now)}, formerly by {shown(before)}."
            )
            yield Finding(where, what, "discriminator-changed", Bump.MAJOR)
            return
        old, new = pair.old.choice_values, pair.new.choice_values
        for value in old.keys() - new.keys():
            what = f"{shown(value)} no longer names a choice of `{name}`."
            yield Finding(where, what, "choice-value-removed", narrowed(pair.direction))
        for value in new.keys() - old.keys():
            what = f"{shown(value)} names a choice of `{name}` now."
            yield Finding(where, what, "choice-value-added", _grown(pair))
        for value in old.keys() & new.keys():
            was, is_ = old[value], new[value]
            if was == is_:
                continue
            if _exists(self._document, was):
                what = f"{shown(value)} of `{name}` is `{_last(is_)}`, formerly `{_last(was)}`."
                yield Finding(where, what, "choice-value-moved", Bump.MAJOR)
            else:
                # The component has another name.
                older = Schema(self._base, (where, {"$ref": was}))
                newer = Schema(self._document, (where, {"$ref": is_}))
                yield from self._compare(Pair(older, newer, pair.direction), seen)


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """Two schemas and the direction in which their values travel."""

    old: Schema
    new: Schema
    direction: Direction

    @property
    def is_moved(self) -> bool:
        """Whether the two are written in different components: then neither was edited itself."""
        return self.old.components != self.new.components

    def where(self, *keywords: str) -> str:
        """Return where one of ``keywords`` is written, in the newer document if it can be."""
        if self.is_moved:
            return self.new.holder
        places = (side.pointer_of(keyword) for side in (self.new, self.old) for keyword in keywords)
        return next((each for each in places if each is not None), self.new.key[0])

    @property
    def name(self) -> str:
        """The name of the schema, for people."""
        if self.is_moved or len(self.new.components) > 1:
            return name_of(self.new.holder)
        telling = (each.pointer for each in self.new.parts if _is_telling(each.node))
        return name_of(next(telling, self.new.holder))

    def travels(self, property_: Schema) -> bool:
        """Whether a property is part of what travels in this direction."""
        hidden = "readOnly" if self.direction is Direction.REQUEST else "writeOnly"
        return not property_.flag(hidden)


def _types(pair: Pair) -> Iterator[Finding]:
    yield from _one_of(pair, "type")


def _values(pair: Pair) -> Iterator[Finding]:
    for keyword in ("format", "pattern", "multipleOf"):
        yield from _one_of(pair, keyword)


def _one_of(pair: Pair, keyword: str) -> Iterator[Finding]:
    """Compare a keyword whose values exclude each other, or include another."""
    before, now = pair.old.first(keyword), pair.new.first(keyword)
    if before == now:
        return
    what = f"`{keyword}` of `{pair.name}` is {shown(now)}, formerly {shown(before)}."
    where = pair.where(keyword)
    if now is None or _includes(keyword, now, before):
        yield Finding(where, what, f"{keyword}-widened", widened(pair.direction))
    elif before is None or _includes(keyword, before, now):
        yield Finding(where, what, f"{keyword}-narrowed", narrowed(pair.direction))
    else:
        yield Finding(where, what, f"{keyword}-changed", Bump.MAJOR)


def _includes(keyword: str, wide: object, narrow: object) -> bool:
    """Whether each value that fits ``narrow`` fits ``wide``."""
    if keyword == "multipleOf" and _is_number(wide) and _is_number(narrow) and wide:
        # As decimals: a float rounds 0.3 / 0.1.
        return decimal.Decimal(str(narrow)) % decimal.Decimal(str(wide)) == 0
    return str(narrow) in WIDER.get(str(wide), set())


def _bounds(pair: Pair) -> Iterator[Finding]:
    for keyword in (*LEAST, *MOST):
        before, now = pair.old.bound(keyword), pair.new.bound(keyword)
        if before == now:
            continue
        what = f"`{keyword}` of `{pair.name}` is {_bound(now)}, formerly {_bound(before)}."
        where = pair.where(keyword, _exclusive(keyword))
        if now is None or (before is not None and _is_wider(keyword, before, now)):
            yield Finding(where, what, f"{keyword}-widened", widened(pair.direction))
        else:
            yield Finding(where, what, f"{keyword}-narrowed", narrowed(pair.direction))


def _is_wider(keyword: str, before: tuple[float, bool], now: tuple[float, bool]) -> bool:
    if keyword in LEAST:
        return now < before
    return (now[0], not now[1]) > (before[0], not before[1])


def _bound(bound: tuple[float, bool] | None) -> str:
    if bound is None:
        return "nothing"
    return f"{bound[0]}{' (excluded)' if bound[1] else ''}"


def _exclusive(keyword: str) -> str:
    return {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}.get(keyword, "")


def _nullable(pair: Pair) -> Iterator[Finding]:
    before, now = pair.old.nullable, pair.new.nullable
    if before == now or (pair.old.first("type") is None and pair.old.choices == []):
        return
    what = f"`{pair.name}` may {'' if now else 'no longer '}be null."
    rate, rule = (widened, "null-allowed") if now else (narrowed, "null-forbidden")
    yield Finding(pair.where("nullable"), what, rule, rate(pair.direction))


def _enum(pair: Pair) -> Iterator[Finding]:
    before, now, where = pair.old.enum, pair.new.enum, pair.where("enum")
    # Callers of an open enumeration were told to expect more values.
    closed = pair.direction is Direction.RESPONSE and not pair.old.flag(OPEN_ENUM)
    if before == now:
        return
    if before is None:
        what = f"`{pair.name}` is limited to {shown(now)}."
        yield Finding(where, what, "enum-introduced", narrowed(pair.direction))
        return
    if now is None:
        what = f"`{pair.name}` is no longer limited to {shown(before)}."
        yield Finding(where, what, "enum-dropped", Bump.MAJOR if closed else Bump.MINOR)
        return
    # Said by the rule about null already.
    told: list[object] = [None] if pair.old.nullable != pair.new.nullable else []
    if added := [each for each in now if each not in before and each not in told]:
        what = f"`{pair.name}` gained {_values_of(added)}."
        yield Finding(where, what, "enum-grew", Bump.MAJOR if closed else Bump.MINOR)
    if removed := [each for each in before if each not in now and each not in told]:
        what = f"`{pair.name}` lost {_values_of(removed)}."
        yield Finding(where, what, "enum-shrank", narrowed(pair.direction))


def _values_of(values: list[Any]) -> str:
    told = ", ".join("null" if each is None else shown(each) for each in values)
    return f"the value{'s' if len(values) > 1 else ''} {told}"


def _openness(pair: Pair) -> Iterator[Finding]:
    before, now = pair.old.flag(OPEN_ENUM), pair.new.flag(OPEN_ENUM)
    if before == now or pair.direction is Direction.REQUEST or pair.old.enum is None:
        return
    where = pair.where(OPEN_ENUM)
    if now:
        what = f"Responses may have values of `{pair.name}` that the document does not list."
        yield Finding(where, what, "enum-opened", Bump.MAJOR)
    else:
        what = f"`{pair.name}` is said to be complete: will the API really never add a value?"
        yield Finding(where, what, "enum-closed", Bump.PATCH, attention=True)


def _unique(pair: Pair) -> Iterator[Finding]:
    before, now = pair.old.flag("uniqueItems"), pair.new.flag("uniqueItems")
    if before != now:
        what = f"`{pair.name}` {'may no longer' if now else 'may'} repeat items."
        rate = narrowed if now else widened
        yield Finding(pair.where("uniqueItems"), what, "unique-items", rate(pair.direction))


def _default(pair: Pair) -> Iterator[Finding]:
    before, now = pair.old.first("default"), pair.new.first("default")
    if before == now:
        return
    what = f"Default of `{pair.name}` changed from {shown(before)} to {shown(now)}"
    where = pair.where("default")
    if pair.direction is Direction.REQUEST:
        what += ": a request without it means something else."
        yield Finding(where, what, "default-changed", Bump.MINOR, attention=True)
    else:
        yield Finding(where, f"{what}.", "default-changed", Bump.PATCH)


def _deprecated(pair: Pair) -> Iterator[Finding]:
    before, now = pair.old.flag("deprecated"), pair.new.flag("deprecated")
    if before != now:
        # Semantic Versioning 2.0.0, 7: a deprecation is a minor change.
        bump = Bump.MINOR if now else Bump.PATCH
        what = f"`{pair.name}` is {'deprecated' if now else 'no longer deprecated'}."
        yield Finding(pair.where("deprecated"), what, "deprecated", bump)


def _others(pair: Pair) -> Iterator[Finding]:
    for keyword in sorted((pair.old.keywords | pair.new.keywords) - RULED):
        if pair.old.values(keyword) != pair.new.values(keyword):
            what = f"`{keyword}` of `{pair.name}` changed."
            bump = Bump.MAJOR if keyword == "not" else Bump.PATCH
            yield Finding(pair.where(keyword), what, "keyword-changed", bump)


RULES: tuple[Callable[[Pair], Iterator[Finding]], ...] = (
    _values,
    _bounds,
    _nullable,
    _enum,
    _openness,
    _unique,
    _default,
    _deprecated,
    _others,
)


def _property_removed(pair: Pair, property_: Schema) -> Iterator[Finding]:
    if not pair.travels(property_):
        return
    name, rule = name_of(property_.holder), f"{pair.direction}-property-removed"
    if pair.direction is Direction.REQUEST and _is_closed(pair.new):
        what = f"`{name}` may not be in requests any longer."
        yield Finding(property_.holder, what, rule, Bump.MAJOR)
    elif pair.direction is Direction.REQUEST:
        yield Finding(property_.holder, f"Requests no longer know `{name}`.", rule, Bump.PATCH)
    else:
        yield Finding(property_.holder, f"Responses no longer have `{name}`.", rule, Bump.MAJOR)


def _property_hidden(pair: Pair, property_: Schema) -> Finding:
    keyword = "readOnly" if pair.direction is Direction.REQUEST else "writeOnly"
    what = f"`{name_of(property_.holder)}` is {keyword}: it may not be in {pair.direction}s any longer."
    return Finding(property_.holder, what, f"{pair.direction}-property-hidden", Bump.MAJOR)


def _property_added(pair: Pair, name: str, property_: Schema) -> Iterator[Finding]:
    if not pair.travels(property_):
        return
    required = name in pair.new.required
    needed = required and pair.direction is Direction.REQUEST
    kind = "required" if required else "optional"
    what = f"`{name_of(property_.holder)}` was added to {pair.direction}s ({kind})."
    rule = f"{pair.direction}-property-added"
    yield Finding(property_.holder, what, rule, Bump.MAJOR if needed else Bump.MINOR)


def _required(pair: Pair, name: str) -> Iterator[Finding]:
    before, now = pair.old.required, pair.new.required
    if (name in before) == (name in now):
        return
    where = pair.new.holder if pair.is_moved else now.get(name) or before[name]
    if name in now:
        what = f"`{pair.name}.{name}` is required in {pair.direction}s now."
        yield Finding(where, what, "required-added", narrowed(pair.direction))
    elif pair.direction is Direction.RESPONSE:
        what = f"`{pair.name}.{name}` may be missing from responses."
        yield Finding(where, what, "required-removed", Bump.MAJOR)
    else:
        what = f"`{pair.name}.{name}` may be left out of requests."
        yield Finding(where, what, "required-removed", Bump.PATCH)


def _is_only_choice(node: Mapping[str, Any], keyword: str) -> bool:
    """Whether ``keyword`` offers a single schema, which then applies as in an ``allOf``."""
    is_choice = keyword in CHOICES and "discriminator" not in node
    return is_choice and len(sequence(node.get(keyword))) == 1


def is_merged(node: Mapping[str, Any], keyword: str) -> bool:
    """Whether `Schema` takes what stands under ``keyword`` as parts of its own."""
    return keyword == "allOf" or _is_only_choice(node, keyword)


def _is_telling(node: Mapping[str, Any]) -> bool:
    """Whether a part says something itself; a wrapper of one reference does not."""
    return not all(is_merged(node, keyword) for keyword in node)


def _is_closed(schema: Schema) -> bool:
    return any(each is False for each in schema.values("additionalProperties"))


def _closed(pair: Pair) -> Iterator[Finding]:
    before, now = _is_closed(pair.old), _is_closed(pair.new)
    if before == now:
        return
    where = pair.where("additionalProperties")
    if now:
        what = f"`{pair.name}` may no longer have other properties."
        yield Finding(where, what, "properties-closed", narrowed(pair.direction))
    else:
        # Responses are read tolerantly: an unknown property breaks nobody.
        what = f"`{pair.name}` may have other properties."
        yield Finding(where, what, "properties-opened", Bump.MINOR)


def _grown(pair: Pair) -> Bump:
    """Return the verdict on one more choice."""
    if pair.direction is Direction.REQUEST:
        return Bump.MINOR
    key = _discriminating(pair.old)
    told = pair.old.choices[0].properties().get(str(key)) if pair.old.choices else None
    # Choices told apart by an open enumeration may grow.
    return Bump.MINOR if told is not None and told.flag(OPEN_ENUM) else Bump.MAJOR


def _discriminating(schema: Schema) -> object:
    return mapping(schema.first("discriminator")).get("propertyName")


def _by_name(choices: list[Schema]) -> dict[str, Schema]:
    return {_choice_name(each): each for each in choices}


def _choice_name(choice: Schema) -> str:
    place = choice.parts[0]
    if place.holder != place.pointer:
        return _last(place.pointer)
    return shown(place.node)


def _drop_equal(gone: dict[str, Schema], come: dict[str, Schema]) -> None:
    """Take out what only has another name."""
    for name, each in tuple(gone.items()):
        twin = next((other for other in come if come[other].plain() == each.plain()), None)
        if twin is not None:
            del gone[name], come[twin]


def _as_pointer(target: str) -> str:
    return target if target.startswith("#") else f"#/components/schemas/{target}"


def _exists(document: Mapping[str, Any], pointer: str) -> bool:
    try:
        follow(document, "", {"$ref": pointer})
    except openapi_document.DocumentError:
        return False
    return True


def _last(pointer: str) -> str:
    return pointer_parts(pointer)[-1]


def _is_number(value: object) -> TypeIs[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)

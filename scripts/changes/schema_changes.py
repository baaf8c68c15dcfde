"""Comparison of two schemas, in the direction in which their values travel.

A schema is compared as it applies: references are followed and ``allOf`` is merged, so that the same
meaning written another way is no change. In a request a narrower schema breaks callers, in a response
a wider one does.
"""

from __future__ import annotations

import dataclasses
import decimal
from typing import TYPE_CHECKING, Any

import openapi_document
from lint.subject import component_pointer

from changes.model import Bump, Change, Direction
from changes.nodes import Node, name_of, references, shown
from insightiq_mock.openapi.tree import join_pointer, mapping, pointer_parts, sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from typing_extensions import TypeIs

__all__ = ["LEAST_COUNTS", "Schema", "SchemaComparison", "is_merged"]

OPEN_ENUM = "x-extensible-enum"
LEAST_COUNTS = ("minLength", "minItems", "minProperties")
LEAST = ("minimum", *LEAST_COUNTS)
MOST = ("maximum", "maxLength", "maxItems", "maxProperties")
EXCLUSIVE = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}
# Type or format -> those whose values it includes.
WIDER = {"number": {"integer"}, "int64": {"int32"}, "double": {"float"}}
CHOICES = ("oneOf", "anyOf")
# Keywords with a rule of their own; the others are compared as they are written.
RULED = {
    "type", "format", "pattern", "enum", OPEN_ENUM, "nullable", "multipleOf", "uniqueItems", "default", "deprecated",
    "readOnly", "writeOnly", "properties", "required", "items", "additionalProperties", "allOf", "discriminator",
    *LEAST, *MOST, *EXCLUSIVE.values(), *CHOICES,
}  # fmt: skip


class Schema:
    """A schema as it applies: references followed, ``allOf`` merged.

    It has several sources if members of an ``allOf`` describe the same property.
    """

    def __init__(self, *sources: Node) -> None:
        self.document = sources[0].document
        self.holder = sources[0].holder
        self.parts: list[Node] = []
        for source in sources:
            self._merge(source, frozenset())

    def _merge(self, node: Node, inside: frozenset[str]) -> None:
        if node.pointer in inside:
            msg = f"{node.pointer} is a member of its own allOf; remove it there."
            raise openapi_document.DocumentError(msg)
        self.parts.append(node)
        for keyword in ("allOf", *CHOICES):
            if is_merged(node.data, keyword):
                for member in node.items(keyword):
                    self._merge(member, inside | {node.pointer})

    @property
    def key(self) -> tuple[str, ...]:
        """Pointers of its parts, which identify it in its document."""
        return tuple(each.pointer for each in self.parts)

    @property
    def components(self) -> frozenset[str]:
        """The components that it is written in, without wrappers of a single reference."""
        own = [each.pointer for each in self.parts if not _is_wrapper(each.data)]
        return frozenset(map(component_pointer, own or self.key))

    @property
    def keywords(self) -> set[str]:
        """All keywords of its parts."""
        return {keyword for each in self.parts for keyword in each.data}

    def values(self, keyword: str) -> list[Any]:
        """Return the values of ``keyword`` in its parts."""
        return [each.data[keyword] for each in self.parts if keyword in each.data]

    def first(self, keyword: str) -> Any:
        """Return the value of ``keyword`` in the first part that has it, else None."""
        return next(iter(self.values(keyword)), None)

    def flag(self, keyword: str) -> bool:
        """Return whether ``keyword`` is true in any part."""
        return any(each.flag(keyword) for each in self.parts)

    def pointer_of(self, keyword: str) -> str | None:
        """Return the pointer to ``keyword``."""
        holders = (each.pointer for each in self.parts if keyword in each.data)
        return next((join_pointer(holder, keyword) for holder in holders), None)

    @property
    def nullable(self) -> bool:
        """Whether null is allowed: OpenAPI 3.0.3 says so beside each ``type``."""
        typed = [each for each in self.parts if "type" in each.data]
        # Strictly, `nullable` has no effect without a type; authors write it on wrappers and mean it.
        wrapped = any(each.flag("nullable") for each in self.parts if "type" not in each.data)
        return wrapped or all(each.flag("nullable") for each in typed)

    @property
    def enum(self) -> list[Any] | None:
        """The values that every enumeration of it has; None if it has none."""
        lists = [sequence(each) for each in self.values("enum")]
        if not lists:
            return None
        return [value for value in lists[0] if all(value in each for each in lists)]

    @property
    def is_closed(self) -> bool:
        """Whether other properties are forbidden."""
        return any(each is False for each in self.values("additionalProperties"))

    def bound(self, keyword: str) -> tuple[float, bool] | None:
        """Return a bound and whether it is excluded itself; None if there is none."""
        bounds: list[tuple[float, bool]] = []
        for part in self.parts:
            value, excluded = part.data.get(keyword), part.data.get(EXCLUSIVE.get(keyword, ""))
            # A count of at least 0 is no bound.
            if _is_number(value) and not (value == 0 and keyword in LEAST_COUNTS):
                bounds.append((value, excluded is True))
            if _is_number(excluded):
                bounds.append((excluded, True))
        if not bounds:
            return None
        if keyword in LEAST:
            return max(bounds)
        return min(bounds, key=lambda each: (each[0], not each[1]))

    def properties(self) -> dict[str, Schema]:
        """Return the properties by name."""
        sources: dict[str, list[Node]] = {}
        for part in self.parts:
            for name, node in part.children("properties").items():
                sources.setdefault(name, []).append(node)
        return {name: Schema(*each) for name, each in sources.items()}

    @property
    def required(self) -> dict[str, str]:
        """The required properties, each with the pointer to the list that names it."""
        return {
            str(name): join_pointer(part.pointer, "required")
            for part in reversed(self.parts)
            for name in sequence(part.data.get("required"))
        }

    def below(self, keyword: str) -> Schema:
        """Return the schema under ``keyword``; an empty one if there is none."""
        sources = [
            part.child(keyword) for part in self.parts if isinstance(part.data.get(keyword), dict)
        ]
        return Schema(*(sources or [Node.at(self.document, f"{self.holder}/{keyword}", {})]))

    @property
    def choices(self) -> list[Schema]:
        """The members of its ``oneOf`` or ``anyOf``."""
        for part in self.parts:
            for keyword in CHOICES:
                if keyword in part.data and not is_merged(part.data, keyword):
                    return [Schema(each) for each in part.items(keyword)]
        return []

    @property
    def choice_values(self) -> dict[str, str]:
        """The values of its discriminator, each with the pointer to its schema."""
        if "discriminator" not in self.keywords:
            return {}
        targets = mapping(mapping(self.first("discriminator")).get("mapping"))
        named = {str(value): _as_pointer(str(target)) for value, target in targets.items()}
        pointers = [each.key[0] for each in self.choices]
        implicit = {_last(each): each for each in pointers if each not in named.values()}
        return implicit | named

    def plain(self) -> list[dict[str, Any]]:
        """Return its keywords as data that can be compared; references stay as they are."""
        parts = [
            {key: value for key, value in each.data.items() if not is_merged(each.data, key)}
            for each in self.parts
        ]
        return [each for each in parts if each]


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """Two schemas and the direction in which their values travel."""

    old: Schema
    new: Schema
    direction: Direction

    @property
    def is_request(self) -> bool:
        """Whether callers send the values."""
        return self.direction is Direction.REQUEST

    @property
    def narrowed(self) -> Bump:
        """Verdict on allowing less than before."""
        return Bump.MAJOR if self.is_request else Bump.PATCH

    @property
    def widened(self) -> Bump:
        """Verdict on allowing more than before."""
        return Bump.PATCH if self.is_request else Bump.MAJOR

    @property
    def is_moved(self) -> bool:
        """Whether the two are written in different components, so that neither was edited itself."""
        return self.old.components != self.new.components

    def where(self, *keywords: str) -> str:
        """Return the pointer to one of ``keywords``, in the newer document if possible."""
        if self.is_moved:
            return self.new.holder
        places = (side.pointer_of(keyword) for side in (self.new, self.old) for keyword in keywords)
        return next((each for each in places if each is not None), self.new.key[0])

    @property
    def name(self) -> str:
        """Name of the schema, for people."""
        if self.is_moved or len(self.new.components) > 1:
            return name_of(self.new.holder)
        own = (each.pointer for each in self.new.parts if not _is_wrapper(each.data))
        return name_of(next(own, self.new.holder))

    def travels(self, property_: Schema) -> bool:
        """Return whether a property is part of what travels in this direction."""
        return not property_.flag("readOnly" if self.is_request else "writeOnly")


class SchemaComparison:
    """Compares schemas; components that are not in ``changed`` are equal, with all they refer to."""

    def __init__(self, changed: set[str]) -> None:
        self._changed = changed

    def compare(self, old: Node, new: Node, direction: Direction) -> Iterator[Change]:
        """Yield the changes between two schemas."""
        yield from self._compare(Pair(Schema(old), Schema(new), direction), set())

    def _compare(self, pair: Pair, seen: set[object]) -> Iterator[Change]:
        old, new = pair.old, pair.new
        key = (old.key, new.key, pair.is_moved and new.holder)
        if key in seen or self._is_unchanged(old, new):
            return
        seen.add(key)
        if bool(old.choices) != bool(new.choices):
            yield self._choice_introduced_or_dropped(pair, seen)
            return
        types = list(_exclusive_values(pair, "type"))
        yield from types
        if any(each.rule == "type-changed" for each in types):
            return
        for rule in RULES:
            yield from rule(pair)
        yield from self._choices(pair, seen)
        yield from self._properties(pair, seen)
        yield from self._items(pair, seen)

    def _is_unchanged(self, old: Schema, new: Schema) -> bool:
        plain = new.plain()
        targets = {component_pointer(each) for each in references(plain)}
        return old.plain() == plain and not targets & self._changed

    def _properties(self, pair: Pair, seen: set[object]) -> Iterator[Change]:
        all_before, all_now = pair.old.properties(), pair.new.properties()
        before, now = (
            {name: each for name, each in properties.items() if pair.travels(each)}
            for properties in (all_before, all_now)
        )
        for name, each in before.items():
            if name in now:
                yield from _required(pair, name)
                yield from self._compare(Pair(each, now[name], pair.direction), seen)
            elif name in all_now:
                yield _property_hidden(pair, all_now[name])
            else:
                yield _property_removed(pair, each)
        for name, each in now.items():
            if name not in before:
                yield _property_added(pair, name, each)
        for name in dict.fromkeys((*pair.old.required, *pair.new.required)):
            if name not in all_before and name not in all_now:
                yield from _required(pair, name)

    def _items(self, pair: Pair, seen: set[object]) -> Iterator[Change]:
        closed, closes = pair.old.is_closed, pair.new.is_closed
        for keyword in ("items", "additionalProperties"):
            if keyword in pair.old.keywords | pair.new.keywords and (
                keyword == "items" or not (closed or closes)
            ):
                below = Pair(pair.old.below(keyword), pair.new.below(keyword), pair.direction)
                yield from self._compare(below, seen)
        where = pair.where("additionalProperties")
        if closes and not closed:
            what = f"`{pair.name}` may no longer have other properties."
            yield Change(where, what, "properties-closed", pair.narrowed)
        elif closed and not closes:
            # Responses are read tolerantly: an unknown property breaks no caller.
            what = f"`{pair.name}` may have other properties."
            yield Change(where, what, "properties-opened", Bump.MINOR)

    def _choices(self, pair: Pair, seen: set[object]) -> Iterator[Change]:
        if not pair.old.choices:
            return
        yield from self._discriminator(pair, seen)
        before = {_choice_name(each): each for each in pair.old.choices}
        now = {_choice_name(each): each for each in pair.new.choices}
        removed = {name: each for name, each in before.items() if name not in now}
        added = {name: each for name, each in now.items() if name not in before}
        for name, each in tuple(removed.items()):
            # The same choice under another name is no change.
            twin = next((other for other in added if added[other].plain() == each.plain()), None)
            if twin is not None:
                del removed[name], added[twin]
        if len(removed) == len(added) == 1:
            old, new = removed.popitem()[1], added.popitem()[1]
            yield from self._compare(Pair(old, new, pair.direction), seen)
        where = pair.where(*CHOICES)
        for name in removed:
            what = f"`{name}` is no longer a choice of `{pair.name}`."
            yield Change(where, what, "choice-removed", pair.narrowed)
        for name in added:
            what = f"`{name}` is a choice of `{pair.name}` now."
            yield Change(where, what, "choice-added", _choice_added(pair))
        for name, each in before.items():
            if name in now:
                yield from self._compare(Pair(each, now[name], pair.direction), seen)

    def _choice_introduced_or_dropped(self, pair: Pair, seen: set[object]) -> Change:
        """Rate a schema that became one of several, or the other way round."""
        introduced = bool(pair.new.choices)
        pairs = (
            Pair(old, new, pair.direction)
            for old in pair.old.choices or [pair.old]
            for new in pair.new.choices or [pair.new]
        )
        # A copy, so that a choice that does not fit hides nothing from the comparisons that follow.
        is_one = any(not list(self._compare(each, set(seen))) for each in pairs)
        what = f"`{pair.name}` is {'a choice of schemas' if introduced else 'one schema'} now."
        bump = pair.widened if introduced else pair.narrowed
        where = pair.where(*CHOICES)
        return Change(where, what, "choice-changed", bump if is_one else Bump.MAJOR)

    def _discriminator(self, pair: Pair, seen: set[object]) -> Iterator[Change]:
        before, now = _discriminator_key(pair.old), _discriminator_key(pair.new)
        where, name = pair.where("discriminator"), pair.name
        if before != now:
            what = f"Discriminator of `{name}` is {shown(now)}, formerly {shown(before)}."
            yield Change(where, what, "discriminator-changed", Bump.MAJOR)
            return
        old, new = pair.old.choice_values, pair.new.choice_values
        for value in [each for each in old if each not in new]:
            what = f"{shown(value)} no longer names a choice of `{name}`."
            yield Change(where, what, "choice-value-removed", pair.narrowed)
        for value, target in new.items():
            if value not in old:
                what = f"{shown(value)} names a choice of `{name}` now."
                yield Change(where, what, "choice-value-added", _choice_added(pair))
            elif old[value] == target:
                continue
            elif _exists(pair.new.document, old[value]):
                what = f"{shown(value)} of `{name}` is `{_last(target)}`, formerly `{_last(old[value])}`."
                yield Change(where, what, "choice-value-moved", Bump.MAJOR)
            else:
                # The component was renamed.
                older = Schema(Node.at(pair.old.document, where, {"$ref": old[value]}))
                newer = Schema(Node.at(pair.new.document, where, {"$ref": target}))
                yield from self._compare(Pair(older, newer, pair.direction), seen)


def _values(pair: Pair) -> Iterator[Change]:
    for keyword in ("format", "pattern", "multipleOf"):
        yield from _exclusive_values(pair, keyword)


def _exclusive_values(pair: Pair, keyword: str) -> Iterator[Change]:
    """Compare a keyword whose values exclude each other, or include another."""
    before, now = pair.old.first(keyword), pair.new.first(keyword)
    if before == now:
        return
    what = f"`{keyword}` of `{pair.name}` is {shown(now)}, formerly {shown(before)}."
    where = pair.where(keyword)
    if now is None or _includes(keyword, now, before):
        yield Change(where, what, f"{keyword}-widened", pair.widened)
    elif before is None or _includes(keyword, before, now):
        yield Change(where, what, f"{keyword}-narrowed", pair.narrowed)
    else:
        yield Change(where, what, f"{keyword}-changed", Bump.MAJOR)


def _includes(keyword: str, wide: object, narrow: object) -> bool:
    """Return whether each value that fits ``narrow`` fits ``wide``."""
    if keyword == "multipleOf" and _is_number(wide) and _is_number(narrow) and wide:
        # As decimals: a float rounds 0.3 / 0.1.
        return decimal.Decimal(str(narrow)) % decimal.Decimal(str(wide)) == 0
    return str(narrow) in WIDER.get(str(wide), set())


def _bounds(pair: Pair) -> Iterator[Change]:
    for keyword in (*LEAST, *MOST):
        before, now = pair.old.bound(keyword), pair.new.bound(keyword)
        if before == now:
            continue
        what = f"`{keyword}` of `{pair.name}` is {_bound(now)}, formerly {_bound(before)}."
        where = pair.where(keyword, EXCLUSIVE.get(keyword, ""))
        if now is None or (before is not None and _is_wider(keyword, before, now)):
            yield Change(where, what, f"{keyword}-widened", pair.widened)
        else:
            yield Change(where, what, f"{keyword}-narrowed", pair.narrowed)


def _is_wider(keyword: str, before: tuple[float, bool], now: tuple[float, bool]) -> bool:
    if keyword in LEAST:
        return now < before
    return (now[0], not now[1]) > (before[0], not before[1])


def _bound(bound: tuple[float, bool] | None) -> str:
    if bound is None:
        return "nothing"
    return f"{bound[0]}{' (excluded)' if bound[1] else ''}"


def _nullable(pair: Pair) -> Iterator[Change]:
    before, now = pair.old.nullable, pair.new.nullable
    if before == now or (pair.old.first("type") is None and not pair.old.choices):
        return
    where = pair.where("nullable")
    if now:
        yield Change(where, f"`{pair.name}` may be null.", "null-allowed", pair.widened)
    else:
        what = f"`{pair.name}` may no longer be null."
        yield Change(where, what, "null-forbidden", pair.narrowed)


def _enum(pair: Pair) -> Iterator[Change]:
    before, now, where = pair.old.enum, pair.new.enum, pair.where("enum")
    # Callers of an open enumeration expect more values.
    is_open = pair.is_request or pair.old.flag(OPEN_ENUM)
    grown = Bump.MINOR if is_open else Bump.MAJOR
    if before == now:
        return
    if before is None:
        what = f"`{pair.name}` is limited to {shown(now)}."
        yield Change(where, what, "enum-introduced", pair.narrowed)
        return
    if now is None:
        what = f"`{pair.name}` is no longer limited to {shown(before)}."
        yield Change(where, what, "enum-dropped", grown)
        return
    # The rule about null reports null already.
    reported: list[object] = [None] if pair.old.nullable != pair.new.nullable else []
    if added := [each for each in now if each not in before and each not in reported]:
        yield Change(where, f"`{pair.name}` gained {_listed(added)}.", "enum-grew", grown)
    if removed := [each for each in before if each not in now and each not in reported]:
        yield Change(where, f"`{pair.name}` lost {_listed(removed)}.", "enum-shrank", pair.narrowed)


def _listed(values: list[Any]) -> str:
    names = ", ".join("null" if each is None else shown(each) for each in values)
    return f"the value{'s' if len(values) > 1 else ''} {names}"


def _openness(pair: Pair) -> Iterator[Change]:
    before, now = pair.old.flag(OPEN_ENUM), pair.new.flag(OPEN_ENUM)
    if before == now or pair.is_request or pair.old.enum is None:
        return
    where = pair.where(OPEN_ENUM)
    if now:
        what = f"Responses may have values of `{pair.name}` that the document does not list."
        yield Change(where, what, "enum-opened", Bump.MAJOR)
    else:
        what = f"`{pair.name}` is said to be complete: will the API really never add a value?"
        yield Change(where, what, "enum-closed", Bump.PATCH, attention=True)


def _unique(pair: Pair) -> Iterator[Change]:
    before, now = pair.old.flag("uniqueItems"), pair.new.flag("uniqueItems")
    if before != now:
        what = f"`{pair.name}` {'may no longer' if now else 'may'} repeat items."
        bump = pair.narrowed if now else pair.widened
        yield Change(pair.where("uniqueItems"), what, "unique-items", bump)


def _default(pair: Pair) -> Iterator[Change]:
    before, now = pair.old.first("default"), pair.new.first("default")
    if before == now:
        return
    what = f"Default of `{pair.name}` changed from {shown(before)} to {shown(now)}"
    where = pair.where("default")
    if pair.is_request:
        what += ": a request without it has another meaning."
        yield Change(where, what, "default-changed", Bump.MINOR, attention=True)
    else:
        yield Change(where, f"{what}.", "default-changed", Bump.PATCH)


def _deprecated(pair: Pair) -> Iterator[Change]:
    before, now = pair.old.flag("deprecated"), pair.new.flag("deprecated")
    if before != now:
        # Semantic Versioning 2.0.0, 7: a deprecation is a minor change.
        bump = Bump.MINOR if now else Bump.PATCH
        what = f"`{pair.name}` is {'deprecated' if now else 'no longer deprecated'}."
        yield Change(pair.where("deprecated"), what, "deprecated", bump)


def _others(pair: Pair) -> Iterator[Change]:
    for keyword in sorted((pair.old.keywords | pair.new.keywords) - RULED):
        if pair.old.values(keyword) != pair.new.values(keyword):
            what = f"`{keyword}` of `{pair.name}` changed."
            bump = Bump.MAJOR if keyword == "not" else Bump.PATCH
            yield Change(pair.where(keyword), what, "keyword-changed", bump)


RULES: tuple[Callable[[Pair], Iterator[Change]], ...] = (
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


def _property_removed(pair: Pair, property_: Schema) -> Change:
    name, rule = name_of(property_.holder), f"{pair.direction}-property-removed"
    if not pair.is_request:
        what, bump = f"Responses no longer have `{name}`.", Bump.MAJOR
    elif pair.new.is_closed:
        what, bump = f"Requests may no longer have `{name}`.", Bump.MAJOR
    else:
        what, bump = f"Requests no longer use `{name}`.", Bump.PATCH
    return Change(property_.holder, what, rule, bump)


def _property_hidden(pair: Pair, property_: Schema) -> Change:
    name, keyword = name_of(property_.holder), "readOnly" if pair.is_request else "writeOnly"
    what = f"`{name}` is {keyword}: {pair.direction}s may no longer have it."
    return Change(property_.holder, what, f"{pair.direction}-property-hidden", Bump.MAJOR)


def _property_added(pair: Pair, name: str, property_: Schema) -> Change:
    required = name in pair.new.required
    bump = Bump.MAJOR if required and pair.is_request else Bump.MINOR
    kind = "required" if required else "optional"
    what = f"`{name_of(property_.holder)}` was added to {pair.direction}s ({kind})."
    return Change(property_.holder, what, f"{pair.direction}-property-added", bump)


def _required(pair: Pair, name: str) -> Iterator[Change]:
    before, now = pair.old.required, pair.new.required
    if (name in before) == (name in now):
        return
    where = pair.new.holder if pair.is_moved else now.get(name) or before[name]
    if name in now:
        what = f"`{pair.name}.{name}` is required in {pair.direction}s now."
        yield Change(where, what, "required-added", pair.narrowed)
    elif pair.is_request:
        what = f"`{pair.name}.{name}` may be left out of requests."
        yield Change(where, what, "required-removed", Bump.PATCH)
    else:
        what = f"`{pair.name}.{name}` may be missing from responses."
        yield Change(where, what, "required-removed", Bump.MAJOR)


def is_merged(data: Mapping[str, Any], keyword: str) -> bool:
    """Return whether `Schema` merges the members of ``keyword``: of ``allOf``, or a single choice."""
    if keyword in CHOICES:
        return "discriminator" not in data and len(sequence(data.get(keyword))) == 1
    return keyword == "allOf"


def _is_wrapper(data: Mapping[str, Any]) -> bool:
    """Return whether a part only wraps others; such a part is not written in a component itself."""
    return all(is_merged(data, keyword) for keyword in data)


def _choice_added(pair: Pair) -> Bump:
    """Return the verdict on one more choice."""
    if pair.is_request:
        return Bump.MINOR
    choices = pair.old.choices
    key = choices[0].properties().get(str(_discriminator_key(pair.old))) if choices else None
    # Choices that an open enumeration discriminates may grow.
    return Bump.MINOR if key is not None and key.flag(OPEN_ENUM) else Bump.MAJOR


def _discriminator_key(schema: Schema) -> object:
    return mapping(schema.first("discriminator")).get("propertyName")


def _choice_name(choice: Schema) -> str:
    node = choice.parts[0]
    return shown(node.data) if node.holder == node.pointer else _last(node.pointer)


def _as_pointer(target: str) -> str:
    return target if target.startswith("#") else f"#/components/schemas/{target}"


def _exists(document: Mapping[str, Any], pointer: str) -> bool:
    try:
        Node.at(document, "", {"$ref": pointer})
    except openapi_document.DocumentError:
        return False
    return True


def _last(pointer: str) -> str:
    return pointer_parts(pointer)[-1]


def _is_number(value: object) -> TypeIs[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)

"""Every change on the wire, with its verdict and the operations that it reaches.

Operations are compared as they apply: parameters of a path belong to each of its operations, and
credentials and servers of the document to each operation that names none of its own. A callback is
compared like a response: the API sends it, and the caller receives it.
"""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any

import openapi_document
from spec_rules.places import join_pointer, mapping, sequence
from spec_rules.subject import component_pointer

from change_report.documentation import changed_words
from change_report.model import Bump, Change, ComparisonError, Direction, Side
from change_report.normal import without_words
from change_report.schema_changes import (
    STYLES,
    Finding,
    Place,
    Schema,
    SchemaComparison,
    follow,
    name_of,
    narrowed,
    references,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Wire", "compare"]

REQUEST, RESPONSE = Direction.REQUEST, Direction.RESPONSE
LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")
# What a rule of its own compares, or what is no part of the wire.
RULED_OF_OPERATIONS = {
    "operationId", "parameters", "requestBody", "responses", "callbacks", "security", "servers", "deprecated",
}  # fmt: skip
RULED_OF_PARAMETERS = {
    "name", "in", "required", "schema", "content", "deprecated", "style", "explode", "allowReserved", "allowEmptyValue",
}  # fmt: skip
RULED_OF_DOCUMENTS = {"info", "paths", "components", "security", "servers", "tags"}


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """An operation of one document.

    Attributes:
        id: Its id.
        pointer: Where it is written.
        item: The path item around it, and where that is written.
        operation: The operation itself.
    """

    id: str
    pointer: str
    item: tuple[str, Mapping[str, Any]]
    operation: openapi_document.Operation


class Wire:
    """Two documents side by side, and what changed between them on the wire.

    Attributes:
        changes: Every change; words and examples last.
        sides: For each change, the operations it reaches and the side on which they see it.
        operations: The operations of the newer document by id.
        operations_before: The operations of the older document by id.
    """

    def __init__(self, base: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        self.operations = {each.id: each for each in openapi_document.operations(document)}
        self.operations_before = {each.id: each for each in openapi_document.operations(base)}
        self._base, self._document = without_words(base), without_words(document)
        changed = _changed_components(self._base, self._document)
        self._schemas = SchemaComparison(self._base, self._document, changed)
        found: dict[Finding, dict[str, set[Direction]]] = {}
        for finding, id_, direction in self._findings():
            found.setdefault(finding, {}).setdefault(id_, set()).add(direction)
        self.sides = dict(self._rated(found))
        self.changes = (
            *self.sides,
            *self._components(changed),
            *changed_words(base, document),
        )

    def _rated(
        self, found: Mapping[Finding, dict[str, set[Direction]]]
    ) -> Iterator[tuple[Change, dict[str, set[Direction]]]]:
        order = list(dict.fromkeys([*self.operations, *self.operations_before]))
        for finding, sides in found.items():
            reached = tuple(id_ for id_ in order if id_ in sides)
            yield _change(finding, reached), {id_: sides[id_] for id_ in reached}

    def _findings(self) -> Iterator[tuple[Finding, str, Direction]]:
        before, now = _calls(self._base), _calls(self._document)
        pairs = {route: (before[route], now[route]) for route in before if route in now}
        gone = {each.id: each for route, each in before.items() if route not in now}
        come = {each.id: each for route, each in now.items() if route not in before}
        for id_, call in gone.items():
            route = _route(call)
            if id_ in come:
                what = f"`{id_}` is {_route(come[id_])} now, formerly {route}."
                yield Finding(come[id_].pointer, what, "operation-moved", Bump.MAJOR), id_, REQUEST
                pairs[route, ""] = (call, come[id_])
            else:
                what = f"`{id_}` ({route}) was removed."
                yield Finding(call.pointer, what, "operation-removed", Bump.MAJOR), id_, REQUEST
        for id_, call in come.items():
            if id_ not in gone:
                what = f"`{id_}` ({_route(call)}) was added."
                yield Finding(call.pointer, what, "operation-added", Bump.MINOR), id_, REQUEST
        for old, new in pairs.values():
            for finding, direction in self._operation(old, new):
                yield finding, new.id, direction
                if finding.rule == "operation-id-changed":
                    yield finding, old.id, direction
        for finding in self._root():
            for id_ in self.operations:
                yield finding, id_, REQUEST

    def _operation(self, old: Call, new: Call) -> Iterator[tuple[Finding, Direction]]:
        for finding in self._request(old, new):
            yield finding, REQUEST
        was, is_ = old.operation.data, new.operation.data
        place = join_pointer(new.pointer, "responses")
        for finding in self._responses(
            (join_pointer(old.pointer, "responses"), mapping(was.get("responses"))),
            (place, mapping(is_.get("responses"))),
        ):
            yield finding, RESPONSE
        for finding in self._callbacks(old, new):
            yield finding, RESPONSE

    def _request(self, old: Call, new: Call) -> Iterator[Finding]:
        was, is_ = old.operation.data, new.operation.data
        if old.id != new.id:
            what = f"Operation `{old.id}` is called `{new.id}` now."
            where = join_pointer(new.pointer, "operationId")
            yield Finding(where, what, "operation-id-changed", Bump.PATCH)
        if (was.get("deprecated") is True) != (is_.get("deprecated") is True):
            yield _deprecation(join_pointer(new.pointer, "deprecated"), new.id, is_)
        yield from self._parameters(old, new)
        yield from self._body(old, new)
        yield from self._security(old, new)
        if any("servers" in each for each in (was, is_, old.item[1], new.item[1])):
            place = join_pointer(new.pointer, "servers")
            yield from _servers(
                place, self._servers(self._base, old), self._servers(self._document, new)
            )
        yield from _keywords(new.pointer, new.id, was, is_, RULED_OF_OPERATIONS | {"tags"})
        if was.get("tags") != is_.get("tags"):
            what = f"`{new.id}` belongs to {shown(is_.get('tags'))} now."
            yield Finding(join_pointer(new.pointer, "tags"), what, "tags-changed", Bump.PATCH)

    def _parameters(self, old: Call, new: Call) -> Iterator[Finding]:
        before, now = _parameters(self._base, old), _parameters(self._document, new)
        gone = {key: each for key, each in before.items() if key not in now}
        come = {key: each for key, each in now.items() if key not in before}
        for key, was in tuple(gone.items()):
            # One that is written in the same component has another name.
            twin = next((other for other in come if come[other].pointer == was.pointer), None)
            if twin is not None and was.holder != was.pointer:
                is_, _ = come.pop(twin), gone.pop(key)
                what = f"{was.name} is called `{is_.node.get('name')}` now."
                where = join_pointer(is_.pointer, "name")
                yield Finding(where, what, "parameter-renamed", Bump.MAJOR)
                yield from self._parameter(was, is_)
        for place in gone.values():
            what = f"{place.name} of `{new.id}` was removed."
            yield Finding(place.holder, what, "parameter-removed", Bump.MAJOR)
        for place in come.values():
            required = place.node.get("required") is True
            what = (
                f"{place.name} of `{new.id}` was added ({'required' if required else 'optional'})."
            )
            bump = Bump.MAJOR if required else Bump.MINOR
            yield Finding(place.holder, what, "parameter-added", bump)
        for key in [each for each in before if each in now]:
            yield from self._parameter(before[key], now[key])

    def _parameter(self, old: Parameter, new: Parameter) -> Iterator[Finding]:
        was, is_ = old.node, new.node
        where = new.pointer if _same_component(old, new) else new.holder
        name = new.name
        if was.get("name") != is_.get("name") and new.kind == "path":
            what = f"{old.name} is called `{is_.get('name')}` now."
            yield Finding(join_pointer(where, "name"), what, "path-parameter-renamed", Bump.PATCH)
        yield from _requirement(where, name, was, is_)
        if (was.get("deprecated") is True) != (is_.get("deprecated") is True):
            yield _deprecation(join_pointer(where, "deprecated"), str(is_.get("name")), is_)
        if old.styled() != new.styled():
            simple = {old.type(self._base), new.type(self._document)}.isdisjoint(
                {"array", "object"}
            )
            what = f"{name} is written as {new.styled()}, formerly as {old.styled()}."
            bump = Bump.PATCH if simple else Bump.MAJOR
            yield Finding(join_pointer(where, "style"), what, "parameter-style-changed", bump)
        for keyword in ("allowReserved", "allowEmptyValue"):
            if (was.get(keyword) is True) != (is_.get(keyword) is True):
                bump = Bump.PATCH if is_.get(keyword) is True else Bump.MAJOR
                what = f"`{keyword}` of {name} is {shown(is_.get(keyword))} now."
                yield Finding(join_pointer(where, keyword), what, "parameter-form-changed", bump)
        if ("content" in was) != ("content" in is_):
            what = f"{name} is {'JSON text' if 'content' in is_ else 'plain text'} now."
            yield Finding(where, what, "parameter-content-changed", Bump.MAJOR)
        else:
            yield from self._contents(old, new, REQUEST)
            yield from self._schema(old, new, REQUEST)
        yield from _keywords(where, name, was, is_, RULED_OF_PARAMETERS)

    def _body(self, old: Call, new: Call) -> Iterator[Finding]:
        was, is_ = old.operation.data.get("requestBody"), new.operation.data.get("requestBody")
        where = join_pointer(new.pointer, "requestBody")
        if was is None and is_ is None:
            return
        before = follow(self._base, join_pointer(old.pointer, "requestBody"), was)
        now = follow(self._document, where, is_)
        if was is None:
            required = now.node.get("required") is True
            what = f"`{new.id}` takes a body{', which is required' if required else ''}."
            yield Finding(where, what, "body-added", Bump.MAJOR if required else Bump.MINOR)
        elif is_ is None:
            what = f"`{new.id}` takes no body any longer."
            yield Finding(before.holder, what, "body-removed", Bump.MAJOR)
        else:
            where = now.pointer if _same_component(before, now) else now.holder
            yield from _requirement(where, f"The body of `{new.id}`", before.node, now.node)
            yield from self._contents(before, now, REQUEST)

    def _contents(self, old: Place, new: Place, direction: Direction) -> Iterator[Finding]:
        before, now = mapping(old.node.get("content")), mapping(new.node.get("content"))
        held = new.pointer if _same_component(old, new) else new.holder
        for media_type in before.keys() - now.keys():
            where = join_pointer(old.pointer, "content", media_type)
            verb = "takes" if direction is REQUEST else "comes as"
            what = f"`{name_of(held)}` {verb} {media_type} no longer."
            yield Finding(where, what, "media-type-removed", Bump.MAJOR)
        for media_type in now.keys() - before.keys():
            where = join_pointer(new.pointer, "content", media_type)
            verb = "takes" if direction is REQUEST else "may come as"
            what = f"`{name_of(held)}` {verb} {media_type} now."
            yield Finding(where, what, "media-type-added", Bump.MINOR)
        for media_type in before.keys() & now.keys():
            place = join_pointer(held, "content", media_type)
            was, is_ = mapping(before[media_type]), mapping(now[media_type])
            older = Place(old.holder, join_pointer(old.pointer, "content", media_type), was)
            newer = Place(new.holder, join_pointer(new.pointer, "content", media_type), is_)
            yield from self._schema(older, newer, direction)
            if was.get("encoding") != is_.get("encoding"):
                what = f"`encoding` of {media_type} of `{name_of(held)}` changed."
                bump = narrowed(direction)
                yield Finding(join_pointer(place, "encoding"), what, "encoding-changed", bump)

    def _schema(self, old: Place, new: Place, direction: Direction) -> Iterator[Finding]:
        if "schema" in old.node or "schema" in new.node:
            yield from self._schemas.compare(
                (join_pointer(old.pointer, "schema"), old.node.get("schema", {})),
                (join_pointer(new.pointer, "schema"), new.node.get("schema", {})),
                direction,
            )

    def _responses(
        self, old: tuple[str, Mapping[str, Any]], new: tuple[str, Mapping[str, Any]]
    ) -> Iterator[Finding]:
        before, now = old[1], new[1]
        for status in now.keys() - before.keys():
            what = f"Status {status} is documented now."
            yield Finding(join_pointer(new[0], status), what, "status-added", Bump.MINOR)
        for status in dict.fromkeys((*before, *now)):
            stood, stands = _describing(status, before), _describing(status, now)
            if stands is None:
                what = f"Status {status} is no longer documented."
                yield Finding(join_pointer(old[0], status), what, "status-removed", Bump.MAJOR)
            elif stood is not None:
                was = follow(self._base, join_pointer(old[0], stood), before[stood])
                is_ = follow(self._document, join_pointer(new[0], stands), now[stands])
                yield from self._contents(was, is_, RESPONSE)
                yield from self._headers(was, is_)

    def _headers(self, old: Place, new: Place) -> Iterator[Finding]:
        before, now = _headers(self._base, old), _headers(self._document, new)
        for name in before.keys() - now.keys():
            place = before[name]
            what = f"Response header `{name}` is no longer documented."
            yield Finding(place.holder, what, "header-removed", Bump.MAJOR)
        for name in now.keys() - before.keys():
            what = f"Response header `{name}` was added."
            yield Finding(now[name].holder, what, "header-added", Bump.MINOR)
        for name in before.keys() & now.keys():
            yield from self._header(name, before[name], now[name])

    def _header(self, name: str, was: Place, is_: Place) -> Iterator[Finding]:
        """Compare what the API sends beside a body, by name."""
        where = is_.pointer if _same_component(was, is_) else is_.holder
        promised = is_.node.get("required") is True
        if (was.node.get("required") is True) != promised:
            what = f"Header `{name}` is {'always sent' if promised else 'no longer promised'}."
            bump = Bump.PATCH if promised else Bump.MAJOR
            yield Finding(join_pointer(where, "required"), what, "header-required", bump)
        if (was.node.get("deprecated") is True) != (is_.node.get("deprecated") is True):
            yield _deprecation(join_pointer(where, "deprecated"), name, is_.node)
        yield from self._contents(was, is_, RESPONSE)
        yield from self._schema(was, is_, RESPONSE)

    def _callbacks(self, old: Call, new: Call) -> Iterator[Finding]:
        before, now = old.operation.data.get("callbacks"), new.operation.data.get("callbacks")
        place = join_pointer(new.pointer, "callbacks")
        for name in mapping(before).keys() - mapping(now).keys():
            what = f"Callback `{name}` of `{new.id}` was removed."
            where = join_pointer(old.pointer, "callbacks", name)
            yield Finding(where, what, "callback-removed", Bump.MAJOR)
        for name in mapping(now).keys() - mapping(before).keys():
            what = f"Callback `{name}` of `{new.id}` was added."
            yield Finding(join_pointer(place, name), what, "callback-added", Bump.MINOR)
        for name in mapping(before).keys() & mapping(now).keys():
            was = follow(
                self._base, join_pointer(old.pointer, "callbacks", name), mapping(before)[name]
            )
            is_ = follow(self._document, join_pointer(place, name), mapping(now)[name])
            yield from self._callback(name, was, is_)

    def _callback(self, name: str, old: Place, new: Place) -> Iterator[Finding]:
        before, now = list(old.node), list(new.node)
        where = new.pointer if _same_component(old, new) else new.holder
        for address in now:
            if address not in before and len(now) == len(before) == 1:
                what = f"Callback `{name}` is sent to {address}, formerly to {before[0]}."
                yield Finding(where, what, "callback-moved", Bump.MAJOR)
        pairs = (
            zip(before, now, strict=True)
            if len(before) == len(now) == 1
            else ((each, each) for each in before if each in now)
        )
        for was, is_ in pairs:
            older, newer = mapping(old.node[was]), mapping(new.node[is_])
            for method in openapi_document.METHODS:
                if method in older and method not in newer:
                    what = f"Callback `{name}` is no longer sent with {method.upper()}."
                    yield Finding(where, what, "callback-removed", Bump.MAJOR)
                elif method in newer and method not in older:
                    what = f"Callback `{name}` is sent with {method.upper()}."
                    yield Finding(where, what, "callback-added", Bump.MINOR)
                elif method in newer:
                    yield from self._received(
                        Place(
                            old.holder,
                            join_pointer(old.pointer, was, method),
                            mapping(older[method]),
                        ),
                        Place(
                            new.holder,
                            join_pointer(new.pointer, is_, method),
                            mapping(newer[method]),
                        ),
                    )

    def _received(self, old: Place, new: Place) -> Iterator[Finding]:
        """Compare what the API sends to the caller, and what it takes as a confirmation."""
        was = follow(
            self._base, join_pointer(old.pointer, "requestBody"), old.node.get("requestBody", {})
        )
        is_ = follow(
            self._document,
            join_pointer(new.pointer, "requestBody"),
            new.node.get("requestBody", {}),
        )
        yield from self._contents(was, is_, RESPONSE)
        before, now = _sent_headers(self._base, old), _sent_headers(self._document, new)
        for name in before.keys() - now.keys():
            what = f"Notifications no longer carry `{name}`."
            yield Finding(before[name].holder, what, "header-removed", Bump.MAJOR)
        for name in now.keys() - before.keys():
            what = f"Notifications carry `{name}` now."
            yield Finding(now[name].holder, what, "header-added", Bump.MINOR)
        for name in before.keys() & now.keys():
            yield from self._header(name, before[name], now[name])
        taken, takes = mapping(old.node.get("responses")), mapping(new.node.get("responses"))
        for status in taken.keys() - takes.keys():
            what = f"Status {status} no longer confirms a notification."
            where = join_pointer(old.pointer, "responses", status)
            yield Finding(where, what, "confirmation-removed", Bump.MAJOR)
        for status in takes.keys() - taken.keys():
            what = f"Status {status} confirms a notification."
            where = join_pointer(new.pointer, "responses", status)
            yield Finding(where, what, "confirmation-added", Bump.PATCH)

    def _security(self, old: Call, new: Call) -> Iterator[Finding]:
        before = _ways_in(self._base, old, self._shared_schemes)
        now = _ways_in(self._document, new, self._shared_schemes)
        where = join_pointer(new.pointer, "security")
        if before == now:
            return
        closed = [way for way in before if not any(other <= way for other in now)]
        if closed:
            if frozenset() in before:
                what = f"`{new.id}` can no longer be called without credentials."
            elif now < before:
                what = f"`{new.id}` no longer accepts some of its credentials."
            else:
                what = f"`{new.id}` asks for other credentials."
            yield Finding(where, what, "security-tightened", Bump.MAJOR)
        else:
            # It breaks no caller, and yet nobody should do it by accident.
            if frozenset() in now:
                what = f"`{new.id}` can be called without credentials now."
            elif before < now:
                what = f"`{new.id}` accepts other credentials as well."
            else:
                what = f"`{new.id}` asks for fewer credentials."
            yield Finding(where, what, "security-loosened", Bump.MINOR, attention=True)

    @property
    def _shared_schemes(self) -> set[str]:
        schemes = [
            mapping(mapping(each.get("components")).get("securitySchemes"))
            for each in (self._base, self._document)
        ]
        return {str(name) for name in schemes[0].keys() & schemes[1].keys()}

    def _servers(self, document: Mapping[str, Any], call: Call) -> list[str]:
        for holder in (call.operation.data, call.item[1], document):
            if "servers" in holder:
                return _addresses(holder)
        return []

    def _root(self) -> Iterator[Finding]:
        before, now = _addresses(self._base), _addresses(self._document)
        yield from _servers("#/servers", before, now)
        for name in sorted(self._shared_schemes):
            was, is_ = (
                mapping(each["components"]["securitySchemes"])[name]
                for each in (self._base, self._document)
            )
            if was != is_:
                where = join_pointer("#/components/securitySchemes", name)
                what = f"Credentials of `{name}` are {shown(is_)}, formerly {shown(was)}."
                yield Finding(where, what, "credentials-changed", Bump.MAJOR)
        yield from _keywords("#", "the document", self._base, self._document, RULED_OF_DOCUMENTS)

    def _components(self, changed: set[str]) -> Iterator[Change]:
        """Yield the components that came, went, or changed although no operation uses them."""
        before, now = _components(self._base), _components(self._document)
        named = {component_pointer(each.where) for each in self.sides}
        for pointer in before.keys() - now.keys():
            yield _change(_unused(pointer, f"Component {name_of(pointer)} was removed."))
        for pointer in now.keys() - before.keys():
            yield _change(_unused(pointer, f"Component {name_of(pointer)} was added."))
        used = _reached(self._base) | _reached(self._document)
        for pointer in sorted((before.keys() & now.keys() & changed) - used - named):
            if before[pointer] != now[pointer]:
                what = f"Component {name_of(pointer)}, which no operation uses, changed."
                yield _change(_unused(pointer, what))


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter(Place):
    """A parameter, behind the reference that leads to it."""

    @property
    def kind(self) -> str:
        """Where it is sent: ``path``, ``query``, ``header`` or ``cookie``."""
        return str(self.node.get("in"))

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.kind.capitalize()} parameter `{self.node.get('name')}`"

    def styled(self) -> tuple[str, bool]:
        """Return how its value is written: style, and whether exploded."""
        style = str(self.node.get("style", STYLES.get(self.kind)))
        return style, bool(self.node.get("explode", style == "form"))

    def type(self, document: Mapping[str, Any]) -> object:
        """Return the type of its value."""
        place = join_pointer(self.pointer, "schema")
        return Schema(document, (place, self.node.get("schema", {}))).first("type")


def compare(base: Mapping[str, Any], document: Mapping[str, Any]) -> Wire:
    """Compare two documents on the wire.

    Raises:
        ComparisonError: A reference of one of them leads nowhere.
    """
    try:
        return Wire(base, document)
    except openapi_document.DocumentError as error:
        raise ComparisonError(str(error)) from error


def _change(finding: Finding, operations: tuple[str, ...] = ()) -> Change:
    return Change(
        Side.WIRE,
        finding.bump,
        finding.where,
        finding.what,
        finding.rule,
        finding.attention,
        operations,
    )


def _unused(pointer: str, what: str) -> Finding:
    return Finding(pointer, what, "component-changed", Bump.PATCH)


def _calls(document: Mapping[str, Any]) -> dict[tuple[str, str], Call]:
    """Return the operations by method and path, whatever the path calls its parameters."""
    found: dict[tuple[str, str], Call] = {}
    for operation in openapi_document.operations(document):
        place = join_pointer("#/paths", operation.path)
        item = mapping(mapping(document["paths"])[operation.path])
        key = (operation.method, re.sub(r"\{[^}]*\}", "{}", operation.path))
        found[key] = Call(operation.id, operation.pointer, (place, item), operation)
    return found


def _route(call: Call) -> str:
    return f"{call.operation.method.upper()} {call.operation.path}"


def _parameters(document: Mapping[str, Any], call: Call) -> dict[tuple[str, str], Parameter]:
    """Return the parameters of an operation and its path; those of the path go by position."""
    found: dict[tuple[str, str], Parameter] = {}
    names = re.findall(r"\{([^}]*)\}", call.operation.path)
    for pointer, holder in (call.item, (call.pointer, call.operation.data)):
        for number, node in enumerate(sequence(holder.get("parameters"))):
            place = follow(document, join_pointer(pointer, "parameters", number), node)
            parameter = Parameter(place.holder, place.pointer, place.node)
            name = str(place.node.get("name"))
            key = name.lower() if parameter.kind == "header" else name
            if parameter.kind == "path" and name in names:
                key = str(names.index(name))
            found[parameter.kind, key] = parameter
    return found


def _describing(status: str, responses: Mapping[str, Any]) -> str | None:
    """Return the key that describes a status: its own, that of its range, or the default."""
    keys = (status, f"{status[:1]}XX", "default")
    return next((each for each in keys if each in responses), None)


def _headers(document: Mapping[str, Any], response: Place) -> dict[str, Place]:
    return {
        str(name).lower(): follow(document, join_pointer(response.pointer, "headers", name), node)
        for name, node in mapping(response.node.get("headers")).items()
    }


def _sent_headers(document: Mapping[str, Any], operation: Place) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for number, node in enumerate(sequence(operation.node.get("parameters"))):
        place = follow(document, join_pointer(operation.pointer, "parameters", number), node)
        found[str(place.node.get("name")).lower()] = place
    return found


def _requirement(
    where: str, name: str, was: Mapping[str, Any], is_: Mapping[str, Any]
) -> Iterator[Finding]:
    before, now = was.get("required") is True, is_.get("required") is True
    if before != now:
        bump = Bump.MAJOR if now else Bump.PATCH
        what = f"{name} is {'required' if now else 'optional'} now."
        yield Finding(join_pointer(where, "required"), what, "requirement-changed", bump)


def _deprecation(where: str, name: str, node: Mapping[str, Any]) -> Finding:
    # Semantic Versioning 2.0.0, 7: a deprecation is a minor change.
    now = node.get("deprecated") is True
    what = f"`{name}` is {'deprecated' if now else 'no longer deprecated'}."
    return Finding(where, what, "deprecated", Bump.MINOR if now else Bump.PATCH)


def _keywords(
    where: str, name: str, was: Mapping[str, Any], is_: Mapping[str, Any], ruled: set[str]
) -> Iterator[Finding]:
    for keyword in sorted((was.keys() | is_.keys()) - ruled):
        for said, before, now in _differences(keyword, was.get(keyword), is_.get(keyword)):
            what = f"`{said}` of {name} is {shown(now)}, formerly {shown(before)}."
            yield Finding(join_pointer(where, keyword), what, "keyword-changed", Bump.PATCH)


def _differences(name: str, before: object, now: object) -> Iterator[tuple[str, object, object]]:
    """Yield what differs: of two objects their keys, so that long values are not cut before it."""
    if before == now:
        return
    old, new = mapping(before), mapping(now)
    if not old or not new:
        yield name, before, now
        return
    for key in dict.fromkeys((*old, *new)):
        yield from _differences(f"{name}.{key}", old.get(key), new.get(key))


def _ways_in(
    document: Mapping[str, Any], call: Call, shared: set[str]
) -> set[frozenset[tuple[str, str]]]:
    """Return the alternatives of credentials, each as pairs of scheme and scope; empty: none.

    A scheme that only one of the documents names is told by what it says.
    """
    schemes = mapping(mapping(document.get("components")).get("securitySchemes"))
    wanted = call.operation.data.get("security", document.get("security"))
    ways = [mapping(each) for each in sequence(wanted)] or [{}]
    return {
        frozenset(
            (
                str(name) if name in shared else json.dumps(schemes.get(name), sort_keys=True),
                str(scope),
            )
            for name, scopes in way.items()
            for scope in ("", *sequence(scopes))
        )
        for way in ways
    }


def _addresses(holder: Mapping[str, Any]) -> list[str]:
    """Return the addresses of its servers, variables filled in."""
    found: list[str] = []
    for server in sequence(holder.get("servers")):
        url = str(mapping(server).get("url"))
        for name, variable in mapping(mapping(server).get("variables")).items():
            url = url.replace(f"{{{name}}}", str(mapping(variable).get("default")))
        found.append(url)
    return found


def _servers(where: str, before: Iterable[str], now: Iterable[str]) -> Iterator[Finding]:
    """Compare addresses; that of a server on one's own machine is no part of the API."""
    old, new = dict.fromkeys(before), dict.fromkeys(now)
    for url in [each for each in old if each not in new]:
        bump = Bump.PATCH if url.startswith(LOOPBACK) else Bump.MAJOR
        yield Finding(where, f"Server {url} was removed.", "server-removed", bump)
    for url in [each for each in new if each not in old]:
        bump = Bump.PATCH if url.startswith(LOOPBACK) else Bump.MINOR
        yield Finding(where, f"Server {url} was added.", "server-added", bump)


def _same_component(old: Place, new: Place) -> bool:
    return component_pointer(old.pointer) == component_pointer(new.pointer)


def _components(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        join_pointer("#/components", section, name): node
        for section, entries in mapping(document.get("components")).items()
        for name, node in mapping(entries).items()
        if section not in {"examples", "links"}
    }


def _reached(document: Mapping[str, Any]) -> set[str]:
    """Return the components that an operation refers to, directly or not."""
    components = _components(document)
    found: set[str] = {
        join_pointer("#/components/securitySchemes", name)
        for name in mapping(mapping(document.get("components")).get("securitySchemes"))
    }
    waiting = [component_pointer(each) for each in references(document.get("paths"))]
    while waiting:
        pointer = waiting.pop()
        if pointer not in found:
            found.add(pointer)
            waiting += map(component_pointer, references(components.get(pointer)))
    return found


def _changed_components(base: Mapping[str, Any], document: Mapping[str, Any]) -> set[str]:
    """Return the components that are not equal, and those that refer to one."""
    before, now = _components(base), _components(document)
    changed = {each for each in before.keys() | now.keys() if before.get(each) != now.get(each)}
    users: dict[str, set[str]] = {}
    for components in (before, now):
        for pointer, node in components.items():
            for target in references(node):
                users.setdefault(component_pointer(target), set()).add(pointer)
    waiting = list(changed)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in changed:
                changed.add(user)
                waiting.append(user)
    return changed

"""Changes on the wire between two documents, with verdicts and the operations that they affect.

Operations are compared as they apply: parameters of a path belong to each of its operations, and
credentials and servers of the document to each operation without its own. A callback is compared
like a response: the API sends it, and the caller receives it.
"""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any

import openapi_document
from lint.subject import component_pointer

from changes.model import Bump, Change, ComparisonError, Direction
from changes.nodes import (
    DOCUMENTATION,
    Node,
    name_of,
    references,
    shown,
    without_documentation,
)
from changes.schema_changes import Schema, SchemaComparison
from insightiq_mock.openapi.tree import join_pointer, mapping, sequence, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["STYLES", "DocumentChanges", "compare_documents"]

REQUEST, RESPONSE = Direction.REQUEST, Direction.RESPONSE
LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")
# Default style of a parameter by its location.
STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
# Keywords that have a rule of their own, or are not part of the wire.
RULED_OF_OPERATIONS = {
    "operationId", "parameters", "requestBody", "responses", "callbacks", "security", "servers", "deprecated", "tags",
}  # fmt: skip
RULED_OF_PARAMETERS = {
    "name", "in", "required", "schema", "content", "deprecated", "style", "explode", "allowReserved", "allowEmptyValue",
}  # fmt: skip
RULED_OF_DOCUMENTS = {"info", "paths", "components", "security", "servers", "tags"}

Found = tuple[Change, Direction]


@dataclasses.dataclass(frozen=True, slots=True)
class DocumentChanges:
    """Every change, the operations that it affects with the directions, and all operation ids."""

    changes: tuple[Change, ...]
    directions: Mapping[Change, Mapping[str, set[Direction]]]
    operations: tuple[str, ...]
    operations_before: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Operation:
    """An operation and the path item around it."""

    id: str
    method: str
    path: str
    item: Node
    node: Node

    @property
    def route(self) -> str:
        """Method and path."""
        return f"{self.method.upper()} {self.path}"


def compare_documents(base: Mapping[str, Any], document: Mapping[str, Any]) -> DocumentChanges:
    """Compare two documents on the wire.

    Raises:
        ComparisonError: A reference of one of them leads nowhere.
    """
    try:
        comparison = _Comparison(without_documentation(base), without_documentation(document))
        ids, ids_before = (
            tuple(dict.fromkeys(each.id for each in openapi_document.operations(side)))
            for side in (document, base)
        )
        found: dict[Change, dict[str, set[Direction]]] = {}
        for change, id_, direction in comparison.changes():
            found.setdefault(change, {}).setdefault(id_, set()).add(direction)
        order = dict.fromkeys((*ids, *ids_before))
        directions: dict[Change, dict[str, set[Direction]]] = {}
        for change, affected in found.items():
            operations = tuple(id_ for id_ in order if id_ in affected)
            key = dataclasses.replace(change, operations=operations)
            directions[key] = {id_: affected[id_] for id_ in operations}
        changes = (
            *directions,
            *comparison.unused_components(directions),
            *_documentation_changes(base, document),
        )
    except openapi_document.DocumentError as error:
        raise ComparisonError(str(error)) from error
    return DocumentChanges(changes, directions, ids, ids_before)


class _Comparison:
    """Compares two documents without documentation."""

    def __init__(self, base: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        self._base = Node(base, "#", "#", base)
        self._document = Node(document, "#", "#", document)
        self._changed = _changed_components(base, document)
        self._schemas = SchemaComparison(self._changed)
        schemes, schemes_now = _security_schemes(base), _security_schemes(document)
        self._shared_schemes = sorted(schemes.keys() & schemes_now.keys())

    def changes(self) -> Iterator[tuple[Change, str, Direction]]:
        """Yield each change with an operation that it affects, and the direction."""
        before, now = _operations(self._base.data), _operations(self._document.data)
        pairs = [(before[route], now[route]) for route in before if route in now]
        removed = {each.id: each for route, each in before.items() if route not in now}
        added = {each.id: each for route, each in now.items() if route not in before}
        for id_, old in removed.items():
            if new := added.get(id_):
                what = f"`{id_}` is {new.route} now, formerly {old.route}."
                yield Change(new.node.pointer, what, "operation-moved", Bump.MAJOR), id_, REQUEST
                pairs.append((old, new))
            else:
                what = f"`{id_}` ({old.route}) was removed."
                yield Change(old.node.pointer, what, "operation-removed", Bump.MAJOR), id_, REQUEST
        for id_, new in added.items():
            if id_ not in removed:
                what = f"`{id_}` ({new.route}) was added."
                yield Change(new.node.pointer, what, "operation-added", Bump.MINOR), id_, REQUEST
        for old, new in pairs:
            if old.id != new.id:
                where = join_pointer(new.node.pointer, "operationId")
                what = f"Operation `{old.id}` is called `{new.id}` now."
                change = Change(where, what, "operation-id-changed", Bump.PATCH)
                yield from ((change, id_, REQUEST) for id_ in (old.id, new.id))
            for change, direction in self._operation(old, new):
                yield change, new.id, direction
        for change in self._root():
            yield from ((change, each.id, REQUEST) for each in now.values())

    def unused_components(self, changes: Iterable[Change]) -> Iterator[Change]:
        """Yield the components that were added, removed, or changed without affecting operations."""
        base, document = self._base.data, self._document.data
        before, now = _components(base), _components(document)
        sentences = {
            **{each: f"{name_of(each)} was removed" for each in before if each not in now},
            **{each: f"{name_of(each)} was added" for each in now if each not in before},
        }
        named = {component_pointer(each.where) for each in changes}
        changed = {each for each in self._changed if before.get(each) != now.get(each)}
        for pointer in sorted(changed - named - _used(base) - _used(document) - sentences.keys()):
            sentences[pointer] = f"{name_of(pointer)}, which no operation uses, changed"
        for pointer, sentence in sentences.items():
            yield Change(pointer, f"Component {sentence}.", "component-changed", Bump.PATCH)

    def _operation(self, old: Operation, new: Operation) -> Iterator[Found]:
        requests = (
            *self._attributes(old, new),
            *self._parameters(old, new),
            *self._body(old, new),
            *self._security(old, new),
        )
        yield from ((change, REQUEST) for change in requests)
        for change in (*self._responses(old, new), *self._callbacks(old, new)):
            yield change, RESPONSE

    def _attributes(self, old: Operation, new: Operation) -> Iterator[Change]:
        was, is_ = old.node, new.node
        yield from _deprecation(is_.pointer, new.id, was, is_)
        holders = (was.data, is_.data, old.item.data, new.item.data)
        if any("servers" in each for each in holders):
            where = join_pointer(is_.pointer, "servers")
            yield from _servers(where, _addresses(was, old.item), _addresses(is_, new.item))
        yield from _keywords(is_.pointer, new.id, was, is_, RULED_OF_OPERATIONS)
        tags = is_.data.get("tags")
        if was.data.get("tags") != tags:
            what = f"`{new.id}` belongs to {shown(tags)} now."
            yield Change(join_pointer(is_.pointer, "tags"), what, "tags-changed", Bump.PATCH)

    def _parameters(self, old: Operation, new: Operation) -> Iterator[Change]:
        before, now = _parameters(old), _parameters(new)
        removed = {key: each for key, each in before.items() if key not in now}
        added = {key: each for key, each in now.items() if key not in before}
        for key, was in tuple(removed.items()):
            # Written in the same component, it is the same parameter under another name.
            twin = next((other for other in added if added[other].pointer == was.pointer), None)
            if twin is not None and was.holder != was.pointer:
                is_, _ = added.pop(twin), removed.pop(key)
                what = f"{_label(was)} is called `{is_.data.get('name')}` now."
                where = join_pointer(is_.pointer, "name")
                yield Change(where, what, "parameter-renamed", Bump.MAJOR)
                yield from self._parameter(was, is_)
        for node in removed.values():
            what = f"{_label(node)} of `{new.id}` was removed."
            yield Change(node.holder, what, "parameter-removed", Bump.MAJOR)
        for node in added.values():
            required = node.flag("required")
            kind = "required" if required else "optional"
            what = f"{_label(node)} of `{new.id}` was added ({kind})."
            bump = Bump.MAJOR if required else Bump.MINOR
            yield Change(node.holder, what, "parameter-added", bump)
        for key, node in before.items():
            if key in now:
                yield from self._parameter(node, now[key])

    def _parameter(self, old: Node, new: Node) -> Iterator[Change]:
        was, is_, where, label = old.data, new.data, _where(old, new), _label(new)
        if was.get("name") != is_.get("name") and is_.get("in") == "path":
            what = f"{_label(old)} is called `{is_.get('name')}` now."
            yield Change(join_pointer(where, "name"), what, "path-parameter-renamed", Bump.PATCH)
        yield from _requirement(where, label, old, new)
        yield from _deprecation(where, str(is_.get("name")), old, new)
        if _style(old) != _style(new):
            types = {Schema(each.child("schema")).first("type") for each in (old, new)}
            what = f"{label} is written as {_style(new)}; formerly as {_style(old)}."
            bump = Bump.PATCH if types.isdisjoint({"array", "object"}) else Bump.MAJOR
            yield Change(join_pointer(where, "style"), what, "parameter-style-changed", bump)
        for keyword in ("allowReserved", "allowEmptyValue"):
            if old.flag(keyword) != new.flag(keyword):
                bump = Bump.PATCH if new.flag(keyword) else Bump.MAJOR
                what = f"`{keyword}` of {label} is {shown(is_.get(keyword))} now."
                yield Change(join_pointer(where, keyword), what, "parameter-form-changed", bump)
        if ("content" in was) != ("content" in is_):
            what = f"{label} is {'JSON text' if 'content' in is_ else 'plain text'} now."
            yield Change(where, what, "parameter-content-changed", Bump.MAJOR)
        else:
            yield from self._contents(old, new, REQUEST)
            yield from self._schema(old, new, REQUEST)
        yield from _keywords(where, label, old, new, RULED_OF_PARAMETERS)

    def _body(self, old: Operation, new: Operation) -> Iterator[Change]:
        was, is_ = old.node.child("requestBody"), new.node.child("requestBody")
        has, has_now = ("requestBody" in each.node.data for each in (old, new))
        if has and has_now:
            yield from _requirement(_where(was, is_), f"The body of `{new.id}`", was, is_)
            yield from self._contents(was, is_, REQUEST)
        elif has:
            what = f"`{new.id}` no longer takes a body."
            yield Change(was.holder, what, "body-removed", Bump.MAJOR)
        elif has_now:
            required = is_.flag("required")
            what = f"`{new.id}` takes a body{', which is required' if required else ''}."
            bump = Bump.MAJOR if required else Bump.MINOR
            yield Change(is_.holder, what, "body-added", bump)

    def _contents(self, old: Node, new: Node, direction: Direction) -> Iterator[Change]:
        place = _where(old, new)
        before, now = old.children("content"), new.children("content")
        yield from _members(
            before, now, "media-type", lambda name: f"Media type `{name}` of `{name_of(place)}`"
        )
        for media_type, was, is_ in _common(before, now):
            yield from self._schema(was, is_, direction)
            if was.data.get("encoding") != is_.data.get("encoding"):
                what = f"`encoding` of {media_type} of `{name_of(place)}` changed."
                where = join_pointer(place, "content", media_type, "encoding")
                bump = Bump.MAJOR if direction is REQUEST else Bump.PATCH
                yield Change(where, what, "encoding-changed", bump)

    def _schema(self, old: Node, new: Node, direction: Direction) -> Iterator[Change]:
        if "schema" in old.data or "schema" in new.data:
            yield from self._schemas.compare(old.child("schema"), new.child("schema"), direction)

    def _responses(self, old: Operation, new: Operation) -> Iterator[Change]:
        before, now = old.node.children("responses"), new.node.children("responses")
        for status in dict.fromkeys((*before, *now)):
            was, is_ = _describing(status, before), _describing(status, now)
            if status not in before:
                what = f"Status {status} is documented now."
                where = join_pointer(new.node.pointer, "responses", status)
                yield Change(where, what, "status-added", Bump.MINOR)
            if is_ is None:
                what = f"Status {status} is no longer documented."
                where = join_pointer(old.node.pointer, "responses", status)
                yield Change(where, what, "status-removed", Bump.MAJOR)
            elif was is not None:
                yield from self._contents(was, is_, RESPONSE)
                headers, headers_now = (
                    {name.lower(): node for name, node in each.children("headers").items()}
                    for each in (was, is_)
                )
                yield from self._headers(headers, headers_now, "Response header")

    def _headers(
        self, before: Mapping[str, Node], now: Mapping[str, Node], label: str
    ) -> Iterator[Change]:
        yield from _members(before, now, "header", lambda name: f"{label} `{name}`")
        for name, was, is_ in _common(before, now):
            where, promised = _where(was, is_), is_.flag("required")
            if was.flag("required") != promised:
                what = f"Header `{name}` is {'always sent' if promised else 'no longer promised'}."
                bump = Bump.PATCH if promised else Bump.MAJOR
                yield Change(join_pointer(where, "required"), what, "header-required", bump)
            yield from _deprecation(where, name, was, is_)
            yield from self._contents(was, is_, RESPONSE)
            yield from self._schema(was, is_, RESPONSE)

    def _callbacks(self, old: Operation, new: Operation) -> Iterator[Change]:
        before, now = old.node.children("callbacks"), new.node.children("callbacks")
        yield from _members(
            before, now, "callback", lambda name: f"Callback `{name}` of `{new.id}`"
        )
        for name, was, is_ in _common(before, now):
            yield from self._callback(name, was, is_)

    def _callback(self, name: str, old: Node, new: Node) -> Iterator[Change]:
        before, now = [str(each) for each in old.data], [str(each) for each in new.data]
        where = _where(old, new)
        pairs = [(each, each) for each in before if each in now]
        if len(before) == len(now) == 1:
            pairs = [(before[0], now[0])]
            if before != now:
                what = f"Callback `{name}` is sent to {now[0]}, formerly to {before[0]}."
                yield Change(where, what, "callback-moved", Bump.MAJOR)
        for address, address_now in pairs:
            older, newer = mapping(old.data[address]), mapping(new.data[address_now])
            for method in openapi_document.METHODS:
                if method in older and method not in newer:
                    what = f"Callback `{name}` is no longer sent with {method.upper()}."
                    yield Change(where, what, "callback-removed", Bump.MAJOR)
                elif method in newer and method not in older:
                    what = f"Callback `{name}` is sent with {method.upper()}."
                    yield Change(where, what, "callback-added", Bump.MINOR)
                elif method in newer:
                    yield from self._notification(
                        old.child(address, method), new.child(address_now, method)
                    )

    def _notification(self, old: Node, new: Node) -> Iterator[Change]:
        """Compare what the API sends to the caller, and the statuses that confirm it."""
        yield from self._contents(old.child("requestBody"), new.child("requestBody"), RESPONSE)
        headers, headers_now = (
            {str(node.data.get("name")).lower(): node for node in each.items("parameters")}
            for each in (old, new)
        )
        yield from self._headers(headers, headers_now, "Notification header")
        before, now = old.children("responses"), new.children("responses")
        subject = "Confirmation status `{}` of a notification".format
        yield from _members(before, now, "confirmation", subject, Bump.PATCH)

    def _security(self, old: Operation, new: Operation) -> Iterator[Change]:
        before, now = (_credentials(each, self._shared_schemes) for each in (old, new))
        where = join_pointer(new.node.pointer, "security")
        if before == now:
            return
        if any(not any(other <= each for other in now) for each in before):
            if frozenset() in before:
                what = f"`{new.id}` can no longer be called without credentials."
            elif now < before:
                what = f"`{new.id}` no longer accepts some of its credentials."
            else:
                what = f"`{new.id}` asks for other credentials."
            yield Change(where, what, "security-tightened", Bump.MAJOR)
        else:
            # It breaks no caller, but must not happen by accident.
            if frozenset() in now:
                what = f"`{new.id}` can be called without credentials now."
            elif before < now:
                what = f"`{new.id}` accepts other credentials as well."
            else:
                what = f"`{new.id}` asks for fewer credentials."
            yield Change(where, what, "security-loosened", Bump.MINOR, attention=True)

    def _root(self) -> Iterator[Change]:
        yield from _servers("#/servers", _addresses(self._base), _addresses(self._document))
        for name in self._shared_schemes:
            was, is_ = (_security_schemes(each.data)[name] for each in (self._base, self._document))
            if was != is_:
                where = join_pointer("#/components/securitySchemes", name)
                what = f"Credentials of `{name}` are {shown(is_)}, formerly {shown(was)}."
                yield Change(where, what, "credentials-changed", Bump.MAJOR)
        yield from _keywords("#", "the document", self._base, self._document, RULED_OF_DOCUMENTS)


def _operations(document: Mapping[str, Any]) -> dict[tuple[str, str], Operation]:
    """Return the operations by method and path, whatever the path calls its parameters."""
    found: dict[tuple[str, str], Operation] = {}
    for each in openapi_document.operations(document):
        pointer = join_pointer("#/paths", each.path)
        item = Node(document, pointer, pointer, mapping(document["paths"][each.path]))
        node = Node(document, each.pointer, each.pointer, each.data)
        key = (each.method, re.sub(r"\{[^}]*\}", "{}", each.path))
        found[key] = Operation(each.id, each.method, each.path, item, node)
    return found


def _parameters(operation: Operation) -> dict[tuple[str, str], Node]:
    """Return the parameters of an operation and its path; those of the path go by position."""
    found: dict[tuple[str, str], Node] = {}
    names = re.findall(r"\{([^}]*)\}", operation.path)
    for node in (*operation.item.items("parameters"), *operation.node.items("parameters")):
        location, name = str(node.data.get("in")), str(node.data.get("name"))
        key = name.lower() if location == "header" else name
        if location == "path" and name in names:
            key = str(names.index(name))
        found[location, key] = node
    return found


def _label(parameter: Node) -> str:
    location = str(parameter.data.get("in")).capitalize()
    return f"{location} parameter `{parameter.data.get('name')}`"


def _style(parameter: Node) -> str:
    """Return the serialisation of a parameter: its style, and whether it is exploded."""
    style = str(parameter.data.get("style", STYLES.get(str(parameter.data.get("in")))))
    explode = bool(parameter.data.get("explode", style == "form"))
    return f"{style}, {'exploded' if explode else 'not exploded'}"


def _describing(status: str, responses: Mapping[str, Node]) -> Node | None:
    """Return the response to a status: its own, that of its range, or the default."""
    keys = (status, f"{status[:1]}XX", "default")
    return next((responses[each] for each in keys if each in responses), None)


def _where(old: Node, new: Node) -> str:
    """Return where a change of an object is reported: in the component that both are written in."""
    same = component_pointer(old.pointer) == component_pointer(new.pointer)
    return new.pointer if same else new.holder


def _members(
    before: Mapping[str, Node],
    now: Mapping[str, Node],
    rule: str,
    subject: Callable[[str], str],
    added: Bump = Bump.MINOR,
) -> Iterator[Change]:
    """Yield the named members that were removed, which is major, or added."""
    for name, node in before.items():
        if name not in now:
            what = f"{subject(name)} was removed."
            yield Change(node.holder, what, f"{rule}-removed", Bump.MAJOR)
    for name, node in now.items():
        if name not in before:
            yield Change(node.holder, f"{subject(name)} was added.", f"{rule}-added", added)


def _common(
    before: Mapping[str, Node], now: Mapping[str, Node]
) -> Iterator[tuple[str, Node, Node]]:
    """Yield name, older and newer node of the members that both documents have."""
    yield from ((name, node, now[name]) for name, node in before.items() if name in now)


def _requirement(where: str, label: str, old: Node, new: Node) -> Iterator[Change]:
    required = new.flag("required")
    if old.flag("required") != required:
        bump = Bump.MAJOR if required else Bump.PATCH
        what = f"{label} is {'required' if required else 'optional'} now."
        yield Change(join_pointer(where, "required"), what, "requirement-changed", bump)


def _deprecation(where: str, name: str, old: Node, new: Node) -> Iterator[Change]:
    deprecated = new.flag("deprecated")
    if old.flag("deprecated") != deprecated:
        # Semantic Versioning 2.0.0, 7: a deprecation is a minor change.
        bump = Bump.MINOR if deprecated else Bump.PATCH
        what = f"`{name}` is {'deprecated' if deprecated else 'no longer deprecated'}."
        yield Change(join_pointer(where, "deprecated"), what, "deprecated", bump)


def _keywords(where: str, name: str, old: Node, new: Node, ruled: set[str]) -> Iterator[Change]:
    for keyword in sorted((old.data.keys() | new.data.keys()) - ruled):
        differences = _differences(keyword, old.data.get(keyword), new.data.get(keyword))
        for path, before, now in differences:
            what = f"`{path}` of {name} is {shown(now)}, formerly {shown(before)}."
            yield Change(join_pointer(where, keyword), what, "keyword-changed", Bump.PATCH)


def _differences(path: str, before: object, now: object) -> Iterator[tuple[str, object, object]]:
    """Yield the values that differ, key by key: long values would be cut before the difference."""
    if before == now:
        return
    old, new = mapping(before), mapping(now)
    if not old or not new:
        yield path, before, now
        return
    for key in dict.fromkeys((*old, *new)):
        yield from _differences(f"{path}.{key}", old.get(key), new.get(key))


def _credentials(operation: Operation, shared: list[str]) -> set[frozenset[tuple[str, str]]]:
    """Return the alternative credentials, each as pairs of scheme and scope; empty for none.

    A scheme that only one of the documents names is identified by its definition.
    """
    document = operation.node.document
    schemes = _security_schemes(document)
    security = operation.node.data.get("security", document.get("security"))
    alternatives = [mapping(each) for each in sequence(security)] or [{}]
    return {
        frozenset(
            (name if name in shared else json.dumps(schemes.get(name), sort_keys=True), str(scope))
            for name, scopes in each.items()
            for scope in ("", *sequence(scopes))
        )
        for each in alternatives
    }


def _security_schemes(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(mapping(document.get("components")).get("securitySchemes"))


def _addresses(*holders: Node) -> list[str]:
    """Return the server URLs of the first holder that has any, or of the document."""
    data = [each.data for each in holders] + [holders[0].document]
    servers = next((each["servers"] for each in data if "servers" in each), None)
    found: list[str] = []
    for server in map(mapping, sequence(servers)):
        url = str(server.get("url"))
        for name, variable in mapping(server.get("variables")).items():
            url = url.replace(f"{{{name}}}", str(mapping(variable).get("default")))
        found.append(url)
    return found


def _servers(where: str, before: Iterable[str], now: Iterable[str]) -> Iterator[Change]:
    """Compare addresses; that of a server on the own machine is no part of the API."""
    old, new = dict.fromkeys(before), dict.fromkeys(now)
    for url in [each for each in old if each not in new]:
        bump = Bump.PATCH if url.startswith(LOOPBACK) else Bump.MAJOR
        yield Change(where, f"Server {url} was removed.", "server-removed", bump)
    for url in [each for each in new if each not in old]:
        bump = Bump.PATCH if url.startswith(LOOPBACK) else Bump.MINOR
        yield Change(where, f"Server {url} was added.", "server-added", bump)


def _components(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        join_pointer("#/components", section, name): value
        for section, entries in mapping(document.get("components")).items()
        for name, value in mapping(entries).items()
        if section not in {"examples", "links"}
    }


def _closure(pointers: Iterable[str], edges: Mapping[str, Iterable[str]]) -> set[str]:
    """Return ``pointers`` and everything that ``edges`` lead to from there."""
    found: set[str] = set()
    waiting = list(pointers)
    while waiting:
        pointer = waiting.pop()
        if pointer not in found:
            found.add(pointer)
            waiting += edges.get(pointer, ())
    return found


def _used(document: Mapping[str, Any]) -> set[str]:
    """Return the components that an operation refers to, directly or not."""
    edges = {
        pointer: [component_pointer(each) for each in references(value)]
        for pointer, value in _components(document).items()
    }
    schemes = {
        join_pointer("#/components/securitySchemes", each) for each in _security_schemes(document)
    }
    return schemes | _closure(map(component_pointer, references(document.get("paths"))), edges)


def _changed_components(base: Mapping[str, Any], document: Mapping[str, Any]) -> set[str]:
    """Return the components that are not equal, and those that refer to one."""
    before, now = _components(base), _components(document)
    users: dict[str, list[str]] = {}
    for pointer, value in (*before.items(), *now.items()):
        for target in references(value):
            users.setdefault(component_pointer(target), []).append(pointer)
    changed = (each for each in before.keys() | now.keys() if before.get(each) != now.get(each))
    return _closure(changed, users)


def _documentation_changes(base: Mapping[str, Any], document: Mapping[str, Any]) -> list[Change]:
    """Return a change for each component and operation whose documentation or examples changed.

    Only places of both documents count: what was added or removed is reported as such.
    """
    before, now = dict(_documentation(base)), dict(_documentation(document))
    changed: dict[str, set[str]] = {}
    for pointer in before.keys() & now.keys():
        old, new = before[pointer], now[pointer]
        keywords = {each for each in old.keys() | new.keys() if old.get(each) != new.get(each)}
        if keywords:
            # Of an operation the first four parts: #, paths, path and method.
            changed.setdefault(component_pointer(pointer), set()).update(keywords)
    return [
        Change(where, f"Documentation changed: {', '.join(sorted(changed[where]))}.",
               "documentation", Bump.PATCH)
        for where in sorted(changed)
    ]  # fmt: skip


def _documentation(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for place in walk(document):
        if place.kind not in {"document", "components"}:
            keywords = DOCUMENTATION & place.node.keys()
            yield place.pointer, {key: place.node[key] for key in keywords}
    info = mapping(document.get("info"))
    yield "#/info", {key: value for key, value in info.items() if key != "version"}
    for tag in map(mapping, sequence(document.get("tags"))):
        yield join_pointer("#/tags", str(tag.get("name"))), tag
    for name, example in mapping(mapping(document.get("components")).get("examples")).items():
        yield join_pointer("#/components/examples", name), {"examples": example}

"""Following the references of a document: JSON pointers (RFC 6901) in URI fragments.

A reference that leads back to itself has no target, and a schema whose ``allOf`` holds itself has
no merged form. A property that refers to the schema around it is legal and stays so.
"""

from __future__ import annotations

import urllib.parse
from typing import TYPE_CHECKING, Any

from insightiq_mock.openapi.tree import (
    DocumentError,
    containers,
    is_array,
    is_object,
    objects,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["find_cycle", "follow", "misdirected", "resolve", "unwrap"]

# Far more than any inheritance that people write, and far from where recursive merging gives up.
_LONGEST_CHAIN = 100
_MOST_MERGED = 10_000


def resolve(document: Mapping[str, Any], node: Any) -> Any:
    """Follow ``node`` while it is a ``$ref`` into this document; other nodes come back as they are.

    Raises:
        DocumentError: The reference leads nowhere, in a circle, or out of the document.
    """
    followed: list[str] = []
    while is_object(node) and "$ref" in node:
        reference = node["$ref"]
        if not isinstance(reference, str):
            if is_object(reference):
                # A property of this name, among properties.
                return node
            msg = f"$ref {reference!r} is not text; write it as '#/…'."
            raise DocumentError(msg)
        if reference in followed:
            raise DocumentError(_circle(followed[followed.index(reference) :]))
        followed.append(reference)
        node = follow(document, reference)
    return node


def follow(document: Mapping[str, Any], reference: str) -> Any:
    """Return what ``reference`` points at: one step, which may be a reference again.

    Raises:
        DocumentError: It leads nowhere or leaves the document.
    """
    if not reference.startswith("#/"):
        msg = f"$ref {reference!r}: only references within the document (#/…) are followed."
        raise DocumentError(msg)
    target: Any = document
    for part in _parts(reference):
        if is_object(target) and part in target:
            target = target[part]
        elif is_array(target) and _is_index(part) and int(part) < len(target):
            target = target[int(part)]
        else:
            msg = f"$ref {reference!r} leads nowhere: {part!r} does not exist."
            raise DocumentError(msg)
    return target


def _parts(reference: str) -> list[str]:
    try:
        # RFC 6901, 6: the fragment is decoded as a whole, the parts of the pointer after that.
        pointer = urllib.parse.unquote(reference[2:], errors="strict")
    except UnicodeDecodeError:
        msg = f"$ref {reference!r}: its percent-encoding is not UTF-8."
        raise DocumentError(msg) from None
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")]


def _is_index(part: str) -> bool:
    # The length: a number that no list can have need not be made one.
    return part.isascii() and part.isdecimal() and len(part) < len("1000000000")


def unwrap(document: Mapping[str, Any], node: Any) -> Iterator[Any]:
    """Yield ``node``, reference followed, and what it wraps: the one member of its ``allOf``.

    That may be wrapping another. OpenAPI 3.0.3 lets nothing stand beside a ``$ref``, so that a description is given to one by
    wrapping it: ``allOf: [{$ref: …}]``.

    Raises:
        DocumentError: A reference leads nowhere, or an ``allOf`` back to itself.
    """
    seen: set[int] = set()
    node = resolve(document, node)
    while True:
        if id(node) in seen:
            msg = "an allOf leads back to itself; remove that member."
            raise DocumentError(msg)
        seen.add(id(node))
        yield node
        members = node.get("allOf") if is_object(node) else None
        if not is_array(members) or len(members) != 1:
            return
        node = resolve(document, members[0])


def misdirected(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield pointer and fault of each reference that does not lead to what should stand there."""
    places = tuple(walk(document))
    kinds: dict[int, set[str]] = {}
    for place in places:
        kinds.setdefault(id(place.node), set()).add(place.kind)
    for place in places:
        if not place.is_reference:
            continue
        try:
            target = resolve(document, place.node)
        except DocumentError as error:
            yield place.pointer, str(error)
        else:
            if place.kind not in kinds.get(id(target), ()):
                yield (
                    place.pointer,
                    f"$ref {place.node['$ref']!r} does not lead to a {place.kind}.",
                )


def find_cycle(document: Mapping[str, Any]) -> tuple[str, str] | None:
    """Find a reference that leads back to itself, or an ``allOf`` that cannot be merged.

    A reference that leads nowhere is left to those who follow it.

    Returns:
        The pointer to where it begins and what is wrong; None where there is none.
    """
    weights = _Weights(document)
    for node in objects(document):
        if "$ref" in node or "allOf" in node:
            try:
                weights.weigh(node)
            except DocumentError as error:
                pointers = (where for where, each in containers(document) if each is node)
                return next(pointers), str(error)
    return None


class _Weights:
    """The size of each node once references are followed and ``allOf`` is merged."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        # By identity: longest chain of references and members, and number of merged objects.
        self._known: dict[int, tuple[int, int]] = {}

    def weigh(self, start: Mapping[str, Any]) -> None:
        """Weigh ``start`` and all that it is made of."""
        # Open nodes by identity, with their name in their holder: depth first, without recursion.
        opened: dict[int, str] = {}
        waiting: list[tuple[str, Mapping[str, Any], bool]] = [("", start, False)]
        while waiting:
            name, node, is_done = waiting.pop()
            if is_done:
                del opened[id(node)]
                self._note(node)
            elif id(node) in opened:
                raise DocumentError(_circle(_names_from(opened, id(node), name)))
            elif id(node) not in self._known:
                opened[id(node)] = name
                waiting.append((name, node, True))
                waiting += [(inner, each, False) for inner, each in self._made_of(node)]

    def _note(self, node: Mapping[str, Any]) -> None:
        inner = [self._known[id(each)] for _, each in self._made_of(node)]
        longest = 1 + max((chain for chain, _ in inner), default=0)
        merged = 1 + sum(count for _, count in inner)
        if longest > _LONGEST_CHAIN or merged > _MOST_MERGED:
            msg = "references and allOf lead on and on from here; write it more directly."
            raise DocumentError(msg)
        self._known[id(node)] = longest, merged

    def _made_of(self, node: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
        if "$ref" in node:
            reference = node["$ref"]
            if not isinstance(reference, str):
                return []
            try:
                target = follow(self._document, reference)
            except DocumentError:
                return []
            return [(reference, target)] if is_object(target) else []
        members = node.get("allOf")
        if not is_array(members):
            return []
        return [("allOf", each) for each in members if is_object(each)]


def _names_from(opened: Mapping[int, str], start: int, closing: str) -> list[str]:
    """Return how the members of a circle are named, the one that closes it first."""
    keys = list(opened)
    return [closing, *(opened[key] for key in keys[keys.index(start) + 1 :])]


def _circle(names: list[str]) -> str:
    references = list(dict.fromkeys(name for name in names if name.startswith("#")))
    through = ", ".join(map(repr, references[1:]))
    first = repr(references[0]) if references else ""
    by = " by allOf" if "allOf" in names else ""
    behind = f", through {through}" if through else ""
    return f"$ref {first} leads back to itself{by}{behind}."

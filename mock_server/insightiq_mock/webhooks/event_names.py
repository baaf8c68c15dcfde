"""What each event is called in words, as the document has it: there is no second list of events."""

from __future__ import annotations

import functools
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from insightiq_mock.openapi import Document

__all__ = ["event_names"]


@functools.lru_cache(maxsize=2)
def event_names(document: Document) -> Callable[[str], str]:
    """Return what gives the ``name`` of an event's notifications.

    It is the example of ``name`` in the event's schema, found by the discriminator of what the
    document's callbacks send. An event that the document does not describe is named after itself.
    Asking again for the same document costs nothing.
    """
    names = {
        event: document.resolve({"$ref": reference})["properties"]["name"]["example"]
        for union in _notification_schemas(document)
        for event, reference in union.get("discriminator", {}).get("mapping", {}).items()
        if _has_name(document, reference)
    }

    def name_of(event: str) -> str:
        return names.get(event) or event.lower().translate(_AS_WORDS)

    return name_of


_AS_WORDS: typing.Final = str.maketrans("._-", "   ")


def _has_name(document: Document, reference: str) -> bool:
    schema = document.resolve({"$ref": reference})
    return "example" in schema.get("properties", {}).get("name", {})


def _notification_schemas(document: Document) -> Iterator[Mapping[str, typing.Any]]:
    for operation in document.operations:
        for written in operation.data.get("callbacks", {}).values():
            for item in document.resolve(written).values():
                body = document.resolve(item.get("post", {}).get("requestBody", {}))
                for media in body.get("content", {}).values():
                    yield document.resolve(media.get("schema", {}))

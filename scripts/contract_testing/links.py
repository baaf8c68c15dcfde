"""The links of the document: what an answer of one operation gives for a call of another."""

from __future__ import annotations

import dataclasses
import typing

import openapi_document

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from openapi_document import Operation

__all__ = ["Link", "links_of"]


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """One link.

    Attributes:
        source: Id of the operation whose answer has the link.
        status: Status of that answer.
        name: The link's name there.
        target: Id of the operation that it leads to.
        data: The link as the document has it.
    """

    source: str
    status: int
    name: str
    target: str
    data: Mapping[str, typing.Any]

    def __str__(self) -> str:
        return f"{self.source} {self.status}, link {self.name}"

    @property
    def rule(self) -> str:
        """What it promises, as a rule of a `Run`."""
        return f"the link {self.name} of {self.source} {self.status} leads to {self.target}"


def links_of(
    document: Mapping[str, typing.Any], operations: Sequence[Operation]
) -> Iterator[Link]:
    """Yield the links from answers of these operations."""
    for operation in operations:
        for status, entry in operation.data["responses"].items():
            response = openapi_document.resolve(document, entry)
            for name, node in response.get("links", {}).items():
                link = openapi_document.resolve(document, node)
                target = link.get("operationId", link.get("operationRef", ""))
                yield Link(operation.id, int(status), name, target, link)

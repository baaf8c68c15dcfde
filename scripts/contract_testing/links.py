"""The links of the document: what an answer of one operation gives for a call of another."""

from __future__ import annotations

import dataclasses
import typing

import openapi_document

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from openapi_document import Operation

    from contract_testing.parts import PartResult

__all__ = ["FollowedLinks", "Link", "followed_links", "links_of", "with_link_bodies"]

# The layers that follow each link of the document.
_FOLLOWING: typing.Final = ("P", "B")
_KEYWORDS: typing.Final = {"x-request-body": "requestBody"}
_UNREACHED: typing.Final = "the run ended before it, or only reads on this server"


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


def links_of(document: Mapping[str, typing.Any], operations: Sequence[Operation]) -> Iterator[Link]:
    """Yield the links from answers of these operations."""
    for operation in operations:
        for status, entry in operation.data["responses"].items():
            response = openapi_document.resolve(document, entry)
            for name, node in response.get("links", {}).items():
                link = with_link_bodies(openapi_document.resolve(document, node))
                target = link.get("operationId", link.get("operationRef", ""))
                yield Link(operation.id, int(status), name, target, link)


def with_link_bodies(node: typing.Any) -> typing.Any:  # noqa: ANN401 - any JSON value
    """Return a copy in which each link has its body under the keyword that OpenAPI has for it."""
    if isinstance(node, dict):
        members = typing.cast("Mapping[str, typing.Any]", node)
        return {_KEYWORDS.get(key, key): with_link_bodies(each) for key, each in members.items()}
    if isinstance(node, list):
        return [with_link_bodies(each) for each in typing.cast("Sequence[typing.Any]", node)]
    return node


@dataclasses.dataclass(frozen=True, slots=True)
class FollowedLinks:
    """The links of the document, as one layer followed them.

    Attributes:
        layer: Letter of the layer.
        reasons: By link: why it was not followed to where it leads; None where it was.
    """

    layer: str
    reasons: dict[str, str | None]

    def share(self) -> tuple[int, int]:
        """Return how many links were followed, of how many."""
        return sum(reason is None for reason in self.reasons.values()), len(self.reasons)


def followed_links(
    document: Mapping[str, typing.Any],
    operations: Sequence[Operation],
    results: Sequence[PartResult],
) -> list[FollowedLinks]:
    """Return which links from these operations were followed, by each layer that follows them."""
    links = list(links_of(document, operations))
    ran = {result.part.layer for result in results}
    return [
        FollowedLinks(
            letter, _reasons(links, [each for each in results if each.part.layer == letter])
        )
        for letter in _FOLLOWING
        if letter in ran and links
    ]


def _reasons(links: Sequence[Link], results: Sequence[PartResult]) -> dict[str, str | None]:
    by_rule: dict[str, str | None] = {
        each.rule: each.reason for result in results for each in result.not_applicables
    }
    for case in (case for result in results for case in result.cases):
        by_rule[case.rule] = "see the findings" if case.findings else None
    return {str(link): by_rule.get(link.rule, _UNREACHED) for link in links}

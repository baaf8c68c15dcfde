"""Words and examples: what changed in them and in nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spec_rules.places import join_pointer, mapping, sequence, walk
from spec_rules.subject import component_pointer

from change_report.model import Bump, Change, Side
from change_report.normal import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

__all__ = ["changed_words"]

OPERATION_DEPTH = 4


def changed_words(base: Mapping[str, Any], document: Mapping[str, Any]) -> list[Change]:
    """Return a change for each component and operation whose words or examples were edited.

    What is new or gone as a whole is no matter of words: only places of both documents count.
    """
    before, now = dict(_words(base)), dict(_words(document))
    edited: dict[str, dict[str, None]] = {}
    for pointer in before.keys() & now.keys():
        for keyword in before[pointer].keys() | now[pointer].keys():
            if before[pointer].get(keyword) != now[pointer].get(keyword):
                edited.setdefault(_owner(pointer), {})[keyword] = None
    return [
        Change(
            side=Side.WIRE,
            bump=Bump.PATCH,
            where=where,
            what=f"Words changed: {', '.join(sorted(keywords))}.",
            rule="documentation",
        )
        for where, keywords in sorted(edited.items())
    ]


def _words(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, object]]]:
    for place in walk(document):
        if place.kind not in {"document", "components"}:
            yield place.pointer, {key: place.node.get(key) for key in WORDS & place.node.keys()}
    yield "#/info", _without_version(mapping(document.get("info")))
    for tag in sequence(document.get("tags")):
        yield join_pointer("#/tags", str(mapping(tag).get("name"))), dict(mapping(tag))
    for name, example in mapping(mapping(document.get("components")).get("examples")).items():
        yield join_pointer("#/components/examples", name), {"examples": example}


def _without_version(info: Mapping[str, Any]) -> dict[str, object]:
    return {key: value for key, value in info.items() if key != "version"}


def _owner(pointer: str) -> str:
    if pointer.startswith("#/paths/"):
        return "/".join(pointer.split("/")[:OPERATION_DEPTH])
    return component_pointer(pointer)

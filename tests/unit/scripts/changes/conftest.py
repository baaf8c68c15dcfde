"""Edits of the real document: read from the table, applied to copies."""

from __future__ import annotations

import copy
import dataclasses
import functools
import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from changes.python_surface import Surface, surface_of
from published_document import DOCUMENT
from spec_rules.places import pointer_parts

TABLE = pathlib.Path(__file__).parents[3] / "fixtures" / "document_edits.yaml"


@dataclasses.dataclass(frozen=True)
class Edit:
    """A row of the table."""

    name: str
    do: list[dict[str, Any]]
    wire: str
    python: str
    claims: list[str]
    before: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    attention: bool = False

    def __str__(self) -> str:
        return self.name


EDITS = [Edit(**row) for row in yaml.load(TABLE.read_bytes(), Loader=yaml.CSafeLoader)]


@functools.cache
def the_surface() -> Surface:
    """What callers see of the client made from it."""
    return surface_of("the document", DOCUMENT)


def edited(document: dict[str, Any], steps: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a copy of ``document`` with the steps of an edit done."""
    found = copy.deepcopy(document)
    for step in steps:
        found = STEPS[next(iter(step))](found, step)
        assert isinstance(found, dict)
    return found


def around(document: Any, pointer: str) -> tuple[Any, Any]:
    """The object or list that holds the end of a pointer, and the key there."""
    *parts, last = pointer_parts(pointer)
    for part in parts:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document, int(last) if isinstance(document, list) else last


def at(document: Any, pointer: str) -> Any:
    """What stands at a pointer."""
    holder, key = around(document, pointer)
    return holder[key]


def do_set(document: Any, step: dict[str, Any]) -> Any:
    """Write a value."""
    holder, key = around(document, step["set"])
    holder[key] = step["to"]
    return document


def do_copy(document: Any, step: dict[str, Any]) -> Any:
    """Write what stands elsewhere."""
    holder, key = around(document, step["to"])
    holder[key] = copy.deepcopy(at(document, step["copy"]))
    return document


def do_remove(document: Any, step: dict[str, Any]) -> Any:
    """Remove a key or an item."""
    holder, key = around(document, step["remove"])
    del holder[key]
    return document


def do_rename(document: Any, step: dict[str, Any]) -> Any:
    """Rename a key in its place."""
    holder, key = around(document, step["rename"])
    pairs = [(step["to"] if name == key else name, value) for name, value in holder.items()]
    assert key in holder
    holder.clear()
    holder.update(pairs)
    return document


def do_append(document: Any, step: dict[str, Any]) -> Any:
    """Append to a list."""
    at(document, step["append"]).append(step["value"])
    return document


def do_drop(document: Any, step: dict[str, Any]) -> Any:
    """Remove a value from a list."""
    at(document, step["drop"]).remove(step["value"])
    return document


def do_last(document: Any, step: dict[str, Any]) -> Any:
    """Move a key to the end of its object."""
    holder, key = around(document, step["last"])
    holder[key] = holder.pop(key)
    return document


def do_text(document: Any, step: dict[str, Any]) -> Any:
    """Replace a whole text everywhere."""
    return json.loads(
        json.dumps(document).replace(json.dumps(step["text"]), json.dumps(step["to"]))
    )


STEPS = {
    "set": do_set,
    "copy": do_copy,
    "remove": do_remove,
    "rename": do_rename,
    "append": do_append,
    "drop": do_drop,
    "last": do_last,
    "text": do_text,
}


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The document of the project; tests leave it as it is."""
    return DOCUMENT


@pytest.fixture(scope="session")
def edits() -> list[Edit]:
    """The rows of the table."""
    return EDITS


@dataclasses.dataclass(frozen=True)
class Workbench:
    """What it takes to try an edit: the document, its surface, and somebody who edits."""

    document: dict[str, Any]
    surface: Surface
    edited: Callable[[dict[str, Any], list[dict[str, Any]]], dict[str, Any]]


@pytest.fixture(scope="session")
def workbench() -> Workbench:
    """The document, what callers see of its client, and somebody who edits copies."""
    return Workbench(DOCUMENT, the_surface(), edited)

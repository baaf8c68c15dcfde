"""Verdicts on single edits of documents.

``tests/fixtures/document_edits.yaml`` holds those of the real document, ``everything_edits.yaml`` those of
the document that uses every form.

Edits of separate parts share a run, because a run takes more than a second; every change that a run
finds must belong to exactly one of its edits. With ``EDITS=alone`` (`make diff-table`, part of the
project's checks) each edit has a run of its own.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import json
import os
import pathlib
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from changes.document_changes import compare_documents
from changes.model import Change, Side, largest
from changes.python_changes import compare_surfaces
from changes.python_surface import Surface, surface_of
from openapi_document import load
from published_document import DOCUMENT

from insightiq_mock.openapi.tree import pointer_parts

FIXTURES = pathlib.Path(__file__).parents[3] / "fixtures"
ALONE = os.environ.get("EDITS") == "alone"


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

    @property
    def is_breaking(self) -> bool:
        return "major" in {self.wire, self.python}

    def claimed(self, change: Change) -> bool:
        return any(claim in change.where or claim in change.what for claim in self.claims)

    def overlaps(self, other: Edit) -> bool:
        """Whether one edit may be mistaken for the other, or hides it."""
        return any(
            mine.startswith(theirs) or theirs.startswith(mine)
            for mine in self.claims
            for theirs in other.claims
        ) or ("x-pagination" in {*self.claims, *other.claims})


@dataclasses.dataclass(frozen=True, eq=False)
class Table:
    """Edits of one document."""

    document: dict[str, Any]
    edits: list[Edit]

    @functools.cached_property
    def surface(self) -> Surface:
        return surface_of("the document", self.document)


def table(document: dict[str, Any], name: str) -> Table:
    rows = yaml.load((FIXTURES / name).read_bytes(), Loader=yaml.CSafeLoader)
    return Table(document, [Edit(**row) for row in rows])


TABLES = {
    "the document": table(DOCUMENT, "document_edits.yaml"),
    "every form": table(load(FIXTURES / "everything.yaml"), "everything_edits.yaml"),
}


def edited(document: dict[str, Any], steps: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a copy of ``document`` with the steps of an edit done."""
    found = copy.deepcopy(document)
    for step in steps:
        found = apply(found, step)
    return found


def apply(document: Any, step: dict[str, Any]) -> Any:
    match step:
        case {"text": old, "to": new}:
            return json.loads(json.dumps(document).replace(json.dumps(old), json.dumps(new)))
        case {"copy": source, "to": target}:
            holder, key = parent(document, source)
            return apply(document, {"set": target, "to": copy.deepcopy(holder[key])})
    action = next(iter(step))
    holder, key = parent(document, step[action])
    match action:
        case "set":
            holder[key] = step["to"]
        case "remove":
            del holder[key]
        case "rename":
            assert key in holder
            pairs = [(step["to"] if name == key else name, value) for name, value in holder.items()]
            holder.clear()
            holder.update(pairs)
        case "append":
            holder[key].append(step["value"])
        case "drop":
            holder[key].remove(step["value"])
        case "last":
            holder[key] = holder.pop(key)
        case _:
            raise AssertionError(action)
    return document


def parent(document: Any, pointer: str) -> tuple[Any, Any]:
    """Return the object or list that holds the end of a pointer, and the key there."""
    *parts, last = pointer_parts(pointer)
    for part in parts:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document, int(last) if isinstance(document, list) else last


def batches(edits: list[Edit]) -> Iterator[list[Edit]]:
    """Yield edits that can share a run, the harmless ones among themselves."""
    waiting = list(edits)
    while waiting:
        batch: list[Edit] = []
        for edit in waiting:
            alike = all(edit.is_breaking == other.is_breaking for other in batch)
            if alike and not any(edit.overlaps(other) for other in batch):
                batch.append(edit)
            if ALONE:
                break
        waiting = [edit for edit in waiting if edit not in batch]
        yield batch


def faults_of(known: Table, batch: list[Edit]) -> Iterator[str]:
    before = edited(known.document, [step for edit in batch for step in edit.before])
    after = edited(before, [step for edit in batch for step in edit.do])
    assert json.dumps(before) != json.dumps(after)
    surface = known.surface if before == known.document else surface_of("", before)
    changes = [
        *compare_documents(before, after).changes,
        *compare_surfaces(surface, surface_of("", after)),
    ]
    unclaimed = [each for each in changes if not any(edit.claimed(each) for edit in batch)]
    yield from (f"of no edit: {each}" for each in unclaimed)
    for edit in batch:
        own = [each for each in changes if edit.claimed(each)]
        verdict = largest(own, Side.WIRE).word, largest(own, Side.PYTHON).word
        if verdict != (edit.wire, edit.python):
            yield f"{edit.name}: {verdict}, not {(edit.wire, edit.python)}: {own}"
        if any(each.attention for each in own) != edit.attention:
            yield f"{edit.name}: attention is {not edit.attention}"


@pytest.mark.parametrize("name", TABLES)
def test_each_edit_gets_its_verdict(name: str) -> None:
    known = TABLES[name]
    found = [fault for batch in batches(known.edits) for fault in faults_of(known, batch)]
    assert found == []


def test_tables_are_large_and_balanced() -> None:
    """A report that calls everything breaking, or nothing, must not pass."""
    edits = [edit for each in TABLES.values() for edit in each.edits]
    breaking = sum(edit.is_breaking for edit in edits)
    assert len(edits) >= 120
    assert 0.4 <= breaking / len(edits) <= 0.6

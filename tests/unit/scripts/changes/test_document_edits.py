"""The table of single edits of the real document: each gets the verdict that it deserves.

Edits of separate parts share a run, because a run costs more than a second; every change that a run
finds must belong to exactly one of its edits. With ``EDITS=alone`` (`make diff-table`, part of the
project's checks) each edit has a run of its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from changes.document_changes import compare_documents
from changes.model import Change, Side, largest
from changes.python_changes import compare_surfaces
from changes.python_surface import surface_of

ALONE = os.environ.get("EDITS") == "alone"
HARMLESS, BREAKING = 20, 20


def overlapping(first: Any, second: Any) -> bool:
    """Whether one edit may be mistaken for the other, or hides it."""
    return any(
        claim.startswith(other) or other.startswith(claim)
        for claim in first.claims
        for other in second.claims
    ) or ("x-pagination" in {*first.claims, *second.claims})


def batches(edits: list[Any]) -> Iterator[list[Any]]:
    """Edits that can share a run, the harmless ones among themselves."""
    waiting = list(edits)
    while waiting:
        batch: list[Any] = []
        for edit in waiting:
            alike = all(is_breaking(edit) == is_breaking(other) for other in batch)
            if alike and not any(overlapping(edit, other) for other in batch):
                batch.append(edit)
            if ALONE:
                break
        waiting = [edit for edit in waiting if edit not in batch]
        yield batch


def is_breaking(edit: Any) -> bool:
    """Whether the edit breaks anybody."""
    return "major" in {edit.wire, edit.python}


def test_table_is_as_long_as_it_should_be(edits: list[Any]) -> None:
    """At least 20 harmless and 20 breaking edits, the latter on the wire, in Python and in both."""
    breaking = [edit for edit in edits if is_breaking(edit)]
    assert len(edits) - len(breaking) >= HARMLESS
    assert len(breaking) >= BREAKING
    kinds = {(edit.wire == "major", edit.python == "major") for edit in breaking}
    assert kinds == {(True, False), (False, True), (True, True)}


def test_each_edit_gets_its_verdict(edits: list[Any], workbench: Any) -> None:
    """Wire and Python are rated as the table says, for each edit, and nothing else is found."""
    wrong = [fault for batch in batches(edits) for fault in faults_of(batch, workbench)]
    assert wrong == []


def faults_of(batch: list[Any], workbench: Any) -> Iterator[str]:
    """What a run of several edits got wrong."""
    before = workbench.edited(workbench.document, [step for edit in batch for step in edit.before])
    after = workbench.edited(before, [step for edit in batch for step in edit.do])
    assert json.dumps(before) != json.dumps(after)
    surface = workbench.surface if before == workbench.document else surface_of("", before)
    changes = [
        *compare_documents(before, after).changes,
        *compare_surfaces(surface, surface_of("", after)),
    ]
    unclaimed = [each for each in changes if not any(claimed(each, edit) for edit in batch)]
    yield from (f"nobody's: {each}" for each in unclaimed)
    for edit in batch:
        own = [each for each in changes if claimed(each, edit)]
        got = largest(own, Side.WIRE).word, largest(own, Side.PYTHON).word
        if got != (edit.wire, edit.python):
            yield f"{edit}: {got}, not {(edit.wire, edit.python)}: {own}"
        if any(each.attention for each in own) != edit.attention:
            yield f"{edit}: to be looked at: {not edit.attention}"


def claimed(change: Change, edit: Any) -> bool:
    """Whether a change belongs to an edit."""
    return any(claim in change.where or claim in change.what for claim in edit.claims)

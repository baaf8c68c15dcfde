"""The version that the changes ask for, and the entry that says so."""

from __future__ import annotations

from typing import Any

import pytest
from changes.deviations import hints, read_rows
from changes.model import Bump, Change, ComparisonError, Side
from changes.report import bound_operations, changelog_entry, match_handlers, propose


def change(side: Side, bump: Bump) -> Change:
    """A change of some size."""
    return Change("#/components/schemas/Error", "It changed.", "test", bump, side=side)


def of_version(version: str) -> dict[str, Any]:
    """A document of some version."""
    return {"info": {"version": version}}


@pytest.mark.parametrize(
    ("wire", "python", "current", "proposed", "sufficient"),
    [
        (Bump.NONE, Bump.NONE, "1.2.3", "1.2.3", True),
        (Bump.PATCH, Bump.NONE, "1.2.3", "1.2.4", False),
        (Bump.MINOR, Bump.NONE, "1.3.0", "1.3.0", True),
        (Bump.PATCH, Bump.MAJOR, "1.3.0", "2.0.0", False),
        (Bump.MAJOR, Bump.MINOR, "2.0.0", "2.0.0", True),
        (Bump.MINOR, Bump.MINOR, "1.10.0", "1.3.0", True),
        (Bump.NONE, Bump.NONE, "1.2.2", "1.2.3", False),
    ],
)
def test_larger_verdict_decides(
    wire: Bump, python: Bump, current: str, proposed: str, *, sufficient: bool
) -> None:
    """The version follows from the larger of both sides, and a higher one is fine."""
    changes = [change(Side.WIRE, wire), change(Side.PYTHON, python)]
    found = propose(of_version("1.2.3"), of_version(current), changes)
    assert (found.proposed, found.sufficient) == (proposed, sufficient)


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "1.0.0-rc1", "01.0.0", ""])
def test_other_forms_of_version_are_refused(version: str) -> None:
    """A version that cannot be counted up is named, with the form that is wanted."""
    with pytest.raises(ComparisonError, match=r"write it as three numbers: 1\.2\.3"):
        propose(of_version("1.0.0"), of_version(version), [])


def test_entry_says_that_python_is_hit_harder() -> None:
    """A change that is small on the wire and breaks callers in Python says so first."""
    changes = [change(Side.WIRE, Bump.PATCH), change(Side.PYTHON, Bump.MAJOR)]
    entry = changelog_entry(propose(of_version("1.2.3"), of_version("1.2.3"), changes), changes)
    assert entry.startswith(
        "## [2.0.0] - unreleased\n\nOn the wire this is patch, in Python major."
    )
    assert changelog_entry(propose(of_version("1.2.3"), of_version("1.2.3"), []), []) == ""


def test_handlers_and_operations_are_held_against_each_other() -> None:
    """What the mock server lacks and what it has too much are both named."""
    found = match_handlers(["users.get", "users.archive"], frozenset({"users.get", "users.list"}))
    assert (found.unhandled, found.unbound) == (("users.archive",), ("users.list",))


def test_bindings_of_the_mock_server_are_the_documents(document: dict[str, Any]) -> None:
    """No handler is left without an operation of the document."""
    ids = {
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
    }
    assert bound_operations() <= ids
    assert len(bound_operations()) > 50


def test_rows_whose_place_is_edited_or_gone_are_named(
    document: dict[str, Any], workbench: Any
) -> None:
    """A row is to be read again when its place changed, and settled when it is gone."""
    pointer = "#/components/schemas/ContentEngagement/properties/repost_count"
    after = workbench.edited(document, [{"remove": pointer}])
    where = "#/components/schemas/Content/properties/title/nullable"
    edit = Change(where, "It changed.", "test", Bump.PATCH)
    found = {each.number: each for each in hints(read_rows(), document, after, [edit])}
    assert found.keys() == {7, 19}
    assert found[7].vanished == ("ContentEngagement.repost_count",)
    assert found[19].changed == ("Content.title",)

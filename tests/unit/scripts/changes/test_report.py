"""Version, changelog entry, mock handlers, deviations and rendering of the report."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from changes.deviations import hints, read_rows
from changes.model import Bump, Change, ComparisonError, MockHandlers, Report, Side
from changes.render import markdown_page
from changes.report import bound_operations, changelog_entry, match_handlers, propose
from published_document import DOCUMENT


def change(side: Side, bump: Bump, what: str = "It changed.") -> Change:
    return Change("#/components/schemas/Error", what, "test", bump, side=side)


def of_version(version: str) -> dict[str, Any]:
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
def test_larger_verdict_decides_version(
    wire: Bump, python: Bump, current: str, proposed: str, *, sufficient: bool
) -> None:
    changes = [change(Side.WIRE, wire), change(Side.PYTHON, python)]
    found = propose(of_version("1.2.3"), of_version(current), changes)
    assert (found.proposed, found.sufficient) == (proposed, sufficient)


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "1.0.0-rc1", "01.0.0", ""])
def test_other_version_formats_are_rejected(version: str) -> None:
    with pytest.raises(ComparisonError, match=r"write it as three numbers: 1\.2\.3"):
        propose(of_version("1.0.0"), of_version(version), [])


def test_entry_says_that_python_is_affected_more() -> None:
    changes = [change(Side.WIRE, Bump.PATCH), change(Side.PYTHON, Bump.MAJOR)]
    entry = changelog_entry(propose(of_version("1.2.3"), of_version("1.2.3"), changes), changes)
    assert entry.startswith(
        "## [2.0.0] - unreleased\n\nOn the wire this is patch, in Python major."
    )
    assert changelog_entry(propose(of_version("1.2.3"), of_version("1.2.3"), []), []) == ""


def test_text_of_document_is_not_executed_in_markdown() -> None:
    hostile = "`\n```\n<img src=x onerror=alert(1)>|`"
    changes = (change(Side.WIRE, Bump.MAJOR, hostile),)
    version = propose(of_version("1.0.0"), of_version("1.0.0"), changes)
    entry = changelog_entry(version, changes)
    mock = MockHandlers((), ())
    report = Report("base", "new", (), changes, (), 1, mock, (), version, entry)
    page, fenced, _ = markdown_page(report).split("\n```", 2)
    assert "<img" not in page
    assert "&lt;img" in page
    assert len(fenced.splitlines()) == len(entry.splitlines()) + 1


def test_unhandled_operations_and_unbound_handlers_are_named() -> None:
    found = match_handlers(["users.get", "users.archive"], frozenset({"users.get", "users.list"}))
    assert (found.unhandled, found.unbound) == (("users.archive",), ("users.list",))


def test_every_handler_of_mock_server_has_operation() -> None:
    ids = {each["operationId"] for item in DOCUMENT["paths"].values() for each in item.values()}
    assert bound_operations() <= ids
    assert len(bound_operations()) > 50


def test_deviations_of_edited_or_removed_places_are_named() -> None:
    after = copy.deepcopy(DOCUMENT)
    del after["components"]["schemas"]["ContentEngagement"]["properties"]["repost_count"]
    where = "#/components/schemas/Content/properties/title/nullable"
    edit = Change(where, "It changed.", "test", Bump.PATCH)
    found = {each.number: each for each in hints(read_rows(), DOCUMENT, after, [edit])}
    assert found.keys() == {7, 19}
    assert found[7].vanished == ("ContentEngagement.repost_count",)
    assert found[19].changed == ("Content.title",)

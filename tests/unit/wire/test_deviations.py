"""The table of deviations names things that exist."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator
from typing import Any

TABLE = pathlib.Path(__file__).resolve().parents[3] / "spec" / "deviations.md"


def rows() -> Iterator[list[str]]:
    """The cells of each row of the table."""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if re.match(r"\| \d+ \|", line):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def test_rows_are_complete_and_numbered() -> None:
    """Each row says what, where, evidence and how to settle it, under a number of its own."""
    found = list(rows())
    assert [int(row[0]) for row in found] == list(range(1, len(found) + 1))
    assert all(len(row) == 5 and all(row) for row in found)


def test_where_exists(document: dict[str, Any]) -> None:
    """Each operation, component and property that a row names is in the document."""
    operations = {
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
    }
    components = document["components"]
    for row in rows():
        places = re.findall(r"`([^`]+)`", row[2])
        assert places, row
        for place in places:
            name, _, member = place.partition(".")
            if place in operations or place in document:
                continue
            owners = [section[name] for section in components.values() if name in section]
            assert owners, f"row {row[0]}: {place} is not in the document"
            if member:
                assert any(member in owner.get("properties", {}) for owner in owners), place


def test_every_assumption_is_listed(document: dict[str, Any]) -> None:
    """A component or operation that says ASSUMPTION is named by a row."""
    named = {place for row in rows() for place in re.findall(r"`([^`]+)`", row[2])}
    owners = {place.partition(".")[0] for place in named if place[0].isupper()} | named
    for item in document["paths"].values():
        for operation in item.values():
            if "ASSUMPTION" in operation["description"]:
                assert assumed(operation, named), operation["operationId"]
    for section, entries in document["components"].items():
        for name, entry in entries.items():
            if section != "examples" and "ASSUMPTION" in str(entry):
                assert name in owners or entry_is_listed(name, named), f"{section}.{name}"


def assumed(operation: dict[str, Any], named: set[str]) -> bool:
    """Operations of one verb share their assumption: one row may speak for all of them."""
    verb = operation["operationId"].partition(".")[2]
    return any(place.endswith(f".{verb}") for place in named)


def entry_is_listed(name: str, named: set[str]) -> bool:
    """Responses of a search share one assumption, as do the notifications of publishing."""
    return (name.endswith("SearchResult") and "contents.search" in named) or (
        name.startswith("ContentsPublish") and "ContentsPublishReadyNotification" in named
    )

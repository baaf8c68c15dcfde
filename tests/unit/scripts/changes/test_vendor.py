"""Our document against the vendor's: what is seen, and which rows of the deviations explain it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from changes.deviations import Row, read_rows
from changes.vendor import Difference, Kind, compare_with_vendor
from published_document import DOCUMENT


def differences(
    edit: Any, rows: list[Row] | None = None, document: Any = DOCUMENT
) -> list[Difference]:
    """What differs between a document and a copy of it that the vendor has edited."""
    theirs = copy.deepcopy(document)
    edit(theirs)
    return list(compare_with_vendor("export", document, theirs, rows or []).differences)


def component(document: Any, name: str) -> Any:
    """A schema of the document."""
    return document["components"]["schemas"][name]


def other_success(document: Any) -> None:
    """Answer 200 where we say 201."""
    responses = document["paths"]["/v1/users"]["post"]["responses"]
    responses["200"] = responses.pop("201")


SEEN = {
    "success": (other_success, Kind.STATUS, "users.create", "Here 201, there 200."),
    "limit": (
        lambda d: d["components"]["parameters"]["Limit"]["schema"].update(maximum=50),
        Kind.LIMITS, "Limit", "`maximum`: here 100, there 50."),
    "credentials": (
        lambda d: d["paths"]["/v1/work-platforms"]["get"].update(security=[]),
        Kind.CREDENTIALS, "work_platforms.list", "Here needed, there none needed."),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "kind", "where", "what"), SEEN.values(), ids=SEEN)
def test_difference_is_seen(edit: Any, kind: Kind, where: str, what: str) -> None:
    """Each is one difference that wants an explanation, and the only one."""
    (found,) = differences(edit)
    assert (found.kind, found.where, found.what, found.rows) == (kind, where, what, ())


def test_key_that_a_row_quotes_is_known() -> None:
    """The table names the vendor's key in its words, as the document does not have it."""

    def vendors_names(document: Any) -> None:
        products = component(document, "WorkPlatformProducts")["properties"]
        products["publish"] = products.pop("publish_content")
        sync = component(document, "AudienceSyncState")["properties"]
        sync["monitoring_type"] = sync.pop("monitor_type")

    found = differences(vendors_names, read_rows())
    there = {each.where: each.rows for each in found if each.kind is Kind.FIELD_THERE}
    assert set(there) >= {"WorkPlatformProducts.publish", "AudienceSyncState.monitoring_type"}
    assert all(there.values())


def test_document_without_credentials_says_nothing_of_them() -> None:
    """An export may leave them to another page."""

    def without(document: Any) -> None:
        del document["security"], document["components"]["securitySchemes"]

    assert differences(without) == []

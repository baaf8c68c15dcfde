"""Differences between our document and the vendor's, and the rows that explain them."""

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
    theirs = copy.deepcopy(document)
    edit(theirs)
    return list(compare_with_vendor("export", document, theirs, rows or []).differences)


def component(document: Any, name: str) -> Any:
    return document["components"]["schemas"][name]


def other_success(document: Any) -> None:
    responses = document["paths"]["/v1/users"]["post"]["responses"]
    responses["200"] = responses.pop("201")


DIFFERENCES = {
    "success": (other_success, Kind.STATUS, "users.create", "Here 201, there 200."),
    "limit": (
        lambda d: d["components"]["parameters"]["Limit"]["schema"].update(maximum=50),
        Kind.LIMITS, "Limit", "`maximum`: here 100, there 50."),
    "credentials": (
        lambda d: d["paths"]["/v1/work-platforms"]["get"].update(security=[]),
        Kind.CREDENTIALS, "work_platforms.list", "Here needed, there none needed."),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "kind", "where", "what"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_difference_is_reported(edit: Any, kind: Kind, where: str, what: str) -> None:
    (found,) = differences(edit)
    assert (found.kind, found.where, found.what, found.rows) == (kind, where, what, ())


def test_key_quoted_in_row_is_explained() -> None:
    def vendors_names(document: Any) -> None:
        products = component(document, "WorkPlatformProducts")["properties"]
        products["publish"] = products.pop("publish_content")
        sync = component(document, "AudienceSyncState")["properties"]
        sync["monitoring_type"] = sync.pop("monitor_type")

    found = differences(vendors_names, read_rows())
    there = {each.where: each.rows for each in found if each.kind is Kind.FIELD_THERE}
    assert set(there) >= {"WorkPlatformProducts.publish", "AudienceSyncState.monitoring_type"}
    assert all(there.values())


def test_document_without_security_schemes_has_no_credential_difference() -> None:
    def without(document: Any) -> None:
        del document["security"], document["components"]["securitySchemes"]

    assert differences(without) == []

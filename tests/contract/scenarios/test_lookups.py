"""One row by its id, many rows by their ids: always the rows that were requested."""

from __future__ import annotations

import pytest
from contract_suite.rows import UNKNOWN_ID, Listing, Rows
from openapi_document import Operation

from insightiq import errors

SOME = 5
ACCOUNTS = 20

pytestmark = pytest.mark.scenarios


def listed(rows: Rows, operation: Operation) -> Listing:
    return rows.of(f"{operation.resource}.list")


def unknown_ids(count: int) -> list[str]:
    return [f"{UNKNOWN_ID[:-4]}{number:04x}" for number in range(count)]


def differing(one: dict[str, object], other: dict[str, object]) -> list[str]:
    return sorted(key for key in {*one, *other} if one.get(key) != other.get(key))


def test_get_gives_row_of_list(rows: Rows, get: Operation) -> None:
    found = listed(rows, get).rows
    for row in [*found[:SOME], *found[-2:]]:
        path = get.path.replace("{id}", row["id"])
        got = rows.iq.request("GET", path).parsed
        assert got.get("id") == row["id"], (
            f"{get.id}: requested {row['id']}, the response is about {got.get('id')}"
        )
        keys = differing(got, dict(row))
        assert not keys, f"{get.id}: {row['id']} differs from its row in the list under {keys}"


def test_account_with_synced_audience_has_it(rows: Rows) -> None:
    for account in rows.iq.accounts.list().take(ACCOUNTS):
        block = account.to_dict()["data"].get("identity", {}).get("audience", {})
        if block.get("status") == "SYNCED":
            found = rows.iq.audience.get(account_id=account.id).account.id
            assert found == account.id, f"audience.get: of {account.id} it gives that of {found}"


def test_unknown_id_is_not_found(rows: Rows, get: Operation) -> None:
    """An id that was never given, and the ids of rows of other kinds."""
    method = getattr(rows.iq, get.resource).get
    own = set(listed(rows, get).ids)
    others = {each.ids[0] for each in rows.kept() if each.shape.has_id and each.ids}
    for each in (UNKNOWN_ID, *sorted(others - own)):
        with pytest.raises(errors.NotFoundError) as caught:
            pytest.fail(f"{get.id}: {each} is unknown and gives {method(each).id}")
        error = caught.value
        assert error.code, f"{get.id}: the 404 has no code"
        assert error.type == "RECORD_NOT_FOUND", f"{get.id}: the 404 has the type {error.type}"


def test_search_gives_rows_in_order_and_names_missing_ids(rows: Rows, search: Operation) -> None:
    """Also past the client, which puts rows into the order that was requested."""
    listing = listed(rows, search)
    bulk = search.data["x-bulk"]
    ids = listing.ids[:SOME][::-1]
    result = getattr(rows.iq, search.resource).search(ids=[UNKNOWN_ID, *ids, *ids[:1]])
    assert [row.id for row in result] == ids, f"{search.id}: other rows, or another order"
    assert result.missing == [UNKNOWN_ID], f"{search.id}: missing is {result.missing}"
    with rows.server.http() as http:
        response = http.post(search.path, json={bulk["parameter"]: ids}).json()
        order = [row["id"] for row in response.get(bulk["items"], [])]
        assert order == ids, f"{search.id}: requested {ids[:3]}…, the server gives {order[:3]}…"
        if rows.server.control is not None:
            # An assumption about the API (evidence.md#open-question-8): no other server has to follow it.
            twice = http.post(search.path, json={bulk["parameter"]: ids * 2}).json()
            found = [row["id"] for row in twice[bulk["items"]]]
            assert found == ids, f"{search.id}: each id sent twice gives {len(found)} rows"
    by_id = {row["id"]: dict(row) for row in listing.rows}
    for row in result:
        keys = differing(row.to_dict(), by_id[row.id])
        assert not keys, f"{search.id}: {row.id} differs from its row in the list under {keys}"


def test_large_search_is_split(rows: Rows, search: Operation) -> None:
    most = search.data["x-bulk"]["maximum"]
    unknown = unknown_ids(most + 3)
    ids = listed(rows, search).ids[: most + SOME]
    before = rows.server.recording.count
    result = getattr(rows.iq, search.resource).search(ids=[*unknown, *ids])
    sent = rows.server.recording.count - before
    assert [row.id for row in result] == ids, f"{search.id}: {len(result)} of {len(ids)} rows"
    assert result.missing == unknown, f"{search.id}: {len(result.missing)} ids are missing"
    wanted = -(-(len(unknown) + len(ids)) // most)
    assert sent == wanted, f"{search.id}: {len(unknown) + len(ids)} ids took {sent} requests"

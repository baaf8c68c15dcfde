"""Searches for any number of ids."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from insightiq import BulkResult, errors
from insightiq.testing import response


class Store:
    """A server that knows some rows, and returns them in an order of its own."""

    def __init__(self, ids: list[str]) -> None:
        self.ids = ids
        self.asked: list[list[str]] = []

    def __call__(self, request: Any) -> Any:
        """Return the rows that exist."""
        self.asked.append(request.json["ids"])
        wanted = {str(uuid.UUID(each)) for each in request.json["ids"]}
        return response(
            json={"data": [{"id": each} for each in reversed(self.ids) if each in wanted]}
        )


def _made(count: int) -> list[str]:
    return [str(uuid.UUID(int=number + 1)) for number in range(count)]


def _search(reader: Any, script: Any, ids: list[str]) -> BulkResult[Any]:
    found: BulkResult[Any] = reader.run(reader.client(script).contents.search(ids=ids))
    return found


# The rows of these tests are ids and nothing else.
pytestmark = pytest.mark.filterwarnings("ignore::insightiq.UnexpectedValueWarning")


@pytest.mark.parametrize(
    ("count", "requests"), [(0, []), (1, [1]), (100, [100]), (101, [100, 1]), (250, [100, 100, 50])]
)
def test_ids_are_split_and_their_order_is_kept(
    reader: Any, count: int, requests: list[int]
) -> None:
    ids = _made(count)
    store = Store(ids)
    found = _search(reader, store, ids)
    assert [each.id for each in found] == ids
    assert (len(found), found.missing) == (count, [])
    assert [len(each) for each in store.asked] == requests


def test_missing_ids_are_named(reader: Any) -> None:
    ids = _made(150)
    found = _search(reader, Store(ids[::2]), ids)
    assert [each.id for each in found.data] == ids[::2]
    assert found.missing == ids[1::2]


def test_id_is_looked_up_once(reader: Any) -> None:
    first, second = _made(2)
    store = Store([first, second])
    assert [each.id for each in _search(reader, store, [second, first, second])] == [second, first]
    assert store.asked == [[second, first]]


def test_ids_of_notifications_are_found(reader: Any) -> None:
    first, second = _made(2)
    bare = [first.replace("-", ""), second.replace("-", "").upper()]
    store = Store([second])
    found = _search(reader, store, bare)
    assert store.asked == [[first, second]]
    assert [each.id for each in found] == [second]
    assert found.missing == [bare[0]]


def test_unrequested_rows_are_kept(reader: Any) -> None:
    first, second = _made(2)
    found = _search(reader, [response(json={"data": [{"id": second}, {"id": first}]})], [first])
    assert [each.id for each in found] == [first, second]


def test_failed_part_fails_search(reader: Any) -> None:
    script = [response(json={"data": []}), response(404)]
    with pytest.raises(errors.NotFoundError):
        _search(reader, script, _made(101))


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": "abc"}])
def test_response_without_rows_is_unreadable(reader: Any, body: Any) -> None:
    with pytest.raises(errors.APIResponseValidationError, match="no list under 'data'"):
        _search(reader, [response(json=body)], _made(1))


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        ([None], "a list that holds NoneType"),
        (["c-1", 7], "a list that holds int"),
        ([1.5], "a list that holds float"),
    ],
)
def test_invalid_ids_are_rejected(reader: Any, ids: Any, found: str) -> None:
    with pytest.raises(
        errors.ConfigurationError, match=f"ids must be a list of texts, not {found}"
    ):
        _search(reader, [], ids)


@pytest.mark.parametrize("ids", ["c0ffee00-0000-4000-8000-000000000001", 7, None])
def test_ids_that_are_not_list_are_rejected(reader: Any, ids: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match="search: ids must be list or tuple, not "):
        _search(reader, [], ids)

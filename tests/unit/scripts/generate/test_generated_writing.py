"""Generated requests say what the caller said, in the wire's own form."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
import re
import uuid
from typing import Any

import pytest


def request(shelf: Any, operation: str, *arguments: Any, **keywords: Any) -> Any:
    """Build a request of the small document."""
    return shelf.load(f"api.{operation}").build_request(*arguments, **keywords)


def test_query_values(shelf: Any) -> None:
    """Dates, instants, enums, booleans and numbers become text as the wire has it."""
    plus_two = dt.timezone(dt.timedelta(hours=2))
    built = request(
        shelf,
        "items.list_",
        shelf_id="a b&c",
        from_date=dt.date(2026, 4, 26),
        kind=shelf.models.Kind.BOOK_PAPER,
        in_stock=False,
        changed_since=dt.datetime(2026, 4, 26, 12, 0, 0, 5, tzinfo=plus_two),
        limit=100,
    )
    assert built.method == "GET"
    assert built.path == "/v1/items"
    assert built.json is None
    assert built.query == {
        "shelf_id": "a b&c",
        "from_date": "2026-04-26",
        "kind": "BOOK.PAPER",
        "in_stock": "false",
        "changed_since": "2026-04-26T10:00:00.000005",
        "limit": "100",
    }


def test_what_is_left_out_is_not_sent(shelf: Any) -> None:
    """Defaults are the server's: the document's ``default: true`` is not sent."""
    assert request(shelf, "items.list_", shelf_id="x").query == {"shelf_id": "x"}
    body = request(shelf, "items.create", name="Vase", kind=shelf.models.Kind.VASE).json
    assert body == {"name": "Vase", "kind": "VASE"}


def test_unknown_enum_value_can_be_sent(shelf: Any) -> None:
    """A value that the API has learned meanwhile needs no new release."""
    built = request(shelf, "items.list_", shelf_id="x", kind=shelf.models.Kind("LAMP"))
    assert built.query["kind"] == "LAMP"


@pytest.mark.parametrize("value", [[], {}, object(), 5, b"VASE"])
def test_query_rejects_what_has_no_form(shelf: Any, value: Any) -> None:
    """The message names operation, argument and type."""
    kind = type(value).__name__
    with pytest.raises(ValueError, match=rf"^items\.list: kind must be str, not {kind}\.$"):
        request(shelf, "items.list_", shelf_id="x", kind=value)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"limit": 1.5}, "limit must be int, not float."),
        ({"limit": True}, "limit must be int, not bool."),
        ({"limit": "5"}, "limit must be int, not str."),
        ({"limit": 10**5000}, "limit cannot be sent: Exceeds the limit"),
        ({"in_stock": 1}, "in_stock must be bool, not int."),
        ({"changed_since": dt.date(2026, 1, 1)}, "changed_since must be datetime, not date."),
        (
            {"changed_since": dt.datetime.min.replace(tzinfo=dt.timezone(dt.timedelta(hours=1)))},
            "changed_since cannot be sent: 0001-01-01T00:00:00+01:00 lies outside",
        ),
        ({"shelf_id": None}, "shelf_id must be str, not NoneType."),
        ({"shelf_id": "half \ud83d"}, "shelf_id cannot be sent: it holds half of a surrogate pair"),
        ({"shelf_id": "x" * 16_385}, "shelf_id must be shorter: an address takes 16384"),
        ({"shelf_id": "é" * 4_000}, "shelf_id must be shorter"),
    ],
)
def test_query_argument_error_names_argument(
    shelf: Any, arguments: dict[str, Any], problem: str
) -> None:
    """Whatever is wrong with it, one sentence says so before anything is sent."""
    with pytest.raises(ValueError, match=re.escape(f"items.list: {problem}")) as caught:
        request(shelf, "items.list_", **{"shelf_id": "x", **arguments})
    assert str(caught.value).isprintable()


def test_optional_argument_that_is_none_is_left_out(shelf: Any) -> None:
    """Null has no meaning in a query, nor where the document does not allow it."""
    built = request(shelf, "items.list_", shelf_id="x", from_date=None, kind=None, limit=None)
    assert built.query == {"shelf_id": "x"}
    body = request(
        shelf, "items.create", name="Vase", kind="VASE", kinds=None, is_active=None, note=None
    ).json
    # The document lets a note be null.
    assert body == {"name": "Vase", "kind": "VASE", "note": None}


@pytest.mark.parametrize("value", [dt.datetime(2026, 4, 26, tzinfo=dt.UTC), "2026-04-26", 5])
def test_date_rejects_everything_else(shelf: Any, value: Any) -> None:
    """A point in time has no day without a zone, and text is not checked by anyone."""
    with pytest.raises(ValueError, match=r"^items\.list: from_date must be date, not "):
        request(shelf, "items.list_", shelf_id="x", from_date=value)
    with pytest.raises(ValueError, match="from_date must be date, not "):
        request(shelf, "items.fetch_historic", shelf_id="x", from_date=value)


def test_point_in_time_for_day_gets_advice(shelf: Any) -> None:
    """It says how to choose the day."""
    with pytest.raises(ValueError, match=r"not datetime; say which day it is with value\.date\(\)"):
        request(shelf, "items.list_", shelf_id="x", from_date=dt.datetime.now(dt.UTC))


def test_body_values(shelf: Any) -> None:
    """Models, enums, instants, dates and nulls become JSON; the body can be dumped as it is."""
    models = shelf.models
    built = request(
        shelf,
        "items.create",
        name="Vase",
        kind=models.Kind.NA,
        kinds=[models.Kind.VASE],
        tags=[models.Tag(label="old", additional_properties={"since": 1900})],
        best_before=None,
        sold_at=dt.datetime(2026, 4, 26),  # noqa: DTZ001 - without a zone on purpose
        is_active=False,
    )
    assert built.method == "POST"
    assert json.loads(json.dumps(built.json)) == {
        "name": "Vase",
        "kind": "N/A",
        "kinds": ["VASE"],
        "tags": [{"label": "old", "since": 1900}],
        "best_before": None,
        "sold_at": "2026-04-26T00:00:00.000000",
        "is_active": False,
    }


def test_patch_with_nested_body(shelf: Any) -> None:
    models = shelf.models
    built = request(
        shelf, "items.update", "x", data=models.ItemUpdateData(size=models.Size(width=2), note=None)
    )
    assert (built.method, built.path) == ("PATCH", "/v1/items/x")
    assert built.json == {"data": {"note": None, "size": {"width": 2}}}
    assert request(shelf, "items.update", "x", data=models.ItemUpdateData()).json == {"data": {}}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"name": None}, "name must be str, not NoneType."),
        ({"name": float("nan")}, "name must be str, not float."),
        ({"name": "half \ud83d"}, "name cannot be sent: it holds half of a surrogate pair"),
        ({"price": float("nan")}, "price cannot be sent: Out of range float"),
        ({"price": float("inf")}, "price cannot be sent: Out of range float"),
        ({"price": True}, "price must be float or int, not bool."),
        ({"stock": 1.0}, "stock must be int, not float."),
        ({"kinds": "VASE"}, "kinds must be list or tuple, not str."),
        ({"tags": [{"label": "\ud800"}]}, "tags cannot be sent: it holds half"),
        ({"tags": [uuid.uuid4()]}, "tags cannot be sent: UUID("),
        ({"size": "large"}, "size must be Model or Mapping or None, not str."),
        ({"barcode": 1.0}, "barcode must be str or int, not float."),
        ({"barcode": True}, "barcode must be str or int, not bool."),
        ({"note": 5}, "note must be str or None, not int."),
        ({"size": {"width": 10**5000}}, "size cannot be sent: Exceeds the limit"),
    ],
)
def test_body_argument_error_names_argument(
    shelf: Any, arguments: dict[str, Any], problem: str
) -> None:
    """Whatever is wrong with it, one sentence says so before anything is sent."""
    with pytest.raises(ValueError, match=re.escape(f"items.create: {problem}")) as caught:
        request(shelf, "items.create", **{"name": "Vase", "kind": "VASE", **arguments})
    assert str(caught.value).isprintable()


def test_body_rejects_what_has_no_form(shelf: Any) -> None:
    """An object that JSON cannot hold is rejected before anything is sent."""
    deep: list[Any] = []
    deep.append(deep)
    for odd in (uuid.uuid4(), shelf.types.UNSET, deep, {1, 2}):
        with pytest.raises(ValueError, match=r"^items\.search: ids cannot be sent: "):
            request(shelf, "items.search", ids=[odd])


def test_argument_errors_can_be_of_another_class(shelf: Any) -> None:
    """A client makes them its own, and adds the operation."""
    made: list[tuple[str, str]] = []

    def make(operation: str, text: str) -> Exception:
        made.append((operation, text))
        return LookupError(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelf.types, "argument_error", make)
        with pytest.raises(LookupError):
            request(shelf, "items.list_", shelf_id=5)
    assert made == [("items.list", "items.list: shelf_id must be str, not int.")]


def test_date_in_body(shelf: Any) -> None:
    """A day is written as a day."""
    built = request(shelf, "items.fetch_historic", shelf_id="x", from_date=dt.date(2026, 1, 2))
    assert built.json == {"shelf_id": "x", "from_date": "2026-01-02"}


@pytest.mark.parametrize(
    ("label", "segment"),
    [
        ("top left", "top%20left"),
        ("a/b", "a%2Fb"),
        ("../x", "..%2Fx"),
        ("...", "..."),
        ("50%", "50%25"),
        ("?q=#f", "%3Fq%3D%23f"),
        ("größe", "gr%C3%B6%C3%9Fe"),
    ],
)
def test_path_parameters_are_encoded(shelf: Any, label: str, segment: str) -> None:
    """Whatever an id holds, it stays one segment of the path."""
    built = request(shelf, "shelves.get_by_label", label, 3)
    assert built.path == f"/v1/shelves/by_label/{segment}/rows/3"


@pytest.mark.parametrize("label", ["", ".", ".."])
def test_path_parameters_that_name_another_path(shelf: Any, label: str) -> None:
    """Empty text and dots would reach another operation, so they are rejected."""
    with pytest.raises(ValueError, match=r"^shelves\.get_by_label: label must not be"):
        request(shelf, "shelves.get_by_label", label, 3)


@pytest.mark.parametrize("label", [None, 1.5, True, b"x"])
def test_path_parameters_of_another_type(shelf: Any, label: Any) -> None:
    """``None`` as an id is a mistake and not the path ``/None``."""
    with pytest.raises(ValueError, match=r"^shelves\.get_by_label: label must be str or int, not "):
        request(shelf, "shelves.get_by_label", label, 3)


@pytest.mark.parametrize("label", ["\ud800", "x" * 16_385])
def test_path_parameters_that_no_address_holds(shelf: Any, label: str) -> None:
    """The HTTP library would fail without the argument's name."""
    with pytest.raises(ValueError, match=r"^shelves\.get_by_label: label (cannot|must) be "):
        request(shelf, "shelves.get_by_label", label, 3)


def test_missing_required_argument(shelf: Any) -> None:
    with pytest.raises(TypeError, match="'kind'"):
        request(shelf, "items.create", name="Vase")


def test_unset_is_one_object(shelf: Any) -> None:
    """Copies of UNSET are UNSET, it is falsy, and it prints as its name."""
    unset = shelf.types.UNSET
    assert copy.copy(unset) is unset
    assert copy.deepcopy(unset) is unset
    assert pickle.loads(pickle.dumps(unset)) is unset
    assert not unset
    assert repr(unset) == "UNSET"
    assert isinstance(unset, shelf.types.Unset)


def test_operation_constants(shelf: Any) -> None:
    listing = shelf.load("api.items.list_").OPERATION
    assert (listing.id, listing.method, listing.path) == ("items.list", "GET", "/v1/items")
    assert listing.success_status == 200
    assert listing.retry_safe
    assert (listing.pagination.offset, listing.pagination.limit) == ("offset", "limit")
    assert (listing.pagination.maximum, listing.pagination.default) == (100, 10)
    page = listing.parse_response({"data": [], "metadata": {"offset": 0, "limit": 10}})
    assert listing.items(page) == []

    create = shelf.load("api.items.create").OPERATION
    assert (create.success_status, create.retry_safe, create.pagination) == (201, False, None)
    search = shelf.load("api.items.search").OPERATION
    assert search.retry_safe
    assert (search.bulk.parameter, search.bulk.items, search.bulk.maximum) == ("ids", "data", 100)
    assert search.items(search.parse_response({"data": []})) == []
    assert shelf.load("api.items.delete").OPERATION.retry_safe
    assert not shelf.load("api.items.update").OPERATION.retry_safe


def test_success_without_body(shelf: Any) -> None:
    """A 204 gives None."""
    assert shelf.load("api.items.delete").OPERATION.parse_response(None) is None

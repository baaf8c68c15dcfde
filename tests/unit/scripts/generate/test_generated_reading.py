"""Generated models read what comes: tolerant, without loss, and with a note of what was odd."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
from typing import Any

import odd_json
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ITEM: dict[str, Any] = {
    "id": "5a1f2f3e-8f1b-4b57-9d0e-0c5a4d1e2f30",
    "created_at": "2026-04-26T10:11:12.000013",
    "sold_at": None,
    "name": "Blue vase",
    "note": None,
    "kind": "VASE",
    "kinds": ["VASE", "BOOK.PAPER"],
    "condition": None,
    "price": 687.27,
    "stock": 5,
    "fragile": True,
    "size": {"width": 12.5, "measured_at": "2026-04-26T10:11:12.000013"},
    "tags": [{"label": "fragile"}, {"label": "old", "parent": None}],
    "best_before": "2027-01-31",
    "type": "any",
    "extra": {"free": [1, {"form": None}]},
}


@pytest.fixture
def item_class(shelf: Any) -> Any:
    """The model of an item."""
    return shelf.models.Item


def item(**changes: Any) -> dict[str, Any]:
    """Return the JSON of an item with changes."""
    return {**copy.deepcopy(ITEM), **changes}


def without(key: str) -> dict[str, Any]:
    """Return the JSON of an item that lacks a key."""
    return {name: value for name, value in item().items() if name != key}


@pytest.fixture
def deviations(shelf: Any) -> Any:
    found: list[tuple[str, object]] = []
    token = shelf.types.deviation_listener.set(lambda where, value: found.append((where, value)))
    yield found
    shelf.types.deviation_listener.reset(token)


def test_typed_values(shelf: Any, item_class: Any) -> None:
    """Every kind of value has its Python type."""
    read = item_class.from_dict(item())
    assert read.created_at == dt.datetime(2026, 4, 26, 10, 11, 12, 13, tzinfo=dt.UTC)
    assert read.best_before == dt.date(2027, 1, 31)
    assert read.kind is shelf.models.Kind.VASE
    assert read.kinds == [shelf.models.Kind.VASE, shelf.models.Kind.BOOK_PAPER]
    assert isinstance(read.size, shelf.models.Size)
    assert [tag.label for tag in read.tags] == ["fragile", "old"]
    assert read.sold_at is None
    assert read.extra.additional_properties == {"free": [1, {"form": None}]}


def test_round_trip_is_without_loss(item_class: Any, deviations: Any) -> None:
    written = item_class.from_dict(item()).to_dict()
    assert json.dumps(written) == json.dumps(ITEM)
    assert deviations == []


@pytest.mark.parametrize("number", [5, 5.0, 687.27, 0, -1, 10**30])
def test_numbers_stay_as_received(item_class: Any, number: float) -> None:
    """A whole number in a number field does not become a float, nor the reverse."""
    read = item_class.from_dict(item(price=number))
    assert read.price == number
    assert type(read.to_dict()["price"]) is type(number)


def test_unknown_fields_are_kept(item_class: Any, shelf: Any) -> None:
    """A key that the document does not know survives, at any depth, behind the known ones."""
    data = item(new_key={"a": None}, size={"width": 1, "depth": 2})
    read = item_class.from_dict(data)
    assert read.additional_properties == {"new_key": {"a": None}}
    assert read.size.additional_properties == {"depth": 2}
    assert read.to_dict() == data
    assert list(read.to_dict())[-1] == "new_key"
    assert shelf.models.Shelf.from_dict({"label": "x", "place": 1}).to_dict()["place"] == 1


def test_unknown_field_beside_missing_ones(item_class: Any, shelf: Any) -> None:
    """As many unknown keys as missing ones do not hide each other."""
    data = item(new_key=1)
    del data["note"], data["name"]
    read = item_class.from_dict(data)
    assert read.note is shelf.types.UNSET
    assert read.name is shelf.types.UNSET
    assert read.additional_properties == {"new_key": 1}
    assert read.to_dict() == data


def test_unknown_enum_value_is_kept(shelf: Any, item_class: Any) -> None:
    """A new value of an open enum is an equal member that says that it is unknown."""
    read = item_class.from_dict(item(kind="LAMP", kinds=["VASE", "LAMP"], condition="N/A"))
    assert read.kind == "LAMP"
    assert read.kind == shelf.models.Kind("LAMP")
    assert not read.kind.is_known
    assert read.kinds[0].is_known
    assert not read.condition.is_known
    assert read.to_dict()["kind"] == "LAMP"
    assert repr(read.kind) == "Kind('LAMP')"


def test_unknown_enum_value_behaves_as_text(shelf: Any) -> None:
    """Known and unknown members print, hash, format, dump and copy as their text."""
    kind = shelf.models.Kind
    for member in (kind.NA, kind("LAMP")):
        assert str(member) == f"{member}" == member.value
        assert {member.value: 1}[member] == 1
        assert json.dumps(member) == json.dumps(member.value)
        assert pickle.loads(pickle.dumps(member)) == member
        assert copy.deepcopy(member) == member
        assert copy.deepcopy(member).is_known == member.is_known
    assert pickle.loads(pickle.dumps(kind.NA)) is kind.NA


def test_value_that_is_name_of_another_member(shelf: Any) -> None:
    """``NA`` is a member's name and not a value: it is unknown."""
    assert not shelf.models.Kind("NA").is_known


def test_enum_rejects_what_is_no_text(shelf: Any) -> None:
    """Only text can be a member of a text enum."""
    with pytest.raises(ValueError, match="5 is not a valid Kind"):
        shelf.models.Kind(5)


def test_unknown_members_are_not_collected(shelf: Any) -> None:
    lookup = shelf.load("models.kind").KIND_BY_VALUE
    before = len(lookup)
    assert lookup["SEEN ONLY HERE"] == "SEEN ONLY HERE"
    assert len(lookup) == before
    assert "SEEN ONLY HERE" not in list(shelf.models.Kind)


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [
        ("2021-10-25T16:45:26.761622", 761622),
        ("2021-10-25 16:45:26.761622", 761622),
        ("2021-10-25T16:45:26.761Z", 761000),
        ("2021-10-25T16:45:26Z", 0),
        ("2021-10-25T16:45:26", 0),
        ("2021-10-25T18:45:26.761622+02:00", 761622),
        ("2021-10-25T16:45:26.7616229", 761622),
    ],
)
def test_timestamp_spellings(shelf: Any, text: str, microsecond: int) -> None:
    """Naive, with zone, with Z, with a blank: all become the same aware instant in UTC."""
    data = {"item_id": "x", "last_updated_time": text}
    read = shelf.models.NotificationData.from_dict(data).last_updated_time
    assert read == dt.datetime(2021, 10, 25, 16, 45, 26, microsecond, tzinfo=dt.UTC)
    assert read.tzinfo is dt.UTC


def test_date_where_timestamp_is_promised(shelf: Any) -> None:
    """A day alone is its midnight in UTC."""
    assert shelf.types.parse_datetime("2021-10-25") == dt.datetime(2021, 10, 25, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("created_at", "yesterday"),
        ("created_at", ""),
        ("created_at", 1767225600),
        ("created_at", "9999-12-31T23:59:59-05:00"),
        ("created_at", "0001-01-01T00:00:00+01:00"),
        ("created_at", "2026-12-31T23:59:60"),
        ("sold_at", "0001-01-01T00:00:00+01:00"),
        ("best_before", "31.01.2027"),
        ("kind", 7),
        ("kind", ["VASE"]),
        ("kinds", "VASE"),
        ("size", []),
        ("size", "large"),
        ("tags", {"label": "fragile"}),
    ],
)
def test_value_of_another_shape_is_kept(
    item_class: Any, deviations: Any, key: str, value: Any
) -> None:
    """One odd value costs neither the object nor the page; it is kept as it is and reported."""
    data = item(**{key: value})
    read = item_class.from_dict(data)
    assert getattr(read, key) == value
    assert read.to_dict() == data
    assert deviations == [(f"Item.{key}", value)]


@settings(deadline=None)
@given(text=odd_json.timestamps() | odd_json.texts())
def test_any_timestamp_is_read_or_kept(shelf: Any, text: str) -> None:
    """Whatever a timestamp says, it becomes an instant that can be written, or stays as it is."""
    item_class = shelf.models.Item
    read = item_class.from_dict(item(created_at=text)).created_at
    if isinstance(read, str):
        assert read == text
        return
    assert read.tzinfo is dt.UTC
    assert item_class.from_dict(item(created_at=read.isoformat())).created_at == read
    assert (
        item_class.from_dict(item(created_at=shelf.types.format_datetime(read))).created_at == read
    )


@settings(deadline=None)
@given(data=st.dictionaries(st.sampled_from([*ITEM, "new"]), odd_json.json_values()))
def test_any_json_is_read_without_loss(shelf: Any, data: dict[str, Any]) -> None:
    """Nothing that JSON can say makes reading fail; what is odd is written as it came."""
    read = shelf.models.Item.from_dict(data)
    written = read.to_dict()
    assert written.keys() == data.keys()
    repr(read)
    json.dumps(written)


def test_odd_item_of_list_is_kept(item_class: Any, deviations: Any) -> None:
    """The other items of the list are read."""
    data = item(tags=[{"label": "fragile"}, "old", None], kinds=["VASE", None])
    read = item_class.from_dict(data)
    assert read.tags[0].label == "fragile"
    assert read.tags[1:] == ["old", None]
    assert read.to_dict() == data
    assert deviations == [("Item.kinds", None), ("Item.tags", "old"), ("Item.tags", None)]


@pytest.mark.parametrize("key", ["id", "created_at", "kind", "kinds", "price", "stock"])
def test_null_where_none_was_promised(item_class: Any, deviations: Any, key: str) -> None:
    """The null is kept and reported; nothing raises."""
    read = item_class.from_dict(item(**{key: None}))
    assert getattr(read, key) is None
    assert read.to_dict()[key] is None
    assert deviations == [(f"Item.{key}", None)]


@pytest.mark.parametrize("key", ["sold_at", "note", "condition", "size", "tags", "best_before"])
def test_promised_null_is_not_reported(item_class: Any, deviations: Any, key: str) -> None:
    """Null is a value like any other where the document allows it."""
    assert getattr(item_class.from_dict(item(**{key: None})), key) is None
    assert deviations == []


def test_missing_required_key(shelf: Any, item_class: Any, deviations: Any) -> None:
    """The rest of the object is read, the key stays absent, and the place is reported."""
    read = item_class.from_dict(without("price"))
    assert read.price is shelf.types.UNSET
    assert read.name == "Blue vase"
    assert read.to_dict() == without("price")
    assert deviations == [("Item.price", shelf.types.UNSET)]


def test_missing_optional_key(shelf: Any, item_class: Any, deviations: Any) -> None:
    """Absent and null are different things, and both are fine."""
    read = item_class.from_dict(without("note"))
    assert read.note is shelf.types.UNSET
    assert "note" not in read.to_dict()
    assert deviations == []


def test_reading_does_not_change_data(item_class: Any) -> None:
    """The caller's JSON stays as it was."""
    data = item(new_key=1)
    item_class.from_dict(data)
    assert data == item(new_key=1)


def test_models_that_refer_to_each_other(shelf: Any) -> None:
    """Sibling models are imported last, so cycles do no harm."""
    data = {"label": "a", "parent": {"label": "b", "examples_of_use": [{"label": "c"}]}}
    read = shelf.models.Tag.from_dict(data)
    assert read.parent.examples_of_use[0].label == "c"
    assert read.to_dict() == data


def test_copies_of_model_are_equal(item_class: Any, shelf: Any) -> None:
    """Models compare by value, and UNSET is still UNSET after pickle and deepcopy."""
    read = item_class.from_dict(without("note"))
    for other in (
        item_class.from_dict(without("note")),
        copy.copy(read),
        copy.deepcopy(read),
        pickle.loads(pickle.dumps(read)),
    ):
        assert other == read
        assert other.note is shelf.types.UNSET
        assert other.to_dict() == without("note")
    assert item_class.from_dict(item(name="Red vase")) != item_class.from_dict(item())
    assert item_class.from_dict(item(new_key=1)) != item_class.from_dict(item())


def test_constructed_and_read_models_are_equal(shelf: Any) -> None:
    """Reading goes around the constructor, and must come to the same."""
    read = shelf.models.Size.from_dict({"width": 1, "depth": 2})
    built = shelf.models.Size(width=1, additional_properties={"depth": 2})
    assert read == built


def test_repr_shows_what_is_there(shelf: Any) -> None:
    """A model prints as the call that makes it, without what is unset."""
    read = shelf.models.Size.from_dict({"width": 12.5})
    assert repr(read) == "Size(width=12.5)"
    odd = shelf.models.Size.from_dict({"width": None, "depth": 2})
    assert repr(odd) == "Size(width=None, additional_properties={'depth': 2})"


def test_repr_hides_secrets(shelf: Any) -> None:
    read = shelf.models.Shelf.from_dict({"label": "x", "key_code": "0815"})
    assert repr(read) == "Shelf(label='x', key_code='***')"
    assert read.to_dict() == {"label": "x", "key_code": "0815"}
    read.key_code = None
    assert repr(read) == "Shelf(label='x', key_code=None)"


def test_notification_by_its_event(shelf: Any) -> None:
    """The document's table of events picks the model; an unknown event gives None."""
    parse = shelf.load("unions").parse_notification
    data = {"event": "ITEM.GONE", "data": {"item_id": "x", "last_updated_time": "2021-10-25"}}
    assert isinstance(parse(data), shelf.models.ItemGone)
    assert parse({**data, "event": "ITEM.MOVED"}) is None
    assert parse({}) is None


def test_response_that_is_no_object(shelf: Any) -> None:
    """Without an object there is nothing to read: the message names operation and model."""
    parse = shelf.load("api.items.get").parse_response
    for odd in (None, [], "text", 5):
        with pytest.raises(ValueError, match=r"items\.get: the response is no JSON object .* Item"):
            parse(odd)


def test_keys_unknown_to_object_without_them_are_empty_dict_of_its_own(
    item_class: Any,
) -> None:
    """The dict is made when it is first asked for; it equals one made earlier."""
    untouched, touched, other = (item_class.from_dict(item()) for _ in range(3))
    assert touched.additional_properties == {}
    assert untouched == touched == other
    assert repr(untouched) == repr(touched)
    assert copy.copy(item_class.from_dict(item())) == untouched
    assert copy.deepcopy(item_class.from_dict(item())) == untouched
    touched.additional_properties["colour"] = "blue"
    assert touched.additional_properties == {"colour": "blue"}
    assert touched.to_dict()["colour"] == "blue"
    assert other.additional_properties == {}
    assert touched != other


def test_attribute_that_model_lacks_is_attribute_error(item_class: Any) -> None:
    """Nothing but the dict of unknown keys is made up, and Python can suggest the right name."""
    read = item_class.from_dict(item())
    assert not hasattr(read, "colour")
    with pytest.raises(AttributeError, match="'Item' object has no attribute 'pric'") as caught:
        _ = read.pric
    assert (caught.value.name, caught.value.obj) == ("pric", read)

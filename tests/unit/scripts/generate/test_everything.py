"""Every form of OpenAPI 3.0 in generated code: what requests hold, and what responses become."""

from __future__ import annotations

import datetime as dt
import email
import inspect
import io
import pathlib
import typing
import urllib.parse
from typing import Any

import lint_spec
import pytest

EVERYTHING = pathlib.Path(__file__).parents[3] / "fixtures" / "everything.yaml"
UTC = dt.UTC
DAY = dt.date(2026, 10, 31)


def test_document_is_clean(everything: Any) -> None:
    """The document follows every rule, so it shows what the rules allow."""
    path = everything.folder.parent / "everything.yaml"
    path.write_bytes(EVERYTHING.read_bytes())
    for outcome in lint_spec.run_tools(path, own_rules_only=True):
        assert not any(outcome.findings.values()), (outcome.tool, outcome.findings)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"tags": ["a b", "c&d"]}, "tags=a%20b&tags=c%26d"),
        ({"tags": []}, ""),
        ({"ids": [1, 2]}, "ids=1,2"),
        ({"ids": []}, "ids="),
        ({"words": ["x", "y"]}, "words=x%20y"),
        ({"colours": ["red", "light-blue"]}, "colours=red|light-blue"),
        ({"filter_": {"kind": "cat", "minimum": 2}}, "filter%5Bkind%5D=cat&filter%5Bminimum%5D=2"),
        ({"query": {"text": "hi"}}, "query=%7B%22text%22%3A%22hi%22%7D"),
        ({"raw_path": "/a/b&c"}, "raw_path=/a/b%26c"),
    ],
)
def test_query_follows_style(everything: Any, arguments: dict[str, Any], expected: str) -> None:
    request = everything.operation("parameters.query").build_request(**arguments)
    assert (request.query, request.raw_query) == ({}, expected)


def test_model_is_written_as_deep_object(everything: Any) -> None:
    wanted = everything.models.ParametersQueryFilter(kind="a]b")
    request = everything.operation("parameters.query").build_request(filter_=wanted)
    assert urllib.parse.unquote(request.raw_query) == "filter[kind]=a]b"


def test_scalars_stay_plain_query(everything: Any) -> None:
    moment = dt.datetime(2026, 10, 31, tzinfo=UTC)
    request = everything.operation("parameters.query").build_request(since=moment, size=5)
    assert request.query == {"since": "2026-10-31T00:00:00.000000Z", "size": "5"}
    assert request.raw_query == ""


def test_path_takes_every_scalar(everything: Any) -> None:
    build = everything.operation("parameters.path").build_request
    assert build(7, True, DAY, "light-blue", 0.5).path == (
        "/v1/parameters/7/true/2026-10-31/light-blue/0.5"
    )


def test_headers_and_cookies_are_sent(everything: Any) -> None:
    build = everything.operation("parameters.headers").build_request
    request = build(x_trace="t-1", x_levels=[1, 2], x_info={"a": 1}, session="a;b")
    assert request.headers == {
        "X-Trace": "t-1",
        "X-Levels": "1,2",
        "X-Info": '{"a":1}',
        "cookie": "session=a%3Bb",
    }
    assert build(x_trace="t-1").headers == {"X-Trace": "t-1"}


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\0", " a", "é"])
def test_header_cannot_be_split(everything: Any, value: str) -> None:
    """A line end would begin another header."""
    with pytest.raises(ValueError, match=r"parameters\.headers: x_trace must be printable ASCII"):
        everything.operation("parameters.headers").build_request(x_trace=value)


@pytest.mark.parametrize(
    ("operation", "arguments", "sent"),
    [
        (
            "bodies.inline",
            {"name": "Rex", "size": "small", "home": {"city": "Oslo"}},
            {"name": "Rex", "size": "small", "home": {"city": "Oslo"}},
        ),
        ("bodies.send_list", {"body": [{"kind": "cat"}]}, [{"kind": "cat"}]),
        ("bodies.send_map", {"body": {"a": 1}}, {"a": 1}),
        ("bodies.send_free", {}, None),
        ("bodies.send_free", {"body": {"a": [1]}}, {"a": [1]}),
        ("bodies.send_number", {"body": 1.5}, 1.5),
        ("bodies.patch", {"name": None}, {"name": None}),
        ("pets.create", {"name": "Ada", "password": "pw"}, {"name": "Ada", "password": "pw"}),
    ],
)
def test_json_body(
    everything: Any, operation: str, arguments: dict[str, Any], sent: object
) -> None:
    request = everything.operation(operation).build_request(**arguments)
    assert (request.json, request.content) == (sent, None)


def test_union_body_takes_models(everything: Any) -> None:
    dog = everything.models.Dog(kind="dog", name="Rex")
    request = everything.operation("bodies.send_union").build_request(body=dog)
    assert request.json == {"kind": "dog", "name": "Rex"}


def test_wrong_body_is_rejected(everything: Any) -> None:
    with pytest.raises(ValueError, match=r"bodies\.send_map: body must be Mapping, not list"):
        everything.operation("bodies.send_map").build_request(body=[1])


def test_form_is_encoded(everything: Any) -> None:
    build = everything.operation("bodies.send_form").build_request
    request = build(name="Ada & Bob", age=3, tags=["a", "b"])
    assert request.content == b"name=Ada+%26+Bob&age=3&tags=a&tags=b"
    assert request.headers == {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("photo", "name", "kind"),
    [
        (b"\x00--", "file", "application/octet-stream"),
        (io.BytesIO(b"\x00--"), "file", "application/octet-stream"),
        (('a"\r\n.png', b"\x00--"), "a%22%0D%0A.png", "application/octet-stream"),
        (("a.png", io.BytesIO(b"\x00--"), "image/png"), "a.png", "image/png"),
    ],
)
def test_files_are_sent_as_parts(everything: Any, photo: Any, name: str, kind: str) -> None:
    request = everything.operation("bodies.send_files").build_request(photo=photo, title="Rex")
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    title, file = email.message_from_bytes(head + request.content).get_payload()
    assert title["content-disposition"] == 'form-data; name="title"'
    assert title.get_payload(decode=True) == b"Rex"
    assert file["content-disposition"] == f'form-data; name="photo"; filename="{name}"'
    assert (file.get_content_type(), file.get_payload(decode=True)) == (kind, b"\x00--")


def test_text_file_is_no_file(everything: Any) -> None:
    with pytest.raises(
        ValueError, match=r"bodies\.send_bytes: body must be bytes or a file that is"
    ):
        everything.operation("bodies.send_bytes").build_request(body=io.StringIO("text"))


def test_other_media_types_are_sent(everything: Any) -> None:
    text = everything.operation("bodies.send_text").build_request(body="é")
    assert (text.content, text.headers) == ("é".encode(), {"content-type": "text/plain"})
    data = everything.operation("bodies.send_bytes").build_request(body=io.BytesIO(b"\x00"))
    assert (data.content, data.headers["content-type"]) == (b"\x00", "application/octet-stream")
    patch = everything.operation("bodies.patch").build_request(name="Rex")
    assert patch.headers == {"content-type": "application/merge-patch+json"}


@pytest.mark.parametrize(
    ("operation", "data", "kind"),
    [
        ("objects", [{"kind": "cat"}], "list[Cat]"),
        ("map_", {"tom": {"kind": "cat"}}, "dict[str, Cat]"),
        ("number", 3, "int | None"),
        ("union", {"kind": "dog"}, "Cat | Dog"),
        ("text", "a,b", "str"),
        ("download", b"\x00", "bytes"),
        ("several", {"kind": "cat"}, "Cat | None"),
        ("range_", {"kind": "dog"}, "Dog"),
        ("redirect", None, "None"),
    ],
)
def test_results_have_their_type(everything: Any, operation: str, data: Any, kind: str) -> None:
    module = everything.operation(f"results.{operation}")
    assert inspect.signature(module.parse_response).return_annotation == kind
    result = module.parse_response(data)
    found = result[0] if isinstance(result, list) else result
    found = found["tom"] if isinstance(found, dict) else found
    assert type(found).__name__.removesuffix("Type") in kind


def test_result_of_another_type_is_an_error(everything: Any) -> None:
    with pytest.raises(ValueError, match=r"results\.objects: the response is a dict; list\[Cat\]"):
        everything.operation("results.objects").parse_response({})


def test_successes_are_listed_by_status(everything: Any) -> None:
    several = everything.operation("results.several").OPERATION
    assert {status: each.form for status, each in several.successes.items()} == {
        "200": "json",
        "202": "none",
    }
    assert list(everything.operation("results.range_").OPERATION.successes) == ["2XX"]
    assert list(everything.operation("results.redirect").OPERATION.successes) == ["302"]


def shelf_of(everything: Any, **keys: Any) -> Any:
    """Return a shelf that is read from JSON, and must be written as the same JSON."""
    data = {"name": "Ada", **keys}
    found = everything.models.Shelf.from_dict(data)
    assert found.to_dict() == data
    return found


def test_unions_are_read_as_their_variant(everything: Any) -> None:
    models = everything.models
    shelf = shelf_of(
        everything,
        pet={"kind": "dog", "friends": [{"kind": "cat"}]},
        pets=[{"kind": "cat", "lives": 9}],
        when="2026-10-31",
        thing={"name": "Bob"},
        value=1.5,
        inner={"name": "Inner"},
    )
    assert isinstance(shelf.pet, models.Dog)
    assert isinstance(shelf.pet.friends[0], models.Cat)
    assert isinstance(shelf.pets[0], models.Cat)
    assert (shelf.when, shelf.value) == (DAY, 1.5)
    assert isinstance(shelf.thing, models.Named)
    assert isinstance(shelf.inner, models.Shelf)
    assert shelf_of(everything, when=3).when == 3
    assert shelf_of(everything, thing="Bob").thing == "Bob"


@pytest.mark.parametrize("pet", [{"kind": "bird"}, {}, 3])
def test_unknown_variant_is_kept_and_reported(everything: Any, pet: object) -> None:
    reported: list[tuple[str, object]] = []
    token = everything.types.deviation_listener.set(lambda *each: reported.append(each))
    try:
        assert shelf_of(everything, pet=pet).pet == pet
    finally:
        everything.types.deviation_listener.reset(token)
    assert reported == [("Shelf.pet", pet)]


def test_maps_and_lists_are_read_to_their_ends(everything: Any) -> None:
    models = everything.models
    shelf = shelf_of(
        everything,
        by_name={"tom": {"kind": "cat"}},
        colours={"wall": "red", "roof": "unknown"},
        grid=[[1, 2]],
        days=[["2026-10-31"]],
        moments={"start": "2026-10-31T00:00:00.000000Z"},
        place={"row": 1},
    )
    assert isinstance(shelf.by_name["tom"], models.Cat)
    assert shelf.colours["wall"] is models.Colour.RED
    assert not shelf.colours["roof"].is_known
    assert shelf.days == [[DAY]]
    assert shelf.moments == {"start": dt.datetime(2026, 10, 31, tzinfo=UTC)}
    assert isinstance(shelf.place, models.ShelfPlace)


def test_enum_of_numbers(everything: Any) -> None:
    models = everything.models
    assert shelf_of(everything, priority=2).priority is models.Priority.MIDDLE
    unknown = shelf_of(everything, priority=7).priority
    assert (unknown, unknown.is_known) == (7, False)
    odd = models.Shelf.from_dict({"name": "Ada", "priority": "2"})
    assert odd.priority == "2"


def test_directions_have_classes_of_their_own(everything: Any) -> None:
    models = everything.models
    assert list(models.Owner.KEYS) == ["id", "name"]
    assert list(models.OwnerInput.KEYS) == ["name", "password"]
    parameters = inspect.signature(everything.operation("pets.create").build_request).parameters
    assert list(parameters) == ["name", "password"]


def test_limits_and_marks_are_in_docstrings(everything: Any) -> None:
    method = everything.load("api.parameters").Parameters.query
    text = " ".join(typing.cast("str", inspect.getdoc(method)).split())
    assert "size: Page size. 1 to 50, 10 by default." in text
    assert "old: Deprecated. Old name of `tags`." in text
    assert "lives: Lives left. More than 0." in typing.cast("str", everything.models.Cat.__doc__)

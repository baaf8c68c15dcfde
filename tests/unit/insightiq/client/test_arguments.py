"""Arguments of methods that cannot be sent."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from collections.abc import Iterator
from typing import Any

import odd_json
import openapi_document
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published_document import DOCUMENT

from insightiq import InsightIQ, SharedQuota, Timeouts, errors
from insightiq.testing import FakeClock, ScriptedTransport, response

OPERATIONS = {each.id: each for each in openapi_document.operations(DOCUMENT)}
SECRET = "planted-9c1f"
HUGE = 10**5000
# By the beginning of an annotation: a value that can be sent, and values that cannot.
VALUES: dict[str, tuple[Any, list[Any]]] = {
    "str": ("x", ["half \ud83d", 1.5, float("nan"), True, b"x", [], object()]),
    "str | int": ("x", ["half \ud83d", 1.0, float("nan"), True, b"x", HUGE]),
    "int": (1, [1.5, 1e9, float("nan"), True, "1", HUGE, object()]),
    "bool": (True, ["true", 1, 0.0, object()]),
    "datetime.date": (
        dt.date(2026, 1, 2),
        ["2026-01-02", dt.datetime(2026, 1, 2, tzinfo=dt.UTC), 5, True],
    ),
    "Sequence": (["x"], ["x", 5, {"x"}, ["\ud83d"], [float("inf")], [object()], [["x", HUGE]]]),
    "list": (["x"], ["x", 5, {"x"}, ["\ud83d"], [float("inf")], [object()], [["x", HUGE]]]),
    "model": ({"a": "x"}, ["x", 5, {"a": "\ud83d"}, {"a": [float("nan")]}, {"a": object()}]),
}
IN_PATH = ["", ".", "..", "x" * 20_000, "é" * 6_000, None, 1.5, True, b"x", "\ud83d", HUGE]


def kind_of(annotation: str) -> str:
    """The row of the table for an annotation."""
    known = annotation.partition("[")[0].removesuffix(" | None | Unset").removesuffix(" | Unset")
    if known in VALUES:
        return known
    return "str" if "Text" in known else "model"


def arguments() -> Iterator[tuple[str, str, Any]]:
    """Each argument of each operation with each value that cannot be sent."""
    for id_ in OPERATIONS:
        for parameter in parameters(id_):
            odd = VALUES[kind_of(str(parameter.annotation))][1]
            if parameter.kind is not parameter.KEYWORD_ONLY:
                odd = IN_PATH
            elif parameter.default is parameter.empty:
                odd = [*odd, None]
            for value in odd:
                yield id_, parameter.name, value


def parameters(id_: str) -> list[inspect.Parameter]:
    """The arguments of an operation's method."""
    return list(inspect.signature(method(client(), id_)).parameters.values())


def method(iq: InsightIQ, id_: str) -> Any:
    """The method of an operation."""
    resource, _, verb = id_.partition(".")
    return getattr(getattr(iq, resource), verb)


def client(*script: Any, **options: Any) -> InsightIQ:
    """A client whose server is a script."""
    transport = ScriptedTransport(list(script))
    return InsightIQ(client_id="id", client_secret=SECRET, transport=transport, **options)


def test_wrong_argument_is_rejected_by_name() -> None:
    iq = client()
    tried = 0
    for id_, name, value in arguments():
        given_ = {
            each.name: VALUES[kind_of(str(each.annotation))][0]
            for each in parameters(id_)
            if each.default is each.empty
        }
        given_[name] = value
        positional = [
            given_.pop(each.name) for each in parameters(id_) if each.kind is not each.KEYWORD_ONLY
        ]
        with pytest.raises(errors.ConfigurationError) as caught:
            method(iq, id_)(*positional, **given_)
        assert str(caught.value).startswith(f"{id_}: {name} "), (id_, name)
        assert str(caught.value).isprintable()
        assert caught.value.operation == id_
        assert caught.value.__cause__ is None
        tried += 1
    assert tried > 5 * len(OPERATIONS)


@settings(deadline=None)
@given(data=st.data(), id_=st.sampled_from(sorted(OPERATIONS)))
def test_text_is_sent_or_rejected(data: st.DataObject, id_: str) -> None:
    values = {
        each.name: data.draw(odd_json.texts())
        if kind_of(str(each.annotation)) == "str"
        else VALUES[kind_of(str(each.annotation))][0]
        for each in parameters(id_)
        if each.default is each.empty
    }
    positional = [
        values.pop(each.name) for each in parameters(id_) if each.kind is not each.KEYWORD_ONLY
    ]
    iq = client(response(400, json={}), max_attempts=1)
    expected = (errors.ConfigurationError, errors.BadRequestError)
    with pytest.raises(expected, match=f"^{id_}") as caught:
        getattr(method(iq, id_)(*positional, **values), "first", object)()
    rejected = isinstance(caught.value, errors.ConfigurationError)
    assert not rejected or re.match(rf"{id_}: \w+ (cannot|must) ", str(caught.value))


def test_none_leaves_optional_argument_out() -> None:
    transport = ScriptedTransport(
        [response(json={"data": [], "metadata": {"offset": 0, "limit": 100}})]
    )
    iq = InsightIQ(client_id="id", client_secret=SECRET, transport=transport)
    contents = iq.contents.list(account_id="a", from_date=None, to_date=None, limit=None)
    assert contents.to_list() == []
    [request] = transport.requests
    assert request.query.keys() == {"account_id", "limit", "offset"}


@pytest.mark.parametrize("external_id", [1700000000000, -5, 0])
def test_external_id_may_be_number(external_id: int) -> None:
    example = DOCUMENT["components"]["schemas"]["User"]["properties"]
    user = {key: each.get("example", "2026-01-02T00:00:00") for key, each in example.items()}
    exists = {"error": {"code": "user_exists_with_external_id"}}
    transport = ScriptedTransport([response(400, json=exists), response(json=user)])
    iq = InsightIQ(client_id="id", client_secret=SECRET, transport=transport)
    iq.users.get_or_create(name="Ada", external_id=external_id)
    creation, lookup = transport.requests
    assert creation.json == {"name": "Ada", "external_id": external_id}
    assert lookup.path == f"/v1/users/external_id/{external_id}"


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"method": 5}, "method"),
        ({"path": b"/v1/x"}, "path"),
        ({"path": "/v1/" + "x" * 20_000}, "path"),
        ({"params": [("a", "b")]}, "params"),
        ({"params": {5: "x"}}, "params"),
        ({"params": {"\ud83d": "x"}}, "params"),
        ({"params": {"a": "\ud83d"}}, "params['a']"),
        ({"params": {"a": float("nan")}}, "params['a']"),
        ({"params": {"a": [1]}}, "params['a']"),
        ({"json": {"a": float("nan")}}, "json"),
        ({"json": "\ud83d"}, "json"),
        ({"json": object()}, "json"),
    ],
)
def test_wrong_argument_of_raw_request_is_rejected(arguments: dict[str, Any], name: str) -> None:
    with pytest.raises(errors.ConfigurationError) as caught:
        client().request(**{"method": "GET", "path": "/v1/x", **arguments})
    assert str(caught.value).startswith(f"request: {name} ")


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"account_id": ""}, "account_id"),
        ({"account_id": "\ud83d"}, "account_id"),
        ({"account_id": None}, "account_id"),
        ({"products": 5}, "products"),
        ({"products": ["\ud83d"]}, "products"),
        ({"timeout": HUGE}, "timeout"),
        ({"timeout": float("nan")}, "timeout"),
        ({"timeout": "5"}, "timeout"),
    ],
)
def test_wrong_argument_of_waiting_is_rejected(arguments: dict[str, Any], name: str) -> None:
    with pytest.raises(errors.ConfigurationError) as caught:
        client().accounts.wait_until_synced(**{"account_id": "a", **arguments})
    assert str(caught.value).startswith(f"accounts.wait_until_synced: {name}")


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": HUGE},
        {"deadline": HUGE},
        {"deadline": 1e10},
        {"max_attempts": -HUGE},
        {"max_response_bytes": -HUGE},
        {"clock": 5},
        {"quota": HUGE},
    ],
)
def test_wrong_option_of_client_is_rejected(options: dict[str, Any]) -> None:
    with pytest.raises(errors.ConfigurationError, match=f"^{next(iter(options))}"):
        client(**options)


def test_other_wrong_options_are_rejected() -> None:
    headers: Any = {5: "x"}
    path: Any = 5
    with pytest.raises(errors.ConfigurationError, match=r"headers: each name must be text"):
        client().with_options(headers=headers)
    with pytest.raises(errors.ConfigurationError, match="timeout read=a number"):
        Timeouts(read=HUGE)
    with pytest.raises(errors.ConfigurationError, match=r"^proxy must be .* as text, not int"):
        InsightIQ(client_id="id", client_secret=SECRET, proxy=path)
    for odd in (path, "\ud83d", b"x", "a\0b", ""):
        with pytest.raises(errors.ConfigurationError, match=r"^path must be the name of a file"):
            SharedQuota(odd, clock=FakeClock())

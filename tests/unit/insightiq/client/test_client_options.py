"""Clients that call differently and share everything else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import insightiq
from insightiq import errors
from insightiq.testing import ScriptedTransport, delayed, response
from insightiq_generated.client import Request

GET = Request("GET", "/v1/things/7")
PAIR: dict[str, Any] = {"client_id": "id", "client_secret": "s3", "quota": None}


def test_options_change_what_is_given_and_keep_the_rest(play: Any) -> None:
    """A sibling of a sibling has both changes; the first client has none."""
    first = play([], deadline=9, max_attempts=2).client
    second = first.with_options(timeout=3, headers={"X-Team": "growth"})
    third = second.with_options(deadline=None, max_attempts=5, headers={"x-run": "1"})
    shown = [client._driver.options for client in (first, second, third)]
    assert [(one.deadline, one.max_attempts) for one in shown] == [(9, 2), (9, 2), (None, 5)]
    assert [one.timeouts.read for one in shown] == [30.0, 3, 3]
    assert [dict(one.headers) for one in shown] == [
        {},
        {"x-team": "growth"},
        {"x-team": "growth", "x-run": "1"},
    ]


def test_headers_reach_the_server(play: Any, get_thing: Any) -> None:
    """They are added to those of every request of that sibling, and of no other."""
    played = play([response(), response()])
    played.call(get_thing, GET)
    played.client = played.client.with_options(headers={"X-Trace": "t-1"})
    played.call(get_thing, GET)
    sent = [request.headers for request in played.transport.requests]
    assert "x-trace" not in sent[0]
    assert sent[1]["x-trace"] == "t-1"
    assert sent[1]["accept"] == "application/json"


def test_a_timeout_of_a_sibling_holds_for_its_calls(play: Any, get_thing: Any) -> None:
    """A quick health check and a slow export use one client."""
    played = play(lambda _: delayed(20, response()), max_attempts=1)
    played.call(get_thing, GET)
    played.client = played.client.with_options(timeout=5)
    assert type(played.fail(get_thing, GET)) is errors.APITimeoutError


def test_siblings_share_everything_but_their_options(get_thing: Any) -> None:
    """One pool, one quota, one budget; and resources that call with the sibling's options."""
    transport = ScriptedTransport(lambda _: response(json={"data": []}))
    with insightiq.InsightIQ(**PAIR, transport=transport) as iq:
        first_users = iq.users
        sibling = iq.with_options(deadline=5)
        assert type(sibling) is insightiq.InsightIQ
        assert sibling.users is not first_users
        assert sibling.users._caller is sibling._caller
        assert sibling._driver._shared is iq._driver._shared
        sibling._caller.call(get_thing, GET)
        assert repr(sibling) == repr(iq)


def test_a_subclass_keeps_what_it_added() -> None:
    """with_options copies the client, whatever class it is of."""

    class Ours(insightiq.InsightIQ):
        team = "none"

    ours = Ours(**PAIR)
    ours.team = "growth"
    sibling = ours.with_options(deadline=5)
    assert type(sibling) is Ours
    assert sibling.team == "growth"


def test_closing_a_sibling_leaves_the_first_client_open(get_thing: Any) -> None:
    """``with iq.with_options(…) as quick:`` must not close what it shares; the first one does."""
    iq = insightiq.InsightIQ(**PAIR, transport=ScriptedTransport(lambda _: response()))
    with iq.with_options(deadline=5) as sibling:
        sibling._caller.call(get_thing, GET)
    iq._caller.call(get_thing, GET)
    iq.close()
    with pytest.raises(errors.ClientClosedError):
        sibling._caller.call(get_thing, GET)


def test_closing_an_async_sibling_leaves_the_first_client_open(get_thing: Any) -> None:
    """The same for asyncio."""

    async def main() -> None:
        transport = ScriptedTransport(lambda _: response())
        async with insightiq.AsyncInsightIQ(**PAIR, transport=transport) as iq:
            async with iq.with_options(deadline=5) as sibling:
                await sibling._caller.call(get_thing, GET)
            await iq._caller.call(get_thing, GET)
        with pytest.raises(errors.ClientClosedError):
            await sibling._caller.call(get_thing, GET)

    asyncio.run(main())


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("deadline", 0, "give a positive number of seconds, or None"),
        ("deadline", -1, "give a positive number of seconds, or None"),
        ("deadline", float("inf"), "or None for no deadline"),
        ("deadline", True, "give a positive number of seconds, or None"),
        ("deadline", "5", "give a positive number of seconds, or None"),
        ("max_attempts", 0, "give a whole number from 1"),
        ("max_attempts", 2.5, "give a whole number from 1"),
        ("max_attempts", True, "give a whole number from 1"),
        ("timeout", 0, "give a positive number of seconds"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(option: str, value: Any, said: str) -> None:
    """When a client is made as when it is changed."""
    with pytest.raises(errors.ConfigurationError, match=said):
        insightiq.InsightIQ(**PAIR, **{option: value})
    with pytest.raises(errors.ConfigurationError, match=said):
        insightiq.InsightIQ(**PAIR).with_options(**{option: value})


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"Authorization": "Bearer planted"}, "Authorization is set by the client itself"),
        ({"host": "elsewhere.example"}, "host is set by the client itself"),
        ({"content-length": "0"}, "content-length is set by the client itself"),
        ({"": "x"}, "'' is not the name of a header"),
        ({"x y": "x"}, "'x y' is not the name of a header"),
        ({"x-a:b": "x"}, "is not the name of a header"),
        ({"x-a": "planted\r\nx-b: c"}, "the value of x-a must be printable ASCII"),
        ({"x-a": "plänted"}, "the value of x-a must be printable ASCII"),
        ({"x-a": b"planted"}, "the value of x-a must be text, not bytes"),
        ([("x-a", "planted")], "headers must be a mapping of names to texts, not list"),
    ],
)
def test_a_header_that_would_break_the_request_is_refused(headers: Any, said: str) -> None:
    """No second request is smuggled in, no credential replaced; the value is not repeated."""
    with pytest.raises(errors.ConfigurationError, match=said) as caught:
        insightiq.InsightIQ(**PAIR).with_options(headers=headers)
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize("option", [{"proxy": "http://p.example"}, {"verify": False}])
def test_a_proxy_beside_an_own_transport_is_refused(option: dict[str, Any]) -> None:
    """It would have no effect, and the calls would go another way than thought."""
    with pytest.raises(errors.ConfigurationError, match="no effect on your own transport"):
        insightiq.InsightIQ(**PAIR, transport=ScriptedTransport([]), **option)


async def _never(_: insightiq.Event) -> None:
    """Stand for a hook that nobody would await."""


@pytest.mark.parametrize("client_class", [insightiq.InsightIQ, insightiq.AsyncInsightIQ])
@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"quota": 10}, "quota=10 keeps to no limit"),
        ({"quota": insightiq.Quota}, r"pass Quota\(requests_per_second=…\)"),
        ({"quota": "/run/quota"}, r"SharedQuota\(path\), or None"),
        ({"on_event": "print"}, "on_event must be an ordinary function .*, not str"),
        ({"on_event": _never}, "on_event must be an ordinary function .*, not a coroutine"),
        ({"verify": "/etc/ca.pem"}, r"ssl.create_default_context\(cafile=…\)"),
    ],
)
def test_an_argument_of_another_kind_is_refused(
    client_class: Any, option: dict[str, Any], said: str
) -> None:
    """It would break the first call, or, with a hook that is never awaited, nothing but silence."""
    with pytest.raises(errors.ConfigurationError, match=said):
        client_class(**{**PAIR, **option})


def _of_the_other_kind(kind: str) -> dict[str, Any]:
    import httpx  # noqa: PLC0415 - what a client is given is the point

    script = ScriptedTransport([])
    if kind == "client":
        return {"http_client": httpx.AsyncClient(transport=script)}
    return {"http_client": httpx.Client} if kind == "class" else {"transport": object()}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("client", "http_client must be an httpx.Client, not AsyncClient"),
        ("class", "http_client must be an httpx.Client, not the class Client"),
        ("transport", "with the method handle_request; object has none"),
    ],
)
def test_an_http_client_of_another_kind_is_refused(kind: str, said: str) -> None:
    """It would have sent the request before anybody saw that it does not fit."""
    client = insightiq.InsightIQ(**PAIR, **_of_the_other_kind(kind))
    with pytest.raises(errors.ConfigurationError, match=said):
        client.users.get("u-1")


def test_an_asynchronous_client_needs_an_asynchronous_transport() -> None:
    """The same for the other half."""
    client = insightiq.AsyncInsightIQ(**PAIR, **_of_the_other_kind("transport"))
    with pytest.raises(errors.ConfigurationError, match="handle_async_request; object has none"):
        asyncio.run(client.users.get("u-1"))


def test_headers_and_app_info_reach_the_server() -> None:
    """Those of the client are on every request; a sibling adds its own."""
    transport = ScriptedTransport(lambda _: response(json={}))
    options: dict[str, Any] = {"headers": {"X-Team": "growth"}, "app_info": "my-app/1.2"}
    with insightiq.InsightIQ(**PAIR, **options, transport=transport) as iq:
        iq.request("GET", "/v1/x")
        iq.with_options(headers={"x-run": "1"}).request("GET", "/v1/x")
    first, second = (request.headers for request in transport.requests)
    assert first["x-team"] == second["x-team"] == "growth"
    assert ("x-run" in first, second["x-run"]) == (False, "1")
    assert first["user-agent"].startswith("insightiq-toolkit/")
    assert first["user-agent"].endswith(" my-app/1.2")


@pytest.mark.parametrize("app_info", ["", " ", "a\nb", "é", 5, b"x"])
def test_app_info_that_no_header_holds_is_refused(app_info: Any) -> None:
    """It would break each request instead of the client's making."""
    with pytest.raises(errors.ConfigurationError, match=r"^app_info must be printable ASCII"):
        insightiq.InsightIQ(**PAIR, app_info=app_info)


def test_extra_parameters_and_keys_are_sent() -> None:
    """What the document lacks can be said; what the call says itself comes first."""
    transport = ScriptedTransport(lambda _: response(json={"data": []}))
    with insightiq.InsightIQ(**PAIR, transport=transport) as iq:
        extra = iq.with_options(extra_query={"new": True, "limit": 7, "left": None})
        extra = extra.with_options(extra_body={"tags": ["a"], "k": 0}, extra_query={"more": 1})
        extra.request("POST", "/v1/x", params={"limit": 5}, json={"k": 1})
        extra.request("GET", "/v1/x")
        iq.request("POST", "/v1/x", json={})
    first, second, third = transport.requests
    assert first.query == {"new": "true", "limit": "5", "more": "1"}
    assert first.json == {"tags": ["a"], "k": 1}
    assert (second.query["limit"], second.content) == ("7", None)
    assert (third.query, third.json) == ({}, {})


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"extra_query": [("a", 1)]}, "extra_query must be a mapping"),
        ({"extra_query": {"a": [1]}}, "extra_query['a'] cannot be sent"),
        ({"extra_query": {"a": "\ud83d"}}, "extra_query['a'] cannot be sent"),
        ({"extra_body": ["a"]}, "extra_body must be Mapping, not list"),
        ({"extra_body": {"a": float("nan")}}, "extra_body cannot be sent"),
    ],
)
def test_extra_values_that_cannot_be_sent_are_refused(options: Any, problem: str) -> None:
    """As arguments are, and as soon as they are given."""
    with pytest.raises(errors.ConfigurationError) as caught:
        insightiq.InsightIQ(**PAIR).with_options(**options)
    assert str(caught.value).startswith(problem)
    assert caught.value.operation is None

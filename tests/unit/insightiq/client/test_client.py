"""Clients: construction, options, sharing, closing, forking, and what importing costs."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import copy
import importlib
import json
import logging
import pathlib
import pickle
import subprocess
import sys
import threading
from types import ModuleType
from typing import Any

import httpx
import pytest

import insightiq
import insightiq.errors
import insightiq.models
import insightiq.testing
from insightiq import _transport, errors
from insightiq._call import Lazy
from insightiq._secret import Secret, mask
from insightiq.testing import ScriptedTransport, delayed, response
from insightiq_generated.api import AsyncResources, Resources
from insightiq_generated.client import Request

REQUEST = Request("GET", "/v1/things/7")
PAIR: dict[str, Any] = {"client_id": "id", "client_secret": "s3", "quota": None}


both_clients = pytest.mark.parametrize(
    "client_class", [insightiq.InsightIQ, insightiq.AsyncInsightIQ]
)


def responding(seen: list[httpx.Request] | None = None) -> httpx.MockTransport:
    """Return a transport that responds with an empty object."""

    def respond(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        return httpx.Response(200, json={})

    return httpx.MockTransport(respond)


def test_closed_client_says_so(play: Any, get_thing: Any) -> None:
    played = play([response()])
    played.call(get_thing, REQUEST)
    played.close()
    error = played.fail(get_thing, REQUEST)
    assert type(error) is errors.ClientClosedError
    assert str(error) == (
        "things.get: this client is closed. Make a new one, "
        "or keep its with block open for as long as you use it."
    )
    assert error.operation == "things.get"


def test_unused_client_can_be_closed_twice(play: Any, get_thing: Any) -> None:
    played = play([])
    played.close()
    played.close()
    assert type(played.fail(get_thing, REQUEST)) is errors.ClientClosedError


@pytest.mark.parametrize("name", ["close", "aclose"])
def test_async_client_is_closed_by_either_name(name: str, get_thing: Any) -> None:
    async def main() -> None:
        client = insightiq.AsyncInsightIQ(**PAIR, transport=responding())
        await client._caller.call(get_thing, REQUEST)
        await getattr(client, name)()
        with pytest.raises(errors.ClientClosedError):
            await client._caller.call(get_thing, REQUEST)

    asyncio.run(main())


def test_other_event_loop_is_rejected(get_thing: Any) -> None:
    client = insightiq.AsyncInsightIQ(**PAIR, transport=responding())
    coroutine = client._caller.call(get_thing, REQUEST)
    with pytest.raises(errors.ConfigurationError) as caught:
        # As trio does it: no loop of asyncio runs.
        coroutine.send(None)
    assert str(caught.value) == (
        "things.get: AsyncInsightIQ works in an asyncio event loop only; "
        "under trio, call InsightIQ in a thread: trio.to_thread.run_sync(…)."
    )
    assert caught.value.__context__ is None


@both_clients
@pytest.mark.parametrize("of", [lambda iq: iq, lambda iq: iq.users, lambda iq: iq.users.list()])
def test_deep_copy_is_rejected_in_one_sentence(client_class: Any, of: Any) -> None:
    with pytest.raises(TypeError, match=r"cannot be copied: use with_options\(\)"):
        copy.deepcopy(of(client_class(**PAIR, transport=responding())))


@both_clients
def test_copy_of_client_is_rejected(client_class: Any) -> None:
    with pytest.raises(TypeError, match=r"cannot be copied: use with_options\(\)"):
        copy.copy(client_class(**PAIR))


def test_caller_http_client_is_used_and_left_open(get_thing: Any) -> None:
    seen: list[httpx.Request] = []
    with httpx.Client(
        transport=responding(seen), headers={"x-team": "growth"}, auth=("other", "pair")
    ) as own:
        with insightiq.InsightIQ(**PAIR, http_client=own) as client:
            client._caller.call(get_thing, REQUEST)
        assert not own.is_closed
    assert seen[0].headers["x-team"] == "growth"
    assert seen[0].headers["authorization"] == "Basic aWQ6czM="


def test_caller_async_http_client_is_used_and_left_open(get_thing: Any) -> None:
    seen: list[httpx.Request] = []

    async def main() -> None:
        async with httpx.AsyncClient(transport=responding(seen), auth=("other", "pair")) as own:
            async with insightiq.AsyncInsightIQ(**PAIR, http_client=own) as client:
                await client._caller.call(get_thing, REQUEST)
            assert not own.is_closed

    asyncio.run(main())
    assert seen[0].headers["authorization"] == "Basic aWQ6czM="


@both_clients
def test_transport_and_http_client_exclude_other(client_class: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match="give the transport to the http_client"):
        client_class(**PAIR, transport=responding(), http_client=httpx.Client())


def timeouts_of(get_thing: Any, **options: Any) -> dict[str, float]:
    """Return the timeouts that a request of a client with ``options`` carries."""
    seen: list[httpx.Request] = []
    transport = responding(seen)
    if (own := options.pop("own_timeout", None)) is not None:
        options["http_client"] = httpx.Client(transport=transport, timeout=own)
    else:
        options["transport"] = transport
    insightiq.InsightIQ(**PAIR, **options)._caller.call(get_thing, REQUEST)
    timeouts: dict[str, float] = seen[0].extensions["timeout"]
    return timeouts


def test_default_timeouts(get_thing: Any) -> None:
    expected = {"connect": 5.0, "read": 30.0, "write": 30.0, "pool": 10.0}
    assert timeouts_of(get_thing) == expected


def test_number_sets_all_timeouts(get_thing: Any) -> None:
    assert set(timeouts_of(get_thing, timeout=7).values()) == {7}


def test_timeouts_set_single_parts(get_thing: Any) -> None:
    assert timeouts_of(get_thing, timeout=insightiq.Timeouts(read=90)) == {
        "connect": 5.0,
        "read": 90,
        "write": 30.0,
        "pool": 10.0,
    }


def test_caller_http_client_keeps_timeouts(get_thing: Any) -> None:
    assert set(timeouts_of(get_thing, own_timeout=3).values()) == {3}
    assert set(timeouts_of(get_thing, own_timeout=3, timeout=4).values()) == {4}


@pytest.mark.parametrize("timeout", [0, -1, float("inf"), float("nan"), True, "5"])
def test_invalid_timeout_is_rejected(timeout: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match="give a positive number of seconds"):
        insightiq.InsightIQ(**PAIR, timeout=timeout)
    with pytest.raises(errors.ConfigurationError, match="timeout read="):
        insightiq.Timeouts(read=timeout)


def test_threads_share_one_connection_pool(get_thing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[_transport.Sender] = []
    original = _transport.Sender.__init__

    def count(self: _transport.Sender, *arguments: Any, **options: Any) -> None:
        built.append(self)
        original(self, *arguments, **options)

    monkeypatch.setattr(_transport.Sender, "__init__", count)
    seen: list[httpx.Request] = []
    results: list[object] = []
    ready = threading.Barrier(20)
    with insightiq.InsightIQ(**PAIR, transport=responding(seen)) as client:

        def work() -> None:
            ready.wait()
            results.append(client._caller.call(get_thing, REQUEST))

        threads = [threading.Thread(target=work) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(built) == 1
    assert len(seen) == len(results) == 20


def test_lazy_value_is_made_once() -> None:
    meeting = threading.Barrier(2)
    made: list[object] = []

    def make() -> object:
        # Both threads meet here only if nothing keeps the second one out.
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(0.05)
        made.append(object())
        return made[-1]

    opened = Lazy(make)
    threads = [threading.Thread(target=opened.get, args=["things.get"]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert opened.get("things.get") is made[0]


def test_concurrent_async_calls_share_one_client(get_thing: Any) -> None:
    async def echo(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        return httpx.Response(200, json={"path": request.url.path})

    async def main() -> list[Any]:
        async with insightiq.AsyncInsightIQ(**PAIR, transport=httpx.MockTransport(echo)) as client:
            calls = (
                client._caller.call(get_thing, Request("GET", f"/v1/things/{number}"))
                for number in range(20)
            )
            return await asyncio.gather(*calls)

    assert [one["path"] for one in asyncio.run(main())] == [
        f"/v1/things/{number}" for number in range(20)
    ]


def test_cancelled_call_leaves_client_usable(get_thing: Any) -> None:
    async def main() -> Any:
        started, never = asyncio.Event(), asyncio.Event()

        async def respond(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/v1/slow":
                started.set()
                await never.wait()
            return httpx.Response(200, json={})

        async with insightiq.AsyncInsightIQ(
            **PAIR, transport=httpx.MockTransport(respond)
        ) as client:
            slow = asyncio.create_task(client._caller.call(get_thing, Request("GET", "/v1/slow")))
            await started.wait()
            slow.cancel()
            with pytest.raises(asyncio.CancelledError):
                await slow
            return await client._caller.call(get_thing, REQUEST)

    assert asyncio.run(main()) == {}


GET = Request("GET", "/v1/things/7")


def test_options_change_what_is_given_and_keep_rest(play: Any) -> None:
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


def test_headers_reach_server(play: Any, get_thing: Any) -> None:
    played = play([response(), response()])
    played.call(get_thing, GET)
    played.client = played.client.with_options(headers={"X-Trace": "t-1"})
    played.call(get_thing, GET)
    sent = [request.headers for request in played.transport.requests]
    assert "x-trace" not in sent[0]
    assert sent[1]["x-trace"] == "t-1"
    assert sent[1]["accept"] == "application/json"


def test_timeout_of_sibling_holds_for_calls(play: Any, get_thing: Any) -> None:
    played = play(lambda _: delayed(20, response()), max_attempts=1)
    played.call(get_thing, GET)
    played.client = played.client.with_options(timeout=5)
    assert type(played.fail(get_thing, GET)) is errors.APITimeoutError


def test_siblings_share_everything_but_their_options(get_thing: Any) -> None:
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


def test_sibling_of_subclass_keeps_attributes() -> None:
    class Ours(insightiq.InsightIQ):
        team = "none"

    ours = Ours(**PAIR)
    ours.team = "growth"
    sibling = ours.with_options(deadline=5)
    assert type(sibling) is Ours
    assert sibling.team == "growth"


def test_closing_sibling_leaves_first_client_open(play: Any, get_thing: Any) -> None:
    played = play(lambda _: response())
    first, played.client = played.client, played.client.with_options(deadline=5)
    played.call(get_thing, GET)
    played.close()
    played.call(get_thing, GET)
    played.close(first)
    assert type(played.fail(get_thing, GET)) is errors.ClientClosedError


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
def test_invalid_option_is_rejected(option: str, value: Any, said: str) -> None:
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
def test_reserved_or_invalid_header_is_rejected(headers: Any, said: str) -> None:
    with pytest.raises(errors.ConfigurationError, match=said) as caught:
        insightiq.InsightIQ(**PAIR).with_options(headers=headers)
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize("option", [{"proxy": "http://p.example"}, {"verify": False}])
def test_proxy_beside_own_transport_is_rejected(option: dict[str, Any]) -> None:
    with pytest.raises(errors.ConfigurationError, match="no effect on your own transport"):
        insightiq.InsightIQ(**PAIR, transport=ScriptedTransport([]), **option)


async def _never(_: insightiq.Event) -> None:
    """Be a coroutine function."""


@both_clients
@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"quota": 10}, "quota=10 is not a quota"),
        ({"quota": insightiq.Quota}, r"pass Quota\(requests_per_second=…\)"),
        ({"quota": "/run/quota"}, r"SharedQuota\(path\), or None"),
        ({"on_event": "print"}, "on_event must be an ordinary function .*, not str"),
        ({"on_event": _never}, "on_event must be an ordinary function .*, not a coroutine"),
        ({"verify": "/etc/ca.pem"}, r"ssl.create_default_context\(cafile=…\)"),
    ],
)
def test_argument_of_another_kind_is_rejected(
    client_class: Any, option: dict[str, Any], said: str
) -> None:
    with pytest.raises(errors.ConfigurationError, match=said):
        client_class(**{**PAIR, **option})


def _of_the_other_kind(kind: str) -> dict[str, Any]:
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
def test_http_client_of_another_kind_is_rejected(kind: str, said: str) -> None:
    client = insightiq.InsightIQ(**PAIR, **_of_the_other_kind(kind))
    with pytest.raises(errors.ConfigurationError, match=said):
        client.users.get("u-1")


def test_async_client_needs_async_transport() -> None:
    client = insightiq.AsyncInsightIQ(**PAIR, **_of_the_other_kind("transport"))
    with pytest.raises(errors.ConfigurationError, match="handle_async_request; object has none"):
        asyncio.run(client.users.get("u-1"))


def test_headers_and_app_info_reach_server() -> None:
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
def test_invalid_app_info_is_rejected(app_info: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match=r"^app_info must be printable ASCII"):
        insightiq.InsightIQ(**PAIR, app_info=app_info)


def test_extra_parameters_and_keys_are_sent() -> None:
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
def test_extra_values_cannot_be_sent_are_rejected(options: Any, problem: str) -> None:
    with pytest.raises(errors.ConfigurationError) as caught:
        insightiq.InsightIQ(**PAIR).with_options(**options)
    assert str(caught.value).startswith(problem)
    assert caught.value.operation is None


PACKAGE = pathlib.Path(insightiq.__file__).parent


@pytest.mark.parametrize(
    "module", [insightiq, insightiq.errors, insightiq.models, insightiq.testing]
)
def test_exported_names_are_sorted_and(module: ModuleType) -> None:
    names = module.__all__
    assert list(names) == sorted(set(names), key=lambda name: (not name.isupper(), name))
    for name in names:
        assert getattr(module, name) is not None


@pytest.mark.parametrize("module", [insightiq, insightiq.models])
def test_exported_names_are_listed_and_others_rejected(module: ModuleType) -> None:
    assert set(module.__all__) <= set(dir(module))
    with pytest.raises(AttributeError, match="Contentt"):
        _ = module.Contentt


def test_models_are_those_of_document() -> None:
    from insightiq_generated.models import Content

    assert insightiq.models.Content is Content
    assert insightiq.models.__all__ == importlib.import_module("insightiq_generated.models").__all__


def test_resource_is_attribute_of_both_clients() -> None:
    pair: dict[str, Any] = {"client_id": "id", "client_secret": "s3"}
    for client, base in (
        (insightiq.InsightIQ(**pair), Resources),
        (insightiq.AsyncInsightIQ(**pair), AsyncResources),
    ):
        names = [name for name in vars(base) if not name.startswith("_")]
        assert names
        for name in names:
            assert getattr(client, name)._caller is client._caller


def test_constructor_loads_neither_models_nor_httpx() -> None:
    program = (
        "import sys, insightiq\n"
        "insightiq.InsightIQ(client_id='id', client_secret='s3').contents\n"
        "loaded = {name for name in sys.modules if name.startswith('insightiq_generated.models.')}\n"
        "print(sorted(loaded), 'httpx' in sys.modules, 'importlib.metadata' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[] False False\n"


def test_types_are_published() -> None:
    assert (PACKAGE / "py.typed").is_file()


def test_version_is_text() -> None:
    assert insightiq.__version__[0].isdigit()


PLANTED = "planted-7f31"


def test_only_reveal_shows_secret() -> None:
    secret = Secret(PLANTED)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r}", "%s" % secret, repr([secret])]  # noqa: UP031 - the old way must hide it too
    assert secret.reveal() == PLANTED
    assert all(PLANTED not in text for text in shown)


def test_secret_in_log_record_is_hidden(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("signing in with %s", Secret(PLANTED))
    assert PLANTED not in caplog.text


def test_secret_cannot_be_serialised() -> None:
    with pytest.raises(TypeError, match="make a new client"):
        pickle.dumps(Secret(PLANTED))
    with pytest.raises(TypeError):
        json.dumps(Secret(PLANTED))
    with pytest.raises(TypeError):
        vars(Secret(PLANTED))


def test_copies_of_secret_are_secret() -> None:
    secret = Secret(PLANTED)
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret


def test_mask_hides_occurrence_of_secret() -> None:
    text = mask(f"{PLANTED} and other-91, again {PLANTED}", [Secret(PLANTED), Secret("other-91")])
    assert text == "*** and ***, again ***"


@both_clients
def test_repr_of_client_hides_credentials(
    client_class: type[insightiq.InsightIQ | insightiq.AsyncInsightIQ],
) -> None:
    client = client_class(client_id="planted-id", client_secret=PLANTED)
    assert repr(client) == f"{client_class.__name__}(base_url='https://api.sandbox.insightiq.ai')"


@both_clients
def test_reachable_objects_hide_secret(
    client_class: type[insightiq.InsightIQ | insightiq.AsyncInsightIQ],
) -> None:
    client = client_class(client_id="planted-id", client_secret=PLANTED)
    encoded = base64.b64encode(f"planted-id:{PLANTED}".encode()).decode()
    seen: set[int] = set()
    waiting: list[object] = [client]
    while waiting:
        value = waiting.pop()
        if id(value) in seen or isinstance(value, type):
            continue
        seen.add(id(value))
        assert PLANTED not in repr(value)
        assert encoded not in repr(value)
        waiting += list(getattr(value, "__dict__", {}).values())
        closure = getattr(value, "__closure__", None) or ()
        waiting += [cell.cell_contents for cell in closure]


def test_client_cannot_be_pickled() -> None:
    client = insightiq.InsightIQ(client_id="id", client_secret=PLANTED)
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(client)

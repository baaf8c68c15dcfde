"""Making, sharing and closing clients, and what they stand on."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import threading
from typing import Any

import httpx
import pytest

import insightiq
from insightiq import _transport, errors
from insightiq._call import Lazy
from insightiq_generated.client import Request

REQUEST = Request("GET", "/v1/things/7")
PAIR: dict[str, Any] = {"client_id": "id", "client_secret": "s3", "quota": None}


def answering(seen: list[httpx.Request] | None = None) -> httpx.MockTransport:
    """Return a transport that answers everything with an empty object."""

    def answer(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        return httpx.Response(200, json={})

    return httpx.MockTransport(answer)


def test_a_closed_client_says_so(get_thing: Any) -> None:
    """The usual cause is a with block that ended too early; the error says that."""
    with insightiq.InsightIQ(**PAIR, transport=answering()) as client:
        client._caller.call(get_thing, REQUEST)
    with pytest.raises(errors.ClientClosedError) as caught:
        client._caller.call(get_thing, REQUEST)
    assert str(caught.value) == (
        "things.get: this client is closed. Make a new one, "
        "or keep its with block open for as long as you use it."
    )
    assert caught.value.operation == "things.get"


def test_a_closed_async_client_says_so(get_thing: Any) -> None:
    """The same for asyncio."""

    async def main() -> None:
        async with insightiq.AsyncInsightIQ(**PAIR, transport=answering()) as client:
            await client._caller.call(get_thing, REQUEST)
        with pytest.raises(errors.ClientClosedError):
            await client._caller.call(get_thing, REQUEST)

    asyncio.run(main())


def test_a_client_can_be_closed_twice_and_unused() -> None:
    """Cleaning up needs no bookkeeping."""
    client = insightiq.InsightIQ(**PAIR)
    client.close()
    client.close()
    asynchronous = insightiq.AsyncInsightIQ(**PAIR)
    asyncio.run(asynchronous.close())
    asyncio.run(asynchronous.close())


@pytest.mark.parametrize("name", ["close", "aclose"])
def test_an_async_client_is_closed_by_either_name(name: str, get_thing: Any) -> None:
    """As both clients of this package, or as the asynchronous ones of httpx."""

    async def main() -> None:
        client = insightiq.AsyncInsightIQ(**PAIR, transport=answering())
        await client._caller.call(get_thing, REQUEST)
        await getattr(client, name)()
        with pytest.raises(errors.ClientClosedError):
            await client._caller.call(get_thing, REQUEST)

    asyncio.run(main())


def test_another_event_loop_is_refused_at_the_first_call(get_thing: Any) -> None:
    """Under trio a call would work until the quota made it wait, and end in a RuntimeError there."""
    client = insightiq.AsyncInsightIQ(**PAIR, transport=answering())
    coroutine = client._caller.call(get_thing, REQUEST)
    with pytest.raises(errors.ConfigurationError) as caught:
        # As trio does it: no loop of asyncio runs.
        coroutine.send(None)
    assert str(caught.value) == (
        "things.get: AsyncInsightIQ works in an asyncio event loop only; "
        "under trio, call InsightIQ in a thread: trio.to_thread.run_sync(…)."
    )
    assert caught.value.__context__ is None


@pytest.mark.parametrize("client_class", [insightiq.InsightIQ, insightiq.AsyncInsightIQ])
@pytest.mark.parametrize("of", [lambda iq: iq, lambda iq: iq.users, lambda iq: iq.users.list()])
def test_a_deep_copy_is_refused_in_one_sentence(client_class: Any, of: Any) -> None:
    """What a copy could share is unclear, and locks cannot be copied."""
    with pytest.raises(TypeError, match=r"cannot be copied: use with_options\(\)"):
        copy.deepcopy(of(client_class(**PAIR, transport=answering())))


@pytest.mark.parametrize("client_class", [insightiq.InsightIQ, insightiq.AsyncInsightIQ])
def test_a_copy_of_a_client_is_refused(client_class: Any) -> None:
    """Closing one of the two would close the other."""
    with pytest.raises(TypeError, match=r"cannot be copied: use with_options\(\)"):
        copy.copy(client_class(**PAIR))


def test_a_client_closed_before_its_first_call_stays_closed(get_thing: Any) -> None:
    """The connection is made late, but not after the end."""
    client = insightiq.InsightIQ(**PAIR, transport=answering())
    client.close()
    with pytest.raises(errors.ClientClosedError):
        client._caller.call(get_thing, REQUEST)


def test_the_caller_s_http_client_is_used_and_left_open(get_thing: Any) -> None:
    """Its headers and its life are the caller's; the credentials are ours."""
    seen: list[httpx.Request] = []
    with httpx.Client(
        transport=answering(seen), headers={"x-team": "growth"}, auth=("other", "pair")
    ) as own:
        with insightiq.InsightIQ(**PAIR, http_client=own) as client:
            client._caller.call(get_thing, REQUEST)
        assert not own.is_closed
    assert seen[0].headers["x-team"] == "growth"
    assert seen[0].headers["authorization"] == "Basic aWQ6czM="


def test_the_caller_s_async_http_client_is_used_and_left_open(get_thing: Any) -> None:
    """The same for asyncio."""
    seen: list[httpx.Request] = []

    async def main() -> None:
        async with httpx.AsyncClient(transport=answering(seen), auth=("other", "pair")) as own:
            async with insightiq.AsyncInsightIQ(**PAIR, http_client=own) as client:
                await client._caller.call(get_thing, REQUEST)
            assert not own.is_closed

    asyncio.run(main())
    assert seen[0].headers["authorization"] == "Basic aWQ6czM="


@pytest.mark.parametrize("client_class", [insightiq.InsightIQ, insightiq.AsyncInsightIQ])
def test_transport_and_http_client_exclude_each_other(client_class: Any) -> None:
    """One of the two would be ignored."""
    with pytest.raises(errors.ConfigurationError, match="give the transport to the http_client"):
        client_class(**PAIR, transport=answering(), http_client=httpx.Client())


def timeouts_of(get_thing: Any, **options: Any) -> dict[str, float]:
    """Return the timeouts that a request of a client with ``options`` carries."""
    seen: list[httpx.Request] = []
    transport = answering(seen)
    if (own := options.pop("own_timeout", None)) is not None:
        options["http_client"] = httpx.Client(transport=transport, timeout=own)
    else:
        options["transport"] = transport
    insightiq.InsightIQ(**PAIR, **options)._caller.call(get_thing, REQUEST)
    timeouts: dict[str, float] = seen[0].extensions["timeout"]
    return timeouts


def test_every_call_has_a_timeout(get_thing: Any) -> None:
    """No call waits for ever by default, and none shorter than the API needs."""
    expected = {"connect": 5.0, "read": 30.0, "write": 30.0, "pool": 10.0}
    assert timeouts_of(get_thing) == expected


def test_a_number_is_a_timeout_for_each_part(get_thing: Any) -> None:
    """As in the HTTP library."""
    assert set(timeouts_of(get_thing, timeout=7).values()) == {7}


def test_timeouts_set_single_parts(get_thing: Any) -> None:
    """The others keep their defaults."""
    assert timeouts_of(get_thing, timeout=insightiq.Timeouts(read=90)) == {
        "connect": 5.0,
        "read": 90,
        "write": 30.0,
        "pool": 10.0,
    }


def test_the_caller_s_http_client_keeps_its_timeouts(get_thing: Any) -> None:
    """Our defaults must not undo what the caller set there; an explicit timeout may."""
    assert set(timeouts_of(get_thing, own_timeout=3).values()) == {3}
    assert set(timeouts_of(get_thing, own_timeout=3, timeout=4).values()) == {4}


@pytest.mark.parametrize("timeout", [0, -1, float("inf"), float("nan"), True, "5"])
def test_a_timeout_that_is_no_duration_is_refused(timeout: Any) -> None:
    """The error names the value and what to give instead."""
    with pytest.raises(errors.ConfigurationError, match="give a positive number of seconds"):
        insightiq.InsightIQ(**PAIR, timeout=timeout)
    with pytest.raises(errors.ConfigurationError, match="timeout read="):
        insightiq.Timeouts(read=timeout)


def test_threads_share_one_connection_pool(get_thing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many threads make the first call at once, one pool is built."""
    built: list[_transport.Sender] = []
    original = _transport.Sender.__init__

    def count(self: _transport.Sender, *arguments: Any, **options: Any) -> None:
        built.append(self)
        original(self, *arguments, **options)

    monkeypatch.setattr(_transport.Sender, "__init__", count)
    seen: list[httpx.Request] = []
    results: list[object] = []
    ready = threading.Barrier(20)
    with insightiq.InsightIQ(**PAIR, transport=answering(seen)) as client:

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


def test_a_second_thread_waits_while_the_first_connects() -> None:
    """Two pools would double the connections, and the loser's would never be closed."""
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
    """Answers go to the calls that they belong to."""

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


def test_a_cancelled_call_leaves_the_client_usable(get_thing: Any) -> None:
    """Cancelling is how asyncio programs give up waiting."""

    async def main() -> Any:
        started, never = asyncio.Event(), asyncio.Event()

        async def answer(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/v1/slow":
                started.set()
                await never.wait()
            return httpx.Response(200, json={})

        async with insightiq.AsyncInsightIQ(
            **PAIR, transport=httpx.MockTransport(answer)
        ) as client:
            slow = asyncio.create_task(client._caller.call(get_thing, Request("GET", "/v1/slow")))
            await started.wait()
            slow.cancel()
            with pytest.raises(asyncio.CancelledError):
                await slow
            return await client._caller.call(get_thing, REQUEST)

    assert asyncio.run(main()) == {}

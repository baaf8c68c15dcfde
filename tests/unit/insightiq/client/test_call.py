"""Calls: requests, results, deadlines, and the slots of a quota."""

from __future__ import annotations

import asyncio
import base64
import gc
import logging
import pathlib
import sys
from types import FrameType
from typing import Any

import httpx
import pytest

import insightiq
import insightiq_generated
from insightiq import errors
from insightiq._call import Calls, Send
from insightiq.quota import Priority
from insightiq.testing import FakeClock, ScriptedTransport, connection_lost, response
from insightiq_generated.client import Request

REQUEST = Request("GET", "/v1/things/7")
OK = {"request-id": "r-1"}


def test_call_sends_request_and_returns_parsed_body(call: Any, script: Any, get_thing: Any) -> None:
    played = script([httpx.Response(200, headers=OK, json={"id": "7"})])
    request = Request("GET", "/v1/things/a%2Fb", {"name": "Ada & Bob/ü", "limit": "2"})
    assert call(played, get_thing, request) == {"id": "7"}
    (sent,) = played.requests
    assert sent.method == "GET"
    assert str(sent.url) == (
        "https://api.sandbox.insightiq.ai/v1/things/a%2Fb?name=Ada%20%26%20Bob%2F%C3%BC&limit=2"
    )
    pair = base64.b64encode(b"planted-client-id:planted-client-secret").decode()
    assert sent.headers["authorization"] == f"Basic {pair}"
    assert sent.headers["accept"] == "application/json"
    assert sent.headers["user-agent"].startswith("insightiq-toolkit/")
    assert "content-type" not in sent.headers
    assert sent.content == b""


def test_body_is_sent_as_compact_utf_8_json(call: Any, script: Any, get_thing: Any) -> None:
    played = script([httpx.Response(201, json={})])
    call(played, get_thing, Request("POST", "/v1/things", json={"name": "Zoë", "n": [1, None]}))
    (sent,) = played.requests
    assert sent.headers["content-type"] == "application/json"
    assert sent.content == '{"name":"Zoë","n":[1,null]}'.encode()


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/v1/things/a%2Fb", {"name": "Ada & Bob/ü", "limit": "2"}),
        Request("POST", "/v1/things", json={"name": "Zoë"}),
        Request("POST", "/v1/things/7/disconnect"),
        Request("DELETE", "/v1/things/7"),
    ],
    ids=lambda request: request.method,
)
def test_both_clients_send_same_bytes(
    both_calls: Any, script: Any, get_thing: Any, request_: Request
) -> None:
    sent = []
    for call in both_calls:
        played = script([httpx.Response(200, json={})])
        call(played, get_thing, request_)
        (one,) = played.requests
        sent.append((one.method, str(one.url), one.headers.raw, one.content))
    assert sent[0] == sent[1]


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/v1/things/7"),
        Request("POST", "/v1/things", json={"name": "Zoë"}),
        Request("POST", "/v1/things/7/disconnect"),
        Request("PUT", "/v1/things/7"),
        Request("PATCH", "/v1/things/7"),
        Request("DELETE", "/v1/things/7"),
    ],
    ids=lambda request: request.method,
)
def test_host_and_length_match_httpx(
    call: Any, script: Any, get_thing: Any, request_: Request
) -> None:
    played = script([httpx.Response(200, json={})])
    call(played, get_thing, request_, base_url="http://127.0.0.1:8080")
    (sent,) = played.requests
    theirs = httpx.Request(request_.method, sent.url, content=sent.content or None)
    framing = ("host", "content-length", "transfer-encoding")
    assert [sent.headers.get(name) for name in framing] == [
        theirs.headers.get(name) for name in framing
    ]
    assert sent.headers.raw[0] == (b"Host", b"127.0.0.1:8080")


def test_length_is_of_own_request(play: Any, get_thing: Any) -> None:
    played = play([response(json={}), response(json={}), response(json={})])
    for request in (
        Request("POST", "/v1/things", json={"name": "Zoë"}),
        Request("GET", "/v1/things/7"),
        Request("POST", "/v1/things", json={"name": "Ada Lovelace"}),
    ):
        played.call(get_thing, request)
    lengths = [sent.headers.get("content-length") for sent in played.transport.requests]
    assert lengths == ["15", None, "23"]


def test_cookies_are_neither_sent_nor_kept(play: Any, get_thing: Any) -> None:
    played = play([response(json={}, headers={"set-cookie": "seen=1; Path=/"}), response(json={})])
    played.call(get_thing, REQUEST)
    played.call(get_thing, REQUEST)
    assert "cookie" not in played.transport.requests[1].headers
    sender = played.client._driver._shared.sender.get("test")
    assert not list(sender._client.cookies.jar)


def test_http_client_of_user_keeps_cookies(script: Any, get_thing: Any) -> None:
    cookie = {"set-cookie": "seen=1; Path=/"}
    played = script([httpx.Response(200, json={}, headers=cookie), httpx.Response(200, json={})])
    with (
        httpx.Client(transport=played.transport) as own,
        insightiq.InsightIQ(client_id="id", client_secret="s3", http_client=own) as iq,
    ):
        for _ in range(2):
            iq._caller.call(get_thing, REQUEST)
    assert played.requests[1].headers["cookie"] == "seen=1"


def test_response_without_content_is_parsed_from_none(
    call: Any, script: Any, get_thing: Any
) -> None:
    played = script([httpx.Response(204, headers=OK)])
    assert call(played, get_thing, Request("DELETE", "/v1/things/7")) is None


def test_hook_receives_request_id(call: Any, script: Any, get_thing: Any) -> None:
    events: list[insightiq.Event] = []
    played = script([httpx.Response(200, headers=OK, json={})])
    call(
        played,
        get_thing,
        Request("GET", "/v1/things/7", {"a": "b"}),
        on_event=events.append,
        clock=FakeClock(),
    )
    assert events == [
        insightiq.AttemptStarted(
            operation="things.get",
            method="GET",
            path="/v1/things/7",
            template="/v1/things/{id}",
            attempt=1,
        ),
        insightiq.ResponseReceived(
            operation="things.get",
            method="GET",
            path="/v1/things/7",
            status_code=200,
            request_id="r-1",
            attempt=1,
            seconds=0.0,
        ),
    ]


def test_hook_receives_error_response(call: Any, script: Any, get_thing: Any) -> None:
    events: list[Any] = []
    played = script([httpx.Response(500, json={})])
    with pytest.raises(insightiq.errors.InternalServerError):
        call(played, get_thing, REQUEST, on_event=events.append)
    assert [(event.status_code, event.request_id) for event in events[1:]] == [(500, None)]


def test_failing_hook_does_not_undo_call(
    call: Any, script: Any, get_thing: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        msg = "hook broke"
        raise RuntimeError(msg)

    played = script([httpx.Response(200, json={"id": "7"})])
    with caplog.at_level(logging.ERROR, logger="insightiq"):
        assert call(played, get_thing, REQUEST, on_event=fail) == {"id": "7"}
    assert "on_event failed for things.get" in caplog.text
    assert "hook broke" in caplog.text


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_credentials_do_not_follow_redirect(
    call: Any, script: Any, get_thing: Any, status: int
) -> None:
    elsewhere = {"location": "https://elsewhere.example/v1/things/7"}
    played = script([httpx.Response(status, headers=elsewhere), httpx.Response(200, json={})])
    with pytest.raises(
        insightiq.errors.APIStatusError, match="redirects are not followed"
    ) as caught:
        call(played, get_thing, REQUEST)
    assert caught.value.status_code == status
    assert len(played.requests) == 1


def test_netrc_is_not_read(
    call: Any, script: Any, get_thing: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine api.sandbox.insightiq.ai login other password other\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    played = script([httpx.Response(200, json={})])
    call(played, get_thing, REQUEST)
    expected = base64.b64encode(b"planted-client-id:planted-client-secret").decode()
    assert played.requests[0].headers["authorization"] == f"Basic {expected}"


GET = Request("GET", "/v1/things/7")
DATE = {"date": "Mon, 23 Nov 2026 10:00:05 GMT"}


class Ledger:
    """A quota that records its calls."""

    def __init__(self, clock: FakeClock | None = None, *, wait: float = 0.0) -> None:
        self.acquired: list[tuple[Priority, float | None]] = []
        self.released: list[tuple[float | None, int | None]] = []
        self._clock, self.wait = clock, wait

    @property
    def held(self) -> int:
        """Number of slots in use."""
        return len(self.acquired) - len(self.released)

    def acquire(self, priority: Priority, *, timeout: float | None) -> object:
        """Note the request; time out where it would take longer than allowed."""
        if timeout is not None and timeout < self.wait:
            if self._clock is not None:
                self._clock.advance(timeout)
            raise TimeoutError
        if self._clock is not None:
            self._clock.advance(self.wait)
        self.acquired.append((priority, timeout))
        return object()

    async def acquire_async(self, priority: Priority, *, timeout: float | None) -> object:
        """As above."""
        return self.acquire(priority, timeout=timeout)

    def release(self, slot: object, *, server_date: float | None, status: int | None) -> None:
        """Note the end."""
        assert slot is not None
        self.released.append((server_date, status))


def test_slot_is_released_with_outcome(play: Any, get_thing: Any) -> None:
    ledger = Ledger()
    played = play([response(429, headers=DATE), connection_lost(), response(200)], quota=ledger)
    played.call(get_thing, GET)
    assert ledger.released == [(1_795_428_005.0, 429), (None, None), (None, 200)]
    assert [priority for priority, _ in ledger.acquired] == [Priority.INTERACTIVE] * 3


@pytest.mark.parametrize("date", ["yesterday", "", "Mon, 99 Nov 2026 10:00:05 GMT"])
def test_invalid_date_is_ignored(play: Any, get_thing: Any, date: str) -> None:
    ledger = Ledger()
    play([response(200, headers={"date": date})], quota=ledger).call(get_thing, GET)
    assert ledger.released == [(None, 200)]


def test_wait_for_slot_is_counted(play: Any, get_thing: Any) -> None:
    clock = FakeClock()
    ledger = Ledger(clock, wait=2.0)
    played = play([response(404)], quota=ledger, clock=clock, deadline=30)
    error = played.fail(get_thing, GET)
    assert error.waited == 2.0
    assert ledger.acquired == [(Priority.INTERACTIVE, 30.0)]
    assert played.events[0] == insightiq.QuotaWaited("things.get", 2.0)


def test_immediate_call_reports_no_wait(play: Any, get_thing: Any) -> None:
    clock = FakeClock()
    ledger = Ledger(clock, wait=0.002)
    played = play([response(404)], quota=ledger, clock=clock)
    error = played.fail(get_thing, GET)
    assert not [each for each in played.events if isinstance(each, insightiq.QuotaWaited)]
    assert error.waited == 0.0


def test_deadline_ends_wait_for_slot(play: Any, get_thing: Any) -> None:
    played = play([], quota=Ledger(wait=50.0), deadline=10)
    error = played.fail(get_thing, GET)
    assert type(error) is errors.DeadlineExceededError
    assert (error.attempts, error.last_failure, error.maybe_applied) == (0, None, False)
    assert str(error) == (
        "things.get: the quota did not allow the call within its deadline. "
        "Raise the deadline of 10 s, or make fewer calls at the same time."
    )


def test_wait_cut_by_deadline_is_counted(play: Any, get_thing: Any) -> None:
    clock = FakeClock()
    error = play([], quota=Ledger(clock, wait=50.0), clock=clock, deadline=10).fail(get_thing, GET)
    assert (error.attempts, error.waited, error.last_failure) == (0, 10.0, None)


def test_slot_is_waited_for_until_deadline(play: Any, get_thing: Any) -> None:
    clock = FakeClock()
    ledger = Ledger(clock)
    script = [response(503, headers={"retry-after": "4"}), response(200)]
    play(script, quota=ledger, clock=clock, deadline=20).call(get_thing, GET)
    [first, second] = [timeout or 0.0 for _, timeout in ledger.acquired]
    assert first == 20
    assert second <= 16


def test_deadline_in_queue_keeps_last_failure(play: Any, get_thing: Any) -> None:
    clock = FakeClock()
    ledger = Ledger(clock)

    def script(_: object) -> Any:
        ledger.wait = 50.0
        return response(500, headers={"request-id": "r-1"})

    error = play(script, quota=ledger, clock=clock, deadline=10).fail(get_thing, GET)
    assert isinstance(error, errors.DeadlineExceededError)
    assert (error.attempts, error.waited, error.request_id) == (1, pytest.approx(10), "r-1")
    assert "things.get failed with 500" in (error.last_failure or "")
    assert isinstance(error.__cause__, errors.InternalServerError)


def test_interrupt_releases_slot(get_thing: Any) -> None:
    def interrupt(_: Any) -> Any:
        raise KeyboardInterrupt

    ledger = Ledger()
    transport = ScriptedTransport(interrupt)
    with (
        insightiq.InsightIQ(
            client_id="id", client_secret="s3", quota=ledger, transport=transport
        ) as iq,
        pytest.raises(KeyboardInterrupt),
    ):
        iq._caller.call(get_thing, GET)
    assert (len(ledger.acquired), ledger.held) == (1, 0)


def test_cancelled_task_releases_slot(get_thing: Any) -> None:
    async def main() -> Ledger:
        started, never = asyncio.Event(), asyncio.Event()

        class Stuck(FakeClock):
            async def sleep_async(self, seconds: float) -> None:
                assert seconds >= 0
                started.set()
                await never.wait()

        clock = Stuck()
        ledger = Ledger()
        script = ScriptedTransport([response(503)])
        async with insightiq.AsyncInsightIQ(
            client_id="id", client_secret="s3", quota=ledger, clock=clock, transport=script
        ) as iq:
            task = asyncio.create_task(iq._caller.call(get_thing, GET))
            await started.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        return ledger

    ledger = asyncio.run(main())
    assert (len(ledger.acquired), ledger.held) == (1, 0)


def test_task_cancelled_while_sending_releases_slot(get_thing: Any) -> None:
    async def main() -> Ledger:
        async def hang(_: httpx.Request) -> httpx.Response:
            await asyncio.Event().wait()
            raise AssertionError

        ledger = Ledger()
        async with insightiq.AsyncInsightIQ(
            client_id="id", client_secret="s3", quota=ledger, transport=httpx.MockTransport(hang)
        ) as iq:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(iq._caller.call(get_thing, GET), 0.01)
        return ledger

    ledger = asyncio.run(main())
    assert (len(ledger.acquired), ledger.held) == (1, 0)


def test_dropped_task_releases_slot(get_thing: Any) -> None:
    ledger = Ledger()

    async def hang(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        raise AssertionError

    iq = insightiq.AsyncInsightIQ(
        client_id="id", client_secret="s3", quota=ledger, transport=httpx.MockTransport(hang)
    )

    async def main() -> None:
        coroutine = iq._driver.call(get_thing, GET)
        coroutine.send(None)
        assert ledger.held == 1
        coroutine.close()
        gc.collect()

    asyncio.run(main())
    assert ledger.held == 0


def test_priority_reaches_quota(get_thing: Any) -> None:
    ledger = Ledger()
    iq = insightiq.InsightIQ(
        client_id="id", client_secret="s3", quota=ledger, transport=ScriptedTransport([response()])
    )
    iq._driver.call(get_thing, GET, priority=Priority.PREFETCH)
    assert ledger.acquired[0][0] is Priority.PREFETCH


def test_client_has_its_own_quota() -> None:
    pair: dict[str, Any] = {"client_id": "id", "client_secret": "s3"}
    quotas = [insightiq.InsightIQ(**pair)._driver._shared.quota for _ in range(2)]
    assert all(quotas)
    assert quotas[0] is not quotas[1]
    assert insightiq.InsightIQ(**pair, quota=None)._driver._shared.quota is None


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_closed_call_releases_slot(get_thing: Any, steps: int) -> None:
    clock = FakeClock()
    ledger = Ledger(clock, wait=0.5)
    with insightiq.InsightIQ(
        client_id="id", client_secret="s3", quota=ledger, clock=clock, on_event=lambda _: None
    ) as iq:
        driver: Any = iq._driver
        calls = Calls(driver._shared, driver._shared.sender.get("test"), driver.options)
        call = calls.call(get_thing, GET)
        effect = next(call)
        for _ in range(steps - 1):
            assert not isinstance(effect, Send)
            effect = call.send(driver._carry_out(effect, None))
        call.close()
    assert len(ledger.acquired) == (steps > 1)
    assert ledger.held == 0


PACKAGES = [pathlib.Path(each.__file__).parent for each in (insightiq, insightiq_generated)]
USER = {
    "id": "0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60",
    "name": "Ada",
    "external_id": "crm-42",
    "status": "ACTIVE",
    "created_at": "2026-01-01T00:00:00.000000",
    "updated_at": "2026-01-01T00:00:00.000000",
}
PAGE = {
    "data": [USER],
    "metadata": {"offset": 0, "limit": 1, "from_date": None, "to_date": None},
}


def test_list_call_crosses_ten_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("insightiq"), "isEnabledFor", lambda _: False)
    transport = ScriptedTransport(lambda _: response(json=PAGE))
    iq = insightiq.InsightIQ(client_id="id", client_secret="s", quota=None, transport=transport)
    users = iq.users
    users.list().first()
    seen: set[str] = set()

    def note(frame: FrameType, _event: str, _argument: object) -> None:
        path = pathlib.Path(frame.f_code.co_filename)
        for package in PACKAGES:
            if package in path.parents:
                seen.add(path.relative_to(package.parent).as_posix())

    profile = sys.getprofile()
    sys.setprofile(note)
    try:
        users.list().first()
    finally:
        sys.setprofile(profile)
    assert seen - {"insightiq/testing/_transport.py"} == {
        # From the method to the request,
        "insightiq_generated/api/users/__init__.py",
        "insightiq_generated/api/users/list_.py",
        "insightiq/_pagination.py",
        # through the call to the response,
        "insightiq/_call.py",
        "insightiq/_transport.py",
        "insightiq/_response.py",
        # and to the models.
        "insightiq_generated/types.py",
        "insightiq_generated/models/user_list.py",
        "insightiq_generated/models/list_metadata.py",
        "insightiq_generated/models/user.py",
    }

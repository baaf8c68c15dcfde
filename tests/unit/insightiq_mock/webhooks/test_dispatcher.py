"""Recipients, order and retries of notifications."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
import sqlalchemy as sa
import uvicorn

from insightiq_mock.context import request_ids
from insightiq_mock.db import Store
from insightiq_mock.db.deliveries import AttemptRow, DeliveryLog, DeliveryRow
from insightiq_mock.http_server import open_listener, url_of
from insightiq_mock.webhooks import (
    AddressGuard,
    HttpSender,
    Inbox,
    InboxApp,
    UnknownDeliveryError,
    Verdict,
)

NOON = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
DEVELOPER = "11111111-1111-4111-8111-111111111111"
GOOD = "http://good.test/"
BAD = "http://bad.test/"
NO_FAILURES = {
    Verdict.DELIVERED,
    Verdict.FORBIDDEN_ADDRESS,
    Verdict.WEBHOOK_DELETED,
    Verdict.WEBHOOK_INACTIVE,
}
FAILURES = [verdict for verdict in Verdict if verdict not in NO_FAILURES]


def offsets(posts: list[Any], url: str) -> list[float]:
    return [(post.at - NOON).total_seconds() for post in posts if post.url == url]


def items(posts: list[Any], url: str) -> list[str]:
    """The first items of what an address was sent."""
    return [post.payload["data"]["items"][0] for post in posts if post.url == url]


def deliver_jobs(desk: Any) -> list[Any]:
    """The tries that are going to be made."""
    return [job for job in desk.simulation.pending(DEVELOPER) if job.kind == "deliver"]


def test_every_active_webhook_that_asks_is_reported(desk: Any) -> None:
    for url, events, is_active in (
        ("http://one/", ["E.ONE", "E.TWO"], True),
        ("http://two/", ["E.ONE"], True),
        ("http://other/", ["E.TWO"], True),
        ("http://off/", ["E.ONE"], False),
    ):
        desk.webhook(url, *events, is_active=is_active)
    desk.emit("E.ONE")
    desk.run()
    # Those registered first come first.
    assert [post.url for post in desk.http.posts] == ["http://one/", "http://two/"]
    assert desk.verdicts() == ["delivered", "delivered"]
    first, second = desk.http.posts
    assert first.body == second.body
    assert first.payload["name"] == "<E.ONE>"
    assert first.headers["content-type"] == "application/json"
    assert first.seconds == 5


def test_another_developers_webhooks_are_not_notified(desk: Any) -> None:
    desk.webhook(GOOD, "E.ONE")
    desk.simulation.create_developer(client_id="somebody else", clock="frozen")
    desk.simulation.emit("somebody else", "E.ONE", {"account_id": "a", "user_id": "u"})
    asyncio.run(desk.simulation.run_due("somebody else"))
    desk.run()
    assert desk.http.posts == []


@pytest.mark.parametrize("verdict", FAILURES)
def test_failed_delivery_is_tried_at_documented_times(desk: Any, verdict: Verdict) -> None:
    webhook_id = desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = verdict
    desk.emit("E.ONE")
    desk.advance(hours=5, minutes=59, seconds=59)
    assert offsets(desk.http.posts, BAD) == [0, 60, 300]
    assert desk.state(webhook_id)["is_active"]
    desk.advance(seconds=1)
    desk.advance(days=2)
    assert offsets(desk.http.posts, BAD) == [0, 60, 300, 21_600]
    assert len({post.body for post in desk.http.posts}) == 1
    assert desk.verdicts() == [verdict.value] * 4
    numbers = [record.attempt.number for record in desk.deliveries.log(DEVELOPER)]
    assert numbers == [4, 3, 2, 1]


def test_success_ends_tries(desk: Any) -> None:
    webhook_id = desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REJECTED
    desk.emit("E.ONE")
    desk.advance(seconds=59)
    del desk.http.verdicts[BAD]
    desk.advance(days=2)
    assert offsets(desk.http.posts, BAD) == [0, 60]
    assert desk.state(webhook_id)["is_active"]


def test_webhook_is_switched_off_after_last_try(desk: Any) -> None:
    webhook_id = desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REJECTED
    desk.emit("E.ONE")
    desk.advance(hours=6)
    state = desk.state(webhook_id)
    assert not state["is_active"]
    assert state["updated_at"] == "2026-11-01T18:00:00.000000"
    assert list(state) == [
        "name", "url", "id", "created_at", "updated_at", "is_active", "events",
    ]  # fmt: skip

    del desk.http.verdicts[BAD]
    desk.emit("E.ONE", items=["while off"])
    desk.run()
    assert len(desk.http.posts) == 4
    desk.put(webhook_id, is_active=True)
    desk.emit("E.ONE", items=["on again"])
    desk.run()
    assert items(desk.http.posts[4:], BAD) == ["on again"]


def test_address_that_is_closed_to_server_is_tried_once(desk: Any) -> None:
    webhook_id = desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.FORBIDDEN_ADDRESS
    desk.emit("E.ONE")
    desk.emit("E.ONE")
    desk.advance(days=2)
    assert desk.verdicts() == ["forbidden_address", "forbidden_address"]
    assert desk.state(webhook_id)["is_active"]


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (lambda desk, webhook: desk.put(webhook, is_active=False), "webhook_inactive"),
        (lambda desk, webhook: desk.remove(webhook), "webhook_deleted"),
    ],
)
def test_what_waits_for_webhook_that_is_gone_is_dropped(
    desk: Any, change: Callable[[Any, str], None], verdict: str
) -> None:
    webhook_id = desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REJECTED
    desk.emit("E.ONE", items=["tried"])
    desk.run()
    desk.emit("E.ONE", items=["waits"])
    desk.emit("E.ONE", items=["waits too"])
    change(desk, webhook_id)
    desk.advance(days=1)
    assert items(desk.http.posts, BAD) == ["tried"]
    assert desk.verdicts() == ["rejected", verdict, verdict, verdict]
    assert deliver_jobs(desk) == []


def test_changing_webhook_during_last_try_keeps_it_on(desk: Any) -> None:
    webhook_id = desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REJECTED
    desk.emit("E.ONE")
    desk.advance(hours=5)
    desk.http.meanwhile = lambda: desk.put(webhook_id, url=GOOD)
    desk.advance(hours=1)
    assert len(desk.http.posts) == 4
    assert desk.state(webhook_id)["is_active"]


def test_retry_goes_where_webhook_lies_now(desk: Any) -> None:
    webhook_id = desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.CONNECTION_FAILED
    desk.emit("E.ONE")
    desk.run()
    desk.put(webhook_id, url=GOOD)
    desk.advance(minutes=1)
    assert [post.url for post in desk.http.posts] == [BAD, GOOD]


def test_first_tries_come_in_order_and_retries_hold_no_one_up(desk: Any) -> None:
    desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REJECTED
    desk.emit("E.ONE", items=[str(number) for number in range(250)])
    desk.run()
    del desk.http.verdicts[BAD]
    for number in range(1000, 1005):
        desk.emit("E.ONE", items=[str(number)])
    desk.advance(minutes=1)
    first_tries = ["0", "100", "200", "1000", "1001", "1002", "1003", "1004"]
    assert items(desk.http.posts, BAD) == [*first_tries, "0", "100", "200"]


def test_retry_does_not_start_what_waits(desk: Any) -> None:
    desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REJECTED
    for number in ("1", "2", "3"):
        desk.emit("E.ONE", items=[number])
    (first,) = deliver_jobs(desk)
    asyncio.run(desk.deliveries.attempt(first))
    (retry,) = [job for job in deliver_jobs(desk) if job.payload["number"] == 2]
    before = len(deliver_jobs(desk))
    asyncio.run(desk.deliveries.attempt(retry))
    # The third try of the first notification is all that is new.
    assert len(deliver_jobs(desk)) == before + 1


def test_order_holds_where_jobs_run_side_by_side(desk: Any) -> None:
    desk.webhook(BAD, "E.ONE")
    desk.webhook(GOOD, "E.ONE")
    under_way: list[str] = []
    both, everything = asyncio.Event(), asyncio.Event()

    async def block(url: str) -> None:
        under_way.append(url)
        assert under_way.count(url) == 1
        if len(under_way) == 2:
            both.set()
        await both.wait()
        under_way.remove(url)
        if len(desk.http.posts) == 40:
            everything.set()

    async def serve() -> None:
        for number in range(20):
            desk.emit("E.ONE", items=[str(number)])
        server = asyncio.create_task(desk.simulation.run_forever())
        async with asyncio.timeout(10):
            await everything.wait()
        server.cancel()
        await asyncio.gather(server, return_exceptions=True)

    desk.http.block = block
    asyncio.run(serve())
    for url in (BAD, GOOD):
        assert items(desk.http.posts, url) == [str(number) for number in range(20)]


def test_settings_shape_deliveries(desk: Any) -> None:
    changes = {
        "webhook_timeout_seconds": 0.5,
        "webhook_retry_seconds": [10],
        "webhook_items": 2,
        "webhook_plain_ids": True,
        "webhook_legacy_signature": True,
        "webhook_json_spaces": True,
    }
    desk.simulation.update_settings(DEVELOPER, changes)
    webhook_id = desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REJECTED
    desk.emit("E.ONE", items=["1", "2", "3"])
    desk.advance(hours=1)
    # The second try of the first notification was its last: the other one's is not made any more.
    assert offsets(desk.http.posts, BAD) == [0, 0, 10]
    assert "-" not in desk.http.posts[0].payload["data"]["account_id"]
    assert "phyllo-signature" in desk.http.posts[0].headers
    assert desk.http.posts[0].seconds == 0.5
    assert not desk.state(webhook_id)["is_active"]


def test_what_waits_survives_restart(store: Store, make_desk: Any, desk: Any) -> None:
    desk.webhook(GOOD, "E.ONE")
    desk.emit("E.ONE", items=["1"])
    desk.emit("E.ONE", items=["2"])
    successor = make_desk(store, is_new=False)
    successor.run()
    assert items(successor.http.posts, GOOD) == ["1", "2"]
    assert desk.http.posts == []


def test_try_that_was_written_down_is_not_made_again(desk: Any) -> None:
    desk.webhook(GOOD, "E.ONE")
    desk.emit("E.ONE")
    (job,) = deliver_jobs(desk)
    desk.run()
    asyncio.run(desk.deliveries.attempt(job))
    assert len(desk.http.posts) == 1


def test_snapshot_brings_back_what_waits(desk: Any) -> None:
    desk.webhook(GOOD, "E.ONE")
    for number in range(20):
        desk.emit("E.ONE", items=[str(number)])
    desk.simulation.snapshot(DEVELOPER, "before")
    desk.run()
    desk.simulation.restore(DEVELOPER, "before")
    desk.run()
    bodies = [post.body for post in desk.http.posts]
    assert len(bodies) == 40
    assert bodies[:20] == bodies[20:]


def test_reset_forgets_what_was_on_its_way(desk: Any) -> None:
    desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REJECTED
    desk.emit("E.ONE", items=["1"])
    desk.run()
    desk.emit("E.ONE", items=["2"])
    desk.simulation.reset(DEVELOPER)
    assert desk.deliveries.log(DEVELOPER) == []
    desk.webhook(GOOD, "E.ONE")
    desk.emit("E.ONE", items=["3"])
    desk.advance(days=1)
    assert items(desk.http.posts, BAD) == ["1"]
    assert items(desk.http.posts, GOOD) == ["3"]


def test_defect_of_ours_stops_nothing(desk: Any, caplog: pytest.LogCaptureFixture) -> None:
    desk.webhook(GOOD, "E.ONE")
    desk.emit("E.ONE", items=["1"])
    desk.emit("E.ONE", items=["2"])

    def fail() -> None:
        desk.http.meanwhile = lambda: None
        msg = "broken on purpose"
        raise RuntimeError(msg)

    desk.http.meanwhile = fail
    with caplog.at_level(logging.CRITICAL, "insightiq_mock"):
        desk.advance(hours=1)
    assert items(desk.http.posts, GOOD) == ["1", "1", "2"]
    assert desk.verdicts() == ["delivered", "delivered"]


def test_given_notification_is_delivered(desk: Any) -> None:
    desk.webhook("http://one/", "E.ONE")
    desk.webhook("http://two/", "E.ONE", "E.TWO")
    desk.simulation.send_notification(
        DEVELOPER, {"data": {"any": [1]}, "id": "mine", "event": "E.TWO"}
    )
    desk.simulation.send_notification(DEVELOPER, {"event": "E.ONE", "data": {}})
    desk.run()
    bodies = {post.body for post in desk.http.posts if post.payload["event"] == "E.TWO"}
    assert bodies == {b'{"data":{"any":[1]},"id":"mine","event":"E.TWO"}'}
    without_id = [post for post in desk.http.posts if post.payload["event"] == "E.ONE"]
    assert sorted(post.url for post in without_id) == ["http://one/", "http://two/"]
    assert len({post.payload["id"] for post in without_id}) == 1


def test_resending_sends_same_bytes_and_ends_retries(desk: Any) -> None:
    desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REJECTED
    desk.emit("E.ONE")
    desk.run()
    (record,) = desk.deliveries.log(DEVELOPER)
    again = asyncio.run(desk.deliveries.resend(DEVELOPER, record.delivery.id))
    assert (again.attempt.verdict, again.attempt.number) == (Verdict.REJECTED, None)
    desk.http.verdicts.clear()
    again = asyncio.run(desk.deliveries.resend(DEVELOPER, record.delivery.id))
    assert again.attempt.verdict is Verdict.DELIVERED
    desk.advance(days=1)
    assert len(desk.http.posts) == 3
    assert len({post.body for post in desk.http.posts}) == 1


def test_resending_never_switches_off(desk: Any) -> None:
    webhook_id = desk.webhook(BAD, "E.ONE")
    desk.emit("E.ONE")
    desk.run()
    (record,) = desk.deliveries.log(DEVELOPER)
    desk.http.verdicts[BAD] = Verdict.REJECTED
    for _ in range(6):
        asyncio.run(desk.deliveries.resend(DEVELOPER, record.delivery.id))
    desk.advance(days=1)
    assert desk.state(webhook_id)["is_active"]
    desk.put(webhook_id, is_active=False)
    again = asyncio.run(desk.deliveries.resend(DEVELOPER, record.delivery.id))
    assert again.attempt.verdict is Verdict.WEBHOOK_INACTIVE
    assert len(desk.http.posts) == 7


def test_resending_delivery_that_waits_stops_nothing_behind_it(desk: Any) -> None:
    desk.webhook(GOOD, "E.ONE")
    for number in ("1", "2", "3"):
        desk.emit("E.ONE", items=[number])
    (job,) = deliver_jobs(desk)
    asyncio.run(desk.deliveries.resend(DEVELOPER, job.payload["delivery_id"]))
    desk.run()
    assert items(desk.http.posts, GOOD) == ["1", "1", "2", "3"]


def test_unknown_delivery_is_said_to_be_unknown(desk: Any) -> None:
    desk.webhook(GOOD, "E.ONE")
    desk.emit("E.ONE")
    desk.run()
    (record,) = desk.deliveries.log(DEVELOPER)
    desk.simulation.create_developer(client_id="somebody else")
    for developer_id, delivery_id in ((DEVELOPER, "x"), ("somebody else", record.delivery.id)):
        with pytest.raises(UnknownDeliveryError, match="no delivery"):
            asyncio.run(desk.deliveries.resend(developer_id, delivery_id))
        with pytest.raises(UnknownDeliveryError, match="no delivery"):
            desk.deliveries.last(developer_id, delivery_id)


@pytest.mark.parametrize(("verdict", "together"), [(Verdict.TIMED_OUT, 9), (Verdict.REJECTED, 1)])
def test_hanging_receiver_costs_one_timeout(desk: Any, verdict: Verdict, together: int) -> None:
    desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = verdict
    open_posts: list[str] = []
    most: list[int] = []

    async def hang(url: str) -> None:
        open_posts.append(url)
        await asyncio.sleep(0.01)
        most.append(len(open_posts))
        open_posts.remove(url)

    desk.http.block = hang
    for number in range(10):
        desk.emit("E.ONE", items=[str(number)])
    asyncio.run(desk.simulation.advance(DEVELOPER, dt.timedelta()))
    assert items(desk.http.posts, BAD) == [str(number) for number in range(10)]
    assert offsets(desk.http.posts, BAD) == [0] * 10
    assert max(most) == together
    # Whatever comes later waits its turn again.
    desk.emit("E.ONE", items=["later"])
    asyncio.run(desk.simulation.advance(DEVELOPER, dt.timedelta()))
    assert items(desk.http.posts, BAD)[-1] == "later"
    assert len(deliver_jobs(desk)) == 11


SECRET = "22222222-2222-4222-8222-222222222222"
STAMP = "2026-11-01T12:00:00.000000"


def delivery(name: str) -> DeliveryRow:
    """A delivery."""
    return DeliveryRow(name, "w", f"notification {name}", "E.ONE", b"{}")


def attempt(verdict: Verdict = Verdict.DELIVERED) -> AttemptRow:
    """A try."""
    return AttemptRow(1, STAMP, 0.25, "http://one/", verdict)


def test_try_is_read_as_it_was_written(store: Store) -> None:
    log = DeliveryLog(store)
    written = AttemptRow(
        number=2,
        started_at=STAMP,
        seconds=1.5,
        url="http://one/",
        verdict=Verdict.REJECTED,
        detail="The response was 500.",
        status=500,
        request_headers=(("a", "1"), ("a", "2")),
        response_headers=(("b", "3"),),
        response_body=b"\xff\x00",
    )
    log.add(DEVELOPER, delivery("d"))
    assert log.record(DEVELOPER, "d", written, next_attempt=3)
    (record,) = log.records(DEVELOPER, {}, limit=10)
    assert record.attempt == written
    assert record.delivery == DeliveryRow("d", "w", "notification d", "E.ONE", b"{}", 3)


def test_log_finds_by_webhook_event_and_verdict(desk: Any) -> None:
    one = desk.webhook("http://one/", "E.ONE", "E.TWO")
    desk.webhook("http://two/", "E.ONE")
    desk.http.verdicts["http://two/"] = Verdict.TIMED_OUT
    desk.emit("E.ONE")
    desk.emit("E.TWO")
    desk.run()

    def found(**filters: Any) -> list[tuple[str | None, str]]:
        records = desk.deliveries.log(DEVELOPER, **filters)
        return [(record.attempt.url, record.delivery.event) for record in records]

    everything = found()
    assert sorted(everything) == [
        ("http://one/", "E.ONE"),
        ("http://one/", "E.TWO"),
        ("http://two/", "E.ONE"),
    ]
    assert found(webhook_id=one) == [("http://one/", "E.TWO"), ("http://one/", "E.ONE")]
    assert found(event="E.TWO") == [("http://one/", "E.TWO")]
    assert found(verdict="timed_out") == [("http://two/", "E.ONE")]
    assert found(webhook_id=one, event="E.ONE", verdict="timed_out") == []
    assert found(limit=2) == everything[:2]
    assert desk.deliveries.log("somebody else") == []


def test_log_holds_no_client_secret(desk: Any) -> None:
    desk.webhook("http://one/", "E.ONE")
    desk.emit("E.ONE")
    desk.run()
    (record,) = desk.deliveries.log(DEVELOPER)
    assert dict(record.attempt.request_headers)["webhook-signatures"]
    assert SECRET not in repr(record)


def test_old_deliveries_are_forgotten_but_not_those_on_their_way(store: Store) -> None:
    log = DeliveryLog(store, kept=3)
    log.add(DEVELOPER, delivery("waits"))
    for number in range(10):
        log.add(DEVELOPER, delivery(f"done {number}"))
        log.record(DEVELOPER, f"done {number}", attempt(), next_attempt=None)
    log.add("somebody else", delivery("other"))
    ids = [record.delivery.id for record in log.records(DEVELOPER, {}, limit=100)]
    assert ids == ["done 9", "done 8", "done 7"]
    assert store.rows(sa.text("SELECT count(*) FROM delivery_attempts"))[0][0] == 3
    assert log.get(DEVELOPER, "waits") is not None
    assert log.queued(DEVELOPER, "w", limit=10) == ["waits"]


def test_try_of_forgotten_delivery_is_not_logged(store: Store) -> None:
    log = DeliveryLog(store)
    assert not log.record(DEVELOPER, "gone", attempt(), next_attempt=None)
    assert store.rows(sa.text("SELECT count(*) FROM delivery_attempts"))[0][0] == 0


RunReceiver = Callable[..., AbstractAsyncContextManager[Any]]


def digest(secret: str, body: bytes) -> str:
    """HMAC-SHA256 written out from its definition (RFC 2104), for keys of up to 64 bytes."""
    key = secret.encode().ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + body).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inner).hexdigest()


@pytest.fixture
def posting_desk(store: Store, make_desk: Any) -> Any:
    """A developer whose notifications really leave."""
    return make_desk(store, HttpSender(AddressGuard()))


def signatures(desk: Any, run_receiver: RunReceiver) -> tuple[list[str], bytes]:
    """Let something happen and return the digests and the body that a receiver gets."""

    async def run() -> Any:
        async with run_receiver() as receiver:
            webhook_id = desk.webhook(receiver.url(), "E.ONE")
            desk.emit("E.ONE", items=["ü"])
            await desk.simulation.run_due(DEVELOPER)
            desk.remove(webhook_id)
            return receiver.requests

    ((line, headers, body),) = asyncio.run(run())
    assert line.startswith("POST /hook ")
    assert headers["content-type"] == "application/json"
    return headers["webhook-signatures"].split(","), body


def test_receiver_can_verify_signature(posting_desk: Any, run_receiver: RunReceiver) -> None:
    (given,), body = signatures(posting_desk, run_receiver)
    assert hmac.compare_digest(given, digest(SECRET, body))
    assert json.loads(body)["data"]["items"] == ["ü"]


def test_rotation_signs_with_both_secrets_until_it_ends(
    posting_desk: Any, run_receiver: RunReceiver
) -> None:
    posting_desk.simulation.rotate_secret(DEVELOPER, "rotated-in-8d3f")
    given, body = signatures(posting_desk, run_receiver)
    assert sorted(given) == sorted([digest(SECRET, body), digest("rotated-in-8d3f", body)])
    posting_desk.simulation.retire_old_secret(DEVELOPER)
    given, body = signatures(posting_desk, run_receiver)
    assert given == [digest("rotated-in-8d3f", body)]


def test_log_shows_exchange(posting_desk: Any, run_receiver: RunReceiver) -> None:
    written = b"HTTP/1.1 418 No\r\nx-mood: sour\r\ncontent-length: 3\r\n\r\nno!"

    async def run() -> tuple[str, Any]:
        async with run_receiver(written) as receiver:
            posting_desk.webhook(receiver.url(), "E.ONE")
            posting_desk.emit("E.ONE")
            await posting_desk.simulation.run_due(DEVELOPER)
            return receiver.url(), receiver.requests[0]

    url, (_, headers, body) = asyncio.run(run())
    (record,) = posting_desk.deliveries.log(DEVELOPER)
    attempt = record.attempt
    assert (attempt.number, attempt.url, attempt.status) == (1, url, 418)
    assert attempt.verdict is Verdict.REJECTED
    assert (attempt.started_at, attempt.response_body) == ("2026-11-01T12:00:00.000000", b"no!")
    assert dict(attempt.request_headers) == headers
    assert dict(attempt.response_headers)["x-mood"] == "sour"
    assert record.delivery.body == body
    assert record.delivery.notification_id == json.loads(body)["id"]
    assert 0 < attempt.seconds < 5


def test_silent_receiver_costs_only_its_seconds(
    posting_desk: Any, run_receiver: RunReceiver
) -> None:
    posting_desk.simulation.update_settings(DEVELOPER, {"webhook_timeout_seconds": 0.1})

    async def run() -> tuple[str, int]:
        async with run_receiver(b"", stalls=True) as receiver:
            webhook_id = posting_desk.webhook(receiver.url(), "E.ONE")
            posting_desk.emit("E.ONE")
            await posting_desk.simulation.advance(DEVELOPER, dt.timedelta(days=1))
            return webhook_id, len(receiver.requests)

    webhook_id, tries = asyncio.run(run())
    # On a machine that is busy elsewhere, a try may end before it is heard.
    assert 1 <= tries <= 4
    assert posting_desk.verdicts() == ["timed_out"] * 4
    assert not posting_desk.state(webhook_id)["is_active"]


def test_delivery_that_was_cut_short_is_made_again(
    posting_desk: Any, run_receiver: RunReceiver
) -> None:

    async def stop_in_the_middle(reached: asyncio.Event) -> None:
        server = asyncio.create_task(posting_desk.simulation.run_forever())
        async with asyncio.timeout(10):
            await reached.wait()
        server.cancel()
        await asyncio.gather(server, return_exceptions=True)

    async def run() -> tuple[Any, Any]:
        async with run_receiver(b"", stalls=True) as stalled, run_receiver() as receiver:
            webhook_id = posting_desk.webhook(stalled.url(), "E.ONE")
            posting_desk.emit("E.ONE")
            await stop_in_the_middle(stalled.reached)
            assert posting_desk.verdicts() == []
            posting_desk.put(webhook_id, url=receiver.url())
            await posting_desk.simulation.run_due(DEVELOPER)
            return stalled.requests, receiver.requests

    before, after = asyncio.run(run())
    assert [body for *_, body in before] == [body for *_, body in after]
    assert posting_desk.verdicts() == ["delivered"]


@asynccontextmanager
async def serving(app: InboxApp) -> AsyncIterator[str]:
    """Serve the inboxes over HTTP in the running event loop."""
    with open_listener("127.0.0.1", 0) as listener:
        config = uvicorn.Config(app, log_level="warning", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield url_of(listener)
        finally:
            server.should_exit = True
            await running


def test_server_delivers_to_its_own_inbox(posting_desk: Any, store: Store) -> None:
    inbox = Inbox(store)

    async def run() -> None:
        async with serving(InboxApp(inbox, request_ids())) as url:
            posting_desk.webhook(f"{url}/_mock/inbox/mine", "E.ONE")
            posting_desk.webhook(f"{url}/_mock/inbox/fails?status=500", "E.ONE")
            posting_desk.emit("E.ONE", items=[str(number) for number in range(150)])
            async with asyncio.timeout(10):
                await posting_desk.simulation.advance(DEVELOPER, dt.timedelta(minutes=5))

    asyncio.run(run())
    kept = inbox.messages("mine")
    assert [len(json.loads(message.body)["data"]["items"]) for message in kept] == [100, 50]
    for message in kept:
        headers = dict(message.headers)
        assert headers["webhook-signatures"] == digest(SECRET, message.body)
    assert [message.response_status for message in inbox.messages("fails")] == [500] * 6

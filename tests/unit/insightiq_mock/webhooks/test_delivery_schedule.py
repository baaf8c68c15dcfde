"""Who is told, in which order, how often, and until when."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import pytest

from insightiq_mock.db import Store
from insightiq_mock.webhooks import UnknownDeliveryError, Verdict

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
    """When an address was posted to, in seconds of the world after noon."""
    return [(post.at - NOON).total_seconds() for post in posts if post.url == url]


def items(posts: list[Any], url: str) -> list[str]:
    """The first items of what an address was sent."""
    return [post.payload["data"]["items"][0] for post in posts if post.url == url]


def deliver_jobs(desk: Any) -> list[Any]:
    """The tries that are going to be made."""
    return [job for job in desk.simulation.pending(DEVELOPER) if job.kind == "deliver"]


def test_every_active_webhook_that_asks_is_told(desk: Any) -> None:
    """Each gets the same bytes once; those that are off or want something else get nothing."""
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


def test_another_developers_webhooks_are_not_told(desk: Any) -> None:
    """What happens in one world stays there."""
    desk.webhook(GOOD, "E.ONE")
    desk.simulation.create_developer(client_id="somebody else", clock="frozen")
    desk.simulation.emit("somebody else", "E.ONE", {"account_id": "a", "user_id": "u"})
    asyncio.run(desk.simulation.run_due("somebody else"))
    desk.run()
    assert desk.http.posts == []


@pytest.mark.parametrize("verdict", FAILURES)
def test_failed_delivery_is_tried_at_the_documented_times(desk: Any, verdict: Verdict) -> None:
    """At once, after 60 s, after 5 min, after 6 h: the same notification, to the second."""
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


def test_success_ends_the_tries(desk: Any) -> None:
    """A receiver that comes back in time gets the notification once, and stays switched on."""
    webhook_id = desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REFUSED
    desk.emit("E.ONE")
    desk.advance(seconds=59)
    del desk.http.verdicts[BAD]
    desk.advance(days=2)
    assert offsets(desk.http.posts, BAD) == [0, 60]
    assert desk.state(webhook_id)["is_active"]


def test_webhook_is_switched_off_after_the_last_try(desk: Any) -> None:
    """Then nothing is sent, nothing is queued, until somebody switches it on again."""
    webhook_id = desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REFUSED
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


def test_address_that_is_closed_to_the_server_is_tried_once(desk: Any) -> None:
    """The receiver did nothing wrong: the log says why nothing was sent, and the webhook stays on."""
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
def test_what_waits_for_a_webhook_that_is_gone_is_dropped(
    desk: Any, change: Callable[[Any, str], None], verdict: str
) -> None:
    """First tries and repetitions alike; the log says why, and nothing comes later."""
    webhook_id = desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REFUSED
    desk.emit("E.ONE", items=["tried"])
    desk.run()
    desk.emit("E.ONE", items=["waits"])
    desk.emit("E.ONE", items=["waits too"])
    change(desk, webhook_id)
    desk.advance(days=1)
    assert items(desk.http.posts, BAD) == ["tried"]
    assert desk.verdicts() == ["refused", verdict, verdict, verdict]
    assert deliver_jobs(desk) == []


def test_changing_the_webhook_during_the_last_try_keeps_it_on(desk: Any) -> None:
    """Whoever repairs a webhook while its last chance runs out is not punished for it."""
    webhook_id = desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REFUSED
    desk.emit("E.ONE")
    desk.advance(hours=5)
    desk.http.meanwhile = lambda: desk.put(webhook_id, url=GOOD)
    desk.advance(hours=1)
    assert len(desk.http.posts) == 4
    assert desk.state(webhook_id)["is_active"]


def test_repetition_goes_where_the_webhook_lies_now(desk: Any) -> None:
    """A corrected address gets what the wrong one missed."""
    webhook_id = desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.CONNECTION_FAILED
    desk.emit("E.ONE")
    desk.run()
    desk.put(webhook_id, url=GOOD)
    desk.advance(minutes=1)
    assert [post.url for post in desk.http.posts] == [BAD, GOOD]


def test_first_tries_come_in_order_and_repetitions_hold_nobody_up(desk: Any) -> None:
    """A receiver that fails once misses its place; what happened later still comes first."""
    desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REFUSED
    desk.emit("E.ONE", items=[str(number) for number in range(250)])
    desk.run()
    del desk.http.verdicts[BAD]
    for number in range(1000, 1005):
        desk.emit("E.ONE", items=[str(number)])
    desk.advance(minutes=1)
    first_tries = ["0", "100", "200", "1000", "1001", "1002", "1003", "1004"]
    assert items(desk.http.posts, BAD) == [*first_tries, "0", "100", "200"]


def test_repetition_does_not_start_what_waits(desk: Any) -> None:
    """What waits for its first try is started by the one in front of it, and by nobody else."""
    desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REFUSED
    for number in ("1", "2", "3"):
        desk.emit("E.ONE", items=[number])
    (first,) = deliver_jobs(desk)
    asyncio.run(desk.deliveries.attempt(first))
    (repetition,) = [job for job in deliver_jobs(desk) if job.payload["number"] == 2]
    before = len(deliver_jobs(desk))
    asyncio.run(desk.deliveries.attempt(repetition))
    # The third try of the first notification is all that is new.
    assert len(deliver_jobs(desk)) == before + 1


def test_order_holds_where_jobs_run_side_by_side(desk: Any) -> None:
    """A running server waits for many receivers at once, but sends each one thing at a time."""
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
    """Times, patience, size, spelling and the older signature are the developer's to choose."""
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
    desk.http.verdicts[BAD] = Verdict.REFUSED
    desk.emit("E.ONE", items=["1", "2", "3"])
    desk.advance(hours=1)
    # The second try of the first notification was its last: the other one's is not made any more.
    assert offsets(desk.http.posts, BAD) == [0, 0, 10]
    assert "-" not in desk.http.posts[0].payload["data"]["account_id"]
    assert "phyllo-signature" in desk.http.posts[0].headers
    assert desk.http.posts[0].seconds == 0.5
    assert not desk.state(webhook_id)["is_active"]


def test_what_waits_survives_a_restart(store: Store, make_desk: Any, desk: Any) -> None:
    """A server that starts on the same file sends what the one before it had not sent."""
    desk.webhook(GOOD, "E.ONE")
    desk.emit("E.ONE", items=["1"])
    desk.emit("E.ONE", items=["2"])
    successor = make_desk(store, is_new=False)
    successor.run()
    assert items(successor.http.posts, GOOD) == ["1", "2"]
    assert desk.http.posts == []


def test_try_that_was_written_down_is_not_made_again(desk: Any) -> None:
    """A job that comes twice, as after a crash, repeats nothing that is known to be done."""
    desk.webhook(GOOD, "E.ONE")
    desk.emit("E.ONE")
    (job,) = deliver_jobs(desk)
    desk.run()
    asyncio.run(desk.deliveries.attempt(job))
    assert len(desk.http.posts) == 1


def test_snapshot_brings_back_what_waits(desk: Any) -> None:
    """A restored world goes on where it was: the same notifications leave, in the same order."""
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
    """A new beginning sends nothing from before, and its own notifications leave at once."""
    desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REFUSED
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
    """When a try breaks down in our own code, it is made again and those behind it follow."""
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
    """``webhooks.send`` goes to every webhook that asks for the event; a given id is kept."""
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


def test_resending_sends_the_same_bytes_and_ends_the_repetitions(desk: Any) -> None:
    """A person who has repaired the receiver need not wait for the next try."""
    desk.webhook(BAD, "E.ONE")
    desk.http.verdicts[BAD] = Verdict.REFUSED
    desk.emit("E.ONE")
    desk.run()
    (record,) = desk.deliveries.log(DEVELOPER)
    again = asyncio.run(desk.deliveries.resend(DEVELOPER, record.delivery.id))
    assert (again.attempt.verdict, again.attempt.number) == (Verdict.REFUSED, None)
    desk.http.verdicts.clear()
    again = asyncio.run(desk.deliveries.resend(DEVELOPER, record.delivery.id))
    assert again.attempt.verdict is Verdict.DELIVERED
    desk.advance(days=1)
    assert len(desk.http.posts) == 3
    assert len({post.body for post in desk.http.posts}) == 1


def test_resending_never_switches_off(desk: Any) -> None:
    """Trying by hand is no strike against the webhook; once it is off, nothing is sent."""
    webhook_id = desk.webhook(BAD, "E.ONE")
    desk.emit("E.ONE")
    desk.run()
    (record,) = desk.deliveries.log(DEVELOPER)
    desk.http.verdicts[BAD] = Verdict.REFUSED
    for _ in range(6):
        asyncio.run(desk.deliveries.resend(DEVELOPER, record.delivery.id))
    desk.advance(days=1)
    assert desk.state(webhook_id)["is_active"]
    desk.put(webhook_id, is_active=False)
    again = asyncio.run(desk.deliveries.resend(DEVELOPER, record.delivery.id))
    assert again.attempt.verdict is Verdict.WEBHOOK_INACTIVE
    assert len(desk.http.posts) == 7


def test_resending_a_delivery_that_waits_stops_nothing_behind_it(desk: Any) -> None:
    """The queue still moves on when its head has been sent by hand."""
    desk.webhook(GOOD, "E.ONE")
    for number in ("1", "2", "3"):
        desk.emit("E.ONE", items=[number])
    (job,) = deliver_jobs(desk)
    asyncio.run(desk.deliveries.resend(DEVELOPER, job.payload["delivery_id"]))
    desk.run()
    assert items(desk.http.posts, GOOD) == ["1", "1", "2", "3"]


def test_unknown_delivery_is_said_to_be_unknown(desk: Any) -> None:
    """Also where it exists, but in another developer's world."""
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


@pytest.mark.parametrize(("verdict", "together"), [(Verdict.TIMED_OUT, 9), (Verdict.REFUSED, 1)])
def test_hanging_receiver_costs_one_timeout(desk: Any, verdict: Verdict, together: int) -> None:
    """What waits behind a try that timed out goes together, in order; others go one by one."""
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

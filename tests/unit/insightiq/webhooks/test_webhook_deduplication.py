"""Each notification is delivered at least once, and handled once."""

from __future__ import annotations

import dataclasses
import json
import threading
import time
import typing
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insightiq import webhooks
from insightiq.errors import ConfigurationError, WebhookPayloadError
from insightiq.testing import FakeClock
from insightiq.webhooks import Deduplicator, event_key

Notification = Callable[..., bytes]


def test_begun_key_is_not_done() -> None:
    """A lease and a handled notification are distinguished, so that only the second is confirmed."""
    seen = Deduplicator()
    assert [seen.begin(key) for key in ("a", "b", "a")] == ["new", "new", "begun"]
    seen.done("a")
    assert [seen.begin(key) for key in ("a", "b")] == ["done", "begun"]
    assert len(seen) == 2


@pytest.mark.parametrize("handled", [False, True])
def test_released_key_is_new_again(*, handled: bool) -> None:
    """After a failure the retry must be handled; releasing twice does no harm."""
    seen = Deduplicator()
    seen.begin("a")
    if handled:
        seen.done("a")
    seen.release("a")
    seen.release("a")
    assert seen.begin("a") == "new"
    assert seen.begin("a") == "begun"


def test_lease_ends_by_itself() -> None:
    """A worker that hangs or dies neither finishes nor releases; another delivery is handled."""
    clock = FakeClock()
    seen = Deduplicator(lease=10, ttl=100, clock=clock)
    seen.begin("a")
    clock.advance(9.5)
    assert seen.begin("a") == "begun"
    clock.advance(0.5)
    assert seen.begin("a") == "new"


def test_handled_key_is_forgotten_in_time() -> None:
    """Memory is not kept for ever; a retry does not lengthen it, handling it again does."""
    clock = FakeClock()
    seen = Deduplicator(ttl=10, lease=1, clock=clock)
    for key in ("a", "b"):
        seen.begin(key)
        seen.done(key)
    clock.advance(9.5)
    seen.done("b")
    assert seen.begin("a") == "done"
    clock.advance(0.5)
    assert seen.begin("a") == "new"
    assert seen.begin("b") == "done"


def test_vendors_last_retry_is_still_known() -> None:
    """It comes 60 s, 5 min and 6 h after the failures before it."""
    clock = FakeClock()
    seen = Deduplicator(clock=clock)
    seen.begin("a")
    seen.done("a")
    for wait in (60, 300, 6 * 3600):
        clock.advance(wait + 10)
        assert seen.begin("a") == "done"


def test_oldest_is_forgotten_beyond_max_size() -> None:
    """Memory is bounded, whatever arrives; what is being handled is kept longest."""
    seen = Deduplicator(max_size=2)
    seen.begin("busy")
    for key in ("a", "b"):
        seen.begin(key)
        seen.done(key)
    assert len(seen) == 2
    assert [seen.begin(key) for key in ("busy", "b", "a")] == ["begun", "done", "new"]
    for number in range(5):
        seen.begin(f"more {number}")
    assert len(seen) == 2


@pytest.mark.parametrize(
    "wrong",
    [{"max_size": 0}, {"ttl": 0}, {"ttl": -1}, {"ttl": float("nan")}, {"lease": 0}],
)
def test_limits_that_remember_nothing_are_rejected(wrong: dict[str, Any]) -> None:
    """They would switch the protection off without a word."""
    with pytest.raises(ConfigurationError, match="must all be above 0"):
        Deduplicator(**wrong)


class SwitchingKey(str):
    """A key that lets other threads run whenever it is looked up."""

    __slots__ = ()

    def __hash__(self) -> int:
        time.sleep(0)
        return super().__hash__()


def test_threads_claim_each_key_once() -> None:
    """Of many threads that receive the same deliveries, one gets each."""
    keys = [SwitchingKey(f"key-{number}") for number in range(200)]
    start = threading.Barrier(4)
    seen, won = Deduplicator(), list[str]()

    def receive(offset: int) -> None:
        start.wait()
        for key in keys[offset:] + keys[:offset]:
            if seen.begin(key) == "new":
                won.append(key)

    threads = [threading.Thread(target=receive, args=(index * 2,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == sorted(keys)


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from("abcde"),
            st.integers(0, 6),
            st.sampled_from(["begin", "done", "release"]),
        ),
        max_size=60,
    ),
    ttl=st.integers(1, 10),
    lease=st.integers(1, 10),
)
def test_any_history_equals_that_of_plain_table(
    steps: list[tuple[str, int, str]], ttl: int, lease: int
) -> None:
    """For any history, the response is that of a plain table of states and their ends."""
    clock = FakeClock()
    seen = Deduplicator(ttl=ttl, lease=lease, clock=clock)
    table = dict[str, tuple[str, float]]()
    for key, wait, action in steps:
        clock.advance(wait)
        state, end = table.get(key, ("new", 0))
        state = state if end > clock.monotonic() else "new"
        if action == "done":
            seen.done(key)
            table[key] = ("done", clock.monotonic() + ttl)
        elif action == "release":
            seen.release(key)
            table.pop(key, None)
        else:
            assert seen.begin(key) == state
            if state == "new":
                table[key] = ("begun", clock.monotonic() + lease)


def test_repr_shows_sizes_only() -> None:
    """Keys stay inside."""
    seen = Deduplicator(max_size=5, ttl=60)
    seen.begin("planted-key")
    assert repr(seen) == "Deduplicator(max_size=5, ttl=60, lease=240, held=1)"


def test_key_is_made_of_event_and_id(notification: Notification) -> None:
    """Deliveries of one notification share it, other notifications have others."""
    first = event_key(webhooks.parse(notification(id_="n-1")))
    assert first == event_key(webhooks.parse(notification(id_="n-1")))
    assert first != event_key(webhooks.parse(notification(id_="n-2")))
    assert first != event_key(webhooks.parse(notification(event="CONTENTS.UPDATED", id_="n-1")))
    assert first == "CONTENTS.ADDED:n-1"


def test_hyphens_make_no_other_key(notification: Notification) -> None:
    """The vendor writes ids both ways."""
    hyphens = "8043271c-8754-46d7-95e8-2d1529457440"
    keys = {
        event_key(webhooks.parse(notification(id_=id_)))
        for id_ in (hyphens, hyphens.replace("-", ""))
    }
    assert keys == {f"CONTENTS.ADDED:{hyphens}"}


@pytest.mark.parametrize("event", ["CONTENTS.ADDED", "NEW.EVENT"])
def test_without_id_what_is_said_counts(notification: Notification, event: str) -> None:
    """Very old notifications have no id: a retry says the same, another one does not."""

    def key(**data: Any) -> str:
        payload = json.loads(notification(event=event, **data))
        del payload["id"]
        return event_key(webhooks.parse(json.dumps(payload)))

    assert key(items=["a"]) == key(items=["a"])
    assert key(items=["a"]) != key(items=["b"])
    assert key().startswith(f"{event}:sha256-")


@pytest.mark.parametrize("event", ["CONTENTS.ADDED", "NEW \ud800 EVENT", "NEW\nEVENT", "N" * 500])
@pytest.mark.parametrize("id_", [None, "n-1", "half \ud83d", "line\nbreak", "n" * 500, "été"])
def test_keys_are_short_printable_ascii(event: str, id_: str | None) -> None:
    """Stores encode them and logs show them; no text of a notification may break either."""
    body = json.dumps({"event": event, "id": id_, "data": {"text": "\ud800"}})
    with warnings.catch_warnings(action="ignore"):
        first, second = (event_key(webhooks.parse(body)) for _ in range(2))
        other = event_key(webhooks.parse(body.replace('"data"', '"x": 1, "data"')))
        another = event_key(webhooks.parse(json.dumps({**json.loads(body), "event": "OTHER"})))
    assert first == second
    assert first.isascii()
    assert first.isprintable()
    assert len(first) <= 300
    assert (first == other) == (id_ is not None)
    assert first != another


def test_notification_nested_too_deeply_has_no_key() -> None:
    """It is rejected like any other that cannot be read, not with a bare RecursionError."""
    event = webhooks.parse('{"event": "NEW.EVENT"}')
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"a": deep}
    event = dataclasses.replace(typing.cast("webhooks.UnknownEvent", event), payload=deep)
    with pytest.raises(WebhookPayloadError, match="nested too deeply"):
        event_key(event)

"""Each notification is delivered at least once, and handled once."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insightiq import webhooks
from insightiq.testing import FakeClock
from insightiq.webhooks import Deduplicator, event_key

Notification = Callable[..., bytes]


def test_a_repeated_key_is_claimed_once() -> None:
    """The first delivery is new, the repetitions are not."""
    seen = Deduplicator()
    assert [seen.claim(key) for key in ("a", "b", "a", "b", "c")] == [
        True,
        True,
        False,
        False,
        True,
    ]
    assert len(seen) == 3


def test_a_released_key_is_new_again() -> None:
    """After a failure the repetition must be handled; releasing twice does no harm."""
    seen = Deduplicator()
    seen.claim("a")
    seen.release("a")
    seen.release("a")
    assert seen.claim("a")
    assert not seen.claim("a")


def test_a_key_is_forgotten_when_its_time_is_over() -> None:
    """Memory is not kept for ever; a repetition does not lengthen it."""
    clock = FakeClock()
    seen = Deduplicator(ttl=10, clock=clock)
    seen.claim("a")
    clock.advance(9.5)
    assert not seen.claim("a")
    seen.claim("b")
    clock.advance(0.5)
    assert seen.claim("a")
    assert not seen.claim("b")


def test_the_vendors_last_repetition_is_still_known() -> None:
    """It comes 60 s, 5 min and 6 h after the failures before it."""
    clock = FakeClock()
    seen = Deduplicator(clock=clock)
    seen.claim("a")
    for wait in (60, 300, 6 * 3600):
        clock.advance(wait + 10)
        assert not seen.claim("a")


def test_the_oldest_is_forgotten_where_there_are_too_many() -> None:
    """Memory is bounded, whatever arrives."""
    seen = Deduplicator(max_size=2)
    for key in ("a", "b", "c"):
        seen.claim(key)
    assert len(seen) == 2
    assert not seen.claim("c")
    assert not seen.claim("b")
    assert seen.claim("a")


@pytest.mark.parametrize("wrong", [{"max_size": 0}, {"ttl": 0}, {"ttl": -1}, {"ttl": float("nan")}])
def test_limits_that_remember_nothing_are_refused(wrong: dict[str, Any]) -> None:
    """They would switch the protection off without a word."""
    with pytest.raises(ValueError, match="must both be above 0"):
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
            if seen.claim(key):
                won.append(key)

    threads = [threading.Thread(target=receive, args=(index * 2,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == sorted(keys)


@given(
    steps=st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 6)), max_size=60),
    ttl=st.integers(1, 10),
)
def test_a_key_is_new_exactly_if_it_was_not_claimed_within_its_time(
    steps: list[tuple[str, int]], ttl: int
) -> None:
    """For any history, the answer is that of a plain table of times."""
    clock = FakeClock()
    seen, ends = Deduplicator(ttl=ttl, clock=clock), dict[str, float]()
    for key, wait in steps:
        clock.advance(wait)
        expected = ends.get(key, 0) <= clock.monotonic()
        assert seen.claim(key) == expected
        if expected:
            ends[key] = clock.monotonic() + ttl


def test_the_repr_shows_sizes_only() -> None:
    """Keys stay inside."""
    seen = Deduplicator(max_size=5, ttl=60)
    seen.claim("planted-key")
    assert repr(seen) == "Deduplicator(max_size=5, ttl=60, held=1)"


def test_a_key_is_made_of_event_and_id(notification: Notification) -> None:
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
def test_without_an_id_what_is_said_counts(notification: Notification, event: str) -> None:
    """Very old notifications have no id: a repetition says the same, another one does not."""

    def key(**data: Any) -> str:
        payload = json.loads(notification(event=event, **data))
        del payload["id"]
        return event_key(webhooks.parse(json.dumps(payload)))

    assert key(items=["a"]) == key(items=["a"])
    assert key(items=["a"]) != key(items=["b"])
    assert key().startswith(f"{event}:sha256-")

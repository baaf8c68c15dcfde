"""The log of tries: what it shows, what it finds, what it forgets."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from insightiq_mock.db import Store
from insightiq_mock.db.deliveries import AttemptRow, DeliveryLog, DeliveryRow
from insightiq_mock.webhooks import Verdict

DEVELOPER = "11111111-1111-4111-8111-111111111111"
SECRET = "22222222-2222-4222-8222-222222222222"
STAMP = "2026-11-01T12:00:00.000000"


def delivery(name: str) -> DeliveryRow:
    """A delivery."""
    return DeliveryRow(name, "w", f"notification {name}", "E.ONE", b"{}")


def attempt(verdict: Verdict = Verdict.DELIVERED) -> AttemptRow:
    """A try."""
    return AttemptRow(1, STAMP, 0.25, "http://one/", verdict)


def test_a_try_is_read_as_it_was_written(store: Store) -> None:
    """Every value of a try comes back, the raw bytes included."""
    log = DeliveryLog(store)
    written = AttemptRow(
        number=2,
        started_at=STAMP,
        seconds=1.5,
        url="http://one/",
        verdict=Verdict.REFUSED,
        detail="The answer was 500.",
        status=500,
        request_headers=(("a", "1"), ("a", "2")),
        answer_headers=(("b", "3"),),
        answer_body=b"\xff\x00",
    )
    log.add(DEVELOPER, delivery("d"))
    assert log.record(DEVELOPER, "d", written, next_attempt=3)
    (record,) = log.records(DEVELOPER, {}, limit=10)
    assert record.attempt == written
    assert record.delivery == DeliveryRow("d", "w", "notification d", "E.ONE", b"{}", 3)


def test_log_finds_by_webhook_event_and_verdict(desk: Any) -> None:
    """Newest first, and no more than asked for."""
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
    """The signature is for everybody who sees the log; the secret is not."""
    desk.webhook("http://one/", "E.ONE")
    desk.emit("E.ONE")
    desk.run()
    (record,) = desk.deliveries.log(DEVELOPER)
    assert dict(record.attempt.request_headers)["webhook-signatures"]
    assert SECRET not in repr(record)


def test_old_deliveries_are_forgotten_but_not_those_on_their_way(store: Store) -> None:
    """The log of a server that runs for weeks stays small, and loses nothing that must be sent."""
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


def test_a_try_of_a_forgotten_delivery_is_not_logged(store: Store) -> None:
    """What a reset has removed while it was on its way does not come back."""
    log = DeliveryLog(store)
    assert not log.record(DEVELOPER, "gone", attempt(), next_attempt=None)
    assert store.rows(sa.text("SELECT count(*) FROM delivery_attempts"))[0][0] == 0

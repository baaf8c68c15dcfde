"""Notifications become typed events, known or not, however they are spelt."""

from __future__ import annotations

import datetime as dt
import json
import pathlib
import subprocess
import sys
import typing
from collections.abc import Callable
from typing import Any
from unittest import mock

import odd_json
import openapi_document
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published_document import DOCUMENT

from insightiq import UnexpectedValueWarning, models, webhooks
from insightiq.errors import (
    ConfigurationError,
    WebhookPayloadError,
    WebhookVerificationError,
)
from insightiq.models import AccountsConnectedNotification, ContentsAddedNotification
from insightiq.webhooks import _events
from insightiq_generated.types import UNSET

FIXTURES = pathlib.Path(__file__).resolve().parents[3] / "fixtures"
RECORDED = json.loads((FIXTURES / "wire" / "webhook-events.json").read_text(encoding="utf-8"))
MAPPING = DOCUMENT["components"]["schemas"]["WebhookNotification"]["discriminator"]["mapping"]
INSTANT = dt.datetime(2026, 4, 26, 12, 0, 31, 114000, tzinfo=dt.UTC)
SPELLINGS = [
    "2026-04-26T12:00:31.114000",
    "2026-04-26 12:00:31.114000",
    "2026-04-26T12:00:31.114Z",
]


def example_of(event: str, timestamp: str) -> dict[str, Any]:
    """The document's own example of an event, with the timestamp."""
    schema = openapi_document.resolve(DOCUMENT, {"$ref": MAPPING[event]})
    example = {key: part["example"] for key, part in schema["properties"].items()}
    if "last_updated_time" in example["data"]:
        example["data"] = {**example["data"], "last_updated_time": timestamp}
    return example


@pytest.mark.parametrize("timestamp", SPELLINGS)
@pytest.mark.parametrize("event", MAPPING)
def test_each_event_of_document_has_its_own_class(event: str, timestamp: str) -> None:
    """The document's list of events is the only one, and its examples are read in full."""
    example = example_of(event, timestamp)
    found = webhooks.parse(json.dumps(example).encode())
    assert type(found) is getattr(models, MAPPING[event].rpartition("/")[2])
    assert not isinstance(found, webhooks.UnknownEvent)
    assert found.event == event
    assert found.event.is_known
    assert (found.name, found.id) == (example["name"], example["id"])
    assert set(found.data.to_dict()) == set(example["data"])
    if "last_updated_time" in example["data"]:
        assert typing.cast("Any", found).data.last_updated_time == INSTANT


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda recorded: str(recorded["event"]))
def test_vendors_own_examples_are_read(recorded: dict[str, Any]) -> None:
    """As text and as bytes; ids without hyphens equal those that the API responds with."""
    found = webhooks.parse(json.dumps(recorded))
    assert found == webhooks.parse(json.dumps(recorded).encode())
    assert not isinstance(found, webhooks.UnknownEvent)
    read, came = found.data.to_dict(), recorded["data"]
    for key in came.keys() - {"last_updated_time", "items"}:
        assert read[key] == webhooks.canonical_id(came[key])
    if "items" in came:
        assert read["items"] == [webhooks.canonical_id(item) for item in came["items"]]


def test_ids_compare_equal_to_those_of_api(notification: Callable[..., bytes]) -> None:
    """event.data.account_id == account.id must not fail for want of hyphens."""
    plain = "5e1c8f0793ab4d268a15c40be7d2f391"
    event = webhooks.parse(notification(account_id=plain, items=[plain, "UCx-other", 7]))
    assert isinstance(event, ContentsAddedNotification)
    assert event.data.account_id == "5e1c8f07-93ab-4d26-8a15-c40be7d2f391"
    assert event.data.items == ["5e1c8f07-93ab-4d26-8a15-c40be7d2f391", "UCx-other", 7]


def test_unknown_event_keeps_everything() -> None:
    """The vendor adds events without notice; no receiver may fail for it."""
    payload = {"event": "STORIES.ADDED", "name": "n", "id": "i", "data": {"a": [1]}, "new": None}
    event = webhooks.parse(json.dumps(payload))
    assert isinstance(event, webhooks.UnknownEvent)
    assert event.event == "STORIES.ADDED"
    assert not event.event.is_known
    assert (event.name, event.id, event.data) == ("n", "i", {"a": [1]})
    assert event.payload == payload


def test_unknown_event_shows_nothing_of_its_data() -> None:
    """No one knows what an unknown event holds, so no log line shows it."""
    event = webhooks.parse('{"event": "A.B", "id": "i", "data": {"token": "planted-11"}}')
    assert repr(event) == "UnknownEvent(event=WebhookEvent('A.B'), name=UNSET, id='i')"


@pytest.mark.parametrize("data", ["null", "5", "[]", '"text"'])
def test_unknown_event_may_have_any_data(data: str) -> None:
    event = webhooks.parse(f'{{"event": "A.B", "name": 1, "id": null, "data": {data}}}')
    assert isinstance(event, webhooks.UnknownEvent)
    assert (event.name, event.id, event.data) == (UNSET, UNSET, {})
    assert event.payload["data"] == json.loads(data)


def test_keys_that_document_lacks_are_kept(notification: Callable[..., bytes]) -> None:
    """They arrive without notice."""
    payload = {**json.loads(notification(extra=[1])), "attempt": 2}
    event = webhooks.parse(json.dumps(payload))
    assert isinstance(event, ContentsAddedNotification)
    assert event.additional_properties == {"attempt": 2}
    assert event.data.additional_properties == {"extra": [1]}


def test_old_notification_without_id_is_read() -> None:
    """Ids came later than notifications."""
    body = '{"event": "ACCOUNTS.CONNECTED", "name": "account is connected", "data": {"account_id": "a", "user_id": "u", "last_updated_time": "2021-11-10T15:44:18.520054"}}'
    event = webhooks.parse(body)
    assert isinstance(event, AccountsConnectedNotification)
    assert event.id is UNSET


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'{"event": "CONTENTS.ADDED", "id": null, "data": {}}', "ContentsAddedNotification.id"),
        (b'{"event": "CONTENTS.ADDED"}', "ContentsAddedNotification.data"),
        (b'{"event": "CONTENTS.ADDED", "data": [1]}', "ContentsAddedNotification.data"),
    ],
)
def test_broken_promises_are_kept_and_reported_once(body: bytes, place: str) -> None:
    """As everywhere in this package: one odd value does not cost the notification."""
    with pytest.warns(UnexpectedValueWarning) as warned:
        first = webhooks.parse(body)
    # A second warning would be an error here.
    assert webhooks.parse(body) == first
    assert isinstance(first, ContentsAddedNotification)
    places = [typing.cast("UnexpectedValueWarning", each.message).place for each in warned]
    assert places.count(place) == 1


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "it is not JSON (0 bytes)"),
        (b"<html>planted-22</html>", "it is not JSON (23 bytes)"),
        (b'{"event": "CONTENTS.ADDED", "planted-22"', "it is not JSON (40 bytes)"),
        (b"\xff\xfe\xfa", "it is not JSON (3 bytes)"),
        (b"[" * 200_000, "it is not JSON (200000 bytes)"),
        (b"[]", "it is not a JSON object (2 bytes)"),
        (b'"planted-22"', "it is not a JSON object (12 bytes)"),
        (b"null", "it is not a JSON object (4 bytes)"),
        (b'{"data": {"planted-22": 1}}', "it has no event name under the key 'event'"),
        (b'{"event": null}', "it has no event name under the key 'event'"),
        (b'{"event": ""}', "it has no event name under the key 'event'"),
        (b'{"event": ["planted-22"]}', "it has no event name under the key 'event'"),
    ],
    ids=lambda value: repr(value[:16]),
)
def test_what_is_no_notification_is_rejected(body: bytes, problem: str) -> None:
    """The message says what is wrong and shows nothing of the body, nor does its context."""
    with pytest.raises(WebhookPayloadError) as caught:
        webhooks.parse(body)
    assert str(caught.value) == f"The notification cannot be read: {problem}."
    assert caught.value.__context__ is None


@pytest.mark.filterwarnings("ignore::insightiq.UnexpectedValueWarning")
@settings(deadline=None)
@given(
    payload=odd_json.json_values(),
    event=st.sampled_from([*MAPPING, "NEW.EVENT"]) | odd_json.texts().filter(bool),
    id_=odd_json.json_values(),
    time=odd_json.timestamps(),
)
def test_any_json_is_read_or_rejected_cleanly(
    payload: Any, event: str, id_: Any, time: str
) -> None:
    """No value of a notification makes anything but an event or the one error."""
    data = {**payload, "last_updated_time": time} if isinstance(payload, dict) else payload
    found = webhooks.parse(json.dumps({"event": event, "id": id_, "data": data}))
    assert found.event == event
    assert webhooks.event_key(found) == webhooks.event_key(found)
    try:
        webhooks.parse(json.dumps(payload))
    except WebhookPayloadError:
        assert not (isinstance(payload, dict) and isinstance(payload.get("event"), str))


def test_broken_notification_is_error_without_its_values(
    monkeypatch: pytest.MonkeyPatch, notification: Callable[..., bytes]
) -> None:
    """Should a generated parser fail after all, receivers still respond with 400 and show nothing."""

    def fail(*_: object, **__: object) -> None:
        msg = "planted-33"
        raise OverflowError(msg)

    monkeypatch.setattr(_events, "_reader", mock.Mock(read=fail))
    with pytest.raises(WebhookPayloadError, match=r"promised shape \(OverflowError\)") as caught:
        webhooks.parse(notification())
    assert caught.value.__context__ is None


@pytest.mark.parametrize("body", [None, {"event": "A.B"}, 5])
def test_body_that_is_neither_bytes_nor_text_is_rejected(body: Any) -> None:
    """Parsed JSON in the place of the body gets one sentence."""
    with pytest.raises(
        ConfigurationError, match=r"^body must be the body of the request, as bytes"
    ):
        webhooks.parse(body)


def test_receiving_is_verifying_and_then_parsing(
    notification: Callable[..., bytes], digest: Callable[..., str], secret: str
) -> None:
    body = notification()
    signed = {"webhook-signatures": digest(body)}
    assert webhooks.receive(body, signed, secret) == webhooks.parse(body)
    with pytest.raises(WebhookVerificationError):
        webhooks.receive(b"no JSON", signed, secret)
    with pytest.raises(WebhookPayloadError):
        webhooks.receive(b"no JSON", {"webhook-signatures": digest(b"no JSON")}, secret)


def test_union_of_events_exists_at_run_time() -> None:
    """Frameworks resolve annotations; the union follows the document."""
    names = {each.__name__ for each in typing.get_args(webhooks.Event)}
    assert names == {ref.rpartition("/")[2] for ref in MAPPING.values()} | {"UnknownEvent"}
    event = webhooks.parse('{"event": "A.B"}')
    assert isinstance(event, webhooks.Event)


def test_public_names_are_there() -> None:
    """Each name of __all__ can be had; another is an AttributeError as anywhere."""
    assert webhooks.__all__ == sorted(set(webhooks.__all__))
    for name in webhooks.__all__:
        assert getattr(webhooks, name) is not None
    assert set(webhooks.__all__) <= set(dir(webhooks))
    with pytest.raises(AttributeError, match="verifyy"):
        _ = webhooks.verifyy  # type: ignore[attr-defined]  # the misspelling is the test


def test_verifying_loads_no_framework_and_no_http_library() -> None:
    """A small function in the cloud starts quickly."""
    program = (
        "import sys\nfrom insightiq.webhooks import WebhookASGIApp, WebhookWSGIApp, parse, verify\n"
        "print({'httpx', 'starlette', 'fastapi', 'flask', 'werkzeug'} & set(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"

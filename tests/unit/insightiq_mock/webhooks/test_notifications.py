"""Notifications as receivers read them."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import jsonschema_rs
import openapi_document
import pytest
from published_document import DOCUMENT as PUBLISHED

from insightiq_mock.openapi import Document, default_document_path, document_from, load_document
from insightiq_mock.webhooks import event_names
from insightiq_mock.webhooks.notifications import NotificationForm, as_given, signature_headers

STAMP = "2026-11-01T12:00:00.000000"
ACCOUNT = "5e1c8f07-93ab-4d26-8a15-c40be7d2f391"
USER = "0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60"
PLAIN = re.compile("[0-9a-f]{32}")
MAPPING = PUBLISHED["components"]["schemas"]["WebhookNotification"]["discriminator"]["mapping"]


def written(data: dict[str, Any], **form: Any) -> list[dict[str, Any]]:
    """The parsed notifications of an event."""
    numbers = itertools.count(1)
    values = {
        "most_items": 100,
        "plain_ids": False,
        "json_spaces": False,
        "new_id": lambda: f"n{next(numbers)}",
    }
    made = NotificationForm(**{**values, **form}).write("E", "e happened", data, updated_at=STAMP)
    notifications = list(made)
    bodies = [json.loads(notification.body) for notification in notifications]
    assert [body["id"] for body in bodies] == [notification.id for notification in notifications]
    return bodies


@pytest.fixture(scope="module")
def document() -> Document:
    """The document that is served."""
    return load_document(default_document_path())


def test_keys_come_in_order_of_vendors_examples() -> None:
    (body,) = written(
        {"items": ["i"], "profile_id": "p", "extra": 1, "user_id": USER, "account_id": ACCOUNT}
    )
    assert list(body) == ["event", "name", "id", "data"]
    assert list(body["data"]) == [
        "account_id",
        "user_id",
        "profile_id",
        "last_updated_time",
        "extra",
        "items",
    ]
    assert body["data"]["last_updated_time"] == STAMP
    assert (body["event"], body["name"]) == ("E", "e happened")


def test_own_update_time_is_kept() -> None:
    (body,) = written({"account_id": ACCOUNT, "last_updated_time": "2020-01-01T00:00:00.000000"})
    assert body["data"]["last_updated_time"] == "2020-01-01T00:00:00.000000"


@pytest.mark.parametrize(
    ("count", "parts"), [(0, []), (1, [1]), (100, [100]), (101, [100, 1]), (250, [100, 100, 50])]
)
def test_at_most_hundred_ids_go_into_one(count: int, parts: list[int]) -> None:
    items = [str(number) for number in range(count)]
    bodies = written({"account_id": ACCOUNT, "user_id": USER, "items": items})
    assert [len(body["data"]["items"]) for body in bodies] == parts
    assert [item for body in bodies for item in body["data"]["items"]] == items
    assert len({body["id"] for body in bodies}) == len(parts)


def test_event_without_account_brings_no_update_time() -> None:
    (body,) = written({"job_id": "j"})
    assert body["data"] == {"job_id": "j"}


def test_ids_can_go_without_hyphens() -> None:
    (body,) = written(
        {"account_id": ACCOUNT, "user_id": USER, "items": [ACCOUNT]},
        plain_ids=True,
        new_id=lambda: USER,
    )
    data = body["data"]
    assert body["id"] == USER
    assert all(PLAIN.fullmatch(each) for each in (data["account_id"], *data["items"]))
    assert data["last_updated_time"] == STAMP


def test_json_can_be_that_of_python() -> None:
    numbers = itertools.count(1)
    form = NotificationForm(2, plain_ids=False, json_spaces=True, new_id=lambda: f"{next(numbers)}")
    data = {"account_id": ACCOUNT, "items": ["1", "2", "3"], "title": "é 😀"}
    notifications = list(form.write("E", "é", data, updated_at=STAMP))
    notifications.append(as_given({"id": "1", "event": "E", "data": {"é": 1.0}}, json_spaces=True))
    for notification in notifications:
        text = notification.body.decode("ascii")
        assert json.dumps(json.loads(text)) == text
        assert '"event": "E", ' in text


@pytest.mark.parametrize("event", MAPPING)
def test_every_event_of_document_is_written_as_described(event: str, document: Document) -> None:
    schema = openapi_document.resolve(PUBLISHED, {"$ref": MAPPING[event]})
    data = openapi_document.resolve(PUBLISHED, schema["properties"]["data"]["allOf"][0])
    values = {key: part["example"] for key, part in data["properties"].items()}
    values.pop("last_updated_time", None)
    name = event_names(document)(event)
    form = NotificationForm(100, plain_ids=False, json_spaces=False, new_id=lambda: USER)
    (notification,) = form.write(event, name, values, updated_at=STAMP)
    body = json.loads(notification.body)
    validator = jsonschema_rs.Draft202012Validator(
        {"$ref": MAPPING[event], "components": PUBLISHED["components"]}
    )
    validator.validate(body)
    assert body["name"] == schema["properties"]["name"]["example"]
    assert list(body["data"]) == list(data["properties"])


def test_unknown_event_is_named_after_itself() -> None:
    bare = document_from(
        {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}}, "bare"
    )
    assert event_names(bare)("CONTENT-GROUPS.ADDED") == "content groups added"


def test_callers_own_notification_is_sent_letter_by_letter() -> None:
    text = '{"data":{"z":1,"a":123456789012345678901234567890},"id":"x","event":"E","s":"\\ud800"}'
    assert as_given(json.loads(text)).body == text.encode()


# Test case 2 of RFC 4231.
BODY = b"what do ya want for nothing?"
DIGEST = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_signature_is_published_one() -> None:
    assert signature_headers(BODY, ["Jefe"]) == [("webhook-signatures", DIGEST)]


def test_each_live_secret_signs() -> None:
    ((_, value),) = signature_headers(BODY, ["new", "Jefe"])
    first, second = value.split(",")
    assert first != second == DIGEST


def test_legacy_signature_is_one_digest() -> None:
    headers = dict(signature_headers(BODY, ["Jefe", "old"], legacy=True))
    assert headers["phyllo-signature"] == DIGEST
    assert headers["webhook-signatures"].startswith(f"{DIGEST},")

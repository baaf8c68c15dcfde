"""Webhook notifications fit the document and survive the generated client, however spelt."""

from __future__ import annotations

import datetime as dt
import json
import pathlib
from collections.abc import Callable
from typing import Any

import openapi_document
import pytest
from published_document import DOCUMENT

import insightiq_generated.models

RECORDED = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "wire"
EXAMPLES = json.loads((RECORDED / "webhook-events.json").read_text(encoding="utf-8"))
MAPPING = DOCUMENT["components"]["schemas"]["WebhookNotification"]["discriminator"]["mapping"]
INSTANT = dt.datetime(2026, 4, 26, 12, 0, 31, 114000, tzinfo=dt.UTC)
SPELLINGS = {
    "with T": "2026-04-26T12:00:31.114000",
    "with a blank": "2026-04-26 12:00:31.114000",
    "with milliseconds and Z": "2026-04-26T12:00:31.114Z",
}


def model_of(event: str) -> Any:
    """The generated class of the event's notification."""
    return getattr(insightiq_generated.models, MAPPING[event].rpartition("/")[2])


def notification_of(event: str, timestamp: str) -> dict[str, Any]:
    """A notification of the event, its data put together from the document's properties."""
    schema = openapi_document.resolve(DOCUMENT, {"$ref": MAPPING[event]})
    data = openapi_document.resolve(DOCUMENT, schema["properties"]["data"]["allOf"][0])
    values = {key: part["example"] for key, part in data["properties"].items()}
    if "last_updated_time" in values:
        values["last_updated_time"] = timestamp
    return {"event": event, "name": "any name", "id": "any id", "data": values}


def instants(value: Any) -> Any:
    """The value with each timestamp as the instant that it names."""
    if isinstance(value, dict):
        return {key: instants(item) for key, item in value.items()}
    if isinstance(value, str) and value[:2] == "20" and value[10:11] in {"T", " "}:
        found = dt.datetime.fromisoformat(value)
        return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    return value


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["event"]))
def test_documented_notification_is_read_without_loss(
    example: dict[str, Any], errors_against: Callable[[str, Any], list[str]]
) -> None:
    """The vendor's own example of each event fits, and nothing of it is lost."""
    assert errors_against("WebhookNotification", example) == []
    assert errors_against(MAPPING[example["event"]].rpartition("/")[2], example) == []
    assert instants(model_of(example["event"]).from_dict(example).to_dict()) == instants(example)


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("event", MAPPING)
def test_every_event_in_every_spelling_of_time(
    event: str, spelling: str, errors_against: Callable[[str, Any], list[str]]
) -> None:
    """Each event is read alike whichever of the three spellings its timestamp has."""
    notification = notification_of(event, SPELLINGS[spelling])
    assert errors_against("WebhookNotification", notification) == []
    model = model_of(event).from_dict(notification)
    assert instants(model.to_dict()) == instants(notification)
    if "last_updated_time" in notification["data"]:
        assert model.data.last_updated_time == INSTANT


def test_each_event_has_its_own_schema(
    document: dict[str, Any], errors_against: Callable[[str, Any], list[str]]
) -> None:
    """All event names of the enumeration lead to a schema, and none takes another's event."""
    events = document["components"]["schemas"]["WebhookEvent"]["enum"]
    assert sorted(MAPPING) == sorted(events)
    assert len(set(MAPPING.values())) == len(events)
    for event, reference in MAPPING.items():
        other = next(name for name in events if name != event)
        notification = {**notification_of(event, SPELLINGS["with T"]), "event": other}
        assert errors_against(reference.rpartition("/")[2], notification) != []

"""Layer C against clients that are broken on purpose, each in one way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import openapi_document
import pytest
from contract_testing.bodies import NEW_KEY, NEW_VALUE, Bodies
from contract_testing.layers.scripted_answers import LAYER
from contract_testing.recording import Recording
from contract_testing.run import Finding, Run
from openapi_schemas import DocumentSchemas
from published_document import DOCUMENT

from insightiq import _api_errors, errors, webhooks
from insightiq_generated import types
from insightiq_generated.models import user, webhook

OPERATIONS = {each.id: each for each in openapi_document.operations(DOCUMENT)}


class NoServer:
    """Layer C asks no server; a run has one all the same."""

    recording = Recording()


def found_with(*operations: str) -> list[Finding]:
    """What the layer finds of some operations."""
    chosen = [OPERATIONS[each] for each in operations]
    run = Run("C", DOCUMENT, chosen, 1, 0, NoServer())  # type: ignore[arg-type]  # all that it needs
    LAYER.run(run)
    return run.findings


def test_the_client_as_it_is_has_no_findings() -> None:
    """Each kind of operation reads and raises what the document says."""
    assert not found_with("users.get", "contents.list", "contents.search", "webhooks.delete")


def local_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Naive moments are read as local time, and written as local time again."""

    def parse(text: str) -> dt.datetime:
        return dt.datetime.fromisoformat(text.removesuffix("Z")).astimezone()

    def write(value: dt.datetime) -> str:
        return value.astimezone().replace(tzinfo=None).isoformat(timespec="microseconds")

    monkeypatch.setattr(user, "from_iso_format", parse)
    monkeypatch.setattr(types, "format_datetime", write)


def lost_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that the document does not know are dropped."""
    original = types.Model.to_dict

    def to_dict(self: types.Model) -> dict[str, Any]:
        return {key: value for key, value in original(self).items() if key in self.KEYS.values()}

    monkeypatch.setattr(types.Model, "to_dict", to_dict)


def closed_enum(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown values of an enumeration become another one."""
    known = dict(webhook.WEBHOOK_EVENT_BY_VALUE)
    first = next(iter(known.values()))

    class Closed(dict[str, Any]):
        def __missing__(self, key: str) -> object:
            return first

    monkeypatch.setattr(webhook, "WEBHOOK_EVENT_BY_VALUE", Closed(known))


def wrong_class(monkeypatch: pytest.MonkeyPatch) -> None:
    """A 404 is raised as something else."""
    monkeypatch.setitem(_api_errors._CLASS_BY_STATUS, 404, errors.BadRequestError)


def no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendor's code is lost."""
    original = _api_errors._envelope

    def envelope(*arguments: Any) -> Any:
        found = original(*arguments)
        return type(found)(found.type, None, found.message, found.request_id, found.status)

    monkeypatch.setattr(_api_errors, "_envelope", envelope)


@pytest.mark.parametrize(
    ("break_client", "operation", "text"),
    [
        (local_times, "users.get", "created_at is"),
        (lost_key, "users.get", "to_dict() differs from the body"),
        (closed_enum, "webhooks.get", NEW_VALUE),
        (wrong_class, "users.get", "with 404 raised BadRequestError, not NotFoundError"),
        (no_code, "users.get", "the error's code is None"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_broken_client_is_seen(
    break_client: Callable[[pytest.MonkeyPatch], None],
    operation: str,
    text: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A finding says what is wrong, in words."""
    break_client(monkeypatch)
    messages = [each.message for each in found_with(operation)]
    assert any(text in each for each in messages), messages[:5]


def test_an_event_read_as_another_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event's payload under another event's class does not pass."""
    original = webhooks.parse

    def parse(body: bytes | str) -> Any:
        text = body.decode() if isinstance(body, bytes) else body
        return original(text.replace("PROFILES.ADDED", "PROFILES.UPDATED"))

    monkeypatch.setattr(webhooks, "parse", parse)
    messages = [each.message for each in found_with()]
    wrong = "was read as ProfilesUpdatedNotification"
    assert any(wrong in each for each in messages), messages[:5]


def test_bodies_meet_every_value_and_every_absence() -> None:
    """Systematic bodies cover what random ones meet seldom: values, nulls, absent keys."""
    schemas = DocumentSchemas(DOCUMENT)
    reference = {"$ref": "#/components/schemas/Content"}
    bodies = list(Bodies(DOCUMENT, schemas).of(reference))
    assert all(schemas.validator(reference).is_valid(body) for body in bodies)
    types_met = {body["type"] for body in bodies}
    assert types_met == set(DOCUMENT["components"]["schemas"]["ContentType"]["enum"])
    schema = DOCUMENT["components"]["schemas"]["Content"]
    optional = set(schema["properties"]) - set(schema["required"])
    assert all(any(key not in body for body in bodies) for key in optional)
    assert any(body["duration"] is None for body in bodies)


def test_bodies_of_tomorrow_hold_what_is_not_known_yet() -> None:
    """Open enumerations get a new value, objects a new key; closed places stay closed."""
    bodies = Bodies(DOCUMENT, DocumentSchemas(DOCUMENT), tomorrow=True)
    made = list(bodies.of({"$ref": "#/components/schemas/ProfilesAddedNotification"}))
    assert all(NEW_KEY in body for body in made)
    assert {body["event"] for body in made} == {"PROFILES.ADDED"}
    users = list(bodies.of({"$ref": "#/components/schemas/User"}))
    assert NEW_VALUE in {body["status"] for body in users}


def test_drawn_bodies_repeat_themselves() -> None:
    """The same seed draws the same bodies."""
    from contract_testing.drawn_bodies import drawn  # noqa: PLC0415 - its libraries are slow

    first, second = (list(drawn(DOCUMENT, ["User"], seed=7, count=3)) for _ in range(2))
    assert first == second
    assert len(first[0][1]) > 1

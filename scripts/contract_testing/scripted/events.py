"""Whether every webhook event is read as what it is."""

from __future__ import annotations

import json
import typing

from contract_testing.annotations import misfits
from contract_testing.described import component_name, is_array
from contract_testing.reading import misreadings, rewritten
from contract_testing.run import Broken
from insightiq import webhooks

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_testing.bodies import Bodies
    from contract_testing.run import Run

__all__ = ["event_schemas", "play"]

Json: typing.TypeAlias = typing.Any

_HEX_DIGITS: typing.Final = 32


def event_schemas(document: Mapping[str, Json]) -> dict[str, Json]:
    """Return the schema of each event's notification, by the name of the event."""
    for schema in document["components"]["schemas"].values():
        mapping = schema.get("discriminator", {}).get("mapping")
        if mapping:
            return {name: {"$ref": reference} for name, reference in mapping.items()}
    return {}


def play(run: Run, today: Bodies, tomorrow: Bodies) -> None:
    """Give every event to `webhooks.parse`."""
    for name, schema in event_schemas(run.document).items():
        with run.case(f"{name} is read as what it is"):
            for bodies in (today, tomorrow):
                for body in bodies.of(schema):
                    _known(run, name, schema, body, fits=bodies is today)
    with run.case("an event that the document does not know is kept whole"):
        _unknown()


def _known(run: Run, name: str, schema: Json, body: Json, *, fits: bool) -> None:
    event = webhooks.parse(json.dumps(body).encode())
    if isinstance(event, webhooks.UnknownEvent) or type(event).__name__ != component_name(schema):
        msg = f"{name} was read as {type(event).__name__}, not as {component_name(schema)}"
        raise Broken(msg)
    expected = _with_hyphens(body)
    found = list(misreadings(run.document, schema, event, expected, name))
    found += misfits(event) if fits else []
    written = event.to_dict()
    if written != rewritten(run.document, schema, expected):
        found.append(f"{name}: {written!r:.200} was kept of {expected!r:.200}")
    if found:
        raise Broken("; ".join(found[:3]))


def _with_hyphens(body: Json) -> Json:
    """Return a notification with the ids of its data as the API's answers write them (evidence.md#values)."""
    return {**body, "data": {key: _hyphenated(value) for key, value in body["data"].items()}}


def _hyphenated(value: Json) -> Json:
    if is_array(value):
        return [_hyphenated(each) for each in value]
    if isinstance(value, str) and len(value) == _HEX_DIGITS:
        parts = (value[:8], value[8:12], value[12:16], value[16:20], value[20:])
        return "-".join(parts)
    return value


def _unknown() -> None:
    body = {"event": "STORIES.ADDED", "id": "n-1", "name": "x", "data": {"items": ["s"]}, "k": 1}
    event = webhooks.parse(json.dumps(body))
    if not isinstance(event, webhooks.UnknownEvent) or event.payload != body:
        msg = f"STORIES.ADDED was read as {event!r:.100}; all of it has to be kept in its payload"
        raise Broken(msg)
    if str(event.event) != "STORIES.ADDED" or event.event.is_known or event.data != body["data"]:
        msg = "STORIES.ADDED: the event's name, its is_known or its data is not what came"
        raise Broken(msg)

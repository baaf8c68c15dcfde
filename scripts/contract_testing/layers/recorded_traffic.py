"""Layer W: recorded traffic against the document: the wire samples, and what this server says now."""

from __future__ import annotations

import contextlib
import json
import pathlib
import typing

from openapi_schemas import DocumentSchemas

from contract_testing.described import component_name, success
from contract_testing.layers.scenarios.rows import Rows
from contract_testing.reading import misreadings, rewritten
from contract_testing.run import Broken, NotTried
from contract_testing.scripted.events import event_schemas
from contract_testing.traffic.drift import drift_of
from contract_testing.traffic.har import Recorded

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from openapi_document import Operation

    from contract_testing.recording import Exchange
    from contract_testing.run import Run

__all__ = ["LAYER", "SAMPLES"]

Json: typing.TypeAlias = typing.Any

SAMPLES: typing.Final = pathlib.Path(__file__).resolve().parents[3] / "tests" / "fixtures" / "wire"
_EVENTS: typing.Final = "webhook-events"
_SHOWN: typing.Final = 5


class _RecordedTraffic:
    """The layer."""

    letter: typing.Final = "W"
    name: typing.Final = "recorded traffic"
    question: typing.Final = "Does what was seen on the wire still fit the document and the client?"

    def run(self, run: Run) -> None:
        """Look at the samples, and at what the server answers to plain reading."""
        for path in sorted(SAMPLES.glob("*.json")):
            if path.stem == _EVENTS:
                with run.case("the sample of notifications fits the document and the client"):
                    _events(run, json.loads(path.read_text(encoding="utf-8")))
                continue
            operation = _operation_of(run, path.stem)
            if operation is not None:
                rule = f"the wire sample {path.stem} fits the document and the client"
                with run.case(rule, operation.id):
                    _sample(run, operation, path)
        with run.case("what the server answers to plain reading holds nothing undocumented"):
            _reading(run)


def _operation_of(run: Run, sample: str) -> Operation | None:
    """Return the list that a sample was an answer of: ``content-groups-youtube`` is one of groups."""
    lists = {
        each.resource.replace("_", "-"): each for each in run.operations if each.verb == "list"
    }
    names = [name for name in lists if sample == name or sample.startswith(f"{name}-")]
    return lists[max(names, key=len)] if names else None


def _sample(run: Run, operation: Operation, path: pathlib.Path) -> None:
    from insightiq import models  # noqa: PLC0415 - needed with the first sample

    body: Json = json.loads(path.read_text(encoding="utf-8"))
    status, schema = success(run.document, operation)
    sample = Recorded(
        place=path.name,
        method=operation.method.upper(),
        url=f"https://api.sandbox.insightiq.ai{operation.path}",
        request_body=None,
        status=status,
        headers={},
        body=path.read_bytes(),
    )
    found = [each.text for each in drift_of(run.document, [sample]).differences]
    page = getattr(models, component_name(schema) or "").from_dict(body)
    found += misreadings(run.document, schema, page, body, type(page).__name__)
    if page.to_dict() != rewritten(run.document, schema, body):
        found.append("the client loses a part of it")
    _raise(f"{path.name} as {operation.id}", found)


def _events(run: Run, samples: list[Json]) -> None:
    from insightiq import webhooks  # noqa: PLC0415 - needed here only

    schemas, by_event = DocumentSchemas(run.document), event_schemas(run.document)
    found: list[str] = []
    for sample in samples:
        name = sample["event"]
        if name not in by_event:
            found.append(f"the document does not know the event {name}")
            continue
        if not schemas.validator(by_event[name]).is_valid(sample):
            found.append(f"{name} does not fit its schema")
        event = webhooks.parse(json.dumps(sample))
        if type(event).__name__ != component_name(by_event[name]):
            found.append(f"{name} is read as {type(event).__name__}")
    _raise("the sample of notifications", found)


def _reading(run: Run) -> None:
    heard: list[Exchange] = []
    run.server.recording.listeners.append(heard.append)
    try:
        with run.server.client() as client:
            rows = Rows(run.document, run.server, client)
            for operation in run.operations:
                if operation.id in rows.shapes:
                    with contextlib.suppress(NotTried):
                        rows.of(operation.id)
    finally:
        run.server.recording.listeners.remove(heard.append)
    hosts = [run.server.base_url.partition("://")[2].partition(":")[0].partition("/")[0]]
    drift = drift_of(run.document, _recorded(heard), hosts)
    run.note(f"recorded traffic: {drift.judged} answers to plain reading held against the document")
    _raise(
        f"{drift.judged} answers of the server",
        [
            f"{each.operation}: {each.text} ({count} times)"
            for each, count in drift.differences.most_common()
        ],
    )


def _recorded(heard: list[Exchange]) -> Iterator[Recorded]:
    for each in heard:
        yield Recorded(
            place=f"exchange {each.number}",
            method=each.method,
            url=each.url,
            request_body=each.request_body,
            status=each.status or 0,
            headers={name.lower(): value for name, value in each.response_headers},
            body=each.response_body,
        )


def _raise(what: str, found: list[str]) -> None:
    if found:
        more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        msg = f"{what}: {'; '.join(found[:_SHOWN])}{more}"
        raise Broken(msg)


LAYER: typing.Final = _RecordedTraffic()

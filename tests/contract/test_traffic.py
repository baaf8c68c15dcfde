"""Recorded traffic against document and client: the wire samples, and reading the server's lists."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Mapping
from typing import Any

import openapi_document
import pytest
from contract_suite.notifications import event_schemas
from contract_suite.reading import misreadings, rewritten
from contract_suite.seed_data import read_seed_data
from contract_suite.servers import Server
from document_views import component_name, success
from openapi_schemas import DocumentSchemas
from published_document import DOCUMENT
from traffic.drift import drift_of
from traffic.har import Recorded

from insightiq import models, webhooks

pytestmark = [pytest.mark.traffic, pytest.mark.stateless]

SAMPLES = pathlib.Path(__file__).resolve().parents[1] / "fixtures" / "wire"
EVENTS = SAMPLES / "webhook-events.json"
LISTS = {
    each.resource.replace("_", "-"): each
    for each in openapi_document.operations(DOCUMENT)
    if each.verb == "list"
}


def operation_of(path: pathlib.Path) -> openapi_document.Operation:
    """Return the list that a sample is of: ``content-groups-youtube`` is one of groups."""
    names = [name for name in LISTS if path.stem == name or path.stem.startswith(f"{name}-")]
    return LISTS[max(names, key=len)]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=pytest.mark.operations(operation_of(path).id))
        for path in sorted(SAMPLES.glob("*.json"))
        if path != EVENTS
    ],
)
def test_wire_sample_fits(path: pathlib.Path, document: Mapping[str, Any]) -> None:
    """A recorded response fits the document, and the client keeps all of it."""
    operation = operation_of(path)
    body = json.loads(path.read_text(encoding="utf-8"))
    status, schema = success(document, operation)
    sample = Recorded(
        place=path.name,
        method=operation.method.upper(),
        url=f"https://api.sandbox.insightiq.ai{operation.path}",
        request_body=None,
        status=status,
        headers={},
        body=path.read_bytes(),
    )
    assert [each.text for each in drift_of(document, [sample]).differences] == []
    page = getattr(models, component_name(schema) or "").from_dict(body)
    assert [*misreadings(document, schema, page, body, type(page).__name__)] == []
    assert page.to_dict() == rewritten(document, schema, body), "the client loses a part of it"


def test_sampled_notifications_fit(document: Mapping[str, Any]) -> None:
    schemas, by_event = DocumentSchemas(document), event_schemas(document)
    for sample in json.loads(EVENTS.read_text(encoding="utf-8")):
        name = sample["event"]
        assert name in by_event, f"the document does not know the event {name}"
        assert schemas.validator(by_event[name]).is_valid(sample), f"{name} does not fit"
        event = webhooks.parse(json.dumps(sample))
        assert type(event).__name__ == component_name(by_event[name])


def test_lists_hold_nothing_undocumented(
    generated_server: Server, document: Mapping[str, Any]
) -> None:
    with generated_server.patient_http() as client:
        read_seed_data(document, client)
    recorded = [
        Recorded(
            place=f"exchange {each.number}",
            method=each.method,
            url=each.url,
            request_body=each.request_body,
            status=each.status or 0,
            headers={name.lower(): value for name, value in each.response_headers},
            body=each.response_body,
        )
        for each in generated_server.recording.exchanges
    ]
    host = generated_server.base_url.partition("://")[2].partition(":")[0].partition("/")[0]
    drift = drift_of(document, recorded, [host])
    assert drift.judged > 0
    assert [
        f"{each.operation}: {each.text} ({count} times)"
        for each, count in drift.differences.most_common()
    ] == []

"""Recorded traffic against the document, which may be another than the project's, and the client."""

from __future__ import annotations

import json
import pathlib

import openapi_document
import pytest
from contract_suite.notifications import event_schemas
from contract_suite.reading import misreadings, rewritten
from document_views import Document, component_name, success
from openapi_schemas import DocumentSchemas
from published_document import DOCUMENT
from validate_traffic import Recorded, validate

from insightiq import models, webhooks

pytestmark = pytest.mark.traffic

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
def test_recorded_response_fits(path: pathlib.Path, document: Document) -> None:
    """It fits the document, and the client keeps all of it."""
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
    assert [each.text for each in validate(document, [sample]).differences] == []
    page = getattr(models, component_name(schema) or "").from_dict(body)
    assert [*misreadings(document, schema, page, body, type(page).__name__)] == []
    assert page.to_dict() == rewritten(document, schema, body), "the client loses a part of it"


def test_recorded_notifications_fit(document: Document) -> None:
    schemas, by_event = DocumentSchemas(document), event_schemas(document)
    for sample in json.loads(EVENTS.read_text(encoding="utf-8")):
        name = sample["event"]
        assert name in by_event, f"the document does not know the event {name}"
        assert schemas.validator(by_event[name]).is_valid(sample), f"{name} does not fit"
        event = webhooks.parse(json.dumps(sample))
        assert type(event).__name__ == component_name(by_event[name])

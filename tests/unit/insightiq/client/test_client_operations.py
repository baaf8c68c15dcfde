"""Every operation of the document is retried where that does no harm, and only there."""

from __future__ import annotations

import itertools
from typing import Any

import openapi_document
import pytest
from contract_suite.scripted_api import ScriptedAPI
from document_views import is_retry_safe, resolved, success
from openapi_document import Operation
from published_document import DOCUMENT

from insightiq import errors
from insightiq.testing import response as respond

OPERATIONS = list(openapi_document.operations(DOCUMENT))

pytestmark = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)


def test_operation_is_retried_where_safe(operation: Operation) -> None:
    """After 503 by RFC 9110 and `x-retry-safe`; after 429 always, as nothing was done."""
    for status, attempts in ((503, 4 if is_retry_safe(operation) else 1), (429, 4)):
        with ScriptedAPI(DOCUMENT) as api, api.another(max_attempts=4) as client:
            api.responds(status, json={})
            with pytest.raises(errors.APIStatusError) as caught:
                api.call(operation).fetch(client)
            assert len(api.transport.requests) == caught.value.attempts == attempts, status


def test_operation_succeeds_after_rate_limit(operation: Operation) -> None:
    """Every attempt is the same request; Retry-After is waited for."""
    status, schema = success(DOCUMENT, operation)
    body: dict[str, Any] = {"content": b""}
    if schema is not None:
        response = resolved(DOCUMENT, operation.data["responses"][str(status)])
        example = next(iter(response["content"]["application/json"]["examples"].values()))
        body = {"json": resolved(DOCUMENT, example)["value"]}
    limited = [respond(429, json={}, headers={"retry-after": "3"}), respond(429, json={})]
    with ScriptedAPI(DOCUMENT) as api, api.another() as client:
        api.responds_in_turn(itertools.chain(limited, [respond(status, **body)]))
        api.call(operation).fetch(client)
        requests = api.transport.requests
        same = {
            (each.method, each.url, each.content, each.headers["authorization"])
            for each in requests
        }
    assert (len(requests), len(same)) == (3, 1)
    assert api.clock.sleeps[0] >= 3

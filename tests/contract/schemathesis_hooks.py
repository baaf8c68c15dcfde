"""What schemathesis must be told about this API, and what it does not check by itself.

Loaded by schemathesis.toml for each run of `make contract`.
"""

from __future__ import annotations

import functools
import json
import os
import pathlib
import sys
import urllib.parse
from typing import Any

import httpx
import schemathesis
from schemathesis.core.failures import Failure

# schemathesis loads this file by its path, without the project's import settings.
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

import contract_refusals
import openapi_document
import openapi_schemas

DOCUMENT = openapi_document.load()
SCHEMAS = openapi_schemas.DocumentSchemas(DOCUMENT)
RESPONSES: dict[str, dict[str, Any]] = {
    f"{operation.method.upper()} {operation.path}": operation.data["responses"]
    for operation in openapi_document.operations(DOCUMENT)
}

AnyCase = schemathesis.Case[Any]

REJECTED_VALID_DATA = "ST202"


def json_of(response: schemathesis.Response) -> Any:
    """The JSON of an answer; None where it has none, which other checks judge."""
    try:
        return json.loads(response.content)
    except ValueError:
        return None


@schemathesis.check
def answer_keeps_our_formats(
    _context: schemathesis.CheckContext, response: schemathesis.Response, case: AnyCase
) -> None:
    """The timestamps of an answer are real instants without zone.

    schemathesis does not know the formats ``date-time-local`` and ``date-time-lenient`` and lets
    any text pass for them.
    """
    schema = _schema_of(case.operation.label, response.status_code)
    answer = json_of(response)
    if schema is None or answer is None:
        return
    errors = SCHEMAS.validator(schema).iter_errors(answer)
    messages = [f"/{'/'.join(map(str, error.instance_path))}: {error.message}" for error in errors]
    assert not messages, "\n".join(messages)


def _schema_of(label: str, status: int) -> dict[str, Any] | None:
    """The document's schema of an answer; None where it documents none."""
    entry = RESPONSES.get(label, {}).get(str(status))
    response = openapi_document.resolve(DOCUMENT, entry or {})
    media_type = response.get("content", {}).get("application/json", {})
    schema: dict[str, Any] | None = media_type.get("schema")
    return schema


@schemathesis.hook
def filter_failure(
    _context: schemathesis.HookContext,
    failure: Failure,
    case: AnyCase,
    response: schemathesis.Response,
) -> bool:
    """Accept a refusal of valid data where a schema cannot give the reason, but the server can."""
    if failure.code != REJECTED_VALID_DATA:
        return True
    refused = contract_refusals.Refused(case.query, case.body, server_of(response))
    return not contract_refusals.is_justified(json_of(response), refused)


@functools.cache
def client_of(base_url: str) -> httpx.Client:
    """A client of the server under test."""
    credentials = (os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
    return httpx.Client(base_url=base_url, auth=credentials, timeout=30)


def server_of(response: schemathesis.Response) -> httpx.Client:
    """A client of the server that gave ``response``."""
    address = urllib.parse.urlsplit(response.request.url or "")
    return client_of(f"{address.scheme}://{address.netloc}")

"""The client against the document: what it sends, and what it reads."""

from __future__ import annotations

import dataclasses
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from contract_suite.client_calls import error_mismatches, example_call
from contract_suite.recording import Exchange
from contract_suite.schemas import AnyCase
from contract_suite.servers import Server
from contract_suite.session import current
from document_views import is_error, parameters, resolved, responses, success
from openapi_document import Operation

from insightiq import InsightIQ

pytestmark = [pytest.mark.client, pytest.mark.stateless]

RUN = current()
PATH_TEXTS = ("a/b", "a?b#c", "50% off", "a+b c", "ü&=;é", "a\\b")

schema = RUN.load_schema(
    phases={"coverage": {"enabled": False}, "examples": {"enabled": False}},
    generation={"mode": "positive", "max-examples": max(1, RUN.settings.examples // 2)},
)


@schema.parametrize()
def test_call(case: AnyCase, send_by_client: Callable[[AnyCase], Exchange]) -> None:
    """The client sends what was meant, and reads what comes back."""
    send_by_client(case)


def _ends_with_text(operation: Operation) -> bool:
    """Whether the path ends with any text: no id, no enumeration."""
    if not operation.path.endswith("}"):
        return False
    given = {each["name"]: each for each in parameters(RUN.document, operation)}
    last = given[operation.path.rpartition("{")[2].removesuffix("}")]
    node = resolved(RUN.document, last["schema"])
    return node.get("type") == "string" and not {"format", "pattern", "enum"} & set(node)


@pytest.mark.parametrize("text", PATH_TEXTS)
@pytest.mark.parametrize(
    "path_operation",
    [each for each in RUN.operations if _ends_with_text(each)],
    ids=lambda each: each.id,
)
def test_text_in_path_is_encoded(
    path_operation: Operation,
    text: str,
    generated_server: Server,
    single_call_client: InsightIQ,
    document: Mapping[str, Any],
) -> None:
    """Schemathesis draws no slash, question mark or hash into a path; the client has to encode them."""
    call = example_call(document, path_operation, single_call_client)
    dataclasses.replace(call, in_path=(*call.in_path[:-1], text)).result(single_call_client)
    exchange = generated_server.recording.latest
    assert exchange is not None
    address = urllib.parse.urlsplit(exchange.url)
    sent = urllib.parse.unquote(address.path.rpartition("/")[2])
    assert (sent, address.query, address.fragment) == (text, "", ""), (
        f"{path_operation.id}: {text!r} in the path is sent as {exchange.url!r}"
    )


def _other_statuses(operation: Operation) -> list[int]:
    """Return the documented statuses of an operation but that of its first success."""
    statuses = list(responses(RUN.document, operation))
    first, _ = success(RUN.document, operation)
    return [status for status in statuses if status != first]


@pytest.mark.needs_control
@pytest.mark.parametrize(
    ("called", "status"),
    [
        pytest.param(operation, status, id=f"{operation.id}-{status}")
        for operation in RUN.operations
        for status in _other_statuses(operation)
    ],
)
def test_documented_status(
    called: Operation,
    status: int,
    generated_server: Server,
    single_call_client: InsightIQ,
    document: Mapping[str, Any],
) -> None:
    """A documented response fits the document; the client raises all of an error."""
    client = single_call_client.with_options(headers={"Prefer": f"code={status}"})
    result = example_call(document, called, client).result(client)
    exchange = generated_server.recording.latest
    assert exchange is not None
    where = f"{called.id} {status}"
    assert exchange.status == status, f"{where}: the server responds with {exchange.status}"
    if not is_error(status):
        assert not isinstance(result, Exception), f"{where}: the client raises {result!r}"
        return
    for message in error_mismatches(called, exchange, result):
        pytest.fail(message, pytrace=False)
    if (seconds := exchange.headers.get("retry-after")) is not None:
        assert result.retry_after == float(seconds), (
            f"{where}: Retry-After is {seconds}, the error says {result.retry_after!r}"
        )

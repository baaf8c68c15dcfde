"""Holding what the client sent and made of the answer against what was meant and what came."""

from __future__ import annotations

import dataclasses
import json
import typing

import contract_refusals
import openapi_document
from typing_extensions import TypeIs

from contract_testing.case_calls import differences
from contract_testing.described import success
from contract_testing.reading import misreadings

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from openapi_document import Operation

    from contract_testing.case_calls import Intended
    from contract_testing.example_calls import ExampleCall
    from contract_testing.recording import Exchange
    from contract_testing.run import Run
    from contract_testing.schemathesis_bridge import AnyCase
    from insightiq import InsightIQ

__all__ = ["Attempt", "error_mistakes", "mistakes", "outcome_of"]

Json: typing.TypeAlias = typing.Any

_BAD_REQUEST: typing.Final = 400


def outcome_of(call: ExampleCall, client: InsightIQ) -> Json:
    """Make a call; return its result, or the error that the client raises."""
    from insightiq.errors import InsightIQError  # noqa: PLC0415 - the client is imported late

    try:
        return call.answered_by(client)
    except InsightIQError as error:
        return error


@dataclasses.dataclass(frozen=True, slots=True)
class Attempt:
    """A call of the client, with all that is known of it.

    Attributes:
        operation: What was called.
        case: What the call was made from.
        wanted: What the request ought to be.
        exchange: What went over the wire.
        outcome: The result of the call, or the error that it raised.
    """

    operation: Operation
    case: AnyCase
    wanted: Intended
    exchange: Exchange
    outcome: Json


def mistakes(run: Run, attempt: Attempt) -> Iterator[str]:
    """Yield what is wrong with a call of the client."""
    operation, exchange = attempt.operation, attempt.exchange
    for difference in differences(attempt.wanted, exchange, run.server):
        yield f"{operation.id}: {difference}"
    status, schema = success(run.document, operation)
    if exchange.status == status:
        yield from _result_mistakes(run, operation, schema, exchange, attempt.outcome)
        return
    yield from error_mistakes(operation, exchange, attempt.outcome)
    if exchange.status == _BAD_REQUEST and not _is_justified(run, exchange, attempt.case):
        yield (
            f"{operation.id}: a request that fits the document is refused: "
            f"{exchange.response_body[:300]!r}"
        )


def error_mistakes(operation: Operation, exchange: Exchange, outcome: Json) -> Iterator[str]:
    """Yield how an error differs from the answer that it was made from."""
    from insightiq.errors import APIStatusError  # noqa: PLC0415 - the client is imported late

    where = f"{operation.id} {exchange.status}"
    if not isinstance(outcome, APIStatusError):
        yield f"{where}: the client gives {outcome!r:.200} instead of raising the API's error"
        return
    error = _error(exchange)
    if error is None:
        # Whichever answer is no error of the API breaks the document, and is told for that.
        return
    said = {
        "status_code": exchange.status,
        "operation": operation.id,
        "type": error.get("type"),
        "code": error.get("code") or error.get("error_code"),
        "message": error.get("message"),
    }
    for attribute, expected in said.items():
        seen = getattr(outcome, attribute)
        if seen != expected:
            yield f"{where}: the error's {attribute} is {seen!r} and should be {expected!r}"


def _is_justified(run: Run, exchange: Exchange, case: AnyCase) -> bool:
    with run.server.http() as client, run.server.recording.unjudged():
        refused = contract_refusals.Refused(case.query, case.body, client)
        answer = {"error": _error(exchange)}
        return contract_refusals.is_justified(answer, refused)


def _result_mistakes(
    run: Run, operation: Operation, schema: Json, exchange: Exchange, outcome: Json
) -> Iterator[str]:
    if isinstance(outcome, Exception):
        yield f"{operation.id}: a success ({exchange.status}) raises {outcome!r}"
    elif schema is None:
        if outcome is not None:
            yield f"{operation.id}: an answer without body gives {outcome!r}"
    elif "x-bulk" in operation.data:
        rows = _json(exchange)[operation.data["x-bulk"]["items"]]
        yield from _row_mistakes(operation, rows, outcome.data)
    else:
        yield from misreadings(run.document, schema, outcome, _json(exchange), operation.id)
        yield from _rewriting_mistakes(operation, _json(exchange), outcome.to_dict())


def _row_mistakes(operation: Operation, rows: Json, items: Json) -> Iterator[str]:
    written = {item.id: item.to_dict() for item in items}
    by_id = {row["id"]: row for row in rows}
    if sorted(by_id) != sorted(written):
        yield f"{operation.id}: the answer has {sorted(by_id)}, the result {sorted(written)}"
        return
    for key, row in by_id.items():
        yield from _rewriting_mistakes(operation, row, written[key])


def _rewriting_mistakes(operation: Operation, body: Json, written: Json) -> Iterator[str]:
    if written != body:
        difference = _first_difference(body, written)
        yield f"{operation.id}: the result, written again, is not the answer: {difference}"


def _first_difference(wanted: Json, seen: Json, place: str = "") -> str:
    for key, left, right in _members(wanted, seen):
        if left != right:
            return _first_difference(left, right, f"{place}/{key}")
    return f"{place or '/'} was {wanted!r:.100} and is {seen!r:.100}"


def _members(wanted: Json, seen: Json) -> Iterator[tuple[object, Json, Json]]:
    """Yield what stands in the same place of two objects, or of two arrays of the same length."""
    if openapi_document.is_object(wanted) and openapi_document.is_object(seen):
        for key in {**wanted, **seen}:
            yield key, wanted.get(key, "nothing"), seen.get(key, "nothing")
    if _is_array(wanted) and _is_array(seen) and len(wanted) == len(seen):
        yield from zip(range(len(wanted)), wanted, seen, strict=True)


def _is_array(node: object) -> TypeIs[list[Json]]:
    return isinstance(node, list)


def _error(exchange: Exchange) -> Json:
    try:
        error: Json = _json(exchange)["error"]
    except (ValueError, LookupError, TypeError):
        return None
    return error if openapi_document.is_object(error) else None


def _json(exchange: Exchange) -> Json:
    return json.loads(exchange.response_body)

"""Holding what the client makes of an answer against the answer itself."""

from __future__ import annotations

import json
import typing

import contract_refusals

from contract_testing.described import success
from contract_testing.reading import misreadings
from contract_testing.run import Broken

if typing.TYPE_CHECKING:
    from contract_testing.example_calls import ExampleCall
    from contract_testing.recording import Exchange
    from contract_testing.run import Run
    from contract_testing.schemathesis_bridge import AnyCase
    from insightiq import InsightIQ
    from openapi_document import Operation

__all__ = ["expect_same_error", "hold_outcome", "outcome_of"]

Json: typing.TypeAlias = typing.Any


def outcome_of(call: ExampleCall, client: InsightIQ) -> Json:
    """Make a call; return its result, or the error that the client raises."""
    from insightiq.errors import InsightIQError  # noqa: PLC0415 - the client is imported late

    try:
        return call.answered_by(client)
    except InsightIQError as error:
        return error


def hold_outcome(
    run: Run,
    operation: Operation,
    exchange: Exchange,
    outcome: Json,
    case: AnyCase,
) -> None:
    """Hold what the client made of an answer against the answer.

    Raises:
        Broken: Something was lost, changed or swallowed.
    """
    status, schema = success(run.document, operation)
    if exchange.status == status:
        _hold_result(run, operation, schema, exchange, outcome)
        return
    expect_same_error(operation, exchange, outcome)
    with run.server.http() as client, run.server.recording.unjudged():
        refused = contract_refusals.Refused(case.query, case.body, client)
        is_justified = contract_refusals.is_justified(_json(exchange), refused)
    if exchange.status == 400 and not is_justified:  # noqa: PLR2004 - Bad Request
        raise Broken(
            f"{operation.id}: a request that fits the document is refused: "
            f"{exchange.response_body[:300]!r}"
        )


def _hold_result(
    run: Run, operation: Operation, schema: Json, exchange: Exchange, outcome: Json
) -> None:
    """Hold a result against the body it was made from.

    Raises:
        Broken: They differ.
    """
    from insightiq.errors import InsightIQError  # noqa: PLC0415 - the client is imported late

    if isinstance(outcome, InsightIQError):
        raise Broken(f"{operation.id}: a success ({exchange.status}) raises {outcome!r}")
    if schema is None:
        if outcome is not None:
            raise Broken(f"{operation.id}: an answer without body gives {outcome!r}")
        return
    body = _json(exchange)
    bulk = operation.data.get("x-bulk")
    if bulk is not None:
        _hold_rows(operation, body[bulk["items"]], outcome.data)
        return
    for misreading in misreadings(run.document, schema, outcome, body, operation.id):
        raise Broken(misreading)
    if outcome.to_dict() != body:
        raise Broken(
            f"{operation.id}: the result, written again, is not the answer: "
            f"{_first_difference(body, outcome.to_dict())}"
        )


def expect_same_error(operation: Operation, exchange: Exchange, outcome: Json) -> None:
    """Hold an error against the answer that it was made from.

    Raises:
        Broken: There is none, or it says something else.
    """
    from insightiq.errors import AnswerError, StatusError  # noqa: PLC0415 - imported late

    where = f"{operation.id} {exchange.status}"
    if not isinstance(outcome, AnswerError):
        raise Broken(f"{where}: the client returns {outcome!r:.200} instead of raising an error")
    if outcome.status != exchange.status:
        raise Broken(f"{where}: the error has the status {outcome.status}")
    if not isinstance(outcome, StatusError):
        raise Broken(f"{where}: the client cannot read the error: {outcome}")
    error = _json(exchange)["error"]
    for attribute, key in (("type", "type"), ("message", "message")):
        if getattr(outcome, attribute) != error.get(key):
            raise Broken(
                f"{where}: the error's {attribute} is {getattr(outcome, attribute)!r}, "
                f"the answer says {error.get(key)!r}"
            )
    if outcome.code != (error.get("code") or error.get("error_code")):
        raise Broken(f"{where}: the error's code is {outcome.code!r}, the answer says {error!r}")
    if outcome.operation != operation.id:
        raise Broken(f"{where}: the error names the operation {outcome.operation!r}")


def _hold_rows(operation: Operation, rows: Json, items: Json) -> None:
    seen = [item.to_dict() for item in items]
    by_id = {row["id"]: row for row in rows}
    if sorted(by_id) != sorted(row["id"] for row in seen):
        raise Broken(
            f"{operation.id}: the answer has the rows {sorted(by_id)}, the result "
            f"{[row['id'] for row in seen]}"
        )
    for row in seen:
        if row != by_id[row["id"]]:
            raise Broken(
                f"{operation.id}: a row, written again, is not that of the answer: "
                f"{_first_difference(by_id[row['id']], row)}"
            )


def _first_difference(wanted: Json, seen: Json, place: str = "") -> str:
    if isinstance(wanted, dict) and isinstance(seen, dict):
        for key in {**wanted, **seen}:
            if wanted.get(key, ...) != seen.get(key, ...):
                return _first_difference(
                    wanted.get(key, "nothing"), seen.get(key, "nothing"), f"{place}/{key}"
                )
    if isinstance(wanted, list) and isinstance(seen, list) and len(wanted) == len(seen):
        for number, (left, right) in enumerate(zip(wanted, seen, strict=True)):
            if left != right:
                return _first_difference(left, right, f"{place}/{number}")
    return f"{place or '/'} was {wanted!r:.100} and is {seen!r:.100}"


def _json(exchange: Exchange) -> Json:
    return json.loads(exchange.response_body)

"""What the client returns for every success that the document allows."""

from __future__ import annotations

import contextlib
import typing

from contract_testing.annotations import misfits
from contract_testing.described import is_error, responses
from contract_testing.reading import misreadings, rewritten
from contract_testing.run import Broken
from insightiq import errors

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_testing.bodies import Bodies
    from contract_testing.example_calls import ExampleCall
    from contract_testing.run import Run
    from contract_testing.scripted.stage import Stage

__all__ = ["play"]

Json: typing.TypeAlias = typing.Any

_SHOWN: typing.Final = 3


def play(run: Run, stage: Stage, today: Bodies, tomorrow: Bodies) -> None:
    """Give every success of every operation."""
    for operation in run.operations:
        call = stage.call(operation)
        for status, schema in responses(run.document, operation).items():
            if is_error(status):
                continue
            with run.case("a success gives the promised class and loses nothing", operation.id):
                _successes(run, stage, call, status, schema, today)
            if schema is None:
                continue
            with run.case("what the document does not know yet is kept", operation.id):
                _news(run, stage, call, status, schema, tomorrow)
        with run.case("the request is the one that the document describes", operation.id):
            _request(stage, call)


def _successes(
    run: Run, stage: Stage, call: ExampleCall, status: int, schema: Json, today: Bodies
) -> None:
    if schema is None:
        stage.says(status, content=b"")
        result = call.answered_by(stage.strict)
        if result is not None:
            msg = f"{call.operation.id}: a {status} without a body gave {result!r:.80}, not None"
            raise Broken(msg)
        return
    for body in _asked_for(call, today, schema):
        stage.says(status, json=body)
        result = call.answered_by(stage.strict)
        found = list(_losses(run, call, schema, result, body))
        if not found:
            page = result if hasattr(result, "KEYS") else None
            found = [] if page is None else list(misfits(page))
        if found:
            raise Broken(_joined(call, found))


def _news(
    run: Run, stage: Stage, call: ExampleCall, status: int, schema: Json, tomorrow: Bodies
) -> None:
    """New keys and new values are no reason for a warning, let alone for an error."""
    for body in _asked_for(call, tomorrow, schema):
        stage.says(status, json=body)
        result = call.answered_by(stage.strict)
        found = list(_losses(run, call, schema, result, body))
        if found:
            raise Broken(_joined(call, found))


def _asked_for(call: ExampleCall, bodies: Bodies, schema: Json) -> Iterator[Json]:
    """Yield bodies; those of a search hold the rows that the example asks for."""
    bulk = call.operation.data.get("x-bulk")
    for body in bodies.of(schema):
        if bulk is not None:
            for row, wanted in zip(body[bulk["items"]], call.body[bulk["parameter"]], strict=False):
                row["id"] = wanted
            del body[bulk["items"]][len(call.body[bulk["parameter"]]) :]
        yield body


def _losses(run: Run, call: ExampleCall, schema: Json, result: Json, body: Json) -> Iterator[str]:
    bulk = call.operation.data.get("x-bulk")
    if bulk is not None:
        rows = body[bulk["items"]]
        kept = [row.to_dict() for row in result.data]
        if kept != rows:
            yield f"a search that found {len(rows)} rows gave {len(kept)} others"
        missing = call.body[bulk["parameter"]][len(rows) :]
        if result.missing != missing:
            yield f"missing is {result.missing}, and nothing was found for {missing}"
        return
    yield from misreadings(run.document, schema, result, body, type(result).__name__)
    expected = rewritten(run.document, schema, body)
    written = result.to_dict()
    if written != expected:
        keys = sorted({*written, *expected})
        lost = [key for key in keys if written.get(key) != expected.get(key)]
        yield f"to_dict() differs from the body under {', '.join(lost)}"


def _request(stage: Stage, call: ExampleCall) -> None:
    stage.says(404, json={})
    before = len(stage.transport.requests)
    with contextlib.suppress(errors.NotFoundError):
        call.answered_by(stage.tolerant)
    sent = stage.transport.requests[before:]
    if len(sent) != 1:
        msg = f"{call.operation.id}: one call sent {len(sent)} requests"
        raise Broken(msg)
    operation = call.operation
    if sent[0].method != operation.method.upper():
        msg = f"{operation.id} was sent as {sent[0].method}, not as {operation.method.upper()}"
        raise Broken(msg)
    wanted = [part for part in operation.path.split("/") if not part.startswith("{")]
    if [part for part in sent[0].path.split("/") if part in wanted] != wanted:
        msg = f"{operation.id} went to {sent[0].path}, not to {operation.path}"
        raise Broken(msg)
    if sent[0].json != call.body:
        msg = f"{operation.id} sent the body {sent[0].json!r:.120}, not {call.body!r:.120}"
        raise Broken(msg)


def _joined(call: ExampleCall, found: list[str]) -> str:
    more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"{call.operation.id}: {'; '.join(found[:_SHOWN])}{more}"

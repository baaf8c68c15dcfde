"""What the client returns for every success that the document allows."""

from __future__ import annotations

import contextlib
import dataclasses
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


@dataclasses.dataclass(frozen=True, slots=True)
class _Success:
    """A success of an operation.

    Attributes:
        run: The run.
        stage: Where it is given.
        call: The call.
        status: Its status.
        schema: Its schema, None for no body.
    """

    run: Run
    stage: Stage
    call: ExampleCall
    status: int
    schema: Json

    def is_empty(self) -> None:
        """Give it without a body."""
        self.stage.says(self.status, content=b"")
        result = self.call.answered_by(self.stage.strict)
        if result is not None:
            name = self.call.operation.id
            msg = f"{name}: a {self.status} without a body gave {result!r:.80}, not None"
            raise Broken(msg)

    def loses_nothing(self, bodies: Bodies, *, fits: bool) -> None:
        """Give it with bodies, of which annotations have to be true where they ``fits``.

        The strict client raises where the document does not promise what comes. New keys and new
        values are no such thing.
        """
        for body in _asked_for(self.call, bodies, self.schema):
            self.stage.says(self.status, json=body)
            result = self.call.answered_by(self.stage.strict)
            found = list(_losses(self.run, self.call, self.schema, result, body))
            if fits and not found and hasattr(result, "KEYS"):
                found = list(misfits(result))
            if found:
                raise Broken(_joined(self.call, found))


def play(run: Run, stage: Stage, today: Bodies, tomorrow: Bodies) -> None:
    """Give every success of every operation."""
    for operation in run.operations:
        call = stage.call(operation)
        for status, schema in responses(run.document, operation).items():
            if is_error(status):
                continue
            success = _Success(run, stage, call, status, schema)
            with run.case("a success gives the promised class and loses nothing", operation.id):
                if schema is None:
                    success.is_empty()
                else:
                    success.loses_nothing(today, fits=True)
            if schema is not None:
                with run.case("what the document does not know yet is kept", operation.id):
                    success.loses_nothing(tomorrow, fits=False)
        with run.case("the request is the one that the document describes", operation.id):
            _request(stage, call)


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

"""Layer A: does the client send what the document says, and read all that comes back?"""

from __future__ import annotations

import contextlib
import typing
import zlib

from contract_testing.asked_failures import hold_failures
from contract_testing.case_calls import NotSendableError, call_of, intended
from contract_testing.client_answers import Attempt, mistakes, outcome_of
from contract_testing.drawing import each_case, operations_by_id
from contract_testing.free_paths import has_free_path, hold_free_path
from contract_testing.schemathesis_bridge import load_schema

if typing.TYPE_CHECKING:
    from openapi_document import Operation

    from contract_testing.run import Layer, Run
    from contract_testing.schemathesis_bridge import AnyCase
    from insightiq import InsightIQ

__all__ = ["LAYER"]


class _ClientCases:
    letter = "A"
    name = "single calls of the client"
    question = "Does the client send what was meant, and read all that comes back?"

    def run(self, run: Run) -> None:
        """Send cases of every operation, then ask for every failure."""
        drawn = operations_by_id(load_schema(run))
        with contextlib.closing(run.server.client(max_attempts=1)) as client:
            for operation in run.operations:
                with run.case("the client sends what was meant and reads what came", operation.id):
                    visitor = _Visitor(run, operation, client)
                    each_case(
                        drawn[operation.id],
                        visitor.visit,
                        # Operations alike in shape are to get cases of their own.
                        seed=run.seed + zlib.crc32(operation.id.encode()),
                        examples=max(1, run.examples // 2),
                    )
                    visitor.conclude()
                if has_free_path(run.document, operation):
                    with run.case("any text may stand in a path", operation.id):
                        hold_free_path(run, operation, client)
        hold_failures(run)


class _Visitor:
    def __init__(self, run: Run, operation: Operation, client: InsightIQ) -> None:
        self._run = run
        self._operation = operation
        self._client = client
        self._sent = 0
        self._unsendable: set[str] = set()

    def visit(self, case: AnyCase) -> bool:
        """Send one case; return whether to go on."""
        document, server = self._run.document, self._run.server
        try:
            call = call_of(document, self._operation, case, self._client)
        except NotSendableError as error:
            self._unsendable.add(str(error))
            return True
        wanted = intended(case, self._operation, server)
        before = server.recording.count
        outcome = outcome_of(call, self._client)
        exchange = server.recording.latest
        self._sent += 1
        if exchange is None or server.recording.count == before:
            self._run.found(f"{self._operation.id}: the client sent nothing: {outcome!r}")
            return False
        attempt = Attempt(self._operation, case, wanted, exchange, outcome)
        mistake = next(mistakes(self._run, attempt), None)
        if mistake is not None:
            self._run.found(mistake)
        return mistake is None

    def conclude(self) -> None:
        """Say what could not be sent."""
        if self._unsendable:
            names = ", ".join(sorted(self._unsendable))
            self._run.found(f"{self._operation.id}: the client has no argument for {names}")
        elif not self._sent:
            self._run.found(f"{self._operation.id}: schemathesis drew no case", crashed=True)


LAYER: Layer = _ClientCases()

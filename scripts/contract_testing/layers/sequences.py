"""Sequences of requests along the links of the document.

schemathesis' own stateful phase ends without a word as soon as the server's state makes a sequence
behave differently from before. Here its state machine is driven directly, each sequence begins with
an untouched world, and a finding ends nothing.
"""

# schemathesis' own annotations leave out arguments of its generic types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from __future__ import annotations

import dataclasses
import itertools
import typing
import zlib

import hypothesis
import hypothesis.errors
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.stateful.state_machine import release_state_machines
from schemathesis.openapi.checks import EnsureResourceAvailability, UseAfterFree

from contract_testing.drawing import NO_HEALTH_CHECKS
from contract_testing.links import links_of
from contract_testing.run import failing_side
from contract_testing.schemathesis_bridge import load_schema, requests_go_to

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import schemathesis
    from openapi_document import Operation
    from schemathesis.checks import CheckFunction
    from schemathesis.core.failures import Failure
    from schemathesis.engine.recorder import ScenarioRecorder
    from schemathesis.generation.stateful.state_machine import (
        APIStateMachine,
        StepInput,
        StepOutput,
    )

    from contract_testing.run import Run
from contract_testing.schemathesis_bridge import AnyCase

__all__ = ["OF_STATE", "Send", "walk"]

# What schemathesis finds where a server does not keep what it was told.
OF_STATE: typing.Final = (EnsureResourceAvailability, UseAfterFree)

Send: typing.TypeAlias = "Callable[[AnyCase, Operation], schemathesis.Response]"

RULE: typing.Final = "sequences along the links are answered as documented"

_STEPS: typing.Final = 8
# Far from the seeds of other runs.
_SEEDS_APART: typing.Final = 1_000_003


class _Enough(BaseException):
    """Ends the walk at once; no `Exception`, which would be taken for a failure to look into."""


@dataclasses.dataclass(slots=True)
class _Walk:
    """What a walk found and saw."""

    run: Run
    send: Send | None
    operations: dict[str, Operation]
    links: set[str] = dataclasses.field(default_factory=set[str])
    inferred: set[str] = dataclasses.field(default_factory=set[str])
    sequences: int = 0
    begun_after: int = 0
    steps: int = 0
    told: set[tuple[str, str]] = dataclasses.field(default_factory=set[tuple[str, str]])

    def begin(self) -> None:
        """Begin a sequence."""
        self.sequences += 1
        self.begun_after = self.run.server.recording.count
        if self.run.server.control is not None:
            self.run.server.control.reset()

    def crash(self, operation: str, error: Exception) -> None:
        """Report once for each operation that the client or the harness failed."""
        rule = "the client makes the call"
        if (rule, operation) not in self.told:
            self.told.add((rule, operation))
            text = f"{operation}: {failing_side(error)} failed: {type(error).__name__}: {error}"
            self.run.found(text, rule=rule, operation=operation, crashed=True)

    def fail_check(self, failure: Failure, case: AnyCase, response: schemathesis.Response) -> None:
        """Report what a check of schemathesis found."""
        rule, operation = failure.title, self.operations[case.operation.label].id
        if (rule, operation) not in self.told:
            self.told.add((rule, operation))
            request = response.request
            message = (
                f"{rule}: {failure.message}\n"
                f"request: {request.method} {request.url} {_text(request.body)}\n"
                f"answer: {response.status_code} {_text(response.content)}"
            )
            if isinstance(failure, OF_STATE):
                self.run.found_of_state(
                    message,
                    rule=rule,
                    operation=operation,
                    since=self.begun_after,
                    tells_exchange=True,
                )
            else:
                self.run.found(message, rule=rule, operation=operation, tells_exchange=True)
        if self.run.stop_at_first:
            raise _Enough


def walk(run: Run, sequences: int, send: Send | None = None) -> None:
    """Walk sequences; what is found goes to ``run``, and how much was walked, too.

    Args:
        run: The run.
        sequences: How many sequences at most.
        send: How to send a case; None for schemathesis' own way.
    """
    operations = run.linked or run.operations
    total = _links(run, operations)
    if not total:
        run.not_applicable(RULE, "no link leads from one of these operations to another")
        return
    # A client does not send what breaks the document.
    mode = {"mode": "positive" if send else "all"}
    schema = load_schema(run, operations, phases={"stateful": {"generation": mode}})
    labels = {f"{each.method.upper()} {each.path}": each for each in operations}
    walked = _Walk(run, send, labels)
    with run.case(RULE), requests_go_to(run.server):
        # Fails where a link of the document is broken.
        machine = _machine(schema.as_state_machine(), walked)
        try:
            _walk_all(machine, walked, sequences)
        except _Enough:
            pass
        finally:
            release_state_machines(machine)
    run.note(
        f"{walked.sequences} sequences, {walked.steps} steps, "
        f"{len(walked.links)} of {total} links walked, and {len(walked.inferred)} that schemathesis "
        "infers"
    )


def _walk_all(machine: type[APIStateMachine], walked: _Walk, sequences: int) -> None:
    """Walk so many sequences, beginning anew where the server's state led one another way."""
    run = walked.run
    # Processes with operations of their own walk sequences of their own.
    seed = run.seed + zlib.crc32(run.operations[0].id.encode())
    for attempt in itertools.count():
        settings = hypothesis.settings(
            max_examples=max(sequences - walked.sequences, 1),
            stateful_step_count=_STEPS,
            database=None,
            deadline=None,
            phases=[hypothesis.Phase.generate],
            suppress_health_check=NO_HEALTH_CHECKS,
        )
        hypothesis.seed(seed + attempt * _SEEDS_APART)(machine)
        try:
            return machine.run(settings=settings)
        except hypothesis.errors.Flaky:
            # What earlier sequences left makes the same request be answered in another way; where
            # each begins with an untouched world, that must not be.
            if run.server.control is not None:
                raise
        if walked.sequences >= sequences:
            return None
    return None


def _machine(base: type[APIStateMachine], walked: _Walk) -> type[APIStateMachine]:
    class Machine(base):  # type: ignore[valid-type,misc]  # made at run time, from the document
        recorder: ScenarioRecorder

        def setup(self) -> None:
            walked.begin()

        def step(self, input: StepInput) -> StepOutput:  # noqa: A002 - the base class' name
            case, transition = input.case, input.transition
            self.recorder.record_case(
                case=case,
                parent_id=None if transition is None else transition.parent_id,
                transition=transition,
                is_transition_applied=input.is_applied,
            )
            walked.steps += 1
            if transition is not None and input.is_applied:
                (walked.inferred if transition.is_inferred else walked.links).add(transition.id)
            output: StepOutput = super().step(input)
            return output

        def call(self, case: AnyCase, **options: object) -> schemathesis.Response:
            if walked.send is None:
                response: schemathesis.Response = super().call(case, **options)
                return response
            operation = walked.operations[case.operation.label]
            try:
                return walked.send(case, operation)
            except Exception as error:  # noqa: BLE001 - reported; the sequence goes on without
                walked.crash(operation.id, error)
            instead: schemathesis.Response = super().call(case, **options)
            return instead

        def validate_response(
            self,
            response: schemathesis.Response,
            case: AnyCase,
            additional_checks: list[CheckFunction] | None = None,
            **options: object,
        ) -> None:
            try:
                super().validate_response(response, case, additional_checks, **options)
            except FailureGroup as group:
                for failure in group.exceptions:
                    walked.fail_check(failure, case, response)

    return Machine


def _links(run: Run, operations: Sequence[Operation]) -> int:
    chosen = {each.id for each in operations}
    return sum(link.target in chosen for link in links_of(run.document, operations))


def _text(body: object) -> str:
    text = body.decode(errors="replace") if isinstance(body, bytes) else str(body or "")
    return text[:400]

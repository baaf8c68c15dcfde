"""Layer P: does the server obey the document? Every phase and every check of schemathesis."""

from __future__ import annotations

import contextlib
import typing

from schemathesis.engine import Status, events, from_schema

from contract_testing.checks import Contract
from contract_testing.judge import Judge
from contract_testing.layers.sequences import OF_STATE, walk
from contract_testing.layers.single_links import follow_links
from contract_testing.routes import Routes
from contract_testing.schemathesis_bridge import load_schema, requests_go_to

if typing.TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from schemathesis.core.failures import Failure
    from schemathesis.engine.recorder import ScenarioRecorder

    from contract_testing.run import Layer, Run

__all__ = ["LAYER"]

_RULES: typing.Final = {
    "examples": "the document's own examples are answered as documented",
    "coverage": "boundary and broken values are answered as documented",
    "fuzzing": "random requests are answered as documented",
}
_SHOWN: typing.Final = 400
_EXAMPLES_READ_ONLY: typing.Final = 3
# Those that send requests of their own, with wrong credentials or methods that write.
_PROBING_CHECKS: typing.Final = (
    "ensure_resource_availability",
    "ignored_auth",
    "missing_required_header",
    "unsupported_method",
    "use_after_free",
)


class _Properties:
    letter = "P"
    name = "properties of the server"
    question = "Does the server obey the document?"

    def run(self, run: Run) -> None:
        schema = load_schema(run, **_settings(run))
        labels = {f"{each.method.upper()} {each.path}": each.id for each in run.operations}
        with requests_go_to(run.server):
            stream = from_schema(schema).execute()
            try:
                _follow(stream, run, labels)
            finally:
                stream.stop()
        if not run.server.read_only:
            with _judged(run):
                follow_links(run)
            walk(run, run.examples)


@contextlib.contextmanager
def _judged(run: Run) -> Generator[None]:
    """Hold what schemathesis itself does not judge against the document."""
    judge = Judge(run, Contract(run.document), Routes(run.document))
    run.server.recording.listeners.append(judge)
    try:
        yield
    finally:
        run.server.recording.listeners.remove(judge)


def _settings(run: Run) -> dict[str, typing.Any]:
    # Sequences are walked apart from the engine.
    settings: dict[str, typing.Any] = {"phases": {"stateful": {"enabled": False}}}
    if run.stop_at_first:
        settings["max-failures"] = 1
    if run.server.read_only:
        run.not_applicable(
            "broken requests, wrong credentials, writing, sequences",
            "on the vendor's servers only good requests that read are sent, and few of them",
        )
        settings["phases"]["coverage"] = {"enabled": False}
        settings["generation"] = {"mode": "positive", "max-examples": _EXAMPLES_READ_ONLY}
        settings["checks"] = {name: {"enabled": False} for name in _PROBING_CHECKS}
    return settings


def _follow(stream: Iterator[events.EngineEvent], run: Run, labels: dict[str, str]) -> None:
    for event in stream:
        match event:
            case events.ScenarioStarted():
                rule = _RULES.get(event.phase.value, event.phase.value)
                _follow_scenario(stream, run, rule, labels.get(event.label or ""))
            case events.NonFatalError():
                with run.case("schemathesis can test the operation", labels.get(event.label)):
                    run.found(f"{event.label}: {event.info}", crashed=True)
            case events.FatalError():
                raise event.exception
            case events.EngineFinished():
                run.note(f"schemathesis stopped: {event.stop_reason}")
            case _:
                pass


def _follow_scenario(
    stream: Iterator[events.EngineEvent], run: Run, rule: str, operation: str | None
) -> None:
    with run.case(rule, operation):
        for event in stream:
            match event:
                case events.ScenarioFinished():
                    _report(event.recorder, run)
                    return
                case events.NonFatalError():
                    run.found(f"{operation}: {event.info}", crashed=True)
                case events.FatalError():
                    raise event.exception
                case _:
                    pass


def _report(recorder: ScenarioRecorder, run: Run) -> None:
    """Report each kind of failure once, by its last and so smallest case."""
    found: dict[tuple[str, str], tuple[str, bool]] = {}
    for case_id, nodes in recorder.checks.items():
        for node in nodes:
            if node.status is Status.FAILURE and node.failure_info is not None:
                failure = node.failure_info.failure
                text = describe(recorder, failure.case_id or case_id, failure)
                found[node.name, failure.title] = text, isinstance(failure, OF_STATE)
    for (_, title), (message, is_of_state) in found.items():
        report = run.found_of_state if is_of_state else run.found
        report(message, rule=title, tells_exchange=True)


def describe(recorder: ScenarioRecorder, case_id: str, failure: Failure) -> str:
    """Say what failed, with the request and the answer."""
    lines = [f"{failure.title}: {failure.message}".rstrip(": ")]
    interaction = recorder.interactions.get(case_id)
    if interaction is not None:
        request, response = interaction.request, interaction.response
        body = (request.body or b"").decode(errors="replace")
        lines.append(f"request: {request.method} {request.uri} {body[:_SHOWN]}".rstrip())
        if response is not None:
            shown = response.content.decode(errors="replace")[:_SHOWN]
            lines.append(f"answer: {response.status_code} {shown}")
    return "\n".join(lines)


LAYER: Layer = _Properties()

"""What each layer gets, and how it says what it found.

A layer opens a `Run.case` for each rule that it holds something against, and raises `Broken` inside
when the rule is broken::

    with run.case("a page does not repeat items", "contents.list"):
        if repeated:
            raise Broken(f"contents.list: the second page repeats {repeated[0]}")
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
import traceback
import typing

from contract_testing.routes import Routes

if typing.TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    from contract_data import Known
    from openapi_document import Operation

    from contract_testing.recording import Exchange
    from contract_testing.servers import Server

__all__ = [
    "Broken",
    "CaseResult",
    "Finding",
    "Layer",
    "NotApplicable",
    "NotTried",
    "Run",
    "Stopped",
    "failing_side",
    "from_example",
]

# The layers whose rules are about what a server keeps; the others judge single answers.
_STATEFUL: typing.Final = frozenset("PBS")
# In these a call may fail because the server keeps nothing: no list of an example has an end.
_CALLING: typing.Final = _STATEFUL | {"D"}
_SIDES: typing.Final = {
    "insightiq": "the client",
    "insightiq_generated": "the client",
    "insightiq_mock": "the mock server",
}


class Broken(AssertionError):  # noqa: N818 - read as a sentence: ``raise Broken(…)``
    """A rule is broken; the message says what, where, expected and seen, in words for a person."""


class NotTried(Exception):  # noqa: N818 - not an error: read as a sentence, as Broken is
    """A rule cannot be held against what this server holds; the message says why not."""


class Stopped(Exception):  # noqa: N818 - not an error: the run was to end with the first finding
    """The run ends here, because something was found and no more was asked for."""


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be.

    Attributes:
        layer: Letter of the layer that found it.
        rule: The rule that is broken.
        operation: Id of the operation, where the rule concerns one.
        message: What is wrong, in words for a person; the first line can stand alone.
        crashed: Whether client, mock server or harness failed instead of a rule being broken; the
            message says which.
        within: Id of the operation that its case was about, which brings it about again; None for
            a case about several.
        exchange: The last exchange of its case before it; None where there was none, or where the
            message tells request and answer itself.
    """

    layer: str
    rule: str
    operation: str | None
    message: str
    crashed: bool = False
    within: str | None = None
    exchange: Exchange | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class CaseResult:
    """A case that ran.

    Attributes:
        layer: Letter of its layer.
        rule: The rule.
        operation: Id of the operation, where the rule concerns one.
        seconds: How long it took.
        findings: What it found.
    """

    layer: str
    rule: str
    operation: str | None
    seconds: float
    findings: tuple[Finding, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class NotApplicable:
    """A rule that could not be held against this server.

    Attributes:
        layer: Letter of its layer.
        rule: The rule.
        reason: Why not, in words for a person.
    """

    layer: str
    rule: str
    reason: str


class Layer(typing.Protocol):
    """One kind of contract test.

    Attributes:
        letter: What ``--layers`` calls it.
        name: A few words.
        question: The question that it answers.
    """

    @property
    def letter(self) -> str:
        """What ``--layers`` calls it."""
        ...

    @property
    def name(self) -> str:
        """A few words."""
        ...

    @property
    def question(self) -> str:
        """The question that it answers."""
        ...

    def run(self, run: Run) -> None:
        """Hold everything against everything; what is found goes to ``run``."""
        ...


@dataclasses.dataclass(slots=True)
class _OpenCase:
    rule: str
    operation: str | None
    begun_after: int
    findings: list[Finding] = dataclasses.field(default_factory=list[Finding])


@dataclasses.dataclass(slots=True)
class Run:
    """One layer's view of one run.

    Attributes:
        layer: Letter of the layer.
        document: The document, as `openapi_document.load` gives it.
        operations: The operations to test: all of the document, or those that were named.
        seed: What everything random is made from.
        examples: How many random examples an operation gets.
        server: The server to ask.
        stop_at_first: Whether to end with the first finding.
        topics: Topics of layer S to play; empty for all.
        linked: The operations to walk sequences along; another process may test some of them one
            by one. Empty for `operations`.
        cases: What ran.
        not_applicables: What could not be held against this server.
        notes: Figures of a layer for the report, for example how many links were walked.
        known: What the server held when somebody looked; None before.
    """

    layer: str
    document: Mapping[str, typing.Any]
    operations: Sequence[Operation]
    seed: int
    examples: int
    server: Server
    stop_at_first: bool = False
    topics: Sequence[str] = ()
    linked: Sequence[Operation] = ()
    cases: list[CaseResult] = dataclasses.field(default_factory=list[CaseResult])
    not_applicables: list[NotApplicable] = dataclasses.field(default_factory=list[NotApplicable])
    notes: list[str] = dataclasses.field(default_factory=list[str])
    known: Known | None = None
    _open: _OpenCase | None = None
    _routes: Routes | None = None

    @property
    def findings(self) -> list[Finding]:
        """All that was found."""
        return [finding for case in self.cases for finding in case.findings]

    @property
    def is_in_case(self) -> bool:
        """Whether a case is open."""
        return self._open is not None

    @contextlib.contextmanager
    def case(self, rule: str, operation: str | None = None) -> Generator[None]:
        """Hold one rule against something; what is raised inside becomes a finding.

        `NotTried` becomes a line of the report that says why the rule was not held.

        Args:
            rule: The rule as a sentence without full stop; short, and the same in every run.
            operation: Id of the operation, where the rule concerns one.

        Raises:
            Stopped: Something was found, and the run was to end with that.
        """
        outer, case = self._open, _OpenCase(rule, operation, self.server.recording.count)
        self._open = case
        is_tried = True
        started = time.perf_counter()
        try:
            with self.server.recording.labelled(self.layer, rule):
                yield
        except Stopped:
            raise
        except NotTried as reason:
            is_tried = False
            self.not_applicable(rule, str(reason))
        except AssertionError as error:
            is_tried = self._told(_text(error), of_state=_STATEFUL)
        except Exception as error:  # noqa: BLE001 - whatever fails is reported, and the run goes on
            if _is_of_the_client(error):
                text = f"{rule}: a call failed: {_text(error)}"
                is_tried = self._told(text, of_state=_CALLING)
            else:
                text = f"{rule}: {failing_side(error)} failed: {_text(error)}"
                self.found(text, crashed=True)
        finally:
            self._open = outer
            seconds = time.perf_counter() - started
            if is_tried or case.findings:
                self.cases.append(
                    CaseResult(self.layer, rule, operation, seconds, tuple(case.findings))
                )
        if case.findings and self.stop_at_first:
            raise Stopped

    def found(
        self,
        message: str,
        *,
        rule: str | None = None,
        operation: str | None = None,
        crashed: bool = False,
        tells_exchange: bool = False,
    ) -> None:
        """Note a finding inside of `case` without leaving it, for cases that can find several.

        Args:
            message: What is wrong, in words for a person.
            rule: A narrower rule than the case's.
            operation: Another operation than the case's.
            crashed: Whether the client or the harness failed instead of a rule being broken.
            tells_exchange: Whether the message itself tells request and answer.
        """
        case = self._open
        if case is None:
            msg = "found() belongs inside of a case()"
            raise RuntimeError(msg)
        case.findings.append(
            Finding(
                self.layer,
                rule or case.rule,
                operation or case.operation,
                message,
                crashed=crashed,
                within=case.operation,
                exchange=None if tells_exchange else self._latest_of(case),
            )
        )

    def found_of_state(
        self,
        message: str,
        *,
        rule: str | None = None,
        operation: str | None = None,
        since: int | None = None,
        tells_exchange: bool = False,
    ) -> bool:
        """Note a finding as `found` does, unless nothing could keep the state that it is about.

        The mock answers an operation without a handler from the document's example, whatever
        happened before. Such answers fit the document, but do not fit one another: the rule is
        then reported as not tried.

        Args:
            message: What is wrong, in words for a person.
            rule: A narrower rule than the case's.
            operation: Another operation than the case's.
            since: Number of the last exchange before those that the finding is about; None for
                all of the case.
            tells_exchange: Whether the message itself tells request and answer.

        Returns:
            Whether it is a finding.
        """
        case = self._open
        if case is None:
            msg = "found_of_state() belongs inside of a case()"
            raise RuntimeError(msg)
        first = case.begun_after if since is None else since
        names = self._from_examples(first)
        if names:
            self.not_applicable(rule or case.rule, from_example(*names))
        else:
            self.found(message, rule=rule, operation=operation, tells_exchange=tells_exchange)
        return not names

    def _told(self, message: str, *, of_state: frozenset[str]) -> bool:
        """Note what ended a case; in the layers ``of_state`` it is about what a server keeps."""
        if self.layer in of_state:
            return self.found_of_state(message)
        self.found(message)
        return True

    def operations_from_examples(self) -> list[str]:
        """Return ids of the operations that the mock answers from the document's examples."""
        return self._operations(self.server.recording.from_examples)

    def _from_examples(self, first: int) -> list[str]:
        recording = self.server.recording
        return self._operations(
            each
            for each in recording.from_examples
            if each.number > first and each.number not in recording.expected
        )

    def _operations(self, exchanges: Iterable[Exchange]) -> list[str]:
        if self._routes is None:
            self._routes = Routes(self.document)
        found = (self._routes.operation(each.method, each.url) for each in exchanges)
        return list(dict.fromkeys(each.id for each in found if each is not None))

    def _latest_of(self, case: _OpenCase) -> Exchange | None:
        latest = self.server.recording.latest
        return latest if latest is not None and latest.number > case.begun_after else None

    def not_applicable(self, rule: str, reason: str) -> None:
        """Say that a rule cannot be held against this server; the report shows it."""
        self.not_applicables.append(NotApplicable(self.layer, rule, reason))

    def note(self, text: str) -> None:
        """Say a figure for the report."""
        self.notes.append(text)


def from_example(*operations: str) -> str:
    """Return why a rule about state is not tried where these operations are asked."""
    are = "is" if len(operations) == 1 else "are"
    return f"{', '.join(operations)} {are} answered from the document's example"


def failing_side(error: BaseException) -> str:
    """Return which side raised what nobody expected: the innermost code of this project."""
    side = "the harness"
    for frame, _ in traceback.walk_tb(error.__traceback__):
        package = str(frame.f_globals.get("__name__")).partition(".")[0]
        if package in _SIDES:
            side = _SIDES[package]
        elif package.startswith("contract"):
            side = "the harness"
    return side


def _is_of_the_client(error: Exception) -> bool:
    """Whether the client raised it on purpose, of an answer that it was given."""
    return type(error).__module__.partition(".")[0] == "insightiq"


def _text(error: BaseException) -> str:
    kind = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
    return f"{kind}{error}" if str(error) else repr(error)

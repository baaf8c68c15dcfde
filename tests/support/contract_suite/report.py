"""Pytest plugin of the contract suite: readable failures, coverage table, HAR.

JUnit comes from pytest itself. Workers of pytest-xdist send what they saw to the controller, which
writes the reports; everything that leaves a worker is redacted there.
"""

from __future__ import annotations

import functools
import json
import shlex
import typing

import hypothesis.errors
import openapi_document
import pytest
from document_views import Routes

from contract_suite.coverage import Coverage, Tally, coverage_table
from contract_suite.har import har_entry, har_log
from contract_suite.recording import Recording
from contract_suite.redaction import Redactor
from contract_suite.schemas import load_schema
from contract_suite.seed_data import read_seed_data
from contract_suite.servers import HTTPOrigin, MockOrigin, ServerError, over_http

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openapi_document import Operation
    from schemathesis.schemas import BaseSchema

    from contract_suite.options import Settings
    from contract_suite.recording import Exchange, Recording
    from contract_suite.seed_data import SeedData
from contract_suite.servers import Server

__all__ = ["ContractReport", "again", "current", "test_id"]

_CURRENT: typing.Final[list[ContractReport]] = []
_KEY: typing.Final = "contract"
# A long run has tens of thousands of exchanges, most of which differ in nothing that matters.
_SAMPLES_OF_A_KIND: typing.Final = 3
_SHOWN: typing.Final = 400
_CREATED: typing.Final = 201
_READABLE: typing.Final = (AssertionError, pytest.fail.Exception, BaseExceptionGroup)


def current() -> ContractReport:
    """Return the run of this process: test modules make their cases when they are imported."""
    return _CURRENT[-1]


class ContractReport:
    """State of a run, in the controller or in a worker.

    Args:
        config: Configuration of pytest.
        settings: Options of the run.

    Attributes:
        settings: Options of the run.
        operations: The selected operations.
    """

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        _CURRENT.append(self)
        self.settings = settings
        self._config = config
        self._tally = Tally()
        self._redactor = Redactor()
        if settings.target is not None:
            self._redactor.learn(settings.target.client_secret)
        self._entries: list[dict[str, typing.Any]] = []
        self._kinds: dict[tuple[object, ...], int] = {}
        self._from_examples: set[str] = set()
        self._requests: dict[str, tuple[int, str]] = {}

    @functools.cached_property
    def operations(self) -> list[Operation]:
        """The selected operations."""
        try:
            return self.settings.operations()
        except openapi_document.DocumentError as error:
            raise pytest.UsageError(str(error)) from None

    @functools.cached_property
    def routes(self) -> Routes:
        """The operations of the document by address."""
        return Routes(self.settings.document)

    @functools.cached_property
    def origin(self) -> MockOrigin | HTTPOrigin:
        """The source of servers.

        Raises:
            pytest.UsageError: The server cannot be tested.
        """
        return self._new_origin(limited=False)

    @functools.cached_property
    def generated_server(self) -> Server:
        """The server that generated cases are sent to; its world is reset before each test.

        Its rows and credentials are part of the cases, so that it is made before they are.
        """
        limited = self.settings.limited
        origin = self._new_origin(limited=True) if limited else self.origin
        recording = Recording("generated cases")
        server = origin.fresh(recording, {})
        if server is None:
            assert isinstance(origin, HTTPOrigin)
            server = origin.server(recording)
        return server

    @functools.cached_property
    def seed_data(self) -> SeedData:
        """The rows of `generated_server`."""
        with self.generated_server.patient_http() as client:
            return read_seed_data(self.settings.document, client)

    def load_schema(
        self, operations: Sequence[Operation] | None = None, **overrides: typing.Any
    ) -> BaseSchema:
        """Return the document as schemathesis sees it, with the rows of `generated_server`."""
        return load_schema(
            self.settings,
            self.operations if operations is None else operations,
            self.generated_server,
            self.seed_data,
            **overrides,
        )

    def _new_origin(self, *, limited: bool) -> MockOrigin | HTTPOrigin:
        settings = self.settings
        if settings.target is None:
            origin = MockOrigin(settings.document_path, seed=settings.seed, limited=limited)
        else:
            try:
                origin = over_http(settings.target, seed=settings.seed, limited=limited)
            except ServerError as error:
                raise pytest.UsageError(self._redactor.text(str(error))) from None
        self._config.add_cleanup(origin.close)
        return origin

    def listen_to(self, recording: Recording) -> None:
        """Count and sample the exchanges of a recording."""

        def listen(exchange: Exchange) -> None:
            self._redactor.learn(*recording.secrets)
            self._listen(exchange)

        recording.listeners.append(listen)

    def take_digest(self, recording: Recording) -> None:
        """Keep the number and the hash of the requests of a test."""
        self._requests[recording.test] = recording.count, recording.digest

    def _listen(self, exchange: Exchange) -> None:
        self._redactor.learn_from(exchange)
        operation = self.routes.operation(exchange.method, exchange.url)
        name = None if operation is None else operation.id
        if operation is not None:
            self._tally.add(self.settings.document, operation, exchange)
            if exchange.is_from_example:
                self._from_examples.add(operation.id)
        kind = exchange.test.partition("[")[0], name, exchange.status
        self._kinds[kind] = self._kinds.get(kind, 0) + 1
        if self._kinds[kind] <= _SAMPLES_OF_A_KIND:
            self._entries.append(har_entry(exchange))

    def names(self, exchanges: Iterable[Exchange]) -> list[str]:
        """Return the ids of the operations of these exchanges."""
        found = (self.routes.operation(each.method, each.url) for each in exchanges)
        return list(dict.fromkeys(each.id for each in found if each is not None))

    def explain(
        self,
        report: pytest.TestReport,
        call: pytest.CallInfo[None],
        exchange: Exchange | None,
        command: str,
    ) -> None:
        """Make a failure readable: message, last exchange, command."""
        text = report.longreprtext
        error = None if call.excinfo is None else call.excinfo.value
        if isinstance(error, _READABLE) and str(error):
            text = _message(error)
        lines = [text.rstrip()]
        # schemathesis' failures say themselves what was sent and received.
        if exchange is not None and not isinstance(error, BaseExceptionGroup):
            lines += ["", *_exchange_lines(exchange)]
            self._entries.append(har_entry(exchange))
        lines += ["", f"again: {command}"]
        report.longrepr = "\n".join(lines)

    def remove_leftovers(self, recording: Recording, server: Server) -> None:
        """Delete what a test created on a foreign server, as far as the API can."""
        if server.is_fresh or server.read_only:
            return
        deletes = {
            each.path.removesuffix("/{id}")
            for each in self.routes.operations.values()
            if each.method == "delete"
        }
        created = [
            (operation.path, json.loads(each.response_body)["id"])
            for each in recording.exchanges
            if each.status == _CREATED
            and (operation := self.routes.operation(each.method, each.url)) is not None
            and operation.path in deletes
        ]
        recording.listeners.clear()
        with server.patient_http() as client:
            for path, row in created:
                client.delete(f"{path}/{row}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: typing.Any) -> None:
        """Hide secrets, whichever plugin wrote them, and name the operation in terminal and JUnit."""
        if report.failed:
            report.longrepr = report.readable = self._redactor.text(report.longreprtext)
        report.sections = [(name, self._redactor.text(part)) for name, part in report.sections]
        # Workers need the id that was collected.
        if not hasattr(self._config, "workerinput"):
            report.nodeid = getattr(report, "test_id", report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_exception_interact(self, report: typing.Any) -> None:
        """Keep the text that `pytest_runtest_logreport` made; schemathesis' plugin puts its own there."""
        report.longrepr = getattr(report, "readable", report.longrepr)

    def pytest_sessionfinish(self) -> None:
        """Send what a worker saw to the controller, or write the reports."""
        worker: typing.Any = self._config
        if hasattr(worker, "workerinput"):
            worker.workeroutput[_KEY] = json.dumps(
                {
                    "entries": [self._redactor.har_entry(each) for each in self._entries],
                    "tally": self._tally.as_json(),
                    "examples": sorted(self._from_examples),
                    "requests": self._requests,
                }
            )
        elif self._tally.statuses and self.settings.reports is not None:
            self._write(self.settings.reports)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: typing.Any) -> None:
        """Add what a worker saw."""
        seen = getattr(node, "workeroutput", {}).get(_KEY)
        if seen is not None:
            seen = json.loads(seen)
            self._entries += seen["entries"]
            self._tally.merge(seen["tally"])
            self._from_examples.update(seen["examples"])
            self._requests.update(seen["requests"])

    def _write(self, folder: typing.Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        entries = [self._redactor.har_entry(each) for each in self._entries]
        (folder / "traffic.har").write_text(json.dumps(har_log(entries), indent=1), "utf-8")
        table = coverage_table(self._coverage(), self.settings)
        (folder / "coverage.md").write_text(table, "utf-8")
        requests = json.dumps(dict(sorted(self._requests.items())), indent=1)
        (folder / "requests.json").write_text(self._redactor.text(requests), "utf-8")

    def _coverage(self) -> Coverage:
        return Coverage.of(
            self.settings.document,
            self.operations,
            self._tally,
            can_ask=self.settings.target is None or getattr(self.origin, "control", 1) is not None,
        )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the coverage and the operations without handler."""
        if not self._tally.statuses:
            return
        if self._from_examples:
            names = ", ".join(sorted(self._from_examples))
            terminalreporter.write_line(
                f"contract: without a handler in the mock, answered from the document: {names}"
            )
        done, total = self._coverage().share_of_pairs()
        count = sum(each for each, _ in self._requests.values())
        terminalreporter.write_line(
            f"contract: {done} of {total} operations by status seen, {count} requests"
        )
        if self.settings.reports is not None:
            terminalreporter.write_line(
                f"contract: reports: coverage.md, traffic.har, requests.json in {self.settings.reports}"
            )


def test_id(item: pytest.Item) -> str:
    """Return the id of a test; schemathesis' items have that of their function for theirs."""
    module, _, name = item.nodeid.rpartition("::")
    return item.nodeid if "[" in name else f"{module}::{item.name}"


def again(item: pytest.Item, operations: Sequence[Operation]) -> str:
    """Return the command that repeats a test.

    Args:
        item: The test.
        operations: The selected operations.
    """
    option = item.config.getoption
    words = [".venv/bin/python -m pytest", shlex.quote(item.nodeid)]
    label = getattr(item, "operation_label", None)
    names = [each.id for each in operations if f"{each.method.upper()} {each.path}" == label]
    chosen = ",".join(names) or option("--operations", "")
    if chosen:
        words.append(f"--operations={chosen}")
    for name, default in (
        ("--seed", 1),
        ("--depth", "pull-request"),
        ("--examples", None),
        ("--limits", "off"),
        ("--document", None),
    ):
        if option(name, default) != default:
            words.append(f"{name}={option(name)}")
    environment = ""
    if option("--base-url", None):
        environment = f"BASE_URL={option('--base-url')} CLIENT_ID=… CLIENT_SECRET=… "
    return environment + " ".join(words)


def _message(error: BaseException) -> str:
    """Return what is wrong: the text of an error, or of those in a group of Hypothesis."""
    if isinstance(error, hypothesis.errors.FlakyFailure):
        return "\n".join(_message(each) for each in error.exceptions)
    return str(error)


def _exchange_lines(exchange: Exchange) -> list[str]:
    request = f"{exchange.method} {exchange.url} {_cut(exchange.request_body)}".rstrip()
    status = exchange.problem if exchange.status is None else str(exchange.status)
    return [f"request: {request}", f"response: {status} {_cut(exchange.response_body)}".rstrip()]


def _cut(body: bytes) -> str:
    text = body.decode(errors="replace")
    more = len(text) - _SHOWN
    return f"{text[:_SHOWN]} … and {more} characters more" if more > 0 else text

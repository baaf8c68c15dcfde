"""Pytest plugin of the contract suite: readable failures, coverage table, HAR.

JUnit comes from pytest itself. Workers of pytest-xdist send what they saw to the controller, which
writes the reports; the secrets of a test are removed in the worker, at its end.
"""

from __future__ import annotations

import json
import shlex
import typing

import hypothesis.errors
import pytest

from contract_suite.coverage import Tally, coverage_table, missing_pairs
from contract_suite.recording import har_entry
from contract_suite.redaction import Redactor

if typing.TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterable, Sequence

    from openapi_document import Operation

    from contract_suite.recording import Exchange, Recording
    from contract_suite.servers import Server
    from contract_suite.session import ContractSession

__all__ = ["ContractReport", "test_id"]

_KEY: typing.Final = "contract"
_HAR_COMMENT: typing.Final = (
    "The first three exchanges of each test function, operation and status, and those of failures. "
    "Secrets are replaced by [hidden]. The schema tests send broken requests on purpose."
)
# A long run has tens of thousands of exchanges, most of which differ in nothing that matters.
_SAMPLES_OF_A_KIND: typing.Final = 3
_SHOWN: typing.Final = 400
_CREATED: typing.Final = 201
_READABLE: typing.Final = (AssertionError, pytest.fail.Exception, BaseExceptionGroup)


class ContractReport:
    """The record of a run, in the controller or in a worker."""

    def __init__(self, config: pytest.Config, session: ContractSession) -> None:
        self._config = config
        self._session = session
        self._redactor = Redactor()
        self._tally = Tally()
        self._entries: list[dict[str, typing.Any]] = []
        self._samples: list[Exchange] = []
        self._kinds: dict[tuple[object, ...], int] = {}
        self._from_examples: set[str] = set()
        self._requests: dict[str, tuple[int, str]] = {}
        self._is_complete = _is_complete(config)
        self._missing: list[str] = []

    def listen_to(self, recording: Recording) -> None:
        """Count and sample the exchanges of a test, and hide its secrets from now on."""
        target = self._session.settings.target
        self._redactor = Redactor(*([] if target is None else [target.client_secret]))

        def listen(exchange: Exchange) -> None:
            self._redactor.learn(*recording.secrets)
            self._listen(exchange)

        recording.listeners.append(listen)

    def _listen(self, exchange: Exchange) -> None:
        self._redactor.learn_from(exchange)
        operation = self._session.routes.operation(exchange.method, exchange.url)
        name = None if operation is None else operation.id
        if operation is not None:
            self._tally.add(self._session.document, operation, exchange)
            if exchange.is_from_example:
                self._from_examples.add(operation.id)
        kind = exchange.test.partition("[")[0], name, exchange.status
        self._kinds[kind] = self._kinds.get(kind, 0) + 1
        if self._kinds[kind] <= _SAMPLES_OF_A_KIND:
            self._samples.append(exchange)

    def end(self, recording: Recording) -> None:
        """Keep the samples of a test without secrets, and the hash of its requests."""
        self._entries += [self._redactor.har_entry(har_entry(each)) for each in self._samples]
        self._samples.clear()
        self._requests[recording.test] = recording.count, recording.digest

    def names(self, exchanges: Iterable[Exchange]) -> list[str]:
        """Return the ids of the operations of these exchanges."""
        found = (self._session.routes.operation(each.method, each.url) for each in exchanges)
        return list(dict.fromkeys(each.id for each in found if each is not None))

    def explain(
        self,
        item: pytest.Item,
        report: typing.Any,
        error: BaseException | None,
        exchange: Exchange | None,
    ) -> None:
        """Make a failure readable: message, last exchange, command."""
        report.test_id = test_id(item)
        if report.failed:
            text = report.longreprtext
            if isinstance(error, _READABLE) and str(error):
                text = _message(error)
                # Hypothesis gives several failures of one test together.
                if type(error) in {ExceptionGroup, BaseExceptionGroup}:
                    group = typing.cast("BaseExceptionGroup[BaseException]", error)
                    text = "\n\n".join([text, *map(_message, group.exceptions)])
            lines = [text.rstrip()]
            # schemathesis' failures say themselves what was sent and received.
            if exchange is not None and not isinstance(error, BaseExceptionGroup):
                lines += ["", *_exchange_lines(exchange)]
                self._samples.append(exchange)
            lines += ["", f"again: {_command(item, self._session.operations)}"]
            report.longrepr = "\n".join(lines)

    def remove_leftovers(self, recording: Recording, server: Server) -> None:
        """Delete what a test created on a foreign server, as far as the API can."""
        if server.is_fresh or server.read_only:
            return
        routes = self._session.routes
        deletes = {
            each.path.removesuffix("/{id}")
            for each in routes.operations.values()
            if each.method == "delete"
        }
        created = [
            (operation.path, each.json["id"])
            for each in recording.exchanges
            if each.status == _CREATED
            and (operation := routes.operation(each.method, each.url)) is not None
            and operation.path in deletes
        ]
        recording.listeners.clear()
        with server.http(retries=True) as client:
            for path, row in created:
                client.delete(f"{path}/{row}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: typing.Any) -> None:
        """Hide secrets, whichever plugin wrote them, and name the operation in terminal and JUnit."""
        # A report with a node comes from a worker, which has hidden them.
        if report.failed and not hasattr(report, "node"):
            report.longrepr = report.readable = self._redactor.text(report.longreprtext)
        report.sections = [(name, self._redactor.text(part)) for name, part in report.sections]
        # Workers need the id that was collected.
        if not hasattr(self._config, "workerinput"):
            report.nodeid = getattr(report, "test_id", report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_exception_interact(self, report: typing.Any) -> None:
        """Keep the text without secrets; schemathesis' plugin puts its own there."""
        report.longrepr = getattr(report, "readable", report.longrepr)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Send what a worker saw to the controller, or write the reports."""
        worker: typing.Any = self._config
        if hasattr(worker, "workerinput"):
            worker.workeroutput[_KEY] = json.dumps(
                {
                    "entries": self._entries,
                    "tally": self._tally.as_json(),
                    "examples": sorted(self._from_examples),
                    "requests": self._requests,
                }
            )
            return
        if self._tally.statuses and self._session.settings.reports is not None:
            self._write(self._session.settings.reports)
        if self._is_complete and session.exitstatus == pytest.ExitCode.OK:
            self._missing = missing_pairs(self._session.operations, self._tally)
            if self._missing:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

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

    def _write(self, folder: pathlib.Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        creator = {"name": "contract tests", "version": "1"}
        log = {"version": "1.2", "creator": creator, "comment": _HAR_COMMENT}
        har = {"log": {**log, "entries": self._entries}}
        (folder / "traffic.har").write_text(json.dumps(har, indent=1), "utf-8")
        session = self._session
        table = coverage_table(
            session.document,
            session.operations,
            self._tally,
            f"Seed {session.settings.seed}, depth {session.settings.depth}.",
            can_request=session.settings.target is None or session.origin.is_mock,
        )
        (folder / "coverage.md").write_text(table, "utf-8")
        requests = json.dumps(dict(sorted(self._requests.items())), indent=1)
        (folder / "requests.json").write_text(requests, "utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the coverage and the operations without handler."""
        if not self._tally.statuses:
            return
        lines: list[str] = []
        if self._from_examples:
            names = ", ".join(sorted(self._from_examples))
            lines.append(f"without a handler in the mock, the document's example: {names}")
        operations = self._session.operations
        total = sum(len(each.data["responses"]) for each in operations)
        done = total - len(missing_pairs(operations, self._tally))
        count = sum(each for each, _ in self._requests.values())
        lines.append(f"{done} of {total} operations by status seen, {count} requests")
        if self._missing:
            lines.append(f"never seen, so the run fails: {', '.join(self._missing)}")
        if self._session.settings.reports is not None:
            folder = self._session.settings.reports
            lines.append(f"reports: coverage.md, traffic.har, requests.json in {folder}")
        for line in lines:
            terminalreporter.write_line(f"contract: {line}")


def _is_complete(config: pytest.Config) -> bool:
    """Whether the run has all tests, on a mock server in this process."""
    option = config.getoption
    chosen = ("-m", "-k", "--operations", "--base-url", "--document", "--deselect", "--ignore")
    folders = [str(each).rstrip("/") for each in config.args]
    return folders == ["tests/contract"] and not any(option(name, None) for name in chosen)


def test_id(item: pytest.Item) -> str:
    """Return the id of a test; schemathesis' items have that of their function for theirs."""
    module, _, name = item.nodeid.rpartition("::")
    return item.nodeid if "[" in name else f"{module}::{item.name}"


def _command(item: pytest.Item, operations: Sequence[Operation]) -> str:
    """Return the command that repeats a test."""
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

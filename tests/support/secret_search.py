"""Fails a test whose secrets show where they must not, and a run whose reports show one.

Looked through are the log records of all loggers, warnings, errors, what tests and the processes
that they start write, what fixtures print as, and the files in ``reports/``. A test that shows a
secret on purpose says so with ``@pytest.mark.shows_secrets("where")``.
"""

from __future__ import annotations

import pathlib
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from secret_forms import Secrets
from secret_sinks import SecretSinks
from secret_sources import SecretSources

__all__ = ["pytest_configure"]

_MARKER = "shows_secrets(*places): the test shows secrets there on purpose"
# What the controller of several workers learns from each of them.
_KNOWN = "secrets"
_PACKAGES = ("insightiq", "insightiq_generated", "insightiq_mock", "demonstration")
_PLACES_OF_SECTIONS = {"stdout": "the output of the test", "stderr": "the errors of the test"}
_LARGEST_REPORT = 50_000_000


def pytest_configure(config: pytest.Config) -> None:
    """Begin to look."""
    config.addinivalue_line("markers", _MARKER)
    config.pluginmanager.register(SecretSearch(config), "secret_search_of_this_run")


class SecretSearch:
    """The search during one run, in the controller or in a worker.

    Args:
        config: The run's.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._secrets = Secrets()
        self._sources = SecretSources(self._secrets)
        self._sinks = SecretSinks()
        self._leaks: list[str] = []
        self._is_worker = hasattr(config, "workerinput")
        self._sources.watch()
        self._sinks.collect()

    def pytest_unconfigure(self) -> None:
        """Stop looking."""
        self._sinks.stop()
        self._sources.stop()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        """Tell the secrets of one test from those of many."""
        self._watch_new_modules()
        self._secrets.are_lasting = False
        try:
            return (yield)
        finally:
            self._secrets.are_lasting = True

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any]
    ) -> Generator[None, object, object]:
        """Let the secrets of a fixture that many tests share last."""
        self._watch_new_modules()
        before = self._secrets.are_lasting
        self._secrets.are_lasting = before or fixturedef.scope != "function"
        try:
            return (yield)
        finally:
            self._secrets.are_lasting = before
            self._watch_new_modules()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Look through what a test has left, and fail it for a secret."""
        report = yield
        if call.when == "call":
            for value in getattr(item, "funcargs", {}).values():
                if type(value).__module__.partition(".")[0] in _PACKAGES:
                    self._sinks.add("what a fixture prints as", repr(value))
        if report.failed:
            self._sinks.add("the report of the test", report.longreprtext)
        if call.when != "teardown":
            return report
        for name, text in report.sections:
            # "Captured stdout call"; other plugins have names of one word.
            place = _PLACES_OF_SECTIONS.get(" ".join(name.split()[1:2]))
            if place is not None:
                self._sinks.add(place, text)
        marker = item.get_closest_marker("shows_secrets")
        leak = self._leak(() if marker is None else marker.args)
        if leak is not None:
            report.longrepr = f"{report.longreprtext}\n{leak}".strip()
            report.outcome = "failed"
        return report

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, object, object]:
        """Look through the reports when they are written, and report what was known."""
        result = yield
        self._watch_new_modules()
        if self._is_worker:
            worker: Any = self._config
            worker.workeroutput[_KNOWN] = self._secrets.known()
            return result
        self._leaks = [*filter(None, [self._leak(())]), *self._leaks_of_reports()]
        if self._leaks:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        return result

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take the secrets that a worker knows."""
        for secret in getattr(node, "workeroutput", {}).get(_KNOWN, ()):
            self._secrets.add(secret)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was found, and how much was looked for: who looks for nothing finds nothing."""
        for leak in self._leaks:
            terminalreporter.section("secrets", red=True)
            terminalreporter.write_line(leak)
        terminalreporter.write_line(f"{len(self._secrets)} secrets were looked for.")

    def _watch_new_modules(self) -> None:
        self._sources.watch_new_modules()
        self._sinks.collect_from_new_modules()

    def _leak(self, allowed: tuple[str, ...]) -> str | None:
        for place, text in self._sinks.drain():
            if place in allowed:
                continue
            secret = self._secrets.found_in(text)
            if secret is not None:
                return f"A secret shows in {place}:\n{_around(secret, text)}"
        return None

    def _leaks_of_reports(self) -> Iterator[str]:
        for path in _reports(self._config):
            text = path.read_text(encoding="utf-8", errors="replace")
            secret = self._secrets.found_in(text, among_all=True)
            if secret is not None:
                yield f"A secret shows in {path}:\n{_around(secret, text)}"


def _reports(config: pytest.Config) -> list[pathlib.Path]:
    """Return the files that others read about a run."""
    found = [path for path in (config.rootpath / "reports").rglob("*") if path.is_file()]
    junit = getattr(config.option, "xmlpath", None)
    found += [pathlib.Path(junit)] if junit else []
    return [path for path in found if path.exists() and path.stat().st_size < _LARGEST_REPORT]


def _around(secret: str, text: str) -> str:
    """Return the place of a secret in a text, without the secret."""
    before, found, after = text.partition(secret)
    if not found:
        return "(encoded)"
    return f"…{before[-300:]}***{after[:100].replace(secret, '***')}…"

"""Markers of tests that need more than `make test` installs, and the option that forbids skips."""

from __future__ import annotations

import pathlib
import shutil
from collections.abc import Callable

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# Tools that `make test` does without. Marker -> whether they are there, and how to get them.
TOOLS: dict[str, tuple[Callable[[], bool], str]] = {
    "node": (
        lambda: (ROOT / "node_modules" / ".ready").exists() and bool(shutil.which("node")),
        "needs the Node.js tools of package.json: run `make install`",
    ),
    "browser": (
        lambda: bool(any(map(shutil.which, BROWSERS)) and shutil.which("chromedriver")),
        "needs Chromium and its driver: install the packages chromium and chromium-driver",
    ),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option with which a run that skips a test fails."""
    parser.addoption(
        "--no-skips", action="store_true", help="Fail if a test is skipped, for whatever reason."
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers."""
    for marker, (_, needs) in TOOLS.items():
        config.addinivalue_line("markers", f"{marker}: {needs}.")
    if config.getoption("no_skips") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(SkipsAreFailures())


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose tools are missing."""
    for marker, (is_there, needs) in TOOLS.items():
        if item.get_closest_marker(marker) and not is_there():
            pytest.skip(needs)


class SkipsAreFailures:
    """Fails a run in which a test was skipped, and names the tests."""

    def __init__(self) -> None:
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a skipped test."""
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Turn a passed run into a failed one."""
        if self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """List the skipped tests."""
        for each in self.skipped:
            terminalreporter.write_line(f"FAILED {each}: skipped, in a run with --no-skips")

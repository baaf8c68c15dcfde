"""Plugins and settings that all tests share."""

from __future__ import annotations

import os
import signal

from hypothesis import settings

# The same cases in every run, on every machine; the nightly run looks for new ones.
settings.load_profile("ci")

pytest_plugins = ["pytester", "frozen_heap", "missing_tools", "secret_search"]


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than cores: many tests wait for the servers and commands that they started."""
    return (os.cpu_count() or 1) + 1


def pytest_configure() -> None:
    """Give the processes that tests start the world they expect.

    They end at Ctrl-C: what a script runs in the background is started with Ctrl-C ignored, and hands
    that on. Options of this run are not those of a pytest that a test starts.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.pop("PYTEST_ADDOPTS", None)

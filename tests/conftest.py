"""What all tests share."""

from __future__ import annotations

import os

pytest_plugins = ["pytester", "frozen_heap", "secret_search"]


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than cores: many tests wait for the servers and commands that they started."""
    return (os.cpu_count() or 1) + 1

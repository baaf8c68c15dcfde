"""Keeps the garbage collector from walking through what lasts for the whole run.

Thousands of collected tests and the modules that they import never become garbage; looking through
them again and again took a seventh of all tests' time.
"""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest

__all__ = ["pytest_collection", "pytest_unconfigure"]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Leave garbage alone while tests and modules come into being, and then all that is there."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_unconfigure() -> None:
    """Take everything back: others may go on in this process."""
    gc.unfreeze()

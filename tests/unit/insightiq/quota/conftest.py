"""What the tests of a quota have in common."""

from __future__ import annotations

import pathlib

import pytest


@pytest.fixture
def path(tmp_path: pathlib.Path) -> pathlib.Path:
    """Where the shared file is."""
    return tmp_path / "insightiq.quota"

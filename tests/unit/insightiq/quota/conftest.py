"""Fixtures of the quota's tests."""

from __future__ import annotations

import pathlib

import pytest


@pytest.fixture
def path(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "insightiq.quota"

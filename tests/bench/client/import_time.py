"""Benchmark of ``import insightiq; InsightIQ()`` beside importing httpx and attrs."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

from table import Row, peer

__all__ = ["measure"]

_WORK = "import and make a client"
_OURS = (
    "import insightiq; iq = insightiq.InsightIQ(client_id='bench', client_secret='bench-secret')"
)
_FIRST_CALL = f"{_OURS}; iq._driver._shared.sender.get('bench')"
_THEIRS = "import httpx, attrs"
_NOTHING = "pass"
_PAIRS = 15


def measure() -> list[Row]:
    """Return the rows: processor time of fresh interpreters, in turns, and the median of each."""
    times: dict[str, list[float]] = {code: [] for code in (_NOTHING, _THEIRS, _OURS, _FIRST_CALL)}
    for code in times:
        _seconds(code)  # files are read into the cache, and compiled, once
    for _ in range(_PAIRS):
        for code, found in times.items():
            found.append(_seconds(code))
    start = statistics.median(times[_NOTHING])
    ours, first_call, theirs = (
        statistics.median(times[code]) - start for code in (_OURS, _FIRST_CALL, _THEIRS)
    )
    ratio = ours / theirs
    value = f"{ours * 1e3:.0f} ms = {ratio:.2f} x"
    return [
        Row(_WORK, "insightiq", value, "≤ 1.2 x httpx and attrs", ratio <= 1.2),
        Row(_WORK, "insightiq, ready for its first call", f"{first_call * 1e3:.0f} ms"),
        peer(_WORK, "import httpx, attrs", f"{theirs * 1e3:.0f} ms"),
    ]


def _seconds(code: str) -> float:
    before = os.times()
    subprocess.run([sys.executable, "-c", code], check=True)
    after = os.times()
    children = after.children_user - before.children_user
    return children + after.children_system - before.children_system

"""The soak: a short run of it, and what it says of servers that do not stand it."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench" / "mock"))

import soak
from soak_load import Tally


def test_short_soak_passes() -> None:
    """Everything that the long one does, for some seconds; memory is still being filled then."""
    done = subprocess.run(
        [sys.executable, soak.__file__, "--minutes", "0.05", "--tolerance", "1"],
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.endswith("soak: passed\n")
    # Faults by rule, limits, successes: all of it took place.
    for outcome in ("users.create         201", "users.list           429", "cut", "html"):
        assert outcome in done.stdout


def samples(resident: float, descriptors: int) -> list[soak.Sample]:
    """A server that grows by so much in each third."""
    return [
        soak.Sample(100 + resident * (number // 10), 40 + descriptors * (number // 10))
        for number in range(30)
    ]


@pytest.mark.parametrize(
    ("resident", "descriptors", "message", "reported"),
    [
        (0, 0, "", []),
        (4, 4, "", []),
        (6, 0, "", ["memory grew by 12%, more than 10%"]),
        (0, 5, "", ["file descriptors grew by 10"]),
        (0, 0, "Traceback", ["the server wrote an error: Traceback"]),
    ],
)
def test_verdict_names_what_is_not_flat(
    resident: float, descriptors: int, message: str, reported: list[str]
) -> None:
    """Growth beyond the tolerance, and anything in the server's log."""
    found = soak.judge(Tally(), [], samples(resident, descriptors), message, tolerance=0.1)
    assert found == reported


def test_response_that_no_one_asked_for_is_reported() -> None:
    """With the operation and what came."""
    tally = Tally()
    tally.unexplained.append("users.list: 500 b'oops'")
    assert soak.judge(tally, [], samples(0, 0), "", tolerance=0.1) == [
        "not asked for: users.list: 500 b'oops'"
    ]

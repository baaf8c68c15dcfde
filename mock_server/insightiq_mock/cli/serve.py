"""The command ``serve``."""

from __future__ import annotations

import gc
import importlib
import signal
import sys
import typing

if typing.TYPE_CHECKING:
    import argparse
    from types import FrameType

__all__ = ["run"]

# Most of the objects of a start stay: collecting garbage as often as Python does by itself, after each
# 700 objects more, is a sixth of the start.
_OBJECTS_PER_COLLECTION: typing.Final = 50_000


def run(options: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM, and return the exit code."""
    signals: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        # Once it runs, uvicorn takes the signals itself, stops in good order, and raises them once
        # more for the handlers from before.
        signals.append(number)
        raise SystemExit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    gc.set_threshold(_OBJECTS_PER_COLLECTION)
    try:
        # Slow to import, and Ctrl-C meanwhile ends it, too.
        return int(importlib.import_module("insightiq_mock.cli.start").start(options))
    except ModuleNotFoundError as error:
        if signals:
            return 0
        package = (error.name or "").partition(".")[0]
        if package == "insightiq_mock":
            raise
        sys.stderr.write(
            f"insightiq-mock: error: serve needs {package}, which is not installed; the extra mock "
            "brings it: pip install 'insightiq-toolkit[mock]'.\n"
        )
        return 1
    except Exception:
        # While Python loads a module, it makes other errors of SystemExit.
        if not signals:
            raise
        return 0

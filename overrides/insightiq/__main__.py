"""Run the command: ``python -m insightiq``."""

from __future__ import annotations

import os
import signal
import sys
import typing

if typing.TYPE_CHECKING:
    from types import FrameType

__all__ = ["run"]

_INTERRUPTED: typing.Final = 130


def run() -> typing.NoReturn:
    """Run the command and end the process."""
    interruptions: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        interruptions.append(number)
        raise KeyboardInterrupt

    # What a script runs in the background is started with Ctrl-C ignored, and goes on ignoring it.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, interrupt)
    try:
        # Most of a short command's time is this import.
        from insightiq.command_line import main  # noqa: PLC0415 - Ctrl-C ends it quietly, too

        code = main()
        sys.stderr.flush()
    except BaseException:
        # Not only KeyboardInterrupt: while Python loads a module, it makes other errors of it.
        if not interruptions:
            raise
        code = _INTERRUPTED
    # At once: requests that are under way in threads, or wait for the quota, would hold it up.
    os._exit(code)


if __name__ == "__main__":
    run()

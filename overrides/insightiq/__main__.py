"""Run the command: ``python -m insightiq``."""

from __future__ import annotations

import os
import sys
import typing

from insightiq.command_line import INTERRUPTED, main

__all__ = ["run"]


def run() -> typing.NoReturn:
    """Run the command and end the process."""
    code = main()
    if code == INTERRUPTED:
        # At once: requests that are under way in threads would hold the process up.
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    run()

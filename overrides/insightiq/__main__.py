"""Run the command: ``python -m insightiq``."""

from __future__ import annotations

import os
import sys
import typing

from insightiq.command_line import main

__all__ = ["run"]


def run() -> typing.NoReturn:
    """Run the command and end the process."""
    code = main()
    sys.stderr.flush()
    # At once: requests that are under way in threads, or wait for the quota, would hold it up.
    os._exit(code)


if __name__ == "__main__":
    run()

"""Run the command: ``python -m insightiq``."""

from __future__ import annotations

import os
import sys
import typing

from insightiq._entry_point import run_command

if typing.TYPE_CHECKING:
    import types

__all__ = ["run"]


def run() -> typing.NoReturn:
    """Run the command and end the process."""
    # At once: requests that are under way in threads, or wait for the quota, would hold it up.
    os._exit(run_command("insightiq", _main))


def _main() -> int:
    # httpx would import the libraries of its own command, where they are installed (click, rich,
    # pygments): half of the time of a short command.
    sys.modules.setdefault("httpx._main", typing.cast("types.ModuleType", None))
    # Most of a short command's time is this import.
    from insightiq.command_line import main

    return main()


if __name__ == "__main__":
    run()

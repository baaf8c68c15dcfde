"""Run the command: ``python -m insightiq_mock``."""

from __future__ import annotations

import sys
import typing

from insightiq_mock.entry_point import run_command

if typing.TYPE_CHECKING:
    import types

__all__ = ["main"]


def main() -> int:
    """Run the command and return the exit code of the process."""
    return run_command("insightiq-mock", _main)


def _main() -> int:
    # httpx would import the libraries of its own command, where they are installed (click, rich,
    # pygments): half of the time of a short command.
    sys.modules.setdefault("httpx._main", typing.cast("types.ModuleType", None))
    from insightiq_mock import cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())

"""A progress bar on standard error, where somebody looks at it."""

from __future__ import annotations

import contextlib
import sys
import typing

if typing.TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from insightiq.command_line._output import Output
    from insightiq_generated.client import Progress

__all__ = ["progress_bar"]


def progress_bar(
    description: str, *, beside: Output | None = None
) -> AbstractContextManager[Progress]:
    """Return a bar, or what stands in for it where no terminal shows it.

    Args:
        description: What stands beside it.
        beside: An output that may use the same terminal.
    """
    if not sys.stderr.isatty() or (beside is not None and beside.streams_to_terminal):
        return contextlib.nullcontext(_silent)
    from insightiq import progress

    return progress.bar(description)


def _silent(items: int, pages: int) -> None:
    """Show nothing."""

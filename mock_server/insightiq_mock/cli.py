"""The command ``insightiq-mock``.

Exit codes: 0 after a clean stop or when it is done, 1 when the server cannot do its work or refuses,
2 for a wrong command line.
"""

from __future__ import annotations

import typing

from insightiq_mock.commands.serving import serve
from insightiq_mock.commands.verbs import make_parser

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = make_parser().parse_args(arguments)
    if options.run is None:
        return serve(options)
    from insightiq_mock.commands.talking import talk  # noqa: PLC0415 - no help text waits for httpx

    return talk(options)

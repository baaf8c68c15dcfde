"""The command ``insightiq-mock``.

Exit codes: 0 after a clean stop or when it is done, 1 when the server cannot do its work or refuses,
2 for a wrong command line.
"""

from __future__ import annotations

import typing

from insightiq_mock.commands.verbs import make_parser

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = make_parser().parse_args(arguments)
    # Imported late: a help text should wait neither for a web server nor for an HTTP client.
    if options.run is None:
        from insightiq_mock.commands.serving import serve  # noqa: PLC0415

        return serve(options)
    from insightiq_mock.commands.talking import talk  # noqa: PLC0415

    return talk(options)

"""The command ``insightiq-mock``.

Exit codes: 0 after a clean stop or when it is done, 1 when the server cannot do its work or refuses,
2 for a wrong command line, 130 after Ctrl-C elsewhere than in ``serve`` and ``log --follow``.
`insightiq_mock.entry_point` adds 70 for a mistake of the program and 74 where standard output cannot
be written.
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
    parser = make_parser()
    options = parser.parse_args(arguments)
    wrong = next(filter(None, map(_not_text, vars(options).values())), None)
    if wrong is not None:
        parser.error(f"{wrong!r} is not text in UTF-8")
    if options.run is None:
        return serve(options)
    from insightiq_mock.commands.talking import talk  # noqa: PLC0415 - no help text waits for httpx

    return talk(options)


def _not_text(value: object) -> str | None:
    """Return an argument that cannot be sent: bytes that are not UTF-8 come as surrogates."""
    words = typing.cast("list[object]", value) if isinstance(value, list) else [value]
    for word in words:
        if isinstance(word, str) and any("\ud800" <= character <= "\udfff" for character in word):
            return word
    return None

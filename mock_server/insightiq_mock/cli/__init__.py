"""The command ``insightiq-mock``.

Exit codes: 0 after a clean stop or when it is done, 1 when the server cannot do its work or returns an
error, 2 for a wrong command line, 130 after Ctrl-C elsewhere than in ``serve`` and ``log --follow``.
`insightiq_mock.entry_point` adds 70 for a bug of the program, 74 where standard output cannot be
written, and 141 where its reader is gone.
"""

from __future__ import annotations

import importlib
import typing

from insightiq_mock.cli.parser import make_parser

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
    # No help text waits for what the commands import.
    module = "serve" if options.run == "serve" else "remote"
    return int(importlib.import_module(f"{__name__}.{module}").run(options))


def _not_text(value: object) -> str | None:
    """Return the argument that is not text: bytes that are not UTF-8 come as surrogates."""
    words = typing.cast("list[object]", value) if isinstance(value, list) else [value]
    for word in words:
        if isinstance(word, str) and any("\ud800" <= character <= "\udfff" for character in word):
            return word
    return None

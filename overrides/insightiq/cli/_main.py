"""Entry of the command: arguments in, exit code out."""

from __future__ import annotations

import sys
import typing
import warnings

from insightiq._entry_point import INTERRUPTED, discard_output
from insightiq.cli._parsers import choose
from insightiq.errors import ConfigurationError, InsightIQError

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from insightiq.cli._commands import MakeClient
    from insightiq.cli._parsers import Chosen

__all__ = ["main"]

_FAILED: typing.Final = 1
_WRONG: typing.Final = 2

_OWN: typing.Final = {
    "whoami": "Say where calls go, as whom, and whether the credentials are accepted.",
    "export": "Write all rows of a list into a file; the same command goes on after a break.",
}
"""The commands that are no resources."""


def main(arguments: Sequence[str] | None = None, *, client: MakeClient | None = None) -> int:
    """Run the command and return its exit code.

    Args:
        arguments: The words behind ``insightiq``; those of the process without it.
        client: Makes the client, instead of its class; for tests.
    """
    words = sys.argv[1:] if arguments is None else arguments
    with warnings.catch_warnings():
        warnings.showwarning = _warn
        try:
            code = _run(words, client)
            # Where standard output is a file or a pipe, this is when most of it is written.
            sys.stdout.flush()
        except BrokenPipeError:
            # Who reads only the beginning has all he wanted.
            code = 0
            discard_output()
    return code


def _run(words: Sequence[str], client: MakeClient | None) -> int:
    try:
        _carry_out(choose(words, _OWN, _version()), client)
    except SystemExit as end:
        # How argparse ends after a help text or a complaint.
        return end.code if isinstance(end.code, int) else _WRONG
    except KeyboardInterrupt:
        _complain("interrupted")
        return INTERRUPTED
    except ConfigurationError as error:
        _complain(str(error))
        return _WRONG
    except InsightIQError as error:
        _complain(str(error))
        return _FAILED
    except OSError as error:
        if error.filename is None:
            # Of standard output: no one reads it any more, or `insightiq._entry_point` says why.
            raise
        _complain(f"{error.filename}: {error.strerror or error}.")
        return _FAILED
    return 0


def _carry_out(chosen: Chosen, client: MakeClient | None) -> None:
    """Import what the command needs, and nothing else, and run it."""
    if chosen.command == "export":
        from insightiq.cli._export import run_export

        run_export(chosen, client)
        return
    from insightiq.cli._commands import run_method, run_whoami

    (run_whoami if chosen.command == "whoami" else run_method)(chosen, client)


def _complain(sentence: str) -> None:
    sys.stderr.write(f"insightiq: {sentence}\n")


def _warn(message: Warning | str, *_: object, **__: object) -> None:
    _complain(f"warning: {message}")


def _version() -> str:
    from insightiq._config import version

    return version()

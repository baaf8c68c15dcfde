"""Entry of the command: its first word, its errors and its exit codes."""

from __future__ import annotations

import argparse
import sys
import typing
import warnings

from insightiq._entry_point import INTERRUPTED, discard_output
from insightiq.cli._methods import resources
from insightiq.cli._parsers import Parser, add_common_options, table
from insightiq.errors import ConfigurationError, InsightIQError

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from insightiq import InsightIQ

__all__ = ["main"]

_FAILED: typing.Final = 1
_WRONG: typing.Final = 2

_OWN: typing.Final = {
    "whoami": "Say where calls go, as whom, and whether the credentials are accepted.",
    "export": "Write all rows of a list into a file; the same command goes on after a break.",
}
"""The commands that are no resources."""

_OVERVIEW: typing.Final = """\
commands:
{commands}

resources:
{resources}

insightiq RESOURCE --help lists the methods of one.

Credentials come from INSIGHTIQ_CLIENT_ID and INSIGHTIQ_CLIENT_SECRET alone: arguments
would stay in the history of the shell. INSIGHTIQ_ENVIRONMENT and INSIGHTIQ_BASE_URL
stand in for their options. INSIGHTIQ_QUOTA_FILE names a file through which all commands on
this machine share the quota.

Exit codes: 0 done, 1 the call failed, 2 a wrong command line, 70 a bug, 74 output that
cannot be written, 130 Ctrl-C."""


def main(
    arguments: Sequence[str] | None = None, *, client: Callable[..., InsightIQ] | None = None
) -> int:
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
            # The reader of the output needed only its beginning.
            code = 0
            discard_output()
    return code


def _run(words: Sequence[str], client: Callable[..., InsightIQ] | None) -> int:
    try:
        _carry_out(words, client)
    except SystemExit as end:
        # argparse ends so after a help text or an error.
        return end.code if isinstance(end.code, int) else _WRONG
    except KeyboardInterrupt:
        _print_error("interrupted")
        return INTERRUPTED
    except InsightIQError as error:
        _print_error(str(error))
        return _WRONG if isinstance(error, ConfigurationError) else _FAILED
    except OSError as error:
        if error.filename is None:
            # Of standard output: its reader is gone, or `insightiq._entry_point` says why.
            raise
        _print_error(f"{error.filename}: {error.strerror or error}.")
        return _FAILED
    return 0


def _carry_out(words: Sequence[str], client: Callable[..., InsightIQ] | None) -> None:
    """Parse the first word, import what its command needs, and nothing else, and run it."""
    from insightiq._config import version

    known = resources()
    parser = Parser(
        "insightiq",
        description="Call the InsightIQ API. Unofficial.",
        epilog=_OVERVIEW.format(commands=table(_OWN), resources=table(known)),
        usage="insightiq [options] COMMAND …",
    )
    add_common_options(parser)
    parser.add_argument("--version", action="version", version=f"insightiq {version()}")
    parser.add_argument("command", help=argparse.SUPPRESS)
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args(list(words) or ["--help"])
    summaries = {**known, **_OWN}
    command = parser.match("command", options.command, summaries)
    if command == "export":
        from insightiq.cli._export import run_export

        run_export(summaries[command], options, client)
    elif command == "whoami":
        from insightiq.cli._commands import run_whoami

        run_whoami(summaries[command], options, client)
    else:
        from insightiq.cli._commands import run_method

        run_method(command, summaries[command], options, client)


def _print_error(sentence: str) -> None:
    sys.stderr.write(f"insightiq: {sentence}\n")


def _warn(message: Warning | str, *_: object, **__: object) -> None:
    _print_error(f"warning: {message}")

"""Run a command against a running server, and print the result."""

from __future__ import annotations

import os
import sys
import typing

from insightiq_mock.cli import commands
from insightiq_mock.cli.commands import UsageError, as_json
from insightiq_mock.control.client import MockControl
from insightiq_mock.control.client_base import (
    DEFAULT_URL,
    ControlConnectionError,
    ControlError,
    ControlStatusError,
)
from insightiq_mock.entry_point import discard_output
from insightiq_mock.version import package_version

if typing.TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Mapping

    from insightiq_mock.cli.commands import Output

__all__ = ["run"]

Command: typing.TypeAlias = "Callable[[MockControl, argparse.Namespace], Iterable[Output]]"

_FAILED: typing.Final = 1
_USAGE: typing.Final = 2


def run(options: argparse.Namespace) -> int:
    """Run the chosen command and return the exit code."""
    command: Command = getattr(commands, options.run)
    options.url, source = _address(options.url, os.environ)
    try:
        _print(command, options)
    except UsageError as error:
        return _fail(str(error), _USAGE)
    except ControlError as error:
        return _fail(_sentence(error, options, source), _FAILED)
    except (LookupError, TypeError, ValueError, AttributeError):
        # A bug of ours, unless the server is of another version.
        hint = _other_version(options)
        if hint is None:
            raise
        return _fail(hint, _FAILED)
    except KeyboardInterrupt:
        # The usual end of following a log.
        if not vars(options).get("follow"):
            raise
    except BrokenPipeError:
        # The reader has seen enough.
        discard_output()
    return 0


def _address(url: str | None, environment: Mapping[str, str]) -> tuple[str, str]:
    """Return the URL of the server, and a note about its source."""
    if url is not None:
        return url, ""
    for name in ("INSIGHTIQ_MOCK_URL", "INSIGHTIQ_BASE_URL"):
        found = environment.get(name, "").strip()
        if found:
            # The client's variable may end like this, as paths of the API begin.
            return found.rstrip("/").removesuffix("/v1"), f" (this one is from {name})"
    return DEFAULT_URL, " (this one is the default)"


def _print(command: Command, options: argparse.Namespace) -> None:
    with _control(options) as control:
        for output in command(control, options):
            text = as_json(output) if options.json else output.text
            if text and not (options.json and output.is_note):
                sys.stdout.write(f"{text}\n")
                sys.stdout.flush()


def _control(options: argparse.Namespace) -> MockControl:
    developer = options.developer or "default"
    return MockControl(options.url, developer=developer, token=options.control_token)


def _sentence(error: ControlError, options: argparse.Namespace, source: str) -> str:
    if isinstance(error, ControlStatusError) and error.code:
        return " ".join(filter(None, [str(error), _other_version(options)]))
    if isinstance(error, ControlStatusError | ControlConnectionError):
        return f"{str(error).removesuffix('.')} with --url{source}."
    return str(error)


def _other_version(options: argparse.Namespace) -> str | None:
    """Return a sentence if the server is of another version than this command."""
    here = package_version()
    try:
        with _control(options) as control:
            there = control.health().version
    except ControlError:
        return None
    except (LookupError, TypeError, ValueError, AttributeError):
        return f"The server at {options.url} is no mock server; name another address with --url."
    if there == here:
        return None
    return (
        f"The server at {options.url} is version {there} and this command {here}; stop the server "
        "and start this version's, or name another address with --url."
    )


def _fail(sentence: str, code: int) -> int:
    sys.stderr.write(f"insightiq-mock: error: {sentence}\n")
    return code

"""Running a verb that talks to a server, and showing what it found."""

from __future__ import annotations

import importlib
import os
import sys
import typing

from insightiq_mock.commands.output import as_json
from insightiq_mock.control import (
    ControlConnectionError,
    ControlError,
    ControlStatusError,
    MockControl,
)
from insightiq_mock.control.client import DEFAULT_URL
from insightiq_mock.entry_point import discard_output
from insightiq_mock.version import package_version

if typing.TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Mapping

    from insightiq_mock.commands.output import Shown

__all__ = ["UsageError", "Verb", "talk"]

Verb: typing.TypeAlias = "Callable[[MockControl, argparse.Namespace], Iterable[Shown]]"

_FAILED: typing.Final = 1
_WRONG_USE: typing.Final = 2


class UsageError(Exception):
    """The command line makes no sense; the message says what would."""


def talk(options: argparse.Namespace) -> int:
    """Run the verb that was chosen and return the exit code."""
    module, _, function = options.run.partition(".")
    verb: Verb = getattr(importlib.import_module(f"insightiq_mock.commands.{module}"), function)
    options.url, source = _address(options.url, os.environ)
    try:
        _show(verb, options)
    except UsageError as error:
        return _complain(str(error), _WRONG_USE)
    except ControlError as error:
        return _complain(_sentence(error, options, source), _FAILED)
    except (LookupError, TypeError, ValueError, AttributeError):
        # Such an error is our mistake, unless the server speaks another version's language.
        hint = _other_version(options)
        if hint is None:
            raise
        return _complain(hint, _FAILED)
    except KeyboardInterrupt:
        # Whoever follows a log ends it like that.
        if not vars(options).get("follow"):
            raise
    except BrokenPipeError:
        # Whoever reads has seen enough.
        discard_output()
    return 0


def _address(given: str | None, environment: Mapping[str, str]) -> tuple[str, str]:
    """Return where the server answers, and what to say of where that is from."""
    if given is not None:
        return given, ""
    for name in ("INSIGHTIQ_MOCK_URL", "INSIGHTIQ_BASE_URL"):
        url = environment.get(name, "").strip()
        if url:
            # The client's variable may end so, as paths of the API begin.
            return url.rstrip("/").removesuffix("/v1"), f" (this one is from {name})"
    return DEFAULT_URL, " (this one is the default)"


def _show(verb: Verb, options: argparse.Namespace) -> None:
    with _control(options) as control:
        for shown in verb(control, options):
            text = as_json(shown) if options.json else shown.text
            if text and not (options.json and shown.is_note):
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
        return f"What answers at {options.url} is no mock server; name another address with --url."
    if there == here:
        return None
    return (
        f"The server at {options.url} is version {there} and this command {here}; stop the server "
        "and start this version's, or name another address with --url."
    )


def _complain(sentence: str, code: int) -> int:
    sys.stderr.write(f"insightiq-mock: error: {sentence}\n")
    return code

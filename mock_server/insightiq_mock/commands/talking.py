"""Running a verb that talks to a server, and showing what it found."""

from __future__ import annotations

import importlib
import os
import sys
import typing

from insightiq_mock.commands.output import as_json
from insightiq_mock.control import ControlError, MockControl

if typing.TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

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
    try:
        _show(verb, options)
    except UsageError as error:
        return _complain(str(error), _WRONG_USE)
    except ControlError as error:
        return _complain(str(error), _FAILED)
    except KeyboardInterrupt:
        # Whoever follows a log ends it like that.
        return 0
    except BrokenPipeError:
        # Whoever reads has seen enough; the interpreter must not complain at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return 0


def _show(verb: Verb, options: argparse.Namespace) -> None:
    developer = options.developer or "default"
    with MockControl(options.url, developer=developer, token=options.control_token) as control:
        for shown in verb(control, options):
            text = as_json(shown) if options.json else shown.text
            if text:
                sys.stdout.write(f"{text}\n")
                sys.stdout.flush()


def _complain(sentence: str, code: int) -> int:
    sys.stderr.write(f"insightiq-mock: error: {sentence}\n")
    return code

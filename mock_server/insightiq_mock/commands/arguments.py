"""Reading the command line: a parser that knows what was probably meant."""

from __future__ import annotations

import argparse
import difflib
import ipaddress
import re
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Parser", "Subparsers", "credential", "host_name", "moment", "port", "start", "workers"]

_HIGHEST_PORT: typing.Final = 65535
_MOST_WORKERS: typing.Final = 32
_HOST: typing.Final = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?", re.ASCII | re.IGNORECASE)
_STARTS: typing.Final = ("now", "fixed")


class Parser(argparse.ArgumentParser):
    """A parser without abbreviations, whose complaints come with suggestions."""

    def __init__(self, **options: typing.Any) -> None:  # noqa: ANN401 - passed on as they come
        super().__init__(allow_abbrev=False, **options)

    def parse_known_args(  # type: ignore[override] # the base class has overloads for other namespaces
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse, and complain about what is not known here rather than in the outermost parser."""
        known, unknown = super().parse_known_args(args, namespace or argparse.Namespace())
        if unknown:
            options = [text for action in self._actions for text in action.option_strings]
            self.error(f"unrecognized argument {unknown[0]!r}{_suggestion(unknown[0], options)}")
        return known, unknown

    def error(self, message: str) -> typing.NoReturn:
        """End the command with a sentence."""
        self.exit(2, f"{self.prog}: error: {message}\nTry '{self.prog} --help'.\n")

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is None or value in action.choices:
            return
        known = [str(choice) for choice in action.choices]
        hint = _suggestion(str(value), known) or f"; choose from {', '.join(known)}"
        raise argparse.ArgumentError(action, f"there is no {str(value)!r}{hint}")


class Subparsers(typing.Protocol):
    """Where verbs are added, as argparse returns it."""

    def add_parser(self, name: str, **options: typing.Any) -> Parser:  # noqa: ANN401 - passed on as they come
        """Add a verb and return its parser."""
        ...


def _suggestion(wrong: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(wrong.partition("=")[0], list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def port(text: str) -> int:
    """Read a port."""
    if text.isascii() and text.isdecimal() and int(text) <= _HIGHEST_PORT:
        return int(text)
    msg = f"{text!r} is not a port; give a number from 0 to {_HIGHEST_PORT}"
    raise argparse.ArgumentTypeError(msg)


def workers(text: str) -> int:
    """Read a number of processes."""
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= _MOST_WORKERS:
        return int(text)
    msg = f"{text!r} is no number of processes; give one from 1 to {_MOST_WORKERS}"
    raise argparse.ArgumentTypeError(msg)


def credential(text: str) -> str:
    """Read a client id or secret: HTTP Basic separates them with a colon, the ready line with a blank."""
    if text.isascii() and text.isprintable() and text and not set(text) & {":", " "}:
        return text
    msg = "it must be printable ASCII without ':' and blanks"
    raise argparse.ArgumentTypeError(msg)


def host_name(text: str) -> str:
    """Read a host that callers name, without scheme and port; ``*`` is every one."""
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        pass
    if text == "*" or _HOST.fullmatch(text):
        return text.lower().rstrip(".")
    msg = f"{text!r} is not a host; write it without scheme and port, like mock or mock.internal"
    raise argparse.ArgumentTypeError(msg)


def moment(text: str) -> str:
    """Read a moment, or a day; one without a zone is meant in UTC."""
    import datetime as dt  # noqa: PLC0415 - rarely needed, and a help text should come at once

    try:
        value = dt.datetime.fromisoformat(text)
    except ValueError:
        msg = f"{text!r} is no moment; write it like 2026-06-01 or 2026-06-01T12:30:00"
        raise argparse.ArgumentTypeError(msg) from None
    return (value if value.tzinfo else value.replace(tzinfo=dt.UTC)).isoformat()


def start(text: str) -> str:
    """Read when a world begins."""
    return text if text in _STARTS else moment(text)

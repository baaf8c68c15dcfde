"""Conversion of arguments, with one clear sentence for each that is wrong."""

from __future__ import annotations

import argparse
import collections.abc
import dataclasses
import datetime as dt
import enum
import functools
import json
import pathlib
import sys
import typing

from insightiq.cli._methods import item_of, members_of
from insightiq_generated.types import UNSET, Model, deviation_listener

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Reader", "did_you_mean", "reader_of"]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a question to set behind a complaint; empty where nothing is near."""
    import difflib

    folded = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(word.casefold(), folded, n=2, cutoff=0.65)
    return f" Did you mean {' or '.join(folded[each] for each in close)}?" if close else ""


@dataclasses.dataclass(frozen=True, slots=True)
class Reader:
    """Conversion of an argument's text.

    Attributes:
        read: Makes the value; raises ``argparse.ArgumentTypeError``.
        shown: What stands for a value in help texts.
        choices: The known values, empty where there is no list of them.
        repeated: Whether the argument may be given several times; ``read`` then gives a list.
        flag: Whether the argument stands alone, without a value.
    """

    read: Callable[[str], object]
    shown: str
    choices: tuple[str, ...] = ()
    repeated: bool = False
    flag: bool = False


def reader_of(hint: object) -> Reader:
    """Return how an argument of this type is read; what is neither text nor number is JSON."""
    members = members_of(hint)
    choices = _choices(members)
    if choices:
        return Reader(functools.partial(_choice, choices), "VALUE", choices)
    if any(typing.get_origin(each) in {list, collections.abc.Sequence} for each in members):
        return _repeated(reader_of(item_of(hint)))
    for kind, reader in _PLAIN.items():
        if kind in members:
            return reader
    for each in members:
        if isinstance(each, type) and issubclass(each, Model):
            return Reader(functools.partial(_model, each), "JSON")
    return Reader(_json, "JSON")


def _choices(members: tuple[object, ...]) -> tuple[str, ...]:
    """Return the values of the enumerations among the types, each once."""
    found: list[str] = []
    for each in members:
        if typing.get_origin(each) is typing.Literal:
            found += map(str, typing.get_args(each))
        elif isinstance(each, type) and issubclass(each, enum.Enum):
            found += [str(member.value) for member in each]
    return tuple(dict.fromkeys(found))


def _choice(choices: tuple[str, ...], text: str) -> str:
    if text in choices:
        return text
    msg = f"{text!r} is not known.{did_you_mean(text, choices)} Known are {', '.join(choices)}."
    raise argparse.ArgumentTypeError(msg)


def _repeated(single: Reader) -> Reader:
    def read(text: str) -> list[object]:
        source = _source(text)
        if source is None:
            return [single.read(text)]
        lines = [line.strip() for line in source.splitlines() if line.strip()]
        if not lines:
            msg = f"{_named(text)} is empty; give one value a line."
            raise argparse.ArgumentTypeError(msg)
        return list(map(single.read, lines))

    return Reader(read, single.shown, single.choices, repeated=True)


def _source(text: str) -> str | None:
    """Return what stands in the file that ``text`` names, or on standard input; or None."""
    try:
        if text == "-":
            # Notepad and PowerShell write a byte order mark, which is not part of the text.
            return sys.stdin.read().removeprefix("\ufeff")
        if text.startswith("@"):
            return pathlib.Path(text[1:]).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        msg = f"{_named(text)} is not text in UTF-8."
        raise argparse.ArgumentTypeError(msg) from None
    except (OSError, ValueError) as error:
        # ValueError: a NUL in the name of a file.
        reason = error.strerror if isinstance(error, OSError) else error
        msg = f"{_named(text)} cannot be read: {reason}."
        raise argparse.ArgumentTypeError(msg) from None
    return None


def _named(text: str) -> str:
    return text[1:] or "standard input"


def _text(text: str) -> str:
    """Return a text that can be sent; bytes that are not UTF-8 reach a program as surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        msg = f"{text!r} is not text in UTF-8."
        raise argparse.ArgumentTypeError(msg) from None
    return text


def _json(text: str) -> typing.Any:
    source = _source(text)
    try:
        return json.loads(_text(text) if source is None else source)
    except RecursionError:
        msg = "the JSON is nested too deeply."
        raise argparse.ArgumentTypeError(msg) from None
    except ValueError as error:
        msg = f"no JSON ({error}); give JSON, @FILE, or - for standard input."
        raise argparse.ArgumentTypeError(msg) from None


def _model(kind: type[Model], text: str) -> Model:
    data = _json(text)
    if not isinstance(data, dict):
        msg = f"a JSON object is needed, such as {{{json.dumps(next(iter(kind.KEYS)))}: …}}."
        raise argparse.ArgumentTypeError(msg)
    found: list[str] = []

    def note(place: str, value: object) -> None:
        found.append(f"{place} is {'missing' if value is UNSET else 'not of its type'}")

    # Every model of the generator has it, although the base class does not say so.
    from_dict: Callable[[typing.Any], Model] = getattr(kind, "from_dict")  # noqa: B009 - see above
    token = deviation_listener.set(note)
    try:
        value = from_dict(typing.cast("dict[str, object]", data))
    finally:
        deviation_listener.reset(token)
    if found:
        msg = f"{'; '.join(found)}. Keys are {', '.join(kind.KEYS.values())}."
        raise argparse.ArgumentTypeError(msg)
    return value


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        msg = f"{text!r} is no day; write it as 2026-11-23."
        raise argparse.ArgumentTypeError(msg) from None


def _datetime(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        msg = f"{text!r} is no time; write it as 2026-11-23T09:30:00, in UTC, or with its zone."
        raise argparse.ArgumentTypeError(msg) from None


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        msg = f"{text!r} is no whole number."
        raise argparse.ArgumentTypeError(msg) from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        msg = f"{text!r} is no number."
        raise argparse.ArgumentTypeError(msg) from None


# In the order in which they are tried: text reads everything.
_PLAIN: typing.Final[dict[object, Reader]] = {
    str: Reader(_text, "TEXT"),
    bool: Reader(str, "", flag=True),
    int: Reader(_whole, "NUMBER"),
    float: Reader(_number, "NUMBER"),
    dt.datetime: Reader(_datetime, "TIME"),
    dt.date: Reader(_date, "YYYY-MM-DD"),
}

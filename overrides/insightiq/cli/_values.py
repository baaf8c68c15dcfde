"""Conversion of arguments to values; each mistake is one sentence."""

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
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Reader", "did_you_mean", "positive_seconds", "positive_whole", "reader_of"]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a question to append to an error; empty where nothing is similar."""
    import difflib

    folded = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(word.casefold(), folded, n=2, cutoff=0.65)
    return f" Did you mean {' or '.join(folded[each] for each in close)}?" if close else ""


@dataclasses.dataclass(frozen=True, slots=True)
class Reader:
    """Conversion of an argument's text.

    Attributes:
        read: Makes the value; raises ``argparse.ArgumentTypeError``.
        shown: Placeholder of the value in help texts.
        choices: The known values; empty where there is no list of them.
        repeated: Whether the argument may be given several times; ``read`` then gives a list.
        flag: Whether the argument stands alone, without a value.
    """

    read: Callable[[str], object]
    shown: str
    choices: tuple[str, ...] = ()
    repeated: bool = False
    flag: bool = False


def _reject(sentence: str) -> typing.NoReturn:
    raise argparse.ArgumentTypeError(sentence) from None


def reader_of(hint: object) -> Reader:
    """Return the conversion for an argument of this type; JSON for all but text and numbers."""
    members = members_of(hint)
    choices = _choices(members)
    if choices:
        return Reader(functools.partial(_choice, choices), "VALUE", tuple(choices))
    if bytes in members:
        return Reader(_file, "FILE")
    if any(typing.get_origin(each) in {list, collections.abc.Sequence} for each in members):
        single = reader_of(item_of(hint))
        return Reader(functools.partial(_several, single), single.shown, single.choices, True)
    for kind, reader in _PLAIN.items():
        if kind in members:
            return reader
    for each in members:
        if isinstance(each, type) and issubclass(each, Model):
            return Reader(functools.partial(_model, each), "JSON")
    return Reader(_json, "JSON")


def _choices(members: tuple[object, ...]) -> dict[str, object]:
    """Return the values of the enumerations among the types, by their text."""
    found: list[object] = []
    for each in members:
        if typing.get_origin(each) is typing.Literal:
            found += typing.get_args(each)
        elif isinstance(each, type) and issubclass(each, enum.Enum):
            found += [member.value for member in each]
    return {str(value): value for value in found}


def _choice(choices: Mapping[str, object], text: str) -> object:
    if text in choices:
        return choices[text]
    _reject(f"{text!r} is not known.{did_you_mean(text, choices)} Known are {', '.join(choices)}.")


def _several(single: Reader, text: str) -> list[object]:
    source = _source(text)
    if source is None:
        return [single.read(text)]
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    if not lines:
        _reject(f"{_named(text)} is empty; give one value a line.")
    return list(map(single.read, lines))


def _source(text: str) -> str | None:
    """Return the content of the file that ``text`` names, or of standard input; else None."""
    try:
        if text == "-":
            # Notepad and PowerShell write a byte order mark, which is not part of the text.
            return sys.stdin.read().removeprefix("\ufeff")
        if text.startswith("@"):
            return pathlib.Path(text[1:]).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        _reject(f"{_named(text)} is not text in UTF-8.")
    except (OSError, ValueError) as error:
        # ValueError: a NUL in the name of a file.
        reason = error.strerror if isinstance(error, OSError) else error
        _reject(f"{_named(text)} cannot be read: {reason}.")
    return None


def _file(text: str) -> tuple[str, bytes]:
    """Return name and content of a file; ``-`` is standard input."""
    if text == "-":
        return "standard-input", sys.stdin.buffer.read()
    try:
        path = pathlib.Path(text)
        return path.name, path.read_bytes()
    except (OSError, ValueError) as error:
        # ValueError: a NUL in the name of a file.
        reason = error.strerror if isinstance(error, OSError) else error
        _reject(f"{text} cannot be read: {reason}.")


def _named(text: str) -> str:
    return text[1:] or "standard input"


def _json(text: str) -> typing.Any:
    source = _source(text)
    try:
        return json.loads(_text(text) if source is None else source)
    except RecursionError:
        _reject("the JSON is nested too deeply.")
    except ValueError as error:
        _reject(f"this is not JSON ({error}); give JSON, @FILE, or - for standard input.")


def _model(kind: type[Model], text: str) -> Model:
    data = _json(text)
    if not isinstance(data, dict):
        _reject(f"a JSON object is needed, such as {{{json.dumps(next(iter(kind.KEYS)))}: …}}.")
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
        _reject(f"{'; '.join(found)}. Keys are {', '.join(kind.KEYS.values())}.")
    return value


ValueT = typing.TypeVar("ValueT")


def _converting(convert: Callable[[str], ValueT], message: str) -> Callable[[str], ValueT]:
    """Return ``convert`` with one sentence for its ``ValueError``."""

    def read(text: str) -> ValueT:
        try:
            return convert(text)
        except ValueError:
            _reject(f"{text!r} is not {message}.")

    return read


def _encodable(text: str) -> str:
    # Bytes that are not UTF-8 reach a program as surrogates.
    text.encode()
    return text


def _above_zero(text: str) -> float:
    if not 0 < float(text) < float("inf"):
        raise ValueError(text)
    return float(text)


def _digits(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        raise ValueError(text)
    return int(text)


def _truth(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError(text)
    return text == "true"


positive_seconds = _converting(_above_zero, "a number of seconds")
positive_whole = _converting(_digits, "a whole number from 1")
_text = _converting(_encodable, "text in UTF-8")
_date = _converting(dt.date.fromisoformat, "a day; write it as 2026-11-23")
_time = _converting(
    dt.datetime.fromisoformat,
    "a time; write it as 2026-11-23T09:30:00, in UTC, or with its zone",
)

# In the order in which they are tried: text reads everything.
_PLAIN: typing.Final[dict[object, Reader]] = {
    str: Reader(_text, "TEXT"),
    bool: Reader(_converting(_truth, "true or false"), "true|false", flag=True),
    int: Reader(_converting(int, "a whole number"), "NUMBER"),
    float: Reader(_converting(float, "a number"), "NUMBER"),
    dt.datetime: Reader(_time, "TIME"),
    dt.date: Reader(_date, "YYYY-MM-DD"),
}

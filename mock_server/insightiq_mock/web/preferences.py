"""What a caller asks to go wrong: the ``Prefer`` header (RFC 7240), as users of Prism know it.

``Prefer: code=503, delay=2.5`` or ``Prefer: fault=slow-body; seconds=20``. Preferences that this
server does not know are passed over, as the RFC asks; a value that makes no sense is a 400.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import re
from typing import TYPE_CHECKING

from insightiq_mock.web.errors import invalid_request
from insightiq_mock.web.violations import Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["LONGEST_DELAY", "Fault", "PreferenceValueError", "Preferences", "read_preferences"]

LONGEST_DELAY = 300.0
_LOWEST_CODE = 200
_HIGHEST_CODE = 599
_SLOW_BODY_SECONDS = 10.0

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_VALUE = r'"(?:[^"\\]|\\.)*"|[^\s,;="]*'
_PART = re.compile(rf"\s*(?:({_NAME})\s*(?:=\s*({_VALUE}))?)?\s*(,|;|$)")
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)
_QUOTED = re.compile(r"\\(.)")


class Fault(enum.StrEnum):
    """Ways in which an answer can arrive broken."""

    RESET = "reset"
    TRUNCATE = "truncate"
    MALFORMED = "malformed"
    HTML = "html"
    SLOW_BODY = "slow-body"


class PreferenceValueError(ValueError):
    """A value makes no sense; the message says what would."""


@dataclasses.dataclass(frozen=True, slots=True)
class Preferences:
    """How one call is to be answered otherwise than usual.

    Attributes:
        code: The status to answer with.
        delay: Seconds to wait before the call is carried out.
        example: The name of the document's example to answer with.
        fault: How the answer is to arrive broken.
        seconds: How long a slow body takes.
    """

    code: int | None = None
    delay: float = 0.0
    example: str | None = None
    fault: Fault | None = None
    seconds: float = _SLOW_BODY_SECONDS

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Preferences:
        """Read preferences from texts by name; names that are not known are passed over.

        Raises:
            PreferenceValueError: A value makes no sense.
        """
        read = {name: _READERS[name](text) for name, text in values.items() if name in _READERS}
        return cls(**read)  # type: ignore[arg-type] # each reader gives what its field takes

    def __str__(self) -> str:
        applied = [
            f"code={self.code}" if self.code is not None else "",
            f"delay={self.delay:g}" if self.delay else "",
            f"example={self.example}" if self.example is not None else "",
            f"fault={self.fault}" if self.fault is not None else "",
        ]
        if self.fault is Fault.SLOW_BODY:
            applied[-1] += f"; seconds={self.seconds:g}"
        return ", ".join(filter(None, applied))


def read_preferences(header: str) -> Preferences | None:
    """Read the value of a ``Prefer`` header; None where nothing in it concerns this server.

    Raises:
        ApiError: 400, with what is allowed.
    """
    try:
        return _read(header)
    except PreferenceValueError as error:
        raise invalid_request([Violation("header Prefer", str(error))]) from None


# Tests send the same few headers over and over.
@functools.lru_cache(maxsize=256)
def _read(header: str) -> Preferences | None:
    values: dict[str, str] = {}
    for name, text in _parts(header):
        # The first of several counts, says the RFC.
        values.setdefault(name, text)
    preferences = Preferences.from_values(values)
    return preferences if str(preferences) else None


def _parts(header: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(header):
        found = _PART.match(header, position)
        if found is None:
            msg = "cannot be read; write it like 'code=503, delay=2.5'"
            raise PreferenceValueError(msg)
        name, text = found[1], found[2] or ""
        if name is not None:
            if text.startswith('"'):
                text = _QUOTED.sub(r"\1", text[1:-1])
            yield name.lower(), text
        position = found.end()


def _code(text: str) -> int:
    if text.isascii() and text.isdecimal() and _LOWEST_CODE <= int(text) <= _HIGHEST_CODE:
        return int(text)
    msg = f"code is {text!r}; give a status from {_LOWEST_CODE} to {_HIGHEST_CODE}"
    raise PreferenceValueError(msg)


def _seconds(name: str) -> Callable[[str], float]:
    def read(text: str) -> float:
        if _NUMBER.fullmatch(text) and float(text) <= LONGEST_DELAY:
            return float(text)
        msg = f"{name} is {text!r}; give seconds from 0 to {LONGEST_DELAY:g}, such as 2.5"
        raise PreferenceValueError(msg)

    return read


def _example(text: str) -> str:
    # It comes back in a header.
    if text.isascii() and text.isprintable() and text:
        return text
    msg = "example is empty or not ASCII; give the name of an example of the document"
    raise PreferenceValueError(msg)


def _fault(text: str) -> Fault:
    for fault in Fault:
        if text == fault:
            return fault
    msg = f"fault is {text!r}; give one of {', '.join(Fault)}"
    raise PreferenceValueError(msg)


_READERS: Mapping[str, Callable[[str], object]] = {
    "code": _code,
    "delay": _seconds("delay"),
    "example": _example,
    "fault": _fault,
    "seconds": _seconds("seconds"),
}

# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""Types shared by models and operations.

Reading is tolerant: a value that is not what the document promises is kept exactly as it came, so
that one odd value never costs a whole page. Who wants to know about such values sets
`deviation_listener`. Writing is strict: an argument that cannot be sent raises what
`argument_error` makes.
"""

from __future__ import annotations

import datetime
import enum
import json
import math
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, Self, TypeVar
from urllib.parse import quote

__all__ = [
    "LONGEST",
    "UNSET",
    "ByValue",
    "Model",
    "OpenEnum",
    "Unset",
    "argument_error",
    "deviation_listener",
    "fill_missing",
    "format_date",
    "format_datetime",
    "format_zoned_datetime",
    "from_iso_format",
    "json_argument",
    "json_object",
    "json_value",
    "parse_date",
    "parse_datetime",
    "parse_odd_datetime",
    "path_segment",
    "query_text",
    "report_nulls",
    "unexpected",
]


class Unset(enum.Enum):
    """The type of `UNSET`: an enum, so that ``is UNSET`` narrows types and copies are the same."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""Stands for a key that is absent, where ``None`` stands for null."""


class OpenEnum(enum.StrEnum):
    """A text enum that keeps values it does not know, as members of their own."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    @property
    def is_known(self) -> bool:
        """Whether the document lists this value."""
        return self._value_ in type(self)._value2member_map_

    def __repr__(self) -> str:
        if self.is_known:
            return f"{type(self).__name__}.{self._name_}"
        return f"{type(self).__name__}({self._value_!r})"


EnumT = TypeVar("EnumT", bound=OpenEnum)


class ByValue(dict[str, EnumT]):
    """The members of an enum by value: several times quicker than calling the enum."""

    def __init__(self, of: type[EnumT]) -> None:
        super().__init__((member.value, member) for member in of)
        self._of = of

    def __missing__(self, value: str) -> EnumT:
        # Not stored: what a server may send is without bound.
        return self._of(value)


class Model:
    """Base of all models.

    Attributes:
        KEYS: Key on the wire for each attribute, in the order of the document.
        SECRETS: Attributes whose values are not shown.
        ZONED: Attributes whose instants are written with a zone.
        additional_properties: Keys that the document does not know, as they came.
    """

    __slots__ = ()

    KEYS: ClassVar[Mapping[str, str]]
    SECRETS: ClassVar[frozenset[str]] = frozenset()
    ZONED: ClassVar[frozenset[str]] = frozenset()
    additional_properties: dict[str, Any]

    if not TYPE_CHECKING:  # Type checkers would take any attribute for granted.

        def __getattr__(self, name: str) -> Any:
            # Asked only for what is not there: `from_dict` leaves out the dict of unknown keys where
            # there are none. Hardly anybody looks at an empty one, and making it for each object
            # would take an eighth of the time of reading, the garbage collector's part included.
            if name == "additional_properties":
                made: dict[str, Any] = {}
                self.additional_properties = made
                return made
            msg = f"{type(self).__name__!r} object has no attribute {name!r}"
            raise AttributeError(msg, name=name, obj=self)

    def to_dict(self, *, typed: bool = False) -> dict[str, Any]:
        """Return the JSON object: known keys as the document orders them, then the others.

        Args:
            typed: Keep times as ``datetime`` and ``date`` objects, as tables want them, instead
                of writing them as JSON does.
        """
        result: dict[str, Any] = {}
        for name, key in self.KEYS.items():
            value = getattr(self, name)
            if value is not UNSET:
                if type(value) not in _JSON_SCALARS:
                    value = (
                        _typed_value(value)
                        if typed
                        else json_value(value, zoned=name in self.ZONED)
                    )
                result[key] = value
        result.update(self.additional_properties)
        return result

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> Any:
        """Let pydantic and FastAPI read and write models."""
        from_dict: Callable[[Mapping[str, Any]], Model] = getattr(cls, "from_dict")

        def read(value: Any) -> Model:
            if isinstance(value, cls):
                return value
            if isinstance(value, Mapping):
                return from_dict(value)
            msg = f"{cls.__name__} or a JSON object expected"
            raise ValueError(msg)

        def write(value: Model, info: Any) -> dict[str, Any]:
            return value.to_dict(typed=info.mode == "python")

        # What pydantic_core.core_schema would make, which need not be installed.
        return {
            "type": "function-plain",
            "function": {"type": "no-info", "function": read},
            "serialization": {"type": "function-plain", "function": write, "info_arg": True},
        }

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: Any, _handler: Any) -> dict[str, Any]:
        """Return what FastAPI shows of a model: its keys, as the document names them."""
        summary = (cls.__doc__ or "").partition("\n")[0]
        properties: dict[str, Any] = {key: {} for key in cls.KEYS.values()}
        return {
            "type": "object",
            "title": cls.__name__,
            "description": summary,
            "properties": properties,
        }

    def __repr__(self) -> str:
        parts: list[str] = []
        for name in self.KEYS:
            value = getattr(self, name)
            if value is not UNSET:
                shown = "'***'" if name in self.SECRETS and value is not None else repr(value)
                parts.append(f"{name}={shown}")
        if self.additional_properties:
            parts.append(f"additional_properties={self.additional_properties!r}")
        return f"{type(self).__name__}({', '.join(parts)})"


# Reading


Listener = Callable[[str, object], None]

deviation_listener: ContextVar[Listener | None] = ContextVar("deviation_listener", default=None)
"""Called with a place such as ``Content.title`` and the value, for each value not as promised."""


def unexpected(value: Any, where: str) -> Any:
    """Tell the listener that ``value`` is not what was promised, and return it as it is."""
    listener = deviation_listener.get()
    if listener is not None:
        listener(where, value)
    return value


def report_nulls(data: Mapping[str, Any], keys: Sequence[str], model: str) -> None:
    """Report each of ``keys`` that is null although the document promises a value."""
    for key in keys:
        if data.get(key, UNSET) is None:
            unexpected(None, f"{model}.{key}")


def fill_missing(data: Mapping[str, Any], keys: Sequence[str], model: str) -> dict[str, Any]:
    """Return ``data`` with UNSET for each of ``keys`` that is missing although it is required."""
    filled = dict(data)
    for key in keys:
        if key not in filled:
            filled[key] = unexpected(UNSET, f"{model}.{key}")
    return filled


def json_object(data: Any, operation: str, model: str) -> dict[str, Any]:
    """Return ``data``, the response to ``operation``.

    Raises:
        ValueError: It is not a JSON object, so that there is nothing to make a model of.
    """
    if isinstance(data, dict):
        return data
    msg = f"{operation}: the response is no JSON object but a {type(data).__name__}; {model} expected."
    raise ValueError(msg)


from_iso_format = datetime.datetime.fromisoformat
"""Given a timestamp without a zone and a ``Z``, the quickest way to the instant."""


def parse_datetime(text: str, where: str = "timestamp") -> Any:
    """Return the instant that ``text`` names as an aware UTC ``datetime``.

    Text without a zone is in UTC. ``T`` or a blank may stand between date and time, fractions may
    have any number of digits (more than six are cut off). Text that names no instant comes back
    as it is.
    """
    try:
        # Timestamps without zone are the rule; a zone behind a zone is rejected and tried below.
        return from_iso_format(text + "Z")
    except ValueError:
        pass
    try:
        instant = from_iso_format(text)
        if instant.tzinfo is None:
            return instant.replace(tzinfo=datetime.UTC)
        return instant.astimezone(datetime.UTC)
    except (OverflowError, ValueError):
        # In UTC, the first and the last hours of the calendar may lie outside of it.
        return unexpected(text, where)


def parse_odd_datetime(value: Any, where: str) -> Any:
    """Do as ``parse_datetime`` does with a value that may be no text, which comes back as it is."""
    return parse_datetime(value, where) if isinstance(value, str) else unexpected(value, where)


def parse_date(text: str, where: str = "date") -> Any:
    """Return the day that ``text`` names; text that names none comes back as it is."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return unexpected(text, where)


# Writing


_JSON_SCALARS = frozenset({str, int, float, bool, type(None)})


def format_datetime(value: datetime.datetime) -> str:
    """Return ``value`` in the wire's form: UTC without a zone, six fraction digits.

    A value without a zone is taken to be in UTC.

    Raises:
        ValueError: In UTC, it lies outside of the calendar.
    """
    if value.tzinfo is not None:
        try:
            value = value.astimezone(datetime.UTC).replace(tzinfo=None)
        except OverflowError:
            msg = f"{value.isoformat()} lies outside of the years 1 to 9999 in UTC."
            raise ValueError(msg) from None
    return value.isoformat(timespec="microseconds")


def format_zoned_datetime(value: datetime.datetime) -> str:
    """Return ``value`` as RFC 3339 has it, in UTC: for ``format: date-time`` of the document.

    Raises:
        TypeError: It is no point in time.
    """
    if not isinstance(value, datetime.datetime):
        msg = f"A datetime.datetime is needed, not {value!r}."
        raise TypeError(msg)
    return f"{format_datetime(value)}Z"


def format_date(value: datetime.date) -> str:
    """Return ``value`` as ``YYYY-MM-DD``.

    Raises:
        TypeError: It is a point in time, whose day depends on the zone.
    """
    if isinstance(value, datetime.datetime) or not isinstance(value, datetime.date):
        msg = f"A datetime.date is needed, not {value!r}; for a point in time say which day: value.date()."
        raise TypeError(msg)
    return value.isoformat()


def json_value(value: Any, *, zoned: bool = False) -> Any:
    """Return ``value`` as JSON data, models and times in the wire's form.

    Args:
        value: What to write.
        zoned: Whether its own times, or those of its items, are written with a zone.

    Raises:
        TypeError: It has no form in JSON.
    """
    if type(value) in _JSON_SCALARS:
        return value
    if isinstance(value, OpenEnum):
        return value.value
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, (list, tuple)):
        return [json_value(item, zoned=zoned) for item in value]
    if isinstance(value, Mapping):
        return {key: json_value(item) for key, item in value.items()}
    if isinstance(value, datetime.datetime):
        return format_zoned_datetime(value) if zoned else format_datetime(value)
    if isinstance(value, datetime.date):
        return format_date(value)
    msg = f"{value!r} has no form in JSON; give text, a number, a time, a model, or a list or dict of these."
    raise TypeError(msg)


def _typed_value(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, Model):
        return value.to_dict(typed=True)
    if isinstance(value, (list, tuple)):
        return [_typed_value(item) for item in value]
    return json_value(value)


# Arguments


LONGEST: Final = 16_384
"""Most characters of a text in an address: common servers take no longer request line."""


def _value_error(_operation: str, text: str) -> Exception:
    return ValueError(text)


argument_error: Callable[[str, str], Exception] = _value_error
"""Makes the error about an argument that cannot be sent from the operation's id and the message.

A client sets its own, so that all its errors are of one family.
"""


def json_argument(value: Any, where: str, *kinds: type | None, zoned: bool = False) -> Any:
    """Return the argument ``value`` as JSON data that can be encoded.

    Args:
        value: The argument.
        where: ``<resource>.<method>: <argument>``, for the error.
        kinds: Types that it may have, None for null; any where there are none.
        zoned: Whether times are written with a zone.

    Raises:
        Exception: `argument_error`: it has another type, or no form in JSON.
    """
    _check_kind(value, where, kinds)
    try:
        data = json_value(value, zoned=zoned)
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
    except (ArithmeticError, RecursionError, TypeError, ValueError) as error:
        raise _cannot_be_sent(where, error) from None
    return data


def query_text(value: Any, where: str, *kinds: type, zoned: bool = False) -> str:
    """Return the argument ``value`` as text in a query; see `json_argument`.

    Raises:
        Exception: `argument_error`: it has another type, or no form in a query.
    """
    _check_kind(value, where, kinds)
    try:
        is_time = zoned and isinstance(value, datetime.datetime)
        text = format_zoned_datetime(value) if is_time else _text(value)
        if text.isascii() and 3 * len(text) <= LONGEST:
            return text  # However it is encoded, it fits.
        long = len(text) > LONGEST or len(quote(text, safe="")) > LONGEST
    except (ArithmeticError, TypeError, ValueError) as error:
        raise _cannot_be_sent(where, error) from None
    if long:
        raise _rejected(where, f"must be shorter: an address takes {LONGEST} characters at most")
    return text


def path_segment(value: Any, where: str) -> str:
    """Return the argument ``value`` percent-encoded as one segment of a path.

    Raises:
        Exception: `argument_error`: it is neither text nor a whole number, empty, or made of dots
            alone, which would name another path.
    """
    text = query_text(value, where, str, int)
    if not text:
        raise _rejected(where, "must not be empty")
    if text in {".", ".."}:
        raise _rejected(where, f"must not be {text!r}: the request would go to another address")
    return quote(text, safe="")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, enum.Enum) and value is not UNSET:
        return str(value.value)
    if isinstance(value, float) and not math.isfinite(value):
        msg = f"{value} is not a number"
        raise ValueError(msg)
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, datetime.datetime):
        return format_datetime(value)
    if isinstance(value, datetime.date):
        return format_date(value)
    msg = f"a {type(value).__name__} has no form in a query"
    raise TypeError(msg)


def _check_kind(value: Any, where: str, kinds: tuple[type | None, ...]) -> None:
    if not kinds or (value is None and None in kinds):
        return
    if any(kind is not None and _is_of(value, kind) for kind in kinds):
        return
    names = " or ".join("None" if kind is None else kind.__name__ for kind in kinds)
    advice = ""
    if datetime.date in kinds and isinstance(value, datetime.datetime):
        advice = "; say which day it is with value.date()"
    raise _rejected(where, f"must be {names}, not {type(value).__name__}{advice}")


def _is_of(value: Any, kind: type) -> bool:
    # For Python, True is a number and a point in time a day.
    if isinstance(value, bool):
        return kind is bool
    if isinstance(value, datetime.datetime) and kind is datetime.date:
        return False
    return isinstance(value, kind)


def _cannot_be_sent(where: str, error: Exception) -> Exception:
    if isinstance(error, UnicodeEncodeError):
        reason = "it holds half of a surrogate pair, as a text that was cut inside an emoji does"
    elif isinstance(error, RecursionError):
        reason = "it is nested too deeply"
    else:
        reason = str(error).rstrip(".")
    return _rejected(where, f"cannot be sent: {reason}")


def _rejected(where: str, problem: str) -> Exception:
    return argument_error(where.partition(":")[0], f"{where} {problem}.")

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
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from contextvars import ContextVar
from typing import IO, TYPE_CHECKING, Any, ClassVar, Final, Literal, Self, TypeAlias, TypeVar
from urllib.parse import quote, urlencode

__all__ = [
    "LONGEST",
    "UNSET",
    "ByValue",
    "FileContent",
    "Model",
    "OpenEnum",
    "OpenIntEnum",
    "Unset",
    "Variant",
    "Variants",
    "argument_error",
    "deviation_listener",
    "file_content",
    "fill_missing",
    "form_content",
    "format_date",
    "format_datetime",
    "format_zoned_datetime",
    "from_iso_format",
    "header_text",
    "json_argument",
    "json_object",
    "json_result",
    "json_text",
    "json_value",
    "multipart_content",
    "parse_date",
    "parse_datetime",
    "parse_odd_datetime",
    "path_segment",
    "query_part",
    "query_text",
    "read_instant",
    "report_nulls",
    "text_content",
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

    def __reduce_ex__(self, _protocol: Any) -> tuple[Any, ...]:
        # By its value: Python 3.11.2 looks for a name, which an unknown member does not have.
        return type(self), (self._value_,)

    @property
    def is_known(self) -> bool:
        """Whether the document lists this value."""
        return self._value_ in type(self)._value2member_map_

    def __repr__(self) -> str:
        if self.is_known:
            return f"{type(self).__name__}.{self._name_}"
        return f"{type(self).__name__}({self._value_!r})"


class OpenIntEnum(enum.IntEnum):
    """An enum of whole numbers that keeps values it does not know, as members of their own."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if type(value) is not int:
            return None
        member = int.__new__(cls, value)
        member._name_ = str(value)
        member._value_ = value
        return member

    def __reduce_ex__(self, _protocol: Any) -> tuple[Any, ...]:
        # By its value: Python 3.11.2 looks for a name, which an unknown member does not have.
        return type(self), (self._value_,)

    @property
    def is_known(self) -> bool:
        """Whether the document lists this value."""
        return self._value_ in type(self)._value2member_map_


EnumT = TypeVar("EnumT", bound=enum.Enum)


class ByValue(dict[Any, EnumT]):
    """The members of an enum by value: several times quicker than calling the enum."""

    def __init__(self, of: type[EnumT]) -> None:
        super().__init__((member.value, member) for member in of)
        self._of = of

    def __missing__(self, value: Any) -> EnumT:
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


def json_result(data: Any, operation: str, expected: str, *kinds: type | None) -> Any:
    """Return ``data``, the response to ``operation``.

    Raises:
        ValueError: It is of none of the types ``kinds`` (None for null).
    """
    if data is None and None in kinds:
        return data
    if any(kind is not None and _is_of(data, kind) for kind in kinds) or not kinds:
        return data
    msg = f"{operation}: the response is a {type(data).__name__}; {expected} expected."
    raise ValueError(msg)


class Variant:
    """One of the kinds that a value may have.

    Args:
        kinds: Its types in JSON.
        read: Converts such a value, and raises ValueError where it has not the form of this
            variant; None where nothing is to convert.
        required: Keys that an object of this variant has.
        known: Keys that the document lists for it, or the values of an enum.
    """

    def __init__(
        self,
        kinds: tuple[type, ...],
        read: Callable[[Any], Any] | None,
        *,
        required: frozenset[str] = frozenset(),
        known: Collection[Any] = frozenset(),
    ) -> None:
        self._kinds = kinds
        self.read = read
        self._required = required
        self._known = known

    def fit(self, value: Any) -> int:
        """Return how well ``value`` fits, -1 where it does not."""
        if type(value) not in self._kinds and self._kinds != (object,):
            return -1
        if isinstance(value, dict):
            if not self._required <= value.keys():
                return -1
            return sum(key in self._known for key in value)
        if self._known:
            return 3 if value in self._known else 0
        if isinstance(value, str) and self.read is not None:
            try:
                self.read(value)
            except ValueError:
                return -1
            return 2
        return 1


class Variants:
    """Reader of a value that is one of several kinds.

    Args:
        variants: The kinds, in the order of the document.
        key: Key whose value names the class of an object; empty where its keys decide.
        classes: Reader of the class for each value of that key.
    """

    def __init__(
        self,
        *variants: Variant,
        key: str = "",
        classes: Mapping[str, Callable[[Any], Any]] = {},
    ) -> None:
        self._variants = variants
        self._key = key
        self._classes = classes

    def read(self, value: Any, where: str) -> Any:
        """Return ``value`` as the variant that fits best; as it is where none does."""
        if self._key and isinstance(value, dict):
            reader = self._classes.get(str(value.get(self._key)))
            return unexpected(value, where) if reader is None else reader(value)
        best = max(self._variants, key=lambda each: each.fit(value))
        if best.fit(value) < 0:
            return unexpected(value, where)
        return value if best.read is None else best.read(value)


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


def read_instant(text: str) -> datetime.datetime:
    """Return the instant that ``text`` names.

    Raises:
        ValueError: It names none.
    """
    instant = from_iso_format(text)
    if "T" not in text and " " not in text:
        msg = f"{text!r} is a day"
        raise ValueError(msg)
    return instant.replace(tzinfo=instant.tzinfo or datetime.UTC).astimezone(datetime.UTC)


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
    if isinstance(value, OpenEnum | OpenIntEnum):
        return value.value
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, (list, tuple)):
        return [json_value(item, zoned=zoned) for item in value]
    if isinstance(value, Mapping):
        return {key: json_value(item, zoned=zoned) for key, item in value.items()}
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
    if isinstance(value, list | tuple):
        return ",".join(path_segment(each, where) for each in value)
    text = query_text(value, where, str, int)
    if not text:
        raise _rejected(where, "must not be empty")
    if text in {".", ".."}:
        raise _rejected(where, f"must not be {text!r}: the request would go to another address")
    return quote(text, safe="")


# Reserved characters of RFC 3986 that end no parameter.
_RESERVED = ":/?[]@!$'()*,;"
_DELIMITERS = {"spaceDelimited": "%20", "pipeDelimited": "|"}


def query_part(
    key: str,
    value: Any,
    where: str,
    *kinds: type | None,
    style: str = "form",
    explode: bool = True,
    reserved: bool = False,
    zoned: bool = False,
) -> str:
    """Return an argument as encoded query parameters, in a style of OpenAPI 3.0.3.

    Args:
        key: Name of the parameter.
        value: The argument.
        where: ``<resource>.<method>: <argument>``, for the error.
        kinds: Types that it may have.
        style: ``form``, ``spaceDelimited``, ``pipeDelimited``, ``deepObject``, or ``json``.
        explode: Whether each item, or each key, is a parameter of its own.
        reserved: Whether reserved characters are written as they are.
        zoned: Whether times are written with a zone.

    Raises:
        Exception: `argument_error`: it has another type, or no form in a query.
    """
    _check_kind(value, where, kinds)
    safe = _RESERVED if reserved else ""
    name = quote(key, safe="")
    if style == "json":
        text = json_text(value, where, zoned=zoned)
        return _short(f"{name}={quote(text, safe=safe)}", where)
    if isinstance(value, Mapping | Model):
        texts = {
            quote(each, safe=""): quote(text, safe=safe)
            for each, text in _texts_by_key(value, where, zoned=zoned).items()
        }
        if style == "deepObject":
            pairs = [f"{name}%5B{each}%5D={text}" for each, text in texts.items()]
        elif explode:
            pairs = [f"{each}={text}" for each, text in texts.items()]
        else:
            pairs = [f"{name}={','.join(part for pair in texts.items() for part in pair)}"]
        return _short("&".join(pairs), where)
    if isinstance(value, list | tuple):
        items = [quote(query_text(each, where, zoned=zoned), safe=safe) for each in value]
        if explode and style not in _DELIMITERS:
            return _short("&".join(f"{name}={each}" for each in items), where)
        return _short(f"{name}={_DELIMITERS.get(style, ',').join(items)}", where)
    return _short(f"{name}={quote(query_text(value, where, zoned=zoned), safe=safe)}", where)


def json_text(value: Any, where: str, *, zoned: bool = False) -> str:
    """Return the argument ``value`` as JSON in ASCII, for a query or a header.

    Raises:
        Exception: `argument_error`: it has no form in JSON.
    """
    return json.dumps(json_argument(value, where, zoned=zoned), separators=(",", ":"))


def _short(text: str, where: str) -> str:
    if len(text) > LONGEST:
        raise _rejected(where, f"must be shorter: an address takes {LONGEST} characters at most")
    return text


def _texts_by_key(value: Any, where: str, *, zoned: bool) -> dict[str, str]:
    data = value.to_dict(typed=True) if isinstance(value, Model) else value
    return {
        query_text(key, where, str): query_text(each, where, zoned=zoned)
        for key, each in data.items()
        if each is not None and each is not UNSET
    }


def header_text(
    value: Any, where: str, *kinds: type | None, explode: bool = False, zoned: bool = False
) -> str:
    """Return the argument ``value`` as the value of a header, in the style ``simple``.

    Raises:
        Exception: `argument_error`: it has another type, or no form in a header.
    """
    _check_kind(value, where, kinds)
    if isinstance(value, Mapping | Model):
        sign = "=" if explode else ","
        texts = _texts_by_key(value, where, zoned=zoned)
        text = ",".join(f"{key}{sign}{each}" for key, each in texts.items())
    elif isinstance(value, list | tuple):
        text = ",".join(query_text(each, where, zoned=zoned) for each in value)
    else:
        text = query_text(value, where, zoned=zoned)
    if not (text.isascii() and text.isprintable()) or text != text.strip():
        raise _rejected(
            where, "must be printable ASCII without blanks around it, as a header takes"
        )
    return text


FileContent: TypeAlias = (
    bytes | IO[bytes] | tuple[str, bytes | IO[bytes]] | tuple[str, bytes | IO[bytes], str]
)
"""Content of a file: bytes or a binary file, alone or as (name, content) or (name, content, type).

A file is read to its end when the call is made, so that the request can be repeated.
"""


def file_content(value: Any, where: str) -> bytes:
    """Return the bytes of a `FileContent`.

    Raises:
        Exception: `argument_error`: it is none.
    """
    return _file(value, where)[1]


def _file(value: Any, where: str) -> tuple[str, bytes, str]:
    name, kind = "file", "application/octet-stream"
    if isinstance(value, tuple) and len(value) in {2, 3}:
        name, kind = str(value[0]), str(value[2]) if len(value) == 3 else kind
        value = value[1]
    elif isinstance(getattr(value, "name", None), str):
        name = value.name.replace("\\", "/").rpartition("/")[2]
    if hasattr(value, "read"):
        value = value.read()
    if not isinstance(value, bytes | bytearray | memoryview):
        raise _rejected(where, "must be bytes or a file that is open in binary mode")
    return name, bytes(value), kind


def text_content(value: Any, where: str) -> bytes:
    """Return the argument ``value``, a text, in UTF-8.

    Raises:
        Exception: `argument_error`: it is no text, or cannot be encoded.
    """
    _check_kind(value, where, (str,))
    try:
        return str(value).encode()
    except UnicodeEncodeError as error:
        raise _cannot_be_sent(where, error) from None


def form_content(data: Mapping[str, Any]) -> bytes:
    """Return JSON data as a form, ``application/x-www-form-urlencoded``."""
    return urlencode(
        [
            (key, _form_text(each))
            for key, value in data.items()
            for each in (value if isinstance(value, list) else [value])
        ]
    ).encode()


def _form_text(value: Any) -> str:
    if value is None:
        return ""
    return _text(value) if isinstance(value, str | int | float) else json.dumps(value)


def multipart_content(
    data: Mapping[str, Any], files: Mapping[str, Any], operation: str
) -> tuple[bytes, str]:
    """Return fields and files as ``multipart/form-data``, and that media type with its boundary."""
    boundary = secrets.token_hex(16)
    parts: list[bytes] = []
    for key, value in data.items():
        for each in value if isinstance(value, list) else [value]:
            is_json = isinstance(each, dict | list)
            head = "\r\nContent-Type: application/json" if is_json else ""
            parts.append(_part(key, _form_text(each).encode(), head))
    for key, value in files.items():
        name, content, kind = _file(value, f"{operation}: {key}")
        if not kind.isascii() or not kind.isprintable():
            raise _rejected(f"{operation}: {key}", "has a media type that no header can hold")
        parts.append(_part(key, content, f"\r\nContent-Type: {kind}", name))
    mark = f"--{boundary}".encode()
    body = b"".join(mark + part for part in parts) + mark + b"--\r\n"
    return body, f"multipart/form-data; boundary={boundary}"


def _part(key: str, content: bytes, head: str, name: str | None = None) -> bytes:
    # Quotes and line ends are percent-encoded, as browsers do (WHATWG HTML, "multipart/form-data").
    named = "" if name is None else f'; filename="{_quoted(name)}"'
    disposition = f'\r\nContent-Disposition: form-data; name="{_quoted(key)}"{named}{head}\r\n\r\n'
    return disposition.encode() + content + b"\r\n"


def _quoted(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


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

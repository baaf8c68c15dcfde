"""Responses: the result of a call with its HTTP response, and how a body becomes a result."""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
import functools
import json
import typing
import warnings
import zlib
from http import HTTPStatus

from insightiq_generated.types import UNSET, deviation_listener

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

__all__ = [
    "ACCEPTED",
    "BROKEN_DATA",
    "Body",
    "BodyError",
    "Failure",
    "LastResponse",
    "Problem",
    "Reader",
    "Response",
    "StrictReadingError",
    "UnexpectedValueWarning",
    "decode_json",
    "json_body",
    "json_object",
    "keep_response",
    "keeping_response",
    "text_of",
]

ResultT = typing.TypeVar("ResultT")
ResultT_co = typing.TypeVar("ResultT_co", covariant=True)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Response(typing.Generic[ResultT_co]):
    """A response of the API and the result of the call.

    Attributes:
        parsed: The result, as the call itself returns it.
        status_code: HTTP status.
        headers: Headers; names are found in any spelling.
        raw: The body, decompressed.
        request_id: The id that the vendor's support asks for, None where there is none.
        attempts: Number of attempts to send the request.
        waited: Seconds spent waiting between the attempts and for the quota.
        body_problem: Why the body could not be read; empty for the response of a success.
    """

    parsed: ResultT_co
    status_code: int
    headers: Mapping[str, str]
    raw: bytes
    request_id: str | None = None
    attempts: int = 1
    waited: float = 0.0
    body_problem: str = ""

    @property
    def is_success(self) -> bool:
        """Whether the status is one of success, 2xx."""
        return HTTPStatus.OK <= self.status_code < HTTPStatus.MULTIPLE_CHOICES

    def __repr__(self) -> str:
        # Headers and bodies hold tokens and names, so they are left out.
        kind = type(self.parsed).__name__
        return (
            f"<{type(self).__name__}[{kind}] status_code={self.status_code} "
            f"request_id={self.request_id!r} attempts={self.attempts}>"
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """An attempt without a response.

    Attributes:
        detail: The error of httpx as text.
        timed_out: A timeout ended the wait.
        sent: The server may have received the request. False only when it certainly did not.
        permanent: The same request fails in the same way, for example with an invalid address.
        untrusted: The server's certificate was not accepted.
    """

    detail: str
    timed_out: bool
    sent: bool
    permanent: bool = False
    untrusted: bool = False


# Keeping the response of a call, for with_response()


@dataclasses.dataclass(slots=True)
class LastResponse:
    """Holder of the last response.

    Attributes:
        response: The response, None before the first.
    """

    response: Response[object] | None = None

    def with_result(self, result: ResultT, method: object) -> Response[ResultT]:
        """Return the response with ``result``, which ``method`` returned."""
        if self.response is None:
            name = getattr(method, "__qualname__", repr(method))
            msg = (
                f"with_response: {name} made no call, so there is no response. "
                "Of a list take one of its own methods, for example iq.users.list().first."
            )
            raise TypeError(msg)
        return typing.cast("Response[ResultT]", dataclasses.replace(self.response, parsed=result))


_last: contextvars.ContextVar[LastResponse | None] = contextvars.ContextVar(
    "last_response", default=None
)


@contextlib.contextmanager
def keeping_response() -> Generator[LastResponse]:
    """Keep the last response of the calls that are made inside, in this thread or task."""
    last = LastResponse()
    token = _last.set(last)
    try:
        yield last
    finally:
        _last.reset(token)


def keep_response(response: Response[object]) -> None:
    """Keep ``response`` for ``keeping_response``."""
    last = _last.get()
    if last is not None:
        last.response = response


# Bodies

ACCEPTED: typing.Final = "gzip, deflate"
"""Accepted encodings: both can be decompressed in small steps, whatever their content."""

# Bytes that are decompressed in one step: a compressed byte can hold a thousand others.
_STEP = 65_536
_GZIP = zlib.MAX_WBITS | 16
_BITS = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": zlib.MAX_WBITS}
# More layers are not in use, and each one multiplies the work.
_MOST_LAYERS = 2


class BodyError(Exception):
    """A body cannot be kept; the text completes "… cannot be read: "."""


def encodings_of(header: str) -> list[str]:
    """Return the names in a ``Content-Encoding`` header, in the order in which they were applied."""
    names = [name.strip().lower() for name in header.split(",")]
    return [name for name in names if name not in {"", "identity"}]


def is_supported(encodings: list[str]) -> bool:
    """Return whether these encodings can be undone."""
    return len(encodings) <= _MOST_LAYERS and all(name in _BITS for name in encodings)


class Body:
    """A body that is collected and decompressed in small steps, up to a size."""

    __slots__ = ("_decompress", "_limit", "_parts", "_received", "_size")

    def __init__(self, encoding: str, limit: int | None) -> None:
        encodings = encodings_of(encoding) if encoding else []
        self._decompress: Callable[[bytes], Iterator[bytes]] | None = None
        if encodings and is_supported(encodings):
            self._decompress = _chain([_Layer(name) for name in reversed(encodings)])
        self._limit = limit
        self._parts: list[bytes] = []
        self._received = self._size = 0

    def add(self, chunk: bytes) -> None:
        """Add bytes from the network."""
        self._received += len(chunk)
        self._check(self._received)
        if self._decompress is None:
            self._parts.append(chunk)
            return
        for piece in self._decompress(chunk):
            self._size += len(piece)
            self._check(self._size)
            self._parts.append(piece)

    def end(self) -> bytes:
        """Return the body."""
        return b"".join(self._parts)

    def _check(self, size: int) -> None:
        if self._limit is not None and size > self._limit:
            self._parts.clear()
            msg = f"it has more than {self._limit} bytes; raise max_response_bytes if that is right"
            raise BodyError(msg)


class _Layer:
    """One layer of compression."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._inflate = zlib.decompressobj(_BITS[name])
        self._begun = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Yield the decompressed ``data``, a step at a time."""
        while not self._inflate.eof:
            piece = self._step(data)
            data = self._inflate.unconsumed_tail
            if piece:
                yield piece
            if not data and len(piece) < _STEP:
                return

    def _step(self, data: bytes) -> bytes:
        try:
            piece = self._inflate.decompress(data, _STEP)
        except zlib.error:
            if self._begun or self._name != "deflate":
                msg = f"its content encoding ({self._name}) cannot be undone"
                raise BodyError(msg) from None
            # Some servers leave out the frame that belongs around it (RFC 9110, 8.4.1.2).
            self._begun, self._inflate = True, zlib.decompressobj(-zlib.MAX_WBITS)
            return self._step(data)
        self._begun = True
        return piece


def _chain(layers: list[_Layer]) -> Callable[[bytes], Iterator[bytes]]:
    first, *others = layers
    if not others:
        return first.pieces
    rest = _chain(others)
    return lambda data: (inner for outer in first.pieces(data) for inner in rest(outer))


# JSON

# Digits look all alike here, so that a long number can be found as a plain text: many times quicker
# than by a regular expression, and an eighth of the time that reading a page takes.
_DIGITS_ALIKE = bytes(ord("0") if chr(byte) in "0123456789" else byte for byte in range(256))
_NEARLY_TOO_LONG = b"0" * 19
_TOO_LONG = (b"0" * 20, b"-" + _NEARLY_TOO_LONG)


def decode_json(content: bytes) -> typing.Any:
    """Return JSON data, read by orjson where that is installed and gives the same result."""
    loads = _orjson_loads()
    if loads is not None and not _has_long_number(content):
        try:
            return loads(content)
        except ValueError:
            # The standard library accepts more: NaN, lone surrogates, UTF-16.
            pass
    return json.loads(content)


def _has_long_number(content: bytes) -> bool:
    """Return whether there may be an integer beyond 64 bits, of which orjson makes a float."""
    alike = content.translate(_DIGITS_ALIKE)
    # From the end: that search is twice as quick, since the other one stops at each digit.
    nearly = alike.rfind(_NEARLY_TOO_LONG) >= 0
    return nearly and any(digits in alike for digits in _TOO_LONG)


@functools.cache
def _orjson_loads() -> Callable[[bytes], typing.Any] | None:
    try:
        import orjson
    except ImportError:
        return None
    return orjson.loads


class Problem(str):
    """The reason why a body cannot be read."""

    __slots__ = ()


def json_object(response: Response[None]) -> dict[str, typing.Any] | Problem:
    """Return the JSON object of a response, or the ``Problem`` with its body."""
    body = json_body(response)
    if isinstance(body, dict | Problem):
        return typing.cast("dict[str, typing.Any]", body) if isinstance(body, dict) else body
    return Problem(f"it is JSON, but not an object ({_size(response)})")


def json_body(response: Response[None]) -> typing.Any:
    """Return the body as JSON data, or the ``Problem`` with it."""
    if response.body_problem:
        return Problem(response.body_problem)
    try:
        return decode_json(response.raw)
    except (ValueError, RecursionError):
        # Nothing is raised from here: the parser's error keeps the whole body, tokens included,
        # and would stay attached to ours as its context.
        return Problem(_why_no_json(response))


def text_of(response: Response[None]) -> str:
    """Return the body as text, in the charset that its content type names, else in UTF-8."""
    parameters = response.headers.get("content-type", "").lower().split(";")[1:]
    named = [part.strip().removeprefix("charset=") for part in parameters if "charset=" in part]
    charset = named[0].strip('"') if named else "utf-8"
    try:
        return response.raw.decode(charset, "replace")
    except (LookupError, ValueError):
        # Unknown, or one of Python's own that are no charsets and raise whatever the bytes are.
        return response.raw.decode("utf-8", "replace")


def _why_no_json(response: Response[None]) -> str:
    encodings = encodings_of(response.headers.get("content-encoding", ""))
    if is_supported(encodings):
        return f"it is not valid JSON ({_size(response)})"
    return f"its content encoding ({', '.join(encodings)}) cannot be undone"


def _size(response: Response[None]) -> str:
    kind = response.headers.get("content-type", "no content type").partition(";")[0]
    return f"{kind}, {len(response.raw)} bytes"


# Results

BROKEN_DATA = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Errors that broken data can raise in the generated parsers; any other is a bug."""


class UnexpectedValueWarning(UserWarning):
    """A response holds a value that the document does not allow; it was kept as it is.

    Attributes:
        operation: ``<resource>.<method>`` of the call.
        place: ``<model>.<attribute>`` of the value.
        found: ``null``, ``nothing``, or the type of a value that cannot be read. Never the value
            itself, which may be personal.
    """

    def __init__(self, operation: str, place: str, found: str) -> None:
        super().__init__(
            f"{operation}: {place} holds {found} where the document promises a value; "
            "it was kept as it is. Look before using it, and consider an update of this package."
        )
        self.operation = operation
        self.place = place
        self.found = found

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.operation, self.place, self.found))


class StrictReadingError(ValueError):
    """Strict reading found a value that the document does not allow."""


class Reader:
    """Parses bodies, and warns once of each unexpected value."""

    def __init__(self) -> None:
        self._reported: set[str] = set()

    def read(
        self,
        operation: str,
        parse: Callable[[typing.Any], ResultT],
        body: object,
        *,
        strict: bool,
    ) -> ResultT:
        """Return the result that ``parse`` makes of the body of a response to ``operation``."""
        found: dict[str, str] = {}

        def note(place: str, value: object) -> None:
            found.setdefault(place, _kind(value))

        token = deviation_listener.set(note)
        try:
            result = parse(body)
        finally:
            deviation_listener.reset(token)
        if found:
            self._report(operation, found, strict=strict)
        return result

    def _report(self, operation: str, found: dict[str, str], *, strict: bool) -> None:
        if strict:
            places = ", ".join(f"{place} holds {what}" for place, what in sorted(found.items()))
            raise StrictReadingError(places)
        for place, what in found.items():
            if place not in self._reported:
                self._reported.add(place)
                warnings.warn(UnexpectedValueWarning(operation, place, what), stacklevel=2)


def _kind(value: object) -> str:
    if value is None:
        return "null"
    return "nothing" if value is UNSET else f"an unreadable {type(value).__name__}"

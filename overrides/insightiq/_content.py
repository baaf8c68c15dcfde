"""The body of a response: collected and decompressed in small steps, up to a size."""

from __future__ import annotations

import typing
import zlib

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["ACCEPTED", "Content", "ContentError", "encodings_of", "is_undoable"]

ACCEPTED: typing.Final = "gzip, deflate"
"""What to ask for: of these a little can be decompressed at a time, whatever is in it."""

# Bytes that are decompressed in one step: a compressed byte can hold a thousand others.
_STEP = 65_536
_GZIP = zlib.MAX_WBITS | 16
_BITS = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": zlib.MAX_WBITS}
# Nobody compresses thrice, and each layer multiplies the work.
_MOST_LAYERS = 2


class ContentError(Exception):
    """A body cannot be kept; the text says why, as the end of "… cannot be read: "."""


def encodings_of(header: str) -> list[str]:
    """Return the names in a ``Content-Encoding`` header, in the order in which they were applied."""
    names = [name.strip().lower() for name in header.split(",")]
    return [name for name in names if name not in {"", "identity"}]


def is_undoable(encodings: list[str]) -> bool:
    """Tell whether these encodings can be undone."""
    return len(encodings) <= _MOST_LAYERS and all(name in _BITS for name in encodings)


class Content:
    """Collects a body.

    Args:
        encoding: Value of the header ``Content-Encoding``, empty for none. A body of which it
            cannot be undone is kept as it comes: there are servers that say ``utf-8`` there.
        limit: Bytes that the body may have, both as it comes and decompressed; None for any number.
    """

    __slots__ = ("_decompress", "_limit", "_parts", "_received", "_size")

    def __init__(self, encoding: str, limit: int | None) -> None:
        encodings = encodings_of(encoding) if encoding else []
        self._decompress: Callable[[bytes], Iterator[bytes]] | None = None
        if encodings and is_undoable(encodings):
            self._decompress = _chain([_Layer(name) for name in reversed(encodings)])
        self._limit = limit
        self._parts: list[bytes] = []
        self._received = self._size = 0

    def add(self, chunk: bytes) -> None:
        """Take in what came from the network.

        Raises:
            ContentError: The body is damaged, or longer than it may be.
        """
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
            raise ContentError(msg)


class _Layer:
    """One layer of compression.

    Args:
        name: Which.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._inflate = zlib.decompressobj(_BITS[name])
        self._begun = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Yield what ``data`` holds, a step at a time."""
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
                raise ContentError(msg) from None
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

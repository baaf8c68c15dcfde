"""Reading HAR files, as browsers, proxies and this project's own reports write them."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import gzip
import json
import typing
import zlib

import openapi_document

from contract_testing.described import is_array

if typing.TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator, Mapping

__all__ = ["HarError", "Recorded", "read_har"]

Json: typing.TypeAlias = typing.Any

_LARGEST: typing.Final = 500 * 1024 * 1024
# Codings that Python cannot undo; most recorders have undone them before they write.
_UNREADABLE: typing.Final = frozenset({"br", "zstd", "deflate"})
_JSON_BEGINS: typing.Final = (b"{", b"[", b'"', b"null")
_GZIP: typing.Final = b"\x1f\x8b"


class HarError(Exception):
    """The file cannot be read as a HAR; the message says why and what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange of a recording.

    Attributes:
        place: Where it stands, for messages.
        method: HTTP method in capitals.
        url: The whole address.
        request_body: What was sent, None where that is not known.
        status: HTTP status; 0 where no answer came.
        headers: Headers of the answer, names in lower case.
        body: Its body, decoded; None where the recording does not hold it.
    """

    place: str
    method: str
    url: str = dataclasses.field(repr=False)
    request_body: bytes | None = dataclasses.field(repr=False)
    status: int
    headers: Mapping[str, str] = dataclasses.field(repr=False)
    body: bytes | None = dataclasses.field(repr=False)


def read_har(path: pathlib.Path) -> Iterator[Recorded]:
    """Yield the exchanges of a HAR file.

    Raises:
        HarError: It cannot be read, or is none.
    """
    log = _log(path)
    entries = log.get("entries")
    if not is_array(entries):
        msg = f"{path}: its log has no list of entries, so it is no HAR; export the traffic again."
        raise HarError(msg)
    for number, entry in enumerate(entries, 1):
        place = f"{path.name}, entry {number}"
        try:
            yield _recorded(place, entry)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            msg = f"{place}: it is no entry of a HAR ({type(error).__name__}: {error})."
            raise HarError(msg) from error


def _log(path: pathlib.Path) -> Mapping[str, Json]:
    try:
        if path.stat().st_size > _LARGEST:
            msg = f"{path}: larger than {_LARGEST // 2**20} MiB; export a part of the traffic."
            raise HarError(msg)
        content = path.read_bytes()
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror}); give the path of a HAR file."
        raise HarError(msg) from error
    try:
        if content.startswith(_GZIP):
            content = gzip.decompress(content)
        document: Json = json.loads(content)
    except (ValueError, RecursionError, OSError, EOFError, zlib.error) as error:
        msg = (
            f"{path}: it is no JSON, so it is no HAR; export the traffic as HAR "
            '("Save all as HAR" in the network panel of a browser).'
        )
        raise HarError(msg) from error
    log = document.get("log") if openapi_document.is_object(document) else None
    if not openapi_document.is_object(log):
        msg = f"{path}: it has no object under 'log', so it is no HAR; export the traffic again."
        raise HarError(msg)
    return log


def _recorded(place: str, entry: Json) -> Recorded:
    request, response = entry["request"], entry["response"]
    headers = {each["name"].lower(): str(each["value"]) for each in response.get("headers", [])}
    return Recorded(
        place=place,
        method=str(request["method"]).upper(),
        url=str(request["url"]),
        request_body=_content(request.get("postData")),
        status=int(response["status"] or 0),
        headers=headers,
        body=_content(response.get("content"), headers.get("content-encoding", "")),
    )


def _content(content: Json, coding: str = "") -> bytes | None:
    """Return a body as it was before any encoding; None where there is none, or none readable."""
    text = content.get("text") if openapi_document.is_object(content) else None
    if not isinstance(text, str):
        return None
    body = text.encode("utf-8", "replace")
    if str(content.get("encoding", "")).lower() == "base64":
        try:
            body = base64.b64decode(text, validate=False)
        except binascii.Error:
            return None
    if body.startswith(_GZIP):
        # Some proxies keep the bytes of the wire.
        try:
            return gzip.decompress(body)
        except (OSError, EOFError, zlib.error):
            return None
    if coding in _UNREADABLE and not body.lstrip().startswith(_JSON_BEGINS):
        return None
    return body

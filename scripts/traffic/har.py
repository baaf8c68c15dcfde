"""Reading HAR files, as browsers, proxies, test tools and this project's own reports write them.

Recorders leave parts out, and write some that are not what they seem: an entry that cannot be read
is left out with its reason, and never costs the others.
"""

from __future__ import annotations

import base64
import dataclasses
import gzip
import io
import json
import pathlib
import typing
import urllib.parse
import zipfile
import zlib

import openapi_document
from document_views import is_array

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["HarError", "Recorded", "read_har"]

Json: typing.TypeAlias = typing.Any

_LARGEST: typing.Final = 500 * 1024 * 1024
# Codings that Python cannot undo; most recorders have undone them before they write.
_UNREADABLE: typing.Final = frozenset({"br", "zstd", "deflate"})
_JSON_BEGINS: typing.Final = (b"{", b"[", b'"', b"null")
_GZIP: typing.Final = b"\x1f\x8b"
_ZIP: typing.Final = b"PK\x03\x04"


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
        flaw: Why the entry cannot be judged; empty if it can.
    """

    place: str
    method: str
    url: str = dataclasses.field(repr=False)
    request_body: bytes | None = dataclasses.field(repr=False)
    status: int
    headers: Mapping[str, str] = dataclasses.field(repr=False)
    body: bytes | None = dataclasses.field(repr=False)
    flaw: str = ""


# Returns a body that the recording keeps in a file of its own; None where there is none.
_Attached: typing.TypeAlias = "Callable[[str], bytes | None]"


def read_har(path: pathlib.Path) -> Iterator[Recorded]:
    """Yield the exchanges of a HAR file, or of a zip archive that holds one (Playwright's form).

    Raises:
        HarError: It cannot be read, or is none.
    """
    content, attached = _opened(path)
    entries = _log(path, content).get("entries")
    if not is_array(entries):
        msg = f"{path}: its log has no list of entries, so it is no HAR; export the traffic again."
        raise HarError(msg)
    for number, entry in enumerate(entries, 1):
        yield _recorded(f"{path.name}, entry {number}", entry, attached)


def _opened(path: pathlib.Path) -> tuple[bytes, _Attached]:
    """Return the text of a recording, and a way to the bodies that lie beside it."""
    try:
        if path.stat().st_size > _LARGEST:
            msg = f"{path}: larger than {_LARGEST // 2**20} MiB; export a part of the traffic."
            raise HarError(msg)
        content = path.read_bytes()
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror}); give the path of a HAR file."
        raise HarError(msg) from error
    if content.startswith(_ZIP):
        return _unzipped(path, content)

    def beside(name: str) -> bytes | None:
        # A name, never a way out of the folder.
        if name != pathlib.PurePath(name).name:
            return None
        try:
            return (path.parent / name).read_bytes()
        except (OSError, ValueError):
            return None

    return content, beside


def _unzipped(path: pathlib.Path, content: bytes) -> tuple[bytes, _Attached]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        sizes = {each.filename: each.file_size for each in archive.infolist()}
        found = [name for name in sizes if name.endswith(".har")]
        if len(found) == 1 and sum(sizes.values()) <= _LARGEST:
            members = {name: archive.read(name) for name in sizes}
            return members[found[0]], members.get
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, zlib.error) as error:
        msg = f"{path}: a damaged archive ({error}); export the traffic again."
        raise HarError(msg) from error
    msg = (
        f"{path}: an archive with {len(found)} HAR files and {sum(sizes.values())} bytes; it must "
        f"hold one, and at most {_LARGEST // 2**20} MiB."
    )
    raise HarError(msg)


def _log(path: pathlib.Path, content: bytes) -> Mapping[str, Json]:
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


def _recorded(place: str, entry: Json, attached: _Attached) -> Recorded:
    request = _object(_object(entry).get("request"))
    # A request that was aborted has no response.
    response = _object(_object(entry).get("response"))
    headers = dict(_headers(response.get("headers")))
    method, url, status = request.get("method"), request.get("url"), response.get("status")
    flaw = ""
    if not (isinstance(method, str) and isinstance(url, str)):
        flaw = "entries without a method or an address"
    elif not _is_address(url):
        flaw = "addresses that cannot be read"
    return Recorded(
        place=place,
        method=str(method).upper(),
        url="" if flaw else str(url),
        request_body=_content(request.get("postData"), attached),
        # Some recorders write -1 for a request that failed.
        status=status if type(status) is int and status > 0 else 0,
        headers=headers,
        body=_content(response.get("content"), attached, headers.get("content-encoding", "")),
        flaw=flaw,
    )


def _object(value: Json) -> Mapping[str, Json]:
    return value if openapi_document.is_object(value) else {}


def _headers(written: Json) -> Iterator[tuple[str, str]]:
    for each in written if is_array(written) else ():
        name = _object(each).get("name")
        if isinstance(name, str):
            yield name.lower(), str(_object(each).get("value", ""))


def _is_address(url: str) -> bool:
    try:
        # Half a surrogate pair is legal JSON, and no part of an address.
        url.encode()
        return urllib.parse.urlsplit(url).hostname is not None
    except ValueError:
        return False


def _content(content: Json, attached: _Attached, coding: str = "") -> bytes | None:
    """Return a body as it was before any encoding; None where there is none, or none readable."""
    text, name = _object(content).get("text"), _object(content).get("_file")
    if isinstance(text, str):
        body = _decoded(text, str(content.get("encoding", "")).lower())
    else:
        body = attached(name) if isinstance(name, str) else None
    if body is None:
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


def _decoded(text: str, encoding: str) -> bytes | None:
    plain = text.encode("utf-8", "replace")
    # Firefox calls plain JSON base64 at times.
    if encoding != "base64" or plain.lstrip().startswith(_JSON_BEGINS):
        return plain
    try:
        return base64.b64decode(text, validate=False)
    except ValueError:
        return None

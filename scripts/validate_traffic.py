"""Validate recorded traffic against the OpenAPI document.

Usage: python scripts/validate_traffic.py HAR [HAR …] [--successes-only] [--document FILE]
[--host HOST] [--json FILE]

A HAR is what the network panel of a browser, or a proxy, saves; the contract tests write one, too.
Reported are operations, statuses, parameters, fields, headers and values that the document does not
know, and types that it knows differently: with counts, and without any value of the traffic, which
belongs to real people. Ends with 0 where traffic and document agree, with 1 where they do not, with
2 where a file cannot be read or holds no traffic of this API, with 130 after Ctrl-C.

Recorders leave parts out, and write some that are not what they seem: an entry that cannot be read
is left out with its reason, and never costs the others.
"""

from __future__ import annotations

if __name__ == "__main__":
    # First of all: failures of the imports below are covered, too.
    from insightiq._entry_point import run_script

    run_script("validate_traffic", __file__)

import argparse
import base64
import collections
import dataclasses
import gzip
import io
import itertools
import json
import os
import pathlib
import re
import sys
import typing
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus

import openapi_document
from document_views import Contract, Routes, is_array, is_vendor, parameters, resolved

if typing.TYPE_CHECKING:
    from document_views import Document
    from openapi_document import Operation

__all__ = ["Difference", "Recorded", "Validation", "main", "read_har", "unknown_keys", "validate"]

Json: typing.TypeAlias = typing.Any

_FIRST_ERROR: typing.Final = 400
_PREFIX: typing.Final = "/v1/"
_MASKED: typing.Final = re.compile(
    r"\W*(filtered|redacted|masked|hidden|removed)?\W*", re.IGNORECASE
)
# Names of states and events are no secrets; anything longer or looser may be.
_CODE: typing.Final = re.compile(r"[A-Z][A-Z0-9_.-]{0,40}")
_ID: typing.Final = re.compile(r"[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}|\d{3,}")
_WORD: typing.Final = re.compile(r"[a-z]+([-_][a-z]+)*")
_KEY: typing.Final = re.compile(r"[A-Za-z_][\w-]{0,60}")
# Headers that any server, proxy or browser adds, whatever the API is.
_COMMON: typing.Final = re.compile(
    r"(access-control-|cf-|x-amz|x-cache|x-envoy|sec-|:).*|accept-ranges|age|allow|alt-svc"
    r"|cache-control|connection|content-(encoding|language|length|security-policy|type)|date|etag"
    r"|expires|keep-alive|last-modified|location|mock-source|nel|pragma|referrer-policy|report-to"
    r"|server|server-timing|set-cookie|strict-transport-security|transfer-encoding|vary|via"
    r"|x-content-type-options|x-frame-options|x-powered-by|x-xss-protection|upgrade"
)
_TYPES: typing.Final = {
    "dict": "an object",
    "list": "an array",
    "str": "text",
    "bool": "true or false",
    "int": "a number",
    "float": "a number",
    "NoneType": "null",
}
_TITLES: typing.Final = {
    "operation": "Operations that the document does not have",
    "status": "Statuses that the document does not have",
    "request": "Requests that the document does not describe",
    "header": "Headers",
    "body": "Bodies that are not JSON",
    "field": "Fields",
    "type": "Types and formats",
    "value": "Values of enumerations",
}

_LARGEST: typing.Final = 500 * 1024 * 1024
# Codings that Python cannot undo; most recorders have undone them before they write.
_UNREADABLE: typing.Final = frozenset({"br", "zstd", "deflate"})
_JSON_BEGINS: typing.Final = (b"{", b"[", b'"', b"null")
_GZIP: typing.Final = b"\x1f\x8b"
_ZIP: typing.Final = b"PK\x03\x04"


# ---- reading recordings ----------------------------------------------------------


class HarError(Exception):
    """The file cannot be read as a HAR; the message says why and what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange of a recording.

    Attributes:
        place: Where it stands, for messages.
        method: HTTP method in capitals.
        url: The whole address.
        request_body: Body of the request, None where that is not known.
        status: HTTP status; 0 where no response came.
        headers: Headers of the response, names in lower case.
        body: Its body, decoded; None where the recording does not hold it.
        flaw: Reason that the entry cannot be validated; empty if it can.
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
_Attached: typing.TypeAlias = Callable[[str], bytes | None]


def read_har(path: pathlib.Path) -> Iterator[Recorded]:
    """Yield the exchanges of a HAR file, or of a zip archive that holds one (Playwright's form).

    Raises:
        HarError: It cannot be read, or is none.
    """
    content, attached = _open(path)
    entries = _log(path, content).get("entries")
    if not is_array(entries):
        msg = f"{path}: its log has no list of entries, so it is no HAR; export the traffic again."
        raise HarError(msg)
    for number, entry in enumerate(entries, 1):
        yield _recorded(f"{path.name}, entry {number}", entry, attached)


def _open(path: pathlib.Path) -> tuple[bytes, _Attached]:
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
        return _unzip(path, content)

    def beside(name: str) -> bytes | None:
        # A name, never a way out of the folder.
        if name != pathlib.PurePath(name).name:
            return None
        try:
            return (path.parent / name).read_bytes()
        except (OSError, ValueError):
            return None

    return content, beside


def _unzip(path: pathlib.Path, content: bytes) -> tuple[bytes, _Attached]:
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
            f"{path}: it is not JSON, so it is no HAR; export the traffic as HAR "
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


# ---- validation ------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """A difference between traffic and document.

    Attributes:
        kind: A key of `_TITLES`.
        operation: Id of the operation, or method and path where the document has none.
        text: The difference, in words for a person.
    """

    kind: str
    operation: str
    text: str


class Validation:
    """The result of validating a recording.

    Attributes:
        validated: Number of exchanges that were compared with the document.
        operations: Number of exchanges of each operation.
        differences: Number of exchanges with each difference.
        first: Place of the first exchange with each difference.
        ignored: Number of exchanges that were left out, by the reason.
    """

    def __init__(self) -> None:
        self.validated = 0
        self.operations = collections.Counter[str]()
        self.differences = collections.Counter[Difference]()
        self.first: dict[Difference, str] = {}
        self.ignored = collections.Counter[str]()


def validate(
    document: Document,
    recorded: Iterable[Recorded],
    hosts: Collection[str] = (),
    *,
    successes_only: bool = False,
) -> Validation:
    """Compare recorded traffic with the document.

    Args:
        document: The document.
        recorded: The traffic.
        hosts: Hosts that serve the API, besides the vendor's and this machine.
        successes_only: Whether to leave out rejected requests, as a contract test sends many.
    """
    validator = _Validator(document, hosts, successes_only=successes_only)
    for each in recorded:
        validator.add(each)
    return validator.result


class _Validator:
    def __init__(self, document: Document, hosts: Collection[str], *, successes_only: bool) -> None:
        self.result = Validation()
        self._successes_only = successes_only
        self._document = document
        self._contract = Contract(document)
        self._routes = Routes(document)
        servers: list[Json] = document.get("servers", [])
        named = [urllib.parse.urlsplit(str(each["url"])).hostname for each in servers]
        self._hosts = {host for host in (*named, *hosts) if host}
        self._segments = {part for path in document["paths"] for part in path.split("/")}

    def add(self, recorded: Recorded) -> None:
        reason = self._reason_to_ignore(recorded)
        if reason is not None:
            self.result.ignored[reason] += 1
            return
        self.result.validated += 1
        operation = self._routes.operation(recorded.method, recorded.url)
        if operation is None:
            name = f"{recorded.method} {self._path(recorded.url)}"
            found = iter([Difference("operation", name, "the document has no such operation")])
        else:
            self.result.operations[operation.id] += 1
            found = self._differences(operation, recorded)
        # One exchange with many rows counts once for each difference.
        for difference in dict.fromkeys(found):
            self.result.differences[difference] += 1
            self.result.first.setdefault(difference, recorded.place)

    def _reason_to_ignore(self, recorded: Recorded) -> str | None:
        if recorded.flaw:
            return recorded.flaw
        address = urllib.parse.urlsplit(recorded.url)
        host = address.hostname or ""
        is_unknown = self._routes.operation(recorded.method, recorded.url) is None
        is_rejected = recorded.status >= _FIRST_ERROR
        reasons = {
            f"another host: {host or 'none'}": not (host in self._hosts or _is_api(host)),
            f"not below {_PREFIX.rstrip('/')}": not address.path.startswith(_PREFIX),
            "a browser's question before the request (OPTIONS)": recorded.method == "OPTIONS",
            "from a browser's cache (304)": recorded.status == HTTPStatus.NOT_MODIFIED,
            "no response came": recorded.status == 0,
            "rejected, and no operation of the document either": is_rejected and is_unknown,
            "rejected (--successes-only)": is_rejected and self._successes_only,
        }
        return next((reason for reason, applies in reasons.items() if applies), None)

    def _differences(self, operation: Operation, recorded: Recorded) -> Iterator[Difference]:
        def difference(kind: str, text: str) -> Difference:
            return Difference(kind, operation.id, text)

        # A request that is rejected may be anything; what is accepted describes the API.
        if recorded.status < _FIRST_ERROR:
            for text in self._of_request(operation, recorded):
                yield difference("request", text)
        response = self._contract.response(operation, recorded.status)
        if response is None:
            yield difference("status", f"the document has no response with {recorded.status}")
            return
        for text in self._of_headers(response, recorded):
            yield difference("header", f"{recorded.status}: {text}")
        schema = self._contract.schema(operation, recorded.status)
        if schema is None:
            return
        if recorded.body is None:
            self.result.ignored["bodies that the recording does not hold"] += 1
            return
        for kind, text in self._of_body(operation, recorded.status, schema, recorded.body):
            yield difference(kind, f"{recorded.status}: {text}")

    def _of_request(self, operation: Operation, recorded: Recorded) -> Iterator[str]:
        query = urllib.parse.urlsplit(recorded.url).query
        given = [name for name, _ in urllib.parse.parse_qsl(query, keep_blank_values=True)]
        known = {each["name"] for each in parameters(self._document, operation)}
        for name in given:
            if name not in known:
                yield f"the query has {_key(name)}, which the document does not know"
        entry = operation.data.get("requestBody")
        if not recorded.request_body or entry is None:
            return
        content = openapi_document.resolve(self._document, entry)["content"]
        try:
            body: Json = json.loads(recorded.request_body)
        except (ValueError, RecursionError):
            return
        schema = content.get("application/json", {}).get("schema", {})
        for path in unknown_keys(self._document, schema, body):
            yield f"the body has {path}, which the document does not know"

    def _of_headers(self, response: Json, recorded: Recorded) -> Iterator[str]:
        documented = {
            name.lower(): openapi_document.resolve(self._document, entry)
            for name, entry in response.get("headers", {}).items()
        }
        for name, header in documented.items():
            value = recorded.headers.get(name)
            if value is None:
                if header.get("required") and recorded.headers:
                    yield f"the header {name} is missing"
            elif _MASKED.fullmatch(value):
                self.result.ignored["headers that the recording hides"] += 1
            elif not self._fits(header, value):
                yield f"the value of the header {name} does not fit the document"
        for name in recorded.headers:
            if name not in documented and not _COMMON.fullmatch(name):
                yield f"the document does not know the header {_key(name)}"

    def _fits(self, header: Json, text: str) -> bool:
        schema = resolved(self._document, header.get("schema", {}))
        is_number = schema.get("type") == "integer" and text.isdigit()
        value: object = int(text) if is_number else text
        return self._contract.header_validator(schema).is_valid(value)

    def _of_body(
        self, operation: Operation, status: int, schema: Json, text: bytes
    ) -> Iterator[tuple[str, str]]:
        try:
            body: Json = json.loads(text)
        except (ValueError, RecursionError):
            yield "body", "the body is not JSON"
            return
        try:
            found = list(self._of_json(operation, status, schema, _without_halves(body)))
        except (ValueError, RecursionError):
            # The validator goes no deeper than some hundred levels.
            found = [("body", "the body is nested too deeply")]
        yield from found

    def _of_json(
        self, operation: Operation, status: int, schema: Json, body: Json
    ) -> Iterator[tuple[str, str]]:
        for path in unknown_keys(self._document, schema, body):
            yield "field", f"the document does not know {path}"
        validator = self._contract.validator(operation, status)
        if validator is None or validator.is_valid(body):
            return
        for error in validator.iter_errors(body):
            # Of a list, the place is the same for all rows.
            place = "/" + "/".join(
                "*" if isinstance(part, int) else _key(part) for part in error.instance_path
            )
            keyword = str(error.schema_path[-1]) if error.schema_path else ""
            yield _described(place, keyword, error.instance, error.message)

    def _path(self, url: str) -> str:
        """Return the path of an address without values.

        Of what the document does not know, only the name of a resource is shown.
        """
        path = urllib.parse.unquote(urllib.parse.urlsplit(url).path).removeprefix(_PREFIX)
        resource, *parts = path.split("/")
        shown = (
            "{id}" if _ID.fullmatch(part) else part if part in self._segments else "{…}"
            for part in parts
            if part
        )
        return _PREFIX + "/".join([resource if _WORD.fullmatch(resource) else "{…}", *shown])


def unknown_keys(document: Document, node: Json, body: Json, path: str = "") -> Iterator[str]:
    """Yield the place of each key that the document does not know."""
    schema = resolved(document, node)
    if is_array(body):
        for item in body:
            yield from unknown_keys(document, schema.get("items", {}), item, f"{path}/*")
        return
    properties = schema.get("properties")
    if not openapi_document.is_object(body) or properties is None:
        return
    for key, value in body.items():
        if key in properties:
            yield from unknown_keys(document, properties[key], value, f"{path}/{key}")
        else:
            yield f"{path}/{_key(key)}"


def _is_api(host: str) -> bool:
    is_here = host in {"localhost", "127.0.0.1", "::1"} or host.endswith(".localhost")
    return is_here or (host.startswith("api.") and is_vendor(f"https://{host}"))


def _without_halves(body: Json) -> Json:
    """Return a body whose texts have U+FFFD for half a surrogate pair, which no validator takes."""
    if isinstance(body, str):
        return (
            body
            if body.isascii()
            else body.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        )
    if is_array(body):
        return [_without_halves(each) for each in body]
    if openapi_document.is_object(body):
        return {_without_halves(key): _without_halves(value) for key, value in body.items()}
    return body


def _key(name: str) -> str:
    return name if _KEY.fullmatch(name) else "a key with an unusual name"


def _described(place: str, keyword: str, instance: object, message: str) -> tuple[str, str]:
    """Return kind and words of a value that does not fit its schema, without the value."""
    if keyword == "required":
        # The message names the key that is missing, and nothing else.
        return "field", f"{place} lacks a key: {message}"
    kind = _TYPES.get(type(instance).__name__, "something")
    if keyword == "enum":
        is_code = isinstance(instance, str) and _CODE.fullmatch(instance)
        shown = instance if is_code else kind
        return "value", f"{place} holds {shown}, which is not among the values of the document"
    if keyword == "type":
        return "type", f"{place} holds {kind}, of another type than documented"
    return "type", f"{place} does not fit its {keyword} in the document"


# ---- output ----------------------------------------------------------------------


def _as_text(result: Validation) -> Iterator[str]:
    """Yield the differences in groups, the most frequent first, with counts and first places."""
    seen = len(result.operations)
    yield f"{result.validated} exchanges with {seen} operations compared with the document."
    for reason, count in result.ignored.most_common():
        yield f"  left out: {count} x {reason}"
    order = list(_TITLES)
    found = sorted(
        result.differences.items(),
        key=lambda item: (order.index(item[0].kind), item[0].operation, -item[1], item[0].text),
    )
    for kind, group in itertools.groupby(found, key=lambda item: item[0].kind):
        yield ""
        yield _TITLES[kind]
        for difference, count in group:
            place = result.first[difference]
            yield f"  {count:>5} x  {difference.operation}: {difference.text}  (first: {place})"
    yield ""
    if result.validated:
        yield f"{len(found)} differences." if found else "The traffic fits the document."


def _as_json(result: Validation) -> dict[str, typing.Any]:
    found = sorted(
        result.differences.items(),
        key=lambda item: (item[0].kind, item[0].operation, item[0].text),
    )
    return {
        "validated": result.validated,
        "operations": dict(sorted(result.operations.items())),
        "ignored": dict(result.ignored),
        "differences": [
            {**dataclasses.asdict(difference), "count": count, "first": result.first[difference]}
            for difference, count in found
        ],
    }


def _arguments(options: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="validate_traffic", description="Validate recorded traffic against the document."
    )
    parser.add_argument("har", nargs="+", type=pathlib.Path, help="a recording")
    parser.add_argument(
        "--document",
        type=pathlib.Path,
        default=openapi_document.DEFAULT_PATH,
        help="the OpenAPI document; the project's own without it",
    )
    parser.add_argument(
        "--host",
        action="append",
        default=[],
        help="a host that serves the API, besides the vendor's and this machine; may be repeated",
    )
    parser.add_argument(
        "--successes-only",
        action="store_true",
        help="leave out rejected requests, as a contract test sends many",
    )
    parser.add_argument("--json", type=pathlib.Path, help="write the result to this file, too")
    return parser.parse_args(options)


def main(options: Sequence[str] | None = None) -> int:
    """Compare; return the exit status."""
    arguments = _arguments(options)
    try:
        document = openapi_document.load_valid(arguments.document)
        recorded = itertools.chain.from_iterable(map(read_har, arguments.har))
        result = validate(
            document, recorded, arguments.host, successes_only=arguments.successes_only
        )
    except (HarError, openapi_document.DocumentError) as error:
        print(f"validate_traffic: {error}", file=sys.stderr)
        return 2
    _print("\n".join(_as_text(result)))
    if arguments.json is not None:
        try:
            text = json.dumps(_as_json(result), indent=2) + "\n"
            arguments.json.write_text(text, encoding="utf-8")
        except OSError as error:
            reason = error.strerror
            print(
                f"validate_traffic: {arguments.json} cannot be written ({reason}).", file=sys.stderr
            )
            return 2
    if not result.validated:
        print(
            "validate_traffic: the recording holds no traffic of this API; name its host with --host.",
            file=sys.stderr,
        )
        return 2
    return 1 if result.differences else 0


def _print(text: str) -> None:
    """Print, as far as somebody reads; the result is the same if the reader leaves, as `head` does."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

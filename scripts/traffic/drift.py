"""Where recorded traffic and the document part.

Nothing that is said here shows a value of the traffic: it belongs to real people. Places, types,
keys and counts say enough.
"""

from __future__ import annotations

import collections
import dataclasses
import json
import re
import typing
import urllib.parse
from http import HTTPStatus

import openapi_document
from document_views import Contract, Routes, is_array, is_vendor, parameters, resolved

if typing.TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from document_views import Document
    from openapi_document import Operation

    from traffic.har import Recorded

__all__ = ["Difference", "Drift", "drift_of", "unknown_keys"]

Json: typing.TypeAlias = typing.Any

_FIRST_ERROR: typing.Final = 400
_PREFIX: typing.Final = "/v1/"
_MASKED: typing.Final = re.compile(
    r"\W*(filtered|redacted|masked|hidden|removed)?\W*", re.IGNORECASE
)
# Names of states and events are nobody's secret; anything longer or looser may be.
_CODE: typing.Final = re.compile(r"[A-Z][A-Z0-9_.-]{0,40}")
_ID: typing.Final = re.compile(r"[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}|\d{3,}")
_WORD: typing.Final = re.compile(r"[a-z]+([-_][a-z]+)*")
_KEY: typing.Final = re.compile(r"[A-Za-z_][\w-]{0,60}")
# What any server, proxy or browser adds, whatever the API is.
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


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """Something in which traffic and document differ.

    Attributes:
        kind: What kind of difference.
        operation: Id of the operation, or method and path where the document has none.
        text: The difference, in words for a person.
    """

    kind: str
    operation: str
    text: str


@dataclasses.dataclass(slots=True)
class Drift:
    """What became of a recording.

    Attributes:
        judged: How many exchanges were held against the document.
        operations: How often each operation was seen.
        differences: How often each difference was met.
        examples: Where each difference was met first.
        ignored: How many exchanges were left out, by the reason.
    """

    judged: int = 0
    operations: collections.Counter[str] = dataclasses.field(
        default_factory=collections.Counter[str]
    )
    differences: collections.Counter[Difference] = dataclasses.field(
        default_factory=collections.Counter[Difference]
    )
    examples: dict[Difference, str] = dataclasses.field(default_factory=dict[Difference, str])
    ignored: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter[str])


def drift_of(
    document: Document,
    recorded: Iterable[Recorded],
    hosts: Collection[str] = (),
    *,
    successes_only: bool = False,
) -> Drift:
    """Hold recorded traffic against the document.

    Args:
        document: The document.
        recorded: The traffic.
        hosts: Hosts that serve the API, besides the vendor's and this machine.
        successes_only: Whether to leave out what was refused, as much of a contract test is meant
            to be.
    """
    judge = _Judge(document, hosts, successes_only=successes_only)
    for each in recorded:
        judge.look_at(each)
    return judge.drift


class _Judge:
    """Holds exchanges against the document, one after the other."""

    def __init__(self, document: Document, hosts: Collection[str], *, successes_only: bool) -> None:
        self.drift = Drift()
        self._successes_only = successes_only
        self._document = document
        self._contract = Contract(document)
        self._routes = Routes(document)
        servers: list[Json] = document.get("servers", [])
        named = [urllib.parse.urlsplit(str(each["url"])).hostname for each in servers]
        self._hosts = {host for host in (*named, *hosts) if host}
        self._segments = {part for path in document["paths"] for part in path.split("/")}

    def look_at(self, recorded: Recorded) -> None:
        reason = self._reason_to_ignore(recorded)
        if reason is not None:
            self.drift.ignored[reason] += 1
            return
        self.drift.judged += 1
        operation = self._routes.operation(recorded.method, recorded.url)
        if operation is None:
            name = f"{recorded.method} {self._path(recorded.url)}"
            found = iter([Difference("operation", name, "the document has no such operation")])
        else:
            self.drift.operations[operation.id] += 1
            found = self._differences(operation, recorded)
        # One exchange with many rows counts once for each difference.
        for difference in dict.fromkeys(found):
            self.drift.differences[difference] += 1
            self.drift.examples.setdefault(difference, recorded.place)

    def _reason_to_ignore(self, recorded: Recorded) -> str | None:
        if recorded.flaw:
            return recorded.flaw
        address = urllib.parse.urlsplit(recorded.url)
        host = address.hostname or ""
        if not (host in self._hosts or _is_api(host)):
            return f"another host: {host or 'none'}"
        if not address.path.startswith(_PREFIX):
            return f"not below {_PREFIX.rstrip('/')}"
        if recorded.method == "OPTIONS":
            return "a browser's question before the request (OPTIONS)"
        if recorded.status == HTTPStatus.NOT_MODIFIED:
            return "answered from a browser's cache (304)"
        return "no answer came" if recorded.status == 0 else self._refusal(recorded)

    def _refusal(self, recorded: Recorded) -> str | None:
        if recorded.status < _FIRST_ERROR:
            return None
        if self._routes.operation(recorded.method, recorded.url) is None:
            return "refused, and no operation of the document either"
        return "refused (--successes-only)" if self._successes_only else None

    def _differences(self, operation: Operation, recorded: Recorded) -> Iterator[Difference]:
        def difference(kind: str, text: str) -> Difference:
            return Difference(kind, operation.id, text)

        # A request that is refused may be anything; what is accepted tells of the API.
        if recorded.status < _FIRST_ERROR:
            for text in self._of_request(operation, recorded):
                yield difference("request", text)
        response = self._contract.response(operation, recorded.status)
        if response is None:
            yield difference("status", f"the document has no answer with {recorded.status}")
            return
        for text in self._of_headers(response, recorded):
            yield difference("header", f"{recorded.status}: {text}")
        schema = self._contract.schema(operation, recorded.status)
        if schema is None:
            return
        if recorded.body is None:
            self.drift.ignored["bodies that the recording does not hold"] += 1
            return
        for kind, text in self._of_text(operation, recorded.status, schema, recorded.body):
            yield difference(kind, f"{recorded.status}: {text}")

    def _of_text(
        self, operation: Operation, status: int, schema: Json, text: bytes
    ) -> Iterator[tuple[str, str]]:
        try:
            body: Json = json.loads(text)
        except (ValueError, RecursionError):
            yield "body", "the body is no JSON"
            return
        try:
            found = list(self._of_body(operation, status, schema, _without_halves(body)))
        except (ValueError, RecursionError):
            # The validator goes no deeper than some hundred levels.
            found = [("body", "the body is nested too deeply")]
        yield from found

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
                self.drift.ignored["headers that the recording hides"] += 1
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
        self, operation: Operation, status: int, schema: Json, body: Json
    ) -> Iterator[tuple[str, str]]:
        for path in unknown_keys(self._document, schema, body):
            yield "field", f"the document does not know {path}"
        validator = self._contract.validator(operation, status)
        if validator is None or validator.is_valid(body):
            return
        for error in validator.iter_errors(body):
            place = _place(error.instance_path)
            yield _said(place, list(error.schema_path), error.instance, error.message)

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


def _place(path: typing.Sequence[str | int]) -> str:
    """Return the place of a value, the same for all rows of a list."""
    shown = ("*" if isinstance(part, int) else _key(part) for part in path)
    return "/" + "/".join(shown)


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


def _said(
    place: str, schema_path: list[str | int], instance: object, message: str
) -> tuple[str, str]:
    """Return kind and words of a value that does not fit its schema, without the value."""
    keyword = str(schema_path[-1]) if schema_path else ""
    if keyword == "required":
        # The message names the key that is missing, and nothing else.
        return "field", f"{place} lacks a key: {message}"
    if keyword == "enum":
        is_code = isinstance(instance, str) and _CODE.fullmatch(instance)
        shown = instance if is_code else _type_of(instance)
        return "value", f"{place} holds {shown}, which is not among the values of the document"
    if keyword == "type":
        return (
            "type",
            f"{place} holds {_type_of(instance)}, of another type than documented",
        )
    return "type", f"{place} does not fit its {keyword} in the document"


def _type_of(instance: object) -> str:
    return _TYPES.get(type(instance).__name__, "something")

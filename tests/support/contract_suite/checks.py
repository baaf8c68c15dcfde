"""Checks of single responses against the document, for every request of the suite."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import typing

import openapi_document
from validate_traffic import unknown_keys

from contract_suite.recording import Exchange, Recording

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from document_views import Contract, Routes
    from openapi_document import Operation

__all__ = ["CHECKS", "Checked", "ResponseChecker", "violations"]

_FIRST_ERROR: typing.Final = 400
_SHOWN_ERRORS: typing.Final = 5
# The keys of an error (evidence.md#error-envelope).
_ERROR_KEYS: typing.Final = (
    "type",
    "code",
    "error_code",
    "message",
    "status_code",
    "http_status_code",
    "request_id",
)
# Short texts stand in responses by chance.
_SHORTEST_SECRET: typing.Final = 16


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """A response to a request for an operation of the document."""

    contract: Contract
    operation: Operation
    exchange: Exchange
    status: int
    secrets: tuple[str, ...] = dataclasses.field(default=(), repr=False)
    # schemathesis made the request, perhaps with a flaw, and checks the status itself.
    is_generated: bool = False
    # No response may hold keys that the document does not know.
    is_closed: bool = False


def _status_is_documented(checked: Checked) -> Iterator[str]:
    documented = checked.contract.response(checked.operation, checked.status)
    if documented is None and not checked.is_generated:
        known = ", ".join(checked.operation.data["responses"])
        yield f"the status is not in the document, which knows {known}"


def _content_type_is_documented(checked: Checked) -> Iterator[str]:
    documented = checked.contract.response(checked.operation, checked.status)
    if documented is None:
        return
    content, body = documented.get("content", {}), checked.exchange.response_body
    if not content:
        if body:
            yield f"the response has a body of {len(body)} bytes, the document has none"
        return
    written = checked.exchange.headers.get("content-type", "none")
    media_type = written.partition(";")[0].strip().lower()
    if media_type not in content:
        yield f"the content type is {media_type}, the document has {', '.join(content)}"


def _body_fits_its_schema(checked: Checked) -> Iterator[str]:
    """Formats included: schemathesis does not know those of the API's timestamps."""
    validator = checked.contract.validator(checked.operation, checked.status)
    if validator is None:
        return
    try:
        body = checked.exchange.json
    except ValueError:
        text = checked.exchange.response_body.decode("utf-8", "replace")
        begins, ends = text[:60], text[60:][-20:]
        ending = f" and ends with {ends!r}" if ends else ""
        yield f"the body is not JSON: it begins with {begins!r}{ending}"
        return
    if validator.is_valid(body):
        return
    for number, error in enumerate(validator.iter_errors(body)):
        if number == _SHOWN_ERRORS:
            yield "… and more places"
            break
        yield f"/{'/'.join(map(str, error.instance_path))}: {error.message}"


def _headers_fit(checked: Checked) -> Iterator[str]:
    contract = checked.contract
    documented = contract.response(checked.operation, checked.status) or {}
    for name, entry in documented.get("headers", {}).items():
        header = openapi_document.resolve(contract.document, entry)
        text = checked.exchange.headers.get(name.lower())
        if text is None:
            if header.get("required"):
                yield f"the header {name} is missing"
            continue
        schema = openapi_document.resolve(contract.document, header.get("schema", {}))
        is_number = schema.get("type") == "integer" and text.isascii() and text.isdigit()
        if not contract.header_validator(schema).is_valid(int(text) if is_number else text):
            yield f"the header {name} is {text!r}, which does not fit {json.dumps(schema)}"


def _no_secret(checked: Checked) -> Iterator[str]:
    headers = checked.exchange.headers
    for secret in checked.secrets:
        if secret.encode() in checked.exchange.response_body:
            yield "the body holds the client secret"
        for name, text in headers.items():
            if secret in text:
                yield f"the header {name} holds the client secret"
    if "authorization" in headers:
        yield "the response has an Authorization header; credentials belong into requests"
    text = checked.exchange.response_body.decode("utf-8", "replace") + repr(headers)
    if any(each in text for each in _sent_credentials(checked.exchange)):
        yield "the response repeats the credentials of the request"


def _sent_credentials(exchange: Exchange) -> Iterator[str]:
    """Yield what the Authorization header of a request holds, also where it is not a valid one."""
    encoded = exchange.sent_headers.get("authorization", "").partition(" ")[2]
    try:
        password = base64.b64decode(encoded).decode().partition(":")[2]
    except ValueError:
        password = ""
    for secret in (encoded, password):
        if len(secret) >= _SHORTEST_SECRET:
            yield secret


def _error_agrees_with_status(checked: Checked) -> Iterator[str]:
    try:
        error: typing.Any = checked.exchange.json["error"]
    except (ValueError, LookupError, TypeError):
        # That it has none breaks its schema.
        return
    if checked.status < _FIRST_ERROR or not openapi_document.is_object(error):
        return
    missing = [key for key in _ERROR_KEYS if error.get(key) in (None, "")]
    if missing:
        yield f"the error lacks {', '.join(missing)}"
        return
    for key, other, expected in (
        ("status_code", "http_status_code", checked.status),
        ("code", "error_code", error["code"]),
        ("request_id", "request_id", checked.exchange.headers.get("request-id")),
    ):
        if not error[key] == error[other] == expected:
            yield f"the error has {key} {error[key]!r} and {other} {error[other]!r}, not {expected!r}"


def _keys_are_documented(checked: Checked) -> Iterator[str]:
    """A client that reads a key which only the mock sends would miss it on the API."""
    schema = checked.contract.schema(checked.operation, checked.status)
    if checked.is_closed and schema is not None and checked.exchange.response_body:
        with contextlib.suppress(ValueError):
            body = checked.exchange.json
            for place in unknown_keys(checked.contract.document, schema, body):
                yield f"the document does not know the key {place}"


CHECKS: typing.Final[tuple[Callable[[Checked], Iterator[str]], ...]] = (
    _status_is_documented,
    _content_type_is_documented,
    _body_fits_its_schema,
    _headers_fit,
    _no_secret,
    _error_agrees_with_status,
    _keys_are_documented,
)


def violations(checked: Checked) -> Iterator[str]:
    """Yield a message for each check that a response fails."""
    for check in CHECKS:
        for message in check(checked):
            yield f"{checked.operation.id} {checked.status}: {message}"


class ResponseChecker:
    """Listener of a recording that checks each response."""

    def __init__(
        self, recording: Recording, contract: Contract, routes: Routes, **options: bool
    ) -> None:
        self._recording = recording
        self._contract = contract
        self._routes = routes
        self._options = options
        self.violations: dict[str, Exchange] = {}

    def __call__(self, exchange: Exchange) -> None:
        """Check one exchange."""
        operation = self._routes.operation(exchange.method, exchange.url)
        if operation is None or exchange.status is None or not self._recording.is_checked:
            return
        secrets = tuple(self._recording.secrets)
        checked = Checked(
            self._contract, operation, exchange, exchange.status, secrets, **self._options
        )
        for message in violations(checked):
            self.violations.setdefault(message, exchange)

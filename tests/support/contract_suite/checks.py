"""Checks of single responses against the document, for every request of the suite.

`schemas.register_checks` makes schemathesis checks of those that `Check.is_ours` marks; schemathesis
brings the others itself.
"""

from __future__ import annotations

import dataclasses
import json
import typing

import openapi_document
from document_views import Contract

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from openapi_document import Operation

    from contract_suite.document import Routes
    from contract_suite.recording import Exchange, Recording

__all__ = ["CHECKS", "Check", "Response", "ResponseChecker", "response_of", "violations"]

JSON_TYPE: typing.Final = "application/json"
_SHOWN_ERRORS: typing.Final = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Response:
    """A response to a request for an operation of the document.

    Attributes:
        operation: The operation.
        status: HTTP status.
        headers: Values by lower-case name.
        body: The body, decoded.
        secrets: Texts that no response may hold.
    """

    operation: Operation
    status: int
    headers: Mapping[str, str]
    body: bytes
    secrets: Sequence[str] = dataclasses.field(default=(), repr=False)

    @property
    def json(self) -> typing.Any:
        """The body as JSON.

        Raises:
            ValueError: The body is not JSON.
        """
        return json.loads(self.body)


CheckFunction: typing.TypeAlias = "Callable[[Contract, Response], Iterator[str]]"


@dataclasses.dataclass(frozen=True, slots=True)
class Check:
    """A check of every response.

    Attributes:
        name: The expectation as a sentence.
        function: Yields a message for each violation.
        is_ours: Whether schemathesis has no such check.
    """

    name: str
    function: CheckFunction
    is_ours: bool = False


def _status_is_documented(contract: Contract, response: Response) -> Iterator[str]:
    if contract.response(response.operation, response.status) is None:
        known = ", ".join(response.operation.data["responses"])
        yield f"the status is not in the document, which knows {known}"


def _body_has_documented_type(contract: Contract, response: Response) -> Iterator[str]:
    documented = contract.response(response.operation, response.status)
    if documented is None:
        return
    content = documented.get("content", {})
    if not content:
        if response.body:
            yield f"the response has a body of {len(response.body)} bytes, the document has none"
        return
    media_type = response.headers.get("content-type", "none").partition(";")[0].strip().lower()
    if media_type not in content:
        yield f"the content type is {media_type}, the document has {', '.join(content)}"


def _body_fits_its_schema(contract: Contract, response: Response) -> Iterator[str]:
    validator = contract.validator(response.operation, response.status)
    if validator is None:
        return
    try:
        body = response.json
    except ValueError:
        text = response.body.decode("utf-8", "replace")
        begins, ends = text[:60], text[60:][-20:]
        yield f"the body is not JSON: it begins with {begins!r}" + (
            f" and ends with {ends!r}" if ends else ""
        )
        return
    if validator.is_valid(body):
        return
    for number, error in enumerate(validator.iter_errors(body)):
        if number == _SHOWN_ERRORS:
            yield "… and more places"
            break
        yield f"/{'/'.join(map(str, error.instance_path))}: {error.message}"


def _headers_fit(contract: Contract, response: Response) -> Iterator[str]:
    documented = contract.response(response.operation, response.status) or {}
    for name, entry in documented.get("headers", {}).items():
        header = openapi_document.resolve(contract.document, entry)
        text = response.headers.get(name.lower())
        if text is None:
            if header.get("required"):
                yield f"the header {name} is missing"
            continue
        schema = openapi_document.resolve(contract.document, header.get("schema", {}))
        value: object = text
        if schema.get("type") in {"integer", "number"}:
            value = _number(text)
        if not contract.header_validator(schema).is_valid(value):
            yield f"the header {name} is {text!r}, which does not fit {json.dumps(schema)}"


def _number(text: str) -> object:
    return int(text) if text.isascii() and text.lstrip("-").isdigit() else text


def _no_secret(_: Contract, response: Response) -> Iterator[str]:
    for secret in response.secrets:
        if secret.encode() in response.body:
            yield "the body holds the client secret"
        for name, text in response.headers.items():
            if secret in text:
                yield f"the header {name} holds the client secret"


def _no_credentials_header(_: Contract, response: Response) -> Iterator[str]:
    if "authorization" in response.headers:
        yield "the response has an Authorization header; credentials belong into requests"


CHECKS: typing.Final[tuple[Check, ...]] = (
    Check("the status is documented", _status_is_documented),
    Check("the content type is documented", _body_has_documented_type),
    # Ours too: schemathesis does not know the formats of our timestamps and lets any text pass.
    Check("the body fits its schema, formats included", _body_fits_its_schema, is_ours=True),
    Check("documented headers are there and fit", _headers_fit),
    Check("no response holds a secret", _no_secret, is_ours=True),
    Check("no response carries credentials", _no_credentials_header, is_ours=True),
)


def violations(contract: Contract, response: Response, *, ours_only: bool = False) -> Iterator[str]:
    """Yield a message for each check that a response fails."""
    for check in CHECKS:
        if check.is_ours or not ours_only:
            for message in check.function(contract, response):
                yield f"{response.operation.id} {response.status}: {message}"


def response_of(
    exchange: Exchange, operation: Operation, secrets: Sequence[str]
) -> Response | None:
    """Return the response of an exchange; None where none came."""
    if exchange.status is None:
        return None
    headers = {name.lower(): text for name, text in exchange.response_headers}
    return Response(operation, exchange.status, headers, exchange.response_body, secrets)


class ResponseChecker:
    """Listener of a recording that checks each response.

    Args:
        recording: The recording.
        contract: The document.
        routes: Its operations.

    Attributes:
        violations: Messages, each kind of mistake once.
    """

    def __init__(self, recording: Recording, contract: Contract, routes: Routes) -> None:
        self._recording = recording
        self._contract = contract
        self._routes = routes
        self.violations: dict[str, Exchange] = {}

    def __call__(self, exchange: Exchange) -> None:
        """Check one exchange."""
        operation = self._routes.operation(exchange.method, exchange.url)
        if operation is None or not self._recording.is_checked:
            return
        response = response_of(exchange, operation, tuple(self._recording.secrets))
        if response is not None:
            for message in violations(self._contract, response):
                self.violations.setdefault(message, exchange)

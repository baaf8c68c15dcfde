"""The one declaration of what an answer must keep, for all layers.

Each answer of each layer is held against `RULES`, whoever sent the request. Where schemathesis
sends, its own checks run as well; it brings those of `RULES` that `Rule.is_ours` does not mark.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import typing

import openapi_document
from openapi_schemas import DocumentSchemas

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import jsonschema_rs
    from openapi_document import Operation

    from contract_testing.recording import Exchange

__all__ = ["RULES", "Answer", "Contract", "Rule", "answer_of"]

JSON_TYPE: typing.Final = "application/json"
_SHOWN_ERRORS: typing.Final = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a request for an operation of the document.

    Attributes:
        operation: The operation.
        status: HTTP status.
        headers: Values by lower-case name.
        body: The body, decoded.
        secrets: Texts that no answer may hold.
    """

    operation: Operation
    status: int
    headers: Mapping[str, str]
    body: bytes
    secrets: Sequence[str] = dataclasses.field(default=(), repr=False)

    @property
    def json(self) -> typing.Any:  # noqa: ANN401 - any JSON value
        """The body as JSON.

        Raises:
            ValueError: It is none.
        """
        return json.loads(self.body)


Judge: typing.TypeAlias = "Callable[[Contract, Answer], Iterator[str]]"


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """Something that each answer must keep.

    Attributes:
        name: The rule as a sentence.
        judge: Yields what is wrong, in words for a person.
        is_ours: Whether schemathesis has no check of the same.
    """

    name: str
    judge: Judge
    is_ours: bool = False


class Contract:
    """The document, ready to hold answers against it.

    Args:
        document: The document.
    """

    def __init__(self, document: Mapping[str, typing.Any]) -> None:
        self.document = document
        self._schemas = DocumentSchemas(document)
        self._validators: dict[tuple[str, int], jsonschema_rs.Draft202012Validator | None] = {}

    def broken(self, answer: Answer, *, ours_only: bool = False) -> Iterator[tuple[Rule, str]]:
        """Yield each rule that an answer breaks, with what is wrong."""
        for rule in RULES:
            if rule.is_ours or not ours_only:
                for message in rule.judge(self, answer):
                    yield rule, f"{answer.operation.id} {answer.status}: {message}"

    def response(self, operation: Operation, status: int) -> Mapping[str, typing.Any] | None:
        """Return what the document says of an answer; None where it knows no such answer."""
        responses = operation.data["responses"]
        entry = responses.get(str(status)) or responses.get("default")
        if entry is None:
            return None
        response: Mapping[str, typing.Any] = openapi_document.resolve(self.document, entry)
        return response

    def schema(self, operation: Operation, status: int) -> Mapping[str, typing.Any] | None:
        """Return the schema of an answer's body; None where it has none."""
        response = self.response(operation, status) or {}
        schema: Mapping[str, typing.Any] | None = (
            response.get("content", {}).get(JSON_TYPE, {}).get("schema")
        )
        return schema

    def validator(
        self, operation: Operation, status: int
    ) -> jsonschema_rs.Draft202012Validator | None:
        """Return the validator of an answer's body; None where there is nothing to validate."""
        key = operation.id, status
        if key not in self._validators:
            schema = self.schema(operation, status)
            self._validators[key] = None if schema is None else self._schemas.validator(schema)
        return self._validators[key]

    @functools.cached_property
    def header_validators(self) -> dict[str, jsonschema_rs.Draft202012Validator]:
        """Validators of headers, filled as they are needed."""
        return {}

    def header_validator(
        self, schema: Mapping[str, typing.Any]
    ) -> jsonschema_rs.Draft202012Validator:
        """Return the validator of a header's value."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self.header_validators:
            self.header_validators[key] = self._schemas.validator(schema)
        return self.header_validators[key]


def _status_is_documented(contract: Contract, answer: Answer) -> Iterator[str]:
    if contract.response(answer.operation, answer.status) is None:
        known = ", ".join(answer.operation.data["responses"])
        yield f"the status is not in the document, which knows {known}"


def _body_has_documented_type(contract: Contract, answer: Answer) -> Iterator[str]:
    response = contract.response(answer.operation, answer.status)
    if response is None:
        return
    content = response.get("content", {})
    if not content:
        if answer.body:
            yield f"the answer has a body of {len(answer.body)} bytes, the document has none"
        return
    media_type = answer.headers.get("content-type", "none").partition(";")[0].strip().lower()
    if media_type not in content:
        yield f"the content type is {media_type}, the document has {', '.join(content)}"


def _body_fits_its_schema(contract: Contract, answer: Answer) -> Iterator[str]:
    validator = contract.validator(answer.operation, answer.status)
    if validator is None:
        return
    try:
        body = answer.json
    except ValueError:
        text = answer.body.decode("utf-8", "replace")
        begins, ends = text[:60], text[60:][-20:]
        yield f"the body is no JSON: it begins with {begins!r}" + (
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


def _headers_fit(contract: Contract, answer: Answer) -> Iterator[str]:
    response = contract.response(answer.operation, answer.status) or {}
    for name, entry in response.get("headers", {}).items():
        header = openapi_document.resolve(contract.document, entry)
        text = answer.headers.get(name.lower())
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


def _nothing_secret_is_told(_: Contract, answer: Answer) -> Iterator[str]:
    for secret in answer.secrets:
        if secret.encode() in answer.body:
            yield "the body holds the client secret"
        for name, text in answer.headers.items():
            if secret in text:
                yield f"the header {name} holds the client secret"


def _no_credentials_header(_: Contract, answer: Answer) -> Iterator[str]:
    if "authorization" in answer.headers:
        yield "the answer has an Authorization header: credentials belong into requests"


RULES: typing.Final[tuple[Rule, ...]] = (
    Rule("the status is documented", _status_is_documented),
    Rule("the content type is documented", _body_has_documented_type),
    # Ours too: schemathesis does not know the formats of our timestamps and lets any text pass.
    Rule("the body fits its schema, formats included", _body_fits_its_schema, is_ours=True),
    Rule("documented headers are there and fit", _headers_fit),
    Rule("no answer holds a secret", _nothing_secret_is_told, is_ours=True),
    Rule("no answer carries credentials", _no_credentials_header, is_ours=True),
)


def answer_of(exchange: Exchange, operation: Operation, secrets: Sequence[str]) -> Answer | None:
    """Return the answer of an exchange; None where none came."""
    if exchange.status is None:
        return None
    headers = {name.lower(): text for name, text in exchange.response_headers}
    return Answer(operation, exchange.status, headers, exchange.response_body, secrets)

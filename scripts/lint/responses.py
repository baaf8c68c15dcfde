"""Rules about the responses of every operation: statuses, headers, bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insightiq_mock.openapi.tree import Node, join_pointer, mapping, sequence
from lint.subject import Finding, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import openapi_document

__all__ = ["GENERATOR_RULES", "RULES"]

_REASONS: Mapping[str, str] = {
    "401": "the credentials may be wrong",
    "429": "the rate limit is shared by all operations",
    "500": "any operation may fail",
    "503": "maintenance stops every operation",
}
# A document of another kind of server says with this key which of them it sends everywhere.
_COMMON = "x-common-statuses"
_ON_EVERY_RESPONSE = "request-id"
_ON_STATUS: Mapping[str, str] = {"401": "WWW-Authenticate", "429": "Retry-After"}
_JSON = "application/json"
_ERROR_SCHEMA = "#/components/schemas/ErrorResponse"


def _some_success(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        statuses = [status for status, _, _ in subject.responses(operation)]
        if not any(status.startswith(("2", "3", "default")) for status in statuses):
            yield Finding(
                join_pointer(operation.pointer, "responses"),
                f"{operation.id} documents no success",
                "document its response of class 2xx or 3xx",
            )


def _statuses(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        documented = {status for status, _, _ in subject.responses(operation)}
        for status, reason in _expected_statuses(subject, operation).items():
            if status not in documented:
                yield Finding(
                    join_pointer(operation.pointer, "responses"),
                    f"{operation.id} does not document {status}, although {reason}",
                    f"add the shared response for {status} from components/responses",
                )


def _expected_statuses(
    subject: Subject, operation: openapi_document.Operation
) -> Mapping[str, str]:
    locations = {parameter.location for parameter in subject.parameters(operation)}
    common = sequence(subject.document.get(_COMMON, list(_REASONS)))
    expected = {status: reason for status, reason in _REASONS.items() if status in common}
    if operation.data.get("security") == []:
        expected.pop("401", None)
    if locations or "requestBody" in operation.data:
        expected["400"] = "its input can be invalid"
    if "path" in locations:
        expected["404"] = "what its path names may not exist"
    return expected


def _common_statuses(subject: Subject) -> Iterator[Finding]:
    written = subject.document.get(_COMMON, [])
    unknown = [str(status) for status in sequence(written) if status not in _REASONS]
    if unknown or not isinstance(written, list):
        yield Finding(
            join_pointer("#", _COMMON),
            f"`{_COMMON}` is not a list of {', '.join(_REASONS)}",
            "list, as text, those that every operation can send; without the key it is all",
        )


def _headers(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        for status, response, pointer in subject.responses(operation):
            headers = {
                name.lower(): subject.resolve(header)
                for name, header in mapping(response.get("headers")).items()
            }
            for name in filter(None, (_ON_EVERY_RESPONSE, _ON_STATUS.get(status))):
                if headers.get(name.lower(), {}).get("required") is not True:
                    yield Finding(
                        pointer,
                        f"the response {status} of {operation.id} does not promise the header "
                        f"{name}",
                        f"refer to components/headers/{name} under its `headers`, with "
                        "`required: true` there",
                    )


def _error_bodies(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        for status, response, _ in subject.responses(operation):
            if status.startswith(("4", "5")):
                name = f"the response {status} of {operation.id}"
                yield from _media_types(subject, operation, name, response)


def _media_types(
    subject: Subject, operation: openapi_document.Operation, name: str, holder: object
) -> Iterator[Finding]:
    media_types = list(mapping(subject.resolve(holder).get("content")))
    if media_types not in ([], [_JSON]):
        yield Finding(
            operation.pointer,
            f"{name} has the media types {', '.join(media_types)}",
            f"document {_JSON} alone: the client reads no other errors",
        )


def _error_schema(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        for status, response, pointer in subject.responses(operation):
            if status[:1] in "45" and _body_reference(response) != _ERROR_SCHEMA:
                yield Finding(
                    pointer,
                    f"the response {status} of {operation.id} has not the shared error body",
                    f"let its {_JSON} schema be `$ref: {_ERROR_SCHEMA}`",
                )


def _body_reference(response: Node) -> object:
    media_type = mapping(mapping(response.get("content")).get(_JSON))
    return mapping(media_type.get("schema")).get("$ref")


GENERATOR_RULES = (Rule("some-success", _some_success),)
RULES = (
    *GENERATOR_RULES,
    Rule("error-statuses", _statuses),
    Rule("common-statuses", _common_statuses),
    Rule("response-headers", _headers),
    Rule("json-errors", _error_bodies),
    Rule("error-body-shared", _error_schema),
)

"""Checking answers against the document, so that a wrong fixture fails where it is made."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any

import orjson

from insightiq_mock.web.responses import documented_response
from insightiq_mock.web.schemas import SchemaCompiler
from insightiq_mock.web.violations import Violation, violations_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import jsonschema_rs

    from insightiq_mock.context import Response
    from insightiq_mock.web.document import Document

__all__ = ["ResponseContracts"]

# Refusals of HTTP itself: they come before anything that an operation could document.
_PROTOCOL_STATUSES = frozenset({405, 413, 415})


@dataclasses.dataclass(frozen=True, slots=True)
class _ResponseContract:
    """What the document says about one status of one operation.

    Attributes:
        required_headers: Names of the headers that must be there.
        headers: Compiled schemas of header values, by name.
        bodies: Compiled schemas of the body, by media type; none means no body.
    """

    required_headers: frozenset[str]
    headers: Mapping[str, jsonschema_rs.Validator]
    bodies: Mapping[str, jsonschema_rs.Validator]

    def violations(self, answer: Response) -> Iterator[Violation]:
        """Yield what is wrong with ``answer``."""
        headers = dict(answer.headers)
        for name in sorted(self.required_headers - headers.keys()):
            yield Violation(f"header {name}", "is required", missing=True)
        for name, validator in self.headers.items():
            if name in headers:
                yield from violations_of(validator, _header_value(headers[name]), f"header {name}")
        yield from self._body_violations(answer.body, headers.get("content-type"))

    def _body_violations(self, body: bytes, content_type: str | None) -> Iterator[Violation]:
        if not self.bodies:
            if body or content_type is not None:
                yield Violation("body", "there must be none, and no content type")
        elif content_type is None or content_type not in self.bodies:
            known = " or ".join(self.bodies)
            yield Violation("header content-type", f"is {content_type}; documented is {known}")
        else:
            try:
                value = orjson.loads(body)
            except orjson.JSONDecodeError as error:
                yield Violation("body", f"is not JSON: {error}")
            else:
                yield from violations_of(self.bodies[content_type], value, "body")


class ResponseContracts:
    """Checks answers of every operation; each contract is compiled when it is first needed."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._operations = {operation.id: operation for operation in document.operations}
        self._schemas = SchemaCompiler(document)
        self._contract = functools.cache(self._compile)

    def violations(self, operation_id: str, answer: Response) -> list[Violation]:
        """Return everything in ``answer`` that the document does not allow."""
        contract = self._contract(operation_id, answer.status)
        if contract is not None:
            return list(contract.violations(answer))
        if answer.status in _PROTOCOL_STATUSES:
            return []
        return [Violation("status", "is not documented")]

    def _compile(self, operation_id: str, status: int) -> _ResponseContract | None:
        operation = self._operations[operation_id]
        response = documented_response(self._document, operation, status)
        if response is None:
            return None
        label = f"the {status} answer of {operation_id}"
        headers: dict[str, Mapping[str, Any]] = {
            name.lower(): self._document.resolve(written)
            for name, written in response.get("headers", {}).items()
        }
        return _ResponseContract(
            required_headers=frozenset(
                name for name, header in headers.items() if header.get("required", False)
            ),
            headers={
                name: self._schemas.compile(header.get("schema", {}), f"header {name} of {label}")
                for name, header in headers.items()
            },
            bodies={
                media_type: self._schemas.compile(media.get("schema", {}), label)
                for media_type, media in response.get("content", {}).items()
            },
        )


def _header_value(text: str) -> object:
    """Header values are text; one that is a number was described as a number."""
    return int(text) if text.isdecimal() else text

"""Everything that the document says about the requests of one operation."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers

from insightiq_mock.web.errors import invalid_request
from insightiq_mock.web.formats import REQUEST_FORMATS
from insightiq_mock.web.parameters import (
    Parameter,
    compile_parameters,
    parse_query,
    read_parameters,
)
from insightiq_mock.web.request_body import BodyContract, compile_body, decoded_body, read_body
from insightiq_mock.web.schemas import SchemaCompiler
from insightiq_mock.web.violations import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.types import Receive, Scope

    from insightiq_mock.context import RequestContext
    from insightiq_mock.web.document import Document, Operation

__all__ = ["RequestContract", "request_contracts"]


@dataclasses.dataclass(frozen=True, slots=True)
class RequestContract:
    """Checks the requests of one operation."""

    path: tuple[Parameter, ...]
    query: tuple[Parameter, ...]
    header: tuple[Parameter, ...]
    body: BodyContract | None

    async def check(self, scope: Scope, receive: Receive, context: RequestContext) -> None:
        """Validate a request and leave its typed values in ``exchange``.

        Raises:
            ApiError: 400 with everything that is wrong, 413 or 415.
        """
        violations: list[Violation] = []
        if context.path:
            violations += self._check_path(context)
        if scope["query_string"] or self.query:
            violations += self._check_query(scope["query_string"], context)
        if self.header:
            violations += self._check_headers(Headers(scope=scope))
        if self.body is not None:
            sent = await read_body(receive, context.header("content-length"))
            context.raw_body = decoded_body(sent, context.header("content-encoding"))
            context.body, wrong = self.body.read(context.raw_body, context.header("content-type"))
            violations += wrong
        if violations:
            raise invalid_request(violations)

    def _check_path(self, context: RequestContext) -> list[Violation]:
        decoded, undecodable = _decode_path(context.path)
        # A path parameter is always there: one that is missing here could not be decoded.
        present = [parameter for parameter in self.path if parameter.name in decoded]
        given = {name: [text] for name, text in decoded.items()}
        _, violations = read_parameters(present, given)
        # Handlers get them as text: an id is looked up, not calculated with.
        context.path = decoded
        return [*undecodable, *violations]

    def _check_query(self, query_string: bytes, context: RequestContext) -> list[Violation]:
        try:
            given = parse_query(query_string)
        except UnicodeDecodeError:
            return [Violation("query string", "is not UTF-8")]
        except ValueError:
            return [Violation("query string", "has too many fields")]
        context.query, violations = read_parameters(self.query, given)
        return violations

    def _check_headers(self, headers: Headers) -> list[Violation]:
        given = {p.name: headers.getlist(p.name) for p in self.header if p.name in headers}
        return read_parameters(self.header, given)[1]


# Contracts hold no state: every app that serves a document shares them.
@functools.lru_cache(maxsize=8)
def request_contracts(document: Document) -> Mapping[str, RequestContract]:
    """Compile the requests of every operation, by operation id.

    Raises:
        DocumentError: A schema or a parameter cannot be used.
    """
    schemas = SchemaCompiler(document, REQUEST_FORMATS)
    return {op.id: _contract(document, schemas, op) for op in document.operations}


def _contract(document: Document, schemas: SchemaCompiler, operation: Operation) -> RequestContract:
    parameters = compile_parameters(document, schemas, operation)
    return RequestContract(
        path=_located(parameters, "path"),
        query=_located(parameters, "query"),
        header=_located(parameters, "header"),
        body=compile_body(document, schemas, operation),
    )


def _located(parameters: Iterable[Parameter], location: str) -> tuple[Parameter, ...]:
    return tuple(parameter for parameter in parameters if parameter.location == location)


def _decode_path(encoded: Mapping[str, str]) -> tuple[dict[str, str], list[Violation]]:
    decoded: dict[str, str] = {}
    violations: list[Violation] = []
    for name, text in encoded.items():
        if "%" not in text:
            decoded[name] = text
            continue
        try:
            decoded[name] = unquote_to_bytes(text).decode("utf-8")
        except UnicodeDecodeError:
            violations.append(Violation(f"path parameter {name}", "is not UTF-8"))
    return decoded, violations

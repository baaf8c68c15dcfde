"""Rules about links and callbacks: what they name must exist where they look for it."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from insightiq_mock.openapi.tree import Node, join_pointer, mapping, pointer_parts, sequence
from lint.subject import Finding, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    import openapi_document

__all__ = ["RULES"]

_BODY = "x-request-body"
_EXPRESSION = re.compile(
    r"\$(url|method|statusCode"
    r"|(?P<message>request|response)\."
    r"(?P<source>body(?P<pointer>#/.+)?|(header|query|path)\.(?P<name>.+)))"
)


@dataclasses.dataclass(frozen=True, slots=True)
class _Link:
    """One link of one response of one operation, references followed."""

    pointer: str
    node: Node
    source: openapi_document.Operation
    response: Node


def _links(subject: Subject) -> Iterator[_Link]:
    for operation in subject.operations:
        for _, response, pointer in subject.responses(operation):
            for name, entry in mapping(response.get("links")).items():
                where = join_pointer(pointer, "links", name)
                yield _Link(where, subject.resolve(entry), operation, response)


def _request_body(subject: Subject) -> Iterator[Finding]:
    for place in subject.places("link"):
        if "requestBody" in place.node:
            yield Finding(
                join_pointer(place.pointer, "requestBody"),
                "the link gives a `requestBody`, which common generators reject if it is an object",
                f"write it as `{_BODY}`: the contract tests read that, and others pass it over",
            )


def _target(subject: Subject) -> Iterator[Finding]:
    by_id = {operation.id: operation for operation in subject.operations}
    for link in _links(subject):
        target = by_id.get(link.node.get("operationId", ""))
        if target is None:
            yield Finding(
                link.pointer,
                f"the link leads to the operation {link.node.get('operationId')!r}, which does "
                "not exist",
                "name an `operationId` of this document (`operationRef` is not used here)",
            )
        else:
            yield from _parameters(subject, link, target)


def _parameters(
    subject: Subject, link: _Link, target: openapi_document.Operation
) -> Iterator[Finding]:
    parameters = subject.parameters(target)
    known = {parameter.name for parameter in parameters}
    known |= {f"{parameter.location}.{parameter.name}" for parameter in parameters}
    given = mapping(link.node.get("parameters"))
    for name in given:
        if name not in known:
            yield Finding(
                link.pointer,
                f"the link gives the parameter {name!r}, which {target.id} does not have",
                f"name one of {', '.join(sorted(p.name for p in parameters)) or 'none'}",
            )
    for parameter in parameters:
        names = {parameter.name, f"{parameter.location}.{parameter.name}"}
        if parameter.node.get("required") and not names & given.keys():
            yield Finding(
                link.pointer,
                f"the link does not give {parameter.name!r}, which {target.id} requires",
                "add it under `parameters` with an expression such as `$response.body#/id`",
            )


def _expressions(subject: Subject) -> Iterator[Finding]:
    for link in _links(subject):
        values = [*mapping(link.node.get("parameters")).values(), link.node.get(_BODY)]
        for expression in _expressions_in(values):
            fault = _fault(subject, expression, link.source, link.response)
            if fault:
                yield _expression_finding(link.pointer, expression, fault)


def _callback_expressions(subject: Subject) -> Iterator[Finding]:
    for operation in subject.operations:
        for name, entry in mapping(operation.data.get("callbacks")).items():
            pointer = join_pointer(operation.pointer, "callbacks", name)
            for address in subject.resolve(entry):
                for expression in re.findall(r"\{(.*?)\}", address):
                    fault = _fault(subject, expression, operation, {})
                    if fault:
                        yield _expression_finding(pointer, expression, fault)


def _expression_finding(pointer: str, expression: str, fault: str) -> Finding:
    remedy = "correct the expression, for example `$response.body#/id` or `$request.path.id`"
    return Finding(pointer, f"the expression {expression!r} {fault}", remedy)


def _expressions_in(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("$"):
        yield value
    for member in [*sequence(value), *mapping(value).values()]:
        yield from _expressions_in(member)


def _fault(
    subject: Subject, expression: str, source: openapi_document.Operation, response: Node
) -> str | None:
    """Say what is wrong with ``expression``; None where it can be evaluated."""
    match = _EXPRESSION.fullmatch(expression)
    if match is None:
        return "is not a runtime expression"
    is_response = match["message"] == "response"
    if match["pointer"]:
        schema = subject.body_schema(response if is_response else source.data.get("requestBody"))
        message = "response" if is_response else "request body"
        if schema is None or not _leads_somewhere(subject, schema, match["pointer"]):
            return f"points at nothing in the schema of the {message} of {source.id}"
    elif match["name"]:
        location = match["source"].partition(".")[0]
        if is_response and location == "header":
            known = {name.lower() for name in mapping(response.get("headers"))}
        else:
            known = {
                parameter.name.lower()
                for parameter in subject.parameters(source)
                if parameter.location == location and not is_response
            }
        if match["name"].lower() not in known:
            return f"names a {location} that {source.id} does not have"
    return None


def _leads_somewhere(subject: Subject, schema: Node, pointer: str) -> bool:
    for part in pointer_parts(pointer):
        schema = subject.resolve(schema)
        step = schema.get("items") if part.isdecimal() else subject.properties(schema).get(part)
        if step is None:
            return False
        schema = mapping(step)
    return True


RULES = (
    Rule("link-body", _request_body),
    Rule("link-target", _target),
    Rule("link-expression", _expressions),
    Rule("callback-expression", _callback_expressions),
)

"""One call of each operation through the client, with the examples of the document as arguments."""

from __future__ import annotations

import dataclasses
import datetime as dt
import inspect
import typing

import openapi_document

from contract_suite.document import component_name, parameters, resolved

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from openapi_document import Operation

    from contract_suite.document import Document
    from insightiq import InsightIQ

__all__ = ["ExampleCall", "example_call", "typed_object", "typed_text"]

Json: typing.TypeAlias = typing.Any

_DATE: typing.Final = "date"
_TIMES: typing.Final = frozenset({"date-time", "date-time-local", "date-time-lenient"})


@dataclasses.dataclass(frozen=True, slots=True)
class ExampleCall:
    """A call of an operation.

    Attributes:
        operation: The operation.
        in_path: Arguments of the path, in their order.
        by_name: The other arguments.
        body: The body that has to leave, None for none.
    """

    operation: Operation
    in_path: tuple[Json, ...]
    by_name: Mapping[str, Json]
    body: Json

    def made_by(self, client: InsightIQ, **changes: Json) -> Json:
        """Make the call and return its result; for a list, the list."""
        method = getattr(getattr(client, self.operation.resource), self.operation.verb)
        return method(*self.in_path, **{**self.by_name, **changes})

    def answered_by(self, client: InsightIQ) -> Json:
        """Make the call and return what came; for a list, its first page."""
        result = self.made_by(client)
        return next(result.pages()) if "x-pagination" in self.operation.data else result


def example_call(document: Document, operation: Operation, client: InsightIQ) -> ExampleCall:
    """Return a call of ``operation`` with everything that it requires."""
    given = parameters(document, operation)
    in_path = tuple(_value(document, each) for each in given if each["in"] == "path")
    by_name = {
        each["name"]: _value(document, each)
        for each in given
        if each["in"] == "query" and each.get("required")
    }
    body, body_arguments = _body(document, operation)
    method = getattr(getattr(client, operation.resource), operation.verb)
    names = inspect.signature(method).parameters
    arguments = {
        name if name in names else f"{name}_": value
        for name, value in {**by_name, **body_arguments}.items()
    }
    return ExampleCall(operation, in_path, arguments, body)


def _value(document: Document, parameter: Mapping[str, Json]) -> Json:
    return _typed(document, parameter["schema"], parameter["example"])


def _body(document: Document, operation: Operation) -> tuple[Json, dict[str, Json]]:
    entry = operation.data.get("requestBody")
    if entry is None:
        return None, {}
    content = openapi_document.resolve(document, entry)["content"]["application/json"]
    named = next(iter(content["examples"].values()))
    example = openapi_document.resolve(document, named)["value"]
    properties = resolved(document, content["schema"]).get("properties", {})
    return example, {
        name: _typed(document, properties.get(name, {}), value) for name, value in example.items()
    }


def typed_text(schema: Mapping[str, Json], text: str) -> str | dt.date:
    """Return ``text`` as the client takes it: a day as a date, an instant as a datetime.

    Raises:
        ValueError: No value of Python names the instant, as for a leap second.
        OverflowError: It lies outside the years 1 to 9999.
    """
    if schema.get("format") == _DATE:
        return dt.date.fromisoformat(text)
    if schema.get("format") in _TIMES:
        instant = dt.datetime.fromisoformat(text)
        # Without a zone it is in UTC, in the document as in the client.
        zoned = instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
        return zoned.astimezone(dt.UTC)
    return text


def _typed(document: Document, node: Json, value: Json) -> Json:
    """Return ``value`` as the client takes it: dates as dates, objects as models."""
    schema = resolved(document, node)
    if isinstance(value, str):
        return typed_text(schema, value)
    if schema.get("type") == "object":
        return typed_object(node, value)
    if schema.get("type") == "array":
        return [_typed(document, schema["items"], each) for each in value]
    return value


def typed_object(node: Json, value: Mapping[str, Json]) -> Json:
    """Return an object as the client takes it: as the model of its component, where it has one."""
    from insightiq import models  # noqa: PLC0415 - needed by few operations

    model = getattr(models, component_name(node) or "", None)
    return value if model is None else model.from_dict(value)

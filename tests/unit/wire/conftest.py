"""The document, its validators, and the fixtures of recorded responses."""

from __future__ import annotations

import importlib
import json
import pathlib
from collections.abc import Callable
from typing import Any

import openapi_schemas
import pytest
from published_document import DOCUMENT

from insightiq_generated.client import Operation

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "fixtures"

Errors = Callable[[str, Any], list[str]]


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    return DOCUMENT


@pytest.fixture(scope="session")
def errors_against(document: dict[str, Any]) -> Errors:
    schemas = openapi_schemas.DocumentSchemas(document)

    def errors(schema: str, value: Any) -> list[str]:
        validator = schemas.validator({"$ref": f"#/components/schemas/{schema}"})
        return [error.message for error in validator.iter_errors(value)]

    return errors


@pytest.fixture(scope="session")
def operation_of() -> Callable[[str], Operation[Any]]:
    """The generated operation of an id such as ``contents.list``."""

    def find(operation_id: str) -> Operation[Any]:
        resource, _, verb = operation_id.partition(".")
        module = {"list": "list_"}.get(verb, verb)
        found = importlib.import_module(f"insightiq_generated.api.{resource}.{module}").OPERATION
        assert isinstance(found, Operation)
        return found

    return find


@pytest.fixture(scope="session")
def platform_matrix() -> dict[str, dict[str, list[str]]]:
    matrix = json.loads((FIXTURES / "platform_matrix.json").read_text(encoding="utf-8"))
    return {name: fields for name, fields in matrix.items() if not name.startswith("_")}

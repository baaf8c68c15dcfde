"""A document as large as a vendor's: the project's own, and copies of the one that uses every form."""

from __future__ import annotations

import copy
import pathlib
from typing import Any

import openapi_document

__all__ = ["large_document"]

ROOT = pathlib.Path(__file__).resolve().parents[2]
_REFERENCE = "#/components/schemas/"


def large_document(paths: int = 130) -> dict[str, Any]:
    """Return a document of at least that many paths; each copy has resources and schemas of its own."""
    document = openapi_document.load(ROOT / "spec" / "insightiq.yaml")
    every_form = openapi_document.load(ROOT / "tests" / "fixtures" / "everything.yaml")
    number = 0
    while len(document["paths"]) < paths:
        number += 1
        _add(document, copy.deepcopy(every_form), f"shop{number}")
    return document


def _add(document: dict[str, Any], other: dict[str, Any], prefix: str) -> None:
    schemas: dict[str, Any] = other["components"]["schemas"]
    names = {name: f"{prefix.title()}{name}" for name in schemas}
    # Errors are the same for all, and so are their headers.
    names["ErrorResponse"] = "ErrorResponse"
    responses = {name: f"{prefix.title()}{name}" for name in other["components"]["responses"]}
    _rename(other, {_REFERENCE: names, "#/components/responses/": responses})
    own = document["components"]
    own["schemas"] |= {
        names[name]: each for name, each in schemas.items() if name != "ErrorResponse"
    }
    own["responses"] |= {
        responses[name]: each for name, each in other["components"]["responses"].items()
    }
    own["headers"] = {**other["components"]["headers"], **own.get("headers", {})}
    for path, item in other["paths"].items():
        document["paths"][f"/{prefix}{path}"] = item
        for operation in item.values():
            if isinstance(operation, dict):
                resource, _, verb = operation["operationId"].partition(".")
                operation["operationId"] = f"{prefix}_{resource}.{verb}"
                operation["tags"] = [f"{prefix}_{resource}"]
    document["tags"] += [
        {"name": f"{prefix}_{each['name']}", "description": each["description"]}
        for each in other["tags"]
    ]


def _rename(node: Any, names: dict[str, dict[str, str]]) -> None:
    if isinstance(node, list):
        for each in node:
            _rename(each, names)
    elif isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str) and key != "description":
                for begin, renamed in names.items():
                    name = value.removeprefix(begin)
                    if value.startswith(begin) and name in renamed:
                        node[key] = f"{begin}{renamed[name]}"
            else:
                _rename(value, names)

"""The document as the other servers get it: the same, with our own responses as its examples.

So all servers send the same text. They know no state, and a response that each of them can give is
an example of the document.
"""

from __future__ import annotations

import copy
import json
import pathlib
import typing

import yaml

__all__ = ["OPERATIONS", "bench_document", "mockoon_environment"]

_SPEC = pathlib.Path(__file__).parents[3] / "spec" / "insightiq.yaml"

OPERATIONS = ("users.get", "users.list", "contents.list", "users.create")


def bench_document(responses: dict[str, typing.Any]) -> dict[str, typing.Any]:
    """Return the document with ``responses``, by operation id, in place of its own examples."""
    document: dict[str, typing.Any] = yaml.safe_load(_SPEC.read_text())
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and operation.get("operationId") in responses:
                _show(document, operation, responses[operation["operationId"]])
    return document


def _show(document: dict[str, typing.Any], operation: typing.Any, body: typing.Any) -> None:
    status = "201" if "201" in operation["responses"] else "200"
    name = operation["responses"][status]["$ref"].rpartition("/")[2]
    response = copy.deepcopy(document["components"]["responses"][name])
    media = response["content"]["application/json"]
    media.pop("examples", None)
    media["example"] = body
    operation["responses"][status] = response


def mockoon_environment(
    environment: dict[str, typing.Any], responses: dict[str, typing.Any]
) -> dict[str, typing.Any]:
    """Give an environment that Mockoon imported the bodies that its import leaves out."""
    bodies = {
        ("get", "v1/users/:id"): "users.get",
        ("get", "v1/users"): "users.list",
        ("get", "v1/social/contents"): "contents.list",
        ("post", "v1/users"): "users.create",
    }
    for route in environment["routes"]:
        operation_id = bodies.get((route["method"], route["endpoint"]))
        if operation_id is None:
            continue
        status = 201 if operation_id == "users.create" else 200
        response = next(each for each in route["responses"] if each["statusCode"] == status)
        response["body"] = json.dumps(responses[operation_id], separators=(",", ":"))
        response["disableTemplating"] = True
        response["default"] = True
        route["responses"] = [response]
        route["responseMode"] = None
    return environment

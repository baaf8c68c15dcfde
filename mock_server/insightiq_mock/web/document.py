"""The OpenAPI document that the server is made from: read, checked, and kept as it was written.

Everything else in this package asks `Document`; nothing else reads the file. What connexion gets is
`routing_copy`: the few parts that its own middlewares read.
"""

from __future__ import annotations

import dataclasses
import importlib.resources
import pathlib
from typing import TYPE_CHECKING, Any

from insightiq_mock.openapi import METHODS, DocumentError, read_file, resolve
from insightiq_mock.openapi.json_data import is_object
from insightiq_mock.web.document_checks import (
    check_cycles,
    check_operations,
    check_references,
    check_security,
    check_servers,
    check_shape,
    check_version,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "Document",
    "DocumentError",
    "Operation",
    "default_document_path",
    "document_from",
    "load_document",
]


@dataclasses.dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document.

    Attributes:
        id: Its ``operationId``.
        method: HTTP method in upper case.
        path: Path template, for example ``/v1/users/{id}``.
        parameters: Its parameters and those of its path, references followed.
        data: The operation object as written.
    """

    id: str
    method: str
    path: str
    parameters: tuple[Mapping[str, Any], ...]
    data: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, eq=False)
class Document:
    """A checked OpenAPI 3.0 document. Compared and hashed by identity: it is never changed.

    Attributes:
        source: Where it came from, for messages.
        data: The document as written, references in place.
        operations: Its operations, in the order of the document.
    """

    source: str
    data: Mapping[str, Any]
    operations: tuple[Operation, ...]

    @property
    def version(self) -> str:
        """``info.version`` of the document."""
        return str(self.data["info"]["version"])

    def resolve(self, node: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Follow ``node`` while it is a ``$ref``; other nodes come back as they are."""
        return resolve(self.data, node)

    def routing_copy(self) -> dict[str, Any]:
        """Return what connexion's own middlewares need: operation ids and who may call them.

        Extension keys stay out: one of them names a Python module that connexion would import.
        """
        components = self.data.get("components", {})
        schemes = {
            name: _without_extensions(self.resolve(scheme))
            for name, scheme in components.get("securitySchemes", {}).items()
        }
        paths: dict[str, dict[str, Any]] = {}
        for operation in self.operations:
            routed = {"operationId": operation.id, "responses": {"default": {"description": ""}}}
            if "security" in operation.data:
                routed["security"] = operation.data["security"]
            paths.setdefault(operation.path, {})[operation.method.lower()] = routed
        copied = {
            key: self.data[key] for key in ("openapi", "servers", "security") if key in self.data
        }
        info = {"title": "Routing copy", "version": self.version}
        return {**copied, "info": info, "paths": paths, "components": {"securitySchemes": schemes}}


def default_document_path() -> pathlib.Path:
    """Return the document of this installation: packaged in a wheel, else of the repository."""
    packaged = importlib.resources.files("insightiq_mock") / "insightiq.yaml"
    if isinstance(packaged, pathlib.Path) and packaged.is_file():
        return packaged
    return pathlib.Path(__file__).resolve().parents[3] / "spec" / "insightiq.yaml"


def load_document(path: pathlib.Path) -> Document:
    """Read and check the document at ``path``.

    Raises:
        DocumentError: It is missing, cannot be read, is not OpenAPI 3.0, or cannot be served.
    """
    return document_from(read_file(path).data, str(path))


def document_from(data: object, source: str = "document") -> Document:
    """Check parsed ``data`` and make it a `Document`.

    Raises:
        DocumentError: It is not an OpenAPI 3.0 document that can be served.
    """
    try:
        document = _mapping(data)
        check_version(document)
        check_cycles(document)
        check_shape(document)
        check_references(document)
        operations = tuple(_operations(document))
        check_operations(operations)
        check_security(document, operations)
        check_servers(document)
    except DocumentError as error:
        msg = f"{source}: {error}"
        raise DocumentError(msg) from None
    return Document(source=source, data=document, operations=operations)


def _mapping(data: object) -> Mapping[str, Any]:
    if not is_object(data):
        msg = f"holds a {type(data).__name__}, not an OpenAPI document."
        raise DocumentError(msg)
    return data


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, written_item in document["paths"].items():
        if path.startswith("x-"):
            continue
        item = resolve(document, written_item)
        for method in METHODS:
            if method not in item:
                continue
            data = item[method]
            if "operationId" not in data:
                msg = f"{method.upper()} {path} has no operationId; give it one."
                raise DocumentError(msg)
            yield Operation(
                id=data["operationId"],
                method=method.upper(),
                path=path,
                parameters=_merged_parameters(document, item, data),
                data=data,
            )


def _merged_parameters(
    document: Mapping[str, Any], item: Mapping[str, Any], operation: Mapping[str, Any]
) -> tuple[Mapping[str, Any], ...]:
    merged: dict[tuple[str, str], Mapping[str, Any]] = {}
    for written in [*item.get("parameters", []), *operation.get("parameters", [])]:
        parameter = resolve(document, written)
        merged[parameter["in"], parameter["name"]] = parameter
    return tuple(merged.values())


def _without_extensions(scheme: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in scheme.items() if not key.startswith("x-")}

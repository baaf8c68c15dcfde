"""What a document must keep to be served, beyond being YAML; and following its references.

connexion does not see most of this: it accepts an operation id that stands twice, and gives both
routes the validation and the security of the last one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from insightiq_mock.web.json_values import is_array, is_object
from insightiq_mock.web.metaschema import metaschema_violations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insightiq_mock.web.document import Operation

__all__ = [
    "DocumentError",
    "check_operations",
    "check_references",
    "check_security",
    "check_servers",
    "check_shape",
    "check_version",
    "resolve",
]

# connexion 3.3 reads nothing newer, and crashes on a suffix such as 3.0.3-rc1.
_SUPPORTED_VERSION = re.compile(r"3\.0\.\d+")
_TEMPLATE_NAME = re.compile(r"\{([^{}]*)\}")
_SHOWN_VIOLATIONS = 3


class DocumentError(Exception):
    """The document cannot be served; the message says where and what to do."""


def check_version(document: Mapping[str, Any]) -> None:
    """Refuse what is not OpenAPI 3.0."""
    version = document.get("openapi")
    if not isinstance(version, str) or not _SUPPORTED_VERSION.fullmatch(version):
        msg = f"openapi is {version!r}; the mock server reads OpenAPI 3.0.x documents only."
        raise DocumentError(msg)


def check_shape(document: Mapping[str, Any]) -> None:
    """Refuse what the OpenAPI meta-schema refuses."""
    violations = metaschema_violations(document)
    if violations:
        more = len(violations) - _SHOWN_VIOLATIONS
        rest = f" (and {more} more)" if more > 0 else ""
        shown = "; ".join(violations[:_SHOWN_VIOLATIONS])
        msg = f"not a valid OpenAPI 3.0 document: {shown}{rest}."
        raise DocumentError(msg)


def check_references(document: Mapping[str, Any]) -> None:
    """Refuse a ``$ref`` that leads nowhere."""
    _check_references_below(document, document, "#")


def check_operations(operations: Sequence[Operation]) -> None:
    """Refuse operations that share an id or a path, and path parameters that do not match."""
    by_id: dict[str, Operation] = {}
    by_shape: dict[str, Operation] = {}
    for operation in operations:
        twin = by_id.setdefault(operation.id, operation)
        if twin is not operation:
            msg = (
                f"operationId {operation.id!r} stands at {_label(twin)} and at {_label(operation)};"
                " rename one of them."
            )
            raise DocumentError(msg)
        rival = by_shape.setdefault(_TEMPLATE_NAME.sub("{}", operation.path), operation)
        if rival.path != operation.path:
            msg = (
                f"the paths {rival.path} and {operation.path} match the same requests;"
                " write them as one."
            )
            raise DocumentError(msg)
        _check_path_parameters(operation)


def _check_path_parameters(operation: Operation) -> None:
    declared = {written["name"] for written in operation.parameters if written["in"] == "path"}
    templated = set(_TEMPLATE_NAME.findall(operation.path))
    for name in sorted(declared ^ templated):
        fault = "is not declared" if name in templated else "is not part of the path"
        msg = f"{_label(operation)}: path parameter {name!r} {fault}; make the two agree."
        raise DocumentError(msg)


def _label(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def check_security(document: Mapping[str, Any], operations: Sequence[Operation]) -> None:
    """Refuse a security requirement without its scheme."""
    known = document.get("components", {}).get("securitySchemes", {})
    for operation in operations:
        for requirement in operation.data.get("security", document.get("security", [])):
            for name in requirement:
                if name not in known:
                    msg = (
                        f"{operation.id} asks for the security scheme {name!r}, which"
                        " components.securitySchemes does not define; define or correct it."
                    )
                    raise DocumentError(msg)


def check_servers(document: Mapping[str, Any]) -> None:
    """Refuse a server URL whose variables have no value: it says where every path begins."""
    for server in document.get("servers", []):
        for name in _TEMPLATE_NAME.findall(server["url"]):
            if name not in server.get("variables", {}):
                msg = f"the server {server['url']} does not define {name!r}; give it a default."
                raise DocumentError(msg)


def resolve(document: Mapping[str, Any], node: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Follow ``node`` while it is a ``$ref``; other nodes come back as they are.

    Raises:
        DocumentError: It leads nowhere, in a circle, or out of the document.
    """
    followed: set[str] = set()
    while is_object(node) and isinstance(node.get("$ref"), str):
        reference: str = node["$ref"]
        if not reference.startswith("#/"):
            msg = f"$ref {reference!r}: only references within the document (#/…) are followed."
            raise DocumentError(msg)
        if reference in followed:
            msg = f"$ref {reference!r} leads back to itself."
            raise DocumentError(msg)
        followed.add(reference)
        node = _target(document, reference)
    return node


def _check_references_below(document: Mapping[str, Any], node: object, where: str) -> None:
    if is_object(node):
        if isinstance(node.get("$ref"), str):
            try:
                resolve(document, node)
            except DocumentError as error:
                msg = f"{where}: {error}"
                raise DocumentError(msg) from None
        for key, value in node.items():
            # What stands in an example is the API's data, not the document's structure.
            if key not in ("example", "value"):
                _check_references_below(document, value, f"{where}/{_escaped(key)}")
    elif is_array(node):
        for index, value in enumerate(node):
            _check_references_below(document, value, f"{where}/{index}")


def _target(document: Mapping[str, Any], reference: str) -> Any:  # noqa: ANN401 - any JSON value
    target: Any = document
    for part in reference[2:].split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        if is_array(target) and key.isdecimal() and int(key) < len(target):
            target = target[int(key)]
        elif is_object(target) and key in target:
            target = target[key]
        else:
            msg = f"$ref {reference!r} leads nowhere: {key!r} does not exist."
            raise DocumentError(msg)
    return target


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")

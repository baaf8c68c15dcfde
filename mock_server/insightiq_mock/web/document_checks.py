"""What a document must keep to be served, beyond being readable.

connexion does not see most of this: it accepts an operation id that stands twice, and gives both
routes the validation and the security of the last one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from insightiq_mock.openapi import DocumentError, find_cycle, misdirected
from insightiq_mock.web.metaschema import metaschema_violations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insightiq_mock.web.document import Operation

__all__ = [
    "check_cycles",
    "check_operations",
    "check_references",
    "check_security",
    "check_servers",
    "check_shape",
    "check_version",
]

# connexion 3.3 reads nothing newer, and crashes on a suffix such as 3.0.3-rc1.
_SUPPORTED_VERSION = re.compile(r"3\.0\.\d+")
_TEMPLATE_NAME = re.compile(r"\{([^{}]*)\}")
_SHOWN_VIOLATIONS = 3


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


def check_cycles(document: Mapping[str, Any]) -> None:
    """Refuse a ``$ref`` or an ``allOf`` that leads back to itself."""
    cycle = find_cycle(document)
    if cycle is not None:
        pointer, what = cycle
        msg = f"{pointer}: {what}"
        raise DocumentError(msg)


def check_references(document: Mapping[str, Any]) -> None:
    """Refuse a ``$ref`` that does not lead to what should stand there."""
    for pointer, what in misdirected(document):
        msg = f"{pointer}: {what}"
        raise DocumentError(msg)


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

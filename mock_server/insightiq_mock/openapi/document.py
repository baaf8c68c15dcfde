"""The checked OpenAPI document that the server is made from.

Everything else asks `Document`; nothing else reads the file. connexion gets `routing_copy`: the few
parts that its own middlewares read. connexion misses most of what is checked here: for example, it
accepts an operation id that stands twice, and gives both routes the security of the last one.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import importlib.resources
import importlib.util
import json
import logging
import pathlib
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from insightiq_mock.openapi.reader import read_file
from insightiq_mock.openapi.references import find_cycle, misdirected, resolve
from insightiq_mock.openapi.tree import METHODS, DocumentError, is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import jsonschema_rs

__all__ = [
    "Document",
    "DocumentWatch",
    "Operation",
    "default_document_path",
    "document_from",
    "load_document",
]

# connexion 3.3 reads nothing newer, and crashes on a suffix such as 3.0.3-rc1.
_SUPPORTED_VERSION = re.compile(r"3\.0\.\d+")
_TEMPLATE_NAME = re.compile(r"\{([^{}]*)\}")
_SHOWN_VIOLATIONS = 3
_SECONDS_BETWEEN_LOOKS = 0.5

_LOG = logging.getLogger("insightiq_mock")


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
    """A checked OpenAPI 3.0 document. Compared and hashed by identity: it never changes.

    Attributes:
        source: Its file, for messages.
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

    @property
    def base_path(self) -> str:
        """The path of the first server, with which every path of the API begins."""
        for server in self.data.get("servers", []):
            url: str = server["url"]
            for name, variable in server.get("variables", {}).items():
                url = url.replace(f"{{{name}}}", str(variable["default"]))
            return urlsplit(url).path.rstrip("/")
        return ""

    def resolve(self, node: Any) -> Any:
        """Follow ``node`` while it is a ``$ref``; other nodes come back as they are."""
        return resolve(self.data, node)

    def routing_copy(self) -> dict[str, Any]:
        """Return the parts that connexion's own middlewares need: operation ids and security.

        Extension keys stay out: one of them names a Python module that connexion would import.
        """
        components = self.data.get("components", {})
        schemes = {
            name: {
                key: value
                for key, value in self.resolve(scheme).items()
                if not key.startswith("x-")
            }
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
        if not is_object(data):
            msg = f"holds a {type(data).__name__}, not an OpenAPI document."
            raise DocumentError(msg)
        _check_version(data)
        for pointer, fault in _misleading_references(data):
            msg = f"{pointer}: {fault}"
            raise DocumentError(msg)
        operations = tuple(_operations(data))
        _check_operations(operations)
        _check_security(data, operations)
        _check_servers(data)
    except DocumentError as error:
        msg = f"{source}: {error}"
        raise DocumentError(msg) from None
    return Document(source=source, data=data, operations=operations)


class DocumentWatch:
    """Serves the document of a file again whenever the file has changed.

    A document that cannot be served changes nothing; the log says what is wrong with it.

    Args:
        path: The file.
        serve: Begins to serve a document.
    """

    def __init__(self, path: pathlib.Path, serve: Callable[[Document], None]) -> None:
        self._path = path
        self._serve = serve
        self._seen = self._fingerprint()

    async def run(self) -> None:
        """Look for changes until cancelled."""
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            await self.look()

    async def look(self) -> bool:
        """Look once; return whether another document is served now."""
        fingerprint = self._fingerprint()
        if fingerprint == self._seen:
            return False
        self._seen = fingerprint
        try:
            # Reading takes a moment; requests need not wait for it.
            document = await asyncio.to_thread(load_document, self._path)
            self._serve(document)
        except DocumentError as error:
            _LOG.error("the changed document is not served, the one before still is: %s", error)
            return False
        _LOG.info("serving the changed document %s, version %s", self._path, document.version)
        return True

    def _fingerprint(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        # Editors replace files: another one of the same age and length is still another one.
        return status.st_mtime_ns, status.st_size, status.st_ino


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
            merged: dict[tuple[str, str], Mapping[str, Any]] = {}
            for written in [*item.get("parameters", []), *data.get("parameters", [])]:
                parameter = resolve(document, written)
                merged[parameter["in"], parameter["name"]] = parameter
            yield Operation(data["operationId"], method.upper(), path, (*merged.values(),), data)


def _check_version(document: Mapping[str, Any]) -> None:
    version = document.get("openapi")
    if not isinstance(version, str) or not _SUPPORTED_VERSION.fullmatch(version):
        msg = f"openapi is {version!r}; the mock server reads OpenAPI 3.0.x documents only."
        raise DocumentError(msg)


def _misleading_references(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    cycle = find_cycle(document)
    if cycle is not None:
        yield cycle
    # The shape comes first: what a reference must lead to is only known in a valid document.
    _check_shape(document)
    yield from misdirected(document)


def _check_shape(document: Mapping[str, Any]) -> None:
    """Reject documents that break the OpenAPI meta-schema.

    connexion checks the same with its Python validator, which takes most of its loading time.
    """
    from insightiq_mock.openapi.schemas import violations_of

    violations = violations_of(_metaschema(), document, "#")
    if violations:
        more = len(violations) - _SHOWN_VIOLATIONS
        rest = f" (and {more} more)" if more > 0 else ""
        shown = "; ".join(map(str, violations[:_SHOWN_VIOLATIONS]))
        msg = f"not a valid OpenAPI 3.0 document: {shown}{rest}."
        raise DocumentError(msg)


@functools.cache
def _metaschema() -> jsonschema_rs.Validator:
    """Return connexion's copy of the meta-schema, so that both reject the same documents."""
    import jsonschema_rs

    # Found without importing connexion, which takes longer than all of the checks.
    package = importlib.util.find_spec("connexion")
    assert package is not None, "connexion is required"
    assert package.origin is not None, "connexion is a package of files"
    path = pathlib.Path(package.origin).parent / "resources" / "schemas" / "v3.0" / "schema.json"
    # connexion does not check the formats either; a broken pattern is found when it is compiled.
    return jsonschema_rs.Draft4Validator(json.loads(path.read_bytes()), validate_formats=False)


def _check_operations(operations: Sequence[Operation]) -> None:
    """Reject operations that share an id or a path, and path parameters that do not match."""
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
        declared = {written["name"] for written in operation.parameters if written["in"] == "path"}
        templated = set(_TEMPLATE_NAME.findall(operation.path))
        for name in sorted(declared ^ templated):
            fault = "is not declared" if name in templated else "is not part of the path"
            msg = f"{_label(operation)}: path parameter {name!r} {fault}; make the two agree."
            raise DocumentError(msg)


def _label(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def _check_security(document: Mapping[str, Any], operations: Sequence[Operation]) -> None:
    """Reject a security requirement without its scheme."""
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


def _check_servers(document: Mapping[str, Any]) -> None:
    """Reject a server URL whose variables have no value: every path begins with its path."""
    for server in document.get("servers", []):
        for name in _TEMPLATE_NAME.findall(server["url"]):
            if name not in server.get("variables", {}):
                msg = f"the server {server['url']} does not define {name!r}; give it a default."
                raise DocumentError(msg)

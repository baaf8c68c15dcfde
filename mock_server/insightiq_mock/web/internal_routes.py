"""Internal routes: health, the documentation page, the document itself.

``/docs`` is Swagger UI; `static/swagger-ui/README.md` says where its files come from. Nothing is
loaded from the network.

``/openapi.json`` and ``/openapi.yaml`` are the document without the keys that name code. The first
server is the address of the request, so that tools which take the first server call the mock.
Where examples are given, requests in the document hold ids that exist.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import html
import importlib.resources
import uuid
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import orjson
import yaml

from insightiq_mock.context import Response, json_response
from insightiq_mock.errors import method_not_allowed, nothing_at_root, unknown_path
from insightiq_mock.openapi.tree import is_array, is_object
from insightiq_mock.version import package_version
from insightiq_mock.web.origins import is_loopback_host, read_host

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Scope

    from insightiq_mock.openapi import Document, Operation

    Examples = Callable[[str], Mapping[str, Mapping[str, object]]]

    _SafeDumper = yaml.SafeDumper
else:
    # The C dumper is several times faster; not every build of PyYAML has it.
    _SafeDumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

__all__ = ["DOCS_PATH", "JSON_PATH", "YAML_PATH", "InternalRoutes", "Offers"]

DOCS_PATH: Final = "/docs"
JSON_PATH: Final = "/openapi.json"
YAML_PATH: Final = "/openapi.yaml"

_PREFIX: Final = "/_mock"
_HEALTH: Final = f"{_PREFIX}/health"
_ALLOWED: Final = "GET, HEAD, OPTIONS"
_DOCUMENT_TYPES: Final = {JSON_PATH: "application/json", YAML_PATH: "application/yaml"}
# Endings of the keys with which frameworks find the code behind a document.
_INTERNAL_ENDINGS: Final = ("func", "-router-controller")
# Placeholder of the server's address in the prepared text.
_BASE: Final = f"base-{uuid.uuid4().hex}"

_LIBRARY: Final = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}
_POLICY: Final = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; script-src 'self';"
    " style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{base}/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="documentation"></div>
<script src="{base}/swagger-ui-bundle.js"></script>
<script src="{base}/start.js"></script>
</body>
</html>
"""
_START: Final = """const credentials = {credentials};

// Without this, a browser opens a dialog for each 401, and the page waits for it.
const withoutOwnCredentials = (request) => {{
  request.credentials = "omit";
  return request;
}};

const fillIn = async () => {{
  if (credentials === null) {{
    return;
  }}
  const response = await fetch(credentials, {{credentials: "omit"}});
  const {{scheme, username, password}} = await response.json();
  ui.preauthorizeBasic(scheme, username, password);
}};

const ui = SwaggerUIBundle({{
  url: "{document}",
  dom_id: "#documentation",
  deepLinking: true,
  docExpansion: "none",
  displayOperationId: true,
  displayRequestDuration: true,
  filter: true,
  // Credentials that the server fills in are current; stored ones may be outdated.
  persistAuthorization: credentials === null,
  requestInterceptor: withoutOwnCredentials,
  tryItOutEnabled: true,
  validatorUrl: null,
  onComplete: fillIn,
}});
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Offers:
    """Examples and credentials for the documentation; only where no other machine can read them.

    Attributes:
        examples: Returns values for requests, by operation id and by the name of a parameter or of
            a key of the body, for a server at the given address.
        credentials: Returns user name and password of HTTP Basic.
    """

    examples: Examples | None = None
    credentials: Callable[[], tuple[str, str]] | None = None


class InternalRoutes:
    """Responds to requests that belong to no operation and need no credentials.

    Args:
        document: The document that is served.
        prefix: Prefix of all of these paths. Without one, health and the root are among them.
        offers: Examples and credentials for the documentation.

    Attributes:
        beginnings: How the paths begin that may be internal.
        exact: Internal paths beside these.
    """

    exact: frozenset[str] = frozenset()

    def __init__(self, document: Document, prefix: str, offers: Offers) -> None:
        self._prefix = prefix
        self._docs_path = prefix + DOCS_PATH
        self._document_paths = {prefix + path: path for path in (JSON_PATH, YAML_PATH)}
        own = () if prefix else (_PREFIX,)
        self.beginnings = (*own, self._docs_path, *self._document_paths)
        self._docs = _DocsPage(document, prefix, offers.credentials)
        self._published = _PublishedDocument(document, offers.examples)
        if not prefix and all(each.path != "/" for each in document.operations):
            self.exact = frozenset({"/"})
        health = {
            "status": "ok",
            "version": package_version(),
            "document_version": document.version,
            "operations": len(document.operations),
        }
        self._health = json_response(200, orjson.dumps(health))

    def respond(
        self, method: str, path: str, headers: Mapping[bytes, bytes], scope: Scope
    ) -> Response | None:
        """Return the response; None where the path belongs to the API.

        Raises:
            ApiError: 404 or 405.
        """
        if path in self.exact:
            return self._root(method, headers)
        if not self._prefix and (path == _PREFIX or path.startswith(f"{_PREFIX}/")):
            if path != _HEALTH:
                raise unknown_path(path)
            return _unreadable(method, path) or self._health
        if path in self._document_paths:
            written = self._document_paths[path]
            return _unreadable(method, path) or self._published.respond(written, headers, scope)
        if path == self._docs_path or path.startswith(f"{self._docs_path}/"):
            found = self._docs.respond(path)
            if found is None:
                raise unknown_path(path)
            return _unreadable(method, path) or found
        return None

    def _root(self, method: str, headers: Mapping[bytes, bytes]) -> Response | None:
        """Send browsers to the documentation, and name its address to others."""
        if method not in ("GET", "HEAD"):
            return None
        if b"text/html" in headers.get(b"accept", b""):
            return Response(307, headers=(("location", self._docs_path), ("vary", "accept")))
        raise nothing_at_root(self._docs_path, *self._document_paths)


def _unreadable(method: str, path: str) -> Response | None:
    """Respond to OPTIONS, reject methods that do not read; None for the others."""
    if method == "OPTIONS":
        return Response(204, headers=(("allow", _ALLOWED),))
    if method not in ("GET", "HEAD"):
        raise method_not_allowed(method, path, _ALLOWED)
    return None


class _DocsPage:
    def __init__(
        self, document: Document, prefix: str, credentials: Callable[[], tuple[str, str]] | None
    ) -> None:
        self._path = prefix + DOCS_PATH
        self._scheme = _basic_scheme(document)
        self._credentials = None if self._scheme is None else credentials
        self._credentials_path = f"{self._path}/credentials.json"
        title = html.escape(str(document.data["info"]["title"]))
        page = _PAGE.format(title=title, base=self._path)
        offered = "null" if self._credentials is None else f'"{self._credentials_path}"'
        start = _START.format(document=prefix + JSON_PATH, credentials=offered)
        headers = (("content-security-policy", _POLICY), ("referrer-policy", "no-referrer"))
        self._files = {
            self._path: _text("text/html; charset=utf-8", page.encode()).with_headers(*headers),
            f"{self._path}/start.js": _text("text/javascript; charset=utf-8", start.encode()),
        }

    def respond(self, path: str) -> Response | None:
        path = path.rstrip("/")
        name = path.removeprefix(f"{self._path}/")
        if path == self._credentials_path and self._credentials is not None:
            return self._offered(*self._credentials())
        return _library_file(name) if name in _LIBRARY else self._files.get(path)

    def _offered(self, username: str, password: str) -> Response:
        # Pages of other origins may run a script of ours, but cannot read this.
        body = {"scheme": self._scheme, "username": username, "password": password}
        headers = (
            ("cache-control", "no-store"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-content-type-options", "nosniff"),
        )
        return json_response(200, orjson.dumps(body), *headers)


def _basic_scheme(document: Document) -> str | None:
    """Return the name of the document's security scheme for HTTP Basic, if it has one."""
    schemes = document.data.get("components", {}).get("securitySchemes", {})
    for name, written in schemes.items():
        scheme = document.resolve(written)
        if scheme.get("type") == "http" and str(scheme.get("scheme")).lower() == "basic":
            return str(name)
    return None


@functools.cache
def _library_file(name: str) -> Response:
    folder = importlib.resources.files("insightiq_mock.web") / "static" / "swagger-ui"
    return _text(_LIBRARY[name], (folder / name).read_bytes())


def _text(content_type: str, body: bytes) -> Response:
    return Response(200, body, (("content-type", content_type), ("cache-control", "no-cache")))


class _PlainDumper(_SafeDumper):
    """Writes a value out wherever it stands, rather than pointing at an earlier one."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - signature of the base class
        return True


class _PublishedDocument:
    def __init__(self, document: Document, examples: Examples | None) -> None:
        self._document = document
        self._examples = examples
        # Without examples there is one text of each kind; examples change as the world does.
        self._text = functools.lru_cache(maxsize=4)(self._prepare)

    def respond(self, path: str, headers: Mapping[bytes, bytes], scope: Scope) -> Response:
        examples: Mapping[str, Mapping[str, object]] = {}
        if self._examples is not None:
            examples = self._examples(_BASE)
        text = self._text(path, orjson.dumps(examples))
        body = text.replace(_BASE.encode(), _base_url(headers, scope).encode("ascii"))
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        known = headers.get(b"if-none-match", b"").decode("latin-1")
        if tag in (each.strip().removeprefix("W/") for each in known.split(",")):
            return Response(304, headers=(("etag", tag),))
        content_type = ("content-type", _DOCUMENT_TYPES[path])
        return Response(200, body, (content_type, ("etag", tag), ("cache-control", "no-cache")))

    def _prepare(self, path: str, examples: bytes) -> bytes:
        published = _published(self._document, orjson.loads(examples))
        if path == JSON_PATH:
            return orjson.dumps(published)
        text: str = yaml.dump(
            published, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=120
        )
        return text.encode()


def _base_url(headers: Mapping[bytes, bytes], scope: Scope) -> str:
    """Return the address that a request was sent to."""
    asked = headers.get(b"host", b"").decode("latin-1")
    if read_host(asked) is None:
        # HTTP/1.0 has no Host.
        host, port = scope.get("server") or ("localhost", None)
        asked = f"[{host}]" if ":" in host else host
        asked = asked if port is None else f"{asked}:{port}"
    return f"{scope['scheme']}://{asked.lower()}"


def _published(document: Document, examples: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    published: dict[str, Any] = _without_internals(document.data)
    for operation in document.operations:
        if examples.get(operation.id):
            item = published["paths"][operation.path]
            method = operation.method.lower()
            item[method] = _with_examples(document, operation, item[method], examples[operation.id])
    servers: list[dict[str, Any]] = published.pop("servers", [])
    first_url: str = servers[0]["url"] if servers else ""
    this_one = {"url": _BASE + urlsplit(first_url).path, "description": "This mock server."}
    elsewhere = [server for server in servers if _is_elsewhere(server["url"])]
    head: dict[str, Any] = {
        key: published.pop(key) for key in ("openapi", "info") if key in published
    }
    return {**head, "servers": [this_one, *elsewhere], **published}


def _is_elsewhere(url: str) -> bool:
    """Return whether a server URL has a host, and one that is not this machine."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return True
    return host is not None and not is_loopback_host(host)


def _with_examples(
    document: Document, operation: Operation, written: dict[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return an operation whose requests have ``values`` as examples."""
    changed = dict(written)
    # In the document's order: the operation's own parameters, and those of its path with a value.
    own = [_key(document, each) for each in written.get("parameters", [])]
    parameters = [
        {**_without(each, "examples"), "example": values[each["name"]]}
        if each["name"] in values
        else written["parameters"][own.index((each["in"], each["name"]))]
        for each in operation.parameters
        if each["name"] in values or (each["in"], each["name"]) in own
    ]
    if parameters:
        changed["parameters"] = parameters
    if "requestBody" in written:
        changed["requestBody"] = _body_with_examples(document, written["requestBody"], values)
    return changed


def _key(document: Document, parameter: Mapping[str, Any]) -> tuple[str, str]:
    found = document.resolve(parameter)
    return found["in"], found["name"]


def _body_with_examples(
    document: Document, written: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    body = dict(document.resolve(written))
    content: dict[str, Any] = {}
    for media_type, media in body.get("content", {}).items():
        shown = media.get("example")
        for each in media.get("examples", {}).values():
            shown = document.resolve(each).get("value")
            break
        content[media_type] = (
            media
            if shown is None
            else {**_without(media, "examples"), "example": _replaced(shown, values)}
        )
    return {**body, "content": content}


def _replaced(value: Any, values: Mapping[str, Any]) -> Any:
    if is_object(value):
        return {
            key: values[key] if key in values else _replaced(member, values)
            for key, member in value.items()
        }
    return [_replaced(member, values) for member in value] if is_array(value) else value


def _without(mapping: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name != key}


def _without_internals(value: Any) -> Any:
    if is_object(value):
        return {
            key: _without_internals(member)
            for key, member in value.items()
            if not (key.startswith("x-") and key.lower().endswith(_INTERNAL_ENDINGS))
        }
    return [_without_internals(member) for member in value] if is_array(value) else value

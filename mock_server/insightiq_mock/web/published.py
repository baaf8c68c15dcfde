"""The document as this server gives it away: ``/openapi.json`` and ``/openapi.yaml``.

Left out is what names code, which is nobody's business. The first server on the list is the address
under which the document was asked for, so that tools which take the first call the mock. Where the
server knows a world, examples of requests hold ids of it, so that they work as they stand.
"""

from __future__ import annotations

import functools
import hashlib
import uuid
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import orjson
import yaml

from insightiq_mock.context import Response
from insightiq_mock.web.hosts import is_loopback_host, read_host
from insightiq_mock.web.json_values import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Scope

    from insightiq_mock.web.document import Document, Operation

    Examples = Callable[[str], Mapping[str, Mapping[str, object]]]

    _SafeDumper = yaml.SafeDumper
else:
    # The C dumper is several times faster; not every build of PyYAML has it.
    _SafeDumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

__all__ = ["JSON_PATH", "YAML_PATH", "Examples", "PublishedDocument"]

JSON_PATH = "/openapi.json"
YAML_PATH = "/openapi.yaml"

_TYPES = {JSON_PATH: "application/json", YAML_PATH: "application/yaml"}

# Keys with which frameworks find the code behind a document.
_INTERNAL_ENDINGS = ("func", "-router-controller")

# Stands in the prepared text for the address under which it is asked for, and nowhere else.
_BASE: Final = f"base-{uuid.uuid4().hex}"


class _PlainDumper(_SafeDumper):
    """Writes a value out wherever it stands, rather than pointing at an earlier one."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - signature of the base class
        return True


class PublishedDocument:
    """Answers with a document's text.

    Args:
        document: The document.
        examples: Gives values for requests, by operation id and by the name of a parameter or of a
            key of the body, at a server with the given address; None: the document's own stay.
    """

    def __init__(self, document: Document, examples: Examples | None = None) -> None:
        self._document = document
        self._examples = examples
        # Without examples there is one text of each kind; those change as the world does.
        self._text = functools.lru_cache(maxsize=4)(self._prepare)

    def response(self, path: str, headers: Mapping[bytes, bytes], scope: Scope) -> Response:
        """Response a request for `JSON_PATH` or `YAML_PATH`; 304 to whoever has the text already."""
        examples: Mapping[str, Mapping[str, object]] = {}
        if self._examples is not None:
            examples = self._examples(_BASE)
        text = self._text(path, orjson.dumps(examples))
        body = text.replace(_BASE.encode(), _base_url(headers, scope).encode("ascii"))
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        known = headers.get(b"if-none-match", b"").decode("latin-1")
        if tag in (each.strip().removeprefix("W/") for each in known.split(",")):
            return Response(304, headers=(("etag", tag),))
        kept = (("content-type", _TYPES[path]), ("etag", tag), ("cache-control", "no-cache"))
        return Response(200, headers=kept, body=body)

    def _prepare(self, path: str, examples: bytes) -> bytes:
        published = _published(self._document, orjson.loads(examples))
        return orjson.dumps(published) if path == JSON_PATH else _as_yaml(published)


def _base_url(headers: Mapping[bytes, bytes], scope: Scope) -> str:
    """Return the address under which a request came."""
    asked = headers.get(b"host", b"").decode("latin-1")
    if read_host(asked) is None:
        # HTTP/1.0 does not say.
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
    """Tell whether a server is another one than this: not a path, and not on this machine."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return True
    return host is not None and not is_loopback_host(host)


def _with_examples(
    document: Document, operation: Operation, written: dict[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return an operation whose requests have the given values as examples."""
    changed = dict(written)
    named = {(each["in"], each["name"]): each for each in operation.parameters}
    own = [_named(document, each) for each in written.get("parameters", [])]
    kept = [
        each
        for each, key in zip(written.get("parameters", []), own, strict=True)
        if key[1] not in values
    ]
    given = [
        {**_without(parameter, "examples"), "example": values[name]}
        for (_, name), parameter in named.items()
        if name in values
    ]
    if given:
        # In the document's order, as far as they are the operation's own.
        order = {key: place for place, key in enumerate(named)}
        changed["parameters"] = sorted(
            [*given, *kept], key=lambda each: order[_named(document, each)]
        )
    if "requestBody" in written:
        changed["requestBody"] = _body_with_examples(document, written["requestBody"], values)
    return changed


def _named(document: Document, parameter: Mapping[str, Any]) -> tuple[str, str]:
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


def _replaced(value: Any, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    if is_object(value):
        return {
            key: values[key] if key in values else _replaced(member, values)
            for key, member in value.items()
        }
    return [_replaced(member, values) for member in value] if is_array(value) else value


def _without(mapping: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name != key}


def _without_internals(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if is_object(value):
        return {
            key: _without_internals(member)
            for key, member in value.items()
            if not _is_internal(key)
        }
    return [_without_internals(member) for member in value] if is_array(value) else value


def _is_internal(key: str) -> bool:
    return key.startswith("x-") and key.lower().endswith(_INTERNAL_ENDINGS)


def _as_yaml(value: object) -> bytes:
    text: str = yaml.dump(
        value, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=120
    )
    return text.encode()

"""The document as this server gives it away: ``/openapi.json`` and ``/openapi.yaml``.

Its bytes are prepared once. Left out is what names code, which is nobody's business; and the first
server on the list is this one, so that tools which take the first call the mock.
"""

from __future__ import annotations

import functools
import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
import yaml

from insightiq_mock.web.exchange import Answer
from insightiq_mock.web.json_values import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insightiq_mock.web.document import Document

    _SafeDumper = yaml.SafeDumper
else:
    # The C dumper is several times faster; not every build of PyYAML has it.
    _SafeDumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

__all__ = ["JSON_PATH", "YAML_PATH", "PublishedDocument"]

JSON_PATH = "/openapi.json"
YAML_PATH = "/openapi.yaml"

_TYPES = {JSON_PATH: "application/json", YAML_PATH: "application/yaml"}

# Keys with which frameworks find the code behind a document.
_INTERNAL_ENDINGS = ("func", "-router-controller")


class _PlainDumper(_SafeDumper):
    """Writes a value out wherever it stands, rather than pointing at an earlier one."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - signature of the base class
        return True


class PublishedDocument:
    """Answers with a document's text."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._answer = functools.cache(self._prepare)

    def answer(self, path: str, headers: Mapping[bytes, bytes]) -> Answer:
        """Answer a request for `JSON_PATH` or `YAML_PATH`; 304 to whoever has the text already."""
        answer, tag = self._answer(path)
        known = headers.get(b"if-none-match", b"").decode("latin-1")
        if tag in (each.strip().removeprefix("W/") for each in known.split(",")):
            return Answer(304, (("etag", tag),))
        return answer

    def _prepare(self, path: str) -> tuple[Answer, str]:
        published = _published(self._document)
        body = orjson.dumps(published) if path == JSON_PATH else _as_yaml(published)
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = (("content-type", _TYPES[path]), ("etag", tag), ("cache-control", "no-cache"))
        return Answer(200, headers, body), tag


def _published(document: Document) -> dict[str, Any]:
    published: dict[str, Any] = _without_internals(document.data)
    servers: list[dict[str, Any]] = published.pop("servers", [])
    first_url: str = servers[0]["url"] if servers else ""
    base_path = urlsplit(first_url).path
    this_one = {"url": base_path or "/", "description": "This mock server."}
    head: dict[str, Any] = {
        key: published.pop(key) for key in ("openapi", "info") if key in published
    }
    return {**head, "servers": [this_one, *servers], **published}


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

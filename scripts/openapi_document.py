"""Reading the OpenAPI document: what every script needs, and nothing else.

The document is plain nested ``dict``/``list`` data as YAML gives it; ``$ref`` stays as written and
is followed on request.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import pathlib
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import yaml
from typing_extensions import TypeIs

__all__ = [
    "DEFAULT_PATH",
    "METHODS",
    "DocumentError",
    "Operation",
    "load",
    "operations",
    "parse",
    "resolve",
]

DEFAULT_PATH = pathlib.Path(__file__).resolve().parent.parent / "spec" / "insightiq.yaml"

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class DocumentError(Exception):
    """The document cannot be read; the message says where and what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document.

    Attributes:
        id: Its ``operationId``, or ``METHOD path`` where it has none.
        method: HTTP method in lower case.
        path: Path template, for example ``/v1/users/{id}``.
        data: The operation object as written.
        pointer: JSON pointer to it, for messages.
    """

    id: str
    method: str
    path: str
    data: Mapping[str, Any]
    pointer: str

    @property
    def resource(self) -> str:
        """Text before the dot of the id: ``contents`` of ``contents.list``."""
        return self.id.partition(".")[0]

    @property
    def verb(self) -> str:
        """Text behind the dot of the id: ``list`` of ``contents.list``."""
        return self.id.partition(".")[2]


class _StrictLoader(yaml.CSafeLoader):
    """SafeLoader (libyaml's, ten times quicker) that refuses a key written twice and leaves dates as text, as JSON would."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - signature of the base class
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = key_node.value
            if key in seen and key != "<<":
                line = key_node.start_mark.line + 1
                msg = f"line {line}: the key {key!r} is written twice; keep one of the two."
                raise DocumentError(msg)
            seen.add(key)
        return super().construct_mapping(node, deep)


# YAML would turn 2026-04-26 into a date object; the document's examples are JSON text.
_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def load(path: pathlib.Path = DEFAULT_PATH) -> dict[str, Any]:
    """Read the document at ``path``.

    Raises:
        DocumentError: The file is missing, is not YAML, or is not a mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror}); give the path of an OpenAPI document."
        raise DocumentError(msg) from error
    return parse(text, str(path))


def parse(text: str, name: str) -> dict[str, Any]:
    """Read a document from its text; ``name`` is what messages call it.

    Raises:
        DocumentError: The text is not YAML, or not a mapping.
    """
    try:
        document = _read(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = "" if mark is None else f" in line {mark.line + 1}"
        msg = f"{name}: not valid YAML{line}: {error.problem or error.context}."
        raise DocumentError(msg) from error
    except yaml.YAMLError as error:
        msg = f"{name}: not valid YAML: {' '.join(str(error).split())}."
        raise DocumentError(msg) from error
    except DocumentError as error:
        msg = f"{name}: {error}"
        raise DocumentError(msg) from None
    if not is_object(document):
        msg = f"{name}: {_what_it_is(text, document)}, not an OpenAPI document."
        raise DocumentError(msg)
    return dict(document)


def _read(text: str) -> object:
    if text.lstrip().startswith("{"):
        # Thirty times quicker than as YAML; what is wrong with it, YAML's reader tells.
        with contextlib.suppress(ValueError, RecursionError):
            return json.loads(text, object_pairs_hook=_object)
    return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - subclass of SafeLoader


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Make an object of JSON; a key written twice is left to YAML's reader, which knows lines."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _what_it_is(text: str, read: object) -> str:
    if not text.strip():
        return "is empty"
    if text.lstrip()[:14].lower().startswith(("<!doctype html", "<html")):
        return "is a web page"
    return f"holds a {type(read).__name__}"


def operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    """Yield every operation in the order of the document."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method not in item:
                continue
            data = item[method]
            escaped = path.replace("~", "~0").replace("/", "~1")
            yield Operation(
                id=data.get("operationId", f"{method.upper()} {path}"),
                method=method,
                path=path,
                data=data,
                pointer=f"#/paths/{escaped}/{method}",
            )


def is_object(node: object) -> TypeIs[Mapping[str, Any]]:
    """Tell whether ``node`` is a JSON object."""
    return isinstance(node, Mapping)


def resolve(document: Mapping[str, Any], node: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Follow ``node`` while it is a ``$ref`` into this document; other nodes come back as they are.

    Raises:
        DocumentError: The reference leads nowhere or leaves the document.
    """
    while is_object(node) and "$ref" in node:
        reference = node["$ref"]
        if not isinstance(reference, str) or not reference.startswith("#/"):
            msg = f"$ref {reference!r}: only references within the document (#/…) are followed."
            raise DocumentError(msg)
        target: Any = document
        for part in reference[2:].split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            if not is_object(target) or key not in target:
                msg = f"$ref {reference!r} leads nowhere: {key!r} does not exist."
                raise DocumentError(msg)
            target = target[key]
        node = target
    return node

"""Reading YAML as JSON would be read.

The file is never handed to connexion: its loader renders every document through Jinja, so that
``{{ … }}`` in a description disappears and a stray ``{%`` is a crash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

__all__ = ["YamlProblemError", "parse_yaml"]

if TYPE_CHECKING:
    from collections.abc import Hashable

    _SafeLoader = yaml.SafeLoader
else:
    # The C loader is about ten times faster; not every build of PyYAML has it.
    _SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_TIMESTAMP_TAG = "tag:yaml.org,2002:timestamp"
_MERGE_TAG = "tag:yaml.org,2002:merge"
_KEY_TAGS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:int")


class YamlProblemError(Exception):
    """The text cannot be read; the message says in which line and why."""


class _JsonLikeLoader(_SafeLoader):
    """Loads what JSON can express: text keys, no dates, no key written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - signature of the base class
        _check_keys(node)
        mapping = super().construct_mapping(node, deep)
        # A status code written without quotes is a number to YAML and text to OpenAPI.
        return {str(key) if type(key) is int else key: value for key, value in mapping.items()}


def _check_keys(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.tag == _MERGE_TAG:
            continue
        line = key.start_mark.line + 1
        if key.tag not in _KEY_TAGS:
            msg = f"line {line}: the key {key.value!r} is not text; put it in quotes."
            raise YamlProblemError(msg)
        if key.value in seen:
            msg = f"line {line}: the key {key.value!r} is written twice; keep one of the two."
            raise YamlProblemError(msg)
        seen.add(key.value)


# YAML would turn 2026-04-26 into a date object; the document's examples are JSON text.
_JsonLikeLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP_TAG]
    for first, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
}


def parse_yaml(text: str) -> object:
    """Parse ``text``, which may be YAML or JSON.

    Raises:
        YamlProblemError: It is not YAML, or says something that JSON could not.
    """
    try:
        return yaml.load(text, Loader=_JsonLikeLoader)  # noqa: S506 - subclass of SafeLoader
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        msg = f"{line}not valid YAML: {error.problem or error.context}."
        raise YamlProblemError(msg) from error
    except yaml.YAMLError as error:
        msg = f"not valid YAML: {' '.join(str(error).split())}."
        raise YamlProblemError(msg) from error

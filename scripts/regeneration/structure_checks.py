"""Whether the document is an OpenAPI document at all: the rest of the work relies on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import openapi_document
import openapi_spec_validator

from regeneration.problems import RegenerationError

__all__ = ["check_structure"]

LONGEST_MESSAGE = 200


def check_structure(document: Mapping[str, Any]) -> None:
    """Hold the document against the meta-schema of OpenAPI 3.0 and follow its references.

    Raises:
        RegenerationError: With every finding.
    """
    validator = openapi_spec_validator.OpenAPIV30SpecValidator.schema_validator
    findings = [
        f"{_pointer(error.absolute_path)}: {error.message.partition(chr(10))[0][:LONGEST_MESSAGE]}; "
        "write it as OpenAPI 3.0.3 has it."
        for error in validator.iter_errors(document)
    ]
    findings = findings or list(_broken_references(document, document, "#"))
    if findings:
        raise RegenerationError(findings)


def _pointer(path: Any) -> str:  # noqa: ANN401 - a deque of keys and positions
    return "/".join(["#", *(_escaped(part) for part in path)])


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _broken_references(document: Mapping[str, Any], node: Any, place: str) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if isinstance(node, Mapping):
        mapping = cast("Mapping[str, Any]", node)
        if isinstance(mapping.get("$ref"), str):
            try:
                openapi_document.resolve(document, mapping)
            except openapi_document.DocumentError as error:
                yield f"{place}: {error}"
            return
        for key, child in mapping.items():
            yield from _broken_references(document, child, f"{place}/{_escaped(key)}")
    elif isinstance(node, list):
        for position, child in enumerate(cast("Sequence[Any]", node)):
            yield from _broken_references(document, child, f"{place}/{position}")

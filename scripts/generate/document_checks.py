"""Checks of a document before generation: the structure of OpenAPI, and what the client can express."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import jsonschema_rs
import openapi_document
import openapi_spec_validator
from lint import GENERATOR_RULES, Finding, check

from generate.errors import GenerateError
from insightiq_mock.openapi import malformed_paths
from insightiq_mock.openapi.tree import join_pointer

__all__ = ["check_document", "check_structure", "structure_findings"]

LONGEST_MESSAGE = 200


def check_structure(document: Mapping[str, Any]) -> None:
    """Hold the document against the meta-schema of OpenAPI 3.0 and follow its references.

    Raises:
        GenerateError: With every finding.
    """
    findings = openapi_document.structure_faults(document)
    if findings:
        raise GenerateError(findings)


def check_document(document: Mapping[str, Any]) -> None:
    """Reject what would be overwritten, renamed, dropped or sent otherwise without a word.

    Raises:
        GenerateError: With every finding.
    """
    found = check(document, GENERATOR_RULES)
    findings = [finding for findings in found.values() for finding in findings]
    if findings:
        raise GenerateError(finding.sentence for finding in findings)


def structure_findings(document: Mapping[str, Any]) -> list[Finding]:
    """Return what the meta-schema of OpenAPI 3.0 says against the document."""
    remedy = "write it as OpenAPI 3.0.3 has it"
    found = list(_half_characters_of(document)) or [
        Finding(
            _pointer(error.instance_path),
            error.message.partition("\n")[0][:LONGEST_MESSAGE],
            remedy,
        )
        for error in map(_innermost, _meta_schema().iter_errors(document))
    ]
    braces = "the braces of the path do not each enclose a name"
    found += [
        Finding(join_pointer("#/paths", path), braces, remedy) for path in malformed_paths(document)
    ]
    return found


@functools.cache
def _meta_schema() -> jsonschema_rs.Validator:
    schema = openapi_spec_validator.OpenAPIV30SpecValidator.schema_validator.schema
    return jsonschema_rs.validator_for(cast("dict[str, Any]", schema), validate_formats=True)


def _innermost(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """Follow the alternatives that were tried to the one that got furthest into the document.

    Most places may hold a reference instead, which says nothing about one that holds none.
    """
    branches: Sequence[Sequence[jsonschema_rs.ValidationError]]
    branches = getattr(error.kind, "context", ())
    found = [each for branch in branches for each in branch if "$ref" not in each.message[:8]]
    if not found:
        return error
    return _innermost(max(found, key=lambda each: len(each.instance_path)))


def _half_characters_of(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a finding for each text that no file, and no validator, can hold."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        yield from _half_characters(document, "#")


def _half_characters(node: Any, place: str) -> Iterator[Finding]:
    if isinstance(node, str) and any("\ud800" <= character <= "\udfff" for character in node):
        shown = place.encode("utf-8", "backslashreplace").decode()
        yield Finding(shown, "a text holds half of a surrogate pair", "write the whole character")
    elif isinstance(node, Mapping):
        for key, child in cast("Mapping[str, Any]", node).items():
            yield from _half_characters(key, place)
            yield from _half_characters(child, f"{place}/{_escaped(key)}")
    elif isinstance(node, list):
        for position, child in enumerate(cast("Sequence[Any]", node)):
            yield from _half_characters(child, f"{place}/{position}")


def _pointer(path: Any) -> str:
    return "/".join(["#", *(_escaped(part) for part in path)])


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")

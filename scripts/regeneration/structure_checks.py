"""Whether the document is an OpenAPI document at all: the rest of the work relies on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openapi_spec_validator

from insightiq_mock.openapi import misdirected
from insightiq_mock.openapi.json_data import join_pointer
from regeneration.problems import RegenerationError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["check_structure"]

LONGEST_MESSAGE = 200


def check_structure(document: Mapping[str, Any]) -> None:
    """Hold the document against the meta-schema of OpenAPI 3.0 and follow its references.

    Raises:
        RegenerationError: With every finding.
    """
    validator = openapi_spec_validator.OpenAPIV30SpecValidator.schema_validator
    findings = [
        f"{join_pointer('#', *error.absolute_path)}: "
        f"{error.message.partition(chr(10))[0][:LONGEST_MESSAGE]}; "
        "write it as OpenAPI 3.0.3 has it."
        for error in validator.iter_errors(document)
    ]
    findings = findings or [f"{place}: {what}" for place, what in misdirected(document)]
    if findings:
        raise RegenerationError(findings)

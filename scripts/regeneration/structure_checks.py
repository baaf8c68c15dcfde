"""Whether the document is an OpenAPI document at all: the rest of the work relies on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openapi_document

from regeneration.problems import RegenerationError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["check_structure"]


def check_structure(document: Mapping[str, Any]) -> None:
    """Hold the document against the meta-schema of OpenAPI 3.0 and follow its references.

    Raises:
        RegenerationError: With every finding.
    """
    findings = openapi_document.structure_faults(document)
    if findings:
        raise RegenerationError(findings)

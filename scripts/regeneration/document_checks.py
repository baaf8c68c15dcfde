"""Checks for documents that the generated client cannot express.

The rules are those of the lint, so that lint and regeneration never disagree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import spec_rules

from regeneration.problems import GenerateError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["check_document"]


def check_document(document: Mapping[str, Any]) -> None:
    """Refuse what would be overwritten, renamed, dropped or sent otherwise without a word.

    Raises:
        GenerateError: With every finding.
    """
    found = spec_rules.check(document, spec_rules.GENERATOR_RULES)
    findings = [finding for findings in found.values() for finding in findings]
    if findings:
        raise GenerateError(finding.sentence for finding in findings)

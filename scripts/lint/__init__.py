"""Our own rules for the document: what no general tool can see.

Each module holds the rules of one subject; `check` runs them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lint import (
    examples,
    extensions,
    generation,
    links,
    names,
    operations,
    references,
    responses,
    shapes,
    texts,
)
from lint.subject import Finding, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["GENERATOR_RULES", "RULES", "Finding", "Rule", "Subject", "check"]

RULES: tuple[Rule, ...] = (
    references.RESOLVES,
    *operations.RULES,
    *shapes.RULES,
    *names.RULES,
    *references.RULES,
    *texts.RULES,
    *examples.RULES,
    *responses.RULES,
    *links.RULES,
    *extensions.RULES,
    *generation.RULES,
)

GENERATOR_RULES: tuple[Rule, ...] = (
    *operations.GENERATOR_RULES,
    *names.RULES,
    *references.GENERATOR_RULES,
    *responses.GENERATOR_RULES,
    *extensions.GENERATOR_RULES,
    *generation.RULES,
)
"""Rules without which no right client comes out: the generator rejects what breaks them."""


def check(document: Mapping[str, Any], rules: Sequence[Rule] = RULES) -> dict[str, list[Finding]]:
    """Examine ``document``, which must be structurally valid OpenAPI 3.0.3.

    Returns:
        The findings by the id of the rule that they break; rules that hold are left out.
    """
    subject = Subject(document)
    # Every other rule follows references, so none can say anything sensible past a broken one.
    dangling = list(references.RESOLVES.check(subject))
    if dangling:
        return {references.RESOLVES.id: dangling}
    found = {rule.id: list(rule.check(subject)) for rule in rules}
    return {rule_id: findings for rule_id, findings in found.items() if findings}

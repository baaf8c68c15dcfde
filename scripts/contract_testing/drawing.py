"""Drawing cases for an operation, the same ones for the same seed."""

from __future__ import annotations

import typing

import hypothesis
import hypothesis.errors
from schemathesis import GenerationMode

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from schemathesis.schemas import APIOperation, BaseSchema

    from contract_testing.schemathesis_bridge import AnyCase

__all__ = ["each_case", "operations_by_id"]


def each_case(
    operation: APIOperation[typing.Any, typing.Any, typing.Any],
    visit: Callable[[AnyCase], bool],
    *,
    seed: int,
    examples: int,
) -> None:
    """Call ``visit`` with cases that fit the document until it returns false.

    Args:
        operation: What to draw cases for.
        visit: Looks at a case; returns whether to go on.
        seed: What they are drawn from.
        examples: How many at most.
    """
    goes_on = True

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
        report_multiple_bugs=False,
    )
    @hypothesis.given(operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def draw(case: AnyCase) -> None:
        nonlocal goes_on
        goes_on = goes_on and visit(case)

    draw()


def operations_by_id(
    schema: BaseSchema,
) -> dict[str, APIOperation[typing.Any, typing.Any, typing.Any]]:
    """Return the operations of ``schema`` by their ids."""
    found = [result.ok() for result in schema.get_all_operations()]
    return {each.definition.raw["operationId"]: each for each in found}

"""Drawing cases for an operation, the same ones for the same seed."""

# schemathesis' own annotations leave out arguments of its generic types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from __future__ import annotations

import typing

import hypothesis
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from schemathesis.schemas import APIOperation, BaseSchema

    from contract_testing.schemathesis_bridge import AnyCase

AnyOperation: typing.TypeAlias = "APIOperation[typing.Any, typing.Any, typing.Any, typing.Any]"

# How quick and how lucky drawing is depends on the machine, and tells nothing of the server.
NO_HEALTH_CHECKS: typing.Final = (
    hypothesis.HealthCheck.data_too_large,
    hypothesis.HealthCheck.filter_too_much,
    hypothesis.HealthCheck.large_base_example,
    hypothesis.HealthCheck.too_slow,
)

__all__ = ["NO_HEALTH_CHECKS", "each_case", "operations_by_id"]


def each_case(
    operation: AnyOperation,
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

    Raises:
        Exception: What ``visit`` raised.
    """
    goes_on = True
    crashes: list[Exception] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=NO_HEALTH_CHECKS,
        report_multiple_bugs=False,
    )
    @hypothesis.given(operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def draw(case: AnyCase) -> None:
        nonlocal goes_on
        try:
            goes_on = goes_on and visit(case)
        except Exception as error:  # noqa: BLE001 - raised below
            # Raised in here, it would be tried again and reported as something else.
            goes_on = False
            crashes.append(error)

    draw()
    if crashes:
        raise crashes[0]


def operations_by_id(
    schema: BaseSchema,
) -> dict[str, AnyOperation]:
    """Return the operations of ``schema`` by their ids."""
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    return {each.definition.raw["operationId"]: each for each in found}

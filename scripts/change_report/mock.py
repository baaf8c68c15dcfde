"""Whether the mock server has a handler for each operation, and an operation for each handler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from change_report.model import ComparisonError, MockHandlers

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["bound_operations", "handlers_for"]


def bound_operations() -> frozenset[str]:
    """Return the operation ids that the mock server has handlers for.

    Raises:
        ComparisonError: The mock server cannot be imported.
    """
    try:
        from insightiq_mock.resources.bindings import OPERATIONS  # noqa: PLC0415 - if it is there
    except ImportError as error:
        msg = f"The mock server cannot be imported ({error}); run `make install`."
        raise ComparisonError(msg) from error
    return frozenset(
        f"{name}.{method}" for name, methods in OPERATIONS.items() for method in methods
    )


def handlers_for(operations: Iterable[str], bound: frozenset[str]) -> MockHandlers:
    """Hold the operations of a document against the handlers of the mock server."""
    wanted = list(operations)
    return MockHandlers(
        unhandled=tuple(each for each in wanted if each not in bound),
        unbound=tuple(sorted(bound.difference(wanted))),
    )

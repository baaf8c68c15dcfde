"""Saying in a sentence what is wrong with a value, and where."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import jsonschema_rs

__all__ = ["Violation", "json_pointer", "violations_of"]

# A message quotes the offending value; a whole body must not come back in it.
_LONGEST_MESSAGE = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong.

    Attributes:
        where: The place, for example ``query parameter limit`` or ``body /ids/3``.
        message: What is wrong there.
        missing: Whether the fault is that something required is absent.
    """

    where: str
    message: str
    missing: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def violations_of(validator: jsonschema_rs.Validator, value: object, where: str) -> list[Violation]:
    """Return everything that ``validator`` finds in ``value``, which stands at ``where``."""
    # Most values are right, and saying so costs a fraction of looking for all that is wrong.
    if validator.is_valid(value):
        return []
    return [_violation(found, where) for found in validator.iter_errors(value)]


def _violation(found: jsonschema_rs.ValidationError, where: str) -> Violation:
    error = _most_telling(found)
    pointer = json_pointer(error.instance_path)
    return Violation(
        where=f"{where} {pointer}" if pointer else where,
        message=_shortened(error.message),
        missing=error.kind.name == "required",
    )


def json_pointer(path: Sequence[str | int]) -> str:
    """Write ``path`` as a JSON pointer; the root is the empty string."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def _most_telling(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """Look into ``oneOf`` and ``anyOf``: the alternative that got furthest was probably meant."""
    while error.kind.name in ("oneOf", "anyOf"):
        alternatives: list[list[jsonschema_rs.ValidationError]] = getattr(error.kind, "context", [])
        nested = [alternative[0] for alternative in alternatives if alternative]
        deepest = max(nested, key=lambda inner: len(inner.instance_path), default=None)
        if deepest is None or len(deepest.instance_path) <= len(error.instance_path):
            return error
        error = deepest
    return error


def _shortened(message: str) -> str:
    if len(message) <= _LONGEST_MESSAGE:
        return message
    half = _LONGEST_MESSAGE // 2
    return f"{message[:half]} … {message[-half:]}"

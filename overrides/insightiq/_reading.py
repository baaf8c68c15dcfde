"""Making results of bodies: tolerant of what the document does not promise, but not silent."""

from __future__ import annotations

import typing
import warnings

from insightiq_generated.types import UNSET, deviation_observer

if typing.TYPE_CHECKING:
    from insightiq_generated.client import Operation

__all__ = ["BROKEN_DATA", "Reader", "StrictReadingError", "UnexpectedValueWarning"]

ResultT = typing.TypeVar("ResultT")

BROKEN_DATA = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Errors that broken data can raise in the generated parsers; any other is an error of ours."""


class UnexpectedValueWarning(UserWarning):
    """An answer holds something that the document does not promise; it was kept as it came.

    Attributes:
        operation: ``<resource>.<method>`` of the call.
        place: Where: ``<model>.<attribute>``.
        found: What was there: ``null``, ``nothing``, or the type of a value that cannot be read.
            Never the value itself, which may be personal.
    """

    def __init__(self, operation: str, place: str, found: str) -> None:
        super().__init__(
            f"{operation}: {place} holds {found} where the document promises a value; "
            "it was kept as it is. Look before using it, and consider an update of this package."
        )
        self.operation = operation
        self.place = place
        self.found = found

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.operation, self.place, self.found))


class StrictReadingError(ValueError):
    """Strict reading met what the document does not promise."""


class Reader:
    """Reads bodies, and warns of each unexpected place once."""

    def __init__(self) -> None:
        self._reported: set[str] = set()

    def read(self, operation: Operation[ResultT], body: object, *, strict: bool) -> ResultT:
        """Return the result that ``body`` holds.

        Raises:
            StrictReadingError: ``strict``, and something is not as promised.
        """
        found: dict[str, str] = {}

        def note(place: str, value: object) -> None:
            found.setdefault(place, _kind(value))

        token = deviation_observer.set(note)
        try:
            result = operation.parse_response(body)
        finally:
            deviation_observer.reset(token)
        if found:
            self._report(operation.id, found, strict=strict)
        return result

    def _report(self, operation: str, found: dict[str, str], *, strict: bool) -> None:
        if strict:
            places = ", ".join(f"{place} holds {what}" for place, what in sorted(found.items()))
            raise StrictReadingError(places)
        for place, what in found.items():
            if place not in self._reported:
                self._reported.add(place)
                warnings.warn(UnexpectedValueWarning(operation, place, what), stacklevel=2)


def _kind(value: object) -> str:
    if value is None:
        return "null"
    return "nothing" if value is UNSET else f"an unreadable {type(value).__name__}"

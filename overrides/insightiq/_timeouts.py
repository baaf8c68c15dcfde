"""How long a call waits, and for what."""

from __future__ import annotations

import dataclasses
import typing

from insightiq.errors import ConfigurationError

__all__ = ["Timeouts", "is_duration", "shown", "timeouts_from"]

# About thirty years; Python cannot wait for ten times that.
_LONGEST: typing.Final = 1e9


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds that each part of a call may take before ``APITimeoutError``.

    Args:
        connect: Until a connection stands.
        read: Until the next piece of the answer arrives.
        write: Until the next piece of the request is taken.
        pool: Until a connection of the pool is free.

    Raises:
        ConfigurationError: A value is not a positive, finite number.
    """

    connect: float = 5.0
    read: float = 30.0
    write: float = 30.0
    pool: float = 10.0

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if not is_duration(value):
                msg = f"timeout {field.name}={shown(value)}: give a positive number of seconds."
                raise ConfigurationError(msg)


def timeouts_from(timeout: float | Timeouts) -> Timeouts:
    """Return ``timeout`` as ``Timeouts``; a bare number holds for each of the four."""
    if isinstance(timeout, Timeouts):
        return timeout
    if not is_duration(timeout):
        msg = (
            f"timeout={shown(timeout)}: give a positive number of seconds, "
            "or Timeouts(connect=…, read=…, write=…, pool=…)."
        )
        raise ConfigurationError(msg)
    return Timeouts(connect=timeout, read=timeout, write=timeout, pool=timeout)


def is_duration(value: object) -> bool:
    """Tell whether ``value`` can be waited for: a bool is a number to Python, not to a reader."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 < value <= _LONGEST


def shown(value: object) -> str:
    """Return ``value`` for a message; Python does not write numbers of thousands of digits."""
    try:
        return repr(value)
    except ValueError:
        return "a number of thousands of digits"

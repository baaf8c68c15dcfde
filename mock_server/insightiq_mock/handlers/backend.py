"""What every handler works with: the store and the time."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing

if typing.TYPE_CHECKING:
    from insightiq_mock.store import Store

__all__ = ["Backend", "Clock", "wall_clock"]


class Clock(typing.Protocol):
    """Tells a developer's time, which is an aware instant; each developer may have a time of its own."""

    def __call__(self, developer_id: str, /) -> dt.datetime:
        """Return the developer's present moment."""
        ...


def wall_clock(_developer_id: str, /) -> dt.datetime:
    """Return the real time, whoever asks."""
    return dt.datetime.now(dt.UTC)


@dataclasses.dataclass(frozen=True, slots=True)
class Backend:
    """The store and the clock that handlers share."""

    store: Store
    clock: Clock = wall_clock

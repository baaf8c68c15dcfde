"""Work platforms as a resource: the catalogue in its own order (evidence.md#platform-catalogue)."""

from __future__ import annotations

import functools
import typing

from insightiq_mock.db import Column

from .platforms import PLATFORMS
from .resource import Resource

if typing.TYPE_CHECKING:
    from insightiq_mock.db import Record

__all__ = ["WORK_PLATFORMS", "work_platform_records"]

WORK_PLATFORMS: typing.Final = Resource(
    "work_platform",
    order="created_at",
    columns={Column.NATURAL_KEY: "name"},
    filters={"name": Column.NATURAL_KEY},
    any_case=frozenset({"name"}),
)


@functools.cache
def work_platform_records() -> tuple[Record, ...]:
    """Make the records of the catalogue."""
    # The catalogue has an order of its own: the first row needs the greatest key.
    return tuple(
        WORK_PLATFORMS.record(platform.as_json(), sort_key=f"{len(PLATFORMS) - rank:02}")
        for rank, platform in enumerate(PLATFORMS.values())
    )

"""A job: something that will happen in a developer's world at a moment of that world."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from insightiq_mock.db import JobRow

__all__ = ["Job", "job_of"]


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """Something to be done.

    Attributes:
        id: Its number.
        developer_id: In whose world.
        due_at: When, as that world's clock shows it.
        kind: What, as registered with `Simulation.on`.
        payload: What it needs to know, as JSON values.
    """

    id: int
    developer_id: str
    due_at: dt.datetime
    kind: str
    payload: Mapping[str, typing.Any]


def job_of(developer_id: str, row: JobRow) -> Job:
    """Read a stored job."""
    due_at = dt.datetime.fromisoformat(row.due_at).replace(tzinfo=dt.UTC)
    return Job(row.id, developer_id, due_at, row.kind, json.loads(row.payload))

"""Handlers of a developer's clock."""

from __future__ import annotations

import calendar
import datetime as dt
import typing

from insightiq_mock.control.services import format_moment, respond
from insightiq_mock.simulation import ClockError

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from insightiq_mock.context import RequestContext, Response
    from insightiq_mock.control.services import Services

__all__ = ["advance_clock", "duration", "get_clock", "set_clock"]

# The most jobs that one request runs: a response of a few megabytes, and seconds rather than minutes.
_MOST_JOBS: typing.Final = 10_000


def get_clock(services: Services, context: RequestContext) -> Response:
    """Show the clock."""
    return respond(200, _clock_json(services, services.developer_id(context)))


def set_clock(services: Services, context: RequestContext) -> Response:
    """Set the clock."""
    developer_id = services.developer_id(context)
    at = context.body.get("at")
    services.simulation.set_clock(
        developer_id,
        mode=context.body["mode"],
        at=None if at is None else _moment(at),
        factor=context.body.get("factor"),
    )
    return respond(200, _clock_json(services, developer_id))


async def advance_clock(services: Services, context: RequestContext) -> Response:
    """Advance the clock and run all jobs that come due on the way."""
    developer_id = services.developer_id(context)
    parts: dict[str, float] = dict(context.body)
    most_jobs = int(parts.pop("max_jobs", _MOST_JOBS))
    # Months are those of the calendar from the moment at which this request gets its turn.
    advance = await services.simulation.advance(
        developer_id, lambda now: duration(now, parts), most_jobs=most_jobs
    )
    jobs = [
        {"kind": job.kind, "due_at": format_moment(job.due_at), "payload": dict(job.payload)}
        for job in advance.jobs
    ]
    value = {
        "clock": _clock_json(services, developer_id),
        "jobs": jobs,
        "complete": advance.complete,
        "remaining_seconds": advance.remaining.total_seconds(),
    }
    return respond(200, value)


def _clock_json(services: Services, developer_id: str) -> dict[str, object]:
    clock = services.simulation.clock(developer_id)
    return {
        "mode": clock.mode.value,
        "now": format_moment(services.simulation.now(developer_id)),
        "factor": clock.factor,
    }


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        message = f"{text} is no moment that a clock can show."
        raise ClockError(message) from error


def duration(now: dt.datetime, parts: Mapping[str, float]) -> dt.timedelta:
    """Add up seconds, minutes, hours, days and calendar months from ``now`` on.

    Raises:
        ClockError: It ends after the year 9999.
    """
    try:
        end = _months_later(now, int(parts.get("months", 0))) + dt.timedelta(
            days=parts.get("days", 0),
            hours=parts.get("hours", 0),
            minutes=parts.get("minutes", 0),
            seconds=parts.get("seconds", 0),
        )
    except (ValueError, OverflowError) as error:
        message = "The clock would show a moment after the year 9999; advance it by less."
        raise ClockError(message) from error
    return end - now


def _months_later(moment: dt.datetime, months: int) -> dt.datetime:
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    last_day = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last_day))

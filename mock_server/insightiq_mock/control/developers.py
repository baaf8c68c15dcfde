"""Developers, their snapshots, clocks and settings."""

from __future__ import annotations

import datetime as dt
import typing

from insightiq_mock.control.refusals import (
    default_developer_stays,
    no_rotation,
    reserved_client_id,
    rotation_under_way,
)
from insightiq_mock.control.services import DEFAULT, done, moment_text, reply
from insightiq_mock.control.stretches import stretch
from insightiq_mock.simulation import ClockError, ClockMode, Settings

if typing.TYPE_CHECKING:
    from insightiq_mock.context import RequestContext, Response
    from insightiq_mock.control.services import Services
    from insightiq_mock.simulation import Developer

__all__ = [
    "advance_clock",
    "create_developer",
    "create_snapshot",
    "delete_developer",
    "delete_snapshot",
    "get_clock",
    "get_developer",
    "get_settings",
    "list_developers",
    "list_snapshots",
    "reset_developer",
    "restore_snapshot",
    "retire_secret",
    "rotate_secret",
    "set_clock",
    "update_settings",
]

_ROTATING: typing.Final = 2

# What one call does at most: an answer of a few megabytes, and seconds rather than minutes.
_MOST_JOBS: typing.Final = 10_000


def list_developers(services: Services, _call: RequestContext) -> Response:
    """List all developers."""
    shown = [_shown(services, each) for each in services.simulation.developers()]
    return reply(200, {"data": shown})


def create_developer(services: Services, call: RequestContext) -> Response:
    """Make a developer."""
    wanted: dict[str, typing.Any] = dict(call.body or {})
    wanted["settings"] = Settings.from_json(wanted.get("settings", {}))
    if wanted.get("clock") != ClockMode.REAL:
        wanted.setdefault("start", services.start)
    if wanted.get("client_id") == DEFAULT:
        raise reserved_client_id(DEFAULT)
    developer = services.simulation.create_developer(**wanted)
    return reply(201, _shown(services, developer))


def get_developer(services: Services, call: RequestContext) -> Response:
    """Show a developer."""
    developer = services.simulation.developer(services.developer_id(call))
    return reply(200, _shown(services, developer))


def delete_developer(services: Services, call: RequestContext) -> Response:
    """Forget a developer, but not the default one: its credentials stand in the ready line."""
    developer_id = services.developer_id(call)
    if developer_id == services.default_developer_id:
        raise default_developer_stays()
    services.simulation.delete_developer(developer_id)
    return done()


def rotate_secret(services: Services, call: RequestContext) -> Response:
    """Add a secret."""
    developer_id = services.developer_id(call)
    if len(services.simulation.developer(developer_id).secrets) >= _ROTATING:
        raise rotation_under_way()
    wanted: dict[str, str] = call.body or {}
    developer = services.simulation.rotate_secret(developer_id, wanted.get("new_secret"))
    return reply(200, _shown(services, developer))


def retire_secret(services: Services, call: RequestContext) -> Response:
    """End a rotation."""
    developer_id = services.developer_id(call)
    if len(services.simulation.developer(developer_id).secrets) < _ROTATING:
        raise no_rotation()
    developer = services.simulation.retire_old_secret(developer_id)
    return reply(200, _shown(services, developer))


def reset_developer(services: Services, call: RequestContext) -> Response:
    """Bring the seeded world back."""
    services.simulation.reset(services.developer_id(call))
    return done()


def list_snapshots(services: Services, call: RequestContext) -> Response:
    """List copies."""
    names = services.simulation.snapshots(services.developer_id(call))
    return reply(200, {"data": [{"name": name} for name in names]})


def create_snapshot(services: Services, call: RequestContext) -> Response:
    """Take a copy."""
    name: str = call.body["name"]
    services.simulation.snapshot(services.developer_id(call), name)
    return reply(201, {"name": name})


def restore_snapshot(services: Services, call: RequestContext) -> Response:
    """Bring a copy back."""
    services.simulation.restore(services.developer_id(call), call.path["name"])
    return done()


def delete_snapshot(services: Services, call: RequestContext) -> Response:
    """Forget a copy."""
    services.simulation.delete_snapshot(services.developer_id(call), call.path["name"])
    return done()


def get_clock(services: Services, call: RequestContext) -> Response:
    """Show the clock."""
    return reply(200, _shown_clock(services, services.developer_id(call)))


def set_clock(services: Services, call: RequestContext) -> Response:
    """Set the clock."""
    developer_id = services.developer_id(call)
    at = call.body.get("at")
    services.simulation.set_clock(
        developer_id,
        mode=call.body["mode"],
        at=None if at is None else _moment(at),
        factor=call.body.get("factor"),
    )
    return reply(200, _shown_clock(services, developer_id))


async def advance_clock(services: Services, call: RequestContext) -> Response:
    """Move the clock on and wait for all that happens on the way."""
    developer_id = services.developer_id(call)
    parts: dict[str, float] = dict(call.body)
    most_jobs = int(parts.pop("max_jobs", _MOST_JOBS))
    # Months are those of the calendar from the moment on at which it is this call's turn.
    advance = await services.simulation.advance(
        developer_id, lambda now: stretch(now, parts), most_jobs=most_jobs
    )
    happened = [
        {"kind": job.kind, "due_at": moment_text(job.due_at), "payload": dict(job.payload)}
        for job in advance.jobs
    ]
    value = {
        "clock": _shown_clock(services, developer_id),
        "jobs": happened,
        "complete": advance.complete,
        "remaining_seconds": advance.remaining.total_seconds(),
    }
    return reply(200, value)


def get_settings(services: Services, call: RequestContext) -> Response:
    """Show the settings."""
    developer = services.simulation.developer(services.developer_id(call))
    return reply(200, developer.settings.to_json())


def update_settings(services: Services, call: RequestContext) -> Response:
    """Change settings."""
    settings = services.simulation.update_settings(services.developer_id(call), call.body)
    return reply(200, settings.to_json())


def _shown(services: Services, developer: Developer) -> dict[str, object]:
    return {
        "id": developer.id,
        "is_default": developer.id == services.default_developer_id,
        "secrets": list(developer.secrets),
        "seed": developer.seed,
        "world": developer.world,
        "start": developer.start,
        "now": moment_text(services.simulation.now(developer.id)),
    }


def _shown_clock(services: Services, developer_id: str) -> dict[str, object]:
    clock = services.simulation.clock(developer_id)
    return {
        "mode": clock.mode.value,
        "now": moment_text(services.simulation.now(developer_id)),
        "factor": clock.factor,
    }


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        message = f"{text} is no moment that a clock can show."
        raise ClockError(message) from error

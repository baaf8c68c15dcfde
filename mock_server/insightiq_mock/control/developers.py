"""Handlers of developers, their snapshots and settings."""

from __future__ import annotations

import typing

from insightiq_mock.control.errors import bad_request, conflict
from insightiq_mock.control.services import DEFAULT, format_moment, no_content, respond
from insightiq_mock.simulation import ClockMode, Settings

if typing.TYPE_CHECKING:
    from insightiq_mock.context import RequestContext, Response
    from insightiq_mock.control.services import Services
    from insightiq_mock.simulation import Developer


__all__ = [
    "create_developer",
    "create_snapshot",
    "delete_developer",
    "delete_snapshot",
    "get_developer",
    "get_settings",
    "list_developers",
    "list_snapshots",
    "reset_developer",
    "restore_snapshot",
    "retire_secret",
    "rotate_secret",
    "update_settings",
]

_ROTATING: typing.Final = 2


def list_developers(services: Services, _context: RequestContext) -> Response:
    """List all developers."""
    data = [_developer_json(services, each) for each in services.simulation.developers()]
    return respond(200, {"data": data})


def create_developer(services: Services, context: RequestContext) -> Response:
    """Make a developer."""
    wanted: dict[str, typing.Any] = dict(context.body or {})
    wanted["settings"] = Settings.from_json(wanted.get("settings", {}))
    if wanted.get("clock") != ClockMode.REAL:
        wanted.setdefault("start", services.start)
    if wanted.get("client_id") == DEFAULT:
        message = f"{DEFAULT!r} stands for the default developer; choose another client_id."
        raise bad_request(message, "reserved_client_id")
    developer = services.simulation.create_developer(**wanted)
    return respond(201, _developer_json(services, developer))


def get_developer(services: Services, context: RequestContext) -> Response:
    """Show a developer."""
    developer = services.simulation.developer(services.developer_id(context))
    return respond(200, _developer_json(services, developer))


def delete_developer(services: Services, context: RequestContext) -> Response:
    """Delete a developer, but not the default one: its credentials stand in the ready line."""
    developer_id = services.developer_id(context)
    if developer_id == services.default_developer_id:
        message = "The default developer cannot be deleted; reset it instead."
        raise conflict(message, "default_developer")
    services.simulation.delete_developer(developer_id)
    return no_content()


def rotate_secret(services: Services, context: RequestContext) -> Response:
    """Add a secret."""
    developer_id = services.developer_id(context)
    if len(services.simulation.developer(developer_id).secrets) >= _ROTATING:
        message = "Two secrets are live already; retire the old one first."
        raise conflict(message, "rotation_under_way")
    wanted: dict[str, str] = context.body or {}
    developer = services.simulation.rotate_secret(developer_id, wanted.get("new_secret"))
    return respond(200, _developer_json(services, developer))


def retire_secret(services: Services, context: RequestContext) -> Response:
    """End a rotation."""
    developer_id = services.developer_id(context)
    if len(services.simulation.developer(developer_id).secrets) < _ROTATING:
        message = "Only one secret is live; rotate it first."
        raise conflict(message, "no_rotation")
    developer = services.simulation.retire_old_secret(developer_id)
    return respond(200, _developer_json(services, developer))


def reset_developer(services: Services, context: RequestContext) -> Response:
    """Bring the seeded world back."""
    services.simulation.reset(services.developer_id(context))
    return no_content()


def list_snapshots(services: Services, context: RequestContext) -> Response:
    """List copies."""
    names = services.simulation.snapshots(services.developer_id(context))
    return respond(200, {"data": [{"name": name} for name in names]})


def create_snapshot(services: Services, context: RequestContext) -> Response:
    """Take a copy."""
    name: str = context.body["name"]
    services.simulation.snapshot(services.developer_id(context), name)
    return respond(201, {"name": name})


def restore_snapshot(services: Services, context: RequestContext) -> Response:
    """Bring a copy back."""
    services.simulation.restore(services.developer_id(context), context.path["name"])
    return no_content()


def delete_snapshot(services: Services, context: RequestContext) -> Response:
    """Delete a copy."""
    services.simulation.delete_snapshot(services.developer_id(context), context.path["name"])
    return no_content()


def get_settings(services: Services, context: RequestContext) -> Response:
    """Show the settings."""
    developer = services.simulation.developer(services.developer_id(context))
    return respond(200, developer.settings.to_json())


def update_settings(services: Services, context: RequestContext) -> Response:
    """Change settings."""
    settings = services.simulation.update_settings(services.developer_id(context), context.body)
    return respond(200, settings.to_json())


def _developer_json(services: Services, developer: Developer) -> dict[str, object]:
    return {
        "id": developer.id,
        "is_default": developer.id == services.default_developer_id,
        "secrets": list(developer.secrets),
        "seed": developer.seed,
        "world": developer.world,
        "start": developer.start,
        "now": format_moment(services.simulation.now(developer.id)),
    }

"""The table of the control API's operations and their handlers."""

from __future__ import annotations

import inspect
import typing

from insightiq_mock.control import accounts, clock, developers, events, faults, requests
from insightiq_mock.control.errors import api_errors
from insightiq_mock.control.services import respond
from insightiq_mock.version import package_version

if typing.TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from insightiq_mock.context import AsyncHandler, Handler, RequestContext, Response
    from insightiq_mock.control.services import Services

__all__ = ["OPERATIONS", "control_handlers"]


def health(services: Services, _context: RequestContext) -> Response:
    """Return the status and version of the server."""
    document = services.document()
    value = {
        "status": "ok",
        "version": package_version(),
        "document_version": document.version,
        "operations": len(document.operations),
    }
    return respond(200, value)


Act: typing.TypeAlias = "Callable[[Services, RequestContext], Response | Awaitable[Response]]"

OPERATIONS: typing.Final[Mapping[str, Act]] = {
    "health.get": health,
    "developers.list": developers.list_developers,
    "developers.create": developers.create_developer,
    "developers.get": developers.get_developer,
    "developers.delete": developers.delete_developer,
    "developers.rotate_secret": developers.rotate_secret,
    "developers.retire_secret": developers.retire_secret,
    "developers.reset": developers.reset_developer,
    "snapshots.list": developers.list_snapshots,
    "snapshots.create": developers.create_snapshot,
    "snapshots.delete": developers.delete_snapshot,
    "snapshots.restore": developers.restore_snapshot,
    "clock.get": clock.get_clock,
    "clock.set": clock.set_clock,
    "clock.advance": clock.advance_clock,
    "accounts.connect": accounts.connect_account,
    "accounts.disconnect": accounts.disconnect_account,
    "accounts.expire": accounts.expire_session,
    "accounts.add_contents": accounts.add_contents,
    "accounts.grow": accounts.grow_account,
    "accounts.sync": accounts.sync_account,
    "events.trigger": events.trigger_event,
    "faults.list": faults.list_faults,
    "faults.add": faults.add_fault,
    "faults.remove": faults.remove_fault,
    "faults.clear": faults.clear_faults,
    "settings.get": developers.get_settings,
    "settings.update": developers.update_settings,
    "deliveries.list": events.list_deliveries,
    "deliveries.get": events.get_delivery,
    "deliveries.resend": events.resend_delivery,
    "requests.list": requests.list_requests,
    "requests.clear": requests.clear_requests,
    "inbox.list": events.list_inbox,
    "inbox.clear": events.clear_inbox,
}


def control_handlers(services: Services) -> dict[str, Handler | AsyncHandler]:
    """Return a handler for each operation id."""
    return {operation_id: _bound(act, services) for operation_id, act in OPERATIONS.items()}


def _bound(act: Act, services: Services) -> Handler | AsyncHandler:
    if not inspect.iscoroutinefunction(act):
        immediate = typing.cast("Callable[[Services, RequestContext], Response]", act)

        def handle(context: RequestContext, /) -> Response:
            with api_errors():
                return immediate(services, context)

        return handle

    waiting = typing.cast("Callable[[Services, RequestContext], Awaitable[Response]]", act)

    async def handle_async(context: RequestContext, /) -> Response:
        with api_errors():
            return await waiting(services, context)

    return handle_async

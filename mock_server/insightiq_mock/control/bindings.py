"""Which function answers which operation of the control API: the one table."""

from __future__ import annotations

import inspect
import typing

from insightiq_mock.control import accounts, developers, faults, requests, sending
from insightiq_mock.control.refusals import translated
from insightiq_mock.control.services import reply
from insightiq_mock.version import package_version

if typing.TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from insightiq_mock.context import AsyncHandler, Handler, RequestContext, Response
    from insightiq_mock.control.services import Services

__all__ = ["OPERATIONS", "control_handlers"]


def health(services: Services, _call: RequestContext) -> Response:
    """Say what runs."""
    document = services.document()
    value = {
        "status": "ok",
        "version": package_version(),
        "document_version": document.version,
        "operations": len(document.operations),
    }
    return reply(200, value)


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
    "clock.get": developers.get_clock,
    "clock.set": developers.set_clock,
    "clock.advance": developers.advance_clock,
    "accounts.connect": accounts.connect_account,
    "accounts.disconnect": accounts.disconnect_account,
    "accounts.expire": accounts.expire_session,
    "accounts.add_contents": accounts.add_contents,
    "accounts.grow": accounts.grow_account,
    "accounts.sync": accounts.sync_account,
    "events.trigger": sending.trigger_event,
    "faults.list": faults.list_faults,
    "faults.add": faults.add_fault,
    "faults.remove": faults.remove_fault,
    "faults.clear": faults.clear_faults,
    "settings.get": developers.get_settings,
    "settings.update": developers.update_settings,
    "deliveries.list": sending.list_deliveries,
    "deliveries.get": sending.get_delivery,
    "deliveries.resend": sending.resend_delivery,
    "requests.list": requests.list_requests,
    "requests.clear": requests.clear_requests,
    "inbox.list": sending.list_inbox,
    "inbox.clear": sending.clear_inbox,
}


def control_handlers(services: Services) -> dict[str, Handler | AsyncHandler]:
    """Return a handler for each operation id."""
    return {
        operation_id: _waiting(act, services)
        if inspect.iscoroutinefunction(act)
        else _immediate(
            typing.cast("Callable[[Services, RequestContext], Response]", act), services
        )
        for operation_id, act in OPERATIONS.items()
    }


def _immediate(act: Callable[[Services, RequestContext], Response], services: Services) -> Handler:
    def handle(call: RequestContext, /) -> Response:
        with translated():
            return act(services, call)

    return handle


def _waiting(
    act: Callable[[Services, RequestContext], Awaitable[Response]], services: Services
) -> AsyncHandler:
    async def handle(call: RequestContext, /) -> Response:
        with translated():
            return await act(services, call)

    return handle

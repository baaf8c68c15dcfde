"""Handlers of the request log."""

from __future__ import annotations

import asyncio
import typing

from insightiq_mock.control.services import no_content, respond, stored_moment
from insightiq_mock.web.request_log import LogFilter

if typing.TYPE_CHECKING:
    from insightiq_mock.context import RequestContext, Response
    from insightiq_mock.control.services import Services
    from insightiq_mock.web.request_log import LoggedRequest

__all__ = ["clear_requests", "list_requests"]

_DEFAULT_LIMIT: typing.Final = 100


async def list_requests(services: Services, context: RequestContext) -> Response:
    """List requests; wait for one where there is none yet, if asked to."""
    wanted = LogFilter(
        developer_id=_developer_id(services, context),
        operation_id=context.query.get("operation"),
        method=context.query.get("method"),
        status=context.query.get("status"),
        path=context.query.get("path"),
    )
    after: int = context.query.get("after", 0)
    limit: int = context.query.get("limit", _DEFAULT_LIMIT)
    entries = services.requests.entries(wanted, after=after, limit=limit)
    if not entries and context.query.get("wait"):
        await _wait_for_entry(services, wanted, after, context.query["wait"])
        entries = services.requests.entries(wanted, after=after, limit=limit)
    return respond(200, {"data": [_entry_json(entry) for entry in entries]})


def clear_requests(services: Services, context: RequestContext) -> Response:
    """Clear the log."""
    services.requests.clear(_developer_id(services, context))
    return no_content()


def _developer_id(services: Services, context: RequestContext) -> str | None:
    named = context.query.get("developer")
    return None if named is None else services.named_developer(named)


async def _wait_for_entry(
    services: Services, wanted: LogFilter, after: int, seconds: float
) -> None:
    """Return as soon as there is an entry that fits, or after some seconds."""
    try:
        async with asyncio.timeout(seconds):
            async for _ in services.requests.follow(wanted, after=after):
                return
    except TimeoutError:
        return


def _entry_json(entry: LoggedRequest) -> dict[str, object]:
    return {
        "number": entry.number,
        "at": stored_moment(entry.at),
        "method": entry.method,
        "target": entry.target,
        "operation": entry.operation_id,
        "developer": entry.developer_id,
        "status": entry.status,
        "milliseconds": entry.milliseconds,
        "request_id": entry.request_id,
        "request_body": entry.request_body,
        "response_body": entry.response_body,
    }

"""The log of calls."""

from __future__ import annotations

import asyncio
import typing

from insightiq_mock.control.services import done, reply, wire_moment
from insightiq_mock.web.request_log import LogFilter

if typing.TYPE_CHECKING:
    from insightiq_mock.context import RequestContext, Response
    from insightiq_mock.control.services import Services
    from insightiq_mock.web.request_log import LoggedRequest

__all__ = ["clear_requests", "list_requests"]

_DEFAULT_LIMIT: typing.Final = 100


async def list_requests(services: Services, call: RequestContext) -> Response:
    """List calls; wait for one where there is none yet, if that is wanted."""
    wanted = LogFilter(
        developer_id=_developer_id(services, call),
        operation_id=call.query.get("operation"),
        method=call.query.get("method"),
        status=call.query.get("status"),
        path=call.query.get("path"),
    )
    after: int = call.query.get("after", 0)
    limit: int = call.query.get("limit", _DEFAULT_LIMIT)
    entries = services.requests.entries(wanted, after=after, limit=limit)
    if not entries and call.query.get("wait"):
        await _news(services, wanted, after, call.query["wait"])
        entries = services.requests.entries(wanted, after=after, limit=limit)
    return reply(200, {"data": [_shown(entry) for entry in entries]})


def clear_requests(services: Services, call: RequestContext) -> Response:
    """Forget calls."""
    services.requests.clear(_developer_id(services, call))
    return done()


def _developer_id(services: Services, call: RequestContext) -> str | None:
    named = call.query.get("developer")
    return None if named is None else services.named_developer(named)


async def _news(services: Services, wanted: LogFilter, after: int, seconds: float) -> None:
    """Return as soon as there is an entry that fits, or after some seconds."""
    try:
        async with asyncio.timeout(seconds):
            async for _ in services.requests.follow(wanted, after=after):
                return
    except TimeoutError:
        return


def _shown(entry: LoggedRequest) -> dict[str, object]:
    return {
        "number": entry.number,
        "at": wire_moment(entry.at),
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

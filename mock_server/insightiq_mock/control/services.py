"""What the handlers of the control API work on."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing

import orjson

from insightiq_mock.context import Response

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from insightiq_mock.context import Handler, RequestContext
    from insightiq_mock.openapi import Document
    from insightiq_mock.simulation import Simulation
    from insightiq_mock.web.faults import FaultRules
    from insightiq_mock.web.request_log import RequestLog
    from insightiq_mock.webhooks import Inbox, WebhookDispatcher

__all__ = ["DEFAULT", "Services", "done", "moment_text", "reply", "wire_moment"]

DEFAULT: typing.Final = "default"


@dataclasses.dataclass(frozen=True, slots=True)
class Services:
    """The parts of a running mock server.

    Attributes:
        document: Gives the document of the API that is served; it may change meanwhile.
        simulation: The worlds.
        deliveries: What is sent to webhooks.
        inbox: The built-in receivers.
        faults: The rules by which calls go wrong.
        requests: The log of calls.
        api: Handlers of the API's own operations, by id.
        default_developer_id: Whom ``default`` in a path stands for.
        start: When the worlds of new developers begin, unless they say.
    """

    document: Callable[[], Document]
    simulation: Simulation
    deliveries: WebhookDispatcher
    inbox: Inbox
    faults: FaultRules
    requests: RequestLog
    api: Mapping[str, Handler]
    default_developer_id: str
    start: str

    def developer_id(self, call: RequestContext) -> str:
        """Return the developer whom the path of a call names.

        Raises:
            UnknownDeveloperError: There is no such developer.
        """
        return self.named_developer(call.path["developer_id"])

    def named_developer(self, named: str) -> str:
        """Return the developer whom a text names.

        Raises:
            UnknownDeveloperError: There is no such developer.
        """
        developer_id = self.default_developer_id if named == DEFAULT else named
        return self.simulation.developer(developer_id).id


def reply(status: int, value: object) -> Response:
    """Response with a JSON value."""
    return Response(status, orjson.dumps(value))


def done() -> Response:
    """Response that it is done."""
    return Response(204)


def moment_text(moment: dt.datetime) -> str:
    """Write an aware moment as the control API does: RFC 3339, in UTC."""
    in_utc = moment.astimezone(dt.UTC).replace(tzinfo=None)
    return f"{in_utc.isoformat(timespec='microseconds')}Z"


def wire_moment(text: str) -> str:
    """Rewrite a timestamp of the store, which is UTC without a zone, as the control API does."""
    return f"{text}Z"

"""The parts of the server that control handlers work on, and how they respond."""

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

__all__ = ["DEFAULT", "Services", "format_moment", "no_content", "respond", "stored_moment"]

DEFAULT: typing.Final = "default"


@dataclasses.dataclass(frozen=True, slots=True)
class Services:
    """The parts of a running mock server.

    Attributes:
        document: Returns the document of the API that is served now.
        simulation: The worlds.
        deliveries: Deliveries to webhooks.
        inbox: The built-in receivers.
        faults: The fault rules.
        requests: The request log.
        api: Handlers of the API's own operations, by id.
        default_developer_id: The developer that ``default`` in a path stands for.
        start: Start of the worlds of new developers, unless the request says another.
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

    def developer_id(self, context: RequestContext) -> str:
        """Return the developer that the path of a request names.

        Raises:
            UnknownDeveloperError: There is no such developer.
        """
        return self.named_developer(context.path["developer_id"])

    def named_developer(self, named: str) -> str:
        """Return the developer that a text names; ``default`` is the default developer.

        Raises:
            UnknownDeveloperError: There is no such developer.
        """
        developer_id = self.default_developer_id if named == DEFAULT else named
        return self.simulation.developer(developer_id).id


def respond(status: int, value: object) -> Response:
    """Return a response with a JSON value."""
    return Response(status, orjson.dumps(value))


def no_content() -> Response:
    """Return a 204."""
    return Response(204)


def format_moment(moment: dt.datetime) -> str:
    """Write an aware moment as the control API does: RFC 3339, in UTC."""
    in_utc = moment.astimezone(dt.UTC).replace(tzinfo=None)
    return f"{in_utc.isoformat(timespec='microseconds')}Z"


def stored_moment(text: str) -> str:
    """Rewrite a stored timestamp, which is UTC without a zone, as the control API does."""
    return f"{text}Z"

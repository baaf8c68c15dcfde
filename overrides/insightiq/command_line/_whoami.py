"""``insightiq whoami``: where calls go, as whom, and whether the credentials are accepted."""

from __future__ import annotations

import typing

from insightiq import errors
from insightiq._config import ENVIRONMENTS
from insightiq.command_line._connecting import connect
from insightiq.command_line._output import Output
from insightiq.command_line._parsers import Parser, add_common_options

if typing.TYPE_CHECKING:
    from insightiq.command_line._connecting import Connection, MakeClient
    from insightiq.command_line._parsers import Chosen

__all__ = ["masked", "run"]

_SHOWN: typing.Final = 4


def run(chosen: Chosen, client: MakeClient | None) -> None:
    """Run the command.

    Raises:
        APIStatusError: The credentials are refused.
    """
    parser = Parser("insightiq whoami", description=chosen.summary)
    add_common_options(parser)
    options = parser.parse_all(chosen.rest, chosen.options)
    output = Output.for_options(options)
    connection = connect(options, client)
    with connection.iq:
        found, rejection = _who_am_i(connection)
    output.one(found, None)
    if rejection is not None:
        raise rejection


def _who_am_i(connection: Connection) -> tuple[dict[str, object], errors.APIStatusError | None]:
    """Return what there is to know, and the rejection if the credentials are not accepted."""
    rejection: errors.APIStatusError | None = None
    try:
        # The platforms are the same for everybody: to read one costs least and tells nothing.
        connection.iq.work_platforms.list().first()
    # See evidence.md#authentication. Integrations have met both for wrong credentials.
    except (errors.AuthenticationError, errors.PermissionDeniedError) as error:
        rejection = error
    settings = connection.settings
    names = (name for name, url in ENVIRONMENTS.items() if url == settings.base_url)
    return {
        "environment": next(names, None),
        "base_url": settings.base_url,
        "client_id": masked(settings.client_id),
        "credentials": "accepted" if rejection is None else "refused",
        # What is left of them in this second no answer tells (source: evidence.md#rate-limits).
        "requests_per_second": connection.requests_per_second,
    }, rejection


def masked(client_id: str) -> str:
    """Return enough of a client id to tell one's own from another."""
    hidden = len(client_id) < 4 * _SHOWN
    return "…" if hidden else f"{client_id[:_SHOWN]}…{client_id[-_SHOWN:]}"

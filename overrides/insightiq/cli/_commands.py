"""The commands that call: ``insightiq RESOURCE METHOD`` and ``insightiq whoami``."""

from __future__ import annotations

import dataclasses
import itertools
import os
import pathlib
import sys
import typing

from insightiq import errors
from insightiq._config import ENVIRONMENTS, settings_from
from insightiq._pagination import is_last
from insightiq.cli._methods import spelled
from insightiq.cli._output import Output, plain, progress_bar
from insightiq.cli._parsers import (
    Parser,
    add_common_options,
    add_max_items,
    choose_method,
    given_arguments,
    method_parser,
)
from insightiq.errors import ConfigurationError
from insightiq_generated.client import BulkResult

if typing.TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from insightiq import InsightIQ
    from insightiq._config import Settings
    from insightiq.cli._methods import Method
    from insightiq.cli._parsers import Chosen
    from insightiq_generated.client import Pager
    from insightiq_generated.types import Model

__all__ = [
    "Connection",
    "MakeClient",
    "call",
    "connect",
    "masked",
    "pages_ahead",
    "run_method",
    "run_whoami",
]

MakeClient: typing.TypeAlias = "Callable[..., InsightIQ]"
"""Makes the client, as its class does."""

_CREDENTIALS: typing.Final = ("INSIGHTIQ_CLIENT_ID", "INSIGHTIQ_CLIENT_SECRET")
_QUOTA_FILE: typing.Final = "INSIGHTIQ_QUOTA_FILE"
_WHOLE_QUOTA: typing.Final = 10


@dataclasses.dataclass(frozen=True, slots=True)
class Connection:
    """A client, and what it was made of.

    Attributes:
        iq: The client; close it.
        settings: Where it calls, and as whom.
        requests_per_second: The part of the quota that it keeps to.
    """

    iq: InsightIQ
    settings: Settings
    requests_per_second: int


def connect(options: argparse.Namespace, client: MakeClient | None = None) -> Connection:
    """Return the client that the options and the variables describe.

    Args:
        options: Those of the command line.
        client: Makes it, instead of the class.

    Raises:
        ConfigurationError: Something is missing, contradictory or malformed.
    """
    missing = [name for name in _CREDENTIALS if not os.environ.get(name, "").strip()]
    if missing:
        msg = f"set {' and '.join(missing)}: credentials come from the environment alone."
        raise ConfigurationError(msg)
    given = vars(options)
    environment, base_url = given.get("environment"), given.get("base_url")
    settings = settings_from(environment=environment, base_url=base_url)
    rate: int = given.get("requests_per_second", _WHOLE_QUOTA)
    from insightiq import InsightIQ
    from insightiq.quota import Quota, SharedQuota

    make: MakeClient = client or InsightIQ
    shared = os.environ.get(_QUOTA_FILE, "").strip()
    quota = (
        SharedQuota(pathlib.Path(shared).expanduser(), requests_per_second=rate)
        if shared
        else Quota(requests_per_second=rate)
    )
    timeout = given.get("timeout")
    iq = make(environment=environment, base_url=base_url, timeout=timeout, quota=quota)
    return Connection(iq, settings, rate)


Arguments: typing.TypeAlias = dict[str, typing.Any]


def run_method(chosen: Chosen, client: MakeClient | None) -> None:
    """Run the command."""
    prog = f"insightiq {spelled(chosen.command)}"
    method, rest = choose_method(prog, chosen.command, chosen.rest)
    parser = method_parser(f"{prog} {spelled(method.name)}", method)
    if method.paged is not None:
        parser.add_argument("--all", action="store_true", help="all pages, not only the first")
        add_max_items(parser)
    options = parser.parse_all(rest, chosen.options)
    output = Output.for_options(options)
    output.check(method.model)
    arguments = given_arguments(options)
    with connect(options, client).iq as iq:
        result = call(iq, method, arguments)
        if method.paged is None:
            _show(output, method, result)
        elif "all" in options or "max_items" in options:
            pager = typing.cast("Pager[Model, object]", result)
            _show_many(output, method, pager, vars(options).get("max_items"))
        else:
            _show_first(output, method, typing.cast("Pager[Model, object]", result), arguments)


def call(iq: InsightIQ, method: Method, arguments: Arguments) -> object:
    """Call the method of this client.

    Raises:
        InsightIQError: An argument cannot be sent, or the call failed.
    """
    named = dict(arguments)
    positional = [named.pop(each.name) for each in method.parameters if each.positional]
    return method.bound(iq)(*positional, **named)


def _show(output: Output, method: Method, result: object) -> None:
    if isinstance(result, BulkResult):
        found = typing.cast("BulkResult[Model]", result)
        output.rows(map(plain, found), method.model)
        if found.missing:
            _note(f"not found: {', '.join(found.missing)}")
    elif result is not None:
        output.one(plain(result), method.model)


def _show_first(
    output: Output, method: Method, pager: Pager[Model, object], arguments: Arguments
) -> None:
    operation = method.paged
    assert operation is not None
    page = next(iter(pager.pages()))
    rows = operation.items(page)
    output.rows(map(plain, rows), method.model)
    pagination = operation.pagination
    last = is_last(pagination, pagination.maximum, page, len(rows))
    if pagination.limit not in arguments and not last:
        _note(f"these are the first {len(rows)}; --all gives all")


def _show_many(
    output: Output, method: Method, pager: Pager[Model, object], most: int | None
) -> None:
    operation = method.paged
    assert operation is not None
    size = operation.pagination.maximum
    if most is not None and most <= size:
        # One page, no larger than that.
        output.rows(map(plain, pager.take(most)), method.model)
        return
    with progress_bar(spelled(method.resource), beside=output) as shown:
        pager = pager.prefetch(pages_ahead(most, size)).on_progress(shown)
        rows = map(plain, itertools.islice(pager, most))
        if output.form != "table":
            output.rows(rows, method.model)
            return
        kept = list(rows)
    # Drawn once the bar is gone.
    output.rows(kept, method.model)


def _note(text: str) -> None:
    sys.stdout.flush()
    sys.stderr.write(f"insightiq: {text}\n")


# Two seconds' worth of the quota: while the pages of one second are still on their way, those of
# the next wait in line already, so that slow responses leave no request unused.
_PAGES_AHEAD: typing.Final = 20


def pages_ahead(items: int | None, page_size: int) -> int:
    """Return how many pages to fetch ahead for so many items; None for all there are.

    The pages ahead of the last one are asked for in vain: at most a tenth of all.
    """
    return _PAGES_AHEAD if items is None else min(_PAGES_AHEAD, items // page_size // 10)


_SHOWN: typing.Final = 4


def run_whoami(chosen: Chosen, client: MakeClient | None) -> None:
    """Run the command.

    Raises:
        APIStatusError: The credentials are rejected.
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
        # What is left of them in this second no response tells (source: evidence.md#rate-limits).
        "requests_per_second": connection.requests_per_second,
    }, rejection


def masked(client_id: str) -> str:
    """Return enough of a client id to tell one's own from another."""
    hidden = len(client_id) < 4 * _SHOWN
    return "…" if hidden else f"{client_id[:_SHOWN]}…{client_id[-_SHOWN:]}"

"""The commands that call: ``insightiq RESOURCE METHOD`` and ``insightiq whoami``."""

from __future__ import annotations

import itertools
import os
import pathlib
import typing

from insightiq import errors
from insightiq._config import ENVIRONMENTS, settings_from
from insightiq._pagination import is_last
from insightiq.cli._methods import methods_of, spelled
from insightiq.cli._output import Output, note, progress_bar
from insightiq.cli._parsers import (
    Parser,
    add_common_options,
    add_max_items,
    choose,
    given_arguments,
    method_parser,
)
from insightiq_generated.client import BulkResult
from insightiq_generated.types import Model

if typing.TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from insightiq import InsightIQ
    from insightiq._config import Settings
    from insightiq.cli._methods import Method
    from insightiq_generated.client import PagedOperation, Pager

__all__ = ["MakeClient", "connect", "pages_ahead", "run_method", "run_whoami"]

MakeClient: typing.TypeAlias = "Callable[..., InsightIQ] | None"
"""Makes the client; None for its class."""

_CREDENTIALS: typing.Final = ("INSIGHTIQ_CLIENT_ID", "INSIGHTIQ_CLIENT_SECRET")
_SHOWN: typing.Final = 4

# Two seconds' worth of the quota: while the pages of one second are still on their way, those of
# the next wait in line already, so that slow responses leave no request unused.
_PAGES_AHEAD: typing.Final = 20


def connect(options: argparse.Namespace, client: MakeClient) -> tuple[InsightIQ, Settings]:
    """Return the client that the options and the variables describe, and its settings."""
    missing = [name for name in _CREDENTIALS if not os.environ.get(name, "").strip()]
    if missing:
        msg = f"set {' and '.join(missing)}: credentials come from the environment alone."
        raise errors.ConfigurationError(msg)
    environment, base_url = options.environment, options.base_url
    settings = settings_from(environment=environment, base_url=base_url)
    from insightiq import InsightIQ
    from insightiq.quota import Quota, SharedQuota

    rate: int = options.requests_per_second
    shared = os.environ.get("INSIGHTIQ_QUOTA_FILE", "").strip()
    quota = (
        SharedQuota(pathlib.Path(shared).expanduser(), requests_per_second=rate)
        if shared
        else Quota(requests_per_second=rate)
    )
    make = client or InsightIQ
    iq = make(environment=environment, base_url=base_url, timeout=options.timeout, quota=quota)
    return iq, settings


def pages_ahead(items: int | None, page_size: int) -> int:
    """Return how many pages to prefetch for so many items; None for all there are.

    The pages behind the last one are requested in vain: at most a tenth of all.
    """
    return _PAGES_AHEAD if items is None else min(_PAGES_AHEAD, items // page_size // 10)


def run_method(
    resource: str, summary: str, options: argparse.Namespace, client: MakeClient
) -> None:
    """Run ``insightiq RESOURCE METHOD``."""
    prog = f"insightiq {spelled(resource)}"
    methods = methods_of(resource)
    summaries = {name: each.documentation.summary for name, each in methods.items()}
    name, words = choose(prog, "method", summaries, options.rest, summary)
    method = methods[name]
    parser = method_parser(f"{prog} {spelled(name)}", method)
    operation = method.paged
    if operation is not None:
        parser.add_argument("--all", action="store_true", help="all pages, not only the first")
        add_max_items(parser)
    options = parser.parse_all(words, options)
    output = Output(options)
    output.check(method.model)
    arguments = given_arguments(options)
    iq, _ = connect(options, client)
    with iq:
        result = method.call(iq, arguments)
        if operation is None:
            _show(output, method, result)
            return
        pager = typing.cast("Pager[Model, object]", result)
        if options.all or options.max_items:
            _show_many(output, method, operation, pager, options.max_items)
        else:
            is_limited = operation.pagination.limit in arguments
            _show_first(output, method, operation, pager, is_limited=is_limited)


def _show(output: Output, method: Method, result: object) -> None:
    if isinstance(result, BulkResult):
        found = typing.cast("BulkResult[Model]", result)
        output.rows(found, method.model)
        if found.missing:
            note(f"not found: {', '.join(found.missing)}")
    elif isinstance(result, list):
        output.rows(typing.cast("list[object]", result), method.model)
    elif isinstance(result, bytes | str):
        output.raw(result)
    elif result is not None:
        # The model of a map is that of its values, which are no columns.
        output.one(result, method.model if isinstance(result, Model) else None)


def _show_first(
    output: Output,
    method: Method,
    operation: PagedOperation[Model, object],
    pager: Pager[Model, object],
    *,
    is_limited: bool,
) -> None:
    page = next(iter(pager.pages()))
    rows = operation.items(page)
    output.rows(rows, method.model)
    pagination = operation.pagination
    if not is_limited and not is_last(pagination, pagination.maximum, page, len(rows)):
        note(f"these are the first {len(rows)}; --all gives all")


def _show_many(
    output: Output,
    method: Method,
    operation: PagedOperation[Model, object],
    pager: Pager[Model, object],
    most: int | None,
) -> None:
    size = operation.pagination.maximum
    if most is not None and most <= size:
        # One page, no larger than that.
        output.rows(pager.take(most), method.model)
        return
    with progress_bar(spelled(method.resource), beside=output) as progress:
        pager = pager.prefetch(pages_ahead(most, size)).on_progress(progress)
        rows = itertools.islice(pager, most)
        if output.form != "table":
            output.rows(rows, method.model)
            return
        kept = list(rows)
    # Drawn once the bar is gone.
    output.rows(kept, method.model)


def run_whoami(summary: str, options: argparse.Namespace, client: MakeClient) -> None:
    """Run ``insightiq whoami``; raise the API's error if the credentials are rejected."""
    parser = Parser("insightiq whoami", description=summary)
    add_common_options(parser)
    options = parser.parse_all(options.rest, options)
    output = Output(options)
    iq, settings = connect(options, client)
    rejection: errors.APIStatusError | None = None
    with iq:
        try:
            # The platforms are the same for everybody: to read one costs least.
            iq.work_platforms.list().first()
        # See evidence.md#authentication. Integrations have met both for wrong credentials.
        except (errors.AuthenticationError, errors.PermissionDeniedError) as error:
            rejection = error
    names = (name for name, url in ENVIRONMENTS.items() if url == settings.base_url)
    found = {
        "environment": next(names, None),
        "base_url": settings.base_url,
        "client_id": _masked(settings.client_id),
        "credentials": "accepted" if rejection is None else "rejected",
        # The API does not say what is left of them in this second (evidence.md#rate-limits).
        "requests_per_second": options.requests_per_second,
    }
    output.one(found, None)
    if rejection is not None:
        raise rejection


def _masked(client_id: str) -> str:
    """Return enough of a client id to recognise one's own."""
    is_short = len(client_id) < 4 * _SHOWN
    return "…" if is_short else f"{client_id[:_SHOWN]}…{client_id[-_SHOWN:]}"

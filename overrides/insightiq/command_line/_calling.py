"""``insightiq RESOURCE METHOD …``: call a method and show its result."""

from __future__ import annotations

import itertools
import sys
import typing

from insightiq._pagination import is_last
from insightiq.command_line._catalogue import spelled
from insightiq.command_line._columns import plain
from insightiq.command_line._connecting import connect
from insightiq.command_line._export_rows import pages_ahead
from insightiq.command_line._output import Output
from insightiq.command_line._parsers import (
    add_max_items,
    choose_method,
    given_arguments,
    method_parser,
)
from insightiq.command_line._progress import progress_bar
from insightiq_generated.client import BulkResult

if typing.TYPE_CHECKING:
    from insightiq import InsightIQ
    from insightiq.command_line._catalogue import Method
    from insightiq.command_line._connecting import MakeClient
    from insightiq.command_line._parsers import Chosen
    from insightiq_generated.client import Pager
    from insightiq_generated.types import Model

__all__ = ["call", "run"]

Arguments: typing.TypeAlias = dict[str, typing.Any]


def run(chosen: Chosen, client: MakeClient | None) -> None:
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

"""``insightiq export RESOURCE … --to FILE``: all rows of a list into a file."""

from __future__ import annotations

import pathlib
import sys
import time
import typing

from insightiq.command_line._allocator import share_one_heap
from insightiq.command_line._calling import call
from insightiq.command_line._catalogue import methods_of, resources, spelled
from insightiq.command_line._connecting import connect
from insightiq.command_line._export_rows import Export, format_for
from insightiq.command_line._parsers import (
    Parser,
    add_max_items,
    choose_resource,
    given_arguments,
    method_parser,
)
from insightiq.command_line._progress import progress_bar

if typing.TYPE_CHECKING:
    from insightiq.command_line._catalogue import Method
    from insightiq.command_line._connecting import MakeClient
    from insightiq.command_line._export_file import ExportFile
    from insightiq.command_line._parsers import Chosen
    from insightiq_generated.client import PagedOperation, Pager
    from insightiq_generated.types import Model

__all__ = ["run"]

_PROG: typing.Final = "insightiq export"
_HINT: typing.Final = "the same command goes on from there"


def run(chosen: Chosen, client: MakeClient | None) -> None:
    """Run the command."""
    lists = {name: method for name in resources() if (method := _list_of(name)) is not None}
    name, rest = choose_resource(_PROG, chosen, list(lists))
    method = lists[name]
    parser = _parser(method)
    options = parser.parse_all(rest, chosen.options)
    path: pathlib.Path = options.to
    model, operation = method.model, method.paged
    assert model is not None
    assert operation is not None
    given = vars(options)
    form = format_for(path, model, given.get("columns"), raw=given.get("raw_cells", False))
    share_one_heap()
    connection = connect(options, client)
    with connection.iq as iq:
        pager = typing.cast("Pager[Model, object]", call(iq, method, given_arguments(options)))
        rows = typing.cast("PagedOperation[Model, object]", operation)
        export = Export(rows, pager, form, path, given.get("max_items"))
        with export.begin(connection.settings) as file:
            _run(export, file, spelled(name))


def _list_of(resource: str) -> Method | None:
    return next((each for each in methods_of(resource).values() if each.paged is not None), None)


def _parser(method: Method) -> Parser:
    operation = method.paged
    assert operation is not None
    own = {operation.pagination.limit, operation.pagination.offset}
    parser = method_parser(
        f"{_PROG} {spelled(method.resource)}", method, without=own, with_output=False
    )
    add_max_items(parser)
    parser.add_argument(
        "--to",
        metavar="FILE",
        type=pathlib.Path,
        required=True,
        help="FILE.ndjson for all that the API sends, FILE.csv for columns; FILE.….state stands "
        "beside it until it is complete",
    )
    return parser


def _run(export: Export, file: ExportFile, name: str) -> None:
    begin = time.monotonic()
    if file.resumed is not None:
        _say(f"{file.rows:,} {name} are in {export.path} already; going on")
    try:
        with progress_bar(name) as shown:
            written = export.run(file, shown)
    except BaseException:
        _say(f"stopped after {file.rows:,} {name} in {export.path}; {_HINT}")
        raise
    seconds = time.monotonic() - begin
    part = f", {written:,} of them now" if file.resumed is not None else ""
    _say(f"{file.rows:,} {name} in {export.path}{part}, in {seconds:.1f} s")


def _say(text: str) -> None:
    sys.stderr.write(f"insightiq: {text}\n")

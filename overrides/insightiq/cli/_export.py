"""``insightiq export RESOURCE … --to FILE``: all rows of a list into a file, as quickly as the quota allows."""

from __future__ import annotations

import dataclasses
import hashlib
import pathlib
import sys
import time
import typing

from insightiq.cli._commands import call, connect, pages_ahead
from insightiq.cli._export_file import ExportFile, unusable
from insightiq.cli._methods import methods_of, resources, spelled
from insightiq.cli._output import Csv, Ndjson, chosen_columns, columns_of, plain, progress_bar
from insightiq.cli._parsers import (
    Parser,
    add_max_items,
    choose_resource,
    given_arguments,
    method_parser,
)
from insightiq.errors import ConfigurationError

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from insightiq._config import Settings
    from insightiq.cli._commands import MakeClient
    from insightiq.cli._methods import Method
    from insightiq.cli._output import Format
    from insightiq.cli._parsers import Chosen
    from insightiq_generated.client import PagedOperation, Pager, Progress
    from insightiq_generated.types import Model

__all__ = ["Export", "format_for", "run_export"]


def format_for(
    path: pathlib.Path, model: type[Model], wanted: Sequence[str] | None, *, raw: bool = False
) -> Format:
    """Return the format that the name of a file asks for.

    Raises:
        ConfigurationError: The name does not say, or a column does not exist.
    """
    if path.suffix in {".ndjson", ".jsonl"}:
        if wanted is not None:
            msg = "--columns belongs to CSV; NDJSON has all that the API sent."
            raise ConfigurationError(msg)
        if raw:
            msg = "--raw-cells belongs to CSV; NDJSON has text as it is."
            raise ConfigurationError(msg)
        return Ndjson()
    if path.suffix == ".csv":
        return Csv(chosen_columns(columns_of(model), wanted), raw=raw)
    msg = f"--to {path}: the name ends neither with .ndjson nor with .csv."
    raise ConfigurationError(msg)


@dataclasses.dataclass(frozen=True, slots=True)
class Export:
    """An export.

    Attributes:
        operation: The list operation.
        pager: The list.
        form: How rows are written.
        path: Where.
        most: Number of rows after which to stop; None for all.
    """

    operation: PagedOperation[Model, object]
    pager: Pager[Model, object]
    form: Format
    path: pathlib.Path
    most: int | None = None

    def begin(self, settings: Settings) -> ExportFile:
        """Return the file, new or where an earlier run left it.

        Raises:
            ConfigurationError: It cannot be used for this export.
        """
        state = self.pager.state
        return ExportFile(
            self.path,
            {
                "operation": state["operation"],
                **{f"--{spelled(key)}": value for key, value in state["query"].items()},
                "--base-url": settings.base_url,
                # Enough to tell, and not the id itself.
                "client id": hashlib.sha256(settings.client_id.encode()).hexdigest()[:12],
                "--columns": self.form.opening().strip(),
                **self._bounds(),
            },
        )

    def _bounds(self) -> dict[str, str]:
        found: dict[str, str] = {}
        if isinstance(self.form, Csv):
            found["--raw-cells"] = "yes" if self.form.raw else "no"
        if self.most is not None:
            found["--max-items"] = str(self.most)
        return found

    def run(self, file: ExportFile, progress: Progress) -> int:
        """Write what is not in the file yet, and return how many rows this run wrote."""
        before = file.rows
        left = None if self.most is None else self.most - file.rows
        ahead = pages_ahead(left, self.operation.pagination.maximum)
        pager = self.pager.prefetch(ahead).on_progress(progress)
        if file.resumed is None:
            file.append(self.form.opening())
        elif file.resumed.pager is not None:
            try:
                pager = pager.resume(file.resumed.pager)
            except ConfigurationError:
                raise unusable(self.path) from None
        # A run that was killed at its very end has nothing left to ask for.
        for page in pager.pages() if left != 0 else ():
            rows = self.operation.items(page)[:left]
            text = "".join(map(self.form.row, map(plain, rows)))
            file.append(text, len(rows), pager.state)
            if left is not None:
                left -= len(rows)
                if not left:
                    break
        file.finish()
        return file.rows - before


_PROG: typing.Final = "insightiq export"
_HINT: typing.Final = "the same command goes on from there"


def run_export(chosen: Chosen, client: MakeClient | None) -> None:
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
    connection = connect(options, client)
    with connection.iq as iq:
        pager = typing.cast("Pager[Model, object]", call(iq, method, given_arguments(options)))
        rows = typing.cast("PagedOperation[Model, object]", operation)
        export = Export(rows, pager, form, path, given.get("max_items"))
        with export.begin(connection.settings) as file:
            _write(export, file, spelled(name))


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


def _write(export: Export, file: ExportFile, name: str) -> None:
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

"""Results on standard output, in the form that was asked for."""

from __future__ import annotations

import importlib.util
import itertools
import sys
import typing

from insightiq.command_line._columns import chosen_columns, columns_of
from insightiq.command_line._formats import Csv, JsonArray, Ndjson
from insightiq.command_line._json_text import json_text
from insightiq.errors import ConfigurationError

if typing.TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from insightiq.command_line._columns import Column
    from insightiq.command_line._formats import Format
    from insightiq_generated.types import Model

__all__ = ["Output"]


class Output:
    """Shows results.

    Args:
        stream: Where.
        form: ``json``, ``table``, ``ndjson`` or ``csv``; None for whatever suits the stream.
        wanted: The columns of a table or of CSV; None for all, or those that fit.
        raw: Whether CSV holds text as it is, although a spreadsheet may take it for a formula.

    Raises:
        ConfigurationError: The form needs what is not installed, or has no columns to choose.
    """

    def __init__(
        self,
        stream: typing.TextIO,
        form: str | None,
        wanted: Sequence[str] | None,
        *,
        raw: bool = False,
    ) -> None:
        drawn = importlib.util.find_spec("rich") is not None
        self._stream = stream
        self.form = form or ("table" if drawn and stream.isatty() else "json")
        self._wanted = wanted
        self._raw = raw
        if self.form == "table" and not drawn:
            msg = (
                "--output table needs rich: pip install 'insightiq-toolkit[cli]', "
                "or choose --output json."
            )
            raise ConfigurationError(msg)
        if wanted is not None and self.form not in {"table", "csv"}:
            msg = (
                f"--columns belongs to a table or to CSV; with {self.form} a tool such as jq helps."
            )
            raise ConfigurationError(msg)
        if raw and self.form != "csv":
            msg = f"--raw-cells belongs to CSV; {self.form} has text as it is."
            raise ConfigurationError(msg)

    @classmethod
    def for_options(cls, options: argparse.Namespace) -> Output:
        """Return the output that a command line asks for.

        Raises:
            ConfigurationError: See the class.
        """
        given = vars(options)
        raw = given.get("raw_cells", False)
        return cls(sys.stdout, given.get("output"), given.get("columns"), raw=raw)

    @property
    def streams_to_terminal(self) -> bool:
        """Whether rows appear on a terminal one by one."""
        return self.form != "table" and self._stream.isatty()

    def check(self, model: type[Model] | None) -> None:
        """Complain of columns that the result will not have, before anything is called.

        Raises:
            ConfigurationError: There is no such column.
        """
        if self._wanted is not None:
            chosen_columns(_columns(model), self._wanted)

    def one(self, row: object, model: type[Model] | None) -> None:
        """Show a single object."""
        if self.form == "json":
            self._stream.write(f"{json_text(row, indent=2)}\n")
        elif self.form == "table":
            from insightiq.command_line import _tables

            columns = chosen_columns(_columns(model, row), self._wanted)
            _tables.show_one(self._stream, row, columns)
        else:
            self._write([row], self._format(model, row))

    def rows(self, rows: Iterable[object], model: type[Model] | None) -> None:
        """Show a list, as it comes; a table at its end."""
        if self.form != "table":
            self._write(rows, self._format(model))
            return
        from insightiq.command_line import _tables

        kept = list(rows)
        columns = chosen_columns(_columns(model, *kept[:1]), self._wanted)
        _tables.show_rows(self._stream, kept, columns, all_of_them=self._wanted is not None)

    def _format(self, model: type[Model] | None, *rows: object) -> Format:
        if self.form == "json":
            return JsonArray()
        if self.form == "ndjson":
            return Ndjson()
        return Csv(chosen_columns(_columns(model, *rows), self._wanted), raw=self._raw)

    def _write(self, rows: Iterable[object], form: Format) -> None:
        for text in itertools.chain([form.opening()], map(form.row, rows), [form.closing()]):
            self._stream.write(text)


def _columns(model: type[Model] | None, *rows: object) -> list[Column]:
    """Return the columns of a model, or of the rows where there is none."""
    if model is not None:
        return columns_of(model)
    objects = (typing.cast("dict[str, object]", row) for row in rows if isinstance(row, dict))
    return [(key,) for key in dict.fromkeys(itertools.chain.from_iterable(objects))]

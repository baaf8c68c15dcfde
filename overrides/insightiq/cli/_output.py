"""Results on standard output: columns, formats, progress."""

from __future__ import annotations

import contextlib
import csv
import importlib.util
import io
import itertools
import json
import math
import re
import sys
import typing
import warnings

from insightiq.cli._methods import members_of
from insightiq.cli._values import did_you_mean
from insightiq.errors import ConfigurationError, InsightIQError
from insightiq_generated.types import Model

if typing.TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from insightiq_generated.client import Progress


__all__ = [
    "Column",
    "Csv",
    "Format",
    "JsonArray",
    "Ndjson",
    "Output",
    "Row",
    "cells",
    "chosen_columns",
    "columns_of",
    "json_text",
    "plain",
    "progress_bar",
    "spreadsheet_safe",
    "too_deep",
]


def json_text(value: object, *, indent: int | None = None) -> str:
    """Return a value as JSON; NaN and infinities, which JSON does not have, become null.

    Raises:
        InsightIQError: The value is nested deeper than Python's writer goes.
    """
    try:
        return _written(value, indent)
    except RecursionError:
        raise too_deep() from None


def too_deep() -> InsightIQError:
    """Return the error for a value that Python reads, and cannot walk through."""
    msg = "the server sent a value that is nested too deeply to be written."
    return InsightIQError(msg)


def _written(value: object, indent: int | None) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    except ValueError:
        warnings.warn(
            "the server sent NaN or Infinity, which JSON does not have; null is written instead",
            stacklevel=3,
        )
        return json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, indent=indent)


def _finite(value: object) -> object:
    if isinstance(value, dict):
        items = typing.cast("dict[str, object]", value)
        return {key: _finite(inner) for key, inner in items.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in typing.cast("list[object]", value)]
    return None if isinstance(value, float) and not math.isfinite(value) else value


Column: typing.TypeAlias = tuple[str, ...]
"""The keys that lead to a value."""

Row: typing.TypeAlias = "Mapping[str, object]"

# What spreadsheets take for a formula (https://owasp.org/www-community/attacks/CSV_Injection),
# perhaps made safe before.
_FORMULA: typing.Final = re.compile(r"'*[=+\-@\t\r]")


def _names(columns: Sequence[Column]) -> list[str]:
    return [".".join(each) for each in columns]


def columns_of(model: type[Model]) -> list[Column]:
    """Return the columns of a model; lists, and what has no fixed keys, are one column each."""
    return list(_columns(model, (), (model,)))


def _columns(model: type[Model], above: Column, parents: tuple[type, ...]) -> Iterator[Column]:
    hints = typing.get_type_hints(model)
    for name, key in model.KEYS.items():
        nested = _nested(hints[name])
        if nested is None or nested in parents:
            yield (*above, key)
        else:
            yield from _columns(nested, (*above, key), (*parents, nested))


def _nested(hint: object) -> type[Model] | None:
    match members_of(hint):
        case (type() as only,) if issubclass(only, Model):
            return only
        case _:
            return None


def chosen_columns(columns: Sequence[Column], wanted: Sequence[str] | None) -> list[Column]:
    """Return the columns that ``wanted`` names, a key that holds others naming all of these.

    Raises:
        ConfigurationError: It names one that does not exist.
    """
    if wanted is None:
        return list(columns)
    found: list[Column] = []
    for name in wanted:
        path = tuple(name.split("."))
        matching = [each for each in columns if each[: len(path)] == path]
        if not matching:
            names = _names(columns)
            msg = f"--columns: there is no column {name!r}.{did_you_mean(name, names)}"
            raise ConfigurationError(msg)
        found += matching
    return found


def plain(row: object) -> object:
    """Return a row as plain data; one that is no object came as it is.

    Raises:
        InsightIQError: It is nested too deeply.
    """
    try:
        return row.to_dict() if isinstance(row, Model) else row
    except RecursionError:
        raise too_deep() from None


def cells(row: object, columns: Sequence[Column], *, safe: bool = False) -> list[str]:
    """Return the text of each column: nothing for null and absence, JSON for lists.

    Args:
        row: The row.
        columns: Its columns.
        safe: Whether to make text safe for spreadsheets; numbers stay as they are.

    Raises:
        InsightIQError: The row is no object, and so has no columns.
    """
    if not isinstance(row, dict):
        msg = (
            "a row of the list is no object and has no columns; --output json or ndjson, or "
            "--to FILE.ndjson, has it as it came."
        )
        raise InsightIQError(msg)
    fields = typing.cast("Row", row)
    return [_text(_value(fields, column), safe=safe) for column in columns]


def spreadsheet_safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with an apostrophe in front if needed.

    Texts that begin with apostrophes before such a character get one more, so that removing one
    gives back every text.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def _value(row: Row, column: Column) -> object:
    key, *deeper = column
    value = row.get(key)
    if not deeper:
        return value
    return _value(typing.cast("Row", value), tuple(deeper)) if isinstance(value, dict) else None


def _text(value: object, *, safe: bool) -> str:
    if isinstance(value, str):
        return spreadsheet_safe(value) if safe else value
    text = json_text(value)
    return "" if text == "null" else text


# Half of a character beyond the Basic Multilingual Plane, which UTF-8 cannot write. In JSON it
# becomes an escape; CSV has none.
_SURROGATE: typing.Final = re.compile("[\ud800-\udfff]")


class Format(typing.Protocol):
    """Writes rows."""

    def opening(self) -> str:
        """Return what stands in front of the first row."""
        ...

    def row(self, row: object) -> str:
        """Return a row.

        Raises:
            InsightIQError: The format cannot hold it.
        """
        ...

    def closing(self) -> str:
        """Return what stands behind the last row."""
        ...


class Ndjson:
    """One JSON value a line, with all that the API sent."""

    def opening(self) -> str:
        """Return nothing."""
        return ""

    def row(self, row: object) -> str:
        """Return the line of a row."""
        return f"{json_text(row)}\n"

    def closing(self) -> str:
        """Return nothing."""
        return ""


class Csv:
    """Comma-separated values (RFC 4180) with a head line.

    Half a surrogate pair becomes U+FFFD.

    Args:
        columns: What to write of each row.
        raw: Whether text that a spreadsheet would take for a formula is written as it is.

    Attributes:
        raw: The same.
    """

    def __init__(self, columns: Sequence[Column], *, raw: bool = False) -> None:
        self._columns = columns
        self.raw = raw

    def opening(self) -> str:
        """Return the head line."""
        names = _names(self._columns)
        return _csv_line(names if self.raw else list(map(spreadsheet_safe, names)))

    def row(self, row: object) -> str:
        """Return the line of a row; a cell that holds a line break takes several.

        Raises:
            InsightIQError: The row is no object.
        """
        texts = cells(row, self._columns, safe=not self.raw)
        return _csv_line([_SURROGATE.sub("\ufffd", text) for text in texts])

    def closing(self) -> str:
        """Return nothing."""
        return ""


class JsonArray:
    """One JSON array. It is only closed after its last row: half a list is no JSON."""

    def __init__(self) -> None:
        self._rows = 0

    def opening(self) -> str:
        """Return the bracket."""
        return "["

    def row(self, row: object) -> str:
        """Return a row, indented, with the comma in front that it needs."""
        comma = "," if self._rows else ""
        self._rows += 1
        text = json_text(row, indent=2).replace("\n", "\n  ")
        return f"{comma}\n  {text}"

    def closing(self) -> str:
        """Return the bracket."""
        return "\n]\n" if self._rows else "]\n"


def _csv_line(texts: Sequence[str]) -> str:
    line = _csv_text(texts, csv.QUOTE_MINIMAL)
    # Python before 3.11.9 and 3.12.3 does not quote a cell for a carriage return, at which every
    # reader begins a new row: https://github.com/python/cpython/issues/67044
    return _csv_text(texts, csv.QUOTE_ALL) if "\r" in line else line


def _csv_text(texts: Sequence[str], quoting: typing.Literal[0, 1]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n", quoting=quoting).writerow(texts)
    return line.getvalue()


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
            chosen_columns(_columns_of(model), self._wanted)

    def one(self, row: object, model: type[Model] | None) -> None:
        """Show a single object."""
        if self.form == "json":
            self._stream.write(f"{json_text(row, indent=2)}\n")
        elif self.form == "table":
            from insightiq.cli import _tables

            columns = chosen_columns(_columns_of(model, row), self._wanted)
            _tables.show_one(self._stream, _names(columns), cells(row, columns))
        else:
            self._write([row], self._format(model, row))

    def rows(self, rows: Iterable[object], model: type[Model] | None) -> None:
        """Show a list, as it comes; a table at its end."""
        if self.form != "table":
            self._write(rows, self._format(model))
            return
        from insightiq.cli import _tables

        kept = list(rows)
        columns = chosen_columns(_columns_of(model, *kept[:1]), self._wanted)
        texts = [cells(row, columns) for row in kept]
        all_of_them = self._wanted is not None
        _tables.show_rows(self._stream, _names(columns), texts, all_of_them=all_of_them)

    def _format(self, model: type[Model] | None, *rows: object) -> Format:
        if self.form == "json":
            return JsonArray()
        if self.form == "ndjson":
            return Ndjson()
        return Csv(chosen_columns(_columns_of(model, *rows), self._wanted), raw=self._raw)

    def _write(self, rows: Iterable[object], form: Format) -> None:
        for text in itertools.chain([form.opening()], map(form.row, rows), [form.closing()]):
            self._stream.write(text)


def _columns_of(model: type[Model] | None, *rows: object) -> list[Column]:
    """Return the columns of a model, or of the rows where there is none."""
    if model is not None:
        return columns_of(model)
    objects = (typing.cast("dict[str, object]", row) for row in rows if isinstance(row, dict))
    return [(key,) for key in dict.fromkeys(itertools.chain.from_iterable(objects))]


def progress_bar(
    description: str, *, beside: Output | None = None
) -> AbstractContextManager[Progress]:
    """Return a bar, or what stands in for it where no terminal shows it.

    Args:
        description: What stands beside it.
        beside: An output that may use the same terminal.
    """
    if not sys.stderr.isatty() or (beside is not None and beside.streams_to_terminal):
        return contextlib.nullcontext(_silent)
    from insightiq import progress

    return progress.bar(description)


def _silent(items: int, pages: int) -> None:
    """Show nothing."""

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
from insightiq_generated.types import Model, json_value

if typing.TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from insightiq_generated.client import Progress

__all__ = [
    "Column",
    "Csv",
    "Ndjson",
    "Output",
    "cells",
    "chosen_columns",
    "columns_of",
    "json_array",
    "note",
    "plain",
    "progress_bar",
    "spreadsheet_safe",
]

Column: typing.TypeAlias = tuple[str, ...]
"""The keys that lead to a value."""

_TOO_DEEP: typing.Final = "the server sent a value that is nested too deeply to be written."

# Spreadsheets read this as a formula (https://owasp.org/www-community/attacks/CSV_Injection),
# perhaps behind the apostrophes that made it safe before.
_FORMULA: typing.Final = re.compile(r"'*[=+\-@\t\r]")

# Half of a character beyond the Basic Multilingual Plane, which UTF-8 cannot write. In JSON it
# becomes an escape; CSV has none.
_SURROGATE: typing.Final = re.compile("[\ud800-\udfff]")


def note(text: str) -> None:
    """Write a line to standard error, behind the rows that were written before."""
    sys.stdout.flush()
    sys.stderr.write(f"insightiq: {text}\n")


# Rows as plain data, JSON and cells


def plain(row: object) -> object:
    """Return a row as plain data; one that is not an object stays as it came."""
    try:
        if isinstance(row, list | dict):
            return json_value(row)
        return row.to_dict() if isinstance(row, Model) else row
    except RecursionError:
        raise InsightIQError(_TOO_DEEP) from None


def json_text(value: object, *, indent: int | None = None) -> str:
    """Return a value as JSON; NaN and infinities, which JSON does not have, become null."""
    try:
        try:
            return _dumps(value, indent)
        except ValueError:
            msg = (
                "the server sent NaN or Infinity, which JSON does not have; null is written instead"
            )
            warnings.warn(msg, stacklevel=2)
            return _dumps(_finite(value), indent)
    except RecursionError:
        raise InsightIQError(_TOO_DEEP) from None


def _dumps(value: object, indent: int | None) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)


def _finite(value: object) -> object:
    if isinstance(value, dict):
        items = typing.cast("dict[str, object]", value)
        return {key: _finite(inner) for key, inner in items.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in typing.cast("list[object]", value)]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def columns_of(model: type[Model]) -> list[Column]:
    """Return the columns of a model; lists, and what has no fixed keys, are one column each."""
    return list(_columns(model, (), (model,)))


def _columns(model: type[Model], above: Column, parents: tuple[type, ...]) -> Iterator[Column]:
    hints = typing.get_type_hints(model)
    for name, key in model.KEYS.items():
        match members_of(hints[name]):
            case (type() as nested,) if issubclass(nested, Model) and nested not in parents:
                yield from _columns(nested, (*above, key), (*parents, nested))
            case _:
                yield (*above, key)


def chosen_columns(columns: Sequence[Column], wanted: Sequence[str] | None) -> list[Column]:
    """Return the columns that ``wanted`` names, a key that holds others naming all of these."""
    if wanted is None:
        return list(columns)
    found: list[Column] = []
    for name in wanted:
        path = tuple(name.split("."))
        matching = [each for each in columns if each[: len(path)] == path]
        if not matching:
            guess = did_you_mean(name, _names(columns))
            msg = f"--columns: there is no column {name!r}.{guess}"
            raise ConfigurationError(msg)
        found += matching
    return found


def _names(columns: Sequence[Column]) -> list[str]:
    return [".".join(each) for each in columns]


def cells(row: object, columns: Sequence[Column], *, safe: bool = False) -> list[str]:
    """Return the text of each column: nothing for null and absence, JSON for lists.

    Args:
        row: The row.
        columns: Its columns.
        safe: Whether to make text safe for spreadsheets; numbers stay as they are.
    """
    if not isinstance(row, dict):
        msg = (
            "a row of the list is not an object and has no columns; --output json or ndjson, or "
            "--to FILE.ndjson, has it as it came."
        )
        raise InsightIQError(msg)
    return [_cell(typing.cast("object", row), column, safe=safe) for column in columns]


def _cell(value: object, column: Column, *, safe: bool) -> str:
    for key in column:
        value = (
            typing.cast("dict[str, object]", value).get(key) if isinstance(value, dict) else None
        )
    if isinstance(value, str):
        return spreadsheet_safe(value) if safe else value
    text = json_text(value)
    # NaN becomes null, too.
    return "" if text == "null" else text


def spreadsheet_safe(text: str) -> str:
    """Return a text that no spreadsheet reads as a formula: with an apostrophe in front if needed.

    Texts that begin with apostrophes before such a character get one more, so that removing one
    gives back every text.
    """
    return f"'{text}" if _FORMULA.match(text) else text


# Formats: a piece at a time, so that memory does not grow with the number of rows


class Ndjson:
    """One JSON value a line, with all that the API sent."""

    head = ""

    def row(self, row: object) -> str:
        """Return the line of a row."""
        return f"{json_text(row)}\n"


class Csv:
    """Comma-separated values (RFC 4180) with a head line; half a surrogate pair becomes U+FFFD."""

    def __init__(self, columns: Sequence[Column], *, raw: bool = False) -> None:
        self._columns = columns
        self.raw = raw
        names = _names(columns)
        self.head = _csv_line(names if raw else list(map(spreadsheet_safe, names)))

    def row(self, row: object) -> str:
        """Return the line of a row; a cell that holds a line break takes several."""
        texts = cells(row, self._columns, safe=not self.raw)
        return _csv_line([_SURROGATE.sub("\ufffd", text) for text in texts])


def _csv_line(texts: Sequence[str]) -> str:
    # Python before 3.11.9 and 3.12.3 does not quote a cell for a carriage return, at which every
    # reader begins a new row: https://github.com/python/cpython/issues/67044
    has_return = any("\r" in text for text in texts)
    line = io.StringIO()
    csv.writer(
        line, lineterminator="\n", quoting=csv.QUOTE_ALL if has_return else csv.QUOTE_MINIMAL
    ).writerow(texts)
    return line.getvalue()


def json_array(rows: Iterable[object]) -> Iterator[str]:
    """Yield one JSON array. It is only closed behind its last row: half a list is not JSON."""
    yield "["
    comma = ""
    for row in rows:
        text = json_text(row, indent=2).replace("\n", "\n  ")
        yield f"{comma}\n  {text}"
        comma = ","
    yield "\n]\n" if comma else "]\n"


class Output:
    """Writes results in the form that the options ask for."""

    def __init__(self, options: argparse.Namespace) -> None:
        has_rich = importlib.util.find_spec("rich") is not None
        self._stream = sys.stdout
        self._wanted: Sequence[str] | None = options.columns
        self._raw: bool = options.raw_cells
        form = "table" if has_rich and sys.stdout.isatty() else "json"
        self.form: str = options.output or form
        if self.form == "table" and not has_rich:
            msg = (
                "--output table needs rich: pip install 'insightiq-toolkit[cli]', "
                "or choose --output json."
            )
            raise ConfigurationError(msg)
        if self._wanted is not None and self.form not in {"table", "csv"}:
            msg = (
                f"--columns belongs to a table or to CSV; with {self.form} a tool such as jq helps."
            )
            raise ConfigurationError(msg)
        if self._raw and self.form != "csv":
            msg = f"--raw-cells belongs to CSV; {self.form} has text as it is."
            raise ConfigurationError(msg)

    @property
    def streams_to_terminal(self) -> bool:
        """Whether rows appear on a terminal one by one."""
        return self.form != "table" and self._stream.isatty()

    def check(self, model: type[Model] | None) -> None:
        """Raise for columns that the result will not have, before anything is called."""
        if self._wanted is not None:
            self._columns(model, ())

    def one(self, row: object, model: type[Model] | None) -> None:
        """Write a single object."""
        row = plain(row)
        if self.form == "json":
            self._stream.write(f"{json_text(row, indent=2)}\n")
        elif self.form == "table":
            from insightiq.cli import _tables

            columns = self._columns(model, [row])
            _tables.show_one(self._stream, _names(columns), cells(row, columns))
        else:
            self._write([row], model)

    def raw(self, result: bytes | str) -> None:
        """Write text or bytes as they came, in every form."""
        if isinstance(result, str):
            self._stream.write(result)
            return
        self._stream.flush()
        self._stream.buffer.write(result)

    def rows(self, rows: Iterable[object], model: type[Model] | None) -> None:
        """Write a list, row by row; a table at its end."""
        rows = map(plain, rows)
        if self.form != "table":
            self._write(rows, model)
            return
        from insightiq.cli import _tables

        kept = list(rows)
        columns = self._columns(model, kept)
        texts = [cells(row, columns) for row in kept]
        is_chosen = self._wanted is not None
        _tables.show_rows(self._stream, _names(columns), texts, all_columns=is_chosen)

    def _columns(self, model: type[Model] | None, rows: Sequence[object]) -> list[Column]:
        """Return the columns of a model, or of the first row where there is none."""
        if model is not None:
            return chosen_columns(columns_of(model), self._wanted)
        (first, *_) = (*rows, None)
        keys = typing.cast("dict[str, object]", first) if isinstance(first, dict) else {}
        return chosen_columns([(key,) for key in keys], self._wanted)

    def _write(self, rows: Iterable[object], model: type[Model] | None) -> None:
        texts: Iterable[str]
        if self.form == "json":
            texts = json_array(rows)
        elif self.form == "ndjson":
            texts = map(Ndjson().row, rows)
        else:
            sample = rows if isinstance(rows, list) else ()
            form = Csv(self._columns(model, sample), raw=self._raw)
            texts = itertools.chain([form.head], map(form.row, rows))
        for text in texts:
            self._stream.write(text)


def progress_bar(
    description: str, *, beside: Output | None = None
) -> AbstractContextManager[Progress]:
    """Return a bar on standard error; a silent one where no terminal shows it.

    Args:
        description: Text beside the bar.
        beside: An output that may use the same terminal.
    """
    if not sys.stderr.isatty() or (beside is not None and beside.streams_to_terminal):
        return contextlib.nullcontext(lambda items, pages: None)  # noqa: ARG005 - as the bar
    from insightiq import progress

    return progress.bar(description)

"""Rows as columns: nested keys are joined with dots, in the order of the document."""

from __future__ import annotations

import re
import typing

from insightiq.command_line._hints import members_of
from insightiq.command_line._json_text import json_text, too_deep
from insightiq.command_line._suggestions import did_you_mean
from insightiq.errors import ConfigurationError, InsightIQError
from insightiq_generated.types import Model

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Column", "Row", "cells", "chosen_columns", "columns_of", "plain", "spreadsheet_safe"]

Column: typing.TypeAlias = tuple[str, ...]
"""The keys that lead to a value."""

Row: typing.TypeAlias = "Mapping[str, object]"

# What spreadsheets take for a formula (https://owasp.org/www-community/attacks/CSV_Injection),
# perhaps made safe before.
_FORMULA: typing.Final = re.compile(r"'*[=+\-@\t\r]")


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
            names = [".".join(each) for each in columns]
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

"""Rows as columns: nested keys are joined with dots, in the order of the document."""

from __future__ import annotations

import json
import typing

from insightiq.command_line._hints import members_of
from insightiq.command_line._suggestions import did_you_mean
from insightiq.errors import ConfigurationError
from insightiq_generated.types import Model

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Column", "Row", "cells", "chosen_columns", "columns_of"]

Column: typing.TypeAlias = tuple[str, ...]
"""The keys that lead to a value."""

Row: typing.TypeAlias = "Mapping[str, object]"


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


def cells(row: Row, columns: Sequence[Column]) -> list[str]:
    """Return the text of each column: nothing for null and absence, JSON for lists."""
    return [_text(_value(row, column)) for column in columns]


def _value(row: Row, column: Column) -> object:
    key, *deeper = column
    value = row.get(key)
    if not deeper:
        return value
    return _value(typing.cast("Row", value), tuple(deeper)) if isinstance(value, dict) else None


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)

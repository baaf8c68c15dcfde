"""Rows as text: a piece at a time, so that memory does not grow with their number."""

from __future__ import annotations

import csv
import io
import json
import typing

from insightiq.command_line._columns import cells

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from insightiq.command_line._columns import Column, Row

__all__ = ["Csv", "Format", "JsonArray", "Ndjson"]


class Format(typing.Protocol):
    """Writes rows."""

    def opening(self) -> str:
        """Return what stands in front of the first row."""
        ...

    def row(self, row: Row) -> str:
        """Return a row."""
        ...

    def closing(self) -> str:
        """Return what stands behind the last row."""
        ...


class Ndjson:
    """One JSON object a line, with all that the API sent."""

    def opening(self) -> str:
        """Return nothing."""
        return ""

    def row(self, row: Row) -> str:
        """Return the line of a row."""
        return f"{json.dumps(row, ensure_ascii=False)}\n"

    def closing(self) -> str:
        """Return nothing."""
        return ""


class Csv:
    """Comma-separated values (RFC 4180) with a head line.

    Args:
        columns: What to write of each row.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns

    def opening(self) -> str:
        """Return the head line."""
        return _csv_line([".".join(each) for each in self._columns])

    def row(self, row: Row) -> str:
        """Return the line of a row; a cell that holds a line break takes several."""
        return _csv_line(cells(row, self._columns))

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

    def row(self, row: Row) -> str:
        """Return a row, indented, with the comma in front that it needs."""
        comma = "," if self._rows else ""
        self._rows += 1
        text = json.dumps(row, ensure_ascii=False, indent=2).replace("\n", "\n  ")
        return f"{comma}\n  {text}"

    def closing(self) -> str:
        """Return the bracket."""
        return "\n]\n" if self._rows else "]\n"


def _csv_line(texts: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(texts)
    return line.getvalue()

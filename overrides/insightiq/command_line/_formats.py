"""Rows as text: a piece at a time, so that memory does not grow with their number."""

from __future__ import annotations

import csv
import io
import re
import typing

from insightiq.command_line._columns import cells, spreadsheet_safe
from insightiq.command_line._json_text import json_text

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from insightiq.command_line._columns import Column

__all__ = ["Csv", "Format", "JsonArray", "Ndjson"]


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
        names = [".".join(each) for each in self._columns]
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
    line = _written(texts, csv.QUOTE_MINIMAL)
    # Python before 3.11.9 and 3.12.3 does not quote a cell for a carriage return, at which every
    # reader begins a new row: https://github.com/python/cpython/issues/67044
    return _written(texts, csv.QUOTE_ALL) if "\r" in line else line


def _written(texts: Sequence[str], quoting: typing.Literal[0, 1]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n", quoting=quoting).writerow(texts)
    return line.getvalue()

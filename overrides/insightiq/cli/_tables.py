"""Tables on a terminal, drawn by rich."""

from __future__ import annotations

import re
import typing

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["show_one", "show_rows"]

_WIDEST: typing.Final = 36
_GAP: typing.Final = 3
# Long, and seldom what a person looks for: ids of other things, times, addresses.
_LESS_TELLING: typing.Final = re.compile(r".+(\.id|_id|_at|url)")


def show_one(stream: typing.TextIO, names: Sequence[str], texts: Sequence[str]) -> None:
    """Draw an object: a line for each value that it has."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in zip(names, texts, strict=True):
        if text:
            table.add_row(name, _printable(text))
    Console(file=stream).print(table)


def show_rows(
    stream: typing.TextIO, names: Sequence[str], rows: Sequence[list[str]], *, all_columns: bool
) -> None:
    """Draw a list, with all columns or with those that hold something and fit."""
    console = Console(file=stream)
    if not rows:
        # Without rows, no column says anything.
        console.print(Text("0 rows", style="dim"))
        return
    texts = [[_printable(cell) for cell in row] for row in rows]
    drawn = range(len(names)) if all_columns else _fitting(names, texts, console.width)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number in drawn:
        table.add_column(names[number], max_width=_WIDEST, no_wrap=True)
    for each in texts:
        table.add_row(*(each[number] for number in drawn))
    console.print(table)
    summary = f"{len(rows)} {'row' if len(rows) == 1 else 'rows'}"
    left = len(names) - len(drawn)
    if left:
        summary += f"; {left} columns are not shown: --columns chooses, --output json has all"
    console.print(Text(summary, style="dim"))


def _fitting(names: Sequence[str], texts: list[list[Text]], width: int) -> list[int]:
    """Return the numbers of the columns that hold something and fit, the telling ones first."""
    contents = list(zip(*texts, strict=True))
    found: list[int] = []
    for number in sorted(
        range(len(names)), key=lambda each: _is_less_telling(names[each], contents[each])
    ):
        longest = max(cell.cell_len for cell in contents[number])
        needed = _GAP + min(_WIDEST, max(longest, len(names[number])))
        if longest and needed <= width:
            found.append(number)
            width -= needed
    return sorted(found)


def _is_less_telling(name: str, content: Sequence[Text]) -> bool:
    is_same = len(content) > 1 and len({cell.plain for cell in content}) == 1
    return is_same or _LESS_TELLING.fullmatch(name) is not None


def _printable(text: str) -> Text:
    """Return untrusted text without markup, line breaks and escape sequences."""
    line = " ".join(text.split())
    return Text("".join(each if each.isprintable() else "?" for each in line))

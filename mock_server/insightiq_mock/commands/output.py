"""How the verbs show what they found: as text for people, or as JSON for scripts."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from insightiq_mock.control import MockControl

__all__ = ["Shown", "as_json", "clocks", "counted", "moment", "table"]


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """One thing to show.

    Attributes:
        value: For scripts: dataclasses, moments and plain JSON values.
        text: For people: lines without the last line break.
        is_line: Whether it is one of many, each a line of its own also as JSON.
        is_note: Whether it explains others to people; JSON goes without it.
    """

    value: object
    text: str
    is_line: bool = False
    is_note: bool = False


def as_json(shown: Shown) -> str:
    """Write a thing as JSON."""
    indent = None if shown.is_line else 2
    return json.dumps(shown.value, default=_plain, indent=indent, ensure_ascii=False)


def counted(number: int, noun: str) -> str:
    """Write a number of things."""
    return f"one {noun}" if number == 1 else f"{number} {noun}s"


def moment(value: dt.datetime) -> str:
    """Write a moment for people: UTC, to the second."""
    return f"{value.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S}Z"


def clocks(control: MockControl, *, of_world: bool) -> Shown:
    """Say of which clock the moments below are, and what both show."""
    world, machine = moment(control.clock().now), moment(dt.datetime.now(dt.UTC))
    text = (
        f"Times are those of the world, where it is {world}; on this machine it is {machine}."
        if of_world
        else f"Times are those of this machine, where it is {machine}; in the world it is {world}."
    )
    return Shown(None, text, is_note=True)


def table(rows: Iterable[Sequence[object]], *, empty: str) -> str:
    """Write rows in columns; ``empty`` is what to say if there is none."""
    texts = [["-" if cell is None else str(cell) for cell in row] for row in rows]
    if not texts:
        return empty
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in texts
    )
    return "\n".join(lines)


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    msg = f"{type(value).__name__} cannot be shown as JSON"
    raise TypeError(msg)

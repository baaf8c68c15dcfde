"""Rows of the table of figures, and the page around them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib.metadata
import os
import pathlib
import platform
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Row", "circumstances", "load", "markdown", "peer"]

_PACKAGES = (
    *("insightiq-toolkit", "httpx", "attrs", "orjson", "openapi-python-client"),
    *("pydantic", "openai", "aiolimiter", "pyrate-limiter"),
)


@dataclasses.dataclass(frozen=True)
class Row:
    """One line.

    Attributes:
        work: What was measured.
        who: Whose figure it is.
        value: The figure, with its unit.
        target: What it should be; empty for a peer.
        is_met: Whether it is; None where there is no target.
    """

    work: str
    who: str
    value: str
    target: str = ""
    is_met: bool | None = None


def peer(work: str, who: str, value: str) -> Row:
    """Return a line that ours are compared with."""
    return Row(work, who, value)


def markdown(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table in columns of even width; the work is named once."""
    lines: list[tuple[str, ...]] = [("work", "who", "figure", "target", "")]
    previous = ""
    for row in rows:
        verdict = {True: "met", False: "**missed**", None: ""}[row.is_met]
        work = row.work if row.work != previous else ""
        lines.append((work, row.who, row.value, row.target, verdict))
        previous = row.work
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, tuple("-" * width for width in widths))
    return "".join(f"| {_padded(line, widths)} |\n" for line in lines)


def circumstances(command: str, load_before: str) -> str:
    """Return when, where and with what was measured, as a paragraph of Markdown."""
    versions = ", ".join(filter(None, map(_version, _PACKAGES)))
    now = dt.datetime.now(tz=dt.UTC)
    return (
        f"{now:%Y-%m-%d %H:%M} UTC, `{command}`. {_processor()}, {os.cpu_count()} cores, "
        f"{platform.system()} {platform.release()}, {platform.python_implementation()} "
        f"{platform.python_version()}. {versions}. "
        f"Load of the machine {load_before} before and {load()} after the run.\n"
    )


def load() -> str:
    """Return how many processes want to run, on average of the last minute."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _version(package: str) -> str:
    try:
        return f"{package} {importlib.metadata.version(package)}"
    except importlib.metadata.PackageNotFoundError:
        return ""


def _processor() -> str:
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2] for line in text.splitlines() if line.startswith("model name"))
    return next(names, platform.machine()).strip()


def _padded(line: Sequence[str], widths: Sequence[int]) -> str:
    return " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))

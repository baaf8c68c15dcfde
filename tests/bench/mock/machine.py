"""Machine and time of a benchmark."""

from __future__ import annotations

import datetime as dt
import os
import pathlib
import platform
import subprocess

from contenders import node

__all__ = ["load_average", "machine_line"]


def load_average() -> str:
    """Return the machine's load of the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def machine_line(command: str, loads: tuple[str, str]) -> str:
    """Say when, with which command, on what kind of machine and beside which load.

    Args:
        command: What was typed.
        loads: The load of the machine before and after.
    """
    today = dt.datetime.now(dt.UTC).date().isoformat()
    return (
        f"Measured on {today} with `{command}`, on {os.cpu_count()} cores{_memory()},"
        f" {platform.system()} {platform.release().partition('-')[0]},"
        f" {platform.python_implementation()} {platform.python_version()}, Node.js {_node()};"
        f" the machine's load was {loads[0]} before and {loads[1]} after, the run's own included.\n"
    )


def _memory() -> str:
    try:
        first = pathlib.Path("/proc/meminfo").read_text().split()[1]
    except OSError:
        return ""
    return f" with {int(first) / 1e6:.0f} GB"


def _node() -> str:
    try:
        done = subprocess.run([*node(), "--version"], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return "(none)"
    return done.stdout.strip().removeprefix("v")

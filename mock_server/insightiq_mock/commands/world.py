"""The verbs about a developer's world: reset, snapshots, clock, settings."""

from __future__ import annotations

import collections
import datetime as dt
import json
import sys
import typing

from insightiq_mock.commands.durations import DurationError, parse_duration
from insightiq_mock.commands.output import Shown, moment, table
from insightiq_mock.commands.talking import UsageError

if typing.TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from insightiq_mock.control import Advanced, Clock, MockControl

__all__ = ["advance", "clock", "reset", "restore", "settings", "snapshot"]


def reset(control: MockControl, _options: argparse.Namespace) -> Iterator[Shown]:
    """Bring the seeded world back."""
    control.reset()
    yield Shown({"reset": True}, "The world is as it was seeded; its webhooks are gone, too.")


def snapshot(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """Keep a copy, or list the copies."""
    if options.name is None:
        names = control.snapshots()
        yield Shown(names, "\n".join(names) or "There are no snapshots.")
    else:
        control.snapshot(options.name)
        how = f"insightiq-mock restore {options.name}"
        yield Shown({"snapshot": options.name}, f"Kept; bring it back with: {how}")


def restore(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """Bring a copy back."""
    control.restore(options.name)
    yield Shown({"restored": options.name}, f"The world is that of snapshot {options.name}.")


def clock(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """Show the clock, or set it."""
    if options.mode is not None:
        at = None if options.at is None else dt.datetime.fromisoformat(options.at)
        shown = control.set_clock(options.mode, at=at, factor=options.factor)
    elif options.at is not None or options.factor is not None:
        msg = "Say how the clock is to go: real, frozen or running, before --at and --factor."
        raise UsageError(msg)
    else:
        shown = control.clock()
    yield Shown(shown, _clock_text(shown))


def advance(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """Move the clock on."""
    try:
        parts = parse_duration(" ".join(options.duration))
    except DurationError as error:
        raise UsageError(str(error)) from error
    months = int(parts.pop("months", 0))
    advanced = control.advance(months=months, progress=_show_progress, **parts)
    yield Shown(advanced, _advanced_text(advanced))


def settings(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """Show the settings, or change some."""
    changes = dict(_change(text) for text in options.changes)
    values = control.update_settings(**changes) if changes else control.settings()
    rows = [(name, json.dumps(value)) for name, value in values.items()]
    yield Shown(values, table(rows, empty="There are no settings."))


def _change(text: str) -> tuple[str, object]:
    name, equals, written = text.partition("=")
    if not equals:
        msg = f"{text!r} changes nothing; write NAME=VALUE, for example limits_enabled=false."
        raise UsageError(msg)
    try:
        return name, json.loads(written)
    except (ValueError, RecursionError):
        # A bare word is meant as text.
        return name, written


def _show_progress(part: Advanced) -> None:
    sys.stderr.write(f"{moment(part.clock.now)}  {len(part.jobs)} more things happened; going on\n")


def _clock_text(shown: Clock) -> str:
    how = f"{shown.mode} at factor {shown.factor:g}" if shown.mode == "running" else shown.mode
    return f"{moment(shown.now)}  {how}"


def _advanced_text(advanced: Advanced) -> str:
    kinds = collections.Counter(job.kind for job in advanced.jobs)
    listed = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    return f"{_clock_text(advanced.clock)}\nhappened: {listed or 'nothing'}"

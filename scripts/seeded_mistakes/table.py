"""The table of outcomes, for people."""

from __future__ import annotations

import datetime as dt
import os
import typing

from .catalogue import GROUPS

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .running import Outcome

__all__ = ["markdown", "shares"]

_HEAD: typing.Final = """# Seeded mistakes

How much do the tests notice? `make mutants` makes each of these mistakes in a copy of the project,
one at a time, and runs the layers that can see it until one does. The letters are those of
[the contract test](contract-testing.md); *lint* is `make lint-spec`, *diff* is `make diff`. The
catalogue is `tests/seeded_mistakes/`; the seconds are those of one try, start of the process
included. A layer that comes to no result has caught nothing: the run then fails, unless the entry
of the mistake says under `stops` with what words the layer has to give up, as where the server does
not start. This page is written by `make mutants ARGS=--write`.
"""


def shares(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, int, int]]:
    """Yield each group with how many of its mistakes were caught, of how many that could be."""
    for group in GROUPS:
        own = [each for each in outcomes if each.mistake.group == group]
        possible = [each for each in own if each.mistake.equivalent is None]
        if own:
            yield group, sum(each.caught_by is not None for each in possible), len(possible)


def markdown(outcomes: Sequence[Outcome], seconds: float) -> str:
    """Return the page of a run that took ``seconds``."""
    today, cores, minutes = f"{dt.datetime.now(dt.UTC):%Y-%m-%d}", os.cpu_count(), seconds / 60
    run = f"Run of {today} on {cores} cores: {len(outcomes)} mistakes in {minutes:.1f} minutes."
    lines = [_HEAD, run, ""]
    lines += ["| group | caught | of | share |", "|---|---|---|---|"]
    lines += [
        f"| {group} | {caught} | {possible} | {caught / max(possible, 1):.0%} |"
        for group, caught, possible in shares(outcomes)
    ]
    for group in GROUPS:
        own = [each for each in outcomes if each.mistake.group == group]
        if own:
            lines += ["", f"## In the {group}", "", *_rows(own)]
    return "\n".join(lines) + "\n"


def _rows(outcomes: Iterable[Outcome]) -> Iterator[str]:
    yield "| mistake | caught by | seconds | what it said |"
    yield "|---|---|---|---|"
    for outcome in outcomes:
        mistake = outcome.mistake
        by, said = outcome.caught_by or "**survives**", outcome.message
        if outcome.problem is not None:
            by, said = "**not tried**", outcome.problem
        elif outcome.caught_by is None and mistake.equivalent:
            by, said = "equivalent", mistake.equivalent
        elif outcome.caught_by is None and mistake.survives:
            said = mistake.survives
        yield (
            f"| {_cell(mistake.title)} (`{mistake.id}`) | {by} | {outcome.seconds:.1f}"
            f" | {_cell(said)} |"
        )


def _cell(text: str) -> str:
    text = " ".join(text.split())
    for special in ("\\", "|", "<", "*", "_", "`"):
        text = text.replace(special, f"\\{special}")
    return text

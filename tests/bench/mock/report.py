"""The table that the benchmark prints: one line per figure, one column per server."""

from __future__ import annotations

import dataclasses
import statistics
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from figures import Figure
    from load import Case, Measurement

__all__ = ["Result", "behaviour_table", "figure_table"]

OURS, PEER = "insightiq-mock", "Prism"

_TARGETS: Mapping[str, float] = {
    "GET one": 4,
    "list of 20": 3.5,
    "list of 100": 10,
    "POST a user": 2,
}


@dataclasses.dataclass
class Result:
    """Measurements of one server, round after round.

    Attributes:
        runs: By case.
        cpu: Processor time per response in µs, by case.
        starts: Seconds from the start of the process to the first response.
        idle: Megabytes before any load.
        loaded: Megabytes after all of it.
        probes: What it rejects.
    """

    runs: dict[str, list[Measurement]] = dataclasses.field(default_factory=dict)
    cpu: dict[str, list[float]] = dataclasses.field(default_factory=dict)
    starts: list[float] = dataclasses.field(default_factory=list)
    idle: list[float] = dataclasses.field(default_factory=list)
    loaded: list[float] = dataclasses.field(default_factory=list)
    probes: list[tuple[str, str]] = dataclasses.field(default_factory=list)

    def rates(self, case: str) -> list[float]:
        """Return the responses per second of a case, round by round."""
        return [run.per_second for run in self.runs[case]]

    def p50(self, case: str) -> float:
        """Return the median latency of a case in ms: the median of the rounds."""
        return statistics.median(run.p50 for run in self.runs[case])

    def p99(self, case: str) -> float:
        """Return the 99th percentile of a case in ms: the median of the rounds."""
        return statistics.median(run.p99 for run in self.runs[case])


def figure_table(
    results: Mapping[str, Result], cases: Sequence[Case], figures: Sequence[Figure]
) -> str:
    """Show everything measured, with how many times as good as each other server ours is."""
    names = list(results)
    rows = [["figure", *names, "target", ""], ["---"] * (len(names) + 3)]
    for case in cases:
        rows += [_rates(results, case.name), _latencies(results, case.name)]
        rows.append(_cpu(results, case.name))
    rows += [_starts(results), _memory(results)]
    blank = [""] * (len(names) - 1)
    rows += [
        [each.name, each.value, *blank, each.target, "✓" if each.is_met else "✗"]
        for each in figures
    ]
    return _table(rows)


def behaviour_table(results: Mapping[str, Result]) -> str:
    """Show what each server does with requests that ought to be rejected."""
    questions = [question for question, _ in next(iter(results.values())).probes]
    rows = [["server", *questions], ["---"] * (len(questions) + 1)]
    rows += [[name, *(status for _, status in result.probes)] for name, result in results.items()]
    return _table(rows)


def _rates(results: Mapping[str, Result], case: str) -> list[str]:
    def show(result: Result) -> str:
        return f"{statistics.median(result.rates(case)):,.0f}"

    def ratio(ours: Result, other: Result) -> float:
        # Round by round: a bad minute of the machine hits both.
        pairs = zip(ours.rates(case), other.rates(case), strict=True)
        return statistics.median(own / their for own, their in pairs)

    target = _TARGETS[case]
    met = _met(results, lambda ours, peer: ratio(ours, peer) >= target)
    cells = _cells(results, show, ratio)
    return [f"{case}: responses/s", *cells, f"≥ {target:g} x {PEER}", met]


def _latencies(results: Mapping[str, Result], case: str) -> list[str]:
    cells = [f"{result.p50(case):.1f} / {result.p99(case):.1f}" for result in results.values()]
    met = _met(results, lambda ours, peer: ours.p99(case) < peer.p99(case))
    return [f"{case}: p50 / p99, ms", *cells, f"p99 below {PEER}'s", met]


def _cpu(results: Mapping[str, Result], case: str) -> list[str]:
    def micros(result: Result) -> float:
        return statistics.median(result.cpu.get(case, [0.0]))

    def ratio(ours: Result, other: Result) -> float:
        pairs = zip(ours.cpu[case], other.cpu[case], strict=True)
        return statistics.median(their / own for own, their in pairs)

    if not all(result.cpu.get(case) for result in results.values()):
        return [f"{case}: CPU µs per response", *("-" for _ in results), "", ""]
    cells = _cells(results, lambda result: f"{micros(result):,.0f}", ratio)
    return [f"{case}: CPU µs per response", *cells, "", ""]


def _starts(results: Mapping[str, Result]) -> list[str]:
    cells = [f"{statistics.median(result.starts):.2f}" for result in results.values()]
    met = _met(
        results,
        lambda ours, peer: statistics.median(ours.starts) <= statistics.median(peer.starts),
    )
    return ["start to first response, s", *cells, f"≤ {PEER}'s", met]


def _memory(results: Mapping[str, Result]) -> list[str]:
    cells = [
        f"{statistics.median(result.idle):.0f} / {statistics.median(result.loaded):.0f}"
        if result.idle and result.loaded
        else "-"
        for result in results.values()
    ]
    return ["memory idle / after the load above, MB", *cells, "", ""]


def _cells(
    results: Mapping[str, Result],
    show: Callable[[Result], str],
    ratio: Callable[[Result, Result], float],
) -> list[str]:
    ours = results.get(OURS)
    return [
        show(result)
        if ours is None or result is ours
        else f"{show(result)} ({ratio(ours, result):.1f} x)"
        for result in results.values()
    ]


def _met(results: Mapping[str, Result], judge: Callable[[Result, Result], bool]) -> str:
    if OURS not in results or PEER not in results:
        return ""
    return "✓" if judge(results[OURS], results[PEER]) else "✗"


def _table(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)

"""The tables that the benchmark prints."""

from __future__ import annotations

import dataclasses
import statistics
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from figures import Figure
    from load import Case, Measurement

__all__ = ["Result", "behaviour_table", "figure_table", "speed_table"]

OURS, PEER = "insightiq-mock", "Prism"

_TARGETS: Mapping[str, float] = {"GET one": 3, "list of 20": 3, "list of 100": 10, "POST a user": 2}


@dataclasses.dataclass
class Result:
    """What was measured of one server, round after round."""

    runs: dict[str, list[Measurement]] = dataclasses.field(default_factory=dict)
    cpu: dict[str, list[float]] = dataclasses.field(default_factory=dict)
    starts: list[float] = dataclasses.field(default_factory=list)
    memory: list[tuple[float, float]] = dataclasses.field(default_factory=list)
    probes: list[tuple[str, str]] = dataclasses.field(default_factory=list)

    def rate(self, case: str) -> float:
        """Return the answers per second of a case: the median of the rounds."""
        return statistics.median(run.per_second for run in self.runs[case])

    def p99(self, case: str) -> float:
        """Return the 99th percentile of a case in ms: the median of the rounds."""
        return statistics.median(run.p99 for run in self.runs[case])

    def cpu_micros(self, case: str) -> float | None:
        """Return the processor time per answer in µs, where the system tells."""
        return statistics.median(self.cpu[case]) if self.cpu.get(case) else None

    def start(self) -> float:
        """Return the seconds from the start of the process to the first answer."""
        return statistics.median(self.starts)


def speed_table(results: Mapping[str, Result], cases: Sequence[Case]) -> str:
    """Show rates, latencies, starts and memory of all, and how ours stands to Prism's."""
    head = ["server", *(case.name for case in cases), "start s", "MB idle → loaded"]
    rows = [head, ["---"] * len(head)]
    for name, result in results.items():
        cells = [_speed(result, case.name) for case in cases]
        memory = " → ".join(
            f"{statistics.median(column):.0f}" for column in zip(*result.memory, strict=True)
        )
        rows.append([name, *cells, f"{result.start():.2f}", memory or "-"])
    if OURS in results and PEER in results:
        rows.append(_ratios(results[OURS], results[PEER], cases))
        rows.append(_cpu_ratios(results[OURS], results[PEER], cases))
    return _table(rows)


def behaviour_table(results: Mapping[str, Result]) -> str:
    """Show what each server does with requests that ought to be refused."""
    questions = [question for question, _ in next(iter(results.values())).probes]
    rows = [["server", *questions], ["---"] * (len(questions) + 1)]
    rows += [[name, *(status for _, status in result.probes)] for name, result in results.items()]
    return _table(rows)


def figure_table(figures: Sequence[Figure]) -> str:
    """Show what was measured of our own server alone."""
    rows = [["figure", "measured", "target", ""], ["---"] * 4]
    rows += [[each.name, each.value, each.target, _mark(each.is_met)] for each in figures]
    return _table(rows)


def _speed(result: Result, case: str) -> str:
    cpu = result.cpu_micros(case)
    text = f"{result.rate(case):,.0f}/s, p99 {result.p99(case):.1f} ms"
    return text if cpu is None else f"{text}, {cpu:.0f} µs CPU"


def _ratios(ours: Result, peer: Result, cases: Sequence[Case]) -> list[str]:
    cells: list[str] = []
    for case in cases:
        ratio = ours.rate(case.name) / peer.rate(case.name)
        faster = ours.p99(case.name) < peer.p99(case.name)
        is_met = ratio >= _TARGETS[case.name] and faster
        p99 = "p99 below" if faster else "p99 above"
        cells.append(f"{ratio:.1f} x (target {_TARGETS[case.name]:g} x), {p99} {_mark(is_met)}")
    start = ours.start() / peer.start()
    return [f"{OURS} / {PEER}", *cells, f"{start:.2f} x {_mark(start <= 1)}", ""]


def _cpu_ratios(ours: Result, peer: Result, cases: Sequence[Case]) -> list[str]:
    """Compare the processor time per answer: it hardly depends on what else the machine does."""
    pairs = [(ours.cpu_micros(case.name), peer.cpu_micros(case.name)) for case in cases]
    cells = [f"{theirs / own:.1f} x" if own and theirs else "-" for own, theirs in pairs]
    return ["the same by CPU", *cells, "", ""]


def _mark(is_met: bool) -> str:  # noqa: FBT001 - one value in, one sign out
    return "✓" if is_met else "✗"


def _table(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)

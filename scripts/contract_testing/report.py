"""What the reports have in common."""

from __future__ import annotations

import dataclasses
import typing

from contract_testing.parts import plan

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_testing.coverage import Coverage
    from contract_testing.links import FollowedLinks
    from contract_testing.options import Options
    from contract_testing.parts import Part, PartResult
    from contract_testing.recording import Exchange
    from contract_testing.run import CaseResult, Finding, NotApplicable

__all__ = ["Report"]


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """A run, ready to be told.

    Attributes:
        server: Which server was asked, in words.
        options: What the run was to do.
        results: What came of the parts.
        coverage: What of the document was covered.
        seconds: How long it took in all.
        links: Which links of the document were followed.
    """

    server: str
    options: Options
    results: Sequence[PartResult]
    coverage: Coverage
    seconds: float
    links: Sequence[FollowedLinks] = ()

    @property
    def cases(self) -> list[CaseResult]:
        """All cases."""
        return [case for result in self.results for case in result.cases]

    @property
    def findings(self) -> list[Finding]:
        """All findings."""
        return [finding for _, finding in self.findings_by_part]

    @property
    def findings_by_part(self) -> list[tuple[Part, Finding]]:
        """All findings, each with the part that found it."""
        return [(result.part, finding) for result in self.results for finding in result.findings]

    @property
    def not_applicables(self) -> list[NotApplicable]:
        """All rules that could not be held against this server, each once."""
        found = [each for result in self.results for each in result.not_applicables]
        return list(dict.fromkeys(found))

    @property
    def from_examples(self) -> list[str]:
        """Ids of the operations that the mock answered from the document's examples."""
        return sorted({name for result in self.results for name in result.from_examples})

    @property
    def undone(self) -> list[Part]:
        """The parts that the run did not come to, or not to the end of."""
        if self.options.stop_at_first and self.findings:
            return []
        done = {result.part for result in self.results}
        return [part for part in plan(self.options) if part not in done]

    @property
    def samples(self) -> list[tuple[str | None, Exchange]]:
        """The exchanges to show: the first of each kind, and those that findings are about."""
        return [each for result in self.results for each in _samples_of(result)]

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return sum(result.requests for result in self.results)


def _samples_of(result: PartResult) -> list[tuple[str | None, Exchange]]:
    exchanges = {exchange.number: (name, exchange) for name, exchange in result.samples.kept}
    for finding in result.findings:
        if finding.exchange is not None:
            exchanges.setdefault(finding.exchange.number, (finding.operation, finding.exchange))
    return [exchanges[number] for number in sorted(exchanges)]

"""Saying what came of a run: on the terminal, as JSON, as reports."""

from __future__ import annotations

import dataclasses
import json
import sys
import typing

if typing.TYPE_CHECKING:
    from contract_testing.options import Options
    from contract_testing.parts import PartResult

__all__ = ["tell"]


def tell(results: list[PartResult], options: Options) -> bool:
    """Say what was found, write what was asked for; return whether something was found."""
    findings = [finding for result in results for finding in result.findings]
    for finding in findings:
        where = f" {finding.operation}" if finding.operation else ""
        print(f"\n{finding.layer}{where}: {finding.rule}\n{finding.message}", file=sys.stderr)
    if options.result is not None:
        summary = {
            "findings": [
                {
                    key: value
                    for key, value in dataclasses.asdict(finding).items()
                    if key in {"layer", "rule", "operation", "message"}
                }
                for finding in findings
            ],
            "seconds": round(sum(result.seconds for result in results), 3),
            "cases": sum(len(result.cases) for result in results),
        }
        options.result.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    for result in results:
        for note in result.notes: print(note)
    return bool(findings)

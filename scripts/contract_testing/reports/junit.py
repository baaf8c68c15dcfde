"""A run as JUnit XML, which every CI can show."""

from __future__ import annotations

import re
import typing
import xml.etree.ElementTree as ET

from contract_testing.evidence import told

if typing.TYPE_CHECKING:
    import pathlib

    from contract_testing.report import Report
    from contract_testing.run import CaseResult

__all__ = ["write_junit"]

# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN: typing.Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(report: Report, path: pathlib.Path) -> None:
    """Write a run as JUnit XML."""
    root = ET.Element("testsuites", name="contract", time=f"{report.seconds:.3f}")
    for result in report.results:
        suite = ET.SubElement(
            root,
            "testsuite",
            name=f"contract.{result.part}",
            tests=str(len(result.cases) + len(result.not_applicables)),
            failures=str(sum(_tag(case) == "failure" for case in result.cases)),
            errors=str(sum(_tag(case) == "error" for case in result.cases)),
            skipped=str(len(result.not_applicables)),
            time=f"{result.seconds:.3f}",
        )
        for case in result.cases:
            _add_case(suite, case)
        for each in result.not_applicables:
            entry = ET.SubElement(
                suite, "testcase", classname=f"contract.{each.layer}", name=_text(each.rule)
            )
            ET.SubElement(entry, "skipped", message=_text(each.reason))
    ET.indent(root)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _add_case(suite: ET.Element, case: CaseResult) -> None:
    name = f"{case.rule} ({case.operation})" if case.operation else case.rule
    entry = ET.SubElement(
        suite,
        "testcase",
        classname=f"contract.{case.layer}",
        name=_text(name),
        time=f"{case.seconds:.3f}",
    )
    tag = _tag(case)
    for finding in case.findings:
        first = finding.message.partition("\n")[0]
        found = ET.SubElement(entry, tag, type=_text(finding.rule), message=_text(first))
        found.text = _text(told(finding))


def _tag(case: CaseResult) -> str:
    """Return one tag for all findings of a case: readers count a case once."""
    if not case.findings:
        return ""
    return "error" if all(each.crashed for each in case.findings) else "failure"


def _text(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)

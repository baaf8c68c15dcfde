"""Saying what came of a run: on the terminal, as JSON, as reports."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
import typing

import openapi_document

from contract_testing import commands
from contract_testing.checks import Contract
from contract_testing.coverage import covered
from contract_testing.evidence import told
from contract_testing.links import followed_links
from contract_testing.parts import operations_of
from contract_testing.report import Report
from contract_testing.reports.har import write_har
from contract_testing.reports.junit import write_junit
from contract_testing.reports.page import write_page
from contract_testing.routes import Routes
from contract_testing.servers import is_vendor
from contract_testing.tally import Tally

if typing.TYPE_CHECKING:
    import pathlib
    from collections.abc import Generator

    from contract_testing.coverage import Coverage
    from contract_testing.links import FollowedLinks
    from contract_testing.options import Options
    from contract_testing.parts import PartResult

__all__ = ["UnwritableError", "prepare", "tell"]

_PAGE: typing.Final = "index.html"
# So many rules that were not tried for one reason are named on the terminal.
_MANY: typing.Final = 3


class UnwritableError(Exception):
    """What was asked for cannot be written; the message says where and why."""


def prepare(options: Options) -> None:
    """See that there is a document, and that reports and result can be written, before a run.

    Raises:
        openapi_document.DocumentError: The document cannot be read, or is not OpenAPI 3.0.
        UnwritableError: Reports or result cannot be written.
    """
    openapi_document.load_valid(options.document or openapi_document.DEFAULT_PATH)
    with _writing():
        if options.reports is not None:
            options.reports.mkdir(parents=True, exist_ok=True)
        wanted = (options.reports, options.result and options.result.parent)
        for folder in filter(None, wanted):
            if not os.access(folder, os.W_OK):
                raise PermissionError(errno.EACCES, "no folder to write to", folder)


def tell(results: list[PartResult], options: Options, seconds: float) -> bool:
    """Say what was found, write what was asked for; return whether something was found.

    Args:
        results: What came of the parts.
        options: What the run was to do.
        seconds: How long it took in all.

    Raises:
        UnwritableError: A report cannot be written; findings have been said before.
    """
    report = Report(
        server=_server(options),
        options=options,
        results=results,
        coverage=_coverage(results, options),
        links=_links(results, options),
        seconds=seconds,
    )
    _say(report)
    with _writing():
        if options.result is not None:
            text = json.dumps(_summary(report), indent=2) + "\n"
            options.result.write_text(text, encoding="utf-8")
        if options.reports is not None:
            _write_reports(report, options.reports)
    return bool(report.findings)


@contextlib.contextmanager
def _writing() -> Generator[None]:
    try:
        yield
    except OSError as error:
        msg = f"{error.filename}: cannot be written ({error.strerror}); make it writable, or name another place."
        raise UnwritableError(msg) from None


def _say(report: Report) -> None:
    for part, finding in report.findings_by_part:
        where = f" {finding.operation}" if finding.operation else ""
        print(
            f"\n{finding.layer}{where}: {finding.rule}\n{told(finding)}\n"
            f"again: {commands.again(report.options, part, finding)}",
            file=sys.stderr,
        )
    rules: dict[str, dict[str, None]] = {}
    for each in report.not_applicables:
        # Layers share rules, and what one cannot try, the others cannot.
        rules.setdefault(each.reason, {})[each.rule] = None
    for reason, names in rules.items():
        many = [f"{len(names)} rules, which the page lists"]
        for rule in many if len(names) > _MANY else names:
            print(f"contract: not tried: {rule}: {reason}")
    if report.from_examples:
        listed = ", ".join(report.from_examples)
        print(f"contract: without a handler in the mock, answered from the document: {listed}")
    for part in report.undone:
        print(f"contract: not done: {part}")
    done, total = report.coverage.share_of_pairs()
    print(f"contract: {done} of {total} operations by status seen, {report.seconds:.0f} s in all")


def _summary(report: Report) -> dict[str, object]:
    wanted = ("layer", "rule", "operation", "message")
    return {
        "findings": [
            {name: getattr(finding, name) for name in wanted} for finding in report.findings
        ],
        "seconds": round(report.seconds, 3),
        "cases": len(report.cases),
        "requests": {str(result.part): result.digest for result in report.results},
    }


def _write_reports(report: Report, folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_junit(report, folder / "junit.xml")
    write_har(report, folder / "traffic.har")
    write_page(report, folder / _PAGE)
    print(f"contract: reports: {folder / _PAGE}, junit.xml and traffic.har beside it")


def _links(results: list[PartResult], options: Options) -> list[FollowedLinks]:
    document = _document(options)
    return followed_links(document, operations_of(document, options.operations), results)


def _document(options: Options) -> dict[str, typing.Any]:
    return openapi_document.load(options.document or openapi_document.DEFAULT_PATH)


def _coverage(results: list[PartResult], options: Options) -> Coverage:
    document = _document(options)
    tally = Tally(Contract(document), Routes(document))
    for result in results:
        tally.add(result.tally)
    return covered(
        document,
        operations_of(document, options.operations),
        tally,
        can_ask=any(result.can_ask for result in results),
        layers=[result.part.layer for result in results],
    )


def _server(options: Options) -> str:
    if options.target is None:
        return "A mock server in this process"
    if is_vendor(options.target.base_url):
        return f"{options.target.base_url}, the vendor's: nothing was written there"
    return options.target.base_url

"""The command line of ``scripts/compare_vendor.py``."""

from __future__ import annotations

import argparse
import dataclasses
import json
import pathlib
import textwrap
from typing import TYPE_CHECKING, Any

import openapi_document

from change_report.command import FINE, REPORTS, guarded, write_files
from change_report.deviations import read_rows
from change_report.model import ComparisonError
from change_report.sources import read_file
from change_report.vendor import Kind, compare_with_vendor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from change_report.sources import Source
    from change_report.vendor import Difference, VendorReport

__all__ = ["UNEXPLAINED", "main"]

UNEXPLAINED = 1
MOST_OPERATIONS = 4
WIDTH = 110
# What they leave out is many names and one thought.
BRIEF = (Kind.PARAMETER_HERE, Kind.FIELD_HERE, Kind.OPERATION_HERE)
VERSIONS = ("3.0", "3.1")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    parser = argparse.ArgumentParser(description="Compare our document with the vendor's own.")
    parser.add_argument("vendor", type=pathlib.Path, metavar="DOCUMENT", help="downloaded file")
    parser.add_argument("--document", type=pathlib.Path, default=openapi_document.DEFAULT_PATH)
    parser.add_argument("--output", type=pathlib.Path, default=REPORTS, help="folder of the files")
    parser.add_argument("--json", metavar="-", choices=["-"], help="print JSON and nothing else")
    options = parser.parse_args(arguments)
    return guarded("compare-vendor", lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    ours, theirs = read_file(options.document), read_file(options.vendor)
    _require_known_version(theirs)
    report = compare_with_vendor(theirs.name, ours.document, theirs.document, read_rows())
    data = json.dumps(to_json(report), indent=2, ensure_ascii=False)
    if options.json:
        print(data, flush=True)
    else:
        print("\n".join(lines(report)), flush=True)
        write_files(options.output, {"vendor.md": page(report), "vendor.json": data + "\n"})
    return UNEXPLAINED if report.unexplained else FINE


def _require_known_version(source: Source) -> None:
    version = str(source.document["openapi"])
    if not version.startswith(VERSIONS):
        msg = f"{source.name}: OpenAPI {version}; 3.0 and 3.1 can be compared."
        raise ComparisonError(msg)


def lines(report: VendorReport) -> Iterator[str]:
    """Yield the report for a terminal."""
    yield _summary(report)
    yield ""
    for each in report.unexplained:
        if each.kind not in BRIEF:
            yield f"  {each.kind}: {each.where}{_of(each)}"
            yield f"      {each.what}{_perhaps(each)}"
    for kind in BRIEF:
        places = [each.where for each in report.unexplained if each.kind is kind]
        if places:
            told = f"{kind}: {len(places)}: {', '.join(places)}"
            yield from textwrap.wrap(told, WIDTH, initial_indent="  ", subsequent_indent="      ")
    known = [each for each in report.differences if each.rows]
    if known:
        rows = sorted({number for each in known for number in each.rows})
        yield ""
        yield f"Known, by rows {', '.join(map(str, rows))} of spec/deviations.md: {len(known)}"
    if report.unexplained:
        yield ""
        yield "Mend spec/insightiq.yaml, or add a row to spec/deviations.md, for each of the above."


def page(report: VendorReport) -> str:
    """Return the report as a Markdown page."""
    found = ["# Our document and the vendor's", "", _summary(report)]
    known = [each for each in report.differences if each.rows]
    for title, differences in (("Not explained", report.unexplained), ("Known", known)):
        found += ["", f"## {title}: {len(differences)}"]
        if differences:
            found += [
                "",
                "| In | Where | Difference | Operations | Rows |",
                "|---|---|---|---|---|",
            ]
        for each in differences:
            operations = ", ".join(f"`{id_}`" for id_ in each.operations)
            rows = ", ".join(map(str, each.rows))
            what = (each.what + _perhaps(each)).replace("|", "\\|")
            found.append(f"| {each.kind} | `{each.where}` | {what} | {operations} | {rows} |")
    return "\n".join(found) + "\n"


def to_json(report: VendorReport) -> dict[str, Any]:
    """Return the report as JSON data."""
    return {**dataclasses.asdict(report), "unexplained": len(report.unexplained)}


def _summary(report: VendorReport) -> str:
    known = len(report.differences) - len(report.unexplained)
    return (
        f"{report.document}: has {report.matched} of our {report.total} operations; "
        f"{len(report.unexplained)} differences to explain, {known} known; "
        f"{report.elsewhere} operations of other resources left out."
    )


def _perhaps(difference: Difference) -> str:
    if not difference.perhaps:
        return ""
    return (
        f" Perhaps row {', '.join(map(str, difference.perhaps))}, which speaks of what is around."
    )


def _of(difference: Difference) -> str:
    shown = ", ".join(difference.operations[:MOST_OPERATIONS])
    more = len(difference.operations) - MOST_OPERATIONS
    return f" ({shown}{f' and {more} more' if more > 0 else ''})" if shown else ""

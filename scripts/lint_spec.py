"""Lint the OpenAPI document: structure, Redocly's ruleset, our own rules, and the generator.

Usage: python scripts/lint_spec.py [DOCUMENT] [--own-rules-only]

Each finding says where (line and JSON pointer), what, and what to do. Ends with 0 when there is
none, with 1 when there are findings, with 2 when a tool could not run.
"""

from __future__ import annotations

if __name__ == "__main__":
    # First of all: failures of the imports below are covered, too.
    from insightiq._entry_point import run_script

    run_script("lint-spec", __file__)

import argparse
import contextlib
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import lint
import openapi_document
import openapi_spec_validator
import referencing.exceptions
from generate import run_generator
from generate.document_checks import structure_findings
from generate.errors import GenerateError
from lint.subject import Finding

from insightiq_mock.openapi import lines_of, misdirected, read_file
from insightiq_mock.openapi.tree import join_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from insightiq_mock.openapi import Source

ROOT = pathlib.Path(__file__).resolve().parent.parent
REDOCLY = ROOT / "node_modules" / ".bin" / "redocly"
REDOCLY_RULESET = ROOT / "redocly.yaml"

# A meta-schema error repeats the whole object that it is about.
_LONGEST_MESSAGE = 300


class ToolError(Exception):
    """A tool could not run; the message says what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """The findings of one tool.

    Attributes:
        tool: Its name, as people call it.
        summary: What it looked at, for the line of a clean run.
        findings: What it found, by rule.
    """

    tool: str
    summary: str
    findings: Mapping[str, Sequence[Finding]]

    @property
    def count(self) -> int:
        """Number of findings over all rules."""
        return sum(map(len, self.findings.values()))


def check_structure(document: dict[str, Any]) -> Outcome:
    """Hold the document against the meta-schema of OpenAPI 3.0, then against its prose."""
    version = document.get("openapi")
    findings = structure_findings(document)
    if not findings and not any(misdirected(document)):
        # The second half stumbles where the first finds something, and over references that lead
        # nowhere: those are named, all of them, by our own rule.
        with contextlib.suppress(referencing.exceptions.Unresolvable):
            findings = [
                Finding(
                    join_pointer("#", *error.absolute_path),
                    error.message[:_LONGEST_MESSAGE],
                    "write it as OpenAPI 3.0.3 has it",
                )
                for error in openapi_spec_validator.OpenAPIV30SpecValidator(document).iter_errors()
            ]
    if version != "3.0.3":
        what = f"{version!r} is not 3.0.3; connexion reads nothing newer"
        findings = [Finding("#/openapi", what, "write it as OpenAPI 3.0.3 has it"), *findings]
    return Outcome("openapi-spec-validator", f"OpenAPI {version}", {"structure": findings})


def check_with_redocly(path: pathlib.Path) -> Outcome:
    """Run Redocly's linter with the ruleset of this project.

    Raises:
        ToolError: Redocly is not installed, or ended without a result.
    """
    if not REDOCLY.exists():
        msg = f"Redocly is not installed ({REDOCLY.relative_to(ROOT)}); run `make install`."
        raise ToolError(msg)
    command = [str(REDOCLY), "lint", str(path.resolve()), f"--config={REDOCLY_RULESET}"]
    command += ["--format=json", "--max-problems=1000"]
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    result = subprocess.run(
        command,
        capture_output=True,
        check=False,
        cwd=ROOT,
        env=os.environ | quiet,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    problems: list[dict[str, Any]] = []
    with contextlib.suppress(ValueError, KeyError):
        problems = json.loads(result.stdout)["problems"]
    if not problems and (result.returncode or not result.stdout):
        msg = f"Redocly ended with {result.returncode} and no result: {result.stderr.strip()}"
        raise ToolError(msg)
    findings: dict[str, list[Finding]] = {}
    for problem in problems:
        location: dict[str, Any] = problem["location"][0] if problem["location"] else {}
        reference = problem.get("reference") or "the ruleset in redocly.yaml"
        finding = Finding(location.get("pointer", "#"), problem["message"], f"see {reference}")
        findings.setdefault(problem["ruleId"], []).append(finding)
    return Outcome("redocly", f"ruleset {REDOCLY_RULESET.name}", findings)


def check_own_rules(document: dict[str, Any]) -> Outcome:
    """Run the rules of `lint`."""
    operations = len(list(openapi_document.operations(document)))
    schemas = len(document.get("components", {}).get("schemas", {}))
    summary = f"{len(lint.RULES)} rules, {operations} operations, {schemas} schemas"
    return Outcome("own rules", summary, lint.check(document))


def check_notation(source: Source) -> Outcome:
    """Say which keys and values readers of YAML do not read alike."""
    findings = [Finding(slip.pointer, slip.what, slip.remedy) for slip in source.slips]
    return Outcome("notation", "read alike by all", {"unquoted-text": findings})


def check_with_generator(document: dict[str, Any]) -> Outcome:
    """Let the generator of the client read the document: it warns of what it would lose."""
    found: list[Finding] = []
    try:
        run_generator.check_generator(document)
    except GenerateError as error:
        remedy = "describe it in another way"
        found = [Finding("#", problem.removesuffix("."), remedy) for problem in error.problems]
    return Outcome("generator", "openapi-python-client", {"generator": found})


class Lines:
    """The line numbers of one document, by its text."""

    def __init__(self, text: str) -> None:
        self._lines = lines_of(text)

    def line(self, pointer: str) -> int:
        """Return the line of ``pointer``, or of the nearest thing around it that exists."""
        while pointer not in self._lines and "/" in pointer:
            pointer = pointer.rpartition("/")[0]
        return self._lines.get(pointer, 1)


def run_tools(path: pathlib.Path, *, own_rules_only: bool) -> Iterator[Outcome]:
    """Run the tools one after the other.

    Raises:
        openapi_document.DocumentError: The document cannot be read.
        ToolError: A tool could not run.
    """
    source = read_file(path)
    document = source.data
    if source.slips:
        yield check_notation(source)
    structure = check_structure(document)
    yield structure
    if not own_rules_only:
        yield check_with_redocly(path)
    if structure.count == 0:
        # On a document of another shape our own rules would stumble instead of helping.
        own = check_own_rules(document)
        yield own
        if not own.findings.keys() & {rule.id for rule in lint.GENERATOR_RULES}:
            yield check_with_generator(document)


def report(outcome: Outcome, path: pathlib.Path, lines: Lines) -> Iterator[str]:
    """Yield the lines that describe ``outcome`` to a person."""
    if outcome.count == 0:
        yield f"{outcome.tool}: clean ({outcome.summary})"
        return
    yield f"{outcome.tool}: {outcome.count} to correct"
    for rule, findings in outcome.findings.items():
        for finding in findings:
            yield f"  {path}:{lines.line(finding.pointer)}  [{rule}]"
            yield f"    where:  {finding.pointer}"
            yield f"    what:   {finding.what}"
            yield f"    to do:  {finding.remedy}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the linters and print what they say; return the exit status."""
    parser = argparse.ArgumentParser(prog="lint_spec.py", description="Lint the OpenAPI document.")
    parser.add_argument(
        "document",
        nargs="?",
        type=pathlib.Path,
        default=openapi_document.DEFAULT_PATH,
        help="the document to lint (default: spec/insightiq.yaml)",
    )
    parser.add_argument(
        "--own-rules-only",
        action="store_true",
        help="leave Redocly out; needs no node_modules",
    )
    options = parser.parse_args(arguments)
    path: pathlib.Path = options.document
    shown = (
        path.relative_to(pathlib.Path.cwd()) if path.is_relative_to(pathlib.Path.cwd()) else path
    )
    count = 0
    try:
        lines: Lines | None = None
        for outcome in run_tools(path, own_rules_only=options.own_rules_only):
            lines = lines or Lines(read_file(path).text)
            print(*report(outcome, shown, lines), sep="\n", flush=True)
            count += outcome.count
    except (openapi_document.DocumentError, ToolError) as error:
        print(f"lint-spec: {error}", file=sys.stderr)
        return 2
    if count:
        print(f"\nlint-spec: {count} to correct in {shown}", file=sys.stderr)
    return 1 if count else 0

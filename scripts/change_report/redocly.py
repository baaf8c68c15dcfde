"""Redocly's ``diff``, pinned in package.json, run over two normal forms."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import subprocess
import tempfile
from typing import TYPE_CHECKING, Any

from spec_rules.places import mapping, sequence

from change_report.model import Bump, ComparisonError
from change_report.sources import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["REDOCLY", "RawChange", "compare", "require"]

REDOCLY = ROOT / "node_modules" / ".bin" / "redocly"
# operationId never travels: renaming one is a matter of Python, where the surface shows it.
RULES = "extends: [diff-recommended]\n"
SKIPPED = ("operation-id-changed",)
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
LONGEST_MESSAGE = 400


@dataclasses.dataclass(frozen=True, slots=True)
class RawChange:
    """One change as Redocly reports it.

    Attributes:
        path: The way to it from the root, through references.
        type: Kind of the node: ``Schema``, ``Parameter``, ``Operation`` …
        kind: ``added``, ``removed`` or ``modified``.
        property: Keyword that changed, for ``modified``.
        bump: Redocly's verdict.
        verdicts: Rule and message of each verdict.
        base_pointer: Where it is written in the older document, None where it is not.
        pointer: Where it is written in the newer one.
        base_value: Older value of the keyword, where there was one.
        value: Newer value.
    """

    path: str
    type: str
    kind: str
    property: str | None
    bump: Bump
    verdicts: tuple[tuple[str, str], ...]
    base_pointer: str | None
    pointer: str | None
    base_value: Any
    value: Any


def require() -> None:
    """Make sure that Redocly is there.

    Raises:
        ComparisonError: It is not installed.
    """
    if not REDOCLY.exists():
        msg = "Redocly is not installed (node_modules/.bin/redocly); run `make install`."
        raise ComparisonError(msg)


def compare(base: Mapping[str, Any], document: Mapping[str, Any]) -> list[RawChange]:
    """Return what Redocly finds between two normal forms.

    Raises:
        ComparisonError: Redocly is not installed, or ended without a result.
    """
    require()
    with tempfile.TemporaryDirectory() as folder:
        here = pathlib.Path(folder)
        (here / "redocly.yaml").write_text(RULES, encoding="utf-8")
        (here / "base.json").write_text(json.dumps(base), encoding="utf-8")
        (here / "document.json").write_text(json.dumps(document), encoding="utf-8")
        command = [str(REDOCLY), "diff", "base.json", "document.json", "--config=redocly.yaml"]
        command += ["--fail-on=none", "--format=json", *(f"--skip-rule={rule}" for rule in SKIPPED)]
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                check=False,
                cwd=here,
                encoding="utf-8",
                env=os.environ | QUIET,
                stdin=subprocess.DEVNULL,
            )
        except OSError as error:
            msg = f"Redocly could not be started ({error.strerror}); run `make install`."
            raise ComparisonError(msg) from error
    try:
        report = mapping(json.loads(done.stdout))
    except ValueError:
        report = {}
    if "changes" not in report:
        said = (done.stderr.strip() or done.stdout.strip())[-LONGEST_MESSAGE:]
        msg = f"Redocly ended with {done.returncode} and no result: {said}"
        raise ComparisonError(msg)
    return [_change(mapping(each)) for each in sequence(report["changes"])]


def _change(raw: Mapping[str, Any]) -> RawChange:
    base, revision = mapping(raw.get("base")), mapping(raw.get("revision"))
    return RawChange(
        path=raw["path"],
        type=raw["typeName"],
        kind=raw["kind"],
        property=raw.get("property"),
        bump=Bump[str(raw["impact"]).upper()],
        verdicts=tuple((each["ruleId"], each["message"]) for each in raw["verdicts"]),
        base_pointer=base.get("pointer"),
        pointer=revision.get("pointer"),
        base_value=base.get("value"),
        value=revision.get("value"),
    )

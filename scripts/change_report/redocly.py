"""A second opinion of the wire: Redocly's ``diff``, where it is installed.

Our rules rate every change. Redocly (pinned in package.json, Node.js) is asked for what they may
have missed: what it calls breaking in a place that they are silent about is shown, to be looked at.
"""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
from typing import TYPE_CHECKING, Any, cast

import openapi_document
from spec_rules.places import mapping, sequence
from spec_rules.subject import component_pointer

from change_report.model import Bump, Change, ComparisonError, Side
from change_report.normal import without_words
from change_report.schema_changes import LEAST_COUNTS, STYLES, Schema, is_merged
from change_report.sources import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["MISSING", "REDOCLY", "RawChange", "compare", "is_installed", "second_opinion"]

REDOCLY = ROOT / "node_modules" / ".bin" / "redocly"
MISSING = (
    "Rated by the rules of this project alone. Redocly is not installed, so its second opinion is "
    "missing; `make install` brings it (Node.js)."
)
# operationId never travels: renaming one is a matter of Python, where the surface shows it.
RULES = "extends: [diff-recommended]\n"
SKIPPED = ("operation-id-changed",)
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
LONGEST_MESSAGE = 400


@dataclasses.dataclass(frozen=True, slots=True)
class RawChange:
    """One change as Redocly reports it.

    Attributes:
        bump: Redocly's verdict.
        rules: Names of the rules that rated it.
        message: What they say.
        pointers: Where it is written in the older and in the newer document, as far as it is.
    """

    bump: Bump
    rules: tuple[str, ...]
    message: str
    pointers: tuple[str, ...]


def is_installed() -> bool:
    """Return whether Redocly can be asked."""
    return REDOCLY.exists() and shutil.which("node") is not None


def second_opinion(
    base: Mapping[str, Any], document: Mapping[str, Any], changes: Iterable[Change]
) -> list[Change]:
    """Return what Redocly calls breaking in places that ``changes`` say nothing of.

    Raises:
        ComparisonError: Redocly ended without a result.
    """
    found = tuple(changes)
    named = {each.where for each in found}
    told = " ".join(each.what for each in found)
    return [
        Change(
            Side.WIRE,
            Bump.PATCH,
            each.pointers[-1],
            f"Only Redocly calls this breaking: {each.message}",
            f"redocly/{'+'.join(each.rules)}",
            attention=True,
        )
        for each in compare(_comparable(base), _comparable(document))
        if each.bump is Bump.MAJOR and not _is_told(each, named, told)
    ]


def _is_told(change: RawChange, named: set[str], told: str) -> bool:
    """Whether our rules speak of the place, of what is around it, or of its name elsewhere."""
    for pointer in change.pointers:
        place = component_pointer(pointer)
        if any(
            f"{each}/".startswith(f"{place}/") or place.startswith(f"{each}/") for each in named
        ):
            return True
    return any(name in told for name in re.findall(r"`([^`]+)`", change.message))


def _comparable(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy in which equal meanings are written alike, as Redocly compares what is written.

    Parameters of a path stand at its operations, credentials of the document too, styles are
    written out, ``allOf`` is merged, and bounds that every value keeps are left out.
    """
    plain = without_words(document)
    found = cast("dict[str, Any]", _merged(plain, plain))
    for item in mapping(found.get("paths")).values():
        shared = sequence(mapping(item).get("parameters"))
        for method in openapi_document.METHODS:
            operation = cast("dict[str, Any] | None", mapping(item).get(method))
            if operation is not None:
                own = sequence(operation.get("parameters"))
                names = {_parameter(found, each) for each in own}
                kept = [each for each in shared if _parameter(found, each) not in names]
                operation["parameters"] = [_styled(each) for each in (*kept, *own)]
                operation.setdefault("security", found.get("security", []))
        cast("dict[str, Any]", item).pop("parameters", None)
    found.pop("security", None)
    return found


def _styled(node: Any) -> Any:  # noqa: ANN401 - any JSON value
    if "in" not in mapping(node):
        return node
    style = mapping(node).get("style", STYLES.get(str(node["in"])))
    return {**mapping(node), "style": style, "explode": node.get("explode", style == "form")}


def _parameter(document: Mapping[str, Any], node: object) -> tuple[object, object]:
    resolved = mapping(openapi_document.resolve(document, node))
    return resolved.get("in"), resolved.get("name")


def _merged(document: Mapping[str, Any], node: object) -> object:
    if isinstance(node, list):
        return [_merged(document, each) for each in sequence(node)]
    if not isinstance(node, dict):
        return node
    written = mapping(node)
    members = [
        each for key in written if is_merged(written, key) for each in sequence(written[key])
    ]
    if len(written) == len(members) == 1 and "$ref" in mapping(members[0]):
        return dict(mapping(members[0]))
    found: dict[str, Any] = {}
    for part in Schema(document, ("#", written)).parts if members else ():
        found["properties"] = {
            **found.get("properties", {}),
            **mapping(part.node.get("properties")),
        }
        found["required"] = [*found.get("required", []), *sequence(part.node.get("required"))]
        found |= {
            key: value
            for key, value in part.node.items()
            if key not in found and not is_merged(part.node, key)
        }
    return {
        key: _merged(document, value)
        for key, value in (found or written).items()
        if not (key in LEAST_COUNTS and value == 0)
    }


def compare(base: Mapping[str, Any], document: Mapping[str, Any]) -> list[RawChange]:
    """Return what Redocly finds between two documents.

    Raises:
        ComparisonError: Redocly ended without a result.
    """
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
    return list(_changes(sequence(report["changes"])))


def _changes(found: Iterable[Any]) -> Iterator[RawChange]:
    for raw in map(mapping, found):
        if raw["typeName"] == "Info" and raw.get("property") == "version":
            continue
        verdicts = [mapping(each) for each in sequence(raw["verdicts"])]
        sides = (mapping(raw.get(side)).get("pointer") for side in ("base", "revision"))
        yield RawChange(
            bump=Bump[str(raw["impact"]).upper()],
            rules=tuple(dict.fromkeys(each["ruleId"] for each in verdicts)),
            message=" ".join(each["message"] for each in verdicts),
            pointers=tuple(each for each in sides if isinstance(each, str)) or (str(raw["path"]),),
        )

"""Second opinion on the wire: Redocly's ``diff``, if it is installed.

Our rules rate every change. Redocly (pinned in package.json, Node.js) may see what they miss: what
it calls breaking in a place that they do not mention is listed, to be looked at.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
from typing import TYPE_CHECKING, Any, cast

import openapi_document
from lint.subject import component_pointer

from changes.document_changes import STYLES
from changes.model import Bump, Change, ComparisonError
from changes.nodes import Node, without_documentation
from changes.schema_changes import LEAST_COUNTS, Schema, is_merged
from changes.sources import ROOT
from insightiq_mock.openapi.tree import mapping, sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["REDOCLY", "second_opinion"]

REDOCLY = ROOT / "node_modules" / ".bin" / "redocly"
MISSING = (
    "Rated by the rules of this project alone. Redocly is not installed, so its second opinion is "
    "missing; `make install` brings it (Node.js)."
)
RULES = "extends: [diff-recommended]\n"
# An operationId never travels: renaming one is a matter of Python, where the surface shows it.
ARGUMENTS = (
    "diff", "base.json", "document.json", "--config=redocly.yaml", "--fail-on=none", "--format=json",
    "--skip-rule=operation-id-changed",
)  # fmt: skip
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
LONGEST_MESSAGE = 400


def second_opinion(
    base: Mapping[str, Any], document: Mapping[str, Any], changes: Sequence[Change]
) -> tuple[list[Change], str]:
    """Return what only Redocly calls breaking, and a sentence that says whether it was used.

    Raises:
        ComparisonError: Redocly ended without a result.
    """
    if not REDOCLY.exists() or shutil.which("node") is None:
        return [], MISSING
    places = {each.where for each in changes}
    text = " ".join(each.what for each in changes)
    found: list[Change] = []
    for change in _run(_normalised(base), _normalised(document)):
        is_version = change["typeName"] == "Info" and change.get("property") == "version"
        sides = (mapping(change.get(side)).get("pointer") for side in ("base", "revision"))
        pointers = [each for each in sides if isinstance(each, str)] or [str(change["path"])]
        verdicts = [mapping(each) for each in sequence(change["verdicts"])]
        message = " ".join(each["message"] for each in verdicts)
        if (
            is_version
            or change["impact"] != "major"
            or _is_reported(pointers, message, places, text)
        ):
            continue
        rules = "+".join(dict.fromkeys(each["ruleId"] for each in verdicts))
        what = f"Only Redocly calls this breaking: {message}"
        found.append(Change(pointers[-1], what, f"redocly/{rules}", Bump.PATCH, attention=True))
    return found, f"Redocly was used as well: {len(found) or 'nothing'} more to look at."


def _is_reported(pointers: Iterable[str], message: str, places: set[str], text: str) -> bool:
    """Return whether our rules report the place, a place around it, or its name elsewhere."""
    components = [f"{component_pointer(pointer)}/" for pointer in pointers]
    return any(
        f"{each}/".startswith(component) or component.startswith(f"{each}/")
        for component in components
        for each in places
    ) or any(name in text for name in re.findall(r"`([^`]+)`", message))


def _run(base: Mapping[str, Any], document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the changes that Redocly reports."""
    with tempfile.TemporaryDirectory() as folder:
        here = pathlib.Path(folder)
        (here / "redocly.yaml").write_text(RULES, encoding="utf-8")
        (here / "base.json").write_text(json.dumps(base), encoding="utf-8")
        (here / "document.json").write_text(json.dumps(document), encoding="utf-8")
        try:
            done = subprocess.run(
                [str(REDOCLY), *ARGUMENTS],
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
        output = (done.stderr.strip() or done.stdout.strip())[-LONGEST_MESSAGE:]
        msg = f"Redocly ended with {done.returncode} and no result: {output}"
        raise ComparisonError(msg)
    return [mapping(each) for each in sequence(report["changes"])]


def _normalised(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy in which equal meanings are written alike, as Redocly compares what is written.

    Parameters of a path stand at its operations, credentials of the document too, styles are
    written out, ``allOf`` is merged, and bounds that every value keeps are left out.
    """
    plain = without_documentation(document)
    found = cast("dict[str, Any]", _merged(plain, plain))
    for item in mapping(found.get("paths")).values():
        shared = sequence(mapping(item).get("parameters"))
        for method in openapi_document.METHODS:
            operation = cast("dict[str, Any] | None", mapping(item).get(method))
            if operation is not None:
                own = sequence(operation.get("parameters"))
                names = {_name(found, each) for each in own}
                kept = [each for each in shared if _name(found, each) not in names]
                operation["parameters"] = [_styled(each) for each in (*kept, *own)]
                operation.setdefault("security", found.get("security", []))
        cast("dict[str, Any]", item).pop("parameters", None)
    found.pop("security", None)
    return found


def _name(document: Mapping[str, Any], parameter: object) -> tuple[object, object]:
    data = Node.at(document, "", parameter).data
    return data.get("in"), data.get("name")


def _styled(parameter: object) -> object:
    data = mapping(parameter)
    if "in" not in data:
        return parameter
    style = data.get("style", STYLES.get(str(data["in"])))
    return {**data, "style": style, "explode": data.get("explode", style == "form")}


def _merged(document: Mapping[str, Any], value: object) -> object:
    if isinstance(value, list):
        return [_merged(document, each) for each in sequence(value)]
    if not isinstance(value, dict):
        return value
    data = mapping(value)
    members = [each for key in data if is_merged(data, key) for each in sequence(data[key])]
    if len(data) == len(members) == 1 and "$ref" in mapping(members[0]):
        return dict(mapping(members[0]))
    found: dict[str, Any] = {}
    for part in Schema(Node.at(document, "#", data)).parts if members else ():
        required = sequence(part.data.get("required"))
        found["properties"] = found.get("properties", {}) | mapping(part.data.get("properties"))
        found["required"] = [*found.get("required", []), *required]
        for key, inner in part.data.items():
            if not is_merged(part.data, key):
                found.setdefault(key, inner)
    return {
        key: _merged(document, inner)
        for key, inner in (found or data).items()
        if not (key in LEAST_COUNTS and inner == 0)
    }

"""The control API's document: what it says is what is served."""

from __future__ import annotations

import dataclasses
import importlib.resources
import json
import pathlib
import re
from typing import Any

import httpx
import lint_spec
import pytest

from insightiq_mock.control.app import control_document
from insightiq_mock.control.bindings import OPERATIONS
from insightiq_mock.openapi.prefer import Fault
from insightiq_mock.openapi.schemas import SchemaCompiler
from insightiq_mock.simulation import ClockMode, Settings
from insightiq_mock.simulation.settings import RANGES
from insightiq_mock.testing.tenant import BASE_URL
from insightiq_mock.webhooks import Verdict

DOCUMENT = control_document()
CONTROL_DOCUMENT = pathlib.Path(
    str(importlib.resources.files("insightiq_mock.control") / "control.yaml")
)
COMPONENTS: dict[str, Any] = DOCUMENT.data["components"]


def media_objects() -> list[Any]:
    """Every request and response body of the document."""
    holders = [*COMPONENTS["requestBodies"].values(), *COMPONENTS["responses"].values()]
    return [media for holder in holders for media in holder.get("content", {}).values()]


def test_every_operation_is_bound_to_function() -> None:
    documented = {operation.id for operation in DOCUMENT.operations}
    assert documented == {*OPERATIONS, "inbox.receive"}


@pytest.mark.parametrize("name", COMPONENTS["schemas"])
def test_examples_of_properties_fit_their_schemas(name: str) -> None:
    schemas = SchemaCompiler(DOCUMENT)
    for key, schema in COMPONENTS["schemas"][name].get("properties", {}).items():
        example = schema.get("example")
        if example is not None:
            schemas.compile(schema, key).validate(example)


def test_examples_of_bodies_fit_their_schemas() -> None:
    schemas = SchemaCompiler(DOCUMENT)
    found = media_objects()
    assert found
    for media in found:
        for example in media["examples"].values():
            value = DOCUMENT.resolve(example)["value"]
            schemas.compile(media["schema"], "body").validate(value)


def test_settings_are_those_of_simulation() -> None:
    properties = COMPONENTS["schemas"]["Settings"]["properties"]
    examples = {name: DOCUMENT.resolve(schema)["example"] for name, schema in properties.items()}
    assert examples == Settings().to_json()
    assert set(COMPONENTS["schemas"]["Settings"]["required"]) == {
        field.name for field in dataclasses.fields(Settings)
    }


def test_ranges_of_settings_are_those_of_simulation() -> None:
    properties = COMPONENTS["schemas"]["SettingsUpdateRequest"]["properties"]
    numbers = {name: schema.get("items", schema) for name, schema in properties.items()}
    ranges = {
        name: (schema["minimum"], schema["maximum"])
        for name, schema in numbers.items()
        if schema.get("type") in ("integer", "number")
    }
    assert ranges == RANGES


def test_document_is_clean_under_lint() -> None:
    outcomes = lint_spec.run_tools(CONTROL_DOCUMENT, own_rules_only=True)
    assert {outcome.tool: outcome.findings for outcome in outcomes if outcome.count} == {}


@pytest.mark.parametrize(
    ("schema", "values"),
    [("Verdict", Verdict), ("ClockMode", ClockMode), ("FaultKind", Fault)],
)
def test_enums_are_those_of_code(schema: str, values: list[str]) -> None:
    assert sorted(COMPONENTS["schemas"][schema]["enum"]) == sorted(values)


def test_document_is_served_beside_api(raw: httpx.Client) -> None:
    served = raw.get("/_mock/openapi.json").json()
    assert [each["url"] for each in served["servers"]] == [f"{BASE_URL}/_mock"]
    assert "/developers" in served["paths"]
    assert raw.get("/_mock/openapi.yaml").headers["content-type"] == "application/yaml"


def test_errors_have_envelope_of_api(raw: httpx.Client) -> None:
    response = raw.get("/_mock/developers/no one")
    error = response.json()["error"]
    assert response.status_code == error["http_status_code"] == 404
    assert error["code"] == error["error_code"] == "incorrect_developer_id"
    assert response.headers["request-id"] == error["request_id"]


@pytest.mark.parametrize("path", ["/_mock/", "/_mock/nothing", "/_mock/developers/x/nothing"])
def test_unknown_paths_are_404(raw: httpx.Client, path: str) -> None:
    response = raw.get(path)
    assert response.status_code == 404
    assert f"There is no path {path};" in response.json()["error"]["message"]


def test_documentation_works_behind_prefix(raw: httpx.Client) -> None:
    page = raw.get("/_mock/docs")
    files = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
    assert [raw.get(file).status_code for file in files] == [200, 200, 200]
    assert all(file.startswith("/_mock/docs/") for file in files)
    assert 'url: "/_mock/openapi.json"' in raw.get("/_mock/docs/start.js").text


def test_own_paths_reject_other_methods(raw: httpx.Client) -> None:
    response = raw.post("/_mock/openapi.json")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_foreign_pages_are_documented_error() -> None:
    without = [each.id for each in DOCUMENT.operations if "403" not in each.data["responses"]]
    assert without == ["inbox.receive"]


def test_mistyped_keys_are_rejected(raw: httpx.Client) -> None:
    body = json.dumps({"sed": "4"})
    response = raw.post(
        "/_mock/developers", content=body, headers={"content-type": "application/json"}
    )
    assert response.status_code == 400
    assert "sed" in response.json()["error"]["message"]

"""References of a document: where they lead, and circles in which they lead nowhere."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import compare_vendor
import diff
import document_views as views
import lint_spec
import openapi_document
import pytest
import regenerate
from changes.vendor import operations_by_route
from generate import descriptions

from insightiq_mock.openapi import (
    DocumentError,
    document_from,
    load_document,
    misdirected,
    read_text,
    resolve,
)

SMALL = pathlib.Path(__file__).parents[3] / "fixtures" / "small_document.yaml"


def schemas(**written: Any) -> dict[str, Any]:
    """Return a document with these schemas."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": {},
        "components": {"schemas": written},
    }


def ref(name: str) -> dict[str, str]:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def error_of(document: dict[str, Any]) -> str:
    """Return the sentence with which a document is rejected when it is read."""
    with pytest.raises(DocumentError) as caught:
        read_text(json.dumps(document), "api")
    return str(caught.value)


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("#/paths/~1v1~1items~1%7Bid%7D/get/parameters/1", {"name": "second"}),
        ("#/paths/~1v1~1items~1{id}/get/parameters/0", {"name": "first"}),
        ("#/x%2Dodd/a~0b", 1),
        ("#/x-odd/%C3%BC", 2),
        ("#/x-odd/100%25", 3),
        ("#/x-odd/", 4),
    ],
)
def test_references_are_read_as_rfc_6901_has_them(reference: str, found: object) -> None:
    parameters = [{"name": "first"}, {"name": "second"}]
    document = {
        "paths": {"/v1/items/{id}": {"get": {"parameters": parameters}}},
        "x-odd": {"a~b": 1, "ü": 2, "100%": 3, "": 4},
    }
    assert resolve(document, {"$ref": reference}) == found


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("#/a/2", "leads nowhere: '2' does not exist."),
        ("#/a/-1", "leads nowhere: '-1' does not exist."),
        ("#/a/²", "leads nowhere: '²' does not exist."),
        (f"#/a/{'9' * 5000}", "leads nowhere"),
        ("#/a/0/b", "leads nowhere: 'b' does not exist."),
        ("#/%FF", "its percent-encoding is not UTF-8."),
        ("other.yaml#/a", "only references within the document (#/…) are followed."),
        ("#", "only references within the document (#/…) are followed."),
        (None, "$ref None is not text; write it as '#/…'."),
        (["#/a"], "is not text"),
    ],
)
def test_reference_that_leads_nowhere_is_said(reference: object, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        resolve({"a": [1, 2]}, {"$ref": reference})
    assert said in str(caught.value)


@pytest.mark.parametrize("length", [1, 2, 3, 50])
def test_circle_of_references_is_rejected_with_its_chain(length: int) -> None:
    names = [f"Loop{number}" for number in range(length)]
    circle = {name: ref(names[number - length + 1]) for number, name in enumerate(names)}
    document = schemas(Before=ref(names[0]), **circle)
    reported = error_of(document)
    assert reported.startswith("api: line 1: #/components/schemas/Before: $ref ")
    assert "'#/components/schemas/Loop0' leads back to itself" in reported
    assert all(repr(f"#/components/schemas/{name}") in reported for name in names)
    with pytest.raises(DocumentError, match="Loop0' leads back to itself"):
        resolve(document, ref("Before"))


@pytest.mark.parametrize(
    "written",
    [
        {"A": {"allOf": [ref("A")]}},
        {"A": {"allOf": [{"type": "object"}, {"allOf": [ref("A")]}]}},
        {"A": {"allOf": [ref("B")]}, "B": ref("C"), "C": {"allOf": [ref("A"), {}]}},
        {"A": {"properties": {"b": {"allOf": [ref("A/properties/b")]}}}},
        {"A": {"properties": {"value": {"example": {}, "allOf": [ref("A/properties/value")]}}}},
    ],
)
def test_all_of_that_holds_itself_is_rejected(written: dict[str, Any]) -> None:
    assert "leads back to itself by allOf" in error_of(schemas(**written))
    with pytest.raises(DocumentError, match="leads back to itself by allOf"):
        document_from(schemas(**written))


@pytest.mark.parametrize("merged", [views.resolved, descriptions.resolved])
def test_merging_document_made_in_memory_ends(merged: Any) -> None:
    with pytest.raises(DocumentError, match="allOf leads back to itself"):
        merged(schemas(A={"allOf": [ref("A")]}), ref("A"))


@pytest.mark.parametrize(
    "written",
    [
        {"A": {"properties": {"parent": ref("A"), "children": {"items": ref("A")}}}},
        {"A": {"properties": {"b": {"allOf": [ref("B")]}}}, "B": {"allOf": [{"items": ref("A")}]}},
        {"A": {"oneOf": [ref("B")]}, "B": {"allOf": [ref("A"), {"type": "object"}]}},
        {"A": {"properties": {"$ref": {"type": "string"}}}},
        {"A": {"allOf": [ref("B"), ref("B")]}, "B": {"type": "object"}},
    ],
)
def test_legal_recursion_is_read(written: dict[str, Any]) -> None:
    assert read_text(json.dumps(schemas(**written)), "api").data == schemas(**written)


def test_all_of_that_doubles_and_doubles_is_rejected() -> None:
    doubling = {f"S{n}": {"allOf": [ref(f"S{n + 1}"), ref(f"S{n + 1}")]} for n in range(30)}
    assert "lead on and on from here" in error_of(schemas(**doubling, S30={"type": "object"}))


def test_endless_chain_of_references_is_rejected() -> None:
    chain = {f"S{number}": ref(f"S{number + 1}") for number in range(5000)}
    assert "lead on and on from here" in error_of(schemas(**chain, S5000={"type": "object"}))


def test_reference_to_another_kind_is_reported_from_one_that_fits() -> None:
    document = openapi_document.load(SMALL)
    assert list(misdirected(document)) == []
    parameters = document["paths"]["/v1/items"]["get"]["parameters"]
    parameters[0] = {"$ref": "#/components/schemas/Shelf"}
    parameters[1] = {"$ref": "#/paths/~1v1~1items/get/parameters/2"}
    assert list(misdirected(document)) == [
        (
            "#/paths/~1v1~1items/get/parameters/0",
            "$ref '#/components/schemas/Shelf' does not lead to a parameter.",
        )
    ]
    with pytest.raises(DocumentError, match="Shelf' does not lead to a parameter"):
        document_from(document)


def test_bundled_export_of_vendor_is_described() -> None:
    document = openapi_document.load(SMALL)
    first = document["paths"]["/v1/items/{id}"]["get"]
    other = document["paths"]["/v1/items/{id}"]["patch"]
    described_before = operations_by_route(document)
    other["parameters"] = [{"$ref": "#/paths/~1v1~1items~1%7Bid%7D/get/parameters/0"}]
    assert first["parameters"]
    assert operations_by_route(document).keys() == described_before.keys()
    assert operations_by_route(document)["PATCH /v1/items/{}"].parameters.keys() == {"path"}


def test_comparing_schemas_that_hold_each_other_ends() -> None:
    names = [f"N{number}" for number in range(6)]
    tangled = {name: {"properties": {each: ref(each) for each in names}} for name in names}
    content = {"application/json": {"schema": ref("N0")}}
    response = {"200": {"description": "", "content": content}}
    document = schemas(**tangled) | {"paths": {"/v1/x": {"get": {"responses": response}}}}
    fields = operations_by_route(document)["GET /v1/x"].response
    assert "N1.N2.N3.N4.N5" in fields
    assert "N1.N2.N1" in fields
    assert "N1.N2.N1.N1" not in fields


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            '    LoopA: {$ref: "#/components/schemas/LoopA"}',
            "#/components/schemas/LoopA: $ref '#/components/schemas/LoopA' leads back to itself.",
        ),
        ("    ? [a, b]\n    : {}", "a key is a list or an object, and OpenAPI's keys are text;"),
        ("    LoopB: &b {allOf: [*b]}", "*b stands within &b, so that it holds itself."),
        ("    Shelf: {}", "the key 'Shelf' is written twice, first in line"),
    ],
)
def test_every_tool_rejects_in_same_words(
    line: str, said: str, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = SMALL.read_text(encoding="utf-8")
    path = tmp_path / "api.yaml"
    path.write_text(text.replace("    Shelf:\n", f"{line}\n    Shelf:\n", 1), encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        load_document(path)
    sentence = str(caught.value)
    assert sentence.startswith(f"{path}: line ")
    assert said in sentence
    name = str(path)
    for main, arguments in (
        (lint_spec.main, [name]),
        (regenerate.main, ["--document", name, "--output", str(tmp_path / "out")]),
        (diff.main, ["--base", str(SMALL), "--document", name]),
        (compare_vendor.main, [name]),
    ):
        assert main(arguments) != 0
        assert sentence in capsys.readouterr().err

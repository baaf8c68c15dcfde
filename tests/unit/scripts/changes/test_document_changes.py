"""Verdicts on changes of a small document, and on documents of equal meaning."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from changes import redocly
from changes.document_changes import compare_documents
from changes.model import Bump, ComparisonError, Side, largest

Document = dict[str, Any]
Edit = Callable[[Document], object]

SHELF = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "size": {"type": "integer", "minimum": 1, "maximum": 9},
        "kind": {"$ref": "#/components/schemas/Kind"},
        "parent": {"$ref": "#/components/schemas/Shelf"},
    },
    "required": ["name", "size"],
}
DOCUMENT: Document = {
    "openapi": "3.0.3",
    "info": {"title": "Shelves", "version": "1.0.0"},
    "servers": [{"url": "https://api.example"}],
    "security": [{"Basic": []}],
    "paths": {
        "/shelves/{id}": {
            "put": {
                "operationId": "shelves.put",
                "tags": ["shelves"],
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "colours", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                    {"name": "dry", "in": "query", "schema": {"type": "boolean"}},
                ],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Shelf"}}},
                },
                "responses": {
                    "200": {
                        "description": "Done.",
                        "headers": {"X-Id": {"required": True, "schema": {"type": "string"}}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Shelf"}}},
                    },
                    "404": {"description": "None."},
                },
                "callbacks": {
                    "moved": {
                        "{$request.body#/url}": {
                            "post": {
                                "parameters": [
                                    {"name": "Signature", "in": "header", "required": True, "schema": {"type": "string"}}
                                ],
                                "requestBody": {
                                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Event"}}}
                                },
                                "responses": {"200": {"description": "Seen."}},
                            }
                        }
                    }
                },
            }
        }
    },
    "components": {
        "securitySchemes": {"Basic": {"type": "http", "scheme": "basic"}},
        "schemas": {
            "Kind": {"type": "string", "enum": ["OAK", "ASH"]},
            "Shelf": SHELF,
            "Event": {
                "oneOf": [{"$ref": "#/components/schemas/Moved"}, {"$ref": "#/components/schemas/Gone"}],
                "discriminator": {
                    "propertyName": "event",
                    "mapping": {"MOVED": "#/components/schemas/Moved", "GONE": "#/components/schemas/Gone"},
                },
            },
            "Moved": {"type": "object", "properties": {"event": {"type": "string"}, "to": {"type": "string"}}},
            "Gone": {"type": "object", "properties": {"event": {"type": "string"}}},
        },
    },
}  # fmt: skip


def put(document: Document) -> Any:
    return document["paths"]["/shelves/{id}"]["put"]


def schemas(document: Document) -> Any:
    return document["components"]["schemas"]


def callback(document: Document) -> Any:
    return put(document)["callbacks"]["moved"]["{$request.body#/url}"]["post"]


def edited(edit: Edit, document: Document = DOCUMENT) -> Document:
    found = copy.deepcopy(document)
    edit(found)
    assert json.dumps(found) != json.dumps(document)
    return found


def parameters_to_path(document: Document) -> None:
    document["paths"]["/shelves/{id}"]["parameters"] = put(document).pop("parameters")


def split_object(document: Document) -> None:
    shelf = schemas(document)["Shelf"]
    name = {
        "type": "object",
        "properties": {"name": shelf["properties"].pop("name")},
        "required": ["name"],
    }
    schemas(document)["Named"] = name
    schemas(document)["Shelf"] = {
        "allOf": [{"$ref": "#/components/schemas/Named"}, {**shelf, "required": ["size"]}]
    }


def in_place(document: Document) -> None:
    schemas(document)["Shelf"]["properties"]["kind"] = schemas(document)["Kind"]


def bare_reference(document: Document) -> None:
    schemas(document)["Shelf"]["properties"]["kind"] = {
        "description": "What it is made of.",
        "allOf": [{"$ref": "#/components/schemas/Kind"}],
    }


EQUAL: dict[str, Edit] = {
    "parameters of the path": parameters_to_path,
    "object as allOf": split_object,
    "component written in place": in_place,
    "described reference": bare_reference,
    "same credentials at the operation": lambda d: put(d).update(security=[{"Basic": []}]),
    "same server at the operation": lambda d: put(d).update(servers=[{"url": "https://api.example"}]),
    "default style": lambda d: put(d)["parameters"][1].update(style="form", explode=True),
    "order of properties": lambda d: schemas(d)["Shelf"].update(
        properties=dict(reversed(SHELF["properties"].items()))  # type: ignore[attr-defined]  # a literal above
    ),
    "order of required": lambda d: schemas(d)["Shelf"].update(required=["size", "name"]),
    "the only choice": lambda d: schemas(d)["Shelf"]["properties"].update(
        kind={"oneOf": [{"$ref": "#/components/schemas/Kind"}]}),
    "no fewer characters than none": lambda d: schemas(d)["Shelf"]["properties"]["name"].update(minLength=0),
    "mapping that is implied": lambda d: [
        schemas(d)["Event"]["discriminator"]["mapping"].update(Extra="#/components/schemas/Moved"),
        schemas(d)["Event"]["discriminator"]["mapping"].pop("Extra"),
        put(d).update(deprecated=False),
    ],
}  # fmt: skip


def verdict(edit: Edit, before: Edit | None = None) -> Bump:
    base = DOCUMENT if before is None else edited(before)
    return largest(compare_documents(base, edited(edit, base)).changes, Side.WIRE)


@pytest.mark.parametrize("edit", EQUAL.values(), ids=EQUAL)
def test_same_meaning_is_no_change(edit: Edit) -> None:
    changes = compare_documents(DOCUMENT, edited(edit)).changes
    assert {each.rule for each in changes} <= {"documentation", "component-changed"}
    assert largest(changes, Side.WIRE) <= Bump.PATCH


@pytest.mark.node
@pytest.mark.parametrize("edit", EQUAL.values(), ids=EQUAL)
def test_redocly_reports_nothing_for_same_meaning(edit: Edit) -> None:
    document = edited(edit)
    found, _ = redocly.second_opinion(
        DOCUMENT, document, compare_documents(DOCUMENT, document).changes
    )
    assert found == []


def swap_events(document: Document) -> None:
    events = schemas(document)["Event"]["discriminator"]["mapping"]
    events["MOVED"], events["GONE"] = events["GONE"], events["MOVED"]


def move_callback(document: Document) -> None:
    callbacks = put(document)["callbacks"]["moved"]
    callbacks["{$request.body#/hook}"] = callbacks.pop("{$request.body#/url}")


CHANGES: dict[str, tuple[Edit, Bump]] = {
    "callback moves": (move_callback, Bump.MAJOR),
    "callback goes": (lambda d: put(d).pop("callbacks"), Bump.MAJOR),
    "notification loses a header": (lambda d: callback(d)["parameters"].clear(), Bump.MAJOR),
    "notification's header may be missing": (
        lambda d: callback(d)["parameters"][0].update(required=False), Bump.MAJOR),
    "receiver's status is no longer taken": (
        lambda d: callback(d)["responses"].update({"204": callback(d)["responses"].pop("200")}), Bump.MAJOR),
    "events exchange their schemas": (swap_events, Bump.MAJOR),
    "events have another discriminator": (
        lambda d: schemas(d)["Event"]["discriminator"].update(propertyName="kind"), Bump.MAJOR),
    "event vanishes": (lambda d: [schemas(d)["Event"]["oneOf"].pop(), schemas(d)["Event"]["discriminator"]["mapping"].pop("GONE")], Bump.PATCH),
    "choice vanishes from a closed union": (lambda d: schemas(d)["Event"]["oneOf"].append({"type": "object"}), Bump.MAJOR),
    "required property is only read": (
        lambda d: schemas(d)["Shelf"]["properties"]["size"].update(readOnly=True), Bump.MAJOR),
    "property is only written": (
        lambda d: schemas(d)["Shelf"]["properties"]["size"].update(writeOnly=True), Bump.MAJOR),
    "server of the operation": (
        lambda d: put(d).update(servers=[{"url": "https://other.example"}]), Bump.MAJOR),
    "server more": (lambda d: d["servers"].append({"url": "https://other.example"}), Bump.MINOR),
    "array is written another way": (lambda d: put(d)["parameters"][1].update(explode=False), Bump.MAJOR),
    "parameter becomes JSON": (
        lambda d: put(d)["parameters"][2].update(
            content={"application/json": {"schema": put(d)["parameters"][2].pop("schema")}}), Bump.MAJOR),
    "parameter goes": (lambda d: put(d)["parameters"].pop(), Bump.MAJOR),
    "parameter is required": (lambda d: put(d)["parameters"][2].update(required=True), Bump.MAJOR),
    "path parameter has another name": (
        lambda d: [
            put(d)["parameters"][0].update(name="shelf"),
            d["paths"].update({"/shelves/{shelf}": d["paths"].pop("/shelves/{id}")}),
        ], Bump.PATCH),
    "operation moves": (
        lambda d: d["paths"].update({"/racks/{id}": d["paths"].pop("/shelves/{id}")}), Bump.MAJOR),
    "request takes another media type": (
        lambda d: put(d)["requestBody"]["content"].update({"text/csv": {}}), Bump.MINOR),
    "parameter may be a number, too": (
        lambda d: put(d)["parameters"][1]["schema"].update(
            items={"oneOf": [{"type": "string"}, {"type": "integer"}]}), Bump.PATCH),
    "property of both may be a number, too": (
        lambda d: schemas(d)["Shelf"]["properties"].update(
            name={"oneOf": [{"type": "string"}, {"type": "integer"}]}), Bump.MAJOR),
    "parameter becomes another choice": (
        lambda d: put(d)["parameters"][1]["schema"].update(
            items={"oneOf": [{"type": "boolean"}, {"type": "integer"}]}), Bump.MAJOR),
    "body may be left out": (lambda d: put(d)["requestBody"].update(required=False), Bump.PATCH),
    "body goes": (lambda d: put(d).pop("requestBody"), Bump.MAJOR),
    "response has another media type": (
        lambda d: put(d)["responses"]["200"]["content"].update({"text/csv": {}}), Bump.MINOR),
    "status is covered by the default": (
        lambda d: put(d)["responses"].update(default=put(d)["responses"].pop("404")), Bump.MINOR),
    "status goes": (lambda d: put(d)["responses"].pop("404"), Bump.MAJOR),
    "header goes": (lambda d: put(d)["responses"]["200"].pop("headers"), Bump.MAJOR),
    "closed enumeration grows in responses": (lambda d: schemas(d)["Kind"]["enum"].append("ELM"), Bump.MAJOR),
    "bound is excluded": (
        lambda d: schemas(d)["Shelf"]["properties"]["size"].update(exclusiveMinimum=True), Bump.MAJOR),
    "recursive property goes": (lambda d: schemas(d)["Shelf"]["properties"].pop("parent"), Bump.MAJOR),
    "other properties are closed": (lambda d: schemas(d)["Shelf"].update(additionalProperties=False), Bump.MAJOR),
    "credentials of another kind": (
        lambda d: d["components"]["securitySchemes"]["Basic"].update(scheme="bearer"), Bump.MAJOR),
    "credentials by choice": (lambda d: put(d).update(security=[{"Basic": []}, {}]), Bump.MINOR),
    "property that is not described is required": (
        lambda d: schemas(d)["Shelf"]["required"].append("colour"), Bump.MAJOR),
    "component that no one uses": (
        lambda d: schemas(d).update(Idle={"type": "string"}), Bump.PATCH),
    "extension of an operation": (lambda d: put(d).update({"x-retry-safe": True}), Bump.PATCH),
    "operation is deprecated": (lambda d: put(d).update(deprecated=True), Bump.MINOR),
    "header is deprecated": (
        lambda d: put(d)["responses"]["200"]["headers"]["X-Id"].update(deprecated=True), Bump.MINOR),
    "items may no longer repeat": (
        lambda d: put(d)["parameters"][1]["schema"].update(uniqueItems=True), Bump.MAJOR),
    "reserved characters are allowed": (lambda d: put(d)["parameters"][1].update(allowReserved=True), Bump.PATCH),
    "parameter gets a default": (
        lambda d: put(d)["parameters"][2]["schema"].update(default=False), Bump.MINOR),
    "parts of the body are encoded": (
        lambda d: put(d)["requestBody"]["content"]["application/json"].update(encoding={"name": {}}), Bump.MAJOR),
    "names are excluded": (
        lambda d: schemas(d)["Shelf"]["properties"]["name"].update({"not": {"enum": [""]}}), Bump.MAJOR),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "expected"), CHANGES.values(), ids=CHANGES)
def test_change_gets_its_verdict(edit: Edit, expected: Bump) -> None:
    assert verdict(edit) is expected


def test_component_change_is_reported_once_for_both_directions() -> None:
    compared = compare_documents(
        DOCUMENT, edited(lambda d: schemas(d)["Kind"]["enum"].append("ELM"))
    )
    assert {each.where for each in compared.changes} == {"#/components/schemas/Kind/enum"}
    assert {each.operations for each in compared.changes} == {("shelves.put",)}
    assert set().union(*(sides["shelves.put"] for sides in compared.directions.values())) == {
        "request",
        "response",
    }


def test_choices_of_open_discriminator_may_grow() -> None:
    def opened(document: Document) -> None:
        event = {"type": "string", "enum": ["MOVED", "GONE"], "x-extensible-enum": True}
        for name in ("Moved", "Gone"):
            schemas(document)[name]["properties"]["event"] = event

    def grown(document: Document) -> None:
        schemas(document)["Burnt"] = copy.deepcopy(schemas(document)["Gone"])
        schemas(document)["Event"]["oneOf"].append({"$ref": "#/components/schemas/Burnt"})
        schemas(document)["Event"]["discriminator"]["mapping"]["BURNT"] = (
            "#/components/schemas/Burnt"
        )

    assert verdict(grown, before=opened) is Bump.MINOR
    assert verdict(grown) is Bump.MAJOR


def test_circular_references_are_rejected() -> None:
    def circle(document: Document) -> None:
        schemas(document)["Kind"] = {"$ref": "#/components/schemas/Kind"}

    def own_member(document: Document) -> None:
        schemas(document)["Shelf"] = {"allOf": [{"$ref": "#/components/schemas/Shelf"}]}

    for edit in (circle, own_member):
        with pytest.raises(ComparisonError, match=r"itself|its own"):
            compare_documents(DOCUMENT, edited(edit))


def test_removed_property_of_closed_request_is_major() -> None:
    def closed(document: Document) -> None:
        put(document)["requestBody"]["content"]["application/json"]["schema"] = {
            "type": "object",
            "additionalProperties": False,
            "properties": {"name": {"type": "string"}, "size": {"type": "integer"}},
        }

    def removed(document: Document) -> None:
        body = put(document)["requestBody"]["content"]["application/json"]["schema"]
        del body["properties"]["size"]

    assert verdict(removed, before=closed) is Bump.MAJOR


def test_recursive_schema_may_become_choice() -> None:
    def choice(document: Document) -> None:
        schemas(document)["Shelf"] = {"anyOf": [schemas(document)["Shelf"], {"type": "string"}]}

    assert verdict(choice) is Bump.MAJOR
    assert verdict(lambda d: d.update(DOCUMENT), before=choice) is Bump.MAJOR


@pytest.mark.parametrize("key", ["default", "4XX"])
def test_new_status_is_compared_with_range_or_default(key: str) -> None:
    def described(schema: Document, key: str) -> Edit:
        content = {"application/json": {"schema": schema}}
        return lambda d: put(d)["responses"].update({key: {"description": "", "content": content}})

    before = described({"type": "object"}, key)
    assert verdict(described({"type": "object"}, "409"), before) is Bump.MINOR
    assert verdict(described({"type": "string"}, "409"), before) is Bump.MAJOR


def test_style_counts_for_wrapped_list() -> None:
    def wrapped(document: Document) -> None:
        colours = put(document)["parameters"][1]
        colours["schema"] = {"allOf": [colours["schema"]]}

    assert verdict(lambda d: put(d)["parameters"][1].update(explode=False), wrapped) is Bump.MAJOR


def test_multiple_of_multiple_is_narrower() -> None:
    def step(number: float) -> Edit:
        return lambda d: put(d)["responses"]["200"]["headers"]["X-Id"].update(
            schema={"type": "number", "multipleOf": number}
        )

    assert verdict(step(0.3), before=step(0.1)) is Bump.PATCH
    assert verdict(step(0.1), before=step(0.3)) is Bump.MAJOR
    assert verdict(step(0.2), before=step(0.3)) is Bump.MAJOR


@pytest.mark.parametrize(
    ("before", "now", "sentence"),
    [
        ([{"Basic": []}], [{"Basic": []}, {"Other": []}], "accepts other credentials as well"),
        ([{"Basic": []}, {"Other": []}], [{"Basic": []}], "no longer accepts some"),
        ([{"Basic": []}, {}], [{"Basic": []}], "no longer be called without credentials"),
        ([{"Basic": []}], [{"Basic": []}, {}], "can be called without credentials now"),
        ([{"Basic": [], "Other": []}], [{"Basic": []}], "asks for fewer credentials"),
        ([{"Basic": []}], [{"Other": []}], "asks for other credentials"),
    ],
)
def test_credentials_are_described_for_callers(
    before: list[Document], now: list[Document], sentence: str
) -> None:
    def secured(security: list[Document]) -> Edit:
        def edit(document: Document) -> None:
            schemes = document["components"]["securitySchemes"]
            schemes["Other"] = {"type": "http", "scheme": "bearer"}
            put(document)["security"] = security

        return edit

    base = edited(secured(before))
    (change,) = compare_documents(base, edited(secured(now), base)).changes
    assert sentence in change.what


def test_null_is_named_as_enumeration_value() -> None:
    compared = compare_documents(
        DOCUMENT, edited(lambda d: schemas(d)["Kind"]["enum"].append(None))
    )
    assert {each.what for each in compared.changes} == {"`Kind` gained the value null."}


def test_null_removed_from_enumeration_is_reported_once() -> None:
    def nullable(document: Document) -> None:
        schemas(document)["Kind"] = {"type": "string", "enum": ["OAK", None], "nullable": True}

    def strict(document: Document) -> None:
        schemas(document)["Kind"] = {"type": "string", "enum": ["OAK"]}

    base = edited(nullable)
    found = compare_documents(base, edited(strict, base)).changes
    assert {each.what for each in found} == {"`Kind` may no longer be null."}


def test_long_extension_is_reported_by_difference() -> None:
    def paged(maximum: int) -> Edit:
        page = {"style": "offset", "offset": "offset", "limit": "limit", "items": "data"}
        return lambda d: put(d).update({"x-pagination": {**page, "maximum": maximum}})

    base = edited(paged(100))
    (change,) = compare_documents(base, edited(paged(50), base)).changes
    assert change.what == "`x-pagination.maximum` of shelves.put is 50, formerly 100."

"""Verdicts on the wire, on a small document: equal meanings, and changes that callers notice."""

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
    """The operation."""
    return document["paths"]["/shelves/{id}"]["put"]


def schemas(document: Document) -> Any:
    """The components."""
    return document["components"]["schemas"]


def callback(document: Document) -> Any:
    """The operation that the API calls."""
    return put(document)["callbacks"]["moved"]["{$request.body#/url}"]["post"]


def edited(edit: Edit, document: Document = DOCUMENT) -> Document:
    """A copy of the document with an edit done."""
    found = copy.deepcopy(document)
    edit(found)
    assert json.dumps(found) != json.dumps(document)
    return found


def parameters_to_path(document: Document) -> None:
    """Write the parameters beside the methods of the path."""
    document["paths"]["/shelves/{id}"]["parameters"] = put(document).pop("parameters")


def split_object(document: Document) -> None:
    """Write an object as the sum of two."""
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
    """Write a component where it is used."""
    schemas(document)["Shelf"]["properties"]["kind"] = schemas(document)["Kind"]


def bare_reference(document: Document) -> None:
    """Wrap a reference to describe it."""
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
    """The verdict on an edit."""
    base = DOCUMENT if before is None else edited(before)
    return largest(compare_documents(base, edited(edit, base)).changes, Side.WIRE)


@pytest.mark.parametrize("edit", EQUAL.values(), ids=EQUAL)
def test_same_meaning_is_no_change(edit: Edit) -> None:
    """What is only written another way reaches nobody: words and components at the most."""
    changes = compare_documents(DOCUMENT, edited(edit)).changes
    assert {each.rule for each in changes} <= {"documentation", "component-changed"}
    assert largest(changes, Side.WIRE) <= Bump.PATCH


@pytest.mark.node
@pytest.mark.parametrize("edit", EQUAL.values(), ids=EQUAL)
def test_second_opinion_accuses_no_equal_document(edit: Edit) -> None:
    """Redocly, asked as well, is not shown what is only written another way."""
    document = edited(edit)
    found, _ = redocly.second_opinion(
        DOCUMENT, document, compare_documents(DOCUMENT, document).changes
    )
    assert found == []


def swap_events(document: Document) -> None:
    """Let each event name the other's schema."""
    told = schemas(document)["Event"]["discriminator"]["mapping"]
    told["MOVED"], told["GONE"] = told["GONE"], told["MOVED"]


def move_callback(document: Document) -> None:
    """Send notifications elsewhere."""
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
    "events are told apart by another key": (
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
    "component that nobody uses": (
        lambda d: schemas(d).update(Idle={"type": "string"}), Bump.PATCH),
    "extension of an operation": (lambda d: put(d).update({"x-retry-safe": True}), Bump.PATCH),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "expected"), CHANGES.values(), ids=CHANGES)
def test_change_gets_its_verdict(edit: Edit, expected: Bump) -> None:
    """Each edit is rated as callers notice it."""
    assert verdict(edit) is expected


def test_enumeration_component_change_names_every_operation() -> None:
    """A change of a component reaches the operation on both sides, and is said once for each."""
    compared = compare_documents(
        DOCUMENT, edited(lambda d: schemas(d)["Kind"]["enum"].append("ELM"))
    )
    assert {each.where for each in compared.changes} == {"#/components/schemas/Kind/enum"}
    assert {each.operations for each in compared.changes} == {("shelves.put",)}
    assert set().union(*(sides["shelves.put"] for sides in compared.directions.values())) == {
        "request",
        "response",
    }


def test_choices_told_apart_by_an_open_enumeration_may_grow() -> None:
    """One more kind of event surprises nobody whose document said that there may be more."""

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


def test_references_in_a_circle_are_an_error() -> None:
    """The comparison ends with a sentence instead of going round for ever."""

    def circle(document: Document) -> None:
        schemas(document)["Kind"] = {"$ref": "#/components/schemas/Kind"}

    def own_member(document: Document) -> None:
        schemas(document)["Shelf"] = {"allOf": [{"$ref": "#/components/schemas/Shelf"}]}

    for edit in (circle, own_member):
        with pytest.raises(ComparisonError, match=r"itself|its own"):
            compare_documents(DOCUMENT, edited(edit))


def test_removed_property_of_closed_request_is_major() -> None:
    """A request that may not have other properties is rejected with one that was taken before."""

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


def test_schema_that_holds_itself_may_become_choice() -> None:
    """A choice between a schema that refers to itself and another one is compared to an end."""

    def choice(document: Document) -> None:
        schemas(document)["Shelf"] = {"anyOf": [schemas(document)["Shelf"], {"type": "string"}]}

    assert verdict(choice) is Bump.MAJOR
    assert verdict(lambda d: d.update(DOCUMENT), before=choice) is Bump.MAJOR


@pytest.mark.parametrize("key", ["default", "4XX"])
def test_status_is_compared_with_the_range_that_described_it(key: str) -> None:
    """A status that gets a description of its own had that of its range, or the default."""

    def described(schema: Document, key: str) -> Edit:
        content = {"application/json": {"schema": schema}}
        return lambda d: put(d)["responses"].update({key: {"description": "", "content": content}})

    before = described({"type": "object"}, key)
    assert verdict(described({"type": "object"}, "409"), before) is Bump.MINOR
    assert verdict(described({"type": "string"}, "409"), before) is Bump.MAJOR


def test_style_counts_for_wrapped_list() -> None:
    """Whether a parameter is a list does not hang on how its schema is written."""

    def wrapped(document: Document) -> None:
        colours = put(document)["parameters"][1]
        colours["schema"] = {"allOf": [colours["schema"]]}

    assert verdict(lambda d: put(d)["parameters"][1].update(explode=False), wrapped) is Bump.MAJOR


def test_multiple_of_a_multiple_is_narrower() -> None:
    """A response of rounder numbers breaks nobody, one of less round numbers does."""

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
def test_credentials_are_told_as_callers_meet_them(
    before: list[Document], now: list[Document], sentence: str
) -> None:
    """The sentence says which credentials still work."""

    def secured(security: list[Document]) -> Edit:
        def edit(document: Document) -> None:
            schemes = document["components"]["securitySchemes"]
            schemes["Other"] = {"type": "http", "scheme": "bearer"}
            put(document)["security"] = security

        return edit

    base = edited(secured(before))
    (change,) = compare_documents(base, edited(secured(now), base)).changes
    assert sentence in change.what


def test_null_is_named_as_value_of_enumeration() -> None:
    """The sentence about a value of an enumeration says `null`, as the document does."""
    compared = compare_documents(
        DOCUMENT, edited(lambda d: schemas(d)["Kind"]["enum"].append(None))
    )
    assert {each.what for each in compared.changes} == {"`Kind` gained the value null."}


def test_null_that_leaves_an_enumeration_is_told_once() -> None:
    """A nullable enumeration lists null, too, and both say one thing."""

    def nullable(document: Document) -> None:
        schemas(document)["Kind"] = {"type": "string", "enum": ["OAK", None], "nullable": True}

    def strict(document: Document) -> None:
        schemas(document)["Kind"] = {"type": "string", "enum": ["OAK"]}

    base = edited(nullable)
    found = compare_documents(base, edited(strict, base)).changes
    assert {each.what for each in found} == {"`Kind` may no longer be null."}


def test_long_extension_is_told_by_what_differs() -> None:
    """Values that are cut for people never read the same on both sides."""

    def paged(maximum: int) -> Edit:
        page = {"style": "offset", "offset": "offset", "limit": "limit", "items": "data"}
        return lambda d: put(d).update({"x-pagination": {**page, "maximum": maximum}})

    base = edited(paged(100))
    (change,) = compare_documents(base, edited(paged(50), base)).changes
    assert change.what == "`x-pagination.maximum` of shelves.put is 50, formerly 100."

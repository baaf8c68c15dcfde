"""Lint and generator reject the same documents with the same sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lint
import lint_spec
import openapi_document
import pytest
import regenerate
from generate import document_checks, naming, prepare
from generate.errors import GenerateError

Document = dict[str, Any]
Change = Callable[[Document], object]

STRING: Document = {"type": "string"}
ITEM = {"$ref": "#/components/schemas/Item"}
CREATED = {"description": "Done."}


@pytest.fixture
def document(workshop: Any) -> Document:
    """The small document, free to be changed."""
    return openapi_document.load(workshop.document)


def schema(document: Document, name: str) -> Document:
    """Return a component schema."""
    found: Document = document["components"]["schemas"][name]
    return found


def operation(document: Document, path: str = "/v1/items", method: str = "get") -> Document:
    """Return an operation."""
    found: Document = document["paths"][path][method]
    return found


def named(name: str, **keys: Any) -> Change:
    """Return a change that adds or replaces a component schema."""
    return lambda document: document["components"]["schemas"].update({name: keys})


def property_of(model: str, key: str, **keys: Any) -> Change:
    """Return a change that adds a property to a component."""
    return lambda document: schema(document, model)["properties"].update({key: keys})


def query(name: str = "extra", where: str = "query", **keys: Any) -> Change:
    """Return a change that adds a parameter to the list of items."""
    parameter = {"name": name, "in": where, "description": "An extra.", **keys}
    return lambda document: operation(document)["parameters"].append(parameter)


def enumerated(kind: str, values: list[Any]) -> Change:
    """Return a change of an enum."""
    return lambda document: schema(document, "Kind").update(type=kind, enum=values)


def path_parameter(**keys: Any) -> Change:
    """Return a change of the schema of an id in a path."""
    return lambda document: document["components"]["parameters"]["ItemId"].update(schema=keys)


def renamed_resource(name: str) -> Change:
    """Return a change that moves the shelves to another resource."""
    return lambda document: (
        operation(document, "/v1/shelves/by_label/{label}/rows/{row}").update(
            operationId=f"{name}.get", tags=[name]
        )
        or document["tags"].append({"name": name, "description": "Renamed."})
    )


def renamed_method(name: str) -> Change:
    """Return a change of the name of an operation."""
    return lambda document: operation(document, "/v1/items/{id}").update(
        operationId=f"items.{name}"
    )


def renamed_component(name: str) -> Change:
    """Return a change of the name of a component."""

    def change(document: Document) -> None:
        schemas = document["components"]["schemas"]
        schemas[name] = schemas.pop("Tag")
        for holder, key in (("Item", "tags"), ("ItemRequest", "tags")):
            schemas[holder]["properties"][key]["items"] = {"$ref": f"#/components/schemas/{name}"}
        schemas["ParentTag"]["properties"].pop("examples_of_use")

    return change


def secured(scheme: Document) -> Change:
    """Return a change that asks for credentials."""
    return lambda document: (
        document["components"].update(securitySchemes={"Own": scheme}),
        document.update(security=[{"Own": []}]),
    )


def pointed(path: str) -> Change:
    """Return a change of the path of an operation."""
    return lambda document: document["paths"].update({path: document["paths"].pop("/v1/items")})


# rule, what is wrong, change, part of the sentence
REJECTED: list[tuple[str, str, Change, str]] = [
    (
        "operation-id",
        "an operationId of another form",
        lambda document: operation(document).update(operationId="listItems"),
        "the operationId 'listItems' is not of the form `<resource>.<method>`; write both",
    ),
    (
        "operation-id",
        "a missing operationId",
        lambda document: operation(document).pop("operationId"),
        "GET /v1/items has no operationId; name it",
    ),
    (
        "operation-id-unique",
        "an operationId used twice",
        renamed_method("list"),
        "the operationId 'items.list' is taken already",
    ),
    (
        "operation-tag",
        "a tag that is not the resource",
        lambda document: operation(document).update(tags=["shelves"]),
        "items.list has the tag 'shelves', but its resource is 'items'",
    ),
    (
        "properties-distinct",
        "two properties with one Python name",
        property_of("Item", "createdAt", **STRING),
        "the properties 'created_at' and 'createdAt' both become the attribute created_at",
    ),
    *(
        (
            "properties-distinct",
            f"a property {name}",
            property_of("Item", name, **STRING),
            f"Item/properties/{name}: the property {name!r} becomes {name}, which every",
        )
        for name in ("to_dict", "from_dict", "additional_properties", "parse_date", "src_dict")
    ),
    (
        "classes-distinct",
        "two schemas with one class name",
        named("item_list", type="object", properties={"a": STRING}),
        "the schemas 'ItemList' and 'item_list' both become the class ItemList",
    ),
    (
        "classes-distinct",
        "a schema with the name of an enum's texts",
        named("KindText", type="object", properties={"a": STRING}),
        "the schemas 'KindText' and 'Kind' both become the class KindText",
    ),
    *(
        (
            "classes-distinct",
            f"a component {name}",
            renamed_component(name),
            f"#/components/schemas/{name}: the schema '{name}' becomes the class",
        )
        for name in (
            *("Model", "Request", "Operation", "Bulk", "Any", "Unset", "Sequence", "Importlib"),
            *("Caller", "Mapping", "Self", "Final", "Literal", "OpenEnum", "Annotations"),
        )
    ),
    *(
        (
            "operation-names-free",
            f"a resource {name}",
            renamed_resource(name),
            f"the resource '{name}' ",
        )
        for name in (
            *("request", "close", "aclose", "with_options", "with_response", "export", "whoami"),
            *("list", "property", "print", "datetime", "caller", "annotations", "cached_property"),
            *("resources", "help"),
        )
    ),
    *(
        (
            "operation-names-free",
            f"a method {name}",
            renamed_method(name),
            f"the method {name!r} would hide a name",
        )
        for name in ("str", "int", "dict", "datetime", "builtins")
    ),
    (
        "arguments-distinct",
        "a body key beside a path parameter of the same name",
        property_of("ItemUpdate", "id", **STRING),
        "the path parameter 'id' and the body property 'id' of items.update both become",
    ),
    *(
        (
            "arguments-distinct",
            f"an argument {name}",
            property_of("ItemUpdate", name, **STRING),
            f"the body property {name!r} of items.update becomes the argument {name}",
        )
        for name in ("json_argument", "path_segment", "build_request", "builtins", "help")
    ),
    (
        "arguments-distinct",
        "a query parameter help",
        query("help", schema=STRING),
        "the query parameter 'help' of items.list becomes the argument help",
    ),
    (
        "enum-members-distinct",
        "two values with one member",
        lambda document: schema(document, "Kind")["enum"].append("BOOK-PAPER"),
        "the values 'BOOK.PAPER' and 'BOOK-PAPER' both become the member BOOK_PAPER",
    ),
    (
        "enum-members-distinct",
        "a member that is no name",
        lambda document: schema(document, "Kind").update(
            {"x-enum-varnames": ["VASE", "1", "N_A", "PLAIN"]}
        ),
        "Kind/enum: '1' is no name for a member; give every value a name",
    ),
    (
        "discriminator-listed",
        "a variant without a value",
        lambda document: schema(document, "Notification")["discriminator"]["mapping"].pop(
            "ITEM.GONE"
        ),
        "ItemGone stands only in one of `mapping` and `oneOf`",
    ),
    (
        "some-success",
        "no success",
        lambda document: operation(document)["responses"].pop("200"),
        "items.list documents no success",
    ),
    (
        "retry-safe",
        "a word as retry-safe",
        lambda document: operation(document, method="post").update({"x-retry-safe": "yes"}),
        "`x-retry-safe` is not `true`",
    ),
    (
        "pagination",
        "a page size that is no number",
        lambda document: operation(document)["x-pagination"].update(maximum="100"),
        "`x-pagination` of items.list is not of the form that the client reads",
    ),
    (
        "bulk",
        "a look-up of nothing",
        lambda document: operation(document, "/v1/items/search", "post")["x-bulk"].update(
            parameter="keys"
        ),
        "`parameter: keys` names no array of the request of items.search",
    ),
    *(
        ("parameter-supported", what, change, sentence)
        for what, change, sentence in (
            (
                "a header with a line end",
                query("X-A\r\nX-B", where="header", schema=STRING),
                "of items.list has a name that no header can hold; use letters",
            ),
            (
                "another style in the path",
                lambda document: document["components"]["parameters"]["ItemId"].update(
                    style="matrix"
                ),
                "has the style matrix, which the client does not write; use the style simple",
            ),
            ("a list in the path", path_parameter(type="array", items=STRING), "is no single"),
            (
                "null in the path",
                path_parameter(type="string", nullable=True),
                "may be null, which no path can hold",
            ),
        )
    ),
    *(
        ("path-template", what, pointed(path), sentence)
        for what, path, sentence in (
            (
                "an undeclared parameter",
                "/v1/items/{__import__('os').getpid()}",
                "names the parameters [\"__import__('os').getpid()\"], but",
            ),
            ("a lone brace", "/v1/items}", "has a brace without its other; close it"),
            ("a query in the path", "/v1/items?kind=A", "holds what no path can"),
            ("a step upwards", "/v1/../items", "holds what no path can"),
        )
    ),
    (
        "reference-to-component",
        "a reference into a path",
        lambda document: operation(document, "/v1/items/{id}", "patch").update(
            parameters=[{"$ref": "#/paths/~1v1~1items~1%7Bid%7D/get/parameters/0"}]
        ),
        "/patch/parameters/0: $ref '#/paths/~1v1~1items~1%7Bid%7D/get/parameters/0' names no",
    ),
    (
        "request-body-supported",
        "a form without named properties",
        lambda document: operation(document, method="post").update(
            requestBody={"content": {"application/x-www-form-urlencoded": {"schema": STRING}}}
        ),
        "/requestBody: the form of items.create has no named properties",
    ),
    (
        "request-body-supported",
        "a media type with a line end",
        lambda document: operation(document, method="post").update(
            requestBody={"content": {"a/b\r\nX-B: 1": {"schema": STRING}}}
        ),
        "no header can hold; write it as `type/subtype`",
    ),
    (
        "request-body-supported",
        "a body without content",
        lambda document: operation(document, method="post").update(requestBody={"content": {}}),
        "the request body of items.create has no media type",
    ),
    *(
        (
            "security-supported",
            f"credentials of type {scheme['type']}",
            secured(scheme),
            "#/security",
        )
        for scheme in (
            {"type": "apiKey", "in": "header", "name": "X-Key"},
            {"type": "http", "scheme": "digest"},
            {"type": "openIdConnect", "openIdConnectUrl": "https://a.example/x"},
        )
    ),
    (
        "servers-supported",
        "a server of an operation",
        lambda document: operation(document).update(servers=[{"url": "https://b.example"}]),
        "/get/servers: the operation has servers of its own",
    ),
    *(
        ("schema-supported", what, change, sentence)
        for what, change, sentence in (
            ("a list of nothing", property_of("Item", "xs", type="array"), "does not say what"),
            (
                "a discriminator without a choice",
                lambda document: schema(document, "Item").update(
                    discriminator={"propertyName": "type"}
                ),
                "Item: a `discriminator` is read only beside `oneOf` or `anyOf`",
            ),
        )
    ),
    *(
        (
            "enum-of-one-type",
            f"an enum of {values}",
            enumerated(kind, values),
            sentence,
        )
        for values, kind, sentence in (
            ([1, "2-5"], "string", "Kind/enum: the enum is of type string, and 1 is not; write"),
            ([1, True], "integer", "Kind/enum: the enum is of type integer, and True is not"),
            (["FREE", False], "string", "Kind/enum: the enum is of type string, and False is not"),
            ([None], "string", "Kind/enum: the enum has no value; list its values"),
        )
    ),
]


def _lint_sentences(document: Document, rule: str) -> list[str]:
    return [each.sentence for each in lint.check(document).get(rule, [])]


@pytest.mark.parametrize("case", REJECTED, ids=[what for _, what, *_ in REJECTED])
def test_lint_and_generator_reject_alike(
    document: Document, case: tuple[str, str, Change, str]
) -> None:
    """Each is reported by both in the same words, with its place and what to do."""
    rule, _, change, sentence = case
    change(document)
    with pytest.raises(GenerateError) as caught:
        document_checks.check_document(document)
    (reported, *_) = [each for each in _lint_sentences(document, rule) if sentence in each] or [""]
    assert reported, f"{rule} says {_lint_sentences(document, rule)}"
    assert reported in caught.value.problems
    assert reported.startswith("#/")
    assert "; " in reported


def test_each_rejecting_rule_is_tried() -> None:
    """A rule of the generator without an example above could be one that never speaks."""
    assert {rule.id for rule in lint.GENERATOR_RULES} == {rule for rule, *_ in REJECTED}
    assert {*lint.GENERATOR_RULES} <= {*lint.RULES}


def test_lint_asks_generator_itself(workshop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "skeleton", lambda _: {"openapi": "3.0.3"})
    outcome = list(lint_spec.run_tools(workshop.document, own_rules_only=True))[-1]
    assert outcome.tool == "generator"
    (finding,) = outcome.findings["generator"]
    with pytest.raises(GenerateError) as caught:
        regenerate.render(workshop.document, workshop.tree.parent / "fresh")
    assert caught.value.problems == (finding.what,)


def test_all_findings_are_reported_at_once(document: Document) -> None:
    """No one has to run the script once per mistake."""
    operation(document).pop("operationId")
    schema(document, "Kind")["enum"].append("BOOK-PAPER")
    with pytest.raises(GenerateError) as caught:
        document_checks.check_document(document)
    assert len(caught.value.problems) >= 2


def many_path_parameters(document: Document) -> None:
    """Add an operation with a path parameter of each scalar type."""
    types: dict[str, Document] = {
        "day": {"type": "string", "format": "date"},
        "moment": {"type": "string", "format": "date-time"},
        "number": {"type": "number"},
        "flag": {"type": "boolean"},
        "kind": {"allOf": [{"$ref": "#/components/schemas/Kind"}]},
    }
    document["paths"]["/v1/{day}/{moment}/{number}/{flag}/{kind}"] = {
        "get": {
            **operation(document, "/v1/items/{id}"),
            "operationId": "offices.export",
            "tags": ["offices"],
            "parameters": [
                {"name": name, "in": "path", "required": True, "schema": written}
                for name, written in types.items()
            ],
        }
    }
    document["tags"].append({"name": "offices", "description": "Offices."})


SUPPORTED: list[Change] = [
    many_path_parameters,
    lambda document: operation(document, "/v1/items/{id}", "patch")["responses"].update(
        {"200": CREATED}
    ),
    lambda document: operation(document, "/v1/items/{id}", "delete")["responses"].update(
        {"204": {**CREATED, "content": {}}}
    ),
    lambda document: operation(document).update(
        deprecated=True,
        description="Most rows, by datetime. As Sequence[int], builtins.list or UNSET, Pager[x].",
    ),
    property_of("Item", "depth", type="number", minimum=0, exclusiveMinimum=True),
    property_of("Item", "any", oneOf=[STRING, {"type": "integer"}]),
    named("Texts", type="object", additionalProperties=STRING),
    named("Lists", type="object", additionalProperties={"type": "array", "items": STRING}),
    secured({"type": "http", "scheme": "basic"}),
]


def test_what_is_not_rejected_works(workshop: Any) -> None:
    for change in SUPPORTED:
        workshop.edit_document(change)
    regenerate.regenerate(workshop.document, workshop.tree, workshop.templates)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("type", "type"),
        ("format", "format"),
        ("class", "class_"),
        ("list", "list_"),
        ("frozenset", "frozenset_"),
        ("self", "self_"),
        ("fooBar", "foo_bar"),
        ("Full-Name 2", "full_name_2"),
        ("_private", "field_private"),
    ],
)
def test_python_names(name: str, expected: str) -> None:
    """People know the vendor's names: they stay wherever Python allows it."""
    assert naming.identifier(name) == expected

"""Names of the document that are names of Python, of the templates or of the client, too."""

from __future__ import annotations

import builtins
import importlib
import inspect
import keyword
import pathlib
import re
import sys
from collections.abc import Callable
from typing import Any

import openapi_document
import pytest
import regenerate
import yaml
from generate import document_checks, naming, tree_checks
from generate.errors import GenerateError
from lint import names
from published_document import DOCUMENT

import insightiq
from insightiq.cli._parsers import Parser

from .conftest import SMALL_DOCUMENT

Document = dict[str, Any]

RESOURCES = {each.resource for each in openapi_document.operations(DOCUMENT)}
WORDS = sorted(
    {
        *keyword.kwlist,
        *dir(builtins),
        *(word for path in naming.TEMPLATES.glob("*.jinja") for word in naming.names_in(path.name)),
        *("self", "cls", "key", "value", "data", "page", "name", "module", "caller", "datetime"),
    }
)


def accepted(change: Callable[[Document, list[str]], None]) -> list[str]:
    """Return the words after which the document is not rejected, one for each name in Python."""
    words = list({naming.identifier(word): word for word in WORDS}.values())
    while True:
        document = openapi_document.load(SMALL_DOCUMENT)
        change(document, words)
        try:
            document_checks.check_document(document)
        except GenerateError as error:
            reported = str(error)
            left = [word for word in words if not re.search(rf"\b{word}'", reported)]
            assert len(left) < len(words), reported
            words = left
        else:
            return words


def add_properties(document: Document, words: list[str]) -> None:
    """Give a model a property of each name, every other one required."""
    shelf = document["components"]["schemas"]["Shelf"]
    shelf["properties"] = {word: {"type": "string", "format": "date"} for word in words}
    shelf["required"] = words[::2]


def add_arguments(document: Document, words: list[str]) -> None:
    """Give an operation an argument of each name, every other one in the body."""
    operation = document["paths"]["/v1/items/fetch-historic"]["post"]
    operation["parameters"] = [
        {"name": word, "in": "query", "schema": {"type": "string"}} for word in words[::2]
    ]
    asked = document["components"]["schemas"]["FetchHistoric"]
    in_body = ["day", *words[1::2]]
    asked["properties"] = {word: {"type": "string", "format": "date"} for word in in_body}
    del asked["required"]


def rename_methods(document: Document, words: list[str]) -> None:
    """Give the methods of a resource the names."""
    path = document["paths"].pop("/v1/shelves/by_label/{label}/rows/{row}")
    for number, word in enumerate(words):
        own = {**path["get"], "operationId": f"shelves.{word}"}
        document["paths"][f"/v1/s{number}/{{label}}/rows/{{row}}"] = {"get": own}


def add_components(document: Document, words: list[str]) -> None:
    """Add a component of each name, and an item that holds them all."""
    schemas = document["components"]["schemas"]
    names = [word for word in words if word not in schemas]
    schemas.update(
        {name: {"type": "object", "properties": {"x": {"type": "string"}}} for name in names}
    )
    schemas["Item"]["properties"].update(
        {f"p{n}": {"$ref": f"#/components/schemas/{name}"} for n, name in enumerate(names)}
    )


def test_every_word_works_or_is_rejected(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is not rejected reads, writes, calls and passes the type checker."""
    document = openapi_document.load(SMALL_DOCUMENT)
    attributes = accepted(add_properties)
    arguments = [word for word in accepted(add_arguments) if word in attributes]
    methods = accepted(rename_methods)
    components = accepted(add_components)
    assert {"type", "format", "id", "frozenset", "value", "key", "class"} <= set(attributes)
    assert {"type", "format", "id", "data", "filter"} <= set(arguments)
    assert {"list", "filter", "print"} <= set(methods)
    assert {"class", "data", "format"} <= set(components)
    add_properties(document, attributes)
    add_arguments(document, arguments)
    rename_methods(document, methods)
    # One kind of them will do: each is a module that the type checker reads.
    add_components(document, [word for word in components if not word.endswith("Error")])
    path = tmp_path / "document.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    tree = tmp_path / "named_generated"
    regenerate.render(path, tree)
    tree_checks.check_types(tree, regenerate.MYPY_CACHE)

    monkeypatch.syspath_prepend(str(tmp_path))
    models = importlib.import_module("named_generated.models")
    sent = {**dict.fromkeys(attributes, "2026-04-26"), "unknown key": 1}
    assert {getattr(models, name).__name__ for name in models.__all__} == set(models.__all__)
    read = models.Shelf.from_dict(sent)
    assert read.to_dict() == sent
    assert read.additional_properties == {"unknown key": 1}
    items = importlib.import_module("named_generated.api.items.fetch_historic")
    given = {naming.identifier(word): "x" for word in arguments[::2]}
    assert items.build_request(**given).query == dict.fromkeys(arguments[::2], "x")
    for name in [name for name in sys.modules if name.partition(".")[0] == "named_generated"]:
        monkeypatch.delitem(sys.modules, name)


def test_names_of_client_are_taken() -> None:
    """A resource of the name of a method, or of a command, could not be reached."""
    own = {
        name
        for client in (insightiq.InsightIQ, insightiq.AsyncInsightIQ)
        for base in client.__mro__
        if base.__module__.startswith("insightiq.") and "resources" not in base.__module__
        for name, _ in inspect.getmembers(base)
        if not name.startswith("_") and name not in RESOURCES
    }
    assert {"request", "close", "with_options"} <= own
    assert own <= naming.names_taken_by_resources()
    assert {"whoami", "export"} <= naming.names_taken_by_resources()
    assert not naming.names_taken_by_resources() & RESOURCES


def test_options_of_every_command_are_taken() -> None:
    """An argument of the name of a common option would take its place."""
    parser = Parser("insightiq")
    options = {each.strip("-") for each in parser.format_help().split() if each.startswith("--")}
    assert options == names.COMMAND_OPTIONS

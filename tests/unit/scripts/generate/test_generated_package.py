"""The shape of the generated package: what it imports, its classes, their words."""

from __future__ import annotations

import ast
import inspect
import json
import pathlib
import subprocess
import sys
import textwrap
from typing import Any

import openapi_document
import pytest
import regenerate
from generate import descriptions
from published_document import DOCUMENT


class Recorder:
    """A caller that responds with what it was given."""

    def call(self, operation: Any, request: Any) -> Any:
        """Return what was asked for."""
        return ("call", operation.id, request)

    def paginate(self, operation: Any, request: Any) -> Any:
        """Return what was asked for."""
        return ("paginate", operation.id, request)

    def bulk(self, operation: Any, request: Any) -> Any:
        """Return what was asked for."""
        return ("bulk", operation.id, request)


class AsyncRecorder(Recorder):
    """The same for the asynchronous classes."""

    async def call(self, operation: Any, request: Any) -> Any:
        """Return what was asked for."""
        return ("call", operation.id, request)

    async def bulk(self, operation: Any, request: Any) -> Any:
        """Return what was asked for."""
        return ("bulk", operation.id, request)


def run(coroutine: Any) -> Any:
    """Run a coroutine that never waits."""
    with pytest.raises(StopIteration) as finished:
        coroutine.send(None)
    return finished.value.value


def modules_after(shelf: Any, code: str) -> set[str]:
    """Return the modules that a new process has loaded after ``code``."""
    script = f"import sys, json\n{textwrap.dedent(code)}\nprint(json.dumps(sorted(sys.modules)))"
    finished = subprocess.run(
        [sys.executable, "-c", script],
        cwd=shelf.folder.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(finished.stdout))


def test_package_root_loads_no_models(shelf: Any) -> None:
    """Importing is cheap: resources, models and operations are loaded when they are used."""
    package = shelf.folder.name
    loaded = modules_after(shelf, f"import {package}.api, {package}.models")
    assert not {name for name in loaded if name.startswith(f"{package}.models.")}
    assert not {name for name in loaded if name.startswith(f"{package}.api.")}


def test_resource_loads_its_operations_on_first_call(shelf: Any) -> None:
    """A resource class alone loads neither operations nor models."""
    package = shelf.folder.name
    loaded = modules_after(shelf, f"from {package}.api.items import Items; Items(None)")
    assert f"{package}.api.items" in loaded
    assert not {name for name in loaded if name.startswith(f"{package}.api.items.")}
    assert not {name for name in loaded if name.startswith(f"{package}.models")}


def test_no_http_library(shelf: Any) -> None:
    """Generated code is data and pure functions: all of it together needs no HTTP library."""
    code = f"""
        import importlib, pkgutil, {shelf.folder.name} as package
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            importlib.import_module(module.name)
    """
    loaded = modules_after(shelf, code)
    assert not loaded & {"httpx", "httpx2", "requests", "urllib3", "aiohttp", "http.client"}


def test_models_are_listed(shelf: Any) -> None:
    """``dir`` and ``__all__`` know every model, and an unknown name is an AttributeError."""
    assert "Item" in dir(shelf.models)
    assert "Item" in shelf.models.__all__
    assert shelf.models.Item is shelf.models.Item
    with pytest.raises(AttributeError, match=r"module '\w+\.models' has no attribute 'Nope'"):
        _ = shelf.models.Nope


def test_resources_are_properties_made_once(shelf: Any) -> None:
    """A subclass of Resources sets ``_caller`` and has every resource."""
    client = type("Client", (shelf.load("api").Resources,), {"_caller": Recorder()})()
    assert client.items is client.items
    assert client.items.get("x")[:2] == ("call", "items.get")
    assert client.shelves.get_by_label("x", 1)[:2] == ("call", "shelves.get_by_label")


def test_sync_and_async_methods_ask_for_same(shelf: Any) -> None:
    """Both classes build equal requests; only calls are awaited, lists are lazy anyway."""
    package = shelf.load("api.items")
    sync, asynchronous = package.Items(Recorder()), package.AsyncItems(AsyncRecorder())
    kind, data = shelf.models.Kind.VASE, shelf.models.ItemUpdateData(note="x")
    assert run(asynchronous.get("x")) == sync.get("x")
    assert run(asynchronous.create(name="x", kind=kind)) == sync.create(name="x", kind=kind)
    assert run(asynchronous.update("x", data=data)) == sync.update("x", data=data)
    assert asynchronous.list(shelf_id="x", limit=5) == sync.list(shelf_id="x", limit=5)
    assert sync.list(shelf_id="x")[:2] == ("paginate", "items.list")
    assert run(asynchronous.search(ids=["x"])) == sync.search(ids=["x"])
    assert sync.search(ids=["x"])[:2] == ("bulk", "items.search")
    assert sync.delete("x") is None
    assert run(asynchronous.delete("x")) is None


def test_only_path_parameters_are_positional(shelf: Any) -> None:
    """Everything else has a name at the call, so that the document may reorder it."""
    items = shelf.load("api.items").Items
    kinds = {
        name: parameter.kind
        for name, parameter in inspect.signature(items.update).parameters.items()
    }
    assert kinds["id"] is inspect.Parameter.POSITIONAL_OR_KEYWORD
    assert kinds["data"] is inspect.Parameter.KEYWORD_ONLY
    assert all(
        parameter.kind is inspect.Parameter.KEYWORD_ONLY
        for name, parameter in inspect.signature(items.list).parameters.items()
        if name != "self"
    )


@pytest.mark.parametrize("name", ["Items", "AsyncItems"])
def test_every_method_is_documented(shelf: Any, name: str) -> None:
    """Summary, arguments, result, errors and an example that is Python."""
    for method in ("list", "create", "get", "update", "delete", "search", "fetch_historic"):
        text = inspect.getdoc(getattr(getattr(shelf.load("api.items"), name), method)) or ""
        assert {"Args:", "Returns:", "Raises:", "Example:"} <= set(text.split("\n"))
        lines = [line.strip() for line in text.partition("Example:\n")[2].split("\n")]
        example = "\n".join(line[4:] for line in lines)
        assert f"iq.items.{method}(" in example
        ast.parse(f"async def example():\n{textwrap.indent(example, '    ')}")


def test_docstring_says_what_document_says(shelf: Any) -> None:
    """Description with limits, classes of the errors, and the document's own example values."""
    text = inspect.getdoc(shelf.load("api.items").Items.list) or ""
    assert text.startswith("List items.\n\nNewest first.\n")
    assert "    limit: Page size: items of each request, 1 to 100; 100 where left out." in text
    assert "    offset: Rows to skip; 0 when left out. 0 or more." in text
    assert "    AuthenticationError: 401: The credentials are missing or wrong." in text
    assert 'iq.items.list(shelf_id="0c5a4d1e-2f30-4b57-9d0e-5a1f2f3e8f1b")' in text


def test_example_of_nested_body(shelf: Any) -> None:
    """A nested model without an example of its own is written from those of its fields."""
    text = inspect.getdoc(shelf.load("api.items").AsyncItems.update) or ""
    assert "from insightiq.models import ItemUpdateData" in text
    assert 'data=ItemUpdateData(note="Handle with care")' in text
    assert "item = await iq.items.update(" in text


def test_every_file_says_that_it_is_generated(shelf: Any) -> None:
    """No one edits one of them by mistake; the package is marked as typed."""
    for path in shelf.folder.rglob("*.py"):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        assert "do not edit" in first, path.name
    assert (shelf.folder / "py.typed").exists()
    assert not list(shelf.folder.rglob(".ruff_cache"))


def test_new_operation_needs_no_written_line(tmp_path: pathlib.Path) -> None:
    """contents.archive, added to a copy of the real document, is a typed method of both classes."""
    content = openapi_document.load().copy()
    path = "/v1/social/contents/{id}"
    content["paths"][f"{path}/archive"] = {
        "post": {
            "operationId": "contents.archive",
            "tags": ["contents"],
            "summary": "Archive a content item",
            "description": "Takes it out of every list.",
            "parameters": content["paths"][path]["get"]["parameters"],
            "responses": content["paths"][path]["get"]["responses"],
        }
    }
    document = tmp_path / "document.json"
    document.write_text(json.dumps(content), encoding="utf-8")
    counts = regenerate.render(document, tmp_path / "tree")
    before = sum(1 for _ in openapi_document.operations(DOCUMENT))
    assert counts.operations == before + 1

    code = ast.parse((tmp_path / "tree/api/contents/__init__.py").read_text(encoding="utf-8"))
    classes = {node.name: node for node in code.body if isinstance(node, ast.ClassDef)}
    for name, kind in (("Contents", ast.FunctionDef), ("AsyncContents", ast.AsyncFunctionDef)):
        (method,) = [
            node for node in classes[name].body if isinstance(node, kind) and node.name == "archive"
        ]
        assert ast.unparse(method.args) == "self, id: str"
        assert method.returns is not None
        assert ast.unparse(method.returns) == "Content"


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"minimum": 0, "exclusiveMinimum": True}, "More than 0."),
        ({"minimum": 0, "maximum": 9, "exclusiveMaximum": True}, "0 or more, less than 9."),
        ({"minimum": 0, "maximum": 9}, "0 to 9."),
        ({"multipleOf": 5, "default": 10}, "A multiple of 5, 10 by default."),
        ({"uniqueItems": True, "minItems": 1}, "1 or more items, no item twice."),
        ({"pattern": "^a$"}, "Of the form `^a$`."),
        ({"pattern": "^a$", "format": "date"}, ""),
        ({"description": "Old", "deprecated": True}, "Deprecated. Old."),
    ],
)
def test_constraints_are_described(keys: dict[str, Any], words: str) -> None:
    assert descriptions.described({}, keys) == words

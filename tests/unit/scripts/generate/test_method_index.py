"""The index of the client's methods: complete, true and never stale."""

from __future__ import annotations

import inspect
import pathlib
import re
from typing import Any

import openapi_document
import pytest
import regenerate
from generate import method_index
from published_document import DOCUMENT

from insightiq.resources import ExtendedResources
from insightiq_generated.api import Resources

ROW = re.compile(
    r"^\| `(\w+\.\w+)\((.*)\)` \| (.+) \| `(.+)` \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE
)


@pytest.fixture(scope="module")
def rows() -> dict[str, tuple[str, ...]]:
    """The cells of the index in place, by method."""
    found = ROW.findall(regenerate.INDEX.read_text(encoding="utf-8"))
    return {cells[0]: cells[1:] for cells in found}


def test_index_in_place_is_fresh() -> None:
    """A method that is new, renamed or gone shows in the documentation at once."""
    assert regenerate.check_index(regenerate.OUTPUT) == []


def test_every_operation_is_reported_as_document_has_it(rows: dict[str, tuple[str, ...]]) -> None:
    """Its request, and what the document's marks make of it."""
    operations = list(openapi_document.operations(DOCUMENT))
    for operation in operations:
        _, _, returns, request, repeated, paged = rows[operation.id]
        assert request == f"`{operation.method.upper()} {operation.path}`"
        marks = operation.data
        safe = operation.method.upper() in {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"}
        assert (repeated == "yes") == (safe or bool(marks.get("x-retry-safe")))
        assert (paged == "yes") == ("x-pagination" in marks) == returns.startswith("Pager[")
        assert (paged == "by ids") == ("x-bulk" in marks) == returns.startswith("BulkResult[")
    assert len(rows) > len(operations), "those that are written by hand come on top"


def test_every_method_is_there_with_its_arguments(rows: dict[str, tuple[str, ...]]) -> None:
    """Those of the generated resources and those that are written by hand."""
    names = [name for name in vars(Resources) if not name.startswith("_")]
    wanted: dict[str, list[str]] = {}
    resources = ExtendedResources()
    no_one: Any = None
    resources._driver = resources._caller = no_one
    for name in names:
        kind = type(getattr(resources, name))
        for method in [each for each in dir(kind) if not each.startswith("_")]:
            parameters = list(inspect.signature(getattr(kind, method)).parameters)
            wanted[f"{name}.{method}"] = parameters[1:]
    shown = {name: re.findall(r"\w+", cells[0]) for name, cells in rows.items()}
    assert shown == wanted


def test_stale_index_is_reported_and_mended(tmp_path: pathlib.Path) -> None:
    """`make regenerate CHECK=1` fails for it, and `make regenerate` writes it anew."""
    index = tmp_path / "client-methods.md"
    for text in (None, "another text\n"):
        if text is not None:
            index.write_text(text, encoding="utf-8")
        found = regenerate.check_index(regenerate.OUTPUT, index)
        assert found == ["client-methods.md: stale: run make regenerate"]
    regenerate.write_index(regenerate.OUTPUT, index)
    assert regenerate.check_index(regenerate.OUTPUT, index) == []


def test_another_package_leaves_index_alone(shelf: Any, tmp_path: pathlib.Path) -> None:
    """A tree that is made elsewhere, as tests do, is not what the page is about."""
    index = tmp_path / "client-methods.md"
    regenerate.write_index(shelf.folder, index)
    assert not index.exists()
    assert regenerate.check_index(shelf.folder, index) == []


def test_models_have_names_that_people_import(rows: dict[str, tuple[str, ...]]) -> None:
    """``Audience`` is a resource and a model; its module calls the model otherwise."""
    assert rows["audience.get"][2] == "Audience"


def test_check_fails_for_stale_index(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """CI reads the exit status of the command."""
    monkeypatch.setattr(regenerate, "check", lambda *_: [])
    assert regenerate.main(["--check"]) == 0
    monkeypatch.setattr(method_index, "render", lambda _: "more methods")
    assert regenerate.main(["--check"]) == 1
    assert "client-methods.md: stale" in capsys.readouterr().err

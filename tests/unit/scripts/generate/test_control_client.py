"""The generated client of the mock server's control API."""

from __future__ import annotations

import pathlib
from typing import Any

import pytest
import yaml
from generate import control_client


@pytest.fixture
def document() -> Any:
    """The control API's document, to be changed."""
    return yaml.safe_load(control_client.DOCUMENT.read_text(encoding="utf-8"))


def rendered(document: Any, folder: pathlib.Path) -> str:
    """Render a changed document."""
    path = folder / "control.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return control_client.render(path)


def test_committed_client_is_current() -> None:
    """`make regenerate` was run after the last change of control.yaml."""
    assert control_client.is_current()


def test_stale_client_is_noticed(document: Any, tmp_path: pathlib.Path) -> None:
    """A change of the document shows in `make regenerate CHECK=1`."""
    document["paths"]["/health"]["get"]["x-method"] = "status"
    path = tmp_path / "control.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    assert not control_client.is_current(path)


def test_new_property_becomes_argument_and_attribute(document: Any, tmp_path: pathlib.Path) -> None:
    """A change of the API is one edit of the document and one command."""
    schemas = document["components"]["schemas"]
    new = {"type": "integer", "nullable": True, "description": "A new one."}
    schemas["AccountSyncRequest"]["properties"]["speed"] = new
    schemas["Clock"]["properties"]["drift"] = new
    source = rendered(document, tmp_path)
    assert "def sync(self, account_id: str, product: str, speed: int | None = None)" in source
    assert "given(product=product, speed=speed)" in source
    assert "    drift: int | None\n" in source


def test_text_of_document_stays_text(document: Any, tmp_path: pathlib.Path) -> None:
    """A description cannot end its docstring."""
    document["paths"]["/health"]["get"]["description"] = 'x"""\nraise SystemExit\n"""\\'
    compile(rendered(document, tmp_path), "operations.py", "exec")


def test_operation_without_method_name_is_left_out(document: Any, tmp_path: pathlib.Path) -> None:
    """Nor is there a model that only it needs."""
    del document["paths"]["/health"]["get"]["x-method"]
    assert "class Health" not in rendered(document, tmp_path)

"""Generators of other people read the document as it is."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import openapi_document
from published_document import DOCUMENT


def test_stock_generator_reads_document(tmp_path: pathlib.Path) -> None:
    """openapi-python-client without our templates and our copy makes a whole client."""
    config = tmp_path / "config.yaml"
    config.write_text("post_hooks: []\n", encoding="utf-8")
    target = tmp_path / "stock"
    program = pathlib.Path(sys.executable).parent / "openapi-python-client"
    finished = subprocess.run(
        [
            *(str(program), "generate", "--path", str(openapi_document.DEFAULT_PATH)),
            *("--config", str(config), "--meta", "none", "--output-path", str(target)),
            "--fail-on-warning",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    modules = [path for path in target.glob("api/*/*.py") if path.stem != "__init__"]
    assert len(modules) == sum(1 for _ in openapi_document.operations(DOCUMENT))


def test_callbacks_are_written_in_place() -> None:
    """Parsers of other languages take no reference for a callback or for its parameters."""
    callbacks = [
        callback
        for operation in openapi_document.operations(DOCUMENT)
        for callback in operation.data.get("callbacks", {}).values()
    ]
    assert callbacks
    for callback in callbacks:
        assert "$ref" not in callback
        for item in callback.values():
            assert all("$ref" not in each for each in item["post"]["parameters"])


def test_links_give_no_objects_as_bodies() -> None:
    """Parsers of other languages take nothing but text for the body of a link."""
    links = DOCUMENT["components"]["links"].values()
    assert any("x-request-body" in link for link in links)
    assert all("requestBody" not in link for link in links)

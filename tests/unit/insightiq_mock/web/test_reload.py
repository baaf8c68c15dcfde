"""Documents that change while the server runs."""

from __future__ import annotations

import asyncio
import logging
import pathlib
from collections.abc import Callable

import httpx
import pytest
from starlette.types import ASGIApp

from insightiq_mock.app import MockApp
from insightiq_mock.openapi import DocumentWatch, load_document
from insightiq_mock.openapi.stack import OneDeveloper

Server = Callable[..., httpx.Response]

SMALL_API = pathlib.Path(__file__).with_name("small_api.yaml")


@pytest.fixture
def path(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of the small API that may be changed."""
    copied = tmp_path / "api.yaml"
    copied.write_bytes(SMALL_API.read_bytes())
    return copied


@pytest.fixture
def app(path: pathlib.Path, credentials: tuple[str, str]) -> MockApp:
    """A server of that copy."""
    return MockApp(load_document(path), {}, OneDeveloper(*credentials))


def changed(path: pathlib.Path, old: str, new: str) -> None:
    """Replace text in the file, as an editor that moves a new file into place."""
    text = path.read_text()
    assert old in text
    replacement = path.with_name("new.yaml")
    replacement.write_text(text.replace(old, new))
    replacement.replace(path)


def test_a_changed_document_is_served(
    path: pathlib.Path, app: MockApp, call_app: Callable[[ASGIApp], Server]
) -> None:
    """Its new operation answers, and so does its text; without a change nothing happens."""
    server = call_app(app)
    watch = DocumentWatch(path, app.serve)
    assert not asyncio.run(watch.look())
    assert server("GET", "/v2/status").status_code == 404
    changed(path, "/v1/status:", "/v2/status:")
    assert asyncio.run(watch.look())
    assert server("GET", "/v2/status").status_code == 200
    assert server("GET", "/v1/status").status_code == 404
    assert "/v2/status" in server("GET", "/openapi.json").json()["paths"]
    assert not asyncio.run(watch.look())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("openapi: 3.0.3", "openapi: [", "not valid YAML"),
        ("openapi: 3.0.3", "openapi: 3.1.0", "OpenAPI 3.0.x documents only"),
        ("operationId: status.get", "operationId: pages.get", "rename one of them"),
        ("application/json:", "text/csv:", "reads JSON bodies only"),
    ],
)
def test_a_broken_document_changes_nothing_and_is_complained_of(  # noqa: PLR0913, PLR0917 - fixtures and columns of the table
    path: pathlib.Path,
    app: MockApp,
    call_app: Callable[[ASGIApp], Server],
    caplog: pytest.LogCaptureFixture,
    old: str,
    new: str,
    told: str,
) -> None:
    """Once; and when it is mended it is served."""
    server = call_app(app)
    watch = DocumentWatch(path, app.serve)
    text = path.read_text()
    changed(path, old, new)
    with caplog.at_level(logging.ERROR, "insightiq_mock"):
        assert not asyncio.run(watch.look())
        assert not asyncio.run(watch.look())
    (message,) = [record.getMessage() for record in caplog.records]
    assert told in message
    assert str(path) in message
    assert server("GET", "/v1/status").status_code == 200
    path.write_text(text)
    assert asyncio.run(watch.look())


def test_a_document_that_is_gone_for_a_moment_is_waited_for(
    path: pathlib.Path, app: MockApp, caplog: pytest.LogCaptureFixture
) -> None:
    """Some editors remove a file before they write it."""
    watch = DocumentWatch(path, app.serve)
    text = path.read_text()
    path.unlink()
    assert not asyncio.run(watch.look())
    assert "cannot be read" in caplog.text
    path.write_text(text)
    assert asyncio.run(watch.look())

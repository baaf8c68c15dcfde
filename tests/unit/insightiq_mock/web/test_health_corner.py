"""The server's own corner below /_mock."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from insightiq_mock.openapi import Document

Server = Callable[..., httpx.Response]


def test_health_needs_no_credentials_and_says_what_is_served(
    server: Server, document: Document
) -> None:
    """A start script can ask it, and a person can see which document it is."""
    response = server("GET", "/_mock/health", auth=None)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    health = response.json()
    assert isinstance(health.pop("version"), str)
    assert health == {
        "status": "ok",
        "document_version": "0.9.0",
        "operations": len(document.operations),
    }


def test_health_answers_head_and_options(server: Server) -> None:
    """Probes often use HEAD."""
    assert server("HEAD", "/_mock/health").content == b""
    assert server("OPTIONS", "/_mock/health").headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/_mock", "/_mock/", "/_mock/health/", "/_mockery", "/_mock/x"])
def test_nothing_else_is_there(server: Server, path: str) -> None:
    """Unknown paths are 404 in the envelope, as everywhere."""
    assert server("GET", path).status_code == 404
    assert server("GET", path).json()["error"]["code"] == "unknown_path"

"""What the server gives away about itself: the document, and a page to read it."""

from __future__ import annotations

import copy
import hashlib
import importlib.resources
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from insightiq_mock.openapi import read_text
from insightiq_mock.web import Document, document_from

Server = Callable[..., httpx.Response]

# Those of the npm package swagger-ui-dist 5.35.0.
LIBRARY = {
    "swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
    "swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
    "swagger-ui-bundle.js.LICENSE.txt": (
        "37eb6e7e59aed57b2c1acf076574b818ea07b74265717e0bd67b59e0baf9abbb"
    ),
    "LICENSE": "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30",
    "NOTICE": "0d20d1adef18aee3f40dd258172155521ce702ac445cb5f7b7d60ed32dad2fb2",
}


def test_the_document_is_given_away_as_json_and_as_yaml(server: Server, document: Document) -> None:
    """To everybody, and both say the same."""
    as_json = server("GET", "/openapi.json", auth=None)
    as_yaml = server("GET", "/openapi.yaml", auth=None)
    assert as_json.headers["content-type"] == "application/json"
    assert as_yaml.headers["content-type"] == "application/yaml"
    assert as_json.json() == read_text(as_yaml.text, "served").data
    assert as_json.json()["paths"] == document.data["paths"]
    assert "&id0" not in as_yaml.text


def test_this_server_stands_first(server: Server) -> None:
    """A tool that takes the first server calls the mock, not the real API."""
    servers = server("GET", "/openapi.json").json()["servers"]
    assert [each["url"] for each in servers] == ["/", "https://api.example.com"]


def test_a_base_path_stays(document: Document, make_server: Callable[..., Server]) -> None:
    """The paths of the document are relative to it."""
    data = copy.deepcopy(dict(document.data))
    data["servers"] = [{"url": "https://api.example.com/base"}]
    server = make_server(served=document_from(data))
    assert server("GET", "/openapi.json").json()["servers"][0]["url"] == "/base"
    assert server("GET", "/base/v1/things").status_code == 200


def test_what_names_code_is_left_out(server: Server) -> None:
    """Other keys of tools stay: they are what makes a document useful."""
    text = server("GET", "/openapi.json").text + server("GET", "/openapi.yaml").text
    assert "x-basicInfoFunc" not in text
    assert "no_such_module" not in text


@pytest.mark.parametrize("path", ["/openapi.json", "/openapi.yaml"])
def test_who_has_the_text_already_is_not_sent_it_again(server: Server, path: str) -> None:
    """By its tag, also among others and where a proxy has weakened it."""
    first = server("GET", path)
    tag = first.headers["etag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}"):
        again = server("GET", path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert "content-length" not in again.headers
    assert server("GET", path, headers={"If-None-Match": '"other"'}).content == first.content


@pytest.mark.parametrize("path", ["/openapi.json", "/openapi.yaml", "/docs", "/docs/start.js"])
def test_own_paths_are_for_reading(server: Server, path: str) -> None:
    """With the errors that everything else has."""
    head = server("HEAD", path, auth=None)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == server("GET", path).headers["content-length"]
    refused = server("POST", path)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert server("OPTIONS", path).headers["allow"] == "GET, HEAD, OPTIONS"


def test_the_page_shows_the_document_without_any_network(server: Server) -> None:
    """Everything that it loads is here, and its policy lets it load nothing else."""
    page = server("GET", "/docs", auth=None)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>Small API</title>" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    loaded = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    assert len(loaded) == 4
    for each in loaded:
        assert each == "data:," or server("GET", each, auth=None).status_code == 200
    script = server("GET", "/docs/start.js").text
    assert '"/openapi.json"' in script
    assert "validatorUrl: null" in script


def test_the_title_cannot_become_markup(
    document: Document, make_server: Callable[..., Server]
) -> None:
    """It comes from a file that somebody wrote."""
    data: dict[str, Any] = copy.deepcopy(dict(document.data))
    data["info"]["title"] = "<script>alert(1)</script>"
    assert "<script>alert" not in make_server(served=document_from(data))("GET", "/docs").text


def test_nothing_else_lies_there(server: Server) -> None:
    """Neither other files of the package nor of the machine."""
    for path in ("/docs/README.md", "/docs/../app.py", "/docs/%2e%2e/app.py", "/docs/x", "/docsx"):
        assert server("GET", path, auth=None).status_code in (401, 404)


def test_the_library_s_files_are_the_published_ones() -> None:
    """A change to them would be lost, or be somebody else's; see the README beside them."""
    folder = importlib.resources.files("insightiq_mock.web") / "static" / "swagger-ui"
    found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in LIBRARY}
    assert found == LIBRARY

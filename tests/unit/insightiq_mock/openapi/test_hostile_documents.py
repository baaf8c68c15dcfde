"""Documents that are wrong somewhere: every tool says so in its sentence, or works.

The small document is spoilt at one place, or in its text, and goes through what lint, regeneration,
change report, comparison with the vendor and mock server do with a document first.
"""

from __future__ import annotations

import copy
import json
import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import lint_spec
import openapi_document
import pytest
from changes.document_changes import compare_documents
from changes.model import ComparisonError
from changes.sources import Source, check_openapi
from changes.vendor import compare_with_vendor
from hypothesis import given, settings
from hypothesis import strategies as st
from regeneration import derive, document_checks, structure_checks
from regeneration.problems import RegenerationError

from insightiq_mock.openapi import DocumentError, read_bytes
from insightiq_mock.web import document_from
from insightiq_mock.web.request_contract import request_contracts
from insightiq_mock.web.response_contract import ResponseContracts

SMALL = pathlib.Path(__file__).parents[3] / "fixtures" / "small_document.yaml"
SMALL_BYTES = SMALL.read_bytes()
DOCUMENT = openapi_document.load(SMALL)
TEXTS = {"YAML": SMALL_BYTES, "JSON": json.dumps(DOCUMENT, indent=1).encode()}

Key = str | int


def lint(document: dict[str, Any]) -> None:
    """Run the checks of lint that need no other program."""
    if lint_spec.check_structure(document).count == 0:
        lint_spec.check_own_rules(document)


def regenerate(document: dict[str, Any]) -> None:
    """Run what comes before the generator."""
    structure_checks.check_structure(document)
    document_checks.check_document(document)
    derive.derived_copy(document)


def diff(document: dict[str, Any]) -> None:
    """Compare with the document as it is, on the wire."""
    check_openapi(Source("api", document))
    compare_documents(DOCUMENT, document)


def compare_vendor(document: dict[str, Any]) -> None:
    """Compare as with a document of the vendor's."""
    check_openapi(Source("api", document))
    compare_with_vendor("api", DOCUMENT, document, [])


def mock(document: dict[str, Any]) -> None:
    """Load the document and compile all that it describes."""
    loaded = document_from(document)
    request_contracts(loaded)
    ResponseContracts(loaded)
    loaded.routing_copy()


TOOLS = (lint, regenerate, diff, compare_vendor, mock)


def assert_sentence_or_work(content: bytes) -> None:
    """Let every tool open ``content``: none may fail but in its own words."""
    refusals: list[str] = []
    data: dict[str, Any] | None = None
    try:
        data = read_bytes(content, "api").data
    except DocumentError as error:
        refusals.append(str(error))
    assert all(each.startswith("api: ") and "\n" not in each for each in refusals)
    for tool in TOOLS if data is not None else ():
        try:
            tool(copy.deepcopy(data))
        except (DocumentError, RegenerationError, ComparisonError) as error:
            refusals.append(str(error))
    assert all(refusals)


def places(node: Any, at: tuple[Key, ...] = ()) -> Iterator[tuple[Key, ...]]:
    """Yield the way to every node below ``node``."""
    members: Any = ()
    if isinstance(node, dict):
        members = node.items()
    elif isinstance(node, list):
        members = enumerate(node)
    for key, member in members:
        yield (*at, key)
        yield from places(member, (*at, key))


def one_of_each(ways: Iterator[tuple[Key, ...]]) -> list[tuple[Key, ...]]:
    """Return one way for each ending: what stands at the others is read by the same lines."""
    return list({way[-1]: way for way in ways}.values())


def put(way: tuple[Key, ...], value: object) -> bytes:
    """Return the small document with ``value`` at one place."""
    document: Any = copy.deepcopy(DOCUMENT)
    node = document
    for key in way[:-1]:
        node = node[key]
    node[way[-1]] = value
    return json.dumps(document).encode()


WAYS = list(places(DOCUMENT))
WRONG: tuple[object, ...] = (
    None, True, 7, -0.5, "", "text", [], [None], {}, {"x": None}, {"$ref": None},
    {"$ref": "#/info"}, {"$ref": "#/info/title"}, {"$ref": "#/components/schemas/Shelf"},
    {"$ref": "#/paths/~1v1~1items~1%7Bid%7D/get/responses/200"}, {"allOf": [{}]},
)  # fmt: skip


def test_null_is_borne_wherever_it_stands() -> None:
    """`"get": null`, `parameters:` without a list, an empty example: slips, not crashes."""
    for way in one_of_each(iter(WAYS)):
        assert_sentence_or_work(put(way, None))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(WAYS), st.sampled_from(WRONG))
def test_wrong_type_is_borne_wherever_it_stands(way: tuple[Key, ...], value: object) -> None:
    """Nor do other values where the document wants something else, references among them."""
    assert_sentence_or_work(put(way, value))


SPOILERS: dict[str, Callable[[bytes, int], bytes]] = {
    "truncated": lambda text, at: text[:at],
    "NUL": lambda text, at: text[:at] + b"\0" + text[at:],
    "latin-1": lambda text, at: text[:at] + b"\xfc" + text[at:],
    "UTF-16": lambda text, at: text[:at].decode("utf-8", "ignore").encode("utf-16"),
    "line lost": lambda text, at: text[:at] + text[at:].partition(b"\n")[2],
    "line twice": lambda text, at: text[:at].rpartition(b"\n")[0] + text[at:],
    "quotes lost": lambda text, at: text[:at] + text[at:].replace(b"'", b"", 2),
    "tab": lambda text, at: text[:at] + b"\t" + text[at:],
    "alias": lambda text, at: text[:at] + text[at:].replace(b": ", b": *a ", 1),
    "anchor": lambda text, at: text[:at] + text[at:].replace(b": ", b": &a ", 1),
    "tag": lambda text, at: text[:at] + text[at:].replace(b": ", b": !x ", 1),
    "brace": lambda text, at: text[:at] + b"{" + text[at:],
    "key": lambda text, at: text[:at] + text[at:].replace(b"\n", b"\n? [a, b]\n: c\n", 1),
}


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(SPOILERS)),
    st.sampled_from(sorted(TEXTS)),
    st.integers(0, len(SMALL_BYTES)),
)
def test_spoilt_text_is_borne_wherever_it_is_spoilt(spoiler: str, language: str, at: int) -> None:
    """Editors, merges and transfers spoil text in these ways."""
    assert_sentence_or_work(SPOILERS[spoiler](TEXTS[language], at))


@pytest.mark.parametrize(
    "path", ["/v1/items", "/v1/items/{id}", "/v1/{a}{b}", "x-note", "", "no slash", "/%7B"]
)
@pytest.mark.parametrize("item", [None, [], "x", {"get": None}, {"get": []}, {"parameters": None}])
def test_operations_are_those_that_are_objects(path: str, item: object) -> None:
    """Whoever lists operations meets objects, whatever stands in the document."""
    for document in ({"paths": {path: item}}, {"paths": item}, {}):
        assert list(openapi_document.operations(document)) == []

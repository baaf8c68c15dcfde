"""The one reader of documents: what it takes, what it rejects, and in which words."""

from __future__ import annotations

import codecs
import copy
import gzip
import json
import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import lint_spec
import openapi_document
import pytest
import yaml
from changes.document_changes import compare_documents
from changes.model import ComparisonError
from changes.sources import Source, check_openapi
from changes.vendor import compare_with_vendor
from generate import document_checks, prepare
from generate.errors import GenerateError
from hypothesis import given, settings
from hypothesis import strategies as st

from insightiq_mock.openapi import (
    DocumentError,
    document_from,
    join_pointer,
    lines_of,
    read_bytes,
    read_file,
    read_text,
)
from insightiq_mock.openapi.requests import request_contracts
from insightiq_mock.openapi.responses import ResponseContracts

SMALL = pathlib.Path(__file__).parents[3] / "fixtures" / "small_document.yaml"


def data_of(text: str) -> dict[str, Any]:
    """Return what ``text`` is read as."""
    return read_text(text, "api").data


def error_of(text: str) -> str:
    """Return the sentence with which ``text`` is rejected."""
    with pytest.raises(DocumentError) as caught:
        read_text(text, "api")
    return str(caught.value)


@pytest.mark.parametrize(
    "written",
    ["200", "on", "no", "Yes", "null", "~", "1.0", "2026-04-26", "0x1F", "1_000", "12:30", "1e3"],
)
def test_unquoted_keys_are_their_source_text(written: str) -> None:
    source = read_text(f"a:\n  {written}: x\n", "api")
    assert source.data == {"a": {written: "x"}}
    (slip,) = source.slips
    assert (slip.pointer, slip.line) == (join_pointer("#/a", written), 2)
    assert slip.what == f"the key {written} is not text to every reader of YAML"
    assert slip.remedy == f"put it in quotes: '{written}'"


@pytest.mark.parametrize("written", ["'200'", '"on"', "name", "x-y", "a b", "/v1/users", "n", "<"])
def test_keys_that_every_reader_takes_for_text_are_no_slip(written: str) -> None:
    assert read_text(f"{written}: x\n", "api").slips == ()


@pytest.mark.parametrize(
    "written", ["NO", "no", "yes", "On", "off", "0777", "1_000", "12:30", "1e3", "0o17", "0b11"]
)
def test_contested_values_are_text_and_slip(written: str) -> None:
    source = read_text(f"enum:\n  - FREE\n  - {written}\n", "api")
    assert source.data == {"enum": ["FREE", written]}
    (slip,) = source.slips
    assert (slip.pointer, slip.line) == ("#/enum/1", 3)
    assert f"{written} is text here" in slip.what
    assert f"put it in quotes: '{written}'" in slip.remedy


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("", None),
        ("-12", -12),
        ("0x1F", 31),
        ("1.5", 1.5),
        ("1.5e+3", 1500.0),
        ("2026-04-26", "2026-04-26"),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("=", "="),
    ],
)
def test_uncontested_values_are_read_as_yaml_has_them(written: str, value: object) -> None:
    source = read_text(f"a: {written}\n", "api")
    assert (source.data, source.slips) == ({"a": value}, ())


def test_lint_names_unquoted_key_and_value(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = SMALL.read_text(encoding="utf-8")
    assert "'200':" in text
    path = tmp_path / "api.yaml"
    path.write_text(text.replace("'200':", "200:") + "x-kinds: [FREE, NO]\n", encoding="utf-8")
    assert lint_spec.main([str(path), "--own-rules-only"]) == 1
    printed = capsys.readouterr().out
    first = next(n for n, line in enumerate(text.splitlines(), 1) if "'200':" in line)
    assert f"{path}:{first}  [unquoted-text]" in printed
    assert "the key 200 is not text to every reader of YAML" in printed
    assert f"{path}:{text.count(chr(10)) + 1}  [unquoted-text]" in printed
    assert "put it in quotes: 'NO'" in printed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3", "line 3: the key 'a' is written twice, first in line 1; keep one"),
        ("{1: x, '1': y}", "line 1: the key '1' is written twice"),
        ('{"a": {"b/c": 1,\n"b/c": 2}}', "line 2: the key 'b/c' is written twice, first in line 1"),
        ("? [a]\n: b", "line 1: a key is a list or an object, and OpenAPI's keys are text"),
        ("a: &x [b]\n*x : c", "line 2: a key is a list or an object"),
        ("a: &x [*x]", "line 1: *x stands within &x, so that it holds itself."),
        ("a: *x", "line 1: *x stands for nothing; write &x at what it repeats."),
        ("a: !!binary aaaa", "line 1: the tag tag:yaml.org,2002:binary says nothing that JSON"),
        ("a: !python/object:x {}", "line 1: the tag !python/object:x says nothing"),
        ("a: !!int b", "line 1: 'b' is no int; correct it."),
        ("a: .inf", "line 1: .inf is no number in JSON; write a number, or put it in quotes."),
        ('{"a": 1,\n"b": NaN}', "line 2: NaN is no number in JSON; write a number, or put it"),
        ('{"a": 1e999}', "line 1: a number is beyond what JSON's readers can hold"),
        ("a: 99999999999999999999", "line 1: an integer is beyond 64 bits"),
        (f'{{"a": {"9" * 5000}}}', "not valid JSON: "),
        ("a: \x00b", "line 1: holds the character U+0000, which text may not hold"),
        ("a: 1\nb: \x1b[31m", "line 2: holds the character U+001B"),
        ('a: 1\nb: "\\0"', "line 2: holds the character U+0000"),
        ('{"a": 1,\n"b": "\\u0000"}', "line 2: holds the character U+0000"),
        ('{"a": "\\ud83d"}', "line 1: holds the character U+D83D"),
        ('{"\\ud83d": 1}', "line 1: holds the character U+D83D"),
        ("a: 1\n---\nb: 2", "line 2: a second document begins; keep one."),
        ("a: {<<: 1}", "line 1: << takes an object or a list of them"),
        ('{"a": 1,\n "b": {"c": "d" "e"}}', "line 2, column 17: not valid JSON: Expecting ','"),
        ('{"openapi": "3.0.3"', "line 1, column 20: not valid JSON: "),
        ("{openapi: 3.0.3", "line 2: not valid YAML: "),
        ("a: [", "line 2: not valid YAML: "),
        ("[" * 200_000, "nested deeper than 100 levels"),
        ('{"a":' * 200_000, "nested deeper than 100 levels"),
        ('{"a":' * 101 + "1" + "}" * 101, "nested deeper than 100 levels"),
        ("- a", "holds a list, not an OpenAPI document."),
        ("", "is empty, not an OpenAPI document."),
        ("# nothing", "holds nothing but null, not an OpenAPI document."),
        ("<!doctype html>", "is a web page, not an OpenAPI document."),
    ],
)
def test_unreadable_text_is_rejected_in_sentence(text: str, said: str) -> None:
    reported = error_of(text)
    assert reported.startswith("api: ")
    assert said in reported
    assert len(reported) < 300


def test_alias_bomb_is_rejected_by_what_it_repeats() -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    reported = error_of("\n".join(["a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", *levels]))
    assert "aliases repeat more than 200,000 values" in reported


def test_deep_alias_is_rejected_like_deep_text() -> None:
    levels = [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 120)]
    assert "nested deeper than 100 levels" in error_of("\n".join(["a0: &a0 []", *levels]))


def test_alias_is_copy() -> None:
    data = data_of("a: &x {b: [1]}\nc: *x\n")
    data["a"]["b"].append(2)
    assert data["c"] == {"b": [1]}


def test_merge_key_gives_way_to_own_keys() -> None:
    text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], a: 3}\nq: {'<<': 1}\n"
    data = data_of(text)
    assert data["z"] == {"a": 3, "b": 1, "c": 2}
    assert data["q"] == {"<<": 1}
    assert data["z"] == yaml.safe_load(text)["z"]


def test_surrogate_pair_of_json_is_one_character() -> None:
    assert data_of('\ufeff \n{"title": "\\ud83d\\ude00"}') == {"title": "\U0001f600"}


def test_flow_style_is_read_as_yaml() -> None:
    assert data_of("{openapi: 3.0.3, paths: {}, # note\n}") == {"openapi": "3.0.3", "paths": {}}
    assert data_of('{"a": 1,}') == {"a": 1}


def test_extension_of_file_decides_nothing(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "api.json"
    path.write_text("a: 1\n", encoding="utf-8")
    assert read_file(path).data == {"a": 1}
    path = tmp_path / "api.yaml"
    path.write_text('{\t"a":\t1}', encoding="utf-8")
    assert read_file(path).data == {"a": 1}


@pytest.mark.parametrize("text", ["a: ü\n", '{"a": "ü"}'])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_unicode_encodings_are_read(text: str, mark: bytes, encoding: str) -> None:
    assert read_bytes(mark + text.encode(encoding), "api").data == {"a": "ü"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a: 1\nb: ü\n".encode("latin-1"), "line 2: is not UTF-8 text; save it as UTF-8."),
        (codecs.BOM_UTF32_LE + "a: 1".encode("utf-32-le"), "is in UTF-32; save it as UTF-8."),
        (codecs.BOM_UTF16_LE + b"a\x00:", "line 1: is not UTF-16 text; save it as UTF-8."),
        ("a: 1".encode("utf-16-le"), "line 1: holds the character U+0000"),
        (gzip.compress(b"a: 1", mtime=0), "line 1: is not UTF-8 text"),
        (b"a" * (33 * 1024 * 1024), "is longer than 32 MiB"),
    ],
)
def test_other_encodings_are_rejected_in_sentence(content: bytes, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_bytes(content, "api")
    assert str(caught.value).startswith(f"api: {said}")


def test_path_that_is_none_is_rejected() -> None:
    with pytest.raises(DocumentError, match="is no path"):
        read_file(pathlib.Path("a\0b"))


@pytest.mark.parametrize("pretty", [None, 2])
def test_lines_lead_to_places_of_json(pretty: int | None) -> None:
    text = json.dumps({"a": {"b/c": [1, {"d": '{\n,"'}]}, "e": []}, indent=pretty)
    lines = lines_of(text)
    assert set(lines) == {"#/a", "#/a/b~1c", "#/a/b~1c/0", "#/a/b~1c/1", "#/a/b~1c/1/d", "#/e"}
    expected = {"#/a": 2, "#/a/b~1c": 3, "#/a/b~1c/1": 5, "#/a/b~1c/1/d": 6, "#/e": 10}
    for pointer, line in expected.items():
        assert lines[pointer] == (line if pretty else 1)


plain = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(plain),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(plain), inner, max_size=4),
    max_leaves=15,
)


@settings(deadline=None)
@given(st.dictionaries(st.text(plain), values, max_size=5), st.sampled_from([None, 1]))
def test_json_and_yaml_of_one_value_are_read_alike(
    value: dict[str, Any], indent: int | None
) -> None:
    as_json = json.dumps(value, indent=indent)
    if "$ref" not in as_json and "allOf" not in as_json:
        read = read_text(as_json, "api")
        assert (read.data, read.slips) == (value, ())
    as_yaml = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    assert read_text(as_yaml, "api").data == value


@given(
    st.text(st.characters(codec="utf-8"), max_size=40) | st.text("a1&*!|>-?:{}[],'\"\\#%@`~<= \n")
)
def test_any_text_is_read_or_rejected(text: str) -> None:
    message = ""
    data: dict[str, Any] = {}
    try:
        data = read_text(text, "api").data
        lines_of(text)
    except DocumentError as error:
        message = str(error)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert not message or (message.startswith("api: ") and "\n" not in message)


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
    document_checks.check_structure(document)
    document_checks.check_document(document)
    prepare.prepared(document)


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
    errors: list[str] = []
    data: dict[str, Any] | None = None
    try:
        data = read_bytes(content, "api").data
    except DocumentError as error:
        errors.append(str(error))
    assert all(each.startswith("api: ") and "\n" not in each for each in errors)
    for tool in TOOLS if data is not None else ():
        try:
            tool(copy.deepcopy(data))
        except (DocumentError, GenerateError, ComparisonError) as error:
            errors.append(str(error))
    assert all(errors)


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
    for way in one_of_each(iter(WAYS)):
        assert_sentence_or_work(put(way, None))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(WAYS), st.sampled_from(WRONG))
def test_wrong_type_is_borne_wherever_it_stands(way: tuple[Key, ...], value: object) -> None:
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
    assert_sentence_or_work(SPOILERS[spoiler](TEXTS[language], at))


@pytest.mark.parametrize(
    "path", ["/v1/items", "/v1/items/{id}", "/v1/{a}{b}", "x-note", "", "no slash", "/%7B"]
)
@pytest.mark.parametrize("item", [None, [], "x", {"get": None}, {"get": []}, {"parameters": None}])
def test_operations_are_those_that_are_objects(path: str, item: object) -> None:
    for document in ({"paths": {path: item}}, {"paths": item}, {}):
        assert list(openapi_document.operations(document)) == []

"""Whatever a server sends, the files and the output are read by readers that insist on the format."""

from __future__ import annotations

import csv
import io
import json
import math
import pathlib
import re
import tempfile
import warnings
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from insightiq.cli._export import state_path
from insightiq.cli._output import Csv, Ndjson, json_array, spreadsheet_safe
from insightiq.testing import response

Shell = Any

# What formats stumble over: line breaks of every kind, quotes, formulas, halves of an emoji, NUL.
AWKWARD = "\r\n\t\0\"',;=+-@\\\u2028\u2029\x85\ufeff\ud83d\ude00\ufffd😀"
texts = st.text(st.one_of(st.sampled_from(AWKWARD), st.characters()), max_size=12)
numbers = st.one_of(st.integers(-(2**53), 2**53), st.floats())
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)
COLUMNS = ["id", "title", "count"]
rows = st.lists(
    st.fixed_dictionaries({}, optional=dict.fromkeys(COLUMNS, texts | values)),
    min_size=1,
    max_size=4,
)
FORMULA = re.compile(r"[=+\-@\t\r]")
LIST = ["contents", "list", "--account-id", "a-1"]
EXPORT = ["export", "contents", "--account-id", "a-1", "--to"]


@pytest.fixture(autouse=True)
def _tolerated() -> Iterator[None]:
    """Let the warning about NaN be one, as in the command."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def refused(name: str) -> None:
    """Reject what JSON does not have, as all but Python's reader do."""
    raise AssertionError(name)


def read(text: str) -> Any:
    """Return the value of a JSON text; half a character is kept, as in JavaScript."""
    return json.loads(text, parse_constant=refused)


def kept(value: Any) -> Any:
    """Return what a reader is to find: null for NaN, whole characters where both halves meet."""
    if isinstance(value, dict):
        return {kept(key): kept(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [kept(inner) for inner in value]
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return None if isinstance(value, float) and not math.isfinite(value) else value


def on_disk(text: str) -> str:
    """Return a text as an export writes it and a strict reader decodes it."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def has_half_characters(value: object) -> bool:
    """Tell whether a value holds half a surrogate pair, which UTF-8 and some readers reject."""
    return re.search("[\ud800-\udfff]", json.dumps(value, ensure_ascii=False)) is not None


@given(st.lists(values, max_size=4))
def test_ndjson_is_read_back(given_rows: list[Any]) -> None:
    """A line each, whatever the values are; rows that are no objects, too."""
    form = Ndjson()
    written = on_disk(form.head + "".join(map(form.row, given_rows)))
    lines = written.split("\n")
    assert lines.pop() == ""
    assert list(map(read, lines)) == list(map(kept, given_rows))
    for row, line in zip(given_rows, lines, strict=True):
        if not has_half_characters(kept(row)):
            assert orjson.loads(line) == kept(row)


@given(st.lists(values, max_size=4))
def test_json_array_is_read_back(given_rows: list[Any]) -> None:
    """The whole output is one JSON value."""
    written = on_disk("".join(json_array(given_rows)))
    assert read(written) == list(map(kept, given_rows))


def expected_cell(value: Any, *, raw: bool) -> str:
    """Return what a reader of CSV is to find in a cell."""
    if isinstance(value, str):
        safe = value if raw else spreadsheet_safe(value)
        return re.sub("[\ud800-\udfff]", "\ufffd", safe)
    value = kept(value)
    if value is None:
        return ""
    return re.sub("[\ud800-\udfff]", "\ufffd", json.dumps(value, ensure_ascii=False))


@pytest.mark.parametrize("raw", [False, True])
@given(rows)
@example([{"id": "1", "title": "first\rsecond", "count": 2}])
def test_csv_is_read_back(raw: bool, given_rows: list[dict[str, Any]]) -> None:
    """Each row has its cells, also where a text holds a carriage return and nothing else."""
    form = Csv([(name,) for name in COLUMNS], raw=raw)
    written = form.head + "".join(map(form.row, given_rows))
    data = written.encode("utf-8")
    found = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
    assert found[0] == COLUMNS
    assert found[1:] == [
        [expected_cell(row.get(name), raw=raw) for name in COLUMNS] for row in given_rows
    ]


@given(texts)
@example("=1")
@example("'=1")
@example("''\r")
def test_no_text_is_formula_and_each_can_be_had_back(text: str) -> None:
    """Removing one apostrophe in front of such a character undoes it."""
    safe = spreadsheet_safe(text)
    assert not FORMULA.match(safe)
    assert (safe[1:] if re.match(r"'+[=+\-@\t\r]", safe) else safe) == text


def test_formulas_become_text_and_numbers_stay_numbers() -> None:
    """A title of a stranger must not run in a spreadsheet; a loss of -3 is still a number."""
    form = Csv([("id",), ("title",), ("count",)])
    line = form.row({"id": "-1+1", "title": '=HYPERLINK("//x")', "count": -3})
    assert line == '\'-1+1,"\'=HYPERLINK(""//x"")",-3\n'
    raw = Csv([("id",), ("title",)], raw=True)
    assert raw.row({"id": "@a", "title": "'+"}) == "@a,'+\n"


def page_of(items: list[Any]) -> Any:
    """Return a server whose list has these rows."""

    def serve(request: Any) -> Any:
        offset, limit = int(request.query["offset"]), int(request.query["limit"])
        metadata = {"offset": offset, "limit": limit, "from_date": None, "to_date": None}
        body = {"data": items[offset : offset + limit], "metadata": metadata}
        return response(content=json.dumps(body).encode())

    return serve


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(values, min_size=1, max_size=5))
def test_export_keeps_rows_of_any_shape(shell: Shell, given_rows: list[Any]) -> None:
    """NDJSON has what came, objects or not; nothing a server sends ends the command unheard."""
    shell.script = page_of(given_rows)
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "c.ndjson"
        ended = shell(*EXPORT, str(file))
        assert ended.code == 0, ended.err
        lines = file.read_text(encoding="utf-8").split("\n")[:-1]
        assert len(lines) == len(given_rows)
        plain = [
            (read(line), kept(row))
            for line, row in zip(lines, given_rows, strict=True)
            if not isinstance(row, dict)
        ]
        assert all(found == row for found, row in plain)
        file = pathlib.Path(folder) / "c.csv"
        ended = shell(*EXPORT, str(file))
        is_table = all(isinstance(row, dict) for row in given_rows)
        assert ended.code == (0 if is_table else 1), ended.err
        if not is_table:
            assert "is not an object and has no columns" in ended.err
    for form in ("json", "ndjson", "csv", "table"):
        assert shell(*LIST, "--all", "--output", form).code in {0, 1}


def test_half_emoji_is_exported(shell: Shell, tmp_path: pathlib.Path) -> None:
    """A title that was cut within a character is legal JSON, and no reason to lose an export."""
    shell.script = page_of([{"id": "1", "title": "half \ud83d"}])
    for name, shown in (("c.ndjson", b'"half \\ud83d"'), ("c.csv", "half \ufffd".encode())):
        file = tmp_path / name
        assert shell(*EXPORT, str(file)).code == 0
        assert shown in file.read_bytes()
        assert not state_path(file).exists()
    assert '"half \\ud83d"' in shell(*LIST).out


@pytest.mark.parametrize("form", ["json", "ndjson", "csv"])
def test_value_that_no_one_can_write_is_one_sentence(shell: Shell, form: str) -> None:
    """Python reads JSON that is nested a little deeper than what it writes."""
    for depth in (100, 900, 950, 970, 985, 1_000, 5_000):
        nested = f"{'[' * depth}1{']' * depth}"
        content = f'{{"data": [{{"id": "1", "title": {nested}}}]}}'.encode()
        shell.script = lambda _, content=content: response(content=content)
        ended = shell(*LIST, "--output", form)
        assert ended.code in {0, 1}, ended.err
        assert ended.code == 0 or ended.err.splitlines()[-1].startswith("insightiq: ")


def test_not_number_becomes_null_with_one_warning(shell: Shell) -> None:
    """JSON has neither NaN nor Infinity; who reads the rows is told, once."""
    items = [{"id": "1", "engagement": {"like_count": math.nan, "x": math.inf}}] * 3
    shell.script = page_of(items)
    ended = shell(*LIST, "--output", "ndjson")
    for line in ended.out.splitlines():
        assert read(line)["engagement"]["x"] is None
    assert ended.err.count("NaN or Infinity") == 1

"""Results: formats, columns, tables, progress, whoami."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import math
import pathlib
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from insightiq.cli._export import state_path
from insightiq.cli._output import (
    Csv,
    Ndjson,
    cells,
    chosen_columns,
    columns_of,
    json_array,
    spreadsheet_safe,
)
from insightiq.errors import ConfigurationError
from insightiq.models import Content, TimePeriod
from insightiq.testing import response

if TYPE_CHECKING:
    from conftest import Shell

LIST = ["contents", "list", "--account-id", "a-1"]
EXPORT = ["export", "contents", "--account-id", "a-1", "--to"]
ERROR = {"error": {"type": "RECORD_NOT_FOUND", "code": "incorrect_user_id", "message": "None."}}

# Line breaks of every kind, quotes, formulas, halves of an emoji, NUL.
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


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _tolerated() -> Iterator[None]:
    """Let the warning about NaN be one, as in the command."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


# Formats


def read(text: str) -> Any:
    """Return the value of a JSON text, as readers do that know neither NaN nor Infinity."""
    return json.loads(text, parse_constant=pytest.fail)


def kept(value: Any) -> Any:
    """Return the value that a reader finds: null for NaN, whole characters where halves meet."""
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


@given(st.lists(values, max_size=4))
def test_json_formats_are_read_back(given_rows: list[Any]) -> None:
    """Also rows that are not objects."""
    assert read(on_disk("".join(json_array(given_rows)))) == list(map(kept, given_rows))
    form = Ndjson()
    lines = on_disk(form.head + "".join(map(form.row, given_rows))).split("\n")
    assert lines.pop() == ""
    assert list(map(read, lines)) == list(map(kept, given_rows))
    for row, line in zip(map(kept, given_rows), lines, strict=True):
        # Some readers reject half a surrogate pair.
        if not re.search("[\ud800-\udfff]", json.dumps(row, ensure_ascii=False)):
            assert orjson.loads(line) == row


def expected_cell(value: Any, *, raw: bool) -> str:
    if isinstance(value, str):
        text = value if raw else spreadsheet_safe(value)
    else:
        text = json.dumps(kept(value), ensure_ascii=False)
        text = "" if text == "null" else text
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


@pytest.mark.parametrize("raw", [False, True])
@given(rows)
@example([{"id": "1", "title": "first\rsecond", "count": 2}])
def test_csv_is_read_back(raw: bool, given_rows: list[dict[str, Any]]) -> None:
    """Also where a text holds a carriage return and nothing else."""
    form = Csv([(name,) for name in COLUMNS], raw=raw)
    data = (form.head + "".join(map(form.row, given_rows))).encode("utf-8")
    found = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
    assert found[0] == COLUMNS
    assert found[1:] == [
        [expected_cell(row.get(name), raw=raw) for name in COLUMNS] for row in given_rows
    ]


@given(texts)
@example("=1")
@example("'=1")
@example("''\r")
def test_formula_becomes_text_and_can_be_restored(text: str) -> None:
    safe = spreadsheet_safe(text)
    assert not re.match(r"[=+\-@\t\r]", safe)
    assert (safe[1:] if re.match(r"'+[=+\-@\t\r]", safe) else safe) == text


def test_numbers_stay_numbers_beside_formulas() -> None:
    form = Csv([("id",), ("title",), ("count",)])
    line = form.row({"id": "-1+1", "title": '=HYPERLINK("//x")', "count": -3})
    assert line == '\'-1+1,"\'=HYPERLINK(""//x"")",-3\n'
    raw = Csv([("id",), ("title",)], raw=True)
    assert raw.row({"id": "@a", "title": "'+"}) == "@a,'+\n"


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(values, min_size=1, max_size=5))
def test_rows_of_any_shape_are_written(shell: Shell, contents: Any, given_rows: list[Any]) -> None:
    """NDJSON has what came, objects or not; a table needs objects."""
    shell.script = contents(0, given_rows)
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "c.ndjson"
        ended = shell(*EXPORT, str(file))
        assert ended.code == 0, ended.err
        lines = file.read_text(encoding="utf-8").split("\n")[:-1]
        for row, line in zip(given_rows, lines, strict=True):
            assert isinstance(row, dict) or read(line) == kept(row)
        ended = shell(*EXPORT, str(file.with_suffix(".csv")))
        is_table = all(isinstance(row, dict) for row in given_rows)
        assert ended.code == (0 if is_table else 1), ended.err
        assert is_table or "is not an object and has no columns" in ended.err
    for form in ("json", "ndjson", "csv", "table"):
        assert shell(*LIST, "--all", "--output", form).code in {0, 1}


def test_half_an_emoji_is_exported(shell: Shell, contents: Any, tmp_path: pathlib.Path) -> None:
    """A title that was cut within a character is legal JSON."""
    shell.script = contents(0, [{"id": "1", "title": "half \ud83d"}])
    for name, shown in (("c.ndjson", b'"half \\ud83d"'), ("c.csv", "half \ufffd".encode())):
        file = tmp_path / name
        assert shell(*EXPORT, str(file)).code == 0
        assert shown in file.read_bytes()
        assert not state_path(file).exists()
    assert '"half \\ud83d"' in shell(*LIST).out


@pytest.mark.parametrize("form", ["json", "ndjson", "csv"])
def test_deep_nesting_is_one_sentence(shell: Shell, form: str) -> None:
    """Python reads JSON that is nested a little deeper than what it writes."""
    for depth in (100, 900, 950, 970, 985, 1_000, 5_000):
        nested = f"{'[' * depth}1{']' * depth}"
        content = f'{{"data": [{{"id": "1", "title": {nested}}}]}}'.encode()
        shell.script = lambda _, content=content: response(content=content)
        ended = shell(*LIST, "--output", form)
        assert ended.code in {0, 1}, ended.err
        assert ended.code == 0 or ended.err.splitlines()[-1].startswith("insightiq: ")


def test_nan_becomes_null_with_one_warning(shell: Shell, contents: Any) -> None:
    row = {"id": "1", "engagement": {"like_count": math.nan, "x": math.inf}}
    shell.script = contents(0, [row] * 3)
    ended = shell(*LIST, "--output", "ndjson")
    for line in ended.out.splitlines():
        assert read(line)["engagement"]["x"] is None
    assert ended.err.count("NaN or Infinity") == 1


# Lists


def test_list_is_its_first_page(shell: Shell, contents: Any) -> None:
    shell.script = contents(250)
    ended = shell(*LIST)
    assert ended.json == shell.script.rows[:100]
    assert len(shell.requests) == 1
    assert ended.err == "insightiq: these are the first 100; --all gives all\n"
    ended = shell(*LIST, "--limit", "5", "--offset", "7")
    assert ended.json == shell.script.rows[7:12]
    assert ended.err == ""


@pytest.mark.parametrize(("says_limit", "count"), [(True, 250), (False, 250), (False, 30)])
def test_capped_page_is_not_whole_list(
    shell: Shell, contents: Any, count: int, *, says_limit: bool
) -> None:
    shell.script = contents(count)
    shell.script.most, shell.script.says_limit = 50, says_limit
    ended = shell(*LIST)
    assert len(ended.json) == min(count, 50)
    assert ended.err == f"insightiq: these are the first {min(count, 50)}; --all gives all\n"


@pytest.mark.parametrize("form", ["json", "ndjson", "csv"])
def test_all_pages_in_each_form(shell: Shell, contents: Any, form: str) -> None:
    shell.script = contents(250)
    ended = shell(*LIST, "--all", "--output", form)
    assert (ended.code, ended.err) == (0, "")
    if form == "csv":
        found: list[Any] = list(csv.DictReader(io.StringIO(ended.out)))
        assert [row["title"] for row in found] == [row["title"] for row in shell.script.rows]
    else:
        lines = ended.out.splitlines()
        found = ended.json if form == "json" else [json.loads(line) for line in lines]
        assert found == shell.script.rows
    assert [row["id"] for row in found] == shell.script.ids


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("json", r"\[\]\n"),
        ("ndjson", ""),
        ("csv", r"id,created_at,updated_at,user\.id,user\.name,.*\n"),
        ("table", r"0 rows\n"),
    ],
)
def test_empty_list_in_each_form(shell: Shell, contents: Any, form: str, expected: str) -> None:
    shell.script = contents(0)
    assert re.fullmatch(expected, shell(*LIST, "--output", form).out)


@pytest.mark.parametrize(
    ("words", "count", "limits"),
    [
        (["--max-items", "5"], 5, ["5"]),
        (["--max-items", "5", "--all"], 5, ["5"]),
        (["--max-items", "100"], 100, ["100"]),
        (["--max-items", "101"], 101, ["100"] * 2),
        (["--max-items", "230"], 230, ["100"] * 3),
        (["--max-items", "900"], 250, None),
        (["--max-items", "30", "--limit", "20"], 30, None),
    ],
)
@pytest.mark.parametrize("form", ["ndjson", "table"])
def test_max_items_limits_rows_and_requests(
    shell: Shell, contents: Any, form: str, words: list[str], count: int, limits: list[str] | None
) -> None:
    shell.script = contents(250)
    ended = shell(*LIST, *words, "--output", form)
    assert ended.code == 0
    if form == "ndjson":
        found = [json.loads(line) for line in ended.out.splitlines()]
        assert found == shell.script.rows[:count]
    else:
        assert f"{count} rows" in ended.out
    if limits is not None:
        assert [request.query["limit"] for request in shell.requests] == limits


def test_search_names_missing_ids(shell: Shell, contents: Any) -> None:
    found = contents(2).rows
    shell.script = lambda _: response(json={"data": found})
    ended = shell("contents", "search", "--ids", found[1]["id"], "gone", found[0]["id"])
    assert ended.json == [found[1], found[0]]
    assert ended.err == "insightiq: not found: gone\n"


def test_incomplete_list_is_invalid_json(shell: Shell, contents: Any) -> None:
    server = contents(250)
    shell.script = lambda request: (
        server(request) if request.query["offset"] == "0" else response(404, json=ERROR)
    )
    ended = shell(*LIST, "--all")
    assert ended.code == 1
    with pytest.raises(ValueError, match="Expecting"):
        _ = ended.json


# Objects and errors


def test_object_in_each_form(shell: Shell, contents: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    get = ["contents", "get", "c-1", "--output"]
    (row,) = contents(1).rows
    shell.script = lambda _: response(json=row)
    assert shell(*get, "json").json == row
    assert json.loads(shell(*get, "ndjson").out) == row
    out = shell(*get, "csv", "--columns", "user.name,title").out
    expected = [["user.name", "title"], [row["user"]["name"], row["title"]]]
    assert list(csv.reader(io.StringIO(out))) == expected
    out = shell(*get, "table").out
    assert f"id {row['id']}" in " ".join(out.split())
    assert "email_open_rate" not in out


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_result_that_is_not_an_object_is_shown(shell: Shell, form: str) -> None:
    shell.script = lambda _: response(json="surprise")
    ended = shell("users", "get", "u-1", "--output", form)
    assert ended.code in {0, 1}
    assert "surprise" in ended.out or "insightiq: users.get: " in ended.err


def test_deletion_succeeds_quietly(shell: Shell) -> None:
    shell.script = lambda _: response(204)
    ended = shell("webhooks", "delete", "w-1")
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_failed_call_is_one_line(shell: Shell) -> None:
    shell.script = lambda _: response(404, json=ERROR)
    ended = shell("users", "get", "u-1")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("insightiq: users.get failed with 404 ")
    assert len(ended.err.splitlines()) == 1


def test_warning_is_one_line(shell: Shell) -> None:
    """A response that breaks the document's promise is shown, with a line about it."""
    ended = shell("users", "get", "u-1")
    assert ended.code == 0
    assert "insightiq: warning: users.get: User.name holds nothing" in ended.err
    assert ".py" not in ended.err


@pytest.mark.parametrize("words", [("whoami",), ("whoami", "--nope")])
def test_closed_streams_are_no_failure(
    words: tuple[str, ...], shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some schedulers start programs without any; Python then has None."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert shell(*words).code == (0 if len(words) == 1 else 2)
    for stream in (sys.stdout, sys.stderr):
        stream.close()


# Columns and tables


def test_columns_are_those_of_the_document() -> None:
    """Nested objects are joined with dots, lists are one column."""
    names = [".".join(each) for each in columns_of(Content)]
    assert names[:5] == ["id", "created_at", "updated_at", "user.id", "user.name"]
    assert "engagement.additional_info.story_navigation.tap_exits" in names
    assert "hashtags" in names
    assert len(names) == len(set(names))
    top = list(dict.fromkeys(name.partition(".")[0] for name in names))
    assert top == list(Content.KEYS.values())


def test_cells_are_text() -> None:
    row = {"a": None, "b": "x\n", "c": 1.5, "d": True, "e": ["ü"], "f": {"g": 0}, "h": "no object"}
    columns = [("a",), ("b",), ("c",), ("d",), ("e",), ("f", "g"), ("h", "g"), ("i", "j")]
    assert cells(row, columns) == ["", "x\n", "1.5", "true", '["ü"]', "0", "", ""]


def test_key_names_all_nested_columns() -> None:
    columns = [*columns_of(TimePeriod), ("x", "y"), ("x", "z")]
    assert chosen_columns(columns, ["x"]) == [("x", "y"), ("x", "z")]
    with pytest.raises(ConfigurationError, match="no column 'w'"):
        chosen_columns(columns, ["w"])


def test_unknown_columns_are_reported_before_call(shell: Shell) -> None:
    """A creation must not have happened when its table turns out wrong."""
    create = ["users", "create", "--name", "A", "--external-id", "e"]
    ended = shell(*create, "--output", "csv", "--columns", "id,nmae")
    assert ended.code == 2
    assert "there is no column 'nmae'. Did you mean name?" in ended.err
    assert shell.requests == []


def test_terminal_gets_table(shell: Shell, contents: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fits the width, and untrusted text cannot control the terminal."""
    shell.script = contents(3)
    shell.script.rows[1]["title"] = "\x1b[31mred[/bold]\x9b2J"
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "dumb")
    shell(*LIST)
    table = terminal.getvalue()
    assert "3 rows; " in table
    assert all(len(line) <= 100 for line in table.splitlines())
    assert shell.script.ids[2] in table
    assert "?[31mred[/bold]?2J" in table
    assert "\x9b" not in table


def test_table_has_empty_columns_only_if_chosen(
    shell: Shell, contents: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "2000")
    shell.script = contents(1)
    out = shell(*LIST, "--output", "table").out
    assert "title" in out
    assert "duration" not in out
    out = shell(*LIST, "--output", "table", "--columns", "id,duration").out
    assert "duration" in out
    assert "1 row\n" in out


def test_without_rich_default_is_json(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name != "rich" or None)
    terminal = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", terminal)
        shell("whoami")
    assert json.loads(terminal.getvalue())["credentials"] == "accepted"
    ended = shell("whoami", "--output", "table")
    assert ended.code == 2
    assert "pip install 'insightiq-toolkit[cli]'" in ended.err


@pytest.mark.parametrize("has_rows", [False, True], ids=["rows elsewhere", "rows on the terminal"])
def test_progress_bar_needs_terminal_of_its_own(
    shell: Shell, contents: Any, monkeypatch: pytest.MonkeyPatch, *, has_rows: bool
) -> None:
    """A bar would be drawn across rows on the same terminal."""
    pytest.importorskip("rich")
    shell.script = contents(150)
    out, err = Terminal() if has_rows else io.StringIO(), Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setenv("TERM", "xterm")
    shell(*LIST, "--all", "--output", "ndjson")
    assert len(out.getvalue().splitlines()) == 150
    assert ("150" in err.getvalue()) is not has_rows
    assert bool(err.getvalue()) is not has_rows


# whoami


def test_whoami_reports_server_and_credentials(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One cheap request; the client id in part, unless that were most of it."""
    ended = shell("whoami", "--environment", "staging")
    assert ended.json == {
        "environment": "staging",
        "base_url": "https://api.staging.insightiq.ai",
        "client_id": "plan…test",
        "credentials": "accepted",
        "requests_per_second": 10,
    }
    (request,) = shell.requests
    assert (request.path, request.query["limit"]) == ("/v1/work-platforms", "1")
    monkeypatch.setenv("INSIGHTIQ_CLIENT_ID", "short-id")
    assert shell("whoami").json["client_id"] == "…"


@pytest.mark.parametrize("status", [401, 403])
def test_whoami_reports_rejected_credentials(shell: Shell, status: int) -> None:
    shell.script = lambda _: response(status, json=ERROR)
    ended = shell("whoami")
    assert ended.code == 1
    assert ended.json["credentials"] == "rejected"
    assert ended.err.startswith(f"insightiq: work_platforms.list failed with {status} ")

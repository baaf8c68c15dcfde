"""Formats and destinations of results."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from insightiq.cli._output import cells, chosen_columns, columns_of
from insightiq.errors import ConfigurationError
from insightiq.models import Content, TimePeriod
from insightiq.testing import response

if TYPE_CHECKING:
    from conftest import Shell

LIST = ["contents", "list", "--account-id", "a-1"]
ERROR = {"error": {"type": "RECORD_NOT_FOUND", "code": "incorrect_user_id", "message": "None."}}


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_list_is_its_first_page(shell: Shell, contents: Any) -> None:
    """One request, up to 100 rows, and a word on standard error that there may be more."""
    shell.script = contents(250)
    ended = shell(*LIST)
    assert ended.json == shell.script.rows[:100]
    assert len(shell.requests) == 1
    assert ended.err == "insightiq: these are the first 100; --all gives all\n"


@pytest.mark.parametrize(("says_limit", "count"), [(True, 250), (False, 250), (False, 30)])
def test_capped_first_page_is_not_whole_list(
    shell: Shell, contents: Any, count: int, *, says_limit: bool
) -> None:
    shell.script = contents(count)
    shell.script.most, shell.script.says_limit = 50, says_limit
    ended = shell(*LIST)
    assert len(ended.json) == min(count, 50)
    assert ended.err == f"insightiq: these are the first {min(count, 50)}; --all gives all\n"


def test_who_names_limit_knows_that_it_is_one(shell: Shell, contents: Any) -> None:
    """The word on standard error is for who did not ask for it."""
    shell.script = contents(250)
    ended = shell(*LIST, "--limit", "5", "--offset", "7")
    assert ended.json == shell.script.rows[7:12]
    assert ended.err == ""


@pytest.mark.parametrize("form", ["json", "ndjson", "csv"])
def test_all_pages_in_each_form(shell: Shell, contents: Any, form: str) -> None:
    """The same rows, in their order, each once."""
    shell.script = contents(250)
    ended = shell(*LIST, "--all", "--output", form)
    assert (ended.code, ended.err) == (0, "")
    if form == "csv":
        rows: list[Any] = list(csv.DictReader(io.StringIO(ended.out)))
        assert [row["title"] for row in rows] == [row["title"] for row in shell.script.rows]
    else:
        lines = ended.out.splitlines()
        rows = ended.json if form == "json" else [json.loads(line) for line in lines]
        assert rows == shell.script.rows
    assert [row["id"] for row in rows] == shell.script.ids


@pytest.mark.parametrize(("form", "expected"), [("json", "[]\n"), ("ndjson", ""), ("csv", None)])
def test_empty_list_is_still_one(shell: Shell, contents: Any, form: str, expected: str) -> None:
    """A tool that reads it need not treat it apart; CSV has its head line."""
    shell.script = contents(0)
    out = shell(*LIST, "--output", form).out
    if expected is None:
        assert out.startswith("id,created_at,updated_at,user.id,user.name,")
        assert out.count("\n") == 1
    else:
        assert out == expected


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
def test_max_items_bounds_rows_and_requests(
    shell: Shell, contents: Any, form: str, words: list[str], count: int, limits: list[str] | None
) -> None:
    """So many rows, over as many pages as that takes, and none fetched in vain."""
    shell.script = contents(250)
    ended = shell(*LIST, *words, "--output", form)
    assert ended.code == 0
    if form == "ndjson":
        rows = [json.loads(line) for line in ended.out.splitlines()]
        assert rows == shell.script.rows[:count]
    else:
        assert f"{count} rows" in ended.out
    if limits is not None:
        assert [request.query["limit"] for request in shell.requests] == limits


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_result_that_is_no_object_is_shown(shell: Shell, form: str) -> None:
    """The client keeps what it does not know, and so does the command."""
    shell.script = lambda _: response(json="surprise")
    ended = shell("users", "get", "u-1", "--output", form)
    assert ended.code in {0, 1}
    assert "surprise" in ended.out or "insightiq: users.get: " in ended.err


def test_search_names_what_it_did_not_find(shell: Shell, contents: Any) -> None:
    """On standard error, so that the rows stay rows."""
    rows = contents(2).rows
    shell.script = lambda _: response(json={"data": rows})
    ended = shell("contents", "search", "--ids", rows[1]["id"], "gone", rows[0]["id"])
    assert ended.json == [rows[1], rows[0]]
    assert ended.err == "insightiq: not found: gone\n"


def test_single_object_is_one_in_each_form(shell: Shell, contents: Any) -> None:
    """An object in JSON, a line of NDJSON, a row of CSV."""
    (row,) = contents(1).rows
    shell.script = lambda _: response(json=row)
    assert shell("contents", "get", "c-1").json == row
    assert json.loads(shell("contents", "get", "c-1", "--output", "ndjson").out) == row
    out = shell("contents", "get", "c-1", "--output", "csv", "--columns", "user.name,title").out
    assert list(csv.reader(io.StringIO(out))) == [
        ["user.name", "title"],
        [row["user"]["name"], row["title"]],
    ]


def test_nothing_is_shown_where_nothing_comes(shell: Shell) -> None:
    """A deletion succeeds quietly."""
    shell.script = lambda _: response(204)
    ended = shell("webhooks", "delete", "w-1")
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_failed_call_is_one_line_on_standard_error(shell: Shell) -> None:
    """Exit code 1, and nothing that could be taken for a result."""
    shell.script = lambda _: response(404, json=ERROR)
    ended = shell("users", "get", "u-1")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("insightiq: users.get failed with 404 ")
    assert len(ended.err.splitlines()) == 1


def test_half_list_is_no_json(shell: Shell, contents: Any) -> None:
    server = contents(250)
    shell.script = lambda request: (
        server(request) if request.query["offset"] == "0" else response(404, json=ERROR)
    )
    ended = shell(*LIST, "--all")
    assert ended.code == 1
    with pytest.raises(ValueError, match="Expecting"):
        _ = ended.json


def test_unknown_columns_are_reported_before_anything_is_called(shell: Shell) -> None:
    """A creation must not have happened when its table turns out wrong."""
    ended = shell("users", "create", "--name", "A", "--external-id", "e", "--output", "csv",
                  "--columns", "id,nmae")  # fmt: skip
    assert ended.code == 2
    assert "there is no column 'nmae'. Did you mean name?" in ended.err
    assert shell.requests == []


def test_warning_is_one_line(shell: Shell) -> None:
    """A response that breaks the document's promise is shown, with a line about it."""
    ended = shell("users", "get", "u-1")
    assert ended.code == 0
    assert "insightiq: warning: users.get: User.name holds nothing" in ended.err
    assert ".py" not in ended.err


def test_columns_are_documents_with_dots() -> None:
    """Nested objects are taken apart, lists are not."""
    names = [".".join(each) for each in columns_of(Content)]
    assert names[:5] == ["id", "created_at", "updated_at", "user.id", "user.name"]
    assert "engagement.additional_info.story_navigation.tap_exits" in names
    assert "hashtags" in names
    assert len(names) == len(set(names))
    top = list(dict.fromkeys(name.partition(".")[0] for name in names))
    assert top == list(Content.KEYS.values())


def test_cells_are_text() -> None:
    """Nothing for null and absence, JSON for what is neither text nor missing."""
    row = {"a": None, "b": "x\n", "c": 1.5, "d": True, "e": ["ü"], "f": {"g": 0}, "h": "no object"}
    columns = [("a",), ("b",), ("c",), ("d",), ("e",), ("f", "g"), ("h", "g"), ("i", "j")]
    assert cells(row, columns) == ["", "x\n", "1.5", "true", '["ü"]', "0", "", ""]


def test_key_names_all_that_it_holds() -> None:
    """No one types forty columns."""
    columns = [*columns_of(TimePeriod), ("x", "y"), ("x", "z")]
    assert chosen_columns(columns, ["x"]) == [("x", "y"), ("x", "z")]
    with pytest.raises(ConfigurationError, match="no column 'w'"):
        chosen_columns(columns, ["w"])


def test_terminal_gets_table(shell: Shell, contents: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As wide as it is; foreign text cannot steer it."""
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


def test_chosen_columns_are_all_in_table(shell: Shell, contents: Any) -> None:
    """Also those that are empty."""
    shell.script = contents(1)
    out = shell(*LIST, "--output", "table", "--columns", "id,duration").out
    assert "duration" in out
    assert "1 row\n" in out


def test_object_is_table_of_what_it_has(
    shell: Shell, contents: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line for each value."""
    monkeypatch.setenv("COLUMNS", "140")
    (row,) = contents(1).rows
    shell.script = lambda _: response(json=row)
    out = shell("contents", "get", "c-1", "--output", "table").out
    assert f"id {row['id']}" in " ".join(out.split())
    assert "email_open_rate" not in out


def test_without_rich_there_is_json(
    shell: Shell, contents: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And who asks for a table is told what to install."""
    shell.script = contents(1)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name != "rich" or None)
    terminal = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", terminal)
        shell("whoami")
    assert json.loads(terminal.getvalue())["credentials"] == "accepted"
    ended = shell("whoami", "--output", "table")
    assert ended.code == 2
    assert "pip install 'insightiq-toolkit[cli]'" in ended.err


def test_whoami_reports_where_and_as_whom(shell: Shell) -> None:
    """One cheap request; the client id in part, the secret not at all."""
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


def test_short_client_id_is_not_shown_in_part(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its part would be most of it."""
    monkeypatch.setenv("INSIGHTIQ_CLIENT_ID", "short-id")
    assert shell("whoami").json["client_id"] == "…"


@pytest.mark.parametrize("status", [401, 403])
def test_whoami_says_that_credentials_are_rejected(shell: Shell, status: int) -> None:
    """It still says which, and fails."""
    shell.script = lambda _: response(status, json=ERROR)
    ended = shell("whoami")
    assert ended.code == 1
    assert ended.json["credentials"] == "refused"
    assert ended.err.startswith(f"insightiq: work_platforms.list failed with {status} ")


def test_bar_is_shown_to_who_looks(
    shell: Shell, contents: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal's standard error, while the rows go elsewhere."""
    pytest.importorskip("rich")
    shell.script = contents(150)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    ended = shell(*LIST, "--all", "--output", "ndjson")
    assert len(ended.out.splitlines()) == 150
    assert "150" in terminal.getvalue()


def test_rows_on_terminal_need_no_bar(
    shell: Shell, contents: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bar would be drawn across the rows."""
    shell.script = contents(150)
    streams = {"stdout": Terminal(), "stderr": Terminal()}
    for name, stream in streams.items():
        monkeypatch.setattr(sys, name, stream)
    monkeypatch.setenv("TERM", "xterm")
    shell(*LIST, "--all", "--output", "ndjson")
    assert len(streams["stdout"].getvalue().splitlines()) == 150
    assert streams["stderr"].getvalue() == ""


def test_empty_table_says_that_there_are_no_rows(shell: Shell) -> None:
    """And nothing of columns that no one could fill."""
    assert shell(*LIST, "--output", "table").out == "0 rows\n"


@pytest.mark.parametrize("words", [("whoami",), ("whoami", "--nope")])
def test_closed_streams_are_no_failure_of_their_own(
    words: tuple[str, ...], shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some schedulers start programs without any, which Python tells by None."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    code = shell(*words).code
    assert code == (0 if len(words) == 1 else 2)
    for stream in (sys.stdout, sys.stderr):
        stream.close()

"""From words to a request, or to one sentence that says what was wrong."""

from __future__ import annotations

import io
import json
import pathlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from insightiq.quota import SharedQuota
from insightiq.testing import response

if TYPE_CHECKING:
    from conftest import Shell

HOOK = ["webhooks", "create", "--url", "https://a.example", "--name", "w"]


def test_arguments_reach_request(shell: Shell) -> None:
    """Identifiers stand in their place, days and numbers in the wire's form."""
    shell("contents", "list", "--account-id", "a-1", "--from-date", "2026-01-31", "--limit", "7")
    (request,) = shell.requests
    assert request.path == "/v1/social/contents"
    assert request.query == {
        "account_id": "a-1",
        "from_date": "2026-01-31",
        "limit": "7",
        "offset": "0",
    }
    shell("users", "get-by-external-id", "crm/4 2")
    assert shell.requests[-1].path == "/v1/users/external_id/crm%2F4%202"


def test_names_may_be_written_as_in_python(shell: Shell) -> None:
    assert shell("work_platforms", "get", "p-1").code == 0
    assert shell("users", "get_by_external_id", "e-1").code == 0
    assert shell.requests[-1].path == "/v1/users/external_id/e-1"


def test_list_may_be_given_in_one_go_or_one_by_one(shell: Shell) -> None:
    """Both are what people expect of a shell."""
    shell(*HOOK, "--events", "CONTENTS.ADDED", "SESSION.EXPIRED", "--events", "PROFILES.ADDED")
    assert shell.requests[-1].json["events"] == [
        "CONTENTS.ADDED",
        "SESSION.EXPIRED",
        "PROFILES.ADDED",
    ]


def test_list_may_come_from_file_or_from_standard_input(
    shell: Shell, tmp_path: pathlib.Path, type_in: Callable[[str], None]
) -> None:
    """A value a line, so that the output of another tool fits."""
    shell.script = lambda request: response(
        json={"data": [{"id": each} for each in request.json["ids"]]}
    )
    file = tmp_path / "ids"
    file.write_text("a\n\n b \n", encoding="utf-8")
    type_in("c\nd\n")
    shell("contents", "search", "--ids", f"@{file}", "-", "e")
    assert shell.requests[-1].json["ids"] == ["a", "b", "c", "d", "e"]


def test_files_may_be_those_of_windows(
    shell: Shell, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notepad and PowerShell begin with a byte order mark and end lines with CRLF."""
    file = tmp_path / "ids.txt"
    file.write_bytes(b"\xef\xbb\xbfa\r\nb\r\n")
    typed = io.BytesIO(b"\xef\xbb\xbfc\r\nd\r\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(typed))
    shell("contents", "search", "--ids", f"@{file}", "-")
    assert shell.requests[-1].json["ids"] == ["a", "b", "c", "d"]
    file.write_bytes(b'\xef\xbb\xbf{"identity": {"monitoring_type": "ON_DEMAND"}}')
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    for text in (f"@{file}", "-"):
        assert shell("accounts", "update", "a-1", "--data", text).code == 0
        assert shell.requests[-1].json["data"]["identity"] == {"monitoring_type": "ON_DEMAND"}


@pytest.mark.parametrize("content", [None, b"", b"\xff", b"\xff\xfea\0"])
def test_standard_input_without_text_is_reported(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    """Closed, empty, or in another encoding than UTF-8, whatever the machine's own is."""
    stream = None if content is None else io.TextIOWrapper(io.BytesIO(content), "latin-1")
    monkeypatch.setattr(sys, "stdin", stream)
    ended = shell("contents", "search", "--ids", "-")
    assert ended.code == 2
    assert "argument --ids: standard input is " in ended.err
    if content is None:
        sys.stdin.close()


def test_object_is_json_from_anywhere(
    shell: Shell, tmp_path: pathlib.Path, type_in: Callable[[str], None]
) -> None:
    """As an argument, in a file, or on standard input."""
    data = {"identity": {"monitoring_type": "ON_DEMAND"}}
    file = tmp_path / "data.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    for text in (json.dumps(data), f"@{file}", "-"):
        type_in(json.dumps(data))
        shell("accounts", "update", "a-1", "--data", text)
        assert shell.requests[-1].json == {"data": data}


def test_flag_says_yes_or_no_or_nothing(shell: Shell) -> None:
    update = ["webhooks", "update", "w-1", *HOOK[2:], "--events", "CONTENTS.ADDED"]
    sent: list[object] = []
    for flag in (["--is-active"], ["--no-is-active"], []):
        shell(*update, *flag)
        sent.append(shell.requests[-1].json.get("is_active"))
    assert sent == [True, False, None]


def test_options_of_all_commands_stand_in_front_or_behind(shell: Shell) -> None:
    common = ["--timeout", "2.5", "--base-url", "http://127.0.0.1:9", "--requests-per-second", "3"]
    for words in (["users", "get", "u-1", *common], [*common, "users", "get", "u-1"]):
        shell(*words)
        assert (shell.options["timeout"], shell.options["base_url"]) == (2.5, "http://127.0.0.1:9")
        assert shell.options["quota"]._ledger.requests_per_second == 3
    shell("--timeout", "2", "accounts", "wait-until-synced", "a-1", "--timeout", "1")
    assert shell.options["timeout"] == 2.0


def test_commands_share_quota_through_file(
    shell: Shell, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs at the same time need no part each where a variable names a file."""
    file = tmp_path / "quota"
    monkeypatch.setenv("INSIGHTIQ_QUOTA_FILE", str(file))
    assert shell("users", "get", "u-1", "--requests-per-second", "3").code == 0
    with shell.options["quota"] as quota:
        assert isinstance(quota, SharedQuota)
        assert file.exists()
    monkeypatch.setenv("INSIGHTIQ_QUOTA_FILE", str(tmp_path / "gone" / "quota"))
    ended = shell("users", "get", "u-1")
    assert ended.code == 2
    assert "its folder does not exist" in ended.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["contetns", "list"], "there is no command 'contetns'. Did you mean contents"),
        (
            ["contents", "lst"],
            "insightiq contents: error: there is no method 'lst'. Did you mean list",
        ),
        (["contents", "--output", "csv", "list"], "say the method first"),
        (["contents", "list"], "the following arguments are required: --account-id."),
        (["users", "list", "--limt", "3"], "--limt is not understood. Did you mean --limit"),
        (["users", "list", "--limit", "ten"], "argument --limit: 'ten' is not a whole number."),
        (["users", "get", "u-1", "u-2"], "u-2 is not understood."),
        (["users", "get", ""], "users.get: id must not be empty."),
        (["users", "list", "--output", "xml"], "invalid choice: 'xml'"),
        (["users", "list", "--timeout", "0"], "'0' is not a number of seconds."),
        (["users", "list", "--timeout", "soon"], "'soon' is not a number of seconds."),
        (["users", "list", "--requests-per-second", "0"], "'0' is not a whole number from 1."),
        (["users", "list", "--environment", "sandbax"], "Did you mean 'sandbox'?"),
        (["accounts", "wait-until-synced", "a", "--timeout", "x"], "'x' is not a number."),
        (
            ["contents", "fetch-historic", "--account-id", "a", "--from-date", "31.1.2026"],
            "'31.1.2026' is not a day; write it as 2026-11-23.",
        ),
        ([*HOOK, "--events", "CONTENT.ADDED"], "Did you mean CONTENTS.ADDED"),
        (["contents", "search", "--ids", "@nowhere"], "nowhere cannot be read: No such file"),
        (["contents", "search", "--ids", "@no\0where"], "cannot be read: embedded null byte"),
        (["users", "get", "A\udcff"], "argument ID: 'A\\udcff' is not text in UTF-8."),
        (["users", "create", "--name", "A\udcff", "--external-id", "x"], "argument --name: 'A"),
        (["accounts", "update", "a", "--data", "{"], "this is not JSON"),
        (["accounts", "update", "a", "--data", '{"a": "\udcff"}'], "is not text in UTF-8"),
        (["accounts", "update", "a", "--data", "[" * 100_000], "nested too deeply"),
        (["accounts", "update", "a", "--data", "[]"], "a JSON object is needed"),
        (["webhooks", "send", "--payload", "{}"], "WebhookSendPayload.event is missing"),
        (["accounts", "update", "a", "--data", '{"income": 1}'], "income is not of its type"),
        (["users", "list", "--client-secret", "x"], "--client-secret is not understood."),
        (["users", "list", "--columns", "id"], "--columns belongs to a table or to CSV"),
        (["users", "list", "--raw-cells"], "--raw-cells belongs to CSV"),
        (["users", "list", "--max-items", "0"], "'0' is not a whole number from 1."),
        (["export", "users", "--raw-cells", "--to", "x.ndjson"], "--raw-cells belongs to CSV"),
        (["export"], ""),
        (["export", "audience"], "there is no resource 'audience'."),
        (["export", "users"], "required: --to."),
        (["export", "users", "--limit", "3"], "required: --to."),
    ],
)
def test_mistake_is_reported_in_one_sentence(shell: Shell, words: list[str], sentence: str) -> None:
    ended = shell(*words)
    if sentence:
        assert (ended.code, ended.out) == (2, "")
        assert sentence in ended.err
        assert len(ended.err.splitlines()) == 1
    assert shell.requests == []


def test_credentials_come_from_environment(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names what is missing, and no option that would stand in a history."""
    monkeypatch.delenv("INSIGHTIQ_CLIENT_SECRET")
    ended = shell("whoami")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "insightiq: set INSIGHTIQ_CLIENT_SECRET: credentials come from the environment alone.\n"
    )


def test_environment_and_address_exclude_each_other(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody who wanted the one reaches the other."""
    monkeypatch.setenv("INSIGHTIQ_BASE_URL", "http://127.0.0.1:9")
    ended = shell("whoami", "--environment", "production")
    assert ended.code == 2
    assert "both say where to call" in ended.err


def test_help_and_version_are_results(shell: Shell) -> None:
    """They go to standard output, and are no failure."""
    for words in (
        [],
        ["users"],
        ["users", "-h"],
        ["users", "list", "--help"],
        ["export", "users", "-h"],
    ):
        ended = shell(*words)
        assert (ended.code, ended.err) == (0, ""), words
        assert ended.out.startswith("usage: insightiq")
    assert shell("--version").out.startswith("insightiq ")

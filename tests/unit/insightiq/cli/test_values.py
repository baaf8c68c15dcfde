"""Arguments of the command line: values, options, errors."""

from __future__ import annotations

import datetime as dt
import json
import pathlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from insightiq.cli._values import reader_of
from insightiq.quota import SharedQuota
from insightiq.testing import response

if TYPE_CHECKING:
    from conftest import Shell

HOOK = ["webhooks", "create", "--url", "https://a.example", "--name", "w"]


def test_arguments_reach_request(shell: Shell) -> None:
    shell("contents", "list", "--account-id", "a-1", "--from-date", "2026-01-31", "--limit", "7")
    (request,) = shell.requests
    assert request.path == "/v1/social/contents"
    assert request.query == {
        "account_id": "a-1",
        "from_date": "2026-01-31",
        "limit": "7",
        "offset": "0",
    }
    for name in ("get-by-external-id", "get_by_external_id"):
        assert shell("users", name, "crm/4 2").code == 0
        assert shell.requests[-1].path == "/v1/users/external_id/crm%2F4%202"


def test_list_is_given_at_once_or_one_by_one(shell: Shell) -> None:
    events = ["CONTENTS.ADDED", "SESSION.EXPIRED", "PROFILES.ADDED"]
    shell(*HOOK, "--events", *events[:2], "--events", events[2])
    assert shell.requests[-1].json["events"] == events


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["Unix", "Windows"])
def test_values_come_from_files_and_standard_input(
    shell: Shell, tmp_path: pathlib.Path, type_in: Callable[[bytes], None], mark: bytes
) -> None:
    """Notepad and PowerShell begin with a byte order mark and end lines with CRLF."""
    end = b"\r\n" if mark else b"\n"
    file = tmp_path / "given"
    file.write_bytes(mark + b"a" + end + end + b" b " + end)
    shell.script = lambda request: response(
        json={"data": [{"id": each} for each in request.json.get("ids", [])]}
    )
    type_in(b"c" + end + b"d" + end)
    shell("contents", "search", "--ids", f"@{file}", "-", "e")
    assert shell.requests[-1].json["ids"] == ["a", "b", "c", "d", "e"]
    text = json.dumps({"identity": {"monitoring_type": "ON_DEMAND"}})
    file.write_bytes(mark + text.encode())
    for given in (text, f"@{file}", "-"):
        type_in(mark + text.encode())
        assert shell("accounts", "update", "a-1", "--data", given).code == 0
        assert shell.requests[-1].json == {"data": json.loads(text)}


@pytest.mark.parametrize("content", [None, b"", b"\xff", b"\xff\xfea\0"])
def test_standard_input_without_text_is_reported(
    shell: Shell,
    monkeypatch: pytest.MonkeyPatch,
    type_in: Callable[[bytes], None],
    content: bytes | None,
) -> None:
    """Closed, empty, or in another encoding than UTF-8, whatever the machine's own is."""
    type_in(content or b"")
    if content is None:
        monkeypatch.setattr(sys, "stdin", None)
    ended = shell("contents", "search", "--ids", "-")
    assert ended.code == 2
    assert "argument --ids: standard input is " in ended.err
    if content is None:
        sys.stdin.close()


def test_flag_is_true_false_or_absent(shell: Shell) -> None:
    update = ["webhooks", "update", "w-1", *HOOK[2:], "--events", "CONTENTS.ADDED"]
    sent: list[object] = []
    for flag in (["--is-active"], ["--no-is-active"], []):
        shell(*update, *flag)
        sent.append(shell.requests[-1].json.get("is_active"))
    assert sent == [True, False, None]


def test_common_options_stand_in_front_or_behind(shell: Shell) -> None:
    common = ["--timeout", "2.5", "--base-url", "http://127.0.0.1:9", "--requests-per-second", "3"]
    for words in (["users", "get", "u-1", *common], [*common, "users", "get", "u-1"]):
        shell(*words)
        assert (shell.options["timeout"], shell.options["base_url"]) == (2.5, "http://127.0.0.1:9")
        assert shell.options["quota"]._ledger.requests_per_second == 3
    # An argument of the same name takes the option's place behind the command.
    shell("--timeout", "2", "accounts", "wait-until-synced", "a-1", "--timeout", "1")
    assert shell.options["timeout"] == 2.0


def test_commands_share_quota_through_file(
    shell: Shell, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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
        (["users", "list", "--max", "3"], "--max is not understood."),
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
        (["export", "audience"], "there is no resource 'audience'."),
        (["export", "users"], "required: --to."),
        (["export", "users", "--limit", "3"], "required: --to."),
        (["whoami", "--environment", "production"], "both say where to call"),
    ],
)
def test_mistake_is_one_sentence(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, words: list[str], sentence: str
) -> None:
    if words[0] == "whoami":
        monkeypatch.setenv("INSIGHTIQ_BASE_URL", "http://127.0.0.1:9")
    ended = shell(*words)
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


@pytest.mark.parametrize(
    "line", ["", "users", "users -h", "users list --help", "export", "export users -h"]
)
def test_help_is_a_result(shell: Shell, line: str) -> None:
    ended = shell(*line.split())
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("usage: insightiq")


def test_version_is_a_result(shell: Shell) -> None:
    ended = shell("--version")
    assert ended.code == 0
    assert ended.out.startswith("insightiq ")


@pytest.mark.parametrize(
    ("hint", "shown", "repeated"),
    [
        (str, "TEXT", False),
        (str | None, "TEXT", False),
        (int, "NUMBER", False),
        (float, "NUMBER", False),
        (dt.date, "YYYY-MM-DD", False),
        (dt.datetime, "TIME", False),
        (list[str], "TEXT", True),
        (list[dt.date], "YYYY-MM-DD", True),
        (dict[str, int], "JSON", False),
        (object, "JSON", False),
    ],
)
def test_type_decides_conversion(hint: object, shown: str, repeated: bool) -> None:
    """Also types that no operation of today has."""
    reader = reader_of(hint)
    assert (reader.shown, reader.repeated) == (shown, repeated)

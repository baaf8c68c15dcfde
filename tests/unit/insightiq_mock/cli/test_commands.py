"""The commands, against a developer of the test's own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import httpx
import openapi_document
import pytest
from published_document import DOCUMENT

from insightiq_mock import cli
from insightiq_mock.cli import remote
from insightiq_mock.control import MockControl
from insightiq_mock.testing import MockTenant

VERBS = [
    "reset",
    "snapshot",
    "restore",
    "clock",
    "advance",
    "settings",
    "connect",
    "disconnect",
    "expire",
    "grow",
    "publish",
    "sync",
    "trigger",
    "deliveries",
    "resend",
    "inbox",
    "health",
    "developers",
    "log",
    "fault",
    "serve",
]


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main([verb, "--help"])
    assert end.value.code == 0
    assert f"insightiq-mock {verb}" in capsys.readouterr().out


def run_uncovered(script: str) -> subprocess.CompletedProcess[str]:
    """Run a script; coverage, where it measures this run, would import sqlite3 itself."""
    environment = {name: os.environ[name] for name in os.environ if "COVERAGE" not in name}
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=environment,
    )


@pytest.mark.parametrize("words", [["--help"], ["serve", "--help"]])
def test_help_imports_neither_server_nor_http_client(words: list[str]) -> None:
    script = (
        f"import sys\nfrom insightiq_mock import cli\n"
        f"try:\n    cli.main({words})\nexcept SystemExit:\n    pass\n"
        "slow = {'httpx', 'uvicorn', 'connexion', 'starlette', 'yaml', 'orjson', 'asyncio',\n"
        "        'sqlite3', 'sqlalchemy', 'jsonschema_rs'} & set(sys.modules)\n"
        "sys.exit(f'imported: {slow}' if slow else 0)"
    )
    done = run_uncovered(script)
    assert (done.returncode, done.stderr) == (0, "")


def test_commands_do_not_import_server() -> None:
    script = (
        "import sys\nfrom insightiq_mock import cli\n"
        "code = cli.main(['health', '--url', 'http://127.0.0.1:9'])\n"
        "slow = {'uvicorn', 'connexion', 'yaml', 'sqlite3', 'sqlalchemy'} & set(sys.modules)\n"
        "sys.exit(f'imported: {slow}' if slow or code != 1 else 0)"
    )
    done = run_uncovered(script)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("insightiq-mock: error: There is no mock server")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["advnce", "3d"], "did you mean advance?"),
        (["advance", "3d", "--devloper", "x"], "did you mean --developer?"),
        (["clock", "froze"], "did you mean frozen?"),
        (["log", "--stats", "404"], "did you mean --status?"),
        (["log", "--status", "many"], "give one like 404, or 4xx"),
        (["clock", "frozen", "--at", "tomorrow"], "write it like 2026-06-01"),
        (["serve", "--port", "99999"], "give a number from 0 to 65535"),
        (["serve", "--control-token", "short"], "8 characters or more"),
        ([], "required: COMMAND"),
        (["fly"], "there is no 'fly'"),
        (["serve", "--port", "-1"], "--port"),
        (["serve", "--port", "http"], "give a number from 0 to 65535"),
        (["serve", "--seed", "x"], "invalid int value"),
        (["serve", "--client-id", "a:b"], "printable ASCII without ':' and blanks"),
        (["serve", "--client-id", ""], "printable ASCII"),
        (["serve", "--client-secret", "a b"], "printable ASCII"),
        (["serve", "--client-secret", "ü"], "printable ASCII"),
        (["serve", "--speck", "x"], "did you mean --spec?"),
    ],
)
def test_wrong_command_lines_end_with_hint(
    arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    error = capsys.readouterr().err
    assert end.value.code == 2
    assert hint in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("start", "hint"),
    [("0001-01-01", "use a moment from 2000 on"), ("9999-12-31", "stay before the year 9000")],
)
def test_start_that_no_world_can_have_is_rejected(
    start: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["serve", "--port", "0", "--clock", start]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("insightiq-mock: error: ")
    assert printed.err.endswith(f"; {hint}.\n")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["trigger", "X\udcff"], "'X\\udcff' is not text in UTF-8"),
        (["advance", "1h", "\udcff"], "'\\udcff' is not text in UTF-8"),
        (["serve", "--host", "\udcff"], "'\\udcff' is not text in UTF-8"),
    ],
)
def test_arguments_that_are_no_text_are_rejected(
    arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2
    assert hint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        ('{"a": NaN}', "--data is not JSON: JSON has no NaN."),
        ('{"a": -Infinity}', "JSON has no -Infinity."),
        ('{"a": ' + "[" * 100_000, "--data is nested too deeply."),
        ("[]", "--data is no JSON object"),
    ],
)
def test_data_that_json_does_not_have_is_rejected(run: Any, data: str, hint: str) -> None:
    code, _, error = run("trigger", "CONTENTS.ADDED", "--data", data)
    assert code == 2
    assert hint in error


@pytest.mark.parametrize(
    "words",
    [
        ("settings", "requests_per_second=NaN"),
        ("clock", "running", "--factor", "nan"),
        ("trigger", "CONTENTS.ADDED", "--data", '{"a": "\\ud800"}'),
        ("trigger", "CONTENTS.ADDED", "--data", '{"a": 1e999}'),
        ("trigger", "CONTENTS.ADDED", "--account", "no one"),
    ],
)
def test_what_cannot_be_sent_is_one_sentence(run: Any, words: tuple[str, ...]) -> None:
    code, output, error = run(*words)
    assert (code, output) == (1, "")
    assert error.startswith("insightiq-mock: error: ")
    assert len(error.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "environment", "address", "source"),
    [
        ((), {}, "http://127.0.0.1:4010", " (this one is the default)"),
        (
            (),
            {"BASE_URL": "http://127.0.0.1:9/v1"},
            "http://127.0.0.1:9",
            " (this one is from INSIGHTIQ_BASE_URL)",
        ),
        (
            (),
            {"BASE_URL": "http://127.0.0.1:9", "MOCK_URL": "http://127.0.0.1:10/"},
            "http://127.0.0.1:10",
            " (this one is from INSIGHTIQ_MOCK_URL)",
        ),
        (("--url", "http://127.0.0.1:11"), {"MOCK_URL": "http://x"}, "http://127.0.0.1:11", ""),
    ],
)
def test_server_is_looked_for_where_client_looks(
    words: tuple[str, ...],
    environment: dict[str, str],
    address: str,
    source: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:

    def silent(url: str, **_: object) -> MockControl:
        def reject(request: httpx.Request) -> httpx.Response:
            msg = "no"
            raise httpx.ConnectError(msg, request=request)

        return MockControl(url, transport=httpx.MockTransport(reject))

    monkeypatch.setattr(remote, "MockControl", silent)
    for name in ("BASE_URL", "MOCK_URL"):
        monkeypatch.delenv(f"INSIGHTIQ_{name}", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(f"INSIGHTIQ_{name}", value)
    assert cli.main(["health", *words]) == 1
    assert capsys.readouterr().err == (
        f"insightiq-mock: error: There is no mock server at {address}; start one with "
        f"'insightiq-mock serve', or name another address with --url{source}.\n"
    )


@pytest.mark.parametrize(
    ("health", "response", "said"),
    [
        ("0.0.9", httpx.Response(200, json={"mode": "real"}), "is version 0.0.9 and this command "),
        ("0.0.9", httpx.Response(200, json=["other"]), "is version 0.0.9 and this command "),
        (
            "0.0.9",
            httpx.Response(
                404, json={"error": {"message": "None.", "code": "x", "request_id": "r"}}
            ),
            "error: None. The server at http://127.0.0.1:4010 is version 0.0.9 and this command ",
        ),
        (None, httpx.Response(200, json={}), "is no mock server; name another address with --url."),
        (None, httpx.Response(404), "responded with 404, and not as a mock server does"),
        (None, httpx.Response(200, text="<html>"), "is no mock server; give another address with"),
    ],
)
def test_another_program_or_version_is_reported(
    health: str | None,
    response: httpx.Response,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:

    def serve(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/_mock/health" or health is None:
            return response
        data = {"status": "ok", "version": health, "document_version": "1", "operations": 1}
        return httpx.Response(200, json=data)

    def other(url: str, **_: object) -> MockControl:
        return MockControl(url, transport=httpx.MockTransport(serve))

    monkeypatch.setattr(remote, "MockControl", other)
    for name in ("BASE_URL", "MOCK_URL"):
        monkeypatch.delenv(f"INSIGHTIQ_{name}", raising=False)
    assert cli.main(["clock"]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1


def test_mistake_of_ours_is_not_blamed_on_version(run: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MockControl, "clock", lambda _: {}["gone"])
        with pytest.raises(KeyError):
            run("clock")


@pytest.mark.parametrize(
    ("words", "code"), [(["log", "--follow"], 0), (["advance", "1y"], None), (["log"], None)]
)
def test_ctrl_c_is_end_of_following_alone(
    run: Any, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int | None
) -> None:

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for name in ("requests", "advance"):
        monkeypatch.setattr(MockControl, name, stopped)
    if code is None:
        with pytest.raises(KeyboardInterrupt):
            run(*words)
    else:
        assert run(*words)[0] == code


def test_serve_without_its_libraries_is_one_sentence() -> None:
    script = (
        "import sys\n"
        "for name in ('connexion', 'starlette', 'uvicorn', 'yaml', 'orjson', 'faker'):\n"
        "    sys.modules[name] = None\n"
        "from insightiq_mock.__main__ import main\n"
        "sys.argv[1:] = ['serve', '--port', '0']\n"
        "sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("insightiq-mock: error: serve needs ")
    assert "pip install 'insightiq-toolkit[mock]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def parsed(run: Any, *arguments: str) -> Any:
    """Run a verb with --json and return what it says."""
    code, output, errors = run(*arguments, "--json")
    assert (code, errors) == (0, "")
    return json.loads(output)


def test_account_from_connection_to_disconnection(run: Any) -> None:
    account = run("connect", "TikTok", "--products", "identity,engagement", "--id")[1].strip()
    assert run("advance", "1h")[0] == 0
    assert len(parsed(run, "publish", account, "--count", "2")) == 2
    assert run("grow", account) == (0, f"Account {account} has grown.\n", "")
    assert run("sync", account, "identity")[0] == 0
    assert "SESSION_EXPIRED" in run("expire", account)[1]
    assert parsed(run, "disconnect", account)["status"] == "NOT_CONNECTED"
    code, _, error = run("disconnect", account)
    assert code == 1
    assert error.startswith("insightiq-mock: error: Account ")


def test_clock_is_shown_set_and_advanced(run: Any) -> None:
    assert run("clock", "frozen", "--at", "2026-11-02") == (0, "2026-11-02 00:00:00Z  frozen\n", "")
    assert parsed(run, "advance", "1", "minute")["clock"]["now"] == "2026-11-02T00:01:00Z"
    assert run("clock", "--at", "2026-11-02")[0] == 2
    code, _, error = run("advance", "1", "fortnight")
    assert code == 2
    assert "no unit of time" in error


def test_snapshots_and_reset(run: Any) -> None:
    assert run("snapshot") == (0, "There are no snapshots.\n", "")
    assert "insightiq-mock restore mine" in run("snapshot", "mine")[1]
    assert parsed(run, "snapshot") == ["mine"]
    assert run("restore", "mine")[0] == 0
    assert run("restore", "yours")[0] == 1
    assert run("reset") == (0, "The world is as it was seeded; its webhooks are gone, too.\n", "")


def test_settings_are_read_as_json_or_text(run: Any) -> None:
    settings = parsed(run, "settings", "webhook_items=7", "search_unknown=reject")
    assert (settings["webhook_items"], settings["search_unknown"]) == (7, "reject")
    assert "webhook_items" in run("settings")[1]
    assert "did you mean 'webhook_items'" in run("settings", "webhook_item=7")[2]
    assert run("settings", "webhook_items")[0] == 2


def test_notifications_are_triggered_listed_and_sent_again(
    run: Any, tenant: MockTenant, api: httpx.Client
) -> None:
    assert "to no one: no active webhook asks" in run("trigger", "PROFILES.ADDED")[1]
    url = tenant.receiver().url
    api.post("/v1/webhooks", json={"name": "w", "url": url, "events": ["PROFILES.ADDED"]})
    assert f"to {url}" in run("trigger", "PROFILES.ADDED", "--data", '{"profile_id": "p"}')[1]
    run("advance", "1s")
    (delivery,) = parsed(run, "deliveries", "--event", "PROFILES.ADDED")
    assert json.loads(delivery["request_body"])["data"] == {"profile_id": "p"}
    assert (
        f"{delivery['delivery_id']}  PROFILES.ADDED  #1  delivered 200  {url}"
        in (run("deliveries")[1])
    )
    assert run("deliveries")[1].endswith(f"{url}\n")
    assert "again  delivered 200" in run("resend", delivery["delivery_id"])[1]
    assert run("trigger", "PROFILES.ADDED", "--data", "[]")[0] == 2
    assert run("trigger", "PROFILES.ADDED", "--data", "{")[0] == 2


def test_deliveries_say_why_try_failed(run: Any, tenant: MockTenant, api: httpx.Client) -> None:

    def late(_received: object) -> int:
        raise TimeoutError

    url = tenant.receiver(late).url
    api.post("/v1/webhooks", json={"name": "w", "url": url, "events": ["PROFILES.ADDED"]})
    run("trigger", "PROFILES.ADDED")
    run("advance", "1s")
    assert f"{url}  There was no response within 5 s." in run("deliveries")[1]


def test_platform_without_products_is_rejected(run: Any) -> None:
    assert run("connect", "Snapchat")[2] == (
        "insightiq-mock: error: Snapchat gives no products; look at the products of the work"
        " platform.\n"
    )


def test_inbox_is_shown_and_cleared(run: Any, raw: httpx.Client) -> None:
    name = "test-commands"
    assert f"/_mock/inbox/{name}" in run("inbox", name)[1]
    raw.post(f"/_mock/inbox/{name}", json={"event": "X"})
    assert '200  {"event":"X"}' in run("inbox", name)[1]
    assert run("inbox", name, "--clear") == (0, "one message forgotten.\n", "")


def test_lists_name_their_clock(
    run: Any, tenant: MockTenant, api: httpx.Client, raw: httpx.Client
) -> None:
    run("clock", "frozen", "--at", "2026-11-02T07:08:09")
    raw.post("/_mock/inbox/test-clocks", json={})
    api.get("/v1/users")
    api.post(
        "/v1/webhooks",
        json={"name": "w", "url": tenant.receiver().url, "events": ["PROFILES.ADDED"]},
    )
    run("trigger", "PROFILES.ADDED")
    run("advance", "1s")
    machine = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ"
    for words, said in (
        (("inbox", "test-clocks"), f"Times are those of this machine, where it is {machine}; in"),
        (("log", "--developer", tenant.client_id), "Times are those of this machine"),
        (("deliveries",), "Times are those of the world, where it is 2026-11-02 07:08:10Z; on"),
    ):
        first, *rows = run(*words)[1].splitlines()
        assert re.match(said, first)
        assert "2026-11-02 07:08:" in first
        assert rows
        json_lines = run(*words, "--json")[1]
        assert "Times are" not in json_lines


def test_reset_says_that_webhooks_are_gone(run: Any, api: httpx.Client) -> None:
    webhook = {"name": "w", "url": "https://hooks.example/x", "events": ["PROFILES.ADDED"]}
    assert api.post("/v1/webhooks", json=webhook).is_success
    assert "webhooks are gone" in run("reset")[1]
    assert api.get("/v1/webhooks").json()["data"] == []


def test_faults_are_added_listed_and_cleared(run: Any) -> None:
    added = run("fault", "add", "--operation", "users.list", "--code", "503", "--times", "2")[1]
    assert added == "1  users.list  code=503  2 more\n"
    run("fault", "add", "--kind", "slow-body", "--seconds", "1.5", "--share", "0.25")
    assert "fault=slow-body, seconds=1.5  every call  of 25%" in run("fault")[1]
    assert run("fault", "clear", "1") == (0, "Rule 1 removed.\n", "")
    assert run("fault", "clear") == (0, "one rule removed.\n", "")
    assert run("fault") == (0, "There are no fault rules.\n", "")


def test_log_shows_calls_line_each(run: Any, tenant: MockTenant, api: httpx.Client) -> None:
    api.post("/v1/users", json={"name": "Ada", "external_id": "a"})
    api.get("/v1/users")
    mine = ("--developer", tenant.client_id)
    _, output, _ = run("log", *mine, "--json")
    assert [json.loads(line)["operation"] for line in output.splitlines()] == [
        "users.create",
        "users.list",
    ]
    assert "201  POST    /v1/users  users.create" in run("log", *mine, "--status", "2xx")[1]
    assert '> {"name":"Ada","external_id":"a"}' in run("log", *mine, "--bodies")[1]
    assert run("log", *mine, "--method", "delete")[1] == ""


def test_developers_are_made_listed_and_deleted(run: Any) -> None:
    made = parsed(run, "developers", "create", "--seed", "4")
    assert "small world of seed 4" in run("developers")[1]
    rotated = run("developers", "rotate-secret", "--developer", made["id"])[1]
    assert rotated.count("client_secret") == 2
    assert made["secrets"][0] in rotated
    retired = run("developers", "retire-secret", "--developer", made["id"])[1]
    assert made["secrets"][0] not in retired
    assert run("developers", "delete")[0] == 2
    assert run("developers", "delete", "--developer", made["id"])[0] == 0
    assert made["id"] not in run("developers")[1]


def test_health_says_what_runs(run: Any) -> None:
    assert run("health")[1].startswith("ok: insightiq-mock ")
    operations = list(openapi_document.operations(DOCUMENT))
    assert parsed(run, "health")["operations"] == len(operations)

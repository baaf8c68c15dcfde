"""`make drift`: recorded traffic against the document."""

from __future__ import annotations

import base64
import gzip
import json
import os
import pathlib
import subprocess
import sys
import zipfile
from typing import Any

import pytest
import validate_traffic

API = "https://api.sandbox.insightiq.ai"
USER = {
    "name": "Ada Secretname",
    "external_id": "ada@secret.example",
    "id": "0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60",
    "created_at": "2026-04-26T09:31:07.482915",
    "updated_at": "2026-04-26T09:31:07.482915",
    "status": "ACTIVE",
}
REQUEST_ID = {"name": "Request-Id", "value": "c7a1e5d0-3b92-4f68-8d17-0e4f6b2a9c35"}


def entry(url: str, body: Any = None, status: int = 200, **more: Any) -> dict[str, Any]:
    """One entry of a HAR."""
    content = more.pop("content", {"text": json.dumps(body), "mimeType": "application/json"})
    return {
        "request": {"method": more.pop("method", "GET"), "url": url, "headers": [], **more},
        "response": {"status": status, "headers": [REQUEST_ID], "content": content},
    }


def har(folder: pathlib.Path, *entries: dict[str, Any]) -> str:
    """Write a HAR and return its path."""
    path = folder / "traffic.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": list(entries)}}))
    return str(path)


def user_page(**changes: Any) -> dict[str, Any]:
    """A page with one user."""
    metadata = {"offset": 0, "limit": 10, "from_date": None, "to_date": None}
    return {"data": [{**USER, **changes}], "metadata": metadata}


def test_traffic_that_fits_is_quiet(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A recording of what the document says ends with 0."""
    assert (
        validate_traffic.main([har(tmp_path, entry(f"{API}/v1/users?limit=10", user_page()))]) == 0
    )
    assert "The traffic fits the document." in capsys.readouterr().out


def test_each_kind_of_difference_is_told_and_counted(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Operation, status, parameter, field, value and type, each with how often it was met."""
    path = har(
        tmp_path,
        entry(f"{API}/v1/users", user_page(shoe_size=43, status="SLEEPING", name=12)),
        entry(f"{API}/v1/users?sort=name", user_page(shoe_size=44)),
        entry(f"{API}/v1/trends/5e1c8f07-93ab-4d26-8a15-c40be7d2f391", {}),
        entry(f"{API}/v1/users", {}, status=418),
        entry(f"{API}/v1/users/{USER['id']}", {**USER, "id": "short"}),
    )
    assert validate_traffic.main([path, "--json", str(tmp_path / "result.json")]) == 1
    shown = capsys.readouterr().out
    for text in (
        "2 x  users.list: 200: the document does not know /data/*/shoe_size",
        "1 x  users.list: 200: /data/*/status holds SLEEPING",
        "1 x  users.list: 200: /data/*/name holds a number, of another type than documented",
        "1 x  users.list: the query has sort",
        "1 x  GET /v1/trends/{id}: the document has no such operation",
        "1 x  users.list: the document has no response with 418",
        "users.get: 200: /id does not fit its format in the document",
        "traffic.har, entry 1",
    ):
        assert text in shown
    told = json.loads((tmp_path / "result.json").read_text())
    assert told["validated"] == 5
    assert {each["kind"] for each in told["differences"]} >= {"field", "value", "type", "status"}


def test_nothing_of_the_traffic_itself_is_shown(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither values of bodies nor odd keys, paths or headers."""
    odd = entry(f"{API}/v1/users", user_page(**{"ada@secret.example": 1}, status="my password"))
    odd["response"]["headers"].append({"name": "x-session-of-ada", "value": "Basic c2VjcmV0"})
    path = har(tmp_path, odd, entry(f"{API}/v1/people/ada@secret.example", {}))
    assert validate_traffic.main([path]) == 1
    shown = capsys.readouterr().out
    for secret in ("ada@secret", "Secretname", "my password", "c2VjcmV0"):
        assert secret not in shown


def test_bodies_are_read_however_they_were_saved(tmp_path: pathlib.Path) -> None:
    """Base64, gzip within base64, and a whole HAR that is compressed."""
    raw = json.dumps(user_page()).encode()
    entries = [
        entry(
            f"{API}/v1/users",
            content={"text": base64.b64encode(each).decode(), "encoding": "base64"},
        )
        for each in (raw, gzip.compress(raw))
    ]
    path = pathlib.Path(har(tmp_path, *entries))
    assert validate_traffic.main([str(path)]) == 0
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert validate_traffic.main([str(path)]) == 0


def test_what_cannot_be_judged_is_left_out_and_said(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other hosts, other paths, preflights, masked headers, bodies that are not there."""
    masked = entry(f"{API}/v1/users", user_page())
    masked["response"]["headers"] = [{"name": "request-id", "value": "[Filtered]"}]
    brotli = entry(f"{API}/v1/users", content={"text": "GykA4A==", "encoding": "base64"})
    brotli["response"]["headers"].append({"name": "content-encoding", "value": "br"})
    path = har(
        tmp_path,
        entry("https://www.example.com/v1/users", {}),
        entry(f"{API}/docs", {}),
        entry(f"{API}/v1/users", {}, method="OPTIONS"),
        entry(f"{API}/v1/users", status=0),
        entry(f"{API}/v1/users", content={}),
        entry(f"{API}/v1/users", status=304, content={}),
        entry("wss://api.sandbox.insightiq.ai/live", status=101, content={}),
        brotli,
        masked,
    )
    assert validate_traffic.main([path]) == 0
    shown = capsys.readouterr().out
    for reason in (
        "another host: www.example.com",
        "not below /v1",
        "OPTIONS",
        "no response came",
        "from a browser's cache (304)",
        "2 x bodies that the recording does not hold",
        "headers that the recording hides",
    ):
        assert f"1 x {reason}" in shown or reason in shown


GOOD = entry(f"{API}/v1/users", user_page())
ODD_ENTRIES: dict[str, tuple[Any, str]] = {
    "null": (None, "without a method or an address"),
    "text": ("GET", "without a method or an address"),
    "no response": ({"request": GOOD["request"]}, "no response came"),
    "null response": ({**GOOD, "response": None}, "no response came"),
    "failed request": ({**GOOD, "response": {**GOOD["response"], "status": -1}}, "no response came"),
    "status as text": ({**GOOD, "response": {**GOOD["response"], "status": "200"}}, "no response came"),
    "status as truth": ({**GOOD, "response": {**GOOD["response"], "status": True}}, "no response came"),
    "half a character": (entry(f"{API}/v1/users/\ud83d"), "addresses that cannot be read"),
    "base64 that is none": (
        entry(f"{API}/v1/users", content={"text": "\u00e9\ud83d", "encoding": "base64"}),
        "does not hold"),
    "no request": ({"response": GOOD["response"]}, "without a method or an address"),
    "no address": ({**GOOD, "request": {"method": "GET"}}, "without a method or an address"),
    "half an address": (entry("http://[::1"), "addresses that cannot be read"),
    "bracket": (entry("https://h]/x"), "addresses that cannot be read"),
    "port": (entry("https://h:p/x"), "another host: h"),
    "null content": ({**GOOD, "response": {**GOOD["response"], "content": None}}, "does not hold"),
    "attached body that is gone": (
        entry(f"{API}/v1/users", content={"_file": "gone.json"}), "does not hold"),
    "attached body outside": (
        entry(f"{API}/v1/users", content={"_file": "../traffic.har"}), "does not hold"),
}  # fmt: skip


@pytest.mark.parametrize(("odd", "reason"), ODD_ENTRIES.values(), ids=ODD_ENTRIES)
def test_odd_entry_costs_only_itself(
    odd: Any, reason: str, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Recorders leave parts out: the entry is counted with its reason, the others are judged."""
    assert validate_traffic.main([har(tmp_path, GOOD, odd, GOOD)]) == 0
    shown = capsys.readouterr().out
    assert reason in shown
    assert "The traffic fits the document." in shown


def test_null_headers_are_none(tmp_path: pathlib.Path) -> None:
    """A recording without headers says nothing of them."""
    odd = {**GOOD, "response": {**GOOD["response"], "headers": None}}
    assert validate_traffic.main([har(tmp_path, odd)]) == 0


def test_plain_json_is_read_whatever_its_encoding_says(tmp_path: pathlib.Path) -> None:
    """Firefox calls it base64 at times."""
    content = {"text": json.dumps(user_page()), "encoding": "base64"}
    assert validate_traffic.main([har(tmp_path, entry(f"{API}/v1/users", content=content))]) == 0


def test_bodies_in_files_of_their_own_are_read(tmp_path: pathlib.Path) -> None:
    """Playwright writes them beside the recording, or with it into an archive."""
    (tmp_path / "body.json").write_text(json.dumps(user_page(shoe_size=43)), encoding="utf-8")
    attached = entry(f"{API}/v1/users", content={"_file": "body.json"})
    path = pathlib.Path(har(tmp_path, attached))
    assert validate_traffic.main([str(path)]) == 1
    archive = tmp_path / "traffic.zip"
    with zipfile.ZipFile(archive, "w") as members:
        members.write(path, "har.har")
        members.write(tmp_path / "body.json", "body.json")
    for file in (path, tmp_path / "body.json"):
        file.unlink()
    assert validate_traffic.main([str(archive)]) == 1


def test_encoded_path_is_the_operation_that_it_names(tmp_path: pathlib.Path) -> None:
    """Percent-encoding of plain characters says nothing."""
    found = entry(f"{API}/v1/users/external%5Fid/abc", USER)
    assert validate_traffic.main([har(tmp_path, found)]) == 0


def test_path_shows_no_value(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An id of the caller's own reads like a word; only words of the document are shown."""
    odd = entry(f"{API}/v1/users/external_id/ada-lovelace", USER, method="PATCH")
    assert validate_traffic.main([har(tmp_path, odd)]) == 1
    shown = capsys.readouterr().out
    assert "PATCH /v1/users/external_id/{…}" in shown
    assert "lovelace" not in shown


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('{"data": [{"name": "half \\ud83d", "new": 1}], "metadata": null}', "/data/*/new"),
        ('{"data": ' + "[" * 900 + "]" * 900 + "}", "nested too deeply"),
    ],
)
def test_body_that_no_validator_takes_is_told(
    body: str, told: str, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half an emoji and bottomless nesting end in words, not in a traceback."""
    assert (
        validate_traffic.main([har(tmp_path, entry(f"{API}/v1/users", content={"text": body}))])
        == 1
    )
    assert told in capsys.readouterr().out


def test_refusals_can_be_left_out(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A contract run sends much that is meant to be refused; its successes still count."""
    refused = entry(f"{API}/v1/users", {}, status=415)
    unknown = entry(f"{API}/v1/nowhere", {}, status=404)
    path = har(tmp_path, refused, unknown, entry(f"{API}/v1/users", user_page()))
    assert validate_traffic.main([path]) == 1
    assert "no operation of the document either" in capsys.readouterr().out
    assert validate_traffic.main([path, "--successes-only"]) == 0


def test_a_host_can_be_named(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Traffic of a proxy's own name counts once it is said to serve the API, and not before."""
    assert validate_traffic.main([har(tmp_path)]) == 2
    path = har(tmp_path, entry("https://proxy.example/v1/users", user_page()))
    assert validate_traffic.main([path]) == 2
    said = capsys.readouterr()
    assert "name its host with --host" in said.err
    assert "fits the document" not in said.out
    assert validate_traffic.main([path, "--host", "proxy.example"]) == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no JSON", "it is not JSON, so it is no HAR"),
        (b"[]", "no object under 'log'"),
        (b'{"log": {}}', "no list of entries"),
        (b"PK\x03\x04 damaged", "a damaged archive"),
        (b"\x1f\x8bdamaged", "it is not JSON, so it is no HAR"),
    ],
)
def test_what_is_no_har_is_refused_in_words(
    content: bytes, words: str, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence and the exit status 2, no traceback."""
    path = tmp_path / "traffic.har"
    path.write_bytes(content)
    assert validate_traffic.main([str(path)]) == 2
    assert words in capsys.readouterr().err


def test_a_missing_file_is_refused_in_words(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The name is said, and what to do."""
    assert validate_traffic.main([str(tmp_path / "none.har")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_reader_who_leaves_early_changes_nothing(tmp_path: pathlib.Path) -> None:
    """``| head`` ends it without a word, with the same status, and the file is written."""
    path = har(tmp_path, entry(f"{API}/v1/users?limit=10", user_page(colour="red")))
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, validate_traffic.__file__, path, "--json", str(tmp_path / "result.json")],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")
    assert "colour" in (tmp_path / "result.json").read_text(encoding="utf-8")

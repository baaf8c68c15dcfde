"""`make validate-traffic`: recorded traffic against the document."""

from __future__ import annotations

import base64
import gzip
import json
import os
import pathlib
import subprocess
import sys
import zipfile
from collections.abc import Callable
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

Validate = Callable[..., tuple[int, str]]


def entry(url: str, body: Any = None, status: int = 200, **more: Any) -> dict[str, Any]:
    """Return one entry of a HAR."""
    content = more.pop("content", {"text": json.dumps(body), "mimeType": "application/json"})
    return {
        "request": {"method": more.pop("method", "GET"), "url": url, "headers": [], **more},
        "response": {"status": status, "headers": [REQUEST_ID], "content": content},
    }


def har(folder: pathlib.Path, *entries: Any) -> str:
    """Write a HAR and return its path."""
    path = folder / "traffic.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": list(entries)}}))
    return str(path)


def user_page(**changes: Any) -> dict[str, Any]:
    """Return a page with one user."""
    metadata = {"offset": 0, "limit": 10, "from_date": None, "to_date": None}
    return {"data": [{**USER, **changes}], "metadata": metadata}


@pytest.fixture
def validate(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> Validate:
    """Validate entries; return exit status and output."""

    def run(*entries: Any, options: tuple[str, ...] = ()) -> tuple[int, str]:
        status = validate_traffic.main([har(tmp_path, *entries), *options])
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return run


def test_traffic_that_fits_is_reported(validate: Validate) -> None:
    status, output = validate(entry(f"{API}/v1/users?limit=10", user_page()))
    assert status == 0
    assert "The traffic fits the document." in output


def test_each_kind_of_difference_is_counted(validate: Validate, tmp_path: pathlib.Path) -> None:
    result = tmp_path / "result.json"
    status, output = validate(
        entry(f"{API}/v1/users", user_page(shoe_size=43, status="SLEEPING", name=12)),
        entry(f"{API}/v1/users?sort=name", user_page(shoe_size=44)),
        entry(f"{API}/v1/trends/5e1c8f07-93ab-4d26-8a15-c40be7d2f391", {}),
        entry(f"{API}/v1/users", {}, status=418),
        entry(f"{API}/v1/users/{USER['id']}", {**USER, "id": "short"}),
        options=("--json", str(result)),
    )
    assert status == 1
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
        assert text in output
    written = json.loads(result.read_text())
    assert written["validated"] == 5
    assert {each["kind"] for each in written["differences"]} >= {"field", "value", "type", "status"}


def test_no_value_of_traffic_is_shown(validate: Validate) -> None:
    """Neither values of bodies nor odd keys, paths or headers; only words of the document."""
    odd = entry(f"{API}/v1/users", user_page(**{"ada@secret.example": 1}, status="my password"))
    odd["response"]["headers"].append({"name": "x-session-of-ada", "value": "Basic c2VjcmV0"})
    status, output = validate(
        odd,
        entry(f"{API}/v1/people/ada@secret.example", {}),
        entry(f"{API}/v1/users/external_id/ada-lovelace", USER, method="PATCH"),
    )
    assert status == 1
    assert "PATCH /v1/users/external_id/{…}" in output
    for secret in ("ada@secret", "Secretname", "my password", "c2VjcmV0", "lovelace"):
        assert secret not in output


def test_bodies_are_read_however_they_were_saved(
    validate: Validate, tmp_path: pathlib.Path
) -> None:
    """Base64, gzip within base64, JSON that Firefox calls base64, and a HAR that is compressed."""
    raw = json.dumps(user_page()).encode()
    texts = [base64.b64encode(raw).decode(), base64.b64encode(gzip.compress(raw)).decode()]
    entries = [
        entry(f"{API}/v1/users", content={"text": text, "encoding": "base64"})
        for text in (*texts, raw.decode())
    ]
    assert validate(*entries)[0] == 0
    path = pathlib.Path(har(tmp_path, *entries))
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert validate_traffic.main([str(path)]) == 0


def test_what_cannot_be_validated_is_counted(validate: Validate) -> None:
    """Other hosts, other paths, preflights, masked headers, missing bodies."""
    masked = entry(f"{API}/v1/users", user_page())
    masked["response"]["headers"] = [{"name": "request-id", "value": "[Filtered]"}]
    brotli = entry(f"{API}/v1/users", content={"text": "GykA4A==", "encoding": "base64"})
    brotli["response"]["headers"].append({"name": "content-encoding", "value": "br"})
    status, output = validate(
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
    assert status == 0
    for reason in (
        "1 x another host: www.example.com",
        "x not below /v1",
        "(OPTIONS)",
        "1 x no response came",
        "1 x from a browser's cache (304)",
        "2 x bodies that the recording does not hold",
        "1 x headers that the recording hides",
    ):
        assert reason in output


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
def test_odd_entry_costs_only_itself(odd: Any, reason: str, validate: Validate) -> None:
    """The entry is counted with its reason, the others are validated."""
    status, output = validate(GOOD, odd, GOOD)
    assert status == 0
    assert reason in output
    assert "The traffic fits the document." in output


def test_recording_without_headers_is_validated(validate: Validate) -> None:
    assert validate({**GOOD, "response": {**GOOD["response"], "headers": None}})[0] == 0


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


def test_encoded_path_is_operation_that_it_names(validate: Validate) -> None:
    assert validate(entry(f"{API}/v1/users/external%5Fid/abc", USER))[0] == 0


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"data": [{"name": "half \\ud83d", "new": 1}], "metadata": null}', "/data/*/new"),
        ('{"data": ' + "[" * 900 + "]" * 900 + "}", "nested too deeply"),
    ],
)
def test_body_that_no_validator_takes_is_reported(
    body: str, message: str, validate: Validate
) -> None:
    status, output = validate(entry(f"{API}/v1/users", content={"text": body}))
    assert status == 1
    assert message in output


def test_rejected_requests_can_be_left_out(validate: Validate) -> None:
    """A contract run sends much that is meant to be rejected; its successes still count."""
    entries = [
        entry(f"{API}/v1/users", {}, status=415),
        entry(f"{API}/v1/nowhere", {}, status=404),
        entry(f"{API}/v1/users", user_page()),
    ]
    status, output = validate(*entries)
    assert status == 1
    assert "no operation of the document either" in output
    assert validate(*entries, options=("--successes-only",))[0] == 0


def test_host_can_be_named(validate: Validate) -> None:
    """Traffic of a proxy's own name counts once it is named, and not before."""
    assert validate()[0] == 2
    proxied = entry("https://proxy.example/v1/users", user_page())
    status, output = validate(proxied)
    assert status == 2
    assert "name its host with --host" in output
    assert "fits the document" not in output
    assert validate(proxied, options=("--host", "proxy.example"))[0] == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"plain", "it is not JSON, so it is no HAR"),
        (b"[]", "no object under 'log'"),
        (b'{"log": {}}', "no list of entries"),
        (b"PK\x03\x04 damaged", "a damaged archive"),
        (b"\x1f\x8bdamaged", "it is not JSON, so it is no HAR"),
        (None, "cannot be read"),
    ],
)
def test_file_that_is_no_har_is_one_sentence(
    content: bytes | None,
    message: str,
    tmp_path: pathlib.Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "traffic.har"
    if content is not None:
        path.write_bytes(content)
    assert validate_traffic.main([str(path)]) == 2
    assert message in capsys.readouterr().err


def test_reader_that_leaves_changes_nothing(tmp_path: pathlib.Path) -> None:
    """With ``| head``, the status is the same and the file is written."""
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

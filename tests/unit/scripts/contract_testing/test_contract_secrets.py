"""No artefact of a run holds a secret, in whatever spelling."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import pathlib
import re
import urllib.parse
from typing import TYPE_CHECKING, Any

import contract
import httpx
import openapi_document
import pytest
from contract_testing import layers, parts
from contract_testing.checks import Contract
from contract_testing.coverage import covered
from contract_testing.options import Options
from contract_testing.parts import Part, PartResult
from contract_testing.recording import Recording, RecordingTransport
from contract_testing.redaction import HIDDEN, Redactor
from contract_testing.report import Report
from contract_testing.reports.har import write_har
from contract_testing.reports.junit import write_junit
from contract_testing.reports.page import write_page
from contract_testing.routes import Routes
from contract_testing.run import CaseResult, Finding
from contract_testing.samples import Samples
from contract_testing.servers import Server
from contract_testing.tally import Tally
from published_document import DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_testing.run import Run

CLIENT_SECRET = 'client-s3cret/+"ü&<'
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoiYSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
PASSWORD = "correct horse battery"
COOKIE = "session=0123456789abcdef"
SECRETS = (CLIENT_SECRET, TOKEN, PASSWORD, COOKIE.partition("=")[2])

BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")


def answer(request: httpx.Request) -> httpx.Response:
    """Tell every secret in every way that a careless server finds."""
    header = request.headers["authorization"]
    return httpx.Response(
        500,
        headers={
            "set-cookie": COOKIE,
            "x-debug": f"secret={urllib.parse.quote(CLIENT_SECRET)}",
            "x-api-key": "key-0123456789",
        },
        json={
            "sdk_token": TOKEN,
            "error": f"{TOKEN} is not {CLIENT_SECRET}",
            "echo": {"authorization": header, "password": PASSWORD},
            "dump": base64.b64encode(f"user:{CLIENT_SECRET}:{PASSWORD}".encode()).decode(),
            "again": f"with {PASSWORD} and key-0123456789",
        },
    )


def decodings(text: str) -> list[str]:
    """The text, and all that decoding parts of it gives."""
    found = [text, urllib.parse.unquote_plus(text)]
    for each in BASE64.findall(text):
        for alphabet in (each, each.replace("-", "+").replace("_", "/")):
            try:
                found.append(base64.b64decode(alphabet + "=" * (-len(alphabet) % 4)).decode())
            except (binascii.Error, UnicodeDecodeError):
                continue
    return found


def spellings(secret: str) -> set[str]:
    """How a secret may stand in a file."""
    return {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}


def hold_clean(text: str) -> None:
    """Hold that no secret is in a text, however it is decoded."""
    for decoded in decodings(text):
        for secret in (*SECRETS, "key-0123456789"):
            assert not any(each in decoded for each in spellings(secret)), decoded[:300]


@pytest.fixture
def artefacts(tmp_path: pathlib.Path) -> list[str]:
    """The texts of all reports of a run in which every secret went over the wire."""
    contract, routes = Contract(DOCUMENT), Routes(DOCUMENT)
    recording = Recording()
    recording.secrets[CLIENT_SECRET] = None
    redactor, samples, tally = (
        Redactor(recording.secrets),
        Samples(routes),
        Tally(contract, routes),
    )
    recording.listeners += [redactor.learn_from, samples.listen, tally.listen]
    with httpx.Client(
        transport=RecordingTransport(recording, httpx.MockTransport(answer)),
        base_url="http://mock",
        auth=("user", CLIENT_SECRET.encode()),
    ) as client:
        client.post(f"/v1/users?token={urllib.parse.quote(TOKEN)}", json={"password": PASSWORD})
    seen = recording.exchanges[0]
    finding = Finding("A", "a rule", "users.create", f"{seen.url} {seen.response_body.decode()}")
    case = CaseResult("A", "a rule", "users.create", 0.1, (finding,))
    result = PartResult(
        part=Part("A", 1),
        name="a layer",
        question="?",
        cases=[redactor.case(case)],
        not_applicables=[],
        notes=[redactor.text(f"seen {TOKEN}")],
        requests=1,
        digest="",
        seconds=0.1,
        samples=samples.redacted(redactor),
        tally=tally,
        can_ask=True,
    )
    operations = list(openapi_document.operations(DOCUMENT))
    coverage = covered(DOCUMENT, operations, tally, can_ask=True, layers=["A"])
    report = Report("a server", Options(), [result], coverage, 0.1)
    write_har(report, tmp_path / "traffic.har")
    write_junit(report, tmp_path / "junit.xml")
    write_page(report, tmp_path / "index.html")
    return [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()]


def test_no_secret_is_in_any_report(artefacts: list[str]) -> None:
    """Credentials, tokens, bodies, headers, addresses; as they are, escaped and encoded."""
    assert len(artefacts) == 3
    for text in artefacts:
        assert HIDDEN in text
        hold_clean(text)


def test_what_is_not_secret_stays(artefacts: list[str]) -> None:
    """A report without content would be safe, too, and of no use."""
    har = next(text for text in artefacts if text.startswith("{"))
    entry: dict[str, Any] = json.loads(har)["log"]["entries"][0]
    assert entry["request"]["url"].startswith("http://mock/v1/users?token=")
    headers = {each["name"]: each["value"] for each in entry["request"]["headers"]}
    assert headers["authorization"] == f"Basic {HIDDEN}"
    assert entry["response"]["status"] == 500


@pytest.mark.parametrize("before", ["", "a", "ab", "abc:"])
def test_a_secret_inside_of_base64_is_hidden(before: str) -> None:
    """Wherever it begins within the groups of three bytes."""
    encoded = base64.b64encode(f"{before}{PASSWORD} and more".encode()).decode()
    hidden = Redactor({PASSWORD: None}).text(f"dump={encoded}")
    assert not any(PASSWORD[2:-2] in each for each in decodings(hidden))


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("http://mock/v1/users?access_token=hidden-thing-1", b""),
        ("http://mock/v1/users", b'{"secrets": ["hidden-thing-1"]}'),
        ("http://mock/v1/users", b'{"credentials": {"value": "hidden-thing-1"}}'),
        ("http://mock/v1/users", b"name=Ada&client_secret=hidden-thing-1"),
        ("http://mock/v1/users", gzip.compress(b'{"api_key": "hidden-thing-1"}', mtime=0)),
    ],
)
def test_a_secret_is_known_by_the_name_beside_it(url: str, body: bytes) -> None:
    """In addresses, lists, objects, forms and compressed bodies; and then hidden everywhere."""
    request = httpx.Request("POST", url, content=body)
    recording = Recording()
    recording.add(request, httpx.Response(200), body, 0.1)
    redactor = Redactor({})
    redactor.learn_from(recording.exchanges[0])
    shown = redactor.exchange(recording.exchanges[0])
    assert "hidden-thing-1" not in shown.url
    assert b"hidden-thing-1" not in shown.request_body
    assert shown.response_body.startswith(b"{") or not body.startswith(b"\x1f")
    assert redactor.text("told: hidden-thing-1") == f"told: {HIDDEN}"


def test_a_secret_in_a_quoted_body_is_hidden() -> None:
    """JSON within JSON escapes its quotation marks twice."""
    quoted = json.dumps({"sent": json.dumps({"name": 'say "secret"'})})
    assert "secret" not in Redactor({'say "secret"': None}).text(quoted)


def test_a_short_text_is_not_hunted_for() -> None:
    """A secret of a few letters would hide half of the report."""
    assert Redactor({"abc": None}).text("abcdef") == "abcdef"


class CarelessOrigin:
    """A server that tells every secret in each of its answers."""

    def transport(self) -> httpx.BaseTransport:
        """Return a transport to it."""
        return httpx.MockTransport(answer)

    def async_transport(self) -> httpx.AsyncBaseTransport:
        """Return a transport to it."""
        return httpx.MockTransport(answer)

    def fresh(self, _recording: Recording, _settings: Mapping[str, object]) -> Server | None:
        """Make no developer."""
        return None

    def close(self) -> None:
        """There is nothing to close."""


class CarelessLayer:
    """A layer that repeats what it was told in all that it says, and then fails."""

    letter = "D"
    name = "careless"
    question = "?"

    def run(self, run: Run) -> None:
        """Ask, say, and fail."""
        with run.server.http() as client, run.case(f"a rule about {CLIENT_SECRET}", "users.create"):
            seen = client.post(f"/v1/users?token={TOKEN}", json={"password": PASSWORD})
            run.note(f"seen {seen.text}")
            run.found(f"seen {seen.text} {seen.headers}")
        msg = f"{TOKEN} of {CLIENT_SECRET}"
        raise LookupError(msg)


def careless_server(_part: Part, _options: Options, recording: Recording) -> Server:
    """That server, with the secret as its password."""
    origin = CarelessOrigin()
    return Server("http://mock", "user", CLIENT_SECRET, origin, recording)


def test_no_secret_is_in_anything_that_the_command_says_or_writes(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Terminal, --result, JUnit, HAR and page of a run whose layer fails with a secret in hand."""
    monkeypatch.delenv("BASE_URL", raising=False)
    monkeypatch.setattr(contract, "REPORTS", tmp_path / "reports")
    monkeypatch.setattr(parts, "_server", careless_server)
    monkeypatch.setattr(layers, "load", lambda _letter: CarelessLayer())
    assert contract.main(["--layers", "D", "--result", str(tmp_path / "result.json")]) == 1
    files = {path.name: path for path in tmp_path.rglob("*") if path.is_file()}
    assert set(files) == {"index.html", "junit.xml", "result.json", "traffic.har"}
    said = capsys.readouterr()
    assert "the harness failed: LookupError: " in said.err
    assert HIDDEN in said.err
    for text in (said.out, said.err, *(path.read_text("utf-8") for path in files.values())):
        hold_clean(text)


def test_a_part_that_cannot_be_run_tells_no_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Something fails outside of any layer: a sentence and 2, and no traceback."""
    secret = "plain-s3cret-of-the-client"
    for name, text in (
        ("BASE_URL", "http://127.0.0.1:1"),
        ("CLIENT_ID", "user"),
        ("CLIENT_SECRET", secret),
    ):
        monkeypatch.setenv(name, text)

    def fail(*_: object) -> Server:
        msg = f"told {secret}"
        raise OSError(msg)

    monkeypatch.setattr(parts, "_server", fail)
    assert contract.main(["--layers", "D", "--no-reports"]) == 2
    said = capsys.readouterr()
    assert said.err == f"contract: D (seed 1) could not be run: OSError: told {HIDDEN}\n"
    hold_clean(said.out)


def test_credentials_in_an_address_are_refused_unseen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """BASE_URL stands in every report, so that it may hold none."""
    monkeypatch.setenv("BASE_URL", f"http://user:{TOKEN}@127.0.0.1:4010")
    monkeypatch.setenv("CLIENT_ID", "user")
    monkeypatch.setenv("CLIENT_SECRET", PASSWORD)
    with pytest.raises(SystemExit) as ended:
        contract.main([])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "BASE_URL holds credentials; leave them out" in said
    hold_clean(said)

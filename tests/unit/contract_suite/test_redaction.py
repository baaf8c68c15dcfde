"""Redaction of what the contract suite writes."""

from __future__ import annotations

import base64
import gzip
import json

import httpx
import pytest
from contract_suite.recording import Recording, har_entry
from contract_suite.redaction import HIDDEN, Redactor
from secret_forms import shows

PASSWORD = "correct horse battery"


@pytest.mark.parametrize("before", ["", "a", "ab", "abc:"])
def test_secret_in_base64_is_hidden(before: str) -> None:
    """Wherever it begins within the groups of three bytes."""
    encoded = base64.b64encode(f"{before}{PASSWORD} and more".encode()).decode()
    hidden = Redactor(PASSWORD).text(f"dump={encoded}")
    assert not any(PASSWORD[2:-2] in each for each in shows(hidden))


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
def test_secret_is_known_by_its_key(url: str, body: bytes) -> None:
    """In addresses, lists, objects, forms and compressed bodies; and then hidden everywhere."""
    request = httpx.Request("POST", url, content=body)
    recording = Recording()
    recording.add(request, httpx.Response(200), body, 0.1)
    redactor = Redactor()
    redactor.learn_from(recording.exchanges[0])
    shown = json.dumps(redactor.har_entry(har_entry(recording.exchanges[0])))
    assert "hidden-thing-1" not in shown
    assert HIDDEN in shown
    assert redactor.text("said: hidden-thing-1") == f"said: {HIDDEN}"


def test_secret_in_quoted_body_is_hidden() -> None:
    """JSON within JSON escapes its quotation marks twice."""
    quoted = json.dumps({"sent": json.dumps({"name": 'say "secret"'})})
    assert "secret" not in Redactor('say "secret"').text(quoted)


def test_short_secret_is_not_hidden() -> None:
    """A secret of a few letters would hide half of the report."""
    assert Redactor("abc").text("abcdef") == "abcdef"

"""Redaction of everything that the suite writes: reports, messages, results.

A secret is known by its value (client secrets; what stands under a key that names a secret) and then
hidden wherever it appears: as it is, percent-encoded, escaped in JSON, or inside base64 text.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import html
import json
import re
import typing
import urllib.parse
import zlib

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_suite.recording import Exchange

__all__ = ["HIDDEN", "Redactor", "unpacked"]

HIDDEN: typing.Final = "[hidden]"

_SECRET_KEY: typing.Final = re.compile(
    r"(token|secret|password|passwd|api[_-]?key|authorization|credential|signature)s?$",
    re.IGNORECASE,
)
_SECRET_BODY: typing.Final = re.compile(
    rb"token|secret|passw|api.?key|authorization|credential|signature", re.IGNORECASE
)
# Hidden by name: they hold credentials, or identify the person who ran the test.
_SECRET_HEADERS: typing.Final = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "www-authenticate-info"}
)
_COOKIE: typing.Final = re.compile(
    r"(?:^|;)\s*(?!(?:domain|expires|max-age|path|samesite)=)[^=;]+=([^;]*)", re.IGNORECASE
)
# A shorter text would be found, and hidden, in places that have nothing to do with it.
_SHORTEST: typing.Final = 6


class Redactor:
    """Hides secrets."""

    def __init__(self, *secrets: str) -> None:
        self._secrets: dict[str, list[str]] = {}
        self._forms: list[str] = []
        self.learn(*secrets)

    def learn(self, *secrets: str) -> None:
        """Hide these from now on."""
        new = {each for each in secrets if len(each) >= _SHORTEST} - self._secrets.keys()
        if new:
            self._secrets.update({each: list(dict.fromkeys(_forms(each))) for each in new})
            # A secret may hold a shorter one.
            forms = {form for every in self._secrets.values() for form in every}
            self._forms = sorted(forms, key=lambda form: (-len(form), form))

    def learn_from(self, exchange: Exchange) -> None:
        """Learn what stands under keys that name secrets, in addresses too, and in cookies."""
        self.learn(*_in_form(urllib.parse.urlsplit(exchange.url).query))
        for body in (exchange.request_body, exchange.response_body):
            plain = unpacked(body)
            if _SECRET_BODY.search(plain):
                self.learn(*_in_body(plain))
        for name, text in (*exchange.request_headers, *exchange.response_headers):
            if name.lower() in {"cookie", "set-cookie"}:
                self.learn(*_COOKIE.findall(text))
            elif name.lower() not in _SECRET_HEADERS and _SECRET_KEY.search(name):
                self.learn(text)

    def text(self, text: str) -> str:
        """Return ``text`` without secrets."""
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        return text

    def har_entry(self, entry: dict[str, typing.Any]) -> dict[str, typing.Any]:
        """Return an entry of a HAR without secrets; redacting twice changes nothing more."""
        redacted: dict[str, typing.Any] = self._node(entry)
        return redacted

    def _node(self, node: typing.Any) -> typing.Any:
        if isinstance(node, dict):
            members = typing.cast("dict[str, typing.Any]", node)
            if str(members.get("name")).lower() in _SECRET_HEADERS:
                scheme, blank, rest = str(members.get("value")).partition(" ")
                return {**members, "value": f"{scheme} {HIDDEN}" if blank and rest else HIDDEN}
            return {name: self._node(member) for name, member in members.items()}
        if isinstance(node, list):
            return [self._node(each) for each in typing.cast("list[typing.Any]", node)]
        return self.text(node) if isinstance(node, str) else node


def unpacked(body: bytes) -> bytes:
    """Return a body, decompressed where it is gzip without saying so."""
    if body.startswith(b"\x1f\x8b"):
        with contextlib.suppress(OSError, EOFError, zlib.error):
            return gzip.decompress(body)
    return body


def _in_form(text: str) -> list[str]:
    pairs = urllib.parse.parse_qsl(text, errors="replace")
    return [value for name, value in pairs if _SECRET_KEY.search(name)]


def _in_body(body: bytes) -> Iterator[str]:
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        yield from _in_form(body.decode(errors="replace"))
        return
    yield from _under_secret_keys(parsed, is_secret=False)


def _under_secret_keys(node: object, *, is_secret: bool) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in typing.cast("dict[str, object]", node).items():
            is_named = is_secret or _SECRET_KEY.search(key) is not None
            yield from _under_secret_keys(value, is_secret=is_named)
    elif isinstance(node, list):
        for value in typing.cast("list[object]", node):
            yield from _under_secret_keys(value, is_secret=is_secret)
    elif is_secret and isinstance(node, str | int | float) and not isinstance(node, bool):
        yield str(node)


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret as it is, percent-encoded, as in JSON and HTML, and as base64 holds it."""
    yield secret
    for percent in (
        urllib.parse.quote(secret),
        urllib.parse.quote(secret, safe=""),
        urllib.parse.quote_plus(secret),
    ):
        yield percent
        yield re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), percent)
    for ascii_only in (True, False):
        escaped = json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
        yield escaped
        # A body that quotes another body.
        yield json.dumps(escaped, ensure_ascii=ascii_only)[1:-1]
    yield html.escape(secret)
    raw = secret.encode()
    for before in range(3):
        # The characters that come from the secret alone, wherever it begins.
        encoded = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        core = encoded[(before * 8 + 5) // 6 : (before + len(raw)) * 8 // 6]
        yield core
        yield core.replace("+", "-").replace("/", "_")

"""Redaction of everything that the suite writes: reports, messages, results.

A secret is known by its value (client secrets; whatever stands under a key that names one) and then
hidden wherever it appears: as it is, percent-encoded, escaped in JSON, or inside of base64 text.
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
# Spelled out: values of these headers are secret or identify whoever ran the test.
_SECRET_HEADERS: typing.Final = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "www-authenticate-info"}
)
_COOKIES: typing.Final = frozenset({"cookie", "set-cookie"})
_COOKIE_ATTRIBUTES: typing.Final = frozenset(
    {"domain", "expires", "httponly", "max-age", "partitioned", "path", "samesite", "secure"}
)
# A shorter text would be found, and hidden, in places that have nothing to do with it.
_SHORTEST: typing.Final = 6
_GZIP: typing.Final = b"\x1f\x8b"
_WORDS: typing.Final = re.compile(r"[0-9A-Za-z]+")
_MARKED_BODY: typing.Final = re.compile(
    rb"token|secret|passw|api.?key|authorization|credential|signature", re.IGNORECASE
)


class Redactor:
    """Hides secrets.

    Args:
        secrets: Secrets known from the start.
    """

    def __init__(self, *secrets: str) -> None:
        self._learned: dict[str, None] = dict.fromkeys(secrets)
        self._known: dict[str, _Hider] = {}

    def learn(self, *secrets: str) -> None:
        """Learn secrets by themselves."""
        self._learned.update(dict.fromkeys(secrets))

    def learn_from(self, exchange: Exchange) -> None:
        """Learn what stands under keys that name secrets, in addresses too, and in cookies."""
        query = urllib.parse.urlsplit(exchange.url).query
        self._learned.update(
            dict.fromkeys(text for name, text in _pairs(query) if _SECRET_KEY.search(name))
        )
        for body in (exchange.request_body, exchange.response_body):
            plain = unpacked(body)
            if _MARKED_BODY.search(plain):
                self._learned.update(dict.fromkeys(_secrets_in(plain)))
        for name, text in (*exchange.request_headers, *exchange.response_headers):
            if name.lower() in _COOKIES:
                self._learned.update(dict.fromkeys(_in_cookies(text)))
            elif name.lower() not in _SECRET_HEADERS and _SECRET_KEY.search(name):
                self._learned[text] = None

    def text(self, text: str) -> str:
        """Return ``text`` without secrets."""
        for hider in self._hiders():
            text = hider.hide(text)
        return text

    def har_entry(self, entry: dict[str, typing.Any]) -> dict[str, typing.Any]:
        """Return an entry of a HAR without secrets; twice is as good as once."""
        redacted: dict[str, typing.Any] = self._node(entry)
        return redacted

    def _node(self, node: typing.Any) -> typing.Any:
        if isinstance(node, dict):
            members = typing.cast("dict[str, typing.Any]", node)
            if members.keys() == {"name", "value"}:
                return {"name": members["name"], "value": self._header(**members)}
            return {name: self._node(member) for name, member in members.items()}
        if isinstance(node, list):
            return [self._node(each) for each in typing.cast("list[typing.Any]", node)]
        return self.text(node) if isinstance(node, str) else node

    def _header(self, name: str, value: str) -> str:
        if name.lower() in _SECRET_HEADERS:
            scheme, blank, rest = value.partition(" ")
            return f"{scheme} {HIDDEN}" if blank and rest else HIDDEN
        return self.text(value)

    def _hiders(self) -> list[_Hider]:
        for secret in self._learned:
            if secret not in self._known and len(secret) >= _SHORTEST:
                self._known[secret] = _Hider(secret)
        # A secret may hold a shorter one.
        return [self._known[each] for each in sorted(self._known, key=len, reverse=True)]


def unpacked(body: bytes) -> bytes:
    """Return a body, decompressed where it is gzip without saying so."""
    if body.startswith(_GZIP):
        with contextlib.suppress(OSError, EOFError, zlib.error):
            return gzip.decompress(body)
    return body


def _in_cookies(text: str) -> Iterator[str]:
    for pair in text.split(";"):
        name, _, value = pair.strip().partition("=")
        if name.lower() not in _COOKIE_ATTRIBUTES:
            yield value


def _secrets_in(body: bytes) -> Iterator[str]:
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        # A form, perhaps.
        form = body.decode(errors="replace")
        yield from (text for name, text in _pairs(form) if _SECRET_KEY.search(name))
        return
    yield from _under_secret_keys(parsed, is_secret=False)


def _pairs(text: str) -> list[tuple[str, str]]:
    return urllib.parse.parse_qsl(text, errors="replace")


def _under_secret_keys(node: object, *, is_secret: bool) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in typing.cast("dict[str, object]", node).items():
            names_one = _SECRET_KEY.search(key) is not None
            yield from _under_secret_keys(value, is_secret=is_secret or names_one)
    elif isinstance(node, list):
        for value in typing.cast("list[object]", node):
            yield from _under_secret_keys(value, is_secret=is_secret)
    elif isinstance(node, str | int | float) and not isinstance(node, bool) and is_secret:
        yield str(node)


class _Hider:
    """Finds one secret in all its spellings.

    Args:
        secret: The secret.
    """

    def __init__(self, secret: str) -> None:
        encoded = list(dict.fromkeys(_inside_base64(secret)))
        plain = "".join(_spellings(character) for character in secret)
        self._pattern = re.compile("|".join([plain, *map(re.escape, encoded)]))
        # Looking for a plain text is a hundred times quicker than for a pattern.
        self._needles = [max(_WORDS.findall(secret), key=len, default=""), *encoded]

    def hide(self, text: str) -> str:
        """Return ``text`` without the secret."""
        if any(needle in text for needle in self._needles):
            return self._pattern.sub(HIDDEN, text)
        return text


def _spellings(character: str) -> str:
    """Return a pattern for a character as it is, percent-encoded, in JSON or in HTML."""
    if character.isascii() and character.isalnum():
        return character
    percent = "".join(f"%{byte:02X}" for byte in character.encode())
    in_json = json.dumps(character)[1:-1]
    spelled = {
        character,
        percent,
        percent.lower(),
        in_json,
        # A body that quotes another body.
        json.dumps(in_json)[1:-1],
        html.escape(character),
        "+" if character == " " else character,
    }
    longest_first = sorted(spelled, key=lambda each: (-len(each), each))
    return f"(?:{'|'.join(map(re.escape, longest_first))})"


def _inside_base64(secret: str) -> Iterator[str]:
    """Yield the characters of base64 text that come from the secret alone, wherever it begins."""
    raw = secret.encode()
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        core = encoded[(before * 8 + 5) // 6 : (before + len(raw)) * 8 // 6]
        yield core
        yield core.replace("+", "-").replace("/", "_")

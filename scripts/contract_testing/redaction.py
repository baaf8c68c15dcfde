"""Taking secrets out of everything that is written: reports, messages, results.

A secret is known by its value (client secrets; whatever stands under a key that names one) and then
hidden wherever it appears: as it is, percent-encoded, escaped in JSON, or inside of base64 text.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import re
import typing
import urllib.parse

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contract_testing.recording import Exchange, Headers
    from contract_testing.run import CaseResult

__all__ = ["HIDDEN", "Redactor"]

HIDDEN: typing.Final = "[hidden]"

_SECRET_KEY: typing.Final = re.compile(
    r"(token|secret|password|passwd|api[_-]?key|authorization|credential|signature)s?$",
    re.IGNORECASE,
)
# Spelled out: values of these headers are secret or identify whoever ran the test.
_SECRET_HEADERS: typing.Final = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "www-authenticate-info"}
)
# A shorter text would be found, and hidden, in places that have nothing to do with it.
_SHORTEST: typing.Final = 6
_MARKED_BODY: typing.Final = re.compile(
    rb"token|secret|passw|api.?key|authorization|credential|signature", re.IGNORECASE
)


class Redactor:
    """Hides secrets.

    Args:
        secrets: Secrets by themselves; it may grow.
    """

    def __init__(self, secrets: Mapping[str, None]) -> None:
        self._given = secrets
        self._learned: dict[str, None] = {}
        self._pattern: tuple[int, re.Pattern[str] | None] = (0, None)

    def learn_from(self, exchange: Exchange) -> None:
        """Learn what stands under keys that name secrets."""
        for body in (exchange.request_body, exchange.response_body):
            if _MARKED_BODY.search(body):
                self._learned.update(dict.fromkeys(_secrets_in(body)))
        for name, text in (*exchange.request_headers, *exchange.response_headers):
            if name.lower() not in _SECRET_HEADERS and _SECRET_KEY.search(name):
                self._learned[text] = None

    def text(self, text: str) -> str:
        """Return ``text`` without secrets."""
        pattern = self._compiled()
        return text if pattern is None else pattern.sub(HIDDEN, text)

    def body(self, body: bytes) -> bytes:
        """Return a body without secrets."""
        try:
            return self.text(body.decode()).encode()
        except UnicodeDecodeError:
            return self.text(body.decode("latin-1")).encode("latin-1")

    def headers(self, headers: Headers) -> Headers:
        """Return headers without secrets; the scheme of credentials stays."""
        return tuple((name, self._header(name, text)) for name, text in headers)

    def exchange(self, exchange: Exchange) -> Exchange:
        """Return an exchange without secrets."""
        return dataclasses.replace(
            exchange,
            url=self.text(exchange.url),
            request_headers=self.headers(exchange.request_headers),
            request_body=self.body(exchange.request_body),
            response_headers=self.headers(exchange.response_headers),
            response_body=self.body(exchange.response_body),
            problem=None if exchange.problem is None else self.text(exchange.problem),
        )

    def case(self, case: CaseResult) -> CaseResult:
        """Return what a case found without secrets."""
        findings = tuple(
            dataclasses.replace(each, message=self.text(each.message)) for each in case.findings
        )
        return dataclasses.replace(case, findings=findings)

    def _header(self, name: str, text: str) -> str:
        if name.lower() in _SECRET_HEADERS:
            scheme, blank, rest = text.partition(" ")
            return f"{scheme} {HIDDEN}" if blank and rest else HIDDEN
        return self.text(text)

    def _compiled(self) -> re.Pattern[str] | None:
        known, pattern = self._pattern
        number = len(self._given) + len(self._learned)
        if known != number:
            secrets = (*self._given, *self._learned)
            spellings = {each for secret in secrets for each in _spellings(secret)}
            longest_first = sorted(spellings, key=lambda each: (-len(each), each))
            pattern = re.compile("|".join(map(re.escape, longest_first))) if spellings else None
            self._pattern = (number, pattern)
        return pattern


def _secrets_in(body: bytes) -> Iterator[str]:
    try:
        parsed: object = json.loads(body)
    except ValueError:
        return
    yield from _under_secret_keys(parsed)


def _under_secret_keys(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in typing.cast("dict[str, object]", node).items():
            if isinstance(value, str) and _SECRET_KEY.search(key):
                yield value
            else:
                yield from _under_secret_keys(value)
    elif isinstance(node, list):
        for value in typing.cast("list[object]", node):
            yield from _under_secret_keys(value)


def _spellings(secret: str) -> Iterator[str]:
    """Yield how a secret may be written."""
    if len(secret) < _SHORTEST:
        return
    yield secret
    yield urllib.parse.quote(secret, safe="")
    yield urllib.parse.quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    raw = secret.encode()
    for before in range(3):
        # Whatever stands before and after it, these characters come from the secret alone.
        encoded = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        first = (before * 8 + 5) // 6
        last = (before + len(raw)) * 8 // 6
        core = encoded[first:last]
        yield core
        yield core.replace("+", "-").replace("/", "_")

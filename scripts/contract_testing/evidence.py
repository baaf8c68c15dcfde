"""Request and answer of an exchange, as a person reads them."""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from contract_testing.recording import Exchange, Headers
    from contract_testing.run import Finding

__all__ = ["answer_text", "request_text", "told"]

_LINE: typing.Final = 400
_PAGE: typing.Final = 4000


def told(finding: Finding) -> str:
    """Return what is wrong, with the exchange that showed it in two lines."""
    exchange = finding.exchange
    if exchange is None:
        return finding.message
    request = f"{exchange.method} {exchange.url} {_cut(exchange.request_body, _LINE)}".rstrip()
    answer = f"{_status(exchange)} {_cut(exchange.response_body, _LINE)}".rstrip()
    return f"{finding.message}\nlast request: {request}\nits answer: {answer}"


def request_text(exchange: Exchange) -> str:
    """Return the whole request, as it would stand on the wire."""
    first = f"{exchange.method} {exchange.url}"
    return _message(first, exchange.request_headers, exchange.request_body)


def answer_text(exchange: Exchange) -> str:
    """Return the whole answer, as it would stand on the wire."""
    return _message(_status(exchange), exchange.response_headers, exchange.response_body)


def _status(exchange: Exchange) -> str:
    return "none came" if exchange.status is None else str(exchange.status)


def _message(first: str, headers: Headers, body: bytes) -> str:
    lines = [first, *(f"{name}: {text}" for name, text in headers)]
    return "\n".join([*lines, "", _cut(body, _PAGE)]).rstrip()


def _cut(body: bytes, most: int) -> str:
    text = body.decode(errors="replace")
    more = len(text) - most
    return f"{text[:most]} … and {more} characters more" if more > 0 else text

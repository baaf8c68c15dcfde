"""Exchanges as HAR 1.2, which browsers and Redocly's ``drift`` read."""

from __future__ import annotations

import base64
import typing
import urllib.parse

from contract_suite.redaction import unpacked

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_suite.recording import Exchange, Headers

__all__ = ["har_entry", "har_log"]

# Times of the wall clock would make two runs of the same requests differ.
_STARTED: typing.Final = "2000-01-01T00:00:00.000Z"
_COMMENT: typing.Final = (
    "The first three exchanges of each test function, operation and status, and those of failures. "
    "Secrets are replaced by [hidden]. The schema tests send broken requests on purpose."
)


def har_log(entries: Sequence[dict[str, typing.Any]]) -> dict[str, typing.Any]:
    """Return the file for these entries."""
    creator = {"name": "contract tests", "version": "1"}
    log = {"version": "1.2", "creator": creator, "comment": _COMMENT, "entries": list(entries)}
    return {"log": log}


def har_entry(exchange: Exchange) -> dict[str, typing.Any]:
    """Return the entry of an exchange."""
    milliseconds = round(exchange.seconds * 1000, 1)
    return {
        "startedDateTime": _STARTED,
        "time": milliseconds,
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": exchange.test,
    }


def _request(exchange: Exchange) -> dict[str, typing.Any]:
    query = urllib.parse.parse_qsl(
        urllib.parse.urlsplit(exchange.url).query, keep_blank_values=True
    )
    request: dict[str, typing.Any] = {
        "method": exchange.method,
        "url": exchange.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(exchange.request_headers),
        "queryString": _pairs(tuple(query)),
        "headersSize": -1,
        "bodySize": len(exchange.request_body),
    }
    if exchange.request_body:
        text, encoding = _text(exchange.request_body)
        request["postData"] = {"mimeType": _media_type(exchange.request_headers), "text": text}
        if encoding:
            request["postData"]["comment"] = f"encoding: {encoding}"
    return request


def _response(exchange: Exchange) -> dict[str, typing.Any]:
    text, encoding = _text(exchange.response_body)
    content: dict[str, typing.Any] = {
        "size": len(exchange.response_body),
        "mimeType": _media_type(exchange.response_headers),
        "text": text,
    }
    if encoding:
        content["encoding"] = encoding
    return {
        # HAR's own way to say that no response came.
        "status": exchange.status or 0,
        "statusText": exchange.problem or "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(exchange.response_headers),
        "content": content,
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": len(exchange.response_body),
    }


def _pairs(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": text} for name, text in headers]


def _media_type(headers: Headers) -> str:
    return next((text for name, text in headers if name.lower() == "content-type"), "")


def _text(body: bytes) -> tuple[str, str | None]:
    body = unpacked(body)
    try:
        return body.decode(), None
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"

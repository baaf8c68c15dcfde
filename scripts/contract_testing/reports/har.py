"""Exchanges as HAR 1.2, which browsers and Redocly's ``drift`` read."""

from __future__ import annotations

import base64
import json
import typing
import urllib.parse

if typing.TYPE_CHECKING:
    import pathlib

    from contract_testing.recording import Exchange, Headers
    from contract_testing.report import Report

__all__ = ["write_har"]

# Times of the wall clock would make two runs of the same requests differ, and tell nobody anything.
_STARTED: typing.Final = "2000-01-01T00:00:00.000Z"
_COMMENT: typing.Final = (
    "The first three exchanges of each layer, operation and status, and those that findings are "
    "about. Secrets are replaced by [hidden]. Requests of layer P are broken on purpose where they are refused."
)


def write_har(report: Report, path: pathlib.Path) -> None:
    """Write the exchanges of a run as HAR."""
    log = {
        "version": "1.2",
        "creator": {"name": "contract tests", "version": "1"},
        "comment": _COMMENT,
        "entries": [_entry(exchange) for _, exchange in report.samples],
    }
    path.write_text(json.dumps({"log": log}, indent=1), encoding="utf-8")


def _entry(exchange: Exchange) -> dict[str, object]:
    milliseconds = round(exchange.seconds * 1000, 1)
    return {
        "startedDateTime": _STARTED,
        "time": milliseconds,
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": f"{exchange.layer}: {exchange.rule}",
    }


def _request(exchange: Exchange) -> dict[str, object]:
    query = urllib.parse.parse_qsl(
        urllib.parse.urlsplit(exchange.url).query, keep_blank_values=True
    )
    request: dict[str, object] = {
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
        post = {"mimeType": _media_type(exchange.request_headers), "text": text}
        request["postData"] = post | ({"comment": f"encoding: {encoding}"} if encoding else {})
    return request


def _response(exchange: Exchange) -> dict[str, object]:
    text, encoding = _text(exchange.response_body)
    content: dict[str, object] = {
        "size": len(exchange.response_body),
        "mimeType": _media_type(exchange.response_headers),
        "text": text,
    }
    if encoding:
        content["encoding"] = encoding
    return {
        # HAR's own way to say that no answer came.
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
    try:
        return body.decode(), None
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"

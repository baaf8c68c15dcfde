"""API errors and their envelope.

The envelope and its key order were seen on the wire (evidence.md#error-envelope), and so were the
types and codes of 404 and some of 400. The others are assumptions in the same style.
"""

from __future__ import annotations

import http
import logging
from typing import TYPE_CHECKING

import orjson
from starlette.exceptions import HTTPException

from insightiq_mock.context import ApiError, RequestContext, Response, json_response
from insightiq_mock.db import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insightiq_mock.openapi.schemas import Violation

__all__ = [
    "CHALLENGE",
    "body_too_slow",
    "error_response",
    "foreign_host",
    "foreign_page",
    "invalid_request",
    "malformed_host",
    "method_not_allowed",
    "nonconforming_response",
    "nothing_at_root",
    "payload_too_large",
    "server_stopping",
    "unauthorized",
    "unknown_path",
    "unsupported_encoding",
    "unsupported_media_type",
]

CHALLENGE = 'Basic realm="InsightIQ API", charset="UTF-8"'

_RETRY_AT_ONCE = {"Retry-After": "1"}

_SHOWN_VIOLATIONS = 10
_SHOWN_PATH = 200

_LOG = logging.getLogger("insightiq_mock")


def invalid_request(violations: Sequence[Violation]) -> ApiError:
    """400: the request breaks the document's rules; the message names every place."""
    only_missing = all(violation.missing for violation in violations)
    code = "missing_fields" if only_missing else "invalid_parameters"
    return ApiError(400, "INVALID_REQUEST_PARAMETERS", code, _listed(violations))


def unauthorized(message: str) -> ApiError:
    """401, with the challenge that HTTP asks for."""
    return ApiError(
        401, "UNAUTHORIZED", "invalid_credentials", message, {"WWW-Authenticate": CHALLENGE}
    )


def unknown_path(path: str) -> ApiError:
    """404: the document has no such path."""
    message = f"There is no path {path[:_SHOWN_PATH]}; see the document for those of this API."
    return ApiError(404, "RECORD_NOT_FOUND", "unknown_path", message)


def nothing_at_root(docs_path: str, *document_paths: str) -> ApiError:
    """404: nothing is served at the root."""
    documents = " and ".join(document_paths)
    message = (
        f"There is nothing at /; documentation is at {docs_path}, the document at {documents}."
    )
    return ApiError(404, "RECORD_NOT_FOUND", "unknown_path", message)


def method_not_allowed(method: str, path: str, allowed: str) -> ApiError:
    """405, with everything that the path does allow."""
    message = f"{path[:_SHOWN_PATH]} does not support {method}; it supports {allowed}."
    return ApiError(405, "METHOD_NOT_ALLOWED", "method_not_allowed", message, {"Allow": allowed})


def malformed_host(text: str) -> ApiError:
    """400: the ``Host`` header is malformed."""
    message = f"The header Host is {text[:_SHOWN_PATH]!r}; it must be a host, perhaps with a port."
    return ApiError(400, "INVALID_REQUEST_PARAMETERS", "malformed_request", message)


def foreign_host(host: str) -> ApiError:
    """403: the request was sent to a name that is not this server's."""
    host = host[:_SHOWN_PATH]
    message = (
        f"This server is not called {host!r}; call it as localhost or 127.0.0.1, or"
        f" start it with --allow-host {host}."
    )
    return ApiError(403, "FORBIDDEN", "foreign_origin", message)


def foreign_page(origin: str) -> ApiError:
    """403: a web page of another origin sends an unsafe request."""
    message = (
        f"Web pages of the origin {origin[:_SHOWN_PATH]!r} may not call this server; call it from a"
        " page of localhost, or from a program."
    )
    return ApiError(403, "FORBIDDEN", "foreign_origin", message)


def payload_too_large(limit: int) -> ApiError:
    """413: the body is longer than the server reads."""
    message = f"The request body is longer than {limit} bytes."
    return ApiError(413, "PAYLOAD_TOO_LARGE", "payload_too_large", message)


def body_too_slow(seconds: float) -> ApiError:
    """408: the body is incomplete."""
    message = f"The request body did not arrive within {seconds:g} seconds."
    return ApiError(408, "REQUEST_TIMEOUT", "request_timeout", message)


def unsupported_media_type(message: str) -> ApiError:
    """415: the operation does not take this media type."""
    return ApiError(415, "UNSUPPORTED_MEDIA_TYPE", "unsupported_media_type", message)


def unsupported_encoding(encoding: str) -> ApiError:
    """415, with the encodings that are understood (RFC 9110, 12.5.3)."""
    message = (
        f"The content encoding {encoding!r} is not understood; send gzip, or the body as it is."
    )
    headers = {"Accept-Encoding": "gzip"}
    return ApiError(415, "UNSUPPORTED_MEDIA_TYPE", "unsupported_content_encoding", message, headers)


def internal_error(message: str) -> ApiError:
    """500: a fault of the server."""
    return ApiError(500, "INTERNAL_SERVER_ERROR", "internal_server_error", message)


def server_stopping() -> ApiError:
    """503: the server stops before the request is handled."""
    message = "The server stops and did not finish this request; send it again to the next one."
    return ApiError(503, "INTERNAL_SERVER_ERROR", "server_stopping", message, _RETRY_AT_ONCE)


def store_unavailable(message: str) -> ApiError:
    """503: the database cannot be used."""
    return ApiError(503, "INTERNAL_SERVER_ERROR", "database_unavailable", message, _RETRY_AT_ONCE)


def nonconforming_response(
    operation_id: str, status: int, violations: Sequence[Violation]
) -> ApiError:
    """500: the response would break the document."""
    message = f"The {status} response of {operation_id} breaks the document: {_listed(violations)}"
    _LOG.error("%s", message)
    return internal_error(message)


def error_response(error: Exception, context: RequestContext) -> Response:
    """Put an exception into the error envelope."""
    api_error = _as_api_error(error, context)
    # Both spellings of code and status, and this order: as seen on the wire.
    envelope = {
        "type": api_error.type,
        "code": api_error.code,
        "error_code": api_error.code,
        "message": api_error.message,
        "status_code": api_error.status,
        "http_status_code": api_error.status,
        "request_id": context.request_id,
    }
    headers = ((name.lower(), value) for name, value in api_error.headers.items())
    return json_response(api_error.status, orjson.dumps({"error": envelope}), *headers)


def _listed(violations: Sequence[Violation]) -> str:
    shown = "; ".join(str(violation) for violation in violations[:_SHOWN_VIOLATIONS])
    more = len(violations) - _SHOWN_VIOLATIONS
    return f"{shown}; and {more} more" if more > 0 else f"{shown}."


def _as_api_error(error: Exception, context: RequestContext) -> ApiError:
    if isinstance(error, ApiError):
        return error
    # connexion's own exceptions are HTTPExceptions; the only one it raises here says that no
    # security scheme found credentials.
    if isinstance(error, HTTPException) and error.status_code == http.HTTPStatus.UNAUTHORIZED:
        return unauthorized(
            "No credentials were sent; use HTTP Basic with client id and client secret."
        )
    operation = context.operation_id or "a request"
    if isinstance(error, StoreError):
        # No defect of the server: the sentence says what happened to the file.
        _LOG.error("request %s: %s failed: %s", context.request_id, operation, error)
        return store_unavailable(str(error))
    _LOG.error("request %s: %s failed", context.request_id, operation, exc_info=error)
    return internal_error("The server failed; its log says why, under this request id.")

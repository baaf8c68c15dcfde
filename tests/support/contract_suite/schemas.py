"""schemathesis with the suite's settings, server and exceptions.

Its requests leave through `Server.transport`, like all others, so that they are recorded and checked,
and a mock in this process needs no port.
"""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import io
import pathlib
import tomllib
import typing
import unittest.mock
import urllib.parse
from http import HTTPStatus

import httpx
import requests
import requests.adapters
import schemathesis
import urllib3
from document_views import with_link_bodies
from schemathesis.config import SchemathesisConfig
from schemathesis.filters import FilterSet

from contract_suite.rejections import is_justified
from contract_suite.rows import schemathesis_settings

if typing.TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from openapi_document import Operation
    from schemathesis.core.failures import Failure
    from schemathesis.schemas import BaseSchema

    from contract_suite.recording import Exchange
    from contract_suite.rows import SeedData
    from contract_suite.servers import Server
    from contract_suite.session import Settings

__all__ = ["AnyCase", "as_response", "load_schema", "requests_go_to"]

AnyCase: typing.TypeAlias = "schemathesis.Case[typing.Any]"

_SETTINGS: typing.Final = pathlib.Path(__file__).resolve().parents[3] / "schemathesis.toml"
_FORMS: typing.Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_ACCEPTED_INVALID_DATA: typing.Final = "ST201"
_REJECTED_VALID_DATA: typing.Final = "ST202"
# Use after free, created resource not found: they compare responses with one another.
_STATEFUL_FAILURES: typing.Final = frozenset({"ST301", "ST302"})
# Failures of the form "another status should have come"; a 429 with a flaw of its own has others,
# which no limit excuses.
_ANOTHER_STATUS_SHOULD_HAVE_COME: typing.Final = ("ST2", "ST3", "ST4")
# Checks that send requests of their own, with wrong credentials or methods that write.
_PROBING_CHECKS: typing.Final = (
    "ensure_resource_availability",
    "ignored_auth",
    "missing_required_header",
    "unsupported_method",
    "use_after_free",
)
_READ_ONLY: typing.Final[Mapping[str, typing.Any]] = {
    "phases": {"coverage": {"enabled": False}},
    "generation": {"mode": "positive", "max-examples": 3},
    "checks": {name: {"enabled": False} for name in _PROBING_CHECKS},
}
_TIMEOUT: typing.Final = dict.fromkeys(("connect", "read", "write", "pool"), 30.0)
# A random id of its own on each request, the only thing that would differ from run to run.
_TEST_CASE_ID: typing.Final = "x-schemathesis-testcaseid"


class _ServerAdapter(requests.adapters.BaseAdapter):
    """Sends the requests library's requests to a `Server`."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._transport = server.transport()

    def send(
        self, request: requests.PreparedRequest, *_: object, **__: object
    ) -> requests.Response:
        """Send a request as it is, byte for byte."""
        parts = urllib.parse.urlsplit(request.url or "")
        target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
        body = request.body or b""
        # Files and streams are for multipart bodies, which this API does not have.
        assert isinstance(body, str | bytes)
        sent = httpx.Request(
            request.method or "",
            httpx.URL(
                scheme=parts.scheme,
                host=parts.hostname or "",
                port=parts.port,
                raw_path=target.encode(),
            ),
            headers=[
                (_bytes(name), _bytes(text))
                for name, text in request.headers.items()
                if name.lower() != _TEST_CASE_ID
            ],
            content=body.encode() if isinstance(body, str) else body,
            extensions={"timeout": _TIMEOUT},
        )
        try:
            response = self._transport.handle_request(sent)
            with contextlib.closing(response):
                content = response.read()
        except httpx.TimeoutException as error:
            raise requests.exceptions.ReadTimeout(error, request=request) from error
        except httpx.HTTPError as error:
            raise requests.exceptions.ConnectionError(error, request=request) from error
        return _as_requests(request, response, content)

    def close(self) -> None:
        self._transport.close()


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")


def _as_requests(
    request: requests.PreparedRequest, response: httpx.Response, content: bytes
) -> requests.Response:
    headers = urllib3.HTTPHeaderDict(
        (name, text) for name, text in response.headers.multi_items() if name != "content-encoding"
    )
    converted = requests.Response()
    converted.status_code = response.status_code
    converted.headers.update(headers)
    converted.url = request.url or ""
    converted.request = request
    converted.reason = response.reason_phrase
    converted.encoding = response.charset_encoding
    converted.raw = urllib3.HTTPResponse(
        body=io.BytesIO(content),
        headers=headers,
        status=response.status_code,
        preload_content=False,
        reason=response.reason_phrase,
    )
    return converted


@contextlib.contextmanager
def requests_go_to(server: Server) -> Generator[None]:
    """Send everything that schemathesis sends within the block to ``server``.

    Its checks open sessions of their own, so that a session given to it would not do.
    """
    adapter = _ServerAdapter(server)

    def get_adapter(_session: requests.Session, _url: str = "", **_: object) -> _ServerAdapter:
        return adapter

    with (
        contextlib.closing(adapter),
        unittest.mock.patch.object(requests.Session, "get_adapter", get_adapter),
    ):
        yield


def as_response(exchange: Exchange) -> schemathesis.Response:
    """Return the response of an exchange as schemathesis' checks take it."""
    request = httpx.Request(
        exchange.method,
        exchange.url,
        headers=list(exchange.request_headers),
        content=exchange.request_body,
    )
    assert exchange.status is not None
    response = httpx.Response(
        exchange.status,
        headers=[each for each in exchange.response_headers if each[0] != "content-encoding"],
        content=exchange.response_body,
        request=request,
    )
    response.elapsed = dt.timedelta(seconds=exchange.seconds)
    return schemathesis.Response.from_httpx(response, verify=True)


def load_schema(
    settings: Settings,
    operations: Sequence[Operation],
    server: Server,
    seed_data: SeedData,
    **overrides: typing.Any,
) -> BaseSchema:
    """Return the document as schemathesis sees it."""
    merged = tomllib.loads(_SETTINGS.read_text(encoding="utf-8"))
    credentials = {"username": server.client_id, "password": server.client_secret}
    for more in (
        schemathesis_settings(settings.document, seed_data),
        {
            "base-url": server.base_url,
            "seed": settings.seed,
            "auth": {"openapi": {"BasicAuthentication": credentials}},
            "generation": {"max-examples": settings.examples},
        },
        copy.deepcopy(_READ_ONLY) if server.read_only else {},
        overrides,
    ):
        _merge(merged, more)
    config = SchemathesisConfig.from_dict(merged)
    schema = schemathesis.openapi.from_dict(with_link_bodies(settings.document), config=config)

    def filter_failure(
        _context: schemathesis.HookContext,
        failure: Failure,
        case: AnyCase,
        response: schemathesis.Response,
    ) -> bool:
        return not _is_excused(failure, case, response, server)

    schema.hook(filter_failure)
    # Not `include`, beside which the operations that the settings name would be included, too.
    names = [each.id for each in operations]
    return schema.clone(filter_set=FilterSet().with_include(operation_id=names))


def _is_excused(
    failure: Failure, case: AnyCase, response: schemathesis.Response, server: Server
) -> bool:
    """Whether the server was right, for a reason that a schema cannot give."""
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return (
            server.is_limited
            and "retry-after" in response.headers
            and failure.code.startswith(_ANOTHER_STATUS_SHOULD_HAVE_COME)
        )
    if failure.code in _STATEFUL_FAILURES:
        return bool(server.recording.from_examples)
    if failure.code == _ACCEPTED_INVALID_DATA:
        # A form holds texts: one value is a list of one, and an object is the text of it.
        is_type = "Incorrect type" in failure.message or "violates `type`" in failure.message
        return case.media_type in _FORMS and is_type
    if failure.code != _REJECTED_VALID_DATA:
        return False
    with server.http(retries=True) as client:
        return is_justified(response.content, case, client)


def _merge(into: dict[str, typing.Any], more: Mapping[str, typing.Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], typing.cast("dict[str, typing.Any]", value))
        else:
            into[key] = value

"""schemathesis on our terms: our settings, our server, our checks.

Its requests leave through `Server.transport`, like all others, so they are recorded and a mock in
this process needs no port.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
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
from document_views import Contract, Routes, with_link_bodies
from schemathesis.config import SchemathesisConfig
from schemathesis.filters import FilterSet

from contract_suite.checks import Response, violations
from contract_suite.rejections import Rejected, is_justified
from contract_suite.seed_data import schemathesis_settings

if typing.TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from openapi_document import Operation
    from schemathesis.core.failures import Failure
    from schemathesis.schemas import BaseSchema

    from contract_suite.options import Settings
    from contract_suite.recording import Exchange
    from contract_suite.seed_data import SeedData
    from contract_suite.servers import Server

__all__ = ["AnyCase", "as_response", "load_schema", "requests_go_to"]

AnyCase: typing.TypeAlias = "schemathesis.Case[typing.Any]"

SETTINGS: typing.Final = pathlib.Path(__file__).resolve().parents[3] / "schemathesis.toml"
_REJECTED_VALID_DATA: typing.Final = "ST202"
# Use after free, created resource not found: they compare responses with one another.
_STATEFUL_FAILURES: typing.Final = frozenset({"ST301", "ST302"})
# Failures of the form "another status should have come"; what a 429 itself has to be like is in
# others, which no limit excuses.
_ANOTHER_STATUS_SHOULD_HAVE_COME: typing.Final = ("ST2", "ST3", "ST4")
# Checks that send requests of their own, with wrong credentials or methods that write.
_PROBING_CHECKS: typing.Final = (
    "ensure_resource_availability",
    "ignored_auth",
    "missing_required_header",
    "unsupported_method",
    "use_after_free",
)
_EXAMPLES_READ_ONLY: typing.Final = 3
_SECONDS: typing.Final = 30.0
# A random id of its own on each request, the only thing that would differ from run to run.
_TEST_CASE_ID: typing.Final = "x-schemathesis-testcaseid"


class _ServerAdapter(requests.adapters.BaseAdapter):
    """Sends the requests library's requests to a `Server`."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._transport = server.transport()

    def send(
        self,
        request: requests.PreparedRequest,
        *_: object,
        **__: object,
    ) -> requests.Response:
        assert request.method is not None
        assert request.url is not None
        sent = httpx.Request(
            request.method,
            _exact_url(request.url),
            headers=[
                (_bytes(name), _bytes(text))
                for name, text in request.headers.items()
                if name.lower() != _TEST_CASE_ID
            ],
            content=_body(request),
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), _SECONDS)},
        )
        try:
            response = self._transport.handle_request(sent)
            with contextlib.closing(response):
                body = response.read()
        except httpx.TimeoutException as error:
            raise requests.exceptions.ReadTimeout(error, request=request) from error
        except httpx.HTTPError as error:
            raise requests.exceptions.ConnectionError(error, request=request) from error
        return _as_requests(request, response, body)

    def close(self) -> None:
        """Close the transport."""
        self._transport.close()


def _body(request: requests.PreparedRequest) -> bytes:
    body = request.body or b""
    # Files and streams are for multipart bodies, which this API does not have.
    assert isinstance(body, str | bytes)
    return body.encode() if isinstance(body, str) else body


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")


def _exact_url(url: str) -> httpx.URL:
    parts = urllib.parse.urlsplit(url)
    target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return httpx.URL(
        scheme=parts.scheme, host=parts.hostname or "", port=parts.port, raw_path=target.encode()
    )


def _as_requests(
    request: requests.PreparedRequest, response: httpx.Response, body: bytes
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
        body=io.BytesIO(body),
        headers=headers,
        status=response.status_code,
        preload_content=False,
        reason=response.reason_phrase,
    )
    return converted


@contextlib.contextmanager
def requests_go_to(server: Server) -> Generator[None]:
    """Send everything that schemathesis sends within the block to ``server``."""
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
    """Return the document as schemathesis sees it.

    Args:
        settings: Options of the run.
        operations: The operations to see.
        server: The server to test.
        seed_data: Rows of the server.
        overrides: Settings that differ from schemathesis.toml, by their names there.
    """
    merged = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    _merge(merged, schemathesis_settings(settings.document, seed_data))
    credentials = {"username": server.client_id, "password": server.client_secret}
    _merge(
        merged,
        {
            "base-url": server.base_url,
            "seed": settings.seed,
            "auth": {"openapi": {"BasicAuthentication": credentials}},
            "generation": {"max-examples": settings.examples},
        },
    )
    if server.read_only:
        # Only good requests, and few of them.
        _merge(
            merged,
            {
                "phases": {"coverage": {"enabled": False}},
                "generation": {"mode": "positive", "max-examples": _EXAMPLES_READ_ONLY},
                "checks": {name: {"enabled": False} for name in _PROBING_CHECKS},
            },
        )
    _merge(merged, overrides)
    config = SchemathesisConfig.from_dict(merged)
    schema = schemathesis.openapi.from_dict(with_link_bodies(settings.document), config=config)
    _register_checks(schema, settings, server)
    # Not `include`, beside which the operations that the settings name would be included, too.
    names = [each.id for each in operations]
    return schema.clone(filter_set=FilterSet().with_include(operation_id=names))


def _register_checks(schema: BaseSchema, settings: Settings, server: Server) -> None:
    contract, routes = Contract(settings.document), Routes(settings.document)
    secrets = (server.client_secret,)

    def project_checks(
        _context: schemathesis.CheckContext, response: schemathesis.Response, case: AnyCase
    ) -> None:
        operation = routes.operation(case.method, response.request.url or "")
        if operation is not None:
            headers = {name: ", ".join(texts) for name, texts in response.headers.items()}
            checked = Response(operation, response.status_code, headers, response.content, secrets)
            found = list(violations(contract, checked, ours_only=True))
            assert not found, "\n".join(found)

    def filter_failure(
        _context: schemathesis.HookContext,
        failure: Failure,
        case: AnyCase,
        response: schemathesis.Response,
    ) -> bool:
        return not _is_excused(failure, case, response, server)

    # One of another schema, of the same name, gives way: all of them are of one document.
    schemathesis.check(project_checks)
    schema.hook(filter_failure)


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
    if failure.code != _REJECTED_VALID_DATA:
        return False
    try:
        body = json.loads(response.content)
    except ValueError:
        return False
    with server.patient_http() as client:
        return is_justified(body, Rejected(case.query, case.body, client))


def _merge(into: dict[str, typing.Any], more: Mapping[str, typing.Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], typing.cast("dict[str, typing.Any]", value))
        else:
            into[key] = value

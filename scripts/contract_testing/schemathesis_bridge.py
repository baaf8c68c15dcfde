"""schemathesis on our terms: our settings, our server, our checks.

Its requests leave through `Server.transport`, like all others, so they are recorded and a mock in
this process needs no port.
"""

# schemathesis' own annotations leave out arguments of its generic types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from __future__ import annotations

import contextlib
import io
import json
import pathlib
import tomllib
import typing
import unittest.mock
import urllib.parse
from http import HTTPStatus

import contract_data
import contract_refusals
import httpx
import requests
import requests.adapters
import schemathesis
import urllib3
from schemathesis.config import SchemathesisConfig
from schemathesis.filters import FilterSet

from contract_testing.checks import Answer, Contract
from contract_testing.links import with_link_bodies
from contract_testing.routes import Routes

if typing.TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from openapi_document import Operation
    from schemathesis.core.failures import Failure
    from schemathesis.schemas import BaseSchema

    from contract_testing.run import Run
    from contract_testing.servers import Server

__all__ = ["AnyCase", "load_schema", "requests_go_to"]

AnyCase = schemathesis.Case[typing.Any]

SETTINGS: typing.Final = pathlib.Path(__file__).resolve().parents[2] / "schemathesis.toml"
_REJECTED_VALID_DATA: typing.Final = "ST202"
# Failures of the form "another status should have come"; what a 429 itself has to be like is in
# others, which no limit excuses.
_ANOTHER_STATUS_SHOULD_HAVE_COME: typing.Final = ("ST2", "ST3", "ST4")
_SECONDS: typing.Final = 30.0
# A random id of its own on each request, the only thing that would differ from run to run.
_MARK: typing.Final = "x-schemathesis-testcaseid"


class _ServerAdapter(requests.adapters.BaseAdapter):
    """Takes the requests library's requests to a `Server`."""

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
                if name.lower() != _MARK
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
    answer = requests.Response()
    answer.status_code = response.status_code
    answer.headers.update(headers)
    answer.url = request.url or ""
    answer.request = request
    answer.reason = response.reason_phrase
    answer.encoding = response.charset_encoding
    answer.raw = urllib3.HTTPResponse(
        body=io.BytesIO(body),
        headers=headers,
        status=response.status_code,
        preload_content=False,
        reason=response.reason_phrase,
    )
    return answer


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


def load_schema(
    run: Run,
    operations: Sequence[Operation] | None = None,
    **settings: typing.Any,  # noqa: ANN401 - settings as in TOML
) -> BaseSchema:
    """Return the document as schemathesis sees it, with what the server is known to hold.

    Args:
        run: The run.
        operations: The operations to see; None for those of the run.
        settings: Settings that differ from schemathesis.toml, by their names there.
    """
    server = run.server
    merged = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    if run.known is None:
        with server.patient_http() as client:
            run.known = contract_data.look_around(run.document, client)
    _merge(merged, tomllib.loads(contract_data.configuration(run.document, run.known)))
    _merge(
        merged,
        {
            "base-url": server.base_url,
            "seed": run.seed,
            "auth": {"openapi": {"BasicAuthentication": _credentials(server)}},
            "generation": {"max-examples": run.examples},
        },
    )
    _merge(merged, settings)
    config = SchemathesisConfig.from_dict(merged)
    schema = schemathesis.openapi.from_dict(with_link_bodies(run.document), config=config)
    _add_own_checks(schema, run)
    # Not `include`, beside which the operations that the settings name would be included, too.
    names = [each.id for each in (run.operations if operations is None else operations)]
    chosen = FilterSet().with_include(operation_id=names)
    return schema.clone(filter_set=chosen)


def _add_own_checks(schema: BaseSchema, run: Run) -> None:
    contract, routes = Contract(run.document), Routes(run.document)
    secrets = (run.server.client_secret,)

    def keeps_our_rules(
        _context: schemathesis.CheckContext, response: schemathesis.Response, case: AnyCase
    ) -> None:
        operation = routes.operation(case.method, response.request.url or "")
        if operation is None:
            return
        headers = {name: ", ".join(texts) for name, texts in response.headers.items()}
        answer = Answer(operation, response.status_code, headers, response.content, secrets)
        broken = list(contract.broken(answer, ours_only=True))
        assert not broken, "\n".join(message for _, message in broken)

    def filter_failure(
        _context: schemathesis.HookContext,
        failure: Failure,
        case: AnyCase,
        response: schemathesis.Response,
    ) -> bool:
        return not _is_justified(failure, case, response, run.server)

    # One of an earlier run in this process, of the same name, gives way.
    schemathesis.check(keeps_our_rules)
    schema.hook(filter_failure)


def _is_justified(
    failure: Failure, case: AnyCase, response: schemathesis.Response, server: Server
) -> bool:
    """Whether the server was right, for a reason that a schema cannot give."""
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        # Whatever the request was like: there were too many.
        return (
            server.is_limited
            and "retry-after" in response.headers
            and failure.code.startswith(_ANOTHER_STATUS_SHOULD_HAVE_COME)
        )
    if failure.code != _REJECTED_VALID_DATA:
        return False
    try:
        answer = json.loads(response.content)
    except ValueError:
        return False
    with server.patient_http() as client:
        refused = contract_refusals.Refused(case.query, case.body, client)
        return contract_refusals.is_justified(answer, refused)


def _credentials(server: Server) -> dict[str, str]:
    return {"username": server.client_id, "password": server.client_secret}


def _merge(into: dict[str, typing.Any], more: Mapping[str, typing.Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], typing.cast("dict[str, typing.Any]", value))
        else:
            into[key] = value

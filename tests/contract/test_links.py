"""Each link of the document: a response that has it, and the call that it gives, which must succeed.

Random sequences choose among some four hundred transitions, most of which schemathesis infers, and
so follow few of those that the document promises.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

import openapi_document
import pytest
import schemathesis
from contract_suite.recording import Exchange
from contract_suite.rows import SeedData, ValidRequest, valid_requests
from contract_suite.schemas import AnyCase, as_response
from contract_suite.servers import Server
from contract_suite.session import current
from document_views import Link, Routes, is_array, links_of, parameters, success
from openapi_document import Operation

pytestmark = [pytest.mark.stateful, pytest.mark.writes]

RUN = current()
LINKS = list(links_of(RUN.document, RUN.operations))
# An account that is not connected cannot be refreshed; one of the next ones can.
ATTEMPTS = 8
EXPRESSION = re.compile(
    r"\$(?P<message>request|response)\.(?:body#(?P<pointer>/.*)?|(?P<place>path|query)\.(?P<name>.+))"
)

Json = Any


@dataclasses.dataclass(frozen=True)
class Sent:
    """A request with its response."""

    request: ValidRequest
    response: schemathesis.Response


@dataclasses.dataclass(frozen=True)
class Follower:
    """Sends the requests of links, over plain HTTP or through the client."""

    document: Mapping[str, Json]
    routes: Routes
    server: Server
    send_by_client: Callable[[AnyCase], Exchange] | None

    def send(self, operation: Operation, request: ValidRequest) -> Sent:
        """Send a request; one that is rejected for its rate once more, in the next second."""
        response = self._send(operation, request)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS and self.server.is_limited:
            response = self._send(operation, request)
        return Sent(request, response)

    def _send(self, operation: Operation, request: ValidRequest) -> schemathesis.Response:
        body = (
            {} if request.body is None else {"body": request.body, "media_type": "application/json"}
        )
        case: AnyCase = api_schema()[operation.path][operation.method.upper()].Case(
            # In a path they stand in the spelling of an address.
            path_parameters={
                name: urllib.parse.quote(str(value), safe="")
                for name, value in request.path.items()
            },
            query=dict(request.query),
            **body,
        )
        if self.send_by_client is None:
            return case.call(auth=self.server.auth)
        return as_response(self.send_by_client(case))

    def sources(self, operation: Operation, seed_data: SeedData) -> Iterator[Sent]:
        """Send requests of an operation for rows that exist; a row is created where there is none."""
        creating = self.routes.operations.get(f"{operation.resource}.create")
        has_rows = bool(seed_data.rows.get(operation.resource))
        if creating is not None and operation is not creating and not has_rows:
            request = next(valid_requests(self.document, creating, seed_data))
            row = self.send(creating, request).response.json()
            seed_data = SeedData({**seed_data.rows, operation.resource: [row]}, seed_data.fruitful)
        for request in valid_requests(self.document, operation, seed_data):
            yield self.send(operation, request)


@functools.cache
def api_schema() -> Any:
    """Return the whole document as schemathesis sees it."""
    return RUN.load_schema(list(openapi_document.operations(RUN.document)))


@pytest.fixture(params=["http", "client"])
def follower(
    request: pytest.FixtureRequest,
    generated_server: Server,
    send_by_client: Callable[[AnyCase], Exchange],
    document: Mapping[str, Any],
    routes: Routes,
) -> Follower:
    """Sends the requests of links, over plain HTTP or through the client."""
    send = send_by_client if request.param == "client" else None
    return Follower(document, routes, generated_server, send)


@pytest.mark.parametrize("link", LINKS, ids=lambda link: f"{link.source}-{link.status}-{link.name}")
def test_link(link: Link, follower: Follower) -> None:
    """A link gives all that its target requires, and the target accepts it."""
    target = follower.routes.operations.get(link.target)
    assert target is not None, f"{link}: the document has no operation {link.target}"
    check_complete(follower.document, link, target)
    source = follower.routes.operations[link.source]
    promised, _ = success(follower.document, target)
    failure, lacking = None, f"the server has nothing that {link.source} could give"
    for sent in itertools.islice(follower.sources(source, RUN.seed_data), ATTEMPTS):
        if sent.response.status_code != link.status:
            status = sent.response.status_code
            failure = f"{link}: {link.source} responds with {status} to a request for what exists"
        elif has_rows(source, sent):
            request = request_of(link, follower.document, target, sent)
            status = follower.send(target, request).response.status_code
            if status == promised:
                return
            failure = (
                f"{link}: {target.id} responds with {status} instead of {promised} to {request}, "
                "which the link gives"
            )
    if failure is None or follower.server.control is None:
        pytest.skip(failure or lacking)
    pytest.fail(failure, pytrace=False)


def has_rows(source: Operation, sent: Sent) -> bool:
    """Whether a response is no list, or a list with rows."""
    paging = source.data.get("x-pagination")
    return paging is None or bool(sent.response.json()[paging["items"]])


def check_complete(document: Mapping[str, Any], link: Link, target: Operation) -> None:
    """Check that a link names what its target has, and all that it requires."""
    known = {each["name"]: each for each in parameters(document, target)}
    given = {name.rpartition(".")[2]: name for name in link.data.get("parameters", {})}
    unknown = [name for name in given if name not in known]
    assert not unknown, f"{link}: {target.id} has no parameter {', '.join(unknown)}"
    missing = [name for name, each in known.items() if each.get("required") and name not in given]
    if "requestBody" not in link.data and "requestBody" in target.data:
        missing.append("the body")
    assert not missing, f"{link}: it does not give {', '.join(missing)}, which {target.id} requires"


def request_of(
    link: Link, document: Mapping[str, Any], target: Operation, sent: Sent
) -> ValidRequest:
    """Return the request that a link gives in a response."""
    places = {each["name"]: each["in"] for each in parameters(document, target)}
    by_place: dict[str, dict[str, Json]] = {"path": {}, "query": {}}
    try:
        for name, node in link.data.get("parameters", {}).items():
            plain = name.rpartition(".")[2]
            by_place[places[plain]][plain] = evaluated(node, sent)
        body = evaluated(link.data.get("requestBody"), sent)
    except LookupError as error:
        pytest.fail(f"{link}: {error} gives nothing: the response has no such value", pytrace=False)
    return ValidRequest(by_place["path"], by_place["query"], body)


def evaluated(node: Json, sent: Sent) -> Json:
    """Return a node with the values of its runtime expressions.

    Raises:
        LookupError: One of them has none.
    """
    if openapi_document.is_object(node):
        return {name: evaluated(member, sent) for name, member in node.items()}
    if is_array(node):
        return [evaluated(each, sent) for each in node]
    if not (isinstance(node, str) and node.startswith("$")):
        return node
    match = EXPRESSION.fullmatch(node)
    if match is None:
        raise LookupError(node)
    if match["place"]:
        place = sent.request.path if match["place"] == "path" else sent.request.query
        value: Json = place.get(match["name"])
    else:
        value = sent.request.body if match["message"] == "request" else sent.response.json()
        for key in (match["pointer"] or "").split("/")[1:]:
            name = key.replace("~1", "/").replace("~0", "~")
            try:
                value = value[int(name) if is_array(value) else name]
            except (LookupError, TypeError, ValueError):
                raise LookupError(node) from None
    if value is None:
        raise LookupError(node)
    return value

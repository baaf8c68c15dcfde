"""Each link of the document: a response that has it, and the call that it gives, which must succeed.

Random sequences choose among some four hundred transitions, most of which schemathesis infers, and
so follow few of those that the document promises.
"""

from __future__ import annotations

import itertools
import re
import urllib.parse
from collections.abc import Iterator
from typing import Any

import httpx
import openapi_document
import pytest
from contract_suite.rows import SeedData, ValidRequest, valid_requests
from contract_suite.servers import Server
from contract_suite.session import current
from document_views import Document, Link, is_array, links_of, parameters, success
from openapi_document import Operation

pytestmark = [pytest.mark.stateful, pytest.mark.writes]

RUN = current()
LINKS = list(links_of(RUN.document, RUN.operations))
# An account that is not connected cannot be refreshed; one of the next ones can.
ATTEMPTS = 8
EXPRESSION = re.compile(
    r"\$(?P<message>request|response)\.(?:body#(?P<pointer>/.*)?|(?P<place>path|query)\.(?P<name>.+))"
)

Sent = tuple[ValidRequest, httpx.Response]


def send(http: httpx.Client, operation: Operation, request: ValidRequest) -> httpx.Response:
    path = operation.path
    for name, value in request.path.items():
        path = path.replace(f"{{{name}}}", urllib.parse.quote(str(value), safe=""))
    body = {} if request.body is None else {"json": request.body}
    return http.request(operation.method.upper(), path, params=request.query, **body)


def sources(http: httpx.Client, operation: Operation) -> Iterator[Sent]:
    """Send requests of an operation for rows that exist; a row is created where there is none."""
    known = RUN.seed_data
    creating = RUN.routes.operations.get(f"{operation.resource}.create")
    if (
        creating is not None
        and operation is not creating
        and not known.rows.get(operation.resource)
    ):
        request = next(valid_requests(RUN.document, creating, known))
        row = send(http, creating, request).json()
        known = SeedData({**known.rows, operation.resource: [row]}, known.fruitful)
    for request in valid_requests(RUN.document, operation, known):
        yield request, send(http, operation, request)


@pytest.mark.parametrize("link", LINKS, ids=lambda link: f"{link.source}-{link.status}-{link.name}")
def test_link(link: Link, generated_server: Server) -> None:
    """A link gives all that its target requires, and the target accepts it."""
    source, target = (RUN.routes.operations.get(each) for each in (link.source, link.target))
    assert source is not None
    assert target is not None, f"{link}: the document has no operation {link.target}"
    check_complete(RUN.document, link, target)
    promised, _ = success(RUN.document, target)
    paging = source.data.get("x-pagination")
    failure, lacking = None, f"the server has nothing that {link.source} could give"
    with generated_server.http(retries=True) as http:
        for sent in itertools.islice(sources(http, source), ATTEMPTS):
            response = sent[1]
            if response.status_code != link.status:
                status = response.status_code
                failure = f"{link}: {source.id} responds with {status} to a request for what exists"
            elif paging is None or response.json()[paging["items"]]:
                request = request_of(link, RUN.document, target, sent)
                status = send(http, target, request).status_code
                if status == promised:
                    return
                failure = (
                    f"{link}: {target.id} responds with {status} instead of {promised} to "
                    f"{request}, which the link gives"
                )
    if failure is None or generated_server.control is None:
        pytest.skip(failure or lacking)
    pytest.fail(failure, pytrace=False)


def check_complete(document: Document, link: Link, target: Operation) -> None:
    """Check that a link names what its target has, and all that it requires."""
    known = {each["name"]: each for each in parameters(document, target)}
    given = {name.rpartition(".")[2]: name for name in link.data.get("parameters", {})}
    unknown = [name for name in given if name not in known]
    assert not unknown, f"{link}: {target.id} has no parameter {', '.join(unknown)}"
    missing = [name for name, each in known.items() if each.get("required") and name not in given]
    if "requestBody" not in link.data and "requestBody" in target.data:
        missing.append("the body")
    assert not missing, f"{link}: it does not give {', '.join(missing)}, which {target.id} requires"


def request_of(link: Link, document: Document, target: Operation, sent: Sent) -> ValidRequest:
    """Return the request that a link gives in a response."""
    places = {each["name"]: each["in"] for each in parameters(document, target)}
    by_place: dict[str, dict[str, Any]] = {"path": {}, "query": {}}
    try:
        for name, node in link.data.get("parameters", {}).items():
            plain = name.rpartition(".")[2]
            by_place[places[plain]][plain] = evaluated(node, sent)
        body = evaluated(link.data.get("requestBody"), sent)
    except LookupError as error:
        pytest.fail(f"{link}: {error} gives nothing: the response has no such value", pytrace=False)
    return ValidRequest(by_place["path"], by_place["query"], body)


def evaluated(node: Any, sent: Sent) -> Any:
    """Return a node with the values of its runtime expressions; LookupError where one has none."""
    if openapi_document.is_object(node):
        return {name: evaluated(member, sent) for name, member in node.items()}
    if is_array(node):
        return [evaluated(each, sent) for each in node]
    if not (isinstance(node, str) and node.startswith("$")):
        return node
    match = EXPRESSION.fullmatch(node)
    if match is None:
        raise LookupError(node)
    request, response = sent
    if match["place"]:
        place = request.path if match["place"] == "path" else request.query
        value: Any = place.get(match["name"])
    else:
        value = request.body if match["message"] == "request" else response.json()
        for key in (match["pointer"] or "").split("/")[1:]:
            name = key.replace("~1", "/").replace("~0", "~")
            try:
                value = value[int(name) if is_array(value) else name]
            except (LookupError, TypeError, ValueError):
                raise LookupError(node) from None
    if value is None:
        raise LookupError(node)
    return value

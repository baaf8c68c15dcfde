"""Layer B: sequences along the links of the document, with the client as their transport."""

from __future__ import annotations

import contextlib
import datetime as dt
import typing

import httpx
import schemathesis

from contract_testing.case_calls import NotSendableError, call_of, intended
from contract_testing.client_answers import Attempt, mistakes, outcome_of
from contract_testing.layers.sequences import walk
from contract_testing.layers.single_links import follow_links

if typing.TYPE_CHECKING:
    from openapi_document import Operation

    from contract_testing.recording import Exchange
    from contract_testing.run import Layer, Run
    from contract_testing.schemathesis_bridge import AnyCase
    from insightiq import InsightIQ

__all__ = ["LAYER"]


class _ClientSequences:
    letter = "B"
    name = "sequences of calls of the client"
    question = "Do client and server hold together over sequences of calls?"

    def run(self, run: Run) -> None:
        """Walk sequences through the client."""
        if run.server.read_only:
            run.not_applicable("sequences through the client", "they write and delete")
            return
        with contextlib.closing(run.server.client(max_attempts=1)) as client:
            send = _ClientTransport(run, client)
            follow_links(run, send)
            walk(run, 3 * run.examples // 2, send)


class _ClientTransport:
    """Sends cases by calls of the client, and holds each call against what was meant."""

    def __init__(self, run: Run, client: InsightIQ) -> None:
        self._run = run
        self._client = client
        self._told: set[str] = set()

    def __call__(self, case: AnyCase, operation: Operation) -> schemathesis.Response:
        try:
            call = call_of(self._run.document, operation, case, self._client)
        except NotSendableError as error:
            self._tell(operation, f"{operation.id}: the client has no argument for {error}")
            return case.call()
        server = self._run.server
        wanted = intended(case, operation, server)
        before = server.recording.count
        outcome = outcome_of(call, self._client)
        exchange = server.recording.latest
        if exchange is None or exchange.status is None or server.recording.count == before:
            self._tell(operation, f"{operation.id}: the client sent nothing: {outcome!r}")
            return case.call()
        attempt = Attempt(operation, case, wanted, exchange, outcome)
        mistake = next(mistakes(self._run, attempt), None)
        if mistake is not None:
            self._tell(operation, mistake)
        return _as_answer(exchange)

    def _tell(self, operation: Operation, message: str) -> None:
        if operation.id not in self._told:
            self._told.add(operation.id)
            self._run.found(
                message,
                rule="the client sends what was meant and reads what came",
                operation=operation.id,
            )


def _as_answer(exchange: Exchange) -> schemathesis.Response:
    """Return an exchange as schemathesis' checks want it."""
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


LAYER: Layer = _ClientSequences()

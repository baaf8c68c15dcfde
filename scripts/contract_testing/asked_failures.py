"""Failures that no request brings about by itself, asked for one by one.

A mock of ours answers with any documented status when the ``Prefer`` header asks for it. The answer
has to keep the document, like all others, and the client has to raise the class that its own
documentation promises for the status.
"""

from __future__ import annotations

import contextlib
import typing

from contract_testing.client_answers import error_mistakes, outcome_of
from contract_testing.described import is_error, responses
from contract_testing.example_calls import example_call
from contract_testing.run import Broken

if typing.TYPE_CHECKING:
    from openapi_document import Operation

    from contract_testing.run import Run
    from contract_testing.servers import Server

__all__ = ["ERRORS", "hold_failures"]

RULE: typing.Final = "a documented failure keeps the document and raises its error"

# What insightiq.errors promises, said again here, so that a change of it does not pass unseen.
ERRORS: typing.Final = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    409: "ConflictError",
    429: "RateLimitError",
    500: "InternalServerError",
    503: "ServiceUnavailableError",
}


def hold_failures(run: Run) -> None:
    """Ask for each documented failure of each operation through the client."""
    if run.server.control is None:
        run.not_applicable(RULE, "only a mock of ours fails when it is asked to")
        return
    for operation in run.operations:
        for status in responses(run.document, operation):
            if is_error(status):
                with run.case(RULE, operation.id):
                    _hold_failure(run, run.server, operation, status)


def _hold_failure(run: Run, server: Server, operation: Operation, status: int) -> None:
    with contextlib.closing(server.client(max_attempts=1)) as client:
        failing = client.with_options(headers={"Prefer": f"code={status}"})
        call = example_call(run.document, operation, failing)
        outcome = outcome_of(call, failing)
    exchange = server.recording.latest
    assert exchange is not None
    if exchange.status != status:
        msg = f"{operation.id}: asked for {status}, the server answers {exchange.status}"
        raise Broken(msg)
    for mistake in error_mistakes(operation, exchange, outcome):
        raise Broken(mistake)
    expected = ERRORS.get(status, "APIStatusError")
    if type(outcome).__name__ != expected:
        msg = f"{operation.id} {status}: the client raises {type(outcome).__name__}, not {expected}"
        raise Broken(msg)
    headers = {name.lower(): text for name, text in exchange.response_headers}
    wanted = headers.get("retry-after")
    seen = getattr(outcome, "retry_after", None)
    if wanted is not None and seen != float(wanted):
        msg = f"{operation.id} {status}: Retry-After is {wanted}, the error says {seen!r}"
        raise Broken(msg)

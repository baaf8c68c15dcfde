"""Random sequences of requests along links: schemathesis' state machine, plain and through the client."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable
from typing import Any

import hypothesis
import hypothesis.errors
import pytest
import schemathesis
from contract_suite.recording import Exchange
from contract_suite.schemas import AnyCase, as_response
from contract_suite.servers import Server
from contract_suite.session import current
from document_views import links_of

pytestmark = [pytest.mark.stateful, pytest.mark.writes]

RUN = current()
STEPS = 8
SEQUENCES = 10
# Sequences for each random case of an operation.
SHARES = {"http": 1.0, "client": 1.5}
# Far from the seeds of other runs.
SEEDS_APART = 1_000_003
ATTEMPTS = 3

PARTS = [
    pytest.param(transport, part, id=f"{transport}-{part}")
    for transport, share in SHARES.items()
    for part in range(max(1, round(RUN.settings.examples * share / SEQUENCES)))
]


@functools.cache
def machine_of(transport: str) -> Any:
    """Return the state machine of the document; it takes seconds to make."""
    # A client does not send what breaks the document.
    mode = {"mode": "positive" if transport == "client" else "all"}
    return RUN.load_schema(phases={"stateful": {"generation": mode}}).as_state_machine()


@pytest.mark.parametrize(("transport", "part"), PARTS)
def test_sequences(
    transport: str,
    part: int,
    generated_server: Server,
    send_by_client: Callable[[AnyCase], Exchange],
) -> None:
    """Each sequence begins with an untouched world, where the server can reset it."""
    selected = {each.id for each in RUN.operations}
    if not any(link.target in selected for link in links_of(RUN.document, RUN.operations)):
        pytest.skip("no link leads from one of these operations to another")
    base = machine_of(transport)

    class Machine(base):  # type: ignore[misc]  # made from the document
        def setup(self) -> None:
            if generated_server.control is not None:
                generated_server.control.reset()

        def call(self, case: AnyCase, **options: Any) -> schemathesis.Response:
            if transport == "client":
                return as_response(send_by_client(case))
            response: schemathesis.Response = super().call(case, **options)
            return response

    settings = hypothesis.settings(
        max_examples=SEQUENCES,
        stateful_step_count=STEPS,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    seed = RUN.settings.seed + zlib.crc32(f"{transport} {part}".encode())
    for attempt in range(ATTEMPTS):
        hypothesis.seed(seed + attempt * SEEDS_APART)(Machine)
        try:
            Machine.run(settings=settings)
        except hypothesis.errors.Flaky:
            # What earlier sequences left changes the response to the same request; where each begins
            # with an untouched world, that must not be.
            if generated_server.control is not None:
                raise
        else:
            return

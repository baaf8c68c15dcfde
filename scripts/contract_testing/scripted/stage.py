"""A client whose server says what it is told to say."""

from __future__ import annotations

import typing

from contract_testing.example_calls import ExampleCall, example_call
from insightiq import InsightIQ
from insightiq.testing import FakeClock, ScriptedTransport, SentRequest, response

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from openapi_document import Operation

    from contract_testing.described import Document

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "REQUEST_ID", "Stage"]

Json: typing.TypeAlias = typing.Any

CLIENT_ID: typing.Final = "5f0c2f7e-8f2b-4f0e-9b56-0a7b1a6f3c11"
# Invented for this stage; whether it is ever shown is one of the questions.
CLIENT_SECRET: typing.Final = "b1946ac9-2f4e-4a0d-8c55-7d2e6a90f3b8"  # noqa: S105 - as above
REQUEST_ID: typing.Final = "c7a1e5d0-3b92-4f68-8d17-0e4f6b2a9c35"


class Stage:
    """Clients of one scripted server.

    Args:
        document: The document that calls are made from.

    Attributes:
        strict: A client that refuses what the document does not promise.
        tolerant: A client as it is by default.
        clock: The clock of both.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._reply: Callable[[SentRequest], Json] = lambda _: response(200)
        self._calls: dict[str, ExampleCall] = {}
        self.clock = FakeClock()
        self.transport = ScriptedTransport(self._answer, clock=self.clock)
        self.strict = self.client(strict=True, max_attempts=1)
        self.tolerant = self.client(max_attempts=1)

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.strict.close()
        self.tolerant.close()

    def _answer(self, sent: SentRequest) -> Json:
        return self._reply(sent)

    def client(self, **options: typing.Any) -> InsightIQ:  # noqa: ANN401 - those of InsightIQ
        """Return another client of the server."""
        defaults: dict[str, typing.Any] = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "base_url": "http://scripted.localhost",
            "transport": self.transport,
            "clock": self.clock,
            "quota": None,
        }
        return InsightIQ(**{**defaults, **options})

    def call(self, operation: Operation) -> ExampleCall:
        """Return a call of an operation."""
        if operation.id not in self._calls:
            self._calls[operation.id] = example_call(self._document, operation, self.tolerant)
        return self._calls[operation.id]

    def says(
        self,
        status: int,
        *,
        json: Json = None,
        content: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Let the server give this answer from now on."""
        line = response(
            status,
            json=json,
            content=content,
            headers={"request-id": REQUEST_ID, **(headers or {})},
        )
        self.plays(lambda _: line)

    def plays(self, reply: Callable[[SentRequest], Json]) -> None:
        """Let the server answer as a function says."""
        self._reply = reply

    def plays_in_turn(self, lines: Iterator[Json]) -> None:
        """Let the server give the next of these lines to each request."""
        self.plays(lambda _: next(lines))

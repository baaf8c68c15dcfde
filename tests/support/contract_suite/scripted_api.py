"""A client whose server gives scripted responses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Self

from document_views import Document
from openapi_document import Operation

from contract_suite.client_calls import Call, example_call
from insightiq import InsightIQ
from insightiq.testing import FakeClock, ScriptedTransport, SentRequest, response

__all__ = ["CLIENT_SECRET", "REQUEST_ID", "ScriptedAPI"]

CLIENT_ID: Final = "5f0c2f7e-8f2b-4f0e-9b56-0a7b1a6f3c11"
CLIENT_SECRET: Final = "b1946ac9-2f4e-4a0d-8c55-7d2e6a90f3b8"
REQUEST_ID: Final = "c7a1e5d0-3b92-4f68-8d17-0e4f6b2a9c35"


class ScriptedAPI:
    """A scripted server, and clients of it that make the example calls of the document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._respond: Callable[[SentRequest], Any] = lambda _: response(200)
        self.clock = FakeClock()
        self.transport = ScriptedTransport(self._response, clock=self.clock)
        self.client = self.another(max_attempts=1)

    def _response(self, sent: SentRequest) -> Any:
        return self._respond(sent)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def another(self, **options: Any) -> InsightIQ:
        defaults: dict[str, Any] = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "base_url": "http://scripted.localhost",
            "transport": self.transport,
            "clock": self.clock,
            "quota": None,
        }
        return InsightIQ(**{**defaults, **options})

    def call(self, operation: Operation) -> Call:
        """Return the example call of an operation."""
        return example_call(self._document, operation, self.client)

    def responds(self, status: int, headers: Mapping[str, str] | None = None, **body: Any) -> None:
        """Give this response from now on; ``body`` is ``json=`` or ``content=``."""
        given = response(status, headers={"request-id": REQUEST_ID, **(headers or {})}, **body)
        self._respond = lambda _: given

    def responds_in_turn(self, responses: Iterator[Any]) -> None:
        """Give the next of these responses to each request."""
        self._respond = lambda _: next(responses)

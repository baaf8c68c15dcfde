"""The exchanges that reports show: the first few of each kind."""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from contract_testing.recording import Exchange
    from contract_testing.redaction import Redactor
    from contract_testing.routes import Routes

__all__ = ["Samples"]

# A long run has tens of thousands of exchanges, most of which differ in nothing that matters.
_OF_A_KIND: typing.Final = 3


class Samples:
    """Keeps the first exchanges of each layer, operation and status.

    Args:
        routes: The operations of the document.

    Attributes:
        kept: The exchanges with the ids of their operations.
    """

    def __init__(self, routes: Routes) -> None:
        self._routes: Routes | None = routes
        self._counts: dict[tuple[str, str, int | None], int] = {}
        self.kept: list[tuple[str | None, Exchange]] = []

    def listen(self, exchange: Exchange) -> None:
        """Look at one exchange."""
        assert self._routes is not None
        operation = self._routes.operation(exchange.method, exchange.url)
        name = None if operation is None else operation.id
        kind = exchange.layer, name or "", exchange.status
        self._counts[kind] = self._counts.get(kind, 0) + 1
        if self._counts[kind] <= _OF_A_KIND:
            self.kept.append((name, exchange))

    def redacted(self, redactor: Redactor) -> Samples:
        """Return the same without secrets, ready to leave the process."""
        self.kept = [(name, redactor.exchange(exchange)) for name, exchange in self.kept]
        self._routes = None
        return self

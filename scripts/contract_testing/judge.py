"""Holding every answer against the document, whichever layer asked."""

from __future__ import annotations

import typing

from contract_testing.checks import Contract, answer_of

if typing.TYPE_CHECKING:
    from contract_testing.recording import Exchange
    from contract_testing.routes import Routes
    from contract_testing.run import Run

__all__ = ["Judge"]


class Judge:
    """Listens to a recording and reports what breaks the document.

    Args:
        run: Where findings go; they belong to the case that is open.
        contract: The document.
        routes: Its operations.
    """

    def __init__(self, run: Run, contract: Contract, routes: Routes) -> None:
        self._run = run
        self._contract = contract
        self._routes = routes
        self._told: set[tuple[str, str, int]] = set()

    def __call__(self, exchange: Exchange) -> None:
        """Judge one exchange; each kind of mistake is told once."""
        recording = self._run.server.recording
        operation = self._routes.operation(exchange.method, exchange.url)
        if operation is None or not recording.is_judged or not self._run.is_in_case:
            return
        answer = answer_of(exchange, operation, tuple(recording.secrets))
        if answer is None:
            return
        for rule, message in self._contract.broken(answer):
            kind = rule.name, operation.id, answer.status
            if kind not in self._told:
                self._told.add(kind)
                self._run.found(message, rule=rule.name, operation=operation.id)

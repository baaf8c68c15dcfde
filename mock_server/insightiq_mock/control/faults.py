"""Fault rules."""

from __future__ import annotations

import typing

from insightiq_mock.control.refusals import impossible_fault, unknown_fault, unknown_operation
from insightiq_mock.control.services import done, reply
from insightiq_mock.openapi.prefer import ForcedResponses, Preferences

if typing.TYPE_CHECKING:
    from insightiq_mock.context import RequestContext, Response
    from insightiq_mock.control.services import Services
    from insightiq_mock.web.faults import FaultRule

__all__ = ["add_fault", "clear_faults", "list_faults", "remove_fault"]

_TO_WHICH_CALLS: typing.Final = frozenset({"operation", "times", "share", "seed"})


def list_faults(services: Services, call: RequestContext) -> Response:
    """List the rules."""
    rules = services.faults.list(services.developer_id(call))
    return reply(200, {"data": [_shown(rule) for rule in rules]})


def add_fault(services: Services, call: RequestContext) -> Response:
    """Add a rule."""
    developer_id = services.developer_id(call)
    wanted: dict[str, typing.Any] = call.body
    operation_id = wanted.get("operation")
    if operation_id is not None:
        _check_operation(services, operation_id)
    effect = {name: str(value) for name, value in wanted.items() if name not in _TO_WHICH_CALLS}
    try:
        preferences = Preferences.from_values(effect)
        answers = ForcedResponses(services.document())
        if preferences.code is not None or preferences.example is not None:
            answers.check(operation_id, preferences.code, preferences.example)
        rule = services.faults.add(
            developer_id,
            effect,
            operation_id=operation_id,
            times=wanted.get("times"),
            share=wanted.get("share"),
            seed=wanted.get("seed", "1"),
        )
    except ValueError as error:
        raise impossible_fault(str(error)) from error
    return reply(201, _shown(rule))


def remove_fault(services: Services, call: RequestContext) -> Response:
    """Remove one rule."""
    rule_id = call.path["fault_id"]
    if not services.faults.clear(services.developer_id(call), rule_id):
        raise unknown_fault(rule_id)
    return done()


def clear_faults(services: Services, call: RequestContext) -> Response:
    """Remove all rules."""
    return reply(200, {"cleared": services.faults.clear(services.developer_id(call))})


def _check_operation(services: Services, operation_id: str) -> None:
    known = [operation.id for operation in services.document().operations]
    if operation_id not in known:
        raise unknown_operation(operation_id, known)


def _shown(rule: FaultRule) -> dict[str, object]:
    return {
        "id": rule.id,
        "operation": rule.operation_id,
        "effect": dict(rule.effect),
        "remaining": rule.remaining,
        "share": rule.share,
        "seed": rule.seed,
        "seen": rule.seen,
    }

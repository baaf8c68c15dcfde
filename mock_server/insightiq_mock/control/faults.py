"""Handlers of fault rules."""

from __future__ import annotations

import typing

from insightiq_mock.control.errors import bad_request, not_found, suggestion
from insightiq_mock.control.services import no_content, respond
from insightiq_mock.openapi.prefer import ForcedResponses, Preferences

if typing.TYPE_CHECKING:
    from insightiq_mock.context import RequestContext, Response
    from insightiq_mock.control.services import Services
    from insightiq_mock.web.faults import FaultRule

__all__ = ["add_fault", "clear_faults", "list_faults", "remove_fault"]

_SELECTORS: typing.Final = frozenset({"operation", "times", "share", "seed"})


def list_faults(services: Services, context: RequestContext) -> Response:
    """List the rules."""
    rules = services.faults.list(services.developer_id(context))
    return respond(200, {"data": [_rule_json(rule) for rule in rules]})


def add_fault(services: Services, context: RequestContext) -> Response:
    """Add a rule."""
    developer_id = services.developer_id(context)
    wanted: dict[str, typing.Any] = context.body
    operation_id = wanted.get("operation")
    if operation_id is not None:
        _check_operation(services, operation_id)
    effect = {name: str(value) for name, value in wanted.items() if name not in _SELECTORS}
    try:
        preferences = Preferences.from_values(effect)
        responses = ForcedResponses(services.document())
        if preferences.code is not None or preferences.example is not None:
            responses.check(operation_id, preferences.code, preferences.example)
        rule = services.faults.add(
            developer_id,
            effect,
            operation_id=operation_id,
            times=wanted.get("times"),
            share=wanted.get("share"),
            seed=wanted.get("seed", "1"),
        )
    except ValueError as error:
        message = f"This makes no fault rule: {error}."
        raise bad_request(message, "invalid_fault") from error
    return respond(201, _rule_json(rule))


def remove_fault(services: Services, context: RequestContext) -> Response:
    """Remove one rule."""
    rule_id = context.path["fault_id"]
    if not services.faults.clear(services.developer_id(context), rule_id):
        message = f"There is no fault rule {rule_id!r}."
        raise not_found(message, "incorrect_fault_id")
    return no_content()


def clear_faults(services: Services, context: RequestContext) -> Response:
    """Remove all rules."""
    return respond(200, {"cleared": services.faults.clear(services.developer_id(context))})


def _check_operation(services: Services, operation_id: str) -> None:
    known = [operation.id for operation in services.document().operations]
    if operation_id not in known:
        message = f"There is no operation {operation_id!r}; {suggestion(operation_id, known)}"
        raise bad_request(message, "unknown_operation")


def _rule_json(rule: FaultRule) -> dict[str, object]:
    return {
        "id": rule.id,
        "operation": rule.operation_id,
        "effect": dict(rule.effect),
        "remaining": rule.remaining,
        "share": rule.share,
        "seed": rule.seed,
        "seen": rule.seen,
    }

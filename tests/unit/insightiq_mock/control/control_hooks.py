"""Hooks of schemathesis for the control API: loaded by control_schemathesis.toml."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any

import schemathesis
from schemathesis.core.failures import Failure

AnyCase = schemathesis.Case[Any]

REJECTED_VALID_DATA = "ST202"
SERVER_ERROR = "ST101"

# What a schema cannot say: names that another document knows, and values that exclude one another.
JUSTIFIED: Mapping[str, frozenset[str]] = {
    "accounts.connect": frozenset({"invalid_parameters", "invalid_sdk_token"}),
    "clock.advance": frozenset({"invalid_clock"}),
    "clock.set": frozenset({"invalid_clock"}),
    "developers.create": frozenset({"invalid_clock", "invalid_settings", "reserved_client_id"}),
    "events.trigger": frozenset({"unknown_event"}),
    "faults.add": frozenset({"invalid_fault", "unknown_operation"}),
    "settings.update": frozenset({"invalid_settings"}),
}

# By part of an advance: the longest valid one, and the longest that a test has time for.
LONGEST_ADVANCES: Mapping[str, tuple[float, float]] = {
    "seconds": (4_000_000_000, 9000),
    "minutes": (50_000_000, 90),
    "hours": (900_000, 2),
    "days": (36_600, 0),
    "months": (1200, 0),
}


@schemathesis.hook
def before_call(_context: schemathesis.HookContext, case: AnyCase, _kwargs: Any) -> None:
    """Let no valid call wait for what does not come, nor a clock move by centuries."""
    operation_id = _operation_id(case.operation)
    if operation_id == "requests.list":
        _shorten(case.query, {"wait": (60, 0)})
    if operation_id == "clock.advance":
        _shorten(case.body, LONGEST_ADVANCES)


@schemathesis.hook
def filter_failure(
    _context: schemathesis.HookContext,
    failure: Failure,
    case: AnyCase,
    response: schemathesis.Response,
) -> bool:
    """Accept rejections that the document cannot give a reason for, and failures that were asked for."""
    body = json.loads(response.content or b"{}")
    operation_id = _operation_id(case.operation)
    if failure.code == REJECTED_VALID_DATA:
        code = body.get("error", {}).get("code")
        return code not in JUSTIFIED.get(operation_id, frozenset())
    if failure.code == SERVER_ERROR and operation_id == "inbox.receive":
        return body.get("response_status") != response.status_code
    return True


def _operation_id(operation: Any) -> str:
    return str(operation.definition.raw["operationId"])


def _shorten(values: Any, bounds: Mapping[str, tuple[float, float]]) -> None:
    """Replace each number that is valid, and longer than what a test has time for."""
    for name, (valid, short) in bounds.items():
        value = values.get(name) if isinstance(values, dict) else None
        # Half a month is what the server has to reject.
        if isinstance(value, bool | None) or (name == "months" and isinstance(value, float)):
            continue
        # Some phases write a query's numbers as text.
        with contextlib.suppress(TypeError, ValueError):
            if short < float(value) <= valid:
                values[name] = type(value)(short)

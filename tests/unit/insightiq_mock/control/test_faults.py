"""Faults and settings through the control API."""

from __future__ import annotations

import httpx
import pytest

from insightiq_mock.control import ControlStatusError, MockControl


def test_next_calls_of_operation_fail(control: MockControl, api: httpx.Client) -> None:
    rule = control.add_fault(operation="users.list", code=503, times=2)
    assert (rule.remaining, rule.effect) == (2, {"code": "503"})
    assert api.get("/v1/webhooks").status_code == 200
    assert [api.get("/v1/users").status_code for _ in range(3)] == [503, 503, 200]
    assert control.faults() == []


def test_share_of_calls_fails(control: MockControl, api: httpx.Client) -> None:
    seen = []
    for _ in range(2):
        rule = control.add_fault(code=500, share=0.5, seed="3")
        seen.append([api.get("/v1/users").status_code for _ in range(12)])
        control.remove_fault(rule.id)
    assert seen[0] == seen[1]
    assert set(seen[0]) == {200, 500}


def test_rules_are_cleared(control: MockControl, api: httpx.Client) -> None:
    control.add_fault(code=500)
    control.add_fault(fault="html")
    assert control.clear_faults() == 2
    assert api.get("/v1/users").status_code == 200
    with pytest.raises(ControlStatusError, match="There is no fault rule '1'"):
        control.remove_fault("1")


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"operation": "users.lst", "code": 500}, "did you mean users.list"),
        ({"times": 3}, "give at least one of"),
        ({"code": 99}, "code"),
        ({"code": 500, "share": 0}, "share"),
        ({"operation": "profiles.list", "example": "nope"}, "has no example 'nope'; it has: "),
        ({"operation": "profiles.list", "code": 302}, "documents no 302; it documents 200, "),
        ({"operation": "profiles.list", "code": 418, "example": "x"}, "documents no 418"),
        ({"operation": "users.list", "code": 201}, "every status from 400 on is possible"),
        ({"code": 302}, "no operation has it"),
        ({"code": 201}, "name an operation that has it: "),
        ({"example": "nope"}, "no operation has it"),
        ({"example": "default"}, "name an operation that has it: "),
        ({"code": 302, "fault": "html"}, "documents no 302"),
    ],
)
def test_rules_without_sense_are_rejected(
    control: MockControl, rule: dict[str, object], message: str
) -> None:
    with pytest.raises(ControlStatusError, match=message) as rejected:
        control.add_fault(**rule)  # type: ignore[arg-type] # what the test is about
    assert rejected.value.status == 400
    assert control.faults() == []


@pytest.mark.parametrize(
    "rule",
    [
        {"operation": "users.create", "code": 201},
        {"operation": "profiles.list", "code": 418},
        {"code": 599},
        {"operation": "webhooks.delete", "code": 204},
        {"operation": "profiles.list", "example": "default"},
        {"code": 404, "delay": 0.001},
        {"code": 502, "fault": "html"},
    ],
)
def test_rules_that_can_work_are_taken(control: MockControl, rule: dict[str, object]) -> None:
    assert control.add_fault(**rule).effect  # type: ignore[arg-type] # as above


def test_settings_change_what_happens(control: MockControl, api: httpx.Client) -> None:
    settings = control.update_settings(limits_enabled=True, requests_per_second=1)
    assert settings == control.settings()
    assert [api.get("/v1/users").status_code for _ in range(5)].count(429) >= 3


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"requests_per_secnd": 3}, "invalid_settings", "did you mean 'requests_per_second'"),
        ({"limits_enabled": "no"}, "invalid_parameters", 'is not of type "boolean"'),
        ({"search_unknown": "crash"}, "invalid_parameters", '"drop" or "reject"'),
        ({"webhook_timeout_seconds": 30}, "invalid_parameters", "maximum of 25"),
    ],
)
def test_impossible_settings_are_rejected(
    control: MockControl, changes: dict[str, object], code: str, message: str
) -> None:
    before = control.settings()
    with pytest.raises(ControlStatusError, match=message) as rejected:
        control.update_settings(**changes)
    assert (rejected.value.status, rejected.value.code) == (400, code)
    assert control.settings() == before

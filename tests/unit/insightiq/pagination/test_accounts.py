"""``accounts.wait_until_synced``."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from insightiq import errors
from insightiq.models import Product
from insightiq.testing import response

pytestmark = pytest.mark.filterwarnings("ignore::insightiq.UnexpectedValueWarning")


def _account(status: str = "CONNECTED", **states: Any) -> Any:
    data = {
        name: state if isinstance(state, dict) else {"status": state}
        for name, state in states.items()
    }
    return response(json={"id": "a-1", "status": status, "data": data})


def _wait(reader: Any, script: Any, **options: Any) -> Any:
    return reader.run(reader.client(script).accounts.wait_until_synced("a-1", **options))


def test_waiting_ends_when_everything_is_synced(reader: Any) -> None:
    script = [
        _account(identity="NOT_SYNCED", engagement="NOT_SYNCED"),
        _account(identity="SYNCED", engagement="PARTIAL_SYNCED"),
        _account(identity="SYNCED", engagement="SYNCED", income="NOT_SUPPORTED"),
    ]
    assert _wait(reader, script).data.engagement.status == "SYNCED"
    assert reader.clock.sleeps == [2.0, 3.0]


def test_synced_account_costs_one_request(reader: Any) -> None:
    _wait(reader, [_account(identity="SYNCED")])
    assert reader.clock.sleeps == []


def test_pauses_grow_until_timeout(reader: Any) -> None:
    with pytest.raises(errors.SyncTimeoutError):
        _wait(reader, lambda _: _account(identity="IN_PROGRESS"), timeout=120)
    sleeps = reader.clock.sleeps
    assert sleeps[:4] == [2.0, 3.0, 4.5, 6.75]
    assert max(sleeps) == 30.0
    assert sum(sleeps) == pytest.approx(120)


def test_named_products_are_waited_for(reader: Any) -> None:
    state = {"status": "NOT_SYNCED", "audience": {"status": "SYNCED"}}
    script = lambda _: _account(identity=state, engagement="SYNCED")
    account = _wait(reader, script, products=["ENGAGEMENT", Product.IDENTITY_AUDIENCE])
    assert account.id == "a-1"


def test_timeout_names_states_and_can_be_pickled(reader: Any) -> None:
    with pytest.raises(errors.SyncTimeoutError) as caught:
        _wait(reader, lambda _: _account(identity="SYNCED", income="A_NEW_STATE"), timeout=1)
    error = pickle.loads(pickle.dumps(caught.value))
    assert error.states == {"IDENTITY": "SYNCED", "INCOME": "A_NEW_STATE"}
    assert "not synced after 1 seconds" in str(error)
    assert "INCOME (A_NEW_STATE)" in str(error)


@pytest.mark.parametrize("status", ["SESSION_EXPIRED", "NOT_CONNECTED"])
def test_disconnected_account_ends_wait(reader: Any, status: str) -> None:
    script = [_account(identity="NOT_SYNCED"), _account(status, identity="SYNCED")]
    with pytest.raises(errors.SyncImpossibleError, match="connect it again") as caught:
        _wait(reader, script)
    assert caught.value.status == status
    assert reader.clock.sleeps == [2.0]


@pytest.mark.parametrize("states", [{}, {"income": "NOT_SUPPORTED"}])
def test_missing_product_ends_wait(reader: Any, states: dict[str, str]) -> None:
    with pytest.raises(errors.SyncImpossibleError, match="INCOME") as caught:
        _wait(reader, [_account(**states)], products=["INCOME"])
    assert caught.value.states["INCOME"] in {"ABSENT", "NOT_SUPPORTED"}


@pytest.mark.parametrize(
    "options",
    [
        {"products": ["INCOMES"]},
        {"products": []},
        {"timeout": -1},
        {"timeout": None},
        {"timeout": "60"},
        {"timeout": float("nan")},
        {"timeout": float("inf")},
    ],
)
def test_nonsense_is_rejected_before_call(reader: Any, options: Any) -> None:
    with pytest.raises(errors.ConfigurationError):
        _wait(reader, [], **options)


def test_error_of_call_is_passed_on(reader: Any) -> None:
    with pytest.raises(errors.NotFoundError):
        _wait(reader, [response(404)])

"""Waiting until an account's data is there."""

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
    """A product that the account does not have is not waited for."""
    script = [
        _account(identity="NOT_SYNCED", engagement="NOT_SYNCED"),
        _account(identity="SYNCED", engagement="PARTIAL_SYNCED"),
        _account(identity="SYNCED", engagement="SYNCED", income="NOT_SUPPORTED"),
    ]
    assert _wait(reader, script).data.engagement.status == "SYNCED"
    assert reader.clock.sleeps == [2.0, 3.0]


def test_an_account_that_is_synced_costs_one_question(reader: Any) -> None:
    """Nobody waits for what is there."""
    _wait(reader, [_account(identity="SYNCED")])
    assert reader.clock.sleeps == []


def test_pauses_grow_up_to_half_a_minute_and_end_with_the_time(reader: Any) -> None:
    """Each question costs quota; the last one is asked when the time is up."""
    with pytest.raises(errors.SyncTimeoutError):
        _wait(reader, lambda _: _account(identity="IN_PROGRESS"), timeout=120)
    sleeps = reader.clock.sleeps
    assert sleeps[:4] == [2.0, 3.0, 4.5, 6.75]
    assert max(sleeps) == 30.0
    assert sum(sleeps) == pytest.approx(120)


def test_only_the_products_that_were_named_are_waited_for(reader: Any) -> None:
    """Texts and enumeration members are the same."""
    state = {"status": "NOT_SYNCED", "audience": {"status": "SYNCED"}}
    script = lambda _: _account(identity=state, engagement="SYNCED")  # noqa: E731 - shorter here
    account = _wait(reader, script, products=["ENGAGEMENT", Product.IDENTITY_AUDIENCE])
    assert account.id == "a-1"


def test_a_timeout_names_the_states_and_can_be_pickled(reader: Any) -> None:
    """Who reads the error knows what was missing."""
    with pytest.raises(errors.SyncTimeoutError) as caught:
        _wait(reader, lambda _: _account(identity="SYNCED", income="A_NEW_STATE"), timeout=1)
    error = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert error.states == {"IDENTITY": "SYNCED", "INCOME": "A_NEW_STATE"}
    assert "not synced after 1 seconds" in str(error)
    assert "INCOME (A_NEW_STATE)" in str(error)


@pytest.mark.parametrize("status", ["SESSION_EXPIRED", "NOT_CONNECTED"])
def test_an_account_that_is_cut_off_ends_the_wait_at_once(reader: Any, status: str) -> None:
    """Its data keeps saying SYNCED, and nothing will come any more."""
    script = [_account(identity="NOT_SYNCED"), _account(status, identity="SYNCED")]
    with pytest.raises(errors.SyncImpossibleError, match="connect it again") as caught:
        _wait(reader, script)
    assert caught.value.status == status
    assert reader.clock.sleeps == [2.0]


@pytest.mark.parametrize("states", [{}, {"income": "NOT_SUPPORTED"}])
def test_a_product_that_the_account_lacks_ends_the_wait_at_once(
    reader: Any, states: dict[str, str]
) -> None:
    """Waiting would not bring what was never asked for."""
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
def test_nonsense_is_refused_before_any_call(reader: Any, options: Any) -> None:
    """A typo must not wait for ten minutes."""
    with pytest.raises(errors.ConfigurationError):
        _wait(reader, [], **options)


def test_an_error_of_a_call_is_passed_on(reader: Any) -> None:
    """An account that does not exist is not waited for."""
    with pytest.raises(errors.NotFoundError):
        _wait(reader, [response(404)])

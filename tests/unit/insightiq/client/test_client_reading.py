"""Answers that hold what the document does not promise."""

from __future__ import annotations

import asyncio
import pickle
import warnings
from typing import Any

import pytest

import insightiq
from insightiq import errors
from insightiq.testing import response

USER: dict[str, Any] = {
    "id": "u-1",
    "name": "Ada Example",
    "external_id": "crm-42",
    "created_at": "2026-11-01T10:00:00.000000",
    "updated_at": "2026-11-01T10:00:00.000000",
    "status": "ACTIVE",
}


def get_user(iq: Any) -> Any:
    """Call ``users.get`` through either client."""
    result = iq.users.get("u-1")
    return asyncio.run(_awaited(result)) if asyncio.iscoroutine(result) else result


async def _awaited(result: Any) -> Any:
    return await result


@pytest.mark.parametrize(
    ("change", "found", "kept"),
    [
        ({"name": None}, "null", None),
        ({"created_at": "yesterday"}, "an unreadable str", "yesterday"),
        ({"created_at": 7}, "an unreadable int", 7),
    ],
)
def test_an_unexpected_value_is_kept_and_warned_of(
    play: Any, change: dict[str, Any], found: str, kept: Any
) -> None:
    """One odd field costs a warning that says where, and not the whole answer."""
    (field,) = change
    iq = play([response(json={**USER, **change})]).client
    with pytest.warns(insightiq.UnexpectedValueWarning) as caught:
        user = get_user(iq)
    assert getattr(user, field) == kept
    (warning,) = (one.message for one in caught)
    assert isinstance(warning, insightiq.UnexpectedValueWarning)
    assert (warning.operation, warning.place, warning.found) == (
        "users.get",
        f"User.{field}",
        found,
    )
    assert "yesterday" not in str(warning)


def test_a_missing_key_is_warned_of(play: Any) -> None:
    """What is required and absent is UNSET."""
    body = {key: value for key, value in USER.items() if key != "status"}
    with pytest.warns(insightiq.UnexpectedValueWarning, match=r"User\.status holds nothing"):
        assert get_user(play([response(json=body)]).client).status is insightiq.UNSET


def test_each_place_is_warned_of_once_in_a_client_s_life(play: Any) -> None:
    """Ten thousand rows with the same oddity are one warning; siblings count together."""
    body = {**USER, "name": None}
    iq = play(lambda _: response(json=body)).client
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(3):
            get_user(iq)
        get_user(iq.with_options(deadline=5))
        body["status"] = None
        get_user(iq)
    assert [str(one.message).split()[1] for one in caught] == ["User.name", "User.status"]


def test_unknown_keys_and_enum_values_are_no_deviation(play: Any) -> None:
    """The API may grow; the client that was built before reads on without a word."""
    body = {**USER, "status": "DORMANT", "team": "growth"}
    user = get_user(play([response(json=body)], strict=True).client)
    assert user.status == "DORMANT"
    assert user.additional_properties == {"team": "growth"}


def test_strict_reading_raises_instead(play: Any) -> None:
    """Contract tests must not pass over it; every place is named."""
    iq = play([response(json={**USER, "name": None, "created_at": "x"})], strict=True).client
    with pytest.raises(errors.APIResponseValidationError) as caught:
        get_user(iq)
    assert "User.created_at holds an unreadable str, User.name holds null" in str(caught.value)
    assert caught.value.attempts == 1


def test_a_user_s_own_filter_decides(play: Any) -> None:
    """It is an ordinary warning: it can be an error, or silent."""
    iq = play([response(json={**USER, "name": None})]).client
    with warnings.catch_warnings():
        warnings.simplefilter("error", insightiq.UnexpectedValueWarning)
        with pytest.raises(insightiq.UnexpectedValueWarning):
            get_user(iq)


def test_the_warning_survives_pickling() -> None:
    """Test runners hand warnings from process to process."""
    warning = insightiq.UnexpectedValueWarning("users.get", "User.name", "null")
    copied = pickle.loads(pickle.dumps(warning))  # noqa: S301 - our own bytes
    assert (str(copied), vars(copied)) == (str(warning), vars(warning))

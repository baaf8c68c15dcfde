"""Settings: defaults, changes, rejections."""

from __future__ import annotations

import json

import pytest

from insightiq_mock.simulation import Settings, SettingsError, jobs
from insightiq_mock.simulation.settings import LONGEST_WEBHOOK_TIMEOUT


def test_settings_survive_json() -> None:
    settings = Settings(requests_per_second=3, webhook_retry_seconds=(1.0, 2.5))
    assert Settings.from_json(json.loads(settings.to_text())) == settings
    assert Settings.from_json({}) == Settings()


def test_defaults_are_documented_values() -> None:
    """Ten requests per second and at once, four tries, the proposals of evidence.md#open-questions."""
    settings = Settings()
    assert (settings.requests_per_second, settings.concurrent_requests) == (10, 10)
    assert settings.webhook_retry_seconds == (60, 300, 21_600)
    assert settings.webhook_timeout_seconds == 5
    assert settings.facebook_session_days == 60


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"request_per_second": 3}, "There is no setting 'request_per_second'; did you mean"),
        ({"zzzzzzzz": 3}, "There is no setting 'zzzzzzzz'; there are limits_enabled"),
        ({"requests_per_second": 0}, "cannot be 0; give a whole number from 1 to 1000000"),
        ({"requests_per_second": True}, "cannot be True; give a whole number from 1"),
        ({"limits_enabled": "no"}, "cannot be 'no'; give true or false"),
        ({"unknown_filter": "null"}, "give one of 'empty', 'reject'"),
        ({"webhook_timeout_seconds": -1}, "give a number of seconds"),
        ({"webhook_timeout_seconds": float("inf")}, "give a number of seconds"),
        ({"webhook_timeout_seconds": 30}, "give a number of seconds from 0.01 to 25"),
        ({"webhook_retry_seconds": [1] * 21}, "give a list of up to 20"),
        ({"requests_per_second": 1.5}, "cannot be 1.5; give a whole number"),
        ({"facebook_session_days": 10**9}, "give a whole number from 1 to 3660"),
        ({"date_shift_seconds": 1e12}, "give a number of seconds from -316224000 to 316224000"),
        ({"webhook_retry_seconds": 60}, "give a list of up to 20 numbers of seconds"),
        ({"webhook_retry_seconds": ["60"]}, "give a list of up to 20 numbers of seconds"),
    ],
)
def test_impossible_setting_is_rejected(changes: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings().changed(changes)
    assert message in str(caught.value)


def test_date_may_be_shifted_both_ways() -> None:
    assert Settings().changed({"date_shift_seconds": -90}).date_shift_seconds == -90


def test_webhook_attempt_ends_before_its_lease() -> None:
    longest = Settings().changed({"webhook_timeout_seconds": LONGEST_WEBHOOK_TIMEOUT})
    assert longest.webhook_timeout_seconds + 1 < jobs._LEASE_SECONDS

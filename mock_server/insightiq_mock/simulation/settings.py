"""Settings of a developer: limits, webhooks, and the open questions about the API.

Each open question of evidence.md#open-questions on which implementations may differ is a field with the
proposal as its default, so that a client can be tested against the alternative too.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import json
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LONGEST_WEBHOOK_TIMEOUT", "RANGES", "Settings", "SettingsError"]

# A job is leased for so long that an attempt of this length ends, and is recorded, before the lease.
LONGEST_WEBHOOK_TIMEOUT: typing.Final = 25.0

_TEN_YEARS: typing.Final = 10 * 366 * 86_400.0

# Values outside have no meaning, or lead to a moment that no clock shows.
RANGES: typing.Final[Mapping[str, tuple[float, float]]] = {
    "requests_per_second": (1, 1_000_000),
    "concurrent_requests": (1, 1_000_000),
    "date_shift_seconds": (-_TEN_YEARS, _TEN_YEARS),
    "webhook_timeout_seconds": (0.01, LONGEST_WEBHOOK_TIMEOUT),
    "webhook_retry_seconds": (0, _TEN_YEARS),
    "webhook_items": (1, 10_000),
    "facebook_session_days": (1, 3660),
}
_MOST_RETRIES: typing.Final = 20


class SettingsError(ValueError):
    """A setting is unknown or has an invalid value; the message says which, and what is possible."""


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a developer.

    Attributes:
        limits_enabled: Whether requests are limited at all.
        requests_per_second: Requests in one fixed second (evidence.md#rate-limits).
        concurrent_requests: Requests that may be open at once (evidence.md#open-question-3).
        date_shift_seconds: How far the ``Date`` header, and the seconds in which requests are
            counted, are off the server's wall clock.
        maintenance_window: Whether calls get 503 while the developer's clock shows the weekly
            maintenance (evidence.md#request-id-and-maintenance).
        webhook_timeout_seconds: How long a receiver may take (evidence.md#webhook-delivery).
        webhook_retry_seconds: When the tries after the first come, counted from the first
            (evidence.md#webhook-delivery).
        webhook_items: Most ids in one notification (evidence.md#webhook-payload).
        webhook_plain_ids: Whether ids in notifications go without hyphens (evidence.md#webhook-payload).
        webhook_legacy_signature: Whether ``Phyllo-Signature`` is sent too (evidence.md#webhook-signature).
        webhook_json_spaces: Whether notifications are JSON as Python's ``json.dumps`` writes it: a
            blank behind each comma and colon, and ASCII alone. The wire's form has no blanks; a
            receiver that writes the body anew before it verifies the signature expects them.
        unknown_filter: An unknown id in an optional filter of a list gives an ``empty`` list, or
            is ``reject``ed with 400 (evidence.md#open-question-5).
        audience_before_sync: ``not_found``, or an ``empty`` audience (evidence.md#open-question-6).
        refresh_when_expired: Refresh and fetch-historic on an expired session: ``reject`` with 400,
            or ``accept`` without effect (evidence.md#open-question-7).
        refresh_when_disconnected: The same on a disconnected account, with 403 (evidence.md#open-question-7).
        search_unknown: Unknown ids in a search: ``drop`` them, or ``reject`` the search
            with 400 (evidence.md#open-question-8).
        search_duplicates: An id asked twice comes ``once`` or ``each`` time (evidence.md#open-question-8).
        unsupported_products: A product that the platform does not give: ``omit`` it from the
            account, or show it as ``not_supported`` (evidence.md#open-question-9).
        facebook_session_days: After so many days a Facebook session ends; it cannot be prolonged
            (evidence.md#platform-token-life).
        fetch_historic_repeated: A day that is covered already: ``accept`` it, or ``reject`` with
            400 (evidence.md#operations).
    """

    limits_enabled: bool = True
    requests_per_second: int = 10
    concurrent_requests: int = 10
    date_shift_seconds: float = 0.0
    maintenance_window: bool = False
    webhook_timeout_seconds: float = 5.0
    webhook_retry_seconds: tuple[float, ...] = (60.0, 300.0, 21_600.0)
    webhook_items: int = 100
    webhook_plain_ids: bool = False
    webhook_legacy_signature: bool = False
    webhook_json_spaces: bool = False
    unknown_filter: typing.Literal["empty", "reject"] = "empty"
    audience_before_sync: typing.Literal["not_found", "empty"] = "not_found"
    refresh_when_expired: typing.Literal["reject", "accept"] = "reject"
    refresh_when_disconnected: typing.Literal["reject", "accept"] = "reject"
    search_unknown: typing.Literal["drop", "reject"] = "drop"
    search_duplicates: typing.Literal["once", "each"] = "once"
    unsupported_products: typing.Literal["omit", "not_supported"] = "omit"
    facebook_session_days: int = 60
    fetch_historic_repeated: typing.Literal["accept", "reject"] = "accept"

    def changed(self, changes: Mapping[str, object]) -> Settings:
        """Return these settings with some replaced.

        Raises:
            SettingsError: A name is unknown, or a value is invalid.
        """
        types = _types()
        values: dict[str, typing.Any] = {}
        for name, value in changes.items():
            if name not in types:
                raise SettingsError(_unknown(name))
            values[name] = _checked(name, value, types[name])
        return dataclasses.replace(self, **values)

    def to_json(self) -> dict[str, object]:
        """Return all settings as a JSON object."""
        return {
            name: list(typing.cast("tuple[float, ...]", value))
            if isinstance(value, tuple)
            else value
            for name, value in dataclasses.asdict(self).items()
        }

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> Settings:
        """Read settings from a JSON object; those that are missing have their default.

        Raises:
            SettingsError: A name is unknown, or a value is invalid.
        """
        return cls().changed(values)

    def to_text(self) -> str:
        """Return all settings as JSON text."""
        return json.dumps(self.to_json())


@functools.cache
def _types() -> dict[str, object]:
    return typing.get_type_hints(Settings)


def _unknown(name: str) -> str:
    close = difflib.get_close_matches(name, _types(), n=1, cutoff=0.5)
    hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(_types())}."
    return f"There is no setting {name!r}; {hint}"


def _checked(name: str, value: object, wanted: object) -> object:
    """Return a value as the settings keep it."""
    if typing.get_origin(wanted) is typing.Literal:
        choices = typing.get_args(wanted)
        if value in choices and not isinstance(value, bool):
            return value
        raise _invalid(name, value, f"one of {', '.join(map(repr, choices))}")
    if wanted is bool:
        if isinstance(value, bool):
            return value
        raise _invalid(name, value, "true or false")
    lowest, highest = RANGES[name]
    span = f"from {lowest:.10g} to {highest:.10g}"
    if wanted is float:
        return _number(name, value, f"a number of seconds {span}")
    if wanted is int:
        expected = f"a whole number {span}"
        number = _number(name, value, expected)
        # JSON has one kind of number: 3.0 is as whole as 3.
        if number.is_integer():
            return int(number)
        raise _invalid(name, value, expected)
    expected = f"a list of up to {_MOST_RETRIES} numbers of seconds {span}"
    error = _invalid(name, value, expected)
    if isinstance(value, list | tuple):
        items = typing.cast("list[object]", value)
        if len(items) <= _MOST_RETRIES:
            return tuple(_number(name, item, expected) for item in items)
    raise error


def _number(name: str, value: object, expected: str) -> float:
    lowest, highest = RANGES[name]
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _invalid(name, value, expected)
    if not lowest <= value <= highest:
        raise _invalid(name, value, expected)
    return float(value)


def _invalid(name: str, value: object, expected: str) -> SettingsError:
    return SettingsError(f"The setting {name!r} cannot be {value!r}; give {expected}.")

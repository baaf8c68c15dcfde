"""Clients on the mock server of ``insightiq_mock.testing``, whose world shares their time."""

from __future__ import annotations

import asyncio
import typing

from insightiq._client import AsyncInsightIQ, InsightIQ
from insightiq.testing._clock import FakeClock

if typing.TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

    from insightiq._clock import Clock
    from insightiq._config import Timeouts
    from insightiq._events import EventHook
    from insightiq.quota import QuotaPolicy
    from insightiq_mock.control import MockControl
    from insightiq_mock.testing import MockTenant

__all__ = ["ClientOptions", "WorldClock", "async_client_for", "client_for"]


class WorldClock(FakeClock):
    """A clock for a client on the mock server: who waits on it moves the world's clock as far.

    So nothing really sleeps, and what a client waits for happens meanwhile:
    ``iq.accounts.wait_until_synced(account.id)`` returns at once, with the account synced.

    Args:
        control: The control of the world, ``MockTenant.control``.
    """

    def __init__(self, control: MockControl) -> None:
        super().__init__()
        self._control = control

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass, here and in the world."""
        super().advance(seconds)
        self._control.advance(seconds=seconds)

    def _pass_until(self, moment: float) -> float:
        passed = super()._pass_until(moment)
        if passed > 0:
            self._control.advance(seconds=passed)
        return passed

    async def _pass_until_async(self, moment: float) -> None:
        # Not in the event loop: a receiver of what the world sends may be running there.
        await asyncio.to_thread(self._pass_until, moment)


class ClientOptions(typing.TypedDict, total=False):
    """Arguments of the clients that make sense on a mock server; see ``InsightIQ``."""

    timeout: float | Timeouts | None
    deadline: float | None
    max_attempts: int
    quota: QuotaPolicy | None
    strict: bool
    max_response_bytes: int | None
    headers: Mapping[str, str] | None
    app_info: str | None
    on_event: EventHook | None
    clock: Clock | None


def client_for(tenant: MockTenant, **options: Unpack[ClientOptions]) -> InsightIQ:
    """Return a client of a developer of the mock server.

    There is no quota, and waits, as those before a retry, take no time (``WorldClock``),
    unless the options say otherwise.

    Args:
        tenant: The developer, as ``insightiq_mock.testing`` makes them.
        options: Arguments of ``InsightIQ``.
    """
    return InsightIQ(
        client_id=tenant.client_id,
        client_secret=tenant.client_secret,
        base_url=tenant.base_url,
        transport=tenant.transport(),
        **_without_real_waits(tenant, options),
    )


def async_client_for(tenant: MockTenant, **options: Unpack[ClientOptions]) -> AsyncInsightIQ:
    """Return an asynchronous client of a developer of the mock server; see ``client_for``.

    Args:
        tenant: The developer, as ``insightiq_mock.testing`` makes them.
        options: Arguments of ``AsyncInsightIQ``.
    """
    return AsyncInsightIQ(
        client_id=tenant.client_id,
        client_secret=tenant.client_secret,
        base_url=tenant.base_url,
        transport=tenant.async_transport(),
        **_without_real_waits(tenant, options),
    )


def _without_real_waits(tenant: MockTenant, options: ClientOptions) -> ClientOptions:
    usual: ClientOptions = {"quota": None, "clock": WorldClock(tenant.control)}
    return {**usual, **options}

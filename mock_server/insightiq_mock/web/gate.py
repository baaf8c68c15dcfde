"""What happens to a call between knowing whose it is and reading it: limits, maintenance, faults.

In this order: the call counts in the developer's limits; then the maintenance window closes the
API; then what the caller asked to go wrong (``Prefer``), or else what a rule says, happens.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from insightiq_mock.web.maintenance import maintenance_ends_in, under_maintenance
from insightiq_mock.web.preferences import read_preferences

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable

    from starlette.types import Scope

    from insightiq_mock.context import RequestContext
    from insightiq_mock.web.fault_rules import FaultRules
    from insightiq_mock.web.limiter import Limiter
    from insightiq_mock.web.tenants import Tenants

__all__ = ["Gate"]


class Gate:
    """Lets calls pass, late, or not at all.

    Args:
        tenants: Knows the developers' settings.
        limiter: Counts calls; None where nothing is limited.
        rules: What goes wrong by rule.
        seconds: The server's clock, in seconds since 1970.
        world_time: A developer's own clock.
        sleep: Waits; tests pass one that does not.
    """

    def __init__(  # noqa: PLR0913 - two clocks and three judges
        self,
        tenants: Tenants,
        limiter: Limiter | None,
        rules: FaultRules,
        *,
        seconds: Callable[[], float],
        world_time: Callable[[str], dt.datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._tenants = tenants
        self._limiter = limiter
        self._rules = rules
        self._seconds = seconds
        self._world_time = world_time
        self._sleep = sleep

    async def enter(self, scope: Scope, context: RequestContext) -> None:
        """Let a call pass; what is to happen to it later is left in its exchange.

        Raises:
            ApiError: 429, 503, or 400 for preferences that make no sense.
        """
        developer_id = context.developer_id
        if developer_id:
            settings = self._tenants.settings(developer_id)
            context.date_shift = settings.date_shift_seconds
            if self._limiter is not None and settings.limits_enabled:
                now = self._seconds() + settings.date_shift_seconds
                self._limiter.admit(developer_id, settings, now)
                context.holds_slot = True
            if settings.maintenance_window:
                remaining = maintenance_ends_in(self._world_time(developer_id))
                if remaining is not None:
                    raise under_maintenance(remaining)
        if b"prefer" in context.headers:
            context.preferences = read_preferences(_prefer(scope))
        if context.preferences is None and developer_id and context.operation_id is not None:
            context.preferences = self._rules.take(developer_id, context.operation_id)
        if context.preferences is not None and context.preferences.delay:
            await self._sleep(context.preferences.delay)

    def leave(self, context: RequestContext) -> None:
        """A call that passed has been answered, or its caller is gone."""
        if context.holds_slot and self._limiter is not None:
            context.holds_slot = False
            self._limiter.leave(context.developer_id)


def _prefer(scope: Scope) -> str:
    # Several headers of one name mean the same as one with commas.
    values = (value for name, value in scope["headers"] if name == b"prefer")
    return b", ".join(values).decode("latin-1")

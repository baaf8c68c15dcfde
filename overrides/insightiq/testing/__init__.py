"""Helpers for tests of programs that use this package.

With pytest there is nothing to set up. The fixture ``insightiq_client`` is a client on a mock
server within the process, and ``insightiq_tenant`` is the world behind it, which no other test
sees::

    def test_refresh(insightiq_client, insightiq_tenant):
        account = insightiq_tenant.control.connect("TikTok")
        insightiq_client.contents.refresh(account_id=account["id"])

Without a mock server, a script stands for the API::

    clock = FakeClock()
    transport = ScriptedTransport([response(503), response(200, json={})], clock=clock)
    iq = InsightIQ(client_id="id", client_secret="s3", transport=transport, clock=clock)
"""

from __future__ import annotations

import importlib
import typing

if typing.TYPE_CHECKING:
    from insightiq.testing._clock import FakeClock
    from insightiq.testing._mock import WorldClock, async_client_for, client_for
    from insightiq.testing._signing import signed_headers
    from insightiq.testing._transport import (
        ScriptedTransport,
        SentRequest,
        connection_lost,
        connection_refused,
        delayed,
        response,
        timed_out,
    )

__all__ = [
    "FakeClock",
    "ScriptedTransport",
    "SentRequest",
    "WorldClock",
    "async_client_for",
    "client_for",
    "connection_lost",
    "connection_refused",
    "delayed",
    "response",
    "signed_headers",
    "timed_out",
]

# Imported when first asked for: pytest loads this package, as its plugin's home, in every run.
_HOMES = {
    "FakeClock": "_clock",
    "ScriptedTransport": "_transport",
    "SentRequest": "_transport",
    "WorldClock": "_mock",
    "async_client_for": "_mock",
    "client_for": "_mock",
    "connection_lost": "_transport",
    "connection_refused": "_transport",
    "delayed": "_transport",
    "response": "_transport",
    "signed_headers": "_signing",
    "timed_out": "_transport",
}


if not typing.TYPE_CHECKING:
    # Hidden from type checkers, which would believe that every name exists.
    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

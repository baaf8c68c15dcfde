"""Typed client for the InsightIQ (formerly Phyllo) creator-data API. Unofficial.

    from insightiq import InsightIQ

    iq = InsightIQ()  # credentials and environment from the INSIGHTIQ_* variables
    for content in iq.contents.list(account_id=account_id):
        print(content.title, content.url)

``AsyncInsightIQ`` is the same for asyncio, ``insightiq.models`` has the data classes and
``insightiq.errors`` everything that can be raised.
"""

from __future__ import annotations

import importlib
import typing

if typing.TYPE_CHECKING:
    from insightiq import errors, models, progress, webhooks
    from insightiq._client import AsyncInsightIQ, InsightIQ
    from insightiq._clock import Clock
    from insightiq._config import Timeouts
    from insightiq._events import (
        AttemptFailed,
        AttemptStarted,
        Event,
        EventHook,
        PageReceived,
        QuotaWaited,
        RateLimited,
        ResponseReceived,
        RetryScheduled,
    )
    from insightiq._response import Response, UnexpectedValueWarning
    from insightiq.errors import InsightIQError
    from insightiq.quota import Quota, SharedQuota
    from insightiq_generated.client import AsyncPager, BulkResult, Pager, PagerState
    from insightiq_generated.types import UNSET, Unset

    __version__: str

__all__ = [
    "UNSET",
    "AsyncInsightIQ",
    "AsyncPager",
    "AttemptFailed",
    "AttemptStarted",
    "BulkResult",
    "Clock",
    "Event",
    "EventHook",
    "InsightIQ",
    "InsightIQError",
    "PageReceived",
    "Pager",
    "PagerState",
    "Quota",
    "QuotaWaited",
    "RateLimited",
    "Response",
    "ResponseReceived",
    "RetryScheduled",
    "SharedQuota",
    "Timeouts",
    "UnexpectedValueWarning",
    "Unset",
    "__version__",
    "errors",
    "models",
    "progress",
    "webhooks",
]

# Where each name lives; imported when first asked for, so that one name does not cost all of them.
_HOMES = {
    "UNSET": "insightiq_generated.types",
    "AsyncInsightIQ": "insightiq._client",
    "AsyncPager": "insightiq_generated.client",
    "AttemptFailed": "insightiq._events",
    "AttemptStarted": "insightiq._events",
    "BulkResult": "insightiq_generated.client",
    "Clock": "insightiq._clock",
    "Event": "insightiq._events",
    "EventHook": "insightiq._events",
    "InsightIQ": "insightiq._client",
    "InsightIQError": "insightiq.errors",
    "PageReceived": "insightiq._events",
    "Pager": "insightiq_generated.client",
    "PagerState": "insightiq_generated.client",
    "Quota": "insightiq.quota",
    "QuotaWaited": "insightiq._events",
    "RateLimited": "insightiq._events",
    "Response": "insightiq._response",
    "ResponseReceived": "insightiq._events",
    "RetryScheduled": "insightiq._events",
    "SharedQuota": "insightiq.quota",
    "Timeouts": "insightiq._config",
    "UnexpectedValueWarning": "insightiq._response",
    "Unset": "insightiq_generated.types",
}
_SUBMODULES = ("errors", "models", "progress", "webhooks")


if not typing.TYPE_CHECKING:
    # Hidden from type checkers, which would believe that every name exists.
    def __getattr__(name: str) -> object:
        if name in _HOMES:
            value = getattr(importlib.import_module(_HOMES[name]), name)
        elif name in _SUBMODULES:
            value = importlib.import_module(f"{__name__}.{name}")
        elif name == "__version__":
            from insightiq._config import version

            value = version()
        else:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""Keeping to the API's limits: ``Quota`` in one process, ``SharedQuota`` among those of a host.

    iq = InsightIQ(quota=Quota(requests_per_second=5))
    iq = InsightIQ(quota=SharedQuota("/run/my-app/insightiq.quota"))
    iq = InsightIQ(quota=None)  # no limit at all

``insightiq.quota.ledger`` says how it is decided when a request may start.
"""

from __future__ import annotations

import importlib
import typing

from insightiq.quota._policy import Priority, QuotaPolicy, Slot

if typing.TYPE_CHECKING:
    from insightiq.quota._scheduler import Quota
    from insightiq.quota._shared import SharedQuota

__all__ = ["Priority", "Quota", "QuotaPolicy", "SharedQuota", "Slot"]

# Imported when first asked for, so that a client without a quota, or without a file, is not slowed.
_HOMES = {"Quota": "_scheduler", "SharedQuota": "_shared"}


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

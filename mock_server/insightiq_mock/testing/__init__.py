"""The mock server inside a test process: no port, no second process, a fresh developer per test.

With pytest there is nothing to set up; the fixture ``insightiq_mock`` is a developer of the test's
own::

    def test_reading_contents(insightiq_mock):
        account = insightiq_mock.control.connect("TikTok")
        insightiq_mock.control.advance(hours=1)
        with httpx.Client(
            base_url=insightiq_mock.base_url,
            auth=(insightiq_mock.client_id, insightiq_mock.client_secret),
            transport=insightiq_mock.transport(),
        ) as client:
            ...

Elsewhere, a `MockApplication` gives such developers (`MockApplication.tenant`). What is made of the
document is made once per application; a developer more costs milliseconds.

The server's libraries are imported when an application is made, not before.
"""

from __future__ import annotations

import importlib
import typing

if typing.TYPE_CHECKING:
    from insightiq_mock.testing.application import MockApplication
    from insightiq_mock.testing.receivers import Notification, Receiver
    from insightiq_mock.testing.tenant import MockTenant, TenantControl
    from insightiq_mock.testing.transports import AsyncMockTransport, MockTransport

__all__ = [
    "AsyncMockTransport",
    "MockApplication",
    "MockTenant",
    "MockTransport",
    "Notification",
    "Receiver",
    "TenantControl",
]

_MODULES: typing.Final = {
    "AsyncMockTransport": "transports",
    "MockApplication": "application",
    "MockTenant": "tenant",
    "MockTransport": "transports",
    "Notification": "receivers",
    "Receiver": "receivers",
    "TenantControl": "tenant",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    module = importlib.import_module(f"{__name__}.{_MODULES[name]}")
    value: object = getattr(module, name)
    return value

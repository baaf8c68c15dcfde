"""The control API of the mock server, below ``/_mock``.

This package exports the client. The server side, which needs the server's libraries, is
`insightiq_mock.control.app`.

::

    from insightiq_mock.control import MockControl

    with MockControl("http://127.0.0.1:4010") as mock:
        account = mock.connect("TikTok", products=["IDENTITY", "ENGAGEMENT"])
        mock.advance(hours=1)
"""

from __future__ import annotations

import importlib
import typing

if typing.TYPE_CHECKING:
    from insightiq_mock.control.client import MockControl
    from insightiq_mock.control.client_base import (
        ControlConnectionError,
        ControlError,
        ControlStatusError,
    )
    from insightiq_mock.control.operations import (
        Clock,
        ClockAdvanced,
        Delivery,
        Developer,
        EventTriggered,
        FaultRule,
        Health,
        InboxMessage,
        Job,
        LoggedRequest,
    )

__all__ = [
    "Clock",
    "ClockAdvanced",
    "ControlConnectionError",
    "ControlError",
    "ControlStatusError",
    "Delivery",
    "Developer",
    "EventTriggered",
    "FaultRule",
    "Health",
    "InboxMessage",
    "Job",
    "LoggedRequest",
    "MockControl",
]

_MODULES: typing.Final = {
    "ControlConnectionError": "client_base",
    "ControlError": "client_base",
    "ControlStatusError": "client_base",
    "MockControl": "client",
}


def __getattr__(name: str) -> object:
    # The server is a part of this package too, and needs no HTTP client to start.
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    module = importlib.import_module(f"{__name__}.{_MODULES.get(name, 'operations')}")
    value: object = getattr(module, name)
    return value

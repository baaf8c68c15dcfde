"""The control API of the mock server: what is done to it from outside, below ``/_mock``.

This package gives the client. The serving side, which needs the server's libraries, is
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
    from insightiq_mock.control.answers import (
        Advanced,
        Clock,
        ControlledDeveloper,
        Delivery,
        FaultRule,
        HappenedJob,
        Health,
        LoggedCall,
        Message,
        Triggered,
    )
    from insightiq_mock.control.client import MockControl
    from insightiq_mock.control.connection import (
        ControlError,
        ControlRefusedError,
        ControlUnreachableError,
    )

__all__ = [
    "Advanced",
    "Clock",
    "ControlError",
    "ControlRefusedError",
    "ControlUnreachableError",
    "ControlledDeveloper",
    "Delivery",
    "FaultRule",
    "HappenedJob",
    "Health",
    "LoggedCall",
    "Message",
    "MockControl",
    "Triggered",
]

_MODULES: typing.Final = {
    "ControlError": "connection",
    "ControlRefusedError": "connection",
    "ControlUnreachableError": "connection",
    "MockControl": "client",
}


def __getattr__(name: str) -> object:
    # The server is a part of this package too, and needs no HTTP client to start.
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    module = importlib.import_module(f"{__name__}.{_MODULES.get(name, 'answers')}")
    value: object = getattr(module, name)
    return value

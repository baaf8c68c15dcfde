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
    from insightiq_mock.control.client import (
        Advanced,
        Clock,
        ControlConnectionError,
        ControlError,
        ControlledDeveloper,
        ControlStatusError,
        Delivery,
        FaultRule,
        HappenedJob,
        Health,
        LoggedCall,
        Message,
        MockControl,
        Triggered,
    )

__all__ = [
    "Advanced",
    "Clock",
    "ControlConnectionError",
    "ControlError",
    "ControlStatusError",
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


def __getattr__(name: str) -> object:
    # The server is a part of this package too, and needs no HTTP client to start.
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value: object = getattr(importlib.import_module(f"{__name__}.client"), name)
    return value

"""What a client tells about its work, as it happens."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable

__all__ = ["EventHook", "ResponseReceived"]


@dataclasses.dataclass(frozen=True, slots=True)
class ResponseReceived:
    """An answer came, of whatever status.

    Attributes:
        operation: ``<resource>.<method>`` of the call.
        method: HTTP method.
        path: Path without the query.
        status: HTTP status.
        request_id: The id that the vendor's support asks for, or None where the answer has none.
    """

    operation: str
    method: str
    path: str
    status: int
    request_id: str | None


EventHook: typing.TypeAlias = Callable[[ResponseReceived], None]
"""Called with each event, in the thread of the call; what it raises is logged, not passed on."""

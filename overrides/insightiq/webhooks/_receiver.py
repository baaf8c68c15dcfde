"""Base class of the receivers, whatever protocol they speak."""

from __future__ import annotations

import typing

from insightiq.errors import ConfigurationError
from insightiq.webhooks._reception import LARGEST_BODY, TOO_LARGE, Admitted, Reception, Response

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from insightiq.webhooks._deduplication import SeenStore
    from insightiq.webhooks._signatures import Headers

__all__ = ["Receiver"]

HandlerT = typing.TypeVar("HandlerT", bound="Callable[..., object]")


class Receiver(typing.Generic[HandlerT]):
    """A handler of events, and who decides which ones it is given.

    Args:
        handler: Called with each new event.
        secret: The client secret of the environment, or several.
        seen: Remembers which notifications came; in memory unless given.
        background: Answer first and call the handler afterwards.
    """

    def __init__(
        self,
        handler: HandlerT,
        *,
        secret: str | Sequence[str],
        seen: SeenStore | None = None,
        background: bool = False,
    ) -> None:
        if not callable(typing.cast("object", handler)):
            kind = type(handler).__name__
            msg = f"handler must be a function that takes an event, not {kind}."
            raise ConfigurationError(msg)
        self._handler = handler
        self._reception = Reception(secret, seen)
        self._background = background

    def _admit(self, body: bytes, headers: Headers) -> Admitted | Response:
        """Return the event to handle, or what to answer where there is none."""
        return TOO_LARGE if len(body) > LARGEST_BODY else self._reception.admit(body, headers)

    def _failed(self, admitted: Admitted, error: BaseException) -> None:
        self._reception.failed(admitted, error, repeated=not self._background)

    def __repr__(self) -> str:
        # The handler's own repr may show arguments, and secrets among them.
        name = getattr(self._handler, "__qualname__", None)
        shown = name if isinstance(name, str) else type(self._handler).__qualname__
        return f"{type(self).__name__}({shown}, background={self._background})"

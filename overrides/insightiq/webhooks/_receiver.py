"""What a receiver is, whatever protocol it speaks; the protocols only carry it out."""

from __future__ import annotations

import typing

from insightiq.webhooks._reception import (
    ACCEPTED,
    FAILED,
    LARGEST_BODY,
    TOO_LARGE,
    Admitted,
    Answer,
    Reception,
)

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from insightiq.webhooks._deduplication import SeenStore
    from insightiq.webhooks._signatures import Headers

__all__ = ["Handling", "Receiver"]

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
        self._handler = handler
        self._reception = Reception(secret, seen)
        self._background = background

    def _admit(self, body: bytes, headers: Headers) -> Admitted | Answer:
        """Return the event to handle, or what to answer where there is none."""
        return TOO_LARGE if len(body) > LARGEST_BODY else self._reception.admit(body, headers)

    def _handling(self, admitted: Admitted) -> Handling:
        return Handling(self._reception, admitted, repeated=not self._background)

    def __repr__(self) -> str:
        # The handler's own repr may show arguments, and secrets among them.
        name = getattr(self._handler, "__qualname__", None)
        shown = name if isinstance(name, str) else type(self._handler).__qualname__
        return f"{type(self).__name__}({shown}, background={self._background})"


class Handling:
    """The time in which an event is handled: afterwards it is known what to answer.

    Args:
        reception: Is told how it ended.
        admitted: The event.
        repeated: Whether the vendor sends the event again if handling it fails.

    Attributes:
        answer: What to answer; an error of the handler goes no further than here.
    """

    def __init__(self, reception: Reception, admitted: Admitted, *, repeated: bool) -> None:
        self._reception = reception
        self._admitted = admitted
        self._repeated = repeated
        self.answer = FAILED

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, _type: object, exception: BaseException | None, _traceback: object) -> bool:
        if exception is None:
            self._reception.done(self._admitted)
            self.answer = ACCEPTED
            return False
        self._reception.failed(self._admitted, exception, repeated=self._repeated)
        return isinstance(exception, Exception)

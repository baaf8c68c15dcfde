"""A thing that is made when first needed and refused once closed."""

from __future__ import annotations

import threading
import typing

from insightiq.errors import ClientClosedError

if typing.TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Opened"]

ThingT = typing.TypeVar("ThingT")


class Opened(typing.Generic[ThingT]):
    """Makes its thing on the first ``get``, once, whatever the number of threads.

    Args:
        make: Makes the thing.
    """

    def __init__(self, make: Callable[[], ThingT]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._thing: ThingT | None = None
        self._closed = False

    def get(self, operation: str) -> ThingT:
        """Return the thing for a call of ``operation``.

        Raises:
            ClientClosedError: ``close`` came first.
        """
        thing = self._thing
        if thing is not None:
            return thing
        with self._lock:
            if self._closed:
                msg = (
                    f"{operation}: this client is closed. Make a new one, "
                    "or keep its with block open for as long as you use it."
                )
                raise ClientClosedError(msg, operation=operation)
            if self._thing is None:
                self._thing = self._make()
            return self._thing

    def close(self) -> ThingT | None:
        """Refuse from now on; return the thing to close, if it was ever made."""
        with self._lock:
            self._closed = True
            thing, self._thing = self._thing, None
            return thing

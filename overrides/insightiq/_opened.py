"""A thing that is made when first needed and refused once closed."""

from __future__ import annotations

import os
import threading
import typing
import weakref

from insightiq.errors import ClientClosedError

if typing.TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Opened"]

ThingT = typing.TypeVar("ThingT")


class Opened(typing.Generic[ThingT]):
    """Makes its thing on the first ``get``, once, whatever the number of threads.

    A process that was forked makes a thing of its own: two processes that read from one connection
    would take each other's answers.

    Args:
        make: Makes the thing.
    """

    def __init__(self, make: Callable[[], ThingT]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._thing: ThingT | None = None
        self._closed = False
        _living.add(self)

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

    def forget(self) -> None:
        """Let go of the thing in a process that was forked; the next ``get`` makes another."""
        # Another thread may have held the lock at that moment, and does not exist here.
        self._lock = threading.Lock()
        if self._thing is not None:
            # Kept alive: closing it could wait for a lock of a thread that does not exist here.
            _inherited.append(self._thing)
            self._thing = None


_living: weakref.WeakSet[Opened[typing.Any]] = weakref.WeakSet()
_inherited: list[object] = []


def _forget_all() -> None:
    for opened in list(_living):
        opened.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)

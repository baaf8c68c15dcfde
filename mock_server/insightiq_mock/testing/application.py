"""A mock server within this process, shared by all its tests."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import threading
import time
import typing
import uuid

from insightiq_mock.closing import Closing
from insightiq_mock.control import MockControl
from insightiq_mock.db import Store
from insightiq_mock.openapi import default_document_path, load_document
from insightiq_mock.server import assemble
from insightiq_mock.settings import credentials_from_seed
from insightiq_mock.testing.receivers import CapturingSender
from insightiq_mock.testing.tenant import BASE_URL, MockTenant
from insightiq_mock.testing.transports import MockTransport, PrivateLoop

if typing.TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Generator, Mapping

    from starlette.types import ASGIApp

__all__ = ["MockApplication"]


class MockApplication(Closing):
    """A mock server without a port, for any number of threads and event loops.

    Its parts are made with the first tenant.

    Args:
        document_path: The document to serve; None for the packaged one.
        validate_responses: Whether a response that breaks the document becomes a 500 that says so.
        seconds: The clock in whose seconds requests are counted, in seconds since 1970.
    """

    def __init__(
        self,
        document_path: pathlib.Path | None = None,
        *,
        validate_responses: bool = False,
        seconds: Callable[[], float] = time.time,
    ) -> None:
        self._document_path = document_path
        self._validate_responses = validate_responses
        self._seconds = seconds
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._asgi: ASGIApp | None = None
        self._store: Store | None = None
        self._control: MockControl | None = None
        self.loop = PrivateLoop("insightiq-mock")
        self.sender = CapturingSender()

    @property
    def asgi(self) -> ASGIApp:
        """The ASGI application; it must run on one event loop, which is `loop` for transports."""
        with self._lock:
            if self._asgi is None:
                self._asgi = self.loop.call(self._assembled)
            return self._asgi

    def tenant(
        self,
        name: str | None = None,
        *,
        seed: str | int = 1,
        world: str = "small",
        clock: str = "frozen",
        start: str | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> MockTenant:
        """Make a developer with a world of their own.

        Args:
            name: The same name makes the same credentials in every run; one name is for one tenant
                at a time. Without it, tenants are numbered as they are made.
            seed: What the world is made from: one seed, one world, ids included.
            world: Its size: ``small``, ``medium`` or ``large``.
            clock: ``frozen``, ``running`` or ``real``.
            start: When the world begins: ``fixed`` (also without it), ``now``, or a moment.
            settings: Settings that differ from the defaults, of which ``limits_enabled`` is false
                here.
        """
        if name is None:
            name = f"number {next(self._numbers)}"
        developer = self._developers().create_developer(
            client_id=_derived("id", name),
            client_secret=_derived("secret", name),
            seed=str(seed),
            world=world,
            clock=clock,
            start=start,
            settings={"limits_enabled": False, **(settings or {})},
        )
        return MockTenant(self, developer)

    @contextlib.contextmanager
    def fresh_tenant(
        self,
        name: str | None = None,
        **options: typing.Any,
    ) -> Generator[MockTenant]:
        """Make a developer for a ``with`` block; the options are those of `tenant`."""
        tenant = self.tenant(name, **options)
        try:
            yield tenant
        finally:
            tenant.close()

    def close(self) -> None:
        """End everything that runs, and delete everything."""
        self.loop.close()
        if self._control is not None:
            self._control.close()
        if self._store is not None:
            self._store.close()

    def _developers(self) -> MockControl:
        asgi = self.asgi
        with self._lock:
            if self._control is None:
                self._control = MockControl(BASE_URL, transport=MockTransport(asgi, self.loop))
            return self._control

    def _assembled(self) -> ASGIApp:
        document = load_document(self._document_path or default_document_path())
        self._store = Store.open(None)
        return assemble(
            document,
            self._store,
            credentials_from_seed(1),
            seed=1,
            validate_responses=self._validate_responses,
            sender=self.sender,
            seconds=self._seconds,
        )


def _derived(purpose: str, name: str) -> str:
    digest = hashlib.sha256(f"insightiq-mock tenant {purpose} {name}".encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))

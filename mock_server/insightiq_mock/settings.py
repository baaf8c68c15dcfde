"""Settings of a server, and the credentials of its default developer."""

from __future__ import annotations

import dataclasses
import hashlib
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pathlib

__all__ = ["Credentials", "ServerSettings", "credentials_from_seed"]


@dataclasses.dataclass(frozen=True, slots=True)
class Credentials:
    """A client id and its secret, both shaped like a UUID. Source: evidence.md#authentication."""

    client_id: str
    client_secret: str = dataclasses.field(repr=False)


def credentials_from_seed(seed: int) -> Credentials:
    """Derive credentials from ``seed``: the same ones at every start, so that tests can know them.

    Anyone can derive them. They open this mock server and nothing else.
    """
    return Credentials(_derived("client id", seed), _derived("client secret", seed))


def _derived(purpose: str, seed: int) -> str:
    digest = hashlib.sha256(f"insightiq-mock {purpose} {seed}".encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


@dataclasses.dataclass(frozen=True, slots=True)
class ServerSettings:
    """Options of ``insightiq-mock serve``.

    Attributes:
        host: Host to listen on; beyond loopback only with a control token.
        port: The port; 0 for a free one.
        seed: Seed of the default world and of everything random.
        credentials: Those of the default developer.
        document_path: The document to serve; None for the packaged one.
        database: The database file; None for memory.
        world: The size of the default developer's world: ``small``, ``medium`` or ``large``.
        start: When worlds begin: ``now``, ``fixed`` or a moment.
        limits: Whether requests are limited at all.
        reload: Whether a changed document is served while the server runs.
        workers: Number of processes.
        cors_origins: Origins of the pages that may read responses; see `Cors`.
        control_token: Token of the control API; None where it is open.
        allow_hosts: Names of the server beside those of this machine; see `HostRule`.
        behind_proxy: Whether others reach it, though it listens on loopback; only with a control
            token.
        webhook_hosts: Hosts of webhooks beside this machine; see `AddressGuard`.
        webhook_public: Whether webhooks may have public addresses.
    """

    host: str
    port: int
    seed: int
    credentials: Credentials
    document_path: pathlib.Path | None = None
    database: pathlib.Path | None = None
    world: str = "small"
    start: str = "now"
    limits: bool = True
    reload: bool = False
    workers: int = 1
    cors_origins: tuple[str, ...] = ("loopback",)
    control_token: str | None = dataclasses.field(default=None, repr=False)
    allow_hosts: tuple[str, ...] = ()
    behind_proxy: bool = False
    webhook_hosts: tuple[str, ...] = ()
    webhook_public: bool = False

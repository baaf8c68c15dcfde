"""The credentials of the mock's default developer."""

from __future__ import annotations

import dataclasses
import hashlib
import uuid

__all__ = ["Credentials", "credentials_from_seed"]


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

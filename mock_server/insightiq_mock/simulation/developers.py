"""Developers: credentials, seed and settings of the owner of a world."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import hmac
import json
import typing
import uuid

from .settings import Settings

if typing.TYPE_CHECKING:
    from insightiq_mock.db import DeveloperRow

__all__ = [
    "Developer",
    "DeveloperExistsError",
    "UnknownDeveloperError",
    "derived_secret",
    "developer_of",
    "random_id",
]


class UnknownDeveloperError(LookupError):
    """There is no such developer."""

    def __init__(self, developer_id: str) -> None:
        super().__init__(f"There is no developer {developer_id!r}; create the developer first.")


class DeveloperExistsError(ValueError):
    """The client id is taken."""

    def __init__(self, developer_id: str) -> None:
        super().__init__(f"Developer {developer_id!r} exists already; choose another client id.")


@dataclasses.dataclass(frozen=True, slots=True)
class Developer:
    """A developer.

    Attributes:
        id: The client id.
        secrets: The live client secrets, newest first: one, or two while one is being replaced.
        seed: The seed of the world.
        world: The size of the world.
        start: Its first present: ``now``, ``fixed`` or a moment; see `start_of`.
        settings: Their settings.
    """

    id: str
    secrets: tuple[str, ...] = dataclasses.field(repr=False)
    seed: str
    world: str
    start: str
    settings: Settings

    def accepts(self, secret: str) -> bool:
        """Return whether a secret is one of the live ones, in constant time for each."""
        given = secret.encode()
        matches = [hmac.compare_digest(given, each.encode()) for each in self.secrets]
        return any(matches)


@functools.lru_cache(maxsize=4096)
def developer_of(row: DeveloperRow) -> Developer:
    """Read a stored developer; every call of the API asks for one."""
    settings = Settings.from_json(json.loads(row.settings))
    return Developer(row.id, row.secrets, row.seed, row.world, row.start, settings)


def random_id() -> str:
    """Return a fresh client id or secret; both are shaped like a UUID (evidence.md#authentication)."""
    return str(uuid.uuid4())


def derived_secret(developer_id: str, old_secret: str, seed: str) -> str:
    """Return the secret that follows on an old one: the same in every run of a script."""
    text = f"insightiq-mock secret after {seed} {developer_id} {old_secret}"
    return str(uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4))

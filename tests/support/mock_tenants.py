"""Developers of their own, for tests that share one mock server process."""

from __future__ import annotations

import dataclasses

from insightiq_mock.control import MockControl

__all__ = ["Tenant", "make_tenant"]


@dataclasses.dataclass(frozen=True)
class Tenant:
    """A developer of a mock server.

    Attributes:
        url: The address of the server.
        client_id: Credentials that it accepts.
        client_secret: Credentials that it accepts.
    """

    url: str
    client_id: str
    client_secret: str = dataclasses.field(repr=False)


def make_tenant(url: str, *, world: str = "small", **settings: object) -> Tenant:
    """Make a developer with the world of the server's own one; not limited unless settings say so."""
    with MockControl(url) as control:
        made = control.create_developer(
            seed="1", world=world, settings={"limits_enabled": False, **settings}
        )
    return Tenant(url, made.id, made.secrets[0])

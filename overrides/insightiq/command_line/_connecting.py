"""From options and variables to a client."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import typing

from insightiq._config import settings_from
from insightiq.errors import ConfigurationError

if typing.TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from insightiq import InsightIQ
    from insightiq._config import Settings

__all__ = ["Connection", "MakeClient", "connect"]

MakeClient: typing.TypeAlias = "Callable[..., InsightIQ]"
"""Makes the client, as its class does."""

_CREDENTIALS: typing.Final = ("INSIGHTIQ_CLIENT_ID", "INSIGHTIQ_CLIENT_SECRET")
_QUOTA_FILE: typing.Final = "INSIGHTIQ_QUOTA_FILE"
_WHOLE_QUOTA: typing.Final = 10


@dataclasses.dataclass(frozen=True, slots=True)
class Connection:
    """A client, and what it was made of.

    Attributes:
        iq: The client; close it.
        settings: Where it calls, and as whom.
        requests_per_second: The part of the quota that it keeps to.
    """

    iq: InsightIQ
    settings: Settings
    requests_per_second: int


def connect(options: argparse.Namespace, client: MakeClient | None = None) -> Connection:
    """Return the client that the options and the variables describe.

    Args:
        options: Those of the command line.
        client: Makes it, instead of the class.

    Raises:
        ConfigurationError: Something is missing, contradictory or malformed.
    """
    missing = [name for name in _CREDENTIALS if not os.environ.get(name, "").strip()]
    if missing:
        msg = f"set {' and '.join(missing)}: credentials come from the environment alone."
        raise ConfigurationError(msg)
    given = vars(options)
    environment, base_url = given.get("environment"), given.get("base_url")
    settings = settings_from(environment=environment, base_url=base_url)
    rate: int = given.get("requests_per_second", _WHOLE_QUOTA)
    from insightiq import InsightIQ
    from insightiq.quota import Quota, SharedQuota

    make: MakeClient = client or InsightIQ
    shared = os.environ.get(_QUOTA_FILE, "").strip()
    quota = (
        SharedQuota(pathlib.Path(shared).expanduser(), requests_per_second=rate)
        if shared
        else Quota(requests_per_second=rate)
    )
    timeout = given.get("timeout")
    iq = make(environment=environment, base_url=base_url, timeout=timeout, quota=quota)
    return Connection(iq, settings, rate)

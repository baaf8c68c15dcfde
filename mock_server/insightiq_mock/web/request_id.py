"""Making request ids."""

from __future__ import annotations

import random
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["request_ids"]


def request_ids(seed: int | None = None) -> Callable[[], str]:
    """Return a function that makes a new id per call; with a ``seed``, always the same sequence.

    A repeatable server lets a contract test that failed be run again to the same failure.
    """
    # Request ids are names, not secrets.
    source = random.Random(seed)  # noqa: S311

    def new_request_id() -> str:
        return str(uuid.UUID(int=source.getrandbits(128), version=4))

    return new_request_id

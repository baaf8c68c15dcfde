"""Making request ids."""

from __future__ import annotations

import random
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["request_ids"]

# Version and variant are fixed in every UUID of version 4.
_FIXED_BITS = uuid.UUID(int=0, version=4).int
_FREE_BITS = uuid.UUID(int=2**128 - 1, version=4).int & ~_FIXED_BITS


def request_ids(seed: int | str | None = None) -> Callable[[], str]:
    """Return a function that makes a new id per call; with a ``seed``, always the same sequence.

    A repeatable server lets a contract test that failed be run again to the same failure.
    """
    source = random.Random(seed)  # noqa: S311 - request ids are names, not secrets

    def new_request_id() -> str:
        # The text of a UUID of version 4, without the object.
        digits = f"{source.getrandbits(128) & _FREE_BITS | _FIXED_BITS:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    return new_request_id

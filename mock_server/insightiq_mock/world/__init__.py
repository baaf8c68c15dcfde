"""A believable little world: creators, their accounts and what those hold.

Deterministic from the seed, the developer and the world's present; every value within what its
platform gives (facts section G).
"""

from __future__ import annotations

from .seeding import WORLD_EPOCH, make_world, seed_world

__all__ = ["WORLD_EPOCH", "make_world", "seed_world"]

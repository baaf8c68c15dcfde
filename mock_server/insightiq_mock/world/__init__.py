"""A believable world: creators, their accounts and what those hold.

Deterministic from the seed, the size, the developer and the world's present; every value within
what its platform gives (facts section G). Users, accounts and profiles are there from the start;
what an account holds is made when it is first asked for, and a million items are never made at all
but computed.
"""

from __future__ import annotations

from .casting import Size
from .seeding import WORLD_EPOCH, make_world, seed_world, supply_store
from .supply import materialise

__all__ = ["WORLD_EPOCH", "Size", "make_world", "materialise", "seed_world", "supply_store"]

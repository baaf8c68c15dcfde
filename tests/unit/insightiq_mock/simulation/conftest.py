"""Fixtures of a simulation, see `simulated_world`."""

from __future__ import annotations

from simulated_world import contract, epoch, seeded, simulation, wall, world

__all__ = ["contract", "epoch", "seeded", "simulation", "wall", "world"]

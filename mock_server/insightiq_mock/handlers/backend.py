"""What every handler works with: the simulation, its store, and the time."""

from __future__ import annotations

import dataclasses
import typing

if typing.TYPE_CHECKING:
    import datetime as dt

    from insightiq_mock.db import Store
    from insightiq_mock.simulation import Settings, Simulation

__all__ = ["Backend"]


@dataclasses.dataclass(frozen=True, slots=True)
class Backend:
    """The simulation that handlers share."""

    simulation: Simulation

    @property
    def store(self) -> Store:
        """Where the resources of all developers lie."""
        return self.simulation.store

    def clock(self, developer_id: str) -> dt.datetime:
        """Return the developer's present moment."""
        return self.simulation.now(developer_id)

    def settings(self, developer_id: str) -> Settings:
        """Return how the mock behaves for the developer."""
        return self.simulation.developer(developer_id).settings

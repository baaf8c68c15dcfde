"""What the web layer asks about developers, remembered until one of them changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from insightiq_mock.simulation import Settings, Simulation

__all__ = ["Tenants"]

# A guesser must not fill the memory.
_MOST_REMEMBERED = 10_000


class Tenants:
    """Credentials and settings of a simulation's developers."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._version = -1
        self._settings: dict[str, Settings] = {}
        self._permitted: dict[bytes, str] = {}

    def check(self, client_id: str, client_secret: str, /) -> bool:
        """Tell whether the secret is a live one of that developer."""
        return self._simulation.check_credentials(client_id, client_secret)

    def permitted(self, header: bytes) -> str | None:
        """Return whose credentials an ``Authorization`` header carries, if it was found right."""
        self._notice_changes()
        return self._permitted.get(header)

    def remember(self, header: bytes, developer_id: str) -> None:
        """An ``Authorization`` header was found right."""
        if len(self._permitted) >= _MOST_REMEMBERED:
            self._permitted.clear()
        self._permitted[header] = developer_id

    def settings(self, developer_id: str) -> Settings:
        """Return a developer's settings."""
        self._notice_changes()
        settings = self._settings.get(developer_id)
        if settings is None:
            settings = self._simulation.developer(developer_id).settings
            if len(self._settings) >= _MOST_REMEMBERED:
                self._settings.clear()
            self._settings[developer_id] = settings
        return settings

    def _notice_changes(self) -> None:
        version = self._simulation.store.version()
        if version != self._version:
            self._version = version
            self._settings.clear()
            self._permitted.clear()

"""A limit that the server may hold us to more strictly than we were told."""

from __future__ import annotations

__all__ = ["AdaptiveLimit"]

_FACTOR = 0.7
_PATIENCE = 30.0
_MOST_PATIENCE = 600.0


class AdaptiveLimit:
    """An adaptive limit: lowered when the server contradicts it, raised again slowly.

    A first contradiction takes one off, a second one soon after takes three tenths. Every half
    minute without one gives one back; where that is contradicted at once, the pause doubles, up
    to ten minutes.

    Args:
        ceiling: What the limit is said to be.

    Attributes:
        value: What it is believed to be, at least 1.
    """

    __slots__ = ("_ceiling", "_changed_at", "_patience", "_raised", "value")

    def __init__(self, ceiling: int) -> None:
        self._ceiling = ceiling
        self._changed_at = 0.0
        self._patience = _PATIENCE
        self._raised = False
        self.value = ceiling

    @property
    def lowered(self) -> bool:
        """Whether less is believed than was said."""
        return self.value < self._ceiling

    def lower(self, now: float) -> None:
        """Believe less: the server refused what this value allowed."""
        soon = self.lowered and now - self._changed_at < self._patience
        self.lower_to(int(self.value * _FACTOR) if soon else self.value - 1, now)

    def lower_to(self, value: int, now: float) -> None:
        """Believe ``value``, unless less is believed already."""
        if self._raised:
            early = now - self._changed_at < self._patience
            self._patience = min(2 * self._patience, _MOST_PATIENCE) if early else _PATIENCE
        self._raised = False
        self.value = min(self.value, max(1, value))
        self._changed_at = now

    def recover(self, now: float) -> bool:
        """Believe one more if it is time; tell whether that was so."""
        if not self.lowered or now - self._changed_at < self._patience:
            return False
        self.value += 1
        self._changed_at = now
        self._raised = True
        return True

    def dump(self) -> list[float]:
        """Return the state as numbers, for a file."""
        return [self.value, self._changed_at, self._patience, float(self._raised)]

    def load(self, state: list[float]) -> None:
        """Take over a state that ``dump`` returned."""
        value, self._changed_at, self._patience, raised = state
        self.value = int(value)
        self._raised = bool(raised)

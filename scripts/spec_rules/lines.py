"""From a JSON pointer to the line of the file that it stands in."""

from __future__ import annotations

from insightiq_mock.openapi import lines_of

__all__ = ["Lines"]


class Lines:
    """The line numbers of one document, by its text."""

    def __init__(self, text: str) -> None:
        self._lines = lines_of(text)

    def line(self, pointer: str) -> int:
        """Return the line of ``pointer``, or of the nearest thing around it that exists."""
        while pointer not in self._lines and "/" in pointer:
            pointer = pointer.rpartition("/")[0]
        return self._lines.get(pointer, 1)

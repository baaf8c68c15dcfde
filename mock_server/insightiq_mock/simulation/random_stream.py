"""Reproducible random values: a stream named by a path of words."""

from __future__ import annotations

import random
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["RandomStream"]

_URL_LETTERS: typing.Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

_ItemT = typing.TypeVar("_ItemT")


class RandomStream(random.Random):
    """Random values that depend on the path alone: the same in every process, on every machine.

    Each part of a world draws from a stream of its own, so that a change of one part leaves the
    others as they were, and a part can be made without those before it.
    """

    def __init__(self, *path: str) -> None:
        self._path = path
        super().__init__("/".join(path))

    def child(self, name: str) -> RandomStream:
        """Return the stream of a part."""
        return RandomStream(*self._path, name)

    def uuid(self, version: int = 4) -> str:
        """Return an id that is shaped like a UUID of the version."""
        text = f"{self.getrandbits(128):032x}"
        variant = "89ab"[int(text[16], 16) & 3]
        return f"{text[:8]}-{text[8:12]}-{version}{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"

    def digits(self, length: int) -> str:
        """Return a number of so many digits, as text; the first is not 0."""
        return str(self.randrange(10 ** (length - 1), 10**length))

    def token(self, length: int) -> str:
        """Return letters, digits, ``-`` and ``_``, as in the ids of videos."""
        return "".join(self.choices(_URL_LETTERS, k=length))

    def chance(self, probability: float) -> bool:
        """Return True in that share of the calls."""
        return self.random() < probability

    def between(self, low: float, high: float) -> float:
        """Return a number of the interval, each as likely."""
        return low + (high - low) * self.random()

    def spread(self, sigma: float) -> float:
        """Return a factor around 1: mostly near it, now and then far above."""
        return self.lognormvariate(0.0, sigma)

    def some(self, items: Sequence[_ItemT], most: int) -> list[_ItemT]:
        """Return up to ``most`` different items, perhaps none."""
        return self.sample(items, self.randint(0, min(most, len(items))))

"""Base class of objects that a ``with`` block closes."""

from __future__ import annotations

import abc
import typing

__all__ = ["Closing"]


class Closing(abc.ABC):
    """Is closed when the block that it was opened in ends, however that ends."""

    @abc.abstractmethod
    def close(self) -> None:
        """Let go of all that it holds."""

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

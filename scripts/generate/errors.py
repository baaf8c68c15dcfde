"""The one error of the generator: what is wrong, where, and what to correct."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["GenerateError"]


class GenerateError(Exception):
    """The generator stops; the tree in place stays as it is.

    Attributes:
        problems: One readable line (or block) for each thing to correct.
    """

    def __init__(self, problems: Iterable[str] | str) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))

"""Secrets that stay out of reprs, logs and pickles, and text that is safe to print."""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["HIDDEN", "Secret", "mask", "printable"]

HIDDEN = "***"


class Secret:
    """A secret text that only ``reveal()`` returns."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret text."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({HIDDEN!r})"

    __str__ = __repr__

    def __copy__(self) -> typing.Self:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> typing.Self:
        return self

    def __reduce__(self) -> typing.NoReturn:
        msg = (
            "A client holds credentials and cannot be pickled: "
            "make a new client in the other process."
        )
        raise TypeError(msg)


def mask(text: str, secrets: Iterable[Secret]) -> str:
    """Return ``text`` with every occurrence of the ``secrets`` hidden."""
    for secret in secrets:
        text = text.replace(secret.reveal(), HIDDEN)
    return text


def printable(text: str) -> str:
    """Return foreign text for terminals and logs: no escape sequences, no lone surrogates."""
    return "".join(character if character.isprintable() else "?" for character in text)

"""The layers by letter; each is imported when it runs, since some of their libraries are slow."""

from __future__ import annotations

import importlib
import typing

if typing.TYPE_CHECKING:
    from contract_testing.run import Layer

__all__ = ["LETTERS", "load"]

_HOMES: typing.Final = {
    "P": "properties",
    "A": "client_cases",
    "B": "client_sequences",
    "C": "scripted_answers",
    "D": "call_styles",
    "S": "scenarios",
    "W": "recorded_traffic",
}

LETTERS: typing.Final = tuple(_HOMES)


def load(letter: str) -> Layer:
    """Return the layer of this letter: each module calls its own ``LAYER``."""
    module = importlib.import_module(f"{__name__}.{_HOMES[letter]}")
    layer: Layer = module.LAYER
    return layer

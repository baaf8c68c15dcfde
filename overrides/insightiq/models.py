"""The data classes of the API: ``from insightiq.models import Content``.

They are generated from the OpenAPI document and imported one by one, when first asked for.
"""

from __future__ import annotations

import typing

from insightiq_generated import models as _generated

if typing.TYPE_CHECKING:
    from insightiq_generated.models import *  # noqa: F403 - the names follow the document

__all__: list[str] = []
__all__ += _generated.__all__


if not typing.TYPE_CHECKING:
    # Hidden from type checkers, which would believe that every name exists.
    def __getattr__(name: str) -> object:
        return getattr(_generated, name)


def __dir__() -> list[str]:
    return sorted(__all__)

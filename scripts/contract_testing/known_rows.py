"""Ids that give rows, as arguments of the client's list methods."""

from __future__ import annotations

import datetime as dt
import typing

import contract_data

from contract_testing.described import list_shapes

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import httpx
    from openapi_document import Operation

__all__ = ["parents_with_rows"]

# The widest window of days: what lies outside of it is nowhere.
_WINDOW: typing.Final = (dt.date(2000, 1, 1), dt.date(2099, 12, 31))


def parents_with_rows(
    document: Mapping[str, typing.Any], operations: Sequence[Operation], client: httpx.Client
) -> dict[str, dict[str, typing.Any]]:
    """Return, by list operation, required arguments under which the server has rows."""
    known = contract_data.look_around(document, client)
    found: dict[str, dict[str, typing.Any]] = {}
    for shape in list_shapes(document, operations):
        arguments: dict[str, typing.Any] = dict(known.fruitful.get(shape.operation.id, [{}])[0])
        if shape.window is not None and shape.window_required:
            arguments |= dict(zip(shape.window, _WINDOW, strict=True))
        found[shape.operation.id] = arguments
    return found

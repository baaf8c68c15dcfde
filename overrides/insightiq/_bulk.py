"""Looking up any number of rows by their ids, as many at a time as the API takes."""

from __future__ import annotations

import typing

import attrs

from insightiq._ids import canonical_id
from insightiq.errors import ConfigurationError
from insightiq_generated.client import BulkResult

if typing.TYPE_CHECKING:
    from insightiq._drivers import Calls
    from insightiq._effects import Steps
    from insightiq_generated.client import BulkOperation, Request

__all__ = ["look_up"]

ItemT = typing.TypeVar("ItemT")
ResultT = typing.TypeVar("ResultT")


def look_up(
    calls: Calls, operation: BulkOperation[ItemT, ResultT], request: Request
) -> Steps[BulkResult[ItemT]]:
    """Look up the ids of ``request``, each once.

    Notifications write ids without hyphens, which a search refuses: it is sent the others. What is
    missing is named as it was given. Rows that nobody asked for come last.

    Raises:
        ConfigurationError: The ids are no list of texts.
    """
    bulk = operation.bulk
    wanted: dict[str, str] = {}
    for each in _texts(operation.id, bulk.parameter, request.json[bulk.parameter]):
        wanted.setdefault(canonical_id(each), each)
    ids = list(wanted)
    found: dict[str, ItemT] = {}
    for begin in range(0, len(ids), bulk.maximum):
        body = {**request.json, bulk.parameter: ids[begin : begin + bulk.maximum]}
        answer = yield from calls.call(operation, attrs.evolve(request, json=body))
        for number, item in enumerate(operation.items(answer)):
            key = getattr(item, "id", None)
            # A row whose id is lost cannot be asked for by it, but is not thrown away.
            found[canonical_id(key) if isinstance(key, str) else f"{begin}:{number}"] = item
    order = [key for key in wanted if key in found]
    others = [key for key in found if key not in wanted]
    return BulkResult(
        data=[found[key] for key in (*order, *others)],
        missing=[each for key, each in wanted.items() if key not in found],
    )


def _texts(operation: str, parameter: str, given: object) -> list[str]:
    """Return the ids; that they are a list was checked when the request was built."""
    values = typing.cast("list[object]", given)
    if all(isinstance(each, str) for each in values):
        return typing.cast("list[str]", values)
    odd = next(type(each).__name__ for each in values if not isinstance(each, str))
    msg = f"{operation}: {parameter} must be a list of texts, not a list that holds {odd}."
    raise ConfigurationError(msg, operation=operation)

"""Lists that break off: what is missing must never look like the end."""

from __future__ import annotations

import asyncio
import functools
import typing
import uuid

from contract_testing.described import is_array, resolved, success
from contract_testing.layers.scenarios.paging import lists
from contract_testing.layers.scenarios.scene import Needs, Scenarios, hold
from contract_testing.scripted.stage import CLIENT_ID, CLIENT_SECRET, Stage
from insightiq import AsyncInsightIQ, errors
from insightiq.testing import response

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from openapi_document import Operation

    from contract_testing.described import Document
    from contract_testing.example_calls import ExampleCall
    from contract_testing.layers.scenarios.scene import Scene
    from insightiq import InsightIQ
    from insightiq.testing import SentRequest

__all__ = ["SCENARIOS"]

Json: typing.TypeAlias = typing.Any

SCENARIOS = Scenarios()

_ROWS: typing.Final = 2
# A list of so many rows, on a server whose pages have no more than that.
_MANY: typing.Final = 25
_CAP: typing.Final = 10


@SCENARIOS.rule(
    "a list of which a later page fails raises, and does not end as if it were whole",
    Needs.NOTHING,
    each=lists,
)
def later_page(scene: Scene, operation: Operation) -> None:
    """One full page, then 500, in each way of reading a list."""
    with Stage(scene.document) as stage:
        stage.plays(_breaking_off(scene.document, operation))
        call = stage.call(operation)
        for way, read in _WAYS.items():
            pager = call.made_by(stage.tolerant, limit=_ROWS)
            _judge(operation, way, _raised(functools.partial(read, pager)))

        read_async = _read_async(stage, call, limit=_ROWS)
        _judge(operation, "iterated asynchronously", _raised(lambda: asyncio.run(read_async)))


@SCENARIOS.rule(
    "a list is read to its end where a server gives smaller pages than it was asked for",
    Needs.NOTHING,
    each=lists,
)
def smaller_pages(scene: Scene, operation: Operation) -> None:
    """Pages of ten for a hundred, which the metadata says or not, in each way of reading a list."""
    page = _example_page(scene.document, operation)
    for says_limit in (True, False):
        with Stage(scene.document) as stage:
            stage.plays(_capping(operation, page, says_limit=says_limit))
            call = stage.call(operation)
            found = {
                way: sum([_rows_in(operation, each) for each in read(call.made_by(stage.tolerant))])
                for way, read in _WAYS.items()
            }
            found["iterated asynchronously"] = len(asyncio.run(_read_async(stage, call)))
        said = "the metadata says" if says_limit else "nothing says"
        for way, count in found.items():
            hold(
                count == _MANY,
                f"{operation.id}: {way}, a list of {_MANY} rows gave {count} where the server has "
                f"pages of {_CAP}, as {said}",
            )


def _rows_in(operation: Operation, read: Json) -> int:
    """Return the number of rows in what a way of reading gives: a row, or a page of them."""
    rows: Json = getattr(read, operation.data["x-pagination"]["items"], None)
    # A row may have something else under the same name, as an account has its data.
    return len(rows) if is_array(rows) else 1


async def _read_async(stage: Stage, call: ExampleCall, **page: int) -> list[Json]:
    client = AsyncInsightIQ(
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        base_url="http://scripted.localhost",
        transport=stage.transport,
        clock=stage.clock,
        quota=None,
        max_attempts=1,
    )
    async with client:
        # Both clients have the same methods.
        same = typing.cast("InsightIQ", client)
        return [each async for each in call.made_by(same, **page)]


_WAYS: typing.Final[dict[str, Callable[[Json], list[Json]]]] = {
    "iterated": list,
    "iterated with prefetching": lambda pager: list(pager.prefetch(1)),
    "read page by page": lambda pager: list(pager.pages()),
    "taken": lambda pager: pager.take(_MANY),
}


def _raised(read: Callable[[], object]) -> errors.InsightIQError | None:
    try:
        read()
    except errors.InsightIQError as error:
        return error
    return None


def _judge(operation: Operation, way: str, raised: errors.InsightIQError | None) -> None:
    hold(
        isinstance(raised, errors.InternalServerError),
        f"{operation.id}: {way}, a list whose second page is answered with 500 gave "
        + ("its first page and no error" if raised is None else type(raised).__name__),
    )


def _breaking_off(document: Document, operation: Operation) -> Callable[[SentRequest], Json]:
    """A server that has a full first page, and fails behind it."""
    paging = operation.data["x-pagination"]
    page = _example_page(document, operation)
    first = response(json=page | {paging["items"]: _numbered(page[paging["items"]][0], _ROWS)})
    return lambda sent: response(500) if int(sent.query.get(paging["offset"], "0")) else first


def _capping(
    operation: Operation, page: Json, *, says_limit: bool
) -> Callable[[SentRequest], Json]:
    """A server that gives ten rows at most, whatever limit is asked for."""
    paging = operation.data["x-pagination"]
    rows = _numbered(page[paging["items"]][0], _MANY)

    def reply(sent: SentRequest) -> Json:
        offset, limit = (int(sent.query[paging[each]]) for each in ("offset", "limit"))
        limit = min(limit, _CAP)
        metadata = {"offset": offset, "limit": limit if says_limit else None}
        found = rows[offset : offset + limit]
        return response(json=page | {paging["items"]: found, "metadata": metadata})

    return reply


def _example_page(document: Document, operation: Operation) -> Json:
    status, _ = success(document, operation)
    response = resolved(document, operation.data["responses"][str(status)])
    example = next(iter(response["content"]["application/json"]["examples"].values()))
    return resolved(document, example)["value"]


def _numbered(row: Json, count: int) -> list[Json]:
    """Return so many rows like this one, each with an id of its own."""
    ids = (str(uuid.UUID(int=number + 1, version=4)) for number in range(count))
    return [row | ({"id": each} if "id" in row else {}) for each in ids]

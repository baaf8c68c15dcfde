"""Lists that break off: what is missing must never look like the end."""

from __future__ import annotations

import asyncio
import functools
import typing

from contract_testing.described import resolved, success
from contract_testing.layers.scenarios.paging import lists
from contract_testing.layers.scenarios.scene import Needs, Scenarios, hold
from contract_testing.scripted.stage import CLIENT_ID, CLIENT_SECRET, Stage
from insightiq import AsyncInsightIQ, errors
from insightiq.testing import answer

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from openapi_document import Operation

    from contract_testing.described import Document
    from contract_testing.layers.scenarios.scene import Scene
    from insightiq import InsightIQ
    from insightiq.testing import SentRequest

__all__ = ["SCENARIOS"]

Json: typing.TypeAlias = typing.Any

SCENARIOS = Scenarios()

_ROWS: typing.Final = 2
_IDS: typing.Final = (
    "11111111-1111-4111-8111-111111111111",
    "22222222-2222-4222-8222-222222222222",
)


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

        async def read_async() -> None:
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
                async for _ in call.made_by(same, limit=_ROWS):
                    pass

        _judge(operation, "iterated asynchronously", _raised(lambda: asyncio.run(read_async())))


_WAYS: typing.Final[dict[str, Callable[[Json], object]]] = {
    "iterated": list,
    "iterated with prefetching": lambda pager: list(pager.prefetch(1)),
    "read page by page": lambda pager: list(pager.pages()),
}


def _raised(read: Callable[[], object]) -> errors.InsightIQError | None:
    try:
        read()
    except errors.InsightIQError as error:
        return error
    return None


def _judge(operation: Operation, way: str, raised: errors.InsightIQError | None) -> None:
    hold(
        isinstance(raised, errors.ServerError),
        f"{operation.id}: {way}, a list whose second page is answered with 500 gave "
        + ("its first page and no error" if raised is None else type(raised).__name__),
    )


def _breaking_off(document: Document, operation: Operation) -> Callable[[SentRequest], Json]:
    """A server that has a full first page, and fails behind it."""
    paging = operation.data["x-pagination"]
    status, _ = success(document, operation)
    response = resolved(document, operation.data["responses"][str(status)])
    example = next(iter(response["content"]["application/json"]["examples"].values()))
    page = resolved(document, example)["value"]
    [row, *_] = page[paging["items"]]
    rows = [row | ({"id": each} if "id" in row else {}) for each in _IDS]
    first = answer(status, json=page | {paging["items"]: rows})
    return lambda sent: answer(500) if int(sent.query.get(paging["offset"], "0")) else first

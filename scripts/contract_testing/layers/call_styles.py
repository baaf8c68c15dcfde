"""Layer D: does each way of making a call send the same?"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import inspect
import itertools
import typing

from contract_testing.client_answers import outcome_of
from contract_testing.example_calls import example_call
from contract_testing.known_rows import parents_with_rows
from contract_testing.run import Broken

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from openapi_document import Operation

    from contract_testing.example_calls import ExampleCall
    from contract_testing.recording import Exchange, Headers, Recording
    from contract_testing.run import Layer, Run
    from insightiq import AsyncInsightIQ, InsightIQ

__all__ = ["LAYER"]

Json: typing.TypeAlias = typing.Any
# Method, address, headers and body.
_Request: typing.TypeAlias = "tuple[str, str, Headers, bytes]"

SAME_REQUEST: typing.Final = "each style of calling sends the same request"
SAME_LIST: typing.Final = "each style of reading a list sends the same and gives the same"

# Small pages, so that a list of the mock has several.
_ROWS: typing.Final = 4
# Enough pages to see a walk, few enough for somebody's quota.
_MOST: typing.Final = 15


class _CallStyles:
    letter = "D"
    name = "styles of calling"
    question = "Do sync and async, positional and keyword, page and iterator send the same?"

    def run(self, run: Run) -> None:
        """Make each call in every style."""
        styles = _Styles(run.server.recording)
        with contextlib.closing(run.server.client(max_attempts=1)) as client:
            for operation in run.operations:
                with run.case(SAME_REQUEST, operation.id):
                    _hold_request(run, styles, operation, client)
            with run.server.http() as http:
                found = parents_with_rows(run.document, run.operations, http)
            for operation in run.operations:
                if "x-pagination" in operation.data:
                    with run.case(SAME_LIST, operation.id):
                        _hold_list(run, styles, operation, client, found.get(operation.id, {}))


@dataclasses.dataclass(frozen=True, slots=True)
class _Sent:
    """What a style sent and gave."""

    style: str
    requests: tuple[_Request, ...]
    result: Json


class _Styles:
    """Makes calls and notes what each of them sent."""

    def __init__(self, recording: Recording) -> None:
        self._caught: list[Exchange] = []
        recording.listeners.append(self._caught.append)

    def try_out(self, style: str, call: Callable[[], Json]) -> _Sent:
        """Make one call."""
        self._caught.clear()
        result = call()
        sent = tuple(
            (each.method, each.url, each.request_headers, each.request_body)
            for each in self._caught
        )
        return _Sent(style, sent, result)


def _hold_request(run: Run, styles: _Styles, operation: Operation, client: InsightIQ) -> None:
    call = example_call(run.document, operation, client)
    named = _named(call, client)
    kept = [
        styles.try_out("positional", lambda: outcome_of(call, client)),
        styles.try_out("by keyword", lambda: outcome_of(named, client)),
        styles.try_out("asynchronous", lambda: asyncio.run(_async_outcome(run, call))),
        styles.try_out("with_response", lambda: _with_response(call, client)),
    ]
    _hold_same_requests(operation, kept)


def _hold_list(
    run: Run, styles: _Styles, operation: Operation, client: InsightIQ, arguments: Json
) -> None:
    call = example_call(run.document, operation, client)
    shape = operation.data["x-pagination"]
    by_name = {**call.by_name, **arguments, shape["limit"]: _ROWS}
    small = dataclasses.replace(call, by_name=by_name)

    def pages() -> Json:
        found: list[Json] = []
        for page in small.made_by(client).pages():
            found += page.to_dict()[shape["items"]]
            if len(found) >= _MOST:
                break
        return found[:_MOST]

    def items() -> Json:
        return [each.to_dict() for each in itertools.islice(small.made_by(client), _MOST)]

    by_items = styles.try_out("iterator", items)
    kept = [
        by_items,
        styles.try_out("pages", pages),
        styles.try_out("asynchronous iterator", lambda: asyncio.run(_async_items(run, small))),
    ]
    _hold_same_requests(operation, kept)
    for other in kept[1:]:
        if other.result != by_items.result:
            msg = (
                f"{operation.id}: {other.style} gives {len(other.result)} rows, the iterator "
                f"{len(by_items.result)}, or others: {_ids(other.result)} and {_ids(by_items.result)}"
            )
            raise Broken(msg)
    firsts = [
        styles.try_out("first", lambda: small.made_by(client).first()),
        styles.try_out("asynchronous first", lambda: asyncio.run(_async_first(run, small))),
    ]
    _hold_same_requests(operation, firsts)
    for first in firsts:
        if (first.result and first.result.to_dict()) != next(iter(by_items.result), None):
            msg = f"{operation.id}: {first.style}() gives another row than the iterator"
            raise Broken(msg)


def _hold_same_requests(operation: Operation, kept: Sequence[_Sent]) -> None:
    model = kept[0]
    if not model.requests:
        msg = f"{operation.id}: the client sent nothing: {model.result!r:.200}"
        raise Broken(msg)
    for other in kept[1:]:
        if len(other.requests) != len(model.requests):
            msg = (
                f"{operation.id}: {other.style} sends {len(other.requests)} requests, "
                f"{model.style} {len(model.requests)}"
            )
            raise Broken(msg)
        for wanted, seen in zip(model.requests, other.requests, strict=True):
            if wanted != seen:
                parts = "; ".join(_differences(wanted, seen))
                msg = f"{operation.id}: {other.style} sends {parts} ({model.style})"
                raise Broken(msg)


def _differences(wanted: _Request, seen: _Request) -> Iterator[str]:
    for number in (0, 1, 3):
        if wanted[number] != seen[number]:
            yield f"{seen[number]!r} instead of {wanted[number]!r}"
    if wanted[2] != seen[2]:
        ours = [each for each in wanted[2] if each not in seen[2]]
        theirs = [each for each in seen[2] if each not in wanted[2]]
        is_order = not ours and not theirs
        yield "its headers in another order" if is_order else f"headers {theirs} instead of {ours}"


def _named(call: ExampleCall, client: InsightIQ) -> ExampleCall:
    method = getattr(getattr(client, call.operation.resource), call.operation.verb)
    names = list(inspect.signature(method).parameters)[: len(call.in_path)]
    by_name = {**dict(zip(names, call.in_path, strict=True)), **call.by_name}
    return dataclasses.replace(call, in_path=(), by_name=by_name)


def _with_response(call: ExampleCall, client: InsightIQ) -> Json:
    from insightiq.errors import InsightIQError  # noqa: PLC0415 - the client is imported late

    try:
        return client.with_response(call.answered_by, client)
    except InsightIQError as error:
        return error


async def _async_outcome(run: Run, call: ExampleCall) -> Json:
    from insightiq.errors import InsightIQError  # noqa: PLC0415 - the client is imported late

    async with run.server.async_client(max_attempts=1) as client:
        try:
            made = _made(call, client)
            if "x-pagination" in call.operation.data:
                return await anext(made.pages())
            return await made
        except InsightIQError as error:
            return error


async def _async_items(run: Run, call: ExampleCall) -> Json:
    found: list[Json] = []
    async with (
        run.server.async_client(max_attempts=1) as client,
        contextlib.aclosing(aiter(_made(call, client))) as items,
    ):
        async for each in items:
            found.append(each.to_dict())
            if len(found) == _MOST:
                break
    return found


async def _async_first(run: Run, call: ExampleCall) -> Json:
    async with run.server.async_client(max_attempts=1) as client:
        return await _made(call, client).first()


def _made(call: ExampleCall, client: AsyncInsightIQ) -> Json:
    method = getattr(getattr(client, call.operation.resource), call.operation.verb)
    return method(*call.in_path, **call.by_name)


def _ids(rows: Json) -> list[Json]:
    return [row.get("id", row) for row in rows[:_ROWS]]


LAYER: Layer = _CallStyles()

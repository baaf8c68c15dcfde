"""What the lists of a server hold, found once and read to their ends."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import itertools
import typing

import openapi_document

from contract_testing.described import list_shapes
from contract_testing.run import Broken, NotTried, from_example

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openapi_document import Operation

    from contract_testing.described import Document, ListShape
    from contract_testing.servers import Server
    from insightiq import InsightIQ

__all__ = ["WIDEST", "Listed", "Rows", "day_of", "value_at", "widest_window"]

Json: typing.TypeAlias = typing.Any
Row: typing.TypeAlias = "Mapping[str, Json]"

# What lies outside of this window is nowhere; history may have been asked for from any day on.
WIDEST: typing.Final = ("0001-01-01", "9999-12-31")
# Lists with this many rows are long enough for every question; so many parents are tried for one.
_ENOUGH: typing.Final = 25
_PARENTS: typing.Final = 30


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """A list with all of its rows.

    Attributes:
        shape: The list operation.
        query: What was asked for, besides the page.
        rows: All rows, in the order of the server.
    """

    shape: ListShape
    query: Mapping[str, str]
    rows: list[Row]

    @property
    def name(self) -> str:
        """The operation's id."""
        return self.shape.operation.id

    @property
    def ids(self) -> list[str]:
        """The ids of all rows.

        Raises:
            NotTried: The rows have none.
        """
        if not self.shape.has_id:
            msg = f"the rows of {self.name} have no id to tell them apart by"
            raise NotTried(msg)
        return [row["id"] for row in self.rows]

    def arguments(self, **changes: str) -> dict[str, Json]:
        """Return the query as the client takes it: days as dates."""
        days = self.shape.window or ()
        query = {**self.query, **changes}
        return {
            key: dt.date.fromisoformat(value) if key in days else value
            for key, value in query.items()
        }


class Rows:
    """The lists of one server.

    Args:
        document: The document.
        server: The server.
        client: Asks it.

    Attributes:
        server: The server.
        operations: The operations of the document.
        shapes: Its lists.
    """

    def __init__(self, document: Document, server: Server, client: InsightIQ) -> None:
        self.server = server
        found = list(openapi_document.operations(document))
        self.operations: dict[str, Operation] = {each.id: each for each in found}
        self.shapes = {each.operation.id: each for each in list_shapes(document, found)}
        self._client = client
        self._listed: dict[str, Listed] = {}

    def of(self, operation: str) -> Listed:
        """Return the fullest list that an operation gives, with all of its rows.

        Raises:
            NotTried: There is no list, only the document's example.
        """
        if operation not in self._listed:
            shape = self.shapes[operation]
            query = self._fullest(shape)
            self._listed[operation] = Listed(shape, query, self.all(shape, query))
        return self._listed[operation]

    def kept(self) -> Iterator[Listed]:
        """Yield all lists that the server keeps: not those answered from an example."""
        for name in self.shapes:
            with contextlib.suppress(NotTried):
                yield self.of(name)

    def forget(self) -> None:
        """Read the lists anew when they are asked for again."""
        self._listed.clear()

    def page(self, shape: ListShape, query: Mapping[str, str], **page: int) -> Json:
        """Return one page as JSON.

        Raises:
            NotTried: It is the document's example, whatever is asked for.
        """
        params = {**query, **{key: str(value) for key, value in page.items()}}
        with self.server.recording.expecting_examples():
            found = self._client.request("GET", shape.operation.path, params=params).parsed
        latest = self.server.recording.latest
        if latest is not None and latest.is_from_example:
            raise NotTried(from_example(shape.operation.id))
        return found

    def all(self, shape: ListShape, query: Mapping[str, str]) -> list[Row]:
        """Read a list to its end: a page that is empty, or has only rows that came before."""
        rows: list[Row] = []
        while True:
            page = {shape.limit: shape.maximum, shape.offset: len(rows)}
            found = self.page(shape, query, **page)[shape.items]
            is_short = len(found) < shape.maximum
            # Where offsets are ignored, the same rows come for ever. One page of them is kept, for
            # the rule that sees rows come twice, unless it only shows that the list is at its end.
            is_repeated = all(each in rows for each in found)
            rows += found if not (is_repeated and is_short) else []
            if is_repeated:
                return rows

    def queries(self, shape: ListShape) -> Iterator[dict[str, str]]:
        """Yield what the list can be asked for: the rows that it hangs on, in the widest window."""
        window = widest_window(shape) if shape.window_required else {}
        if not shape.parents:
            yield window
        for parent in shape.parents:
            listing = f"{parent.removesuffix('_id')}s.list"
            for row in self.of(listing).rows[:_PARENTS] if listing in self.shapes else ():
                others = {
                    name: row.get(name.removesuffix("_id"), {}).get("id")
                    for name in shape.parents
                    if name != parent
                }
                if all(others.values()):
                    yield {parent: row["id"], **others, **window}

    def _fullest(self, shape: ListShape) -> dict[str, str]:
        most, best = -1, dict[str, str]()
        for query in itertools.islice(self.queries(shape), _PARENTS):
            page = {shape.limit: shape.maximum, shape.offset: 0}
            count = len(self.page(shape, query, **page)[shape.items])
            if count > most:
                most, best = count, query
            if count >= _ENOUGH:
                break
        if most < 0:
            self._nothing_to_ask_for(shape)
        return best

    def _nothing_to_ask_for(self, shape: ListShape) -> typing.NoReturn:
        kinds = " or ".join(f"{parent.removesuffix('_id')}s" for parent in shape.parents)
        message = f"{shape.operation.id} is asked for by {kinds}, and this server lists none"
        # A new world is never empty; what somebody else's holds is theirs.
        raise Broken(message) if self.server.is_fresh else NotTried(message)


def widest_window(shape: ListShape) -> dict[str, str]:
    """Return the window of days that everything lies in; empty for a list without one."""
    return dict(zip(shape.window or (), WIDEST, strict=False))


def value_at(row: Row, path: tuple[str, ...]) -> Json:
    """Return what a row holds where keys lead."""
    value: Json = row
    for key in path:
        value = value.get(key) if openapi_document.is_object(value) else None
    return value


def day_of(row: Row, moment: str) -> str:
    """Return the day of a moment, which is in UTC."""
    return str(row[moment])[:10]

"""The rows of a server: its lists, each read to its end."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NoReturn

import openapi_document
import pytest
from document_views import Document, ListShape, list_shapes
from openapi_document import Operation

from contract_suite.servers import Server
from insightiq import InsightIQ

__all__ = [
    "NOBODY",
    "WIDEST",
    "Listing",
    "Rows",
    "day_of",
    "mismatch",
    "optional_filters",
    "value_at",
    "widest_window",
]

Row = Mapping[str, Any]

# An id that no server has given to a row.
NOBODY: Final = "00000000-0000-4000-8000-000000000000"
# What lies outside of this window is nowhere; history may have been fetched from any day on.
WIDEST: Final = ("0001-01-01", "9999-12-31")
# A list of this many rows is long enough for every test; so many parents are tried to find one.
_ENOUGH: Final = 25
_PARENTS: Final = 30


@dataclasses.dataclass(frozen=True, slots=True)
class Listing:
    """A list with all of its rows: its operation, the query besides the page, and the rows."""

    shape: ListShape
    query: Mapping[str, str]
    rows: list[Row]

    @property
    def name(self) -> str:
        """The id of the operation."""
        return self.shape.operation.id

    @property
    def ids(self) -> list[str]:
        """The ids of all rows, in the order of the server."""
        if not self.shape.has_id:
            pytest.skip(f"the rows of {self.name} have no id")
        return [row["id"] for row in self.rows]

    def arguments(self, **changes: str) -> dict[str, Any]:
        """Return the query as arguments of the client: days as dates."""
        days = self.shape.window or ()
        return {
            key: dt.date.fromisoformat(value) if key in days else value
            for key, value in {**self.query, **changes}.items()
        }


class Rows:
    """The lists of one server, each read once and to its end; ``listings`` keeps them."""

    def __init__(
        self,
        document: Document,
        server: Server,
        iq: InsightIQ,
        listings: dict[str, Listing] | None = None,
    ) -> None:
        self.server = server
        self.iq = iq
        self.operations: dict[str, Operation] = {
            each.id: each for each in openapi_document.operations(document)
        }
        shapes = list_shapes(document, list(self.operations.values()))
        self.shapes = {each.operation.id: each for each in shapes}
        self._listings = {} if listings is None else listings

    def of(self, operation: str) -> Listing:
        """Return the fullest list that an operation gives."""
        if operation not in self._listings:
            shape = self.shapes[operation]
            query = self._fullest(shape)
            self._listings[operation] = Listing(shape, query, self.all(shape, query))
        return self._listings[operation]

    def kept(self) -> Iterator[Listing]:
        """Yield all lists that the server keeps, without those it gives from an example."""
        for name in self.shapes:
            with contextlib.suppress(pytest.skip.Exception):
                yield self.of(name)

    def forget(self) -> None:
        """Read the lists again when they are next needed."""
        self._listings.clear()

    def page(self, shape: ListShape, query: Mapping[str, str], **page: int) -> Any:
        """Return one page as JSON; skip the test where it is an example of the document."""
        params = {**query, **{key: str(value) for key, value in page.items()}}
        found = self.iq.request("GET", shape.operation.path, params=params).parsed
        latest = self.server.recording.latest
        if latest is not None and latest.is_from_example:
            pytest.skip(f"{shape.operation.id} is answered from the document's example")
        return found

    def all(self, shape: ListShape, query: Mapping[str, str]) -> list[Row]:
        """Read a list to its end: a page that is empty, or has only rows that came before."""
        rows: list[Row] = []
        while True:
            page = {shape.limit: shape.maximum, shape.offset: len(rows)}
            found = self.page(shape, query, **page)[shape.items]
            # Where a server ignores offsets, the same rows come forever. A full page of them is
            # kept for the test of doubled rows; a short one only shows the end of the list.
            is_repeated = all(each in rows for each in found)
            rows += found if not (is_repeated and len(found) < shape.maximum) else []
            if is_repeated:
                return rows

    def queries(self, shape: ListShape) -> Iterator[dict[str, str]]:
        """Yield required arguments of a list: ids of its parents, in the widest window."""
        window = widest_window(shape)
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
            self._no_parents(shape)
        return best

    def _no_parents(self, shape: ListShape) -> NoReturn:
        kinds = " or ".join(f"{parent.removesuffix('_id')}s" for parent in shape.parents)
        message = f"{shape.operation.id} needs {kinds}, and this server lists none"
        # A new world of the mock is never empty; a foreign server may be.
        (pytest.fail if self.server.is_fresh else pytest.skip)(message)


def widest_window(shape: ListShape) -> dict[str, str]:
    """Return a window that holds every row; empty for a list that requires none."""
    return dict(zip(shape.window or (), WIDEST, strict=False)) if shape.window_required else {}


def optional_filters(shape: ListShape) -> dict[str, tuple[str, ...]]:
    """Return the filters that may be left out, with the path of their value in a row."""
    return {name: path for name, path in shape.filters.items() if name not in shape.parents}


def value_at(row: Row, path: tuple[str, ...]) -> Any:
    """Return the value of a row at a path of keys."""
    value: Any = row
    for key in path:
        value = value.get(key) if openapi_document.is_object(value) else None
    return value


def day_of(row: Row, moment: str) -> str:
    """Return the day of a moment, which is in UTC."""
    return str(row[moment])[:10]


def mismatch(found: Sequence[str], wanted: Sequence[str]) -> str:
    """Return where two sequences of ids differ first."""
    for place, (one, other) in enumerate(itertools.zip_longest(found, wanted)):
        if one != other:
            return f"item {place + 1} is {one}, expected {other}"
    return "as expected"

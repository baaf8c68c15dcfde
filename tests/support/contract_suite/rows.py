"""The rows of a server: seed data for generated requests, and whole lists for scenarios.

What to read and where to use it follows from the document; no operation is named here.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import itertools
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import Any, Final, NoReturn

import httpx
import openapi_document
import pytest
from document_views import Document, ListShape, list_shapes, parameters
from openapi_document import Operation

from contract_suite.servers import Server
from insightiq import InsightIQ

__all__ = [
    "UNKNOWN_ID",
    "WIDEST",
    "Listing",
    "Rows",
    "SeedData",
    "ValidRequest",
    "day_of",
    "mismatch",
    "optional_filters",
    "read_seed_data",
    "schemathesis_settings",
    "valid_requests",
    "value_at",
    "widest_window",
]

Row = Mapping[str, Any]
Query = dict[str, str]

# An id that no server has given to a row.
UNKNOWN_ID: Final = "00000000-0000-4000-8000-000000000000"
# No row lies outside this window; history may have been fetched from any day on.
WIDEST: Final = ("0001-01-01", "9999-12-31")
# A list of this many rows is long enough for every test; so many parents are tried to find one.
_ENOUGH: Final = 25
_PARENTS: Final = 30

_SEED_WINDOW: Final = {"from_date": "2000-01-01", "to_date": "2099-12-31"}
_SEED_ROWS: Final = 20
# Parents by which a list is known to have rows; more of them would cost requests and show nothing new.
_SEED_PARENTS: Final = 12
_DRAWN_FROM_DICTIONARY: Final = 0.5


def _resource_of(name: str) -> str:
    """``account_id`` holds the id of one of the ``accounts``."""
    return f"{name.removesuffix('_id')}s"


def _id_of(row: object) -> str | None:
    found = row.get("id") if openapi_document.is_object(row) else None
    return found if isinstance(found, str) else None


def _parent_ids(shape: ListShape, rows_of: Callable[[str], Sequence[Row]]) -> Iterator[Query]:
    """Yield ids of parents that belong together: a row's own, and those that it mentions."""
    if not shape.parents:
        yield {}
    for parent in shape.parents:
        for row in rows_of(_resource_of(parent)):
            others = {name: _id_of(row.get(name.removesuffix("_id"))) for name in shape.parents}
            found = {**others, parent: _id_of(row)}
            if all(found.values()):
                yield {name: value for name, value in found.items() if value}


@dataclasses.dataclass(frozen=True, slots=True)
class SeedData:
    """Rows that a server holds, so that generated requests do not only name random ids.

    Attributes:
        rows: Rows by resource.
        fruitful: By list operation: the ids of parents that have rows.
    """

    rows: dict[str, list[Row]]
    fruitful: dict[str, list[Query]]


def read_seed_data(document: Document, client: httpx.Client) -> SeedData:
    """Read the beginning of every list of the document.

    A list with a wrong response counts as empty; the tests find out why.
    """
    known = SeedData({}, {})
    shapes = list_shapes(document, list(openapi_document.operations(document)))
    # The ids in lists that require less are what the others require.
    for shape in sorted(shapes, key=lambda each: len(each.parents)):
        operation = shape.operation
        window = _seed_window(shape.window or ()) if shape.window_required else {}
        rows = known.rows.setdefault(operation.resource, [])
        for ids in _parent_ids(shape, lambda resource: known.rows.get(resource, [])):
            if len(known.fruitful.get(operation.id, ())) == _SEED_PARENTS:
                break
            params = {**window, **ids, shape.limit: str(_SEED_ROWS)}
            page = _rows(client.get(operation.path, params=params), shape.items)
            rows += page
            if page and ids:
                known.fruitful.setdefault(operation.id, []).append(ids)
    return known


def _rows(response: httpx.Response, key: str) -> list[Row]:
    try:
        rows: list[Any] = list(response.json()[key])
    except (ValueError, LookupError, TypeError):
        return []
    return [row for row in rows if openapi_document.is_object(row)]


def _seed_day(name: str) -> str | None:
    """Return the day for an input of this name that begins or ends the window; else None."""
    return next((day for ending, day in _SEED_WINDOW.items() if name.endswith(ending)), None)


def _seed_window(names: Sequence[str]) -> Query:
    return {name: day for name in names if (day := _seed_day(name))}


def schemathesis_settings(document: Document, known: SeedData) -> dict[str, Any]:
    """Return the settings, as in schemathesis.toml, by which half of all values are seed data."""
    dictionaries = _dictionaries(known)
    operations: list[dict[str, Any]] = []
    for operation in openapi_document.operations(document):
        bindings = {
            name: {"dictionary": source, "probability": _DRAWN_FROM_DICTIONARY}
            for name, source in _bindings(document, operation, dictionaries)
        }
        if bindings:
            operations.append({"include-operation-id": operation.id, "parameters": bindings})
    return {
        "dictionaries": {name: {"values": values} for name, values in dictionaries.items()},
        "operations": operations,
    }


def _dictionaries(known: SeedData) -> dict[str, list[Any]]:
    """Ids by resource, days by ending, the first page, and for each list the ids with rows."""
    found: dict[str, list[Any]] = {ending: [day] for ending, day in _SEED_WINDOW.items()}
    found["offset"] = [0]
    for resource, rows in known.rows.items():
        found[resource] = list(dict.fromkeys(filter(None, map(_id_of, rows))))
    for operation_id, queries in known.fruitful.items():
        # Values are drawn one by one, so several ids that belong together must be the only ones.
        kept = queries if len(queries[0]) == 1 else queries[:1]
        for name in queries[0]:
            key = _fruitful_key(operation_id, name)
            found[key] = list(dict.fromkeys(query[name] for query in kept))
    return {name: values for name, values in found.items() if values}


def _fruitful_key(operation_id: str, name: str) -> str:
    return f"{operation_id.replace('.', '-')}-{name}"


def _bindings(
    document: Document, operation: Operation, dictionaries: Container[str]
) -> Iterator[tuple[str, str]]:
    """Yield each input of ``operation`` that some dictionary has values for."""
    for name in _inputs(document, operation):
        location, _, last = name.replace("[*]", "").rpartition(".")
        day = next((ending for ending in _SEED_WINDOW if last.endswith(ending)), None)
        own = (location == "path" and last == "id") or last == "ids"
        by_name = day or (operation.resource if own else _resource_of(last))
        for source in (_fruitful_key(operation.id, last), by_name, last):
            if source in dictionaries:
                yield name, source
                break


def _inputs(document: Document, operation: Operation) -> Iterator[str]:
    """Yield parameters and body properties, as schemathesis names them."""
    for parameter in parameters(document, operation):
        yield f"{parameter['in']}.{parameter['name']}"
    body = openapi_document.resolve(document, operation.data.get("requestBody", {}))
    media_type = body.get("content", {}).get("application/json", {})
    schema = openapi_document.resolve(document, media_type.get("schema", {}))
    for name, entry in schema.get("properties", {}).items():
        is_array = openapi_document.resolve(document, entry).get("type") == "array"
        yield f"body.{name}[*]" if is_array else f"body.{name}"


@dataclasses.dataclass(frozen=True, slots=True)
class ValidRequest:
    """A request that a server can accept."""

    path: Mapping[str, Any]
    query: Mapping[str, Any]
    body: Any = None


def valid_requests(
    document: Document, operation: Operation, known: SeedData
) -> Iterator[ValidRequest]:
    """Yield requests of ``operation`` for rows that exist, with all that it requires."""
    given = parameters(document, operation)
    in_path = [each["name"] for each in given if each["in"] == "path"]
    rows = known.rows.get(operation.resource, [])
    paths = [{name: row.get(name) for name in in_path} for row in rows] if in_path else [{}]
    required = [each["name"] for each in given if each["in"] == "query" and each.get("required")]
    queries: list[dict[str, Any]] = [
        {**_seed_window(required), **ids} for ids in known.fruitful.get(operation.id, [{}])
    ]
    paging = operation.data.get("x-pagination")
    if paging is not None:
        # Each row is the first one once.
        queries += [{**queries[0], paging["offset"]: str(each)} for each in range(1, len(rows))]
    for path, query, body in itertools.product(
        [each for each in paths if all(isinstance(value, str) for value in each.values())],
        queries,
        list(_bodies(document, operation, known)),
    ):
        yield ValidRequest(path, query, body)


def _bodies(document: Document, operation: Operation, known: SeedData) -> Iterator[Any]:
    """Yield the document's first example, with ids of this server in place of its own."""
    entry = operation.data.get("requestBody")
    if entry is None:
        yield None
        return
    content = openapi_document.resolve(document, entry)["content"]["application/json"]
    example = openapi_document.resolve(document, next(iter(content["examples"].values())))["value"]
    names = [name for name in example if name.endswith("_id")]
    rows = [known.rows.get(_resource_of(name), []) for name in names]
    for chosen in zip(*rows, strict=False):
        yield {**example, **{name: row["id"] for name, row in zip(names, chosen, strict=True)}}
    if not any(rows):
        yield example


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
    """The lists of one server, each read once and to its end."""

    def __init__(
        self,
        document: Document,
        server: Server,
        iq: InsightIQ,
        listings: dict[str, Listing] | None = None,
    ) -> None:
        self.server = server
        self.iq = iq
        self.operations = {each.id: each for each in openapi_document.operations(document)}
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
            pytest.skip(f"{shape.operation.id} responds with the document's example")
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

    def queries(self, shape: ListShape) -> Iterator[Query]:
        """Yield required arguments of a list: ids of its parents, in the widest window."""

        def rows_of(resource: str) -> Sequence[Row]:
            listing = f"{resource}.list"
            return self.of(listing).rows[:_PARENTS] if listing in self.shapes else ()

        window = widest_window(shape)
        for ids in _parent_ids(shape, rows_of):
            yield {**ids, **window}

    def _fullest(self, shape: ListShape) -> Query:
        most, best = -1, Query()
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
        kinds = " or ".join(map(_resource_of, shape.parents))
        message = f"{shape.operation.id} needs {kinds}, and this server lists none"
        # A new world of the mock is never empty; a foreign server may be.
        (pytest.fail if self.server.is_fresh else pytest.skip)(message)


def widest_window(shape: ListShape) -> Query:
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


def mismatch(found: Sequence[str], expected: Sequence[str]) -> str:
    """Return where two sequences of ids differ first."""
    for place, (one, other) in enumerate(itertools.zip_longest(found, expected)):
        if one != other:
            return f"item {place + 1} is {one}, expected {other}"
    return "as expected"

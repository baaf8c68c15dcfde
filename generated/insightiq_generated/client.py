# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""The seam between generated code and whoever sends requests: data and protocols, no I/O."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, Generic, Literal, Protocol, Self, TypeAlias, TypedDict, TypeVar

from attrs import field, frozen

__all__ = [
    "AsyncCaller",
    "AsyncPager",
    "Bulk",
    "BulkOperation",
    "BulkResult",
    "Caller",
    "OffsetPagination",
    "Operation",
    "PagedOperation",
    "Pager",
    "PagerState",
    "Progress",
    "Request",
    "Success",
]

ResultT = TypeVar("ResultT")
ItemT = TypeVar("ItemT")
PageT = TypeVar("PageT")
PageT_co = TypeVar("PageT_co", covariant=True)

Progress: TypeAlias = Callable[[int, int], object]
"""Called with the number of items and of pages that are done."""


@frozen
class Request:
    """One request, ready to be sent.

    Attributes:
        method: HTTP method in upper case.
        path: Path, percent-encoded.
        query: Query parameters by name, as text, not yet encoded.
        json: Body as JSON data, None for no JSON body.
        content: Body of another media type, None for none.
        raw_query: Further query parameters, encoded, with ``&`` between.
        headers: Headers of the operation: its parameters, and the media types of its bodies.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(factory=dict)
    json: Any = None
    content: bytes | None = None
    raw_query: str = ""
    headers: Mapping[str, str] = field(factory=dict)


@frozen
class OffsetPagination:
    """Parameters and keys of a paged list: ``x-pagination`` of the document.

    Attributes:
        offset: Query parameter for the number of rows to skip.
        limit: Query parameter for the number of rows of a page.
        items: Key of the page that holds the rows.
        maximum: Most rows of a page.
        default: Rows of a page when the request names no limit.
        applied_limit: Attributes that lead from a page to the limit that the server applied; empty
            where responses do not name it.
    """

    offset: str
    limit: str
    items: str
    maximum: int
    default: int
    applied_limit: tuple[str, ...] = ()


@frozen
class Success(Generic[ResultT]):
    """A documented success of an operation that has others than one JSON object.

    Attributes:
        form: How its body is read.
        parse: Makes the result from JSON data, text or bytes; from None where it has no body.
    """

    form: Literal["json", "text", "bytes", "none"]
    parse: Callable[[Any], ResultT]


@frozen
class Operation(Generic[ResultT]):
    """An operation, apart from a single request.

    Attributes:
        id: ``<resource>.<method>``.
        method: HTTP method in upper case.
        path: Path template.
        success_status: Status of a success.
        parse_response: Makes the result from the JSON of a success (None: no body).
        retry_safe: Whether repeating a request does no harm, even if the first one was received.
        pagination: How to page, for lists.
        successes: Every success by its status, or by a range such as ``2XX``; empty where the only
            one is a JSON object or has no body.
    """

    id: str
    method: str
    path: str
    success_status: int
    parse_response: Callable[[Any], ResultT]
    retry_safe: bool
    pagination: OffsetPagination | None = None
    successes: Mapping[str, Success[ResultT]] = field(factory=dict)


@frozen
class PagedOperation(Operation[PageT], Generic[ItemT, PageT]):
    """An operation that responds with one page of a list.

    Attributes:
        items: Gives the items of a page.
    """

    items: Callable[[PageT], list[ItemT]] = field(kw_only=True)
    pagination: OffsetPagination = field(kw_only=True)


@frozen
class Bulk:
    """Parameters of a look-up of many rows: ``x-bulk`` of the document.

    Attributes:
        parameter: Key of the request's body that holds the ids.
        items: Key of the response that holds the rows.
        maximum: Most ids of a request.
    """

    parameter: str
    items: str
    maximum: int


@frozen
class BulkOperation(Operation[ResultT], Generic[ItemT, ResultT]):
    """An operation that looks rows up by their ids, a limited number at a time.

    Attributes:
        items: Gives the items of a response.
        bulk: How to ask.
    """

    items: Callable[[ResultT], list[ItemT]] = field(kw_only=True)
    bulk: Bulk = field(kw_only=True)


@frozen
class BulkResult(Generic[ItemT]):
    """Result of a look-up of any number of ids; iterating gives the items.

    Attributes:
        data: The items, in the order of the ids.
        missing: The ids that nothing was found for, in their order.
    """

    data: list[ItemT]
    missing: list[str]

    def __iter__(self) -> Iterator[ItemT]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)


class PagerState(TypedDict):
    """Position of an iteration; plain JSON.

    Attributes:
        operation: Id of the list operation.
        query: Parameters of the list, without its offset and limit.
        offset: Where to go on.
        ids: Ids of the rows that came last, oldest first.
        window: How many ids are kept at most.
        items: How many items came so far.
        pages: How many pages came so far.
    """

    operation: str
    query: dict[str, str]
    offset: int
    ids: list[str]
    window: int
    items: int
    pages: int


class Pager(Protocol[ItemT, PageT_co]):
    """A list that fetches its pages when they are needed."""

    def __iter__(self) -> Iterator[ItemT]:
        """Iterate over the items of all pages."""
        ...

    def pages(self) -> Iterator[PageT_co]:
        """Iterate over the pages."""
        ...

    def first(self) -> ItemT | None:
        """Return the first item, None if there is none."""
        ...

    def take(self, count: int) -> list[ItemT]:
        """Return the first ``count`` items, or all where there are fewer."""
        ...

    def to_list(self) -> list[ItemT]:
        """Return all items."""
        ...

    def prefetch(self, pages: int) -> Self:
        """Return the same list, which fetches up to ``pages`` pages ahead while it is iterated."""
        ...

    def resume(self, state: PagerState) -> Self:
        """Return the same list from where ``state`` was taken."""
        ...

    def on_progress(self, callback: Progress) -> Self:
        """Return the same list, which tells ``callback`` after each page how far it is."""
        ...

    @property
    def state(self) -> PagerState:
        """Position of the last iteration, for ``resume``."""
        ...


class AsyncPager(Protocol[ItemT, PageT_co]):
    """A list that fetches its pages when they are needed."""

    def __aiter__(self) -> AsyncIterator[ItemT]:
        """Iterate over the items of all pages."""
        ...

    def pages(self) -> AsyncIterator[PageT_co]:
        """Iterate over the pages."""
        ...

    async def first(self) -> ItemT | None:
        """Return the first item, None if there is none."""
        ...

    async def take(self, count: int) -> list[ItemT]:
        """Return the first ``count`` items, or all where there are fewer."""
        ...

    async def to_list(self) -> list[ItemT]:
        """Return all items."""
        ...

    def prefetch(self, pages: int) -> Self:
        """Return the same list, which fetches up to ``pages`` pages ahead while it is iterated."""
        ...

    def resume(self, state: PagerState) -> Self:
        """Return the same list from where ``state`` was taken."""
        ...

    def on_progress(self, callback: Progress) -> Self:
        """Return the same list, which tells ``callback`` after each page how far it is."""
        ...

    @property
    def state(self) -> PagerState:
        """Position of the last iteration, for ``resume``."""
        ...


class Caller(Protocol):
    """Sends requests and waits for the responses."""

    def call(self, operation: Operation[ResultT], request: Request) -> ResultT:
        """Send ``request`` and return the parsed response."""
        ...

    def paginate(
        self, operation: PagedOperation[ItemT, PageT], request: Request
    ) -> Pager[ItemT, PageT]:
        """Return the list that begins with ``request``."""
        ...

    def bulk(self, operation: BulkOperation[ItemT, ResultT], request: Request) -> BulkResult[ItemT]:
        """Look up all ids of ``request``, however many there are."""
        ...


class AsyncCaller(Protocol):
    """Sends requests without blocking."""

    async def call(self, operation: Operation[ResultT], request: Request) -> ResultT:
        """Send ``request`` and return the parsed response."""
        ...

    def paginate(
        self, operation: PagedOperation[ItemT, PageT], request: Request
    ) -> AsyncPager[ItemT, PageT]:
        """Return the list that begins with ``request``."""
        ...

    async def bulk(
        self, operation: BulkOperation[ItemT, ResultT], request: Request
    ) -> BulkResult[ItemT]:
        """Look up all ids of ``request``, however many there are."""
        ...

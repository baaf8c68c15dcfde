# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""The seam between generated code and whoever sends requests: data and protocols, no I/O."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar

from attrs import field, frozen

__all__ = [
    "AsyncCaller",
    "AsyncPager",
    "Caller",
    "OffsetPagination",
    "Operation",
    "PagedOperation",
    "Pager",
    "Request",
]

ResultT = TypeVar("ResultT")
ItemT = TypeVar("ItemT")
PageT = TypeVar("PageT")
ItemT_co = TypeVar("ItemT_co", covariant=True)
PageT_co = TypeVar("PageT_co", covariant=True)


@frozen
class Request:
    """One request, ready to be sent.

    Attributes:
        method: HTTP method in upper case.
        path: Path, percent-encoded.
        query: Query parameters by name, as text, not yet encoded.
        json: Body as JSON data, None for no body.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(factory=dict)
    json: Any = None


@frozen
class OffsetPagination:
    """How to ask for the next page: ``x-pagination`` of the document.

    Attributes:
        offset: Query parameter for the number of rows to skip.
        limit: Query parameter for the number of rows of a page.
        items: Key of the page that holds the rows.
        maximum: Most rows of a page.
        default: Rows of a page when the request names no limit.
    """

    offset: str
    limit: str
    items: str
    maximum: int
    default: int


@frozen
class Operation(Generic[ResultT]):
    """What there is to know about an operation besides one request.

    Attributes:
        id: ``<resource>.<method>``.
        method: HTTP method in upper case.
        path: Path template.
        success_status: Status of a success.
        parse_response: Makes the result from the JSON of a success (None: no body).
        retry_safe: Whether repeating a request does no harm, even if the first one was received.
        pagination: How to page, for lists.
    """

    id: str
    method: str
    path: str
    success_status: int
    parse_response: Callable[[Any], ResultT]
    retry_safe: bool
    pagination: OffsetPagination | None = None


@frozen
class PagedOperation(Operation[PageT], Generic[ItemT, PageT]):
    """An operation that answers with one page of a list.

    Attributes:
        items: Gives the items of a page.
    """

    items: Callable[[PageT], list[ItemT]] = field(kw_only=True)
    pagination: OffsetPagination = field(kw_only=True)


class Pager(Protocol[ItemT_co, PageT_co]):
    """A list that fetches its pages when they are needed."""

    def __iter__(self) -> Iterator[ItemT_co]:
        """Iterate over the items of all pages."""
        ...

    def pages(self) -> Iterator[PageT_co]:
        """Iterate over the pages."""
        ...

    def first(self) -> ItemT_co | None:
        """Return the first item, None if there is none."""
        ...


class AsyncPager(Protocol[ItemT_co, PageT_co]):
    """A list that fetches its pages when they are needed."""

    def __aiter__(self) -> AsyncIterator[ItemT_co]:
        """Iterate over the items of all pages."""
        ...

    def pages(self) -> AsyncIterator[PageT_co]:
        """Iterate over the pages."""
        ...

    async def first(self) -> ItemT_co | None:
        """Return the first item, None if there is none."""
        ...


class Caller(Protocol):
    """Sends requests and waits for the answers."""

    def call(self, operation: Operation[ResultT], request: Request) -> ResultT:
        """Send ``request`` and return the parsed answer."""
        ...

    def paginate(
        self, operation: PagedOperation[ItemT, PageT], request: Request
    ) -> Pager[ItemT, PageT]:
        """Return the list that begins with ``request``."""
        ...


class AsyncCaller(Protocol):
    """Sends requests without blocking."""

    async def call(self, operation: Operation[ResultT], request: Request) -> ResultT:
        """Send ``request`` and return the parsed answer."""
        ...

    def paginate(
        self, operation: PagedOperation[ItemT, PageT], request: Request
    ) -> AsyncPager[ItemT, PageT]:
        """Return the list that begins with ``request``."""
        ...

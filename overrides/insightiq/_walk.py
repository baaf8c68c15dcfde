"""Which page of a list to fetch next: the part of paging without input or output.

The API pages by offset, without a cursor and without a total (facts A.6), while rows come and go. A
walk therefore asks for each page one row early. Where the first row of a page has been seen before,
the page follows on what was read: nothing that existed all the time lies between, and what came in
and moved rows back is found by its ids and left out. Where it has not, rows have gone and others
have moved up unseen: the walk turns back until it finds a row that it knows.

Rows without an id are taken as they come. A page shorter than its limit is the last.
"""

from __future__ import annotations

import collections
import dataclasses
import typing

import attrs

from insightiq.errors import ConfigurationError, PagingError

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insightiq_generated.client import PagedOperation, PagerState, Request

__all__ = ["WINDOW", "Fetch", "Plan", "Walk"]

# Rows that may come in between two pages, or between a crash and its end, without one seen twice.
WINDOW: typing.Final = 5_000
# Behind every list that there is: a server that finds rows here does not look at the offset.
_FAR = 1_000_000_000

ItemT = typing.TypeVar("ItemT")
PageT = typing.TypeVar("PageT")


@dataclasses.dataclass(frozen=True, slots=True)
class Fetch:
    """One page to fetch.

    Attributes:
        offset: Place of its first row.
        limit: Most rows of it.
        early: It begins with a row that has been read, if nothing has changed.
        trusted: The server has been found to look at the offset.
    """

    offset: int
    limit: int
    early: bool = False
    trusted: bool = False


class Plan(typing.Generic[ItemT, PageT]):
    """What stays the same in each iteration of a list.

    Args:
        operation: The list operation.
        request: Its request; ``limit`` is the page size, ``offset`` the place of the first item.
    """

    def __init__(self, operation: PagedOperation[ItemT, PageT], request: Request) -> None:
        self.operation = operation
        self._request = request
        pagination = operation.pagination
        # Fewer, larger pages unless the caller chose: each one counts against the quota.
        limit = request.query.get(pagination.limit)
        self.limit = pagination.maximum if limit is None else int(limit)
        self.start = int(request.query.get(pagination.offset, "0"))
        self.maximum = pagination.maximum

    def request(self, fetch: Fetch) -> Request:
        """Return the request of a page."""
        pagination = self.operation.pagination
        page = {pagination.limit: str(fetch.limit), pagination.offset: str(fetch.offset)}
        return attrs.evolve(self._request, query={**self._request.query, **page})

    def at_most(self, count: int) -> Plan[ItemT, PageT]:
        """Return the plan for ``count`` items: its pages are no larger than that."""
        limit = {self.operation.pagination.limit: str(min(count, self.limit))}
        query = {**self._request.query, **limit}
        return Plan(self.operation, attrs.evolve(self._request, query=query))

    @property
    def query(self) -> dict[str, str]:
        """What tells this list from another one of the same operation."""
        pagination = self.operation.pagination
        own = {pagination.limit, pagination.offset}
        return {key: value for key, value in self._request.query.items() if key not in own}

    def full(self, fetch: Fetch) -> int:
        """Return the number of rows below which a page is the last."""
        # A server may cut a limit above its maximum down instead of refusing it.
        return min(fetch.limit, self.maximum)

    def following(self, position: int, *, early: bool) -> Fetch:
        """Return the page that begins with the row at ``position``, or one row early."""
        early = early and position > self.start and self.maximum > 1
        if not early:
            return Fetch(position, self.limit)
        return self.early(position - 1)

    def early(self, offset: int) -> Fetch:
        """Return the page at ``offset``, whose first row has been read."""
        return Fetch(offset, min(self.limit + 1, max(self.limit, self.maximum)), early=True)

    def check(self, state: object) -> None:
        """Refuse what is no state, or was taken from something else.

        Raises:
            ConfigurationError: It is not the state of an iteration of this list.
        """
        name = self.operation.id
        if not _is_state(state):
            msg = f"resume: this is no state of a list; give what {name}'s `state` returned."
            raise ConfigurationError(msg)
        if (state["operation"], state["query"]) != (name, self.query):
            msg = (
                f"resume: the state was taken from another list ({state['operation']} with other "
                f"arguments, or another operation than {name}); list with the same arguments."
            )
            raise ConfigurationError(msg)


def _is_state(value: object) -> typing.TypeGuard[Mapping[str, object]]:
    if not isinstance(value, dict):
        return False
    state = typing.cast("dict[str, object]", value)
    numbers = [state.get(key) for key in ("offset", "items", "pages")]
    ids = state.get("ids")
    return (
        all(isinstance(each, int) and each >= 0 for each in numbers)
        and isinstance(ids, list)
        and all(isinstance(each, str) for each in typing.cast("list[object]", ids))
        and {"operation", "query"} <= state.keys()
    )


class Walk(typing.Generic[ItemT, PageT]):
    """One iteration of a list.

    Fetch ``next``, hand the page to ``take``, deliver what it returns, telling ``deliver`` of each
    item; until ``next`` is None.

    Args:
        plan: The list.
        state: Where an earlier iteration ended.

    Attributes:
        next: The page to fetch, None at the end.
        items: Number of items delivered.
        pages: Number of pages delivered.
    """

    def __init__(self, plan: Plan[ItemT, PageT], state: PagerState | None = None) -> None:
        self._plan = plan
        self._seen: set[str] = set()
        self._order: collections.deque[str] = collections.deque()
        # None until the first row shows whether rows have ids.
        self._by_id: bool | None = None
        self._fresh: Sequence[str] | None = None
        self._previous: Sequence[object] = ()
        self._back = 0
        self._started = False
        self._stuck_at = Fetch(plan.start, plan.limit)
        self.next: Fetch | None = Fetch(plan.start, plan.limit)
        self.items = self.pages = 0
        self._resume_at = plan.start
        if state is not None:
            self._begin_at(state)

    def _begin_at(self, state: PagerState) -> None:
        for each in state["ids"][-WINDOW:]:
            self._remember(each)
        self._by_id = True if self._seen else None
        self._resume_at = state["offset"]
        self.items, self.pages = state["items"], state["pages"]
        if self._seen and self._resume_at > self._plan.start:
            self.next = self._plan.early(self._resume_at)
        else:
            self.next = self._plan.following(self._resume_at, early=False)

    def ahead(self, count: int) -> list[Fetch]:
        """Return the ``count`` pages behind ``next``, where all rows stay in their places.

        None before it is known that there are more, and none while the walk turns back: what was
        fetched ahead until then is out of date.
        """
        first = self.next
        if first is None or not self._started or self._back or first.offset == _FAR:
            return []
        stride = self._plan.full(first) - (1 if first.early else 0)
        return [
            dataclasses.replace(first, offset=first.offset + stride * number, trusted=False)
            for number in range(1, count + 1)
        ]

    def take(self, page: PageT) -> list[ItemT] | None:
        """Take in the page of ``next``, strike out what was delivered before, and move on.

        Returns:
            The items to deliver, which are also the page's own; None where the page brings nothing.

        Raises:
            PagingError: The list cannot be walked to its end.
        """
        fetch = self.next
        assert fetch is not None
        items = self._plan.operation.items(page)
        ids = self._ids_of(items)
        aside = self._aside(fetch, items, ids)
        if aside is not None:
            self.next = aside
            return None
        return self._accept(fetch, items, ids)

    def _aside(
        self, fetch: Fetch, items: Sequence[ItemT], ids: Sequence[str] | None
    ) -> Fetch | None:
        """Return what has to be fetched instead of going on; None where the page follows."""
        if fetch.offset == _FAR:
            return self._judged(items)
        if items:
            self._by_id = ids is not None
            if ids is None and fetch.early:
                # The row that was asked for once more cannot be told from the others.
                return self._plan.following(fetch.offset + 1, early=False)
        if fetch.early and fetch.offset > self._plan.start and not (ids and ids[0] in self._seen):
            return self._turned_back(fetch)
        if self._looks_stuck(fetch, items, ids):
            self._stuck_at = fetch
            return Fetch(_FAR, 1)
        return None

    def _accept(
        self, fetch: Fetch, items: list[ItemT], ids: Sequence[str] | None
    ) -> list[ItemT] | None:
        begins = self.pages == 0
        count = len(items)
        self._started, self._back = True, 0
        self._previous = list(items) if ids is None else ids
        self._fresh = None
        if ids is not None:
            kept = [number for number, each in enumerate(ids) if each not in self._seen]
            if len(kept) < count:
                items[:] = [items[number] for number in kept]
            self._fresh = [ids[number] for number in kept]
        self._resume_at = fetch.offset
        last = count == 0 or count < self._plan.full(fetch)
        end, early = fetch.offset + count, self._by_id is True
        self.next = None if last else self._plan.following(end, early=early)
        if not items and not begins:
            self._settle()
            return None
        self.pages += 1
        # The caller may do to the page what he likes.
        return list(items)

    def deliver(self, number: int) -> None:
        """Note that the item of this number in its page is delivered."""
        self.items += 1
        if self._fresh is None:
            self._resume_at += 1
            return
        self._remember(self._fresh[number])
        if number == len(self._fresh) - 1:
            self._settle()

    def _settle(self) -> None:
        """All of the page is delivered: an iteration that resumes need not fetch it again."""
        if self.next is not None:
            self._resume_at = self.next.offset

    @property
    def state(self) -> PagerState:
        """How far the iteration came."""
        return {
            "operation": self._plan.operation.id,
            "query": self._plan.query,
            "offset": self._resume_at,
            "ids": list(self._order),
            "window": WINDOW,
            "items": self.items,
            "pages": self.pages,
        }

    def _ids_of(self, items: Sequence[ItemT]) -> list[str] | None:
        if self._by_id is False:
            return None
        ids = [getattr(each, "id", None) for each in items]
        found = [each for each in ids if isinstance(each, str)]
        # Twice on one page, an id does not name a row.
        return found if len(set(found)) == len(items) else None

    def _remember(self, found: str) -> None:
        self._seen.add(found)
        self._order.append(found)
        if len(self._order) > WINDOW:
            self._seen.discard(self._order.popleft())

    def _turned_back(self, fetch: Fetch) -> Fetch:
        plan = self._plan
        self._previous = ()
        self._back = max(2 * self._back, plan.full(fetch) - 1, 1)
        offset = max(plan.start, fetch.offset - self._back)
        if offset == plan.start and self.items > len(self._order):
            # There, rows are that were delivered and forgotten.
            msg = (
                f"{plan.operation.id}: the list changed by more than {WINDOW} rows while it was "
                "read, so that rows would be lost or come twice; list again from the beginning, "
                "or less of it at a time."
            )
            raise PagingError(msg, operation=plan.operation.id)
        return dataclasses.replace(fetch, offset=offset)

    def _looks_stuck(self, fetch: Fetch, items: Sequence[ItemT], ids: Sequence[str] | None) -> bool:
        if fetch.trusted or not items or len(items) < self._plan.full(fetch):
            return False
        return list(self._previous) == list(items if ids is None else ids)

    def _judged(self, items: Sequence[ItemT]) -> Fetch:
        if items:
            name = self._plan.operation.id
            msg = (
                f"{name}: the server answers every offset with the same rows, so that the list "
                "cannot be read beyond its first page; nothing says whether there is more."
            )
            raise PagingError(msg, operation=name)
        return dataclasses.replace(self._stuck_at, trusted=True)

"""The shapes that only read: get, list, search, and the two look-ups by another key."""

from __future__ import annotations

import dataclasses
import json
import typing

from insightiq_mock.calls import Call, Handler, Reply
from insightiq_mock.store import Column, Kind, Selection

from . import refusals
from .identifiers import canonical_id

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from .backend import Backend

__all__ = ["Listing", "find_user", "get_audience", "get_one", "list_page", "search"]

_DEFAULT_LIMIT: typing.Final = 10
_DEFAULT_OFFSET: typing.Final = 0

_NO_METADATA: typing.Final = b'{"offset":null,"limit":null,"from_date":null,"to_date":null}'


@dataclasses.dataclass(frozen=True, slots=True)
class Listing:
    """What is particular about one list operation.

    Attributes:
        kind: What it lists.
        filters: Query parameters by which it may be narrowed; an unknown value gives an empty list
            (facts H.2 row 5). Parameters that no listing names, such as ``filters`` and the
            ``type`` of social payouts, have no effect (facts H.2 row 10).
        of_account: Whether ``account_id`` is required; an unknown one gives 404 (facts H.2 row 5).
        of_content: Whether ``content_id`` is required too; one that is not the account's gives 404.
        window: Query parameters with the first and the last day, both inclusive.
        bare_metadata: Whether metadata is null when the caller passes neither limit nor offset, as
            the list of webhooks has it (facts A.6).
    """

    kind: Kind
    filters: Mapping[str, Column] = dataclasses.field(default_factory=dict[str, Column])
    of_account: bool = False
    of_content: bool = False
    window: tuple[str, str] | None = None
    bare_metadata: bool = False


def get_one(backend: Backend, kind: Kind) -> Handler:
    """Answer with the resource that the path names."""

    def handle(call: Call) -> Reply:
        resource_id = call.path["id"]
        body = backend.store.get(call.developer_id, kind, canonical_id(resource_id))
        if body is None:
            raise refusals.not_found(kind, resource_id)
        return Reply(200, body)

    return handle


def list_page(backend: Backend, listing: Listing) -> Handler:
    """Answer with one page of a list and its metadata."""

    def handle(call: Call) -> Reply:
        selection = _selection(call, listing)
        if listing.of_content:
            _require_content(backend, call)
        bodies = backend.store.page(call.developer_id, listing.kind, selection)
        # A row proves that its account exists, so only an empty page leaves the question open.
        if not bodies and listing.of_account:
            _require_account(backend, call)
        metadata = _metadata(call, selection, listing)
        return Reply(200, b'{"data":[' + b",".join(bodies) + b'],"metadata":' + metadata + b"}")

    return handle


def search(backend: Backend, kind: Kind) -> Handler:
    """Answer with the resources of the given ids.

    In the order asked, each once; ids that do not exist are left out (facts H.2 row 8).
    """

    def handle(call: Call) -> Reply:
        ids = [canonical_id(each) for each in call.body["ids"]]
        bodies = backend.store.get_many(call.developer_id, kind, ids)
        return Reply(200, b'{"data":[' + b",".join(bodies) + b"]}")

    return handle


def find_user(backend: Backend) -> Handler:
    """Answer with the user who bears the external id, compared letter by letter."""

    def handle(call: Call) -> Reply:
        external_id = call.path["external_id"]
        body = backend.store.find(call.developer_id, Kind.USER, external_id)
        if body is None:
            raise refusals.external_id_unknown(external_id)
        return Reply(200, body)

    return handle


def get_audience(backend: Backend) -> Handler:
    """Answer with the audience of an account: a bare object, not a list (facts C.6)."""

    def handle(call: Call) -> Reply:
        account_id: str = call.query["account_id"]
        body = backend.store.find(call.developer_id, Kind.AUDIENCE, canonical_id(account_id))
        if body is None:
            _require_account(backend, call)
            raise refusals.audience_not_synced(account_id)
        return Reply(200, body)

    return handle


def _selection(call: Call, listing: Listing) -> Selection:
    query = call.query
    from_date, to_date = _window(call, listing)
    return Selection(
        limit=query.get("limit", _DEFAULT_LIMIT),
        offset=query.get("offset", _DEFAULT_OFFSET),
        equal={
            column: canonical_id(query[parameter])
            for parameter, column in listing.filters.items()
            if parameter in query
        },
        from_date=from_date,
        to_date=to_date,
    )


def _window(call: Call, listing: Listing) -> tuple[str | None, str | None]:
    if listing.window is None:
        return None, None
    first, last = listing.window
    from_date: str | None = call.query.get(first)
    to_date: str | None = call.query.get(last)
    # Full dates of four-digit years compare as text.
    if from_date is not None and to_date is not None and from_date > to_date:
        raise refusals.dates_reversed(first, last)
    return from_date, to_date


def _metadata(call: Call, selection: Selection, listing: Listing) -> bytes:
    if listing.bare_metadata and call.query.keys().isdisjoint(("limit", "offset")):
        return _NO_METADATA
    metadata = {
        "offset": selection.offset,
        "limit": selection.limit,
        "from_date": selection.from_date,
        "to_date": selection.to_date,
    }
    # Not `encode`: an offset has no upper bound, and orjson writes integers of 64 bits at most.
    return json.dumps(metadata, separators=(",", ":")).encode()


def _require_account(backend: Backend, call: Call) -> None:
    account_id: str = call.query["account_id"]
    if backend.store.get(call.developer_id, Kind.ACCOUNT, canonical_id(account_id)) is None:
        raise refusals.not_found(Kind.ACCOUNT, account_id)


def _require_content(backend: Backend, call: Call) -> None:
    content_id: str = call.query["content_id"]
    known = backend.store.belongs_to_account(
        call.developer_id,
        Kind.CONTENT,
        canonical_id(content_id),
        canonical_id(call.query["account_id"]),
    )
    if not known:
        _require_account(backend, call)
        raise refusals.not_found(Kind.CONTENT, content_id)

"""The shapes that only read: get, list, search, and the two look-ups by another key."""

from __future__ import annotations

import dataclasses
import typing

import orjson

from insightiq_mock.context import Handler, RequestContext, Response
from insightiq_mock.db import Column, Kind, Selection, encode

from . import refusals
from .identifiers import canonical_id

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .backend import Backend

__all__ = ["Listing", "find_user", "get_audience", "get_one", "list_page", "search"]

_DEFAULT_LIMIT: typing.Final = 10
_DEFAULT_OFFSET: typing.Final = 0
_MOST_NAMES: typing.Final = 1000

_FILTERED_KINDS: typing.Final = {
    "account_id": Kind.ACCOUNT,
    "user_id": Kind.USER,
    "work_platform_id": Kind.WORK_PLATFORM,
}

_NO_METADATA: typing.Final = b'{"offset":null,"limit":null,"from_date":null,"to_date":null}'


@dataclasses.dataclass(frozen=True, slots=True)
class Listing:
    """What is particular about one list operation.

    Attributes:
        kind: What it lists.
        filters: Query parameters by which it may be narrowed; an unknown value gives an empty list
            (evidence.md#open-question-5), or 400 where a setting says so. Parameters that no listing names, such as ``filters`` and the
            ``type`` of social payouts, have no effect (evidence.md#open-question-10).
        of_account: Whether ``account_id`` is required; an unknown one gives 404 (evidence.md#open-question-5).
        of_content: Whether ``content_id`` is required too; one that is not the account's gives 404.
        window: Query parameters with the first and the last day, both inclusive.
        bare_metadata: Whether metadata is null when the caller passes neither limit nor offset, as
            the list of webhooks has it (evidence.md#pagination).
        any_case: Filters whose values are names, compared without case: an assumption, as the vendor
            itself ships the name of a platform in lower case.
    """

    kind: Kind
    filters: Mapping[str, Column] = dataclasses.field(default_factory=dict[str, Column])
    of_account: bool = False
    of_content: bool = False
    window: tuple[str, str] | None = None
    bare_metadata: bool = False
    any_case: frozenset[str] = frozenset()


def get_one(backend: Backend, kind: Kind) -> Handler:
    """Response with the resource that the path names."""

    def handle(call: RequestContext) -> Response:
        resource_id = call.path["id"]
        body = backend.store.get(call.developer_id, kind, canonical_id(resource_id))
        if body is None:
            raise refusals.not_found(kind, resource_id)
        return Response(200, body)

    return handle


def list_page(backend: Backend, listing: Listing) -> Handler:
    """Response with one page of a list and its metadata."""

    def handle(call: RequestContext) -> Response:
        selection = _selection(backend, call, listing)
        if listing.of_content:
            _require_content(backend, call)
        bodies = backend.store.page(call.developer_id, listing.kind, selection)
        # A row proves that what it belongs to exists: only an empty page leaves the question open.
        if not bodies:
            _require_known(backend, call, listing)
        metadata = _metadata(call, selection, listing)
        # Joined at once: a page may be long, and each sum would copy it anew.
        parts = (b'{"data":[', b",".join(bodies), b'],"metadata":', metadata, b"}")
        return Response(200, b"".join(parts))

    return handle


def search(backend: Backend, kind: Kind) -> Handler:
    """Response with the resources of the given ids, in the order asked.

    Each comes once, and ids that do not exist are left out, unless the developer's settings say
    otherwise (evidence.md#open-question-8).
    """

    def handle(call: RequestContext) -> Response:
        ids = [canonical_id(each) for each in call.body["ids"]]
        bodies = backend.store.get_many(call.developer_id, kind, ids)
        if len(bodies) < len(ids):
            bodies = _as_settings_say(backend, call, kind, ids, bodies)
        return Response(200, b"".join((b'{"data":[', b",".join(bodies), b"]}")))

    return handle


def find_user(backend: Backend) -> Handler:
    """Response with the user who bears the external id, compared letter by letter."""

    def handle(call: RequestContext) -> Response:
        external_id = call.path["external_id"]
        body = backend.store.find(call.developer_id, Kind.USER, external_id)
        if body is None:
            raise refusals.external_id_unknown(external_id)
        return Response(200, body)

    return handle


def get_audience(backend: Backend) -> Handler:
    """Response with the audience of an account: a bare object, not a list (evidence.md#audience)."""

    def handle(call: RequestContext) -> Response:
        account_id: str = call.query["account_id"]
        body = backend.store.find(call.developer_id, Kind.AUDIENCE, canonical_id(account_id))
        if body is None:
            account = _require_account(backend, call)
            if backend.settings(call.developer_id).audience_before_sync == "not_found":
                raise refusals.audience_not_synced(account_id)
            body = _empty_audience(account)
        return Response(200, body)

    return handle


def _selection(backend: Backend, call: RequestContext, listing: Listing) -> Selection:
    query = call.query
    from_date, to_date = _window(call, listing)
    return Selection(
        limit=query.get("limit", _DEFAULT_LIMIT),
        offset=query.get("offset", _DEFAULT_OFFSET),
        equal={
            column: _as_stored(backend, call, listing, parameter)
            for parameter, column in listing.filters.items()
            if parameter in query
        },
        from_date=from_date,
        to_date=to_date,
    )


def _as_stored(backend: Backend, call: RequestContext, listing: Listing, parameter: str) -> str:
    """Return the value of a filter in the spelling in which it is stored."""
    text = canonical_id(call.query[parameter])
    if parameter not in listing.any_case:
        return text
    bodies = backend.store.page(call.developer_id, listing.kind, Selection(limit=_MOST_NAMES))
    names = (orjson.loads(body)[parameter] for body in bodies)
    return next((name for name in names if name.casefold() == text.casefold()), text)


def _window(call: RequestContext, listing: Listing) -> tuple[str | None, str | None]:
    if listing.window is None:
        return None, None
    first, last = listing.window
    from_date: str | None = call.query.get(first)
    to_date: str | None = call.query.get(last)
    # Full dates of four-digit years compare as text.
    if from_date is not None and to_date is not None and from_date > to_date:
        raise refusals.dates_reversed(first, last)
    return from_date, to_date


def _metadata(call: RequestContext, selection: Selection, listing: Listing) -> bytes:
    if listing.bare_metadata and call.query.keys().isdisjoint(("limit", "offset")):
        return _NO_METADATA
    # Numbers are not for `encode`: an offset has no upper bound, and orjson stops at 64 bits.
    return b'{"offset":%d,"limit":%d,"from_date":%s,"to_date":%s}' % (
        selection.offset,
        selection.limit,
        encode(selection.from_date),
        encode(selection.to_date),
    )


def _as_settings_say(
    backend: Backend, call: RequestContext, kind: Kind, ids: Sequence[str], bodies: list[bytes]
) -> list[bytes]:
    """Look again at a search in which an id was unknown or came twice."""
    settings = backend.settings(call.developer_id)
    if settings.search_unknown == "drop" and settings.search_duplicates == "once":
        return bodies
    found = {each: backend.store.get(call.developer_id, kind, each) for each in ids}
    if settings.search_unknown == "refuse":
        for each, body in found.items():
            if body is None:
                raise refusals.id_unknown(kind, each)
    wanted = ids if settings.search_duplicates == "each" else list(found)
    return [body for body in map(found.__getitem__, wanted) if body is not None]


def _empty_audience(account: bytes) -> bytes:
    """The audience of an account that has none, where a setting asks for one."""
    value = orjson.loads(account)
    username = value["username"]
    return encode(
        {
            "id": value["id"],
            "created_at": value["created_at"],
            "updated_at": value["created_at"],
            "user": value["user"],
            "account": {
                "id": value["id"],
                "platform_username": username,
                "username": username,
            },
            "work_platform": value["work_platform"],
            "countries": [],
            "cities": [],
            "gender_age_distribution": [],
        }
    )


def _require_known(backend: Backend, call: RequestContext, listing: Listing) -> None:
    """Refuse an account that does not exist; ids in other filters only where a setting says so."""
    if listing.of_account:
        _require_account(backend, call)
        return
    asked = {name: kind for name, kind in _FILTERED_KINDS.items() if name in call.query}
    asked = {name: kind for name, kind in asked.items() if name in listing.filters}
    if not asked or backend.settings(call.developer_id).unknown_filter == "empty":
        return
    for name, kind in asked.items():
        resource_id: str = call.query[name]
        if backend.store.get(call.developer_id, kind, canonical_id(resource_id)) is None:
            raise refusals.id_unknown(kind, resource_id)


def _require_account(backend: Backend, call: RequestContext) -> bytes:
    account_id: str = call.query["account_id"]
    account = backend.store.get(call.developer_id, Kind.ACCOUNT, canonical_id(account_id))
    if account is None:
        raise refusals.not_found(Kind.ACCOUNT, account_id)
    return account


def _require_content(backend: Backend, call: RequestContext) -> None:
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

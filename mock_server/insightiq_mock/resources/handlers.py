"""Generic handlers: get, list, search, refresh and fetch-historic of any resource.

`bindings` binds them to operations. Each takes the simulation, the resource and the request context.
"""

from __future__ import annotations

import typing
from collections.abc import Callable

import orjson

from insightiq_mock.context import RequestContext, Response
from insightiq_mock.db import Selection, encode, format_timestamp
from insightiq_mock.simulation import Simulation

from . import errors
from .identifiers import canonical_id
from .resource import Resource
from .sync_schedule import request_historic, request_refresh

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insightiq_mock.context import ApiError
    from insightiq_mock.db import Record

    from .resource import Json

__all__ = [
    "ResourceHandler",
    "compose",
    "fetch_historic",
    "get_one",
    "list_page",
    "load",
    "now",
    "refresh",
    "require_account",
    "search",
]

ResourceHandler: typing.TypeAlias = Callable[[Simulation, Resource, RequestContext], Response]

_DEFAULT_LIMIT: typing.Final = 10
_DEFAULT_OFFSET: typing.Final = 0
_MOST_NAMES: typing.Final = 1000

_ACCOUNT: typing.Final = "account"
_CONTENT: typing.Final = "content"

_NO_METADATA: typing.Final = b'{"offset":null,"limit":null,"from_date":null,"to_date":null}'


def get_one(simulation: Simulation, resource: Resource, context: RequestContext) -> Response:
    """Return the resource that the path names."""
    resource_id = context.path["id"]
    body = simulation.store.get(context.developer_id, resource.kind, canonical_id(resource_id))
    if body is None:
        raise errors.not_found(resource.kind, resource_id)
    return Response(200, body)


def list_page(simulation: Simulation, resource: Resource, context: RequestContext) -> Response:
    """Return one page of a list and its metadata."""
    selection = _selection(simulation, resource, context)
    if resource.of_content:
        _require_content(simulation, context)
    bodies = simulation.store.page(context.developer_id, resource.kind, selection)
    # A row proves that the account exists: only an empty page leaves the question open.
    if not bodies:
        _require_known(simulation, resource, context)
    metadata = _metadata(resource, context, selection)
    # Joined at once: a page may be long, and each sum would copy it anew.
    parts = (b'{"data":[', b",".join(bodies), b'],"metadata":', metadata, b"}")
    return Response(200, b"".join(parts))


def search(simulation: Simulation, resource: Resource, context: RequestContext) -> Response:
    """Return the resources of the given ids, in the order asked.

    Each comes once, and unknown ids are left out, unless the developer's settings say otherwise
    (evidence.md#open-question-8).
    """
    ids = [canonical_id(each) for each in context.body["ids"]]
    bodies = simulation.store.get_many(context.developer_id, resource.kind, ids)
    if len(bodies) < len(ids):
        bodies = _as_settings_say(simulation, resource, context, ids, bodies)
    return Response(200, b"".join((b'{"data":[', b",".join(bodies), b"]}")))


def refresh(simulation: Simulation, resource: Resource, context: RequestContext) -> Response:
    """Acknowledge; a few seconds later the account's resources of that kind are synced (evidence.md#operations).

    The account's product then has a new ``last_sync_at``, and events report what is new. A product
    that waits for its first sync is left to it, and one that the account lacks is ignored.
    """
    with simulation.store.transaction():
        account = _syncable_account(simulation, context)
        if account is not None:
            request_refresh(simulation, context.developer_id, account, resource)
    return Response(202, encode({"account_id": canonical_id(context.body["account_id"])}))


def fetch_historic(simulation: Simulation, resource: Resource, context: RequestContext) -> Response:
    """Acknowledge; a few seconds later older resources of that kind appear (evidence.md#operations).

    ``data_available_from`` of the product has then moved back to ``from_date``. No limits per
    platform are enforced (evidence.md#open-question-25), and a date that is covered already changes nothing.
    """
    from_date: str = context.body["from_date"]
    developer_id = context.developer_id
    with simulation.store.transaction():
        account = _syncable_account(simulation, context)
        if account is not None:
            is_new = request_historic(simulation, developer_id, account, resource, from_date)
            settings = simulation.developer(developer_id).settings
            if not is_new and settings.fetch_historic_repeated == "reject":
                raise errors.historic_fetched_already(account["id"], from_date)
    account_id = canonical_id(context.body["account_id"])
    return Response(202, encode({"account_id": account_id, "from_date": from_date}))


def now(simulation: Simulation, context: RequestContext) -> str:
    """Return the developer's present moment as the wire writes it."""
    return format_timestamp(simulation.now(context.developer_id))


def load(simulation: Simulation, context: RequestContext, kind: str, resource_id: str) -> Json:
    """Return a resource to be changed; call it inside a transaction of the store.

    Raises:
        ApiError: 404, there is no such resource.
    """
    body = simulation.store.get(context.developer_id, kind, canonical_id(resource_id))
    if body is None:
        raise errors.not_found(kind, resource_id)
    value: Json = orjson.loads(body)
    return value


def compose(resource: Resource, value: Mapping[str, typing.Any]) -> Record:
    """Make the record of a resource that holds text of the caller.

    Raises:
        ApiError: 400, the text cannot be sent back.
    """
    try:
        return resource.record(value)
    except TypeError as error:
        raise errors.text_not_encodable() from error


def require_account(simulation: Simulation, context: RequestContext) -> bytes:
    """Return the account that the query names.

    Raises:
        ApiError: 404, there is no such account.
    """
    account_id: str = context.query["account_id"]
    account = simulation.store.get(context.developer_id, _ACCOUNT, canonical_id(account_id))
    if account is None:
        raise errors.not_found(_ACCOUNT, account_id)
    return account


def _selection(simulation: Simulation, resource: Resource, context: RequestContext) -> Selection:
    query = context.query
    from_date, to_date = _window(resource, context)
    return Selection(
        limit=query.get("limit", _DEFAULT_LIMIT),
        offset=query.get("offset", _DEFAULT_OFFSET),
        equal={
            column: _as_stored(simulation, resource, context, parameter)
            for parameter, column in resource.filters.items()
            if parameter in query
        },
        from_date=from_date,
        to_date=to_date,
    )


def _as_stored(
    simulation: Simulation, resource: Resource, context: RequestContext, parameter: str
) -> str:
    """Return the value of a filter in the spelling in which it is stored."""
    text = canonical_id(context.query[parameter])
    if parameter not in resource.any_case:
        return text
    every = Selection(limit=_MOST_NAMES)
    bodies = simulation.store.page(context.developer_id, resource.kind, every)
    names = (orjson.loads(body)[parameter] for body in bodies)
    return next((name for name in names if name.casefold() == text.casefold()), text)


def _window(resource: Resource, context: RequestContext) -> tuple[str | None, str | None]:
    if resource.window is None:
        return None, None
    first, last = resource.window
    from_date: str | None = context.query.get(first)
    to_date: str | None = context.query.get(last)
    # Full dates of four-digit years compare as text.
    if from_date is not None and to_date is not None and from_date > to_date:
        raise errors.dates_reversed(first, last)
    return from_date, to_date


def _metadata(resource: Resource, context: RequestContext, selection: Selection) -> bytes:
    if resource.bare_metadata and context.query.keys().isdisjoint(("limit", "offset")):
        return _NO_METADATA
    # Numbers are not for `encode`: an offset has no upper bound, and orjson stops at 64 bits.
    return b'{"offset":%d,"limit":%d,"from_date":%s,"to_date":%s}' % (
        selection.offset,
        selection.limit,
        encode(selection.from_date),
        encode(selection.to_date),
    )


def _as_settings_say(
    simulation: Simulation,
    resource: Resource,
    context: RequestContext,
    ids: Sequence[str],
    bodies: list[bytes],
) -> list[bytes]:
    """Repeat a search in which an id was unknown or came twice, as the settings say."""
    settings = simulation.developer(context.developer_id).settings
    if settings.search_unknown == "drop" and settings.search_duplicates == "once":
        return bodies
    found = {each: simulation.store.get(context.developer_id, resource.kind, each) for each in ids}
    if settings.search_unknown == "reject":
        for each, body in found.items():
            if body is None:
                raise errors.id_unknown(resource.kind, each)
    wanted = ids if settings.search_duplicates == "each" else list(found)
    return [body for body in map(found.__getitem__, wanted) if body is not None]


def _require_known(simulation: Simulation, resource: Resource, context: RequestContext) -> None:
    """Reject an unknown account; unknown ids in other filters only where a setting says so."""
    if resource.of_account:
        require_account(simulation, context)
        return
    developer_id, query = context.developer_id, context.query
    # A filter by an id is named after the kind.
    kinds = {name: name.removesuffix("_id") for name in resource.filters if name.endswith("_id")}
    asked = {name: kind for name, kind in kinds.items() if name in query}
    if not asked or simulation.developer(developer_id).settings.unknown_filter == "empty":
        return
    for name, kind in asked.items():
        resource_id: str = query[name]
        if simulation.store.get(developer_id, kind, canonical_id(resource_id)) is None:
            raise errors.id_unknown(kind, resource_id)


def _require_content(simulation: Simulation, context: RequestContext) -> None:
    content_id: str = context.query["content_id"]
    known = simulation.store.belongs_to_account(
        context.developer_id,
        _CONTENT,
        canonical_id(content_id),
        canonical_id(context.query["account_id"]),
    )
    if not known:
        require_account(simulation, context)
        raise errors.not_found(_CONTENT, content_id)


def _syncable_account(simulation: Simulation, context: RequestContext) -> Json | None:
    """Return the account; None where a setting accepts a request that has no effect."""
    account = load(simulation, context, _ACCOUNT, context.body["account_id"])
    if account["status"] == "CONNECTED":
        return account
    settings = simulation.developer(context.developer_id).settings
    policies: Mapping[str, tuple[str, ApiError]] = {
        "NOT_CONNECTED": (
            settings.refresh_when_disconnected,
            errors.account_is_disconnected(account["id"]),
        ),
        "SESSION_EXPIRED": (
            settings.refresh_when_expired,
            errors.session_is_expired(account["id"]),
        ),
    }
    policy, error = policies[account["status"]]
    if policy == "reject":
        raise error
    return None

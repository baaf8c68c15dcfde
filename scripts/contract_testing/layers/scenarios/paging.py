"""Lists come page by page: no row is lost or doubled, limits are kept, the order is the promised one."""

from __future__ import annotations

import itertools
import typing

from contract_testing.layers.scenarios.scene import Needs, Scenarios, broken, hold

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openapi_document import Operation

    from contract_testing.layers.scenarios.rows import Listed
    from contract_testing.layers.scenarios.scene import Scene
    from contract_testing.run import Run

__all__ = ["SCENARIOS", "lists"]

Json: typing.TypeAlias = typing.Any

SCENARIOS = Scenarios()

_SIZE: typing.Final = 7
_PAGES: typing.Final = 6
_FAR: typing.Final = 1_000


def lists(run: Run) -> Iterable[Operation]:
    """The lists of the run."""
    return (each for each in run.operations if "x-pagination" in each.data)


def _page(scene: Scene, listed: Listed, offset: int | None, limit: int | None) -> Json:
    shape = listed.shape
    wanted = {shape.offset: offset, shape.limit: limit}
    page = {key: value for key, value in wanted.items() if value is not None}
    return scene.rows.page(shape, listed.query, **page)


def _ids(scene: Scene, listed: Listed, offset: int | None, limit: int | None) -> list[str]:
    return [row["id"] for row in _page(scene, listed, offset, limit)[listed.shape.items]]


@SCENARIOS.rule("pages follow one another without losing or doubling a row", each=lists)
def pages_follow(scene: Scene, operation: Operation) -> None:
    """Page after page gives the list."""
    listed = scene.rows.of(operation.id)
    hold(
        len(set(listed.ids)) == len(listed.ids),
        f"{operation.id}: read with the largest pages, the list holds "
        f"{_first_double(listed.ids)} twice",
    )
    seen: list[str] = []
    for number in range(_PAGES):
        page = _ids(scene, listed, number * _SIZE, _SIZE)
        _no_repetition(operation.id, number, seen, page)
        seen += page
        if len(page) < _SIZE:
            break
    wanted = listed.ids[: _SIZE * _PAGES]
    lost = [each for each in wanted if each not in seen]
    hold(
        not lost,
        f"{operation.id}: {len(lost)} of {len(wanted)} rows are on no page of {_SIZE}; the first "
        f"has the id {lost[:1]}",
    )
    hold(seen == wanted, f"{operation.id}: pages of {_SIZE} give the rows in another order")


def _no_repetition(name: str, number: int, seen: Sequence[str], page: Sequence[str]) -> None:
    for place, each in enumerate(page):
        if each in seen:
            before, index = divmod(seen.index(each), _SIZE)
            msg = (
                f"{name}: page {number + 1} of {_SIZE} rows repeats as its item {place + 1} what "
                f"was item {index + 1} of page {before + 1} (id {each})"
            )
            broken(msg)


def _first_double(ids: Sequence[str]) -> str:
    return next((each for place, each in enumerate(ids) if each in ids[:place]), "nothing")


@SCENARIOS.rule("an offset leads to the row of that place, up to the end of the list", each=lists)
def offsets_lead(scene: Scene, operation: Operation) -> None:
    """Pages anywhere, the last one and those behind it included."""
    listed = scene.rows.of(operation.id)
    count = len(listed.ids)
    places = {(1, 3), (count // 2, 2), (count - 1, 5), (count, 5), (count + _FAR, 5)}
    for offset, limit in sorted(place for place in places if place[0] >= 0):
        found = _ids(scene, listed, offset, limit)
        wanted = listed.ids[offset : offset + limit]
        hold(
            found == wanted,
            f"{operation.id}: offset {offset} and limit {limit} of {count} rows give "
            f"{len(found)} rows, {_compared(found, wanted)}",
        )


def _compared(found: Sequence[str], wanted: Sequence[str]) -> str:
    for place, (one, other) in enumerate(itertools.zip_longest(found, wanted)):
        if one != other:
            return f"of which item {place + 1} is {one} and has to be {other}"
    return "as they have to be"


@SCENARIOS.rule("a page has as many rows as its limit says, and says which it is", each=lists)
def limits_are_kept(scene: Scene, operation: Operation) -> None:
    """Limit, default and largest page, with the echo of the window."""
    listed = scene.rows.of(operation.id)
    shape, count = listed.shape, len(listed.ids)
    for offset, limit in ((None, None), (0, 1), (2, 3), (0, shape.maximum)):
        page = _page(scene, listed, offset, limit)
        wanted = min(limit or shape.default, max(count - (offset or 0), 0))
        asked = "no limit" if limit is None else f"limit {limit}"
        found = len(page[shape.items])
        hold(
            found == wanted,
            f"{operation.id}: a page with {asked} at offset {offset or 0} has {found} rows; of "
            f"{count} rows it has to have {wanted}",
        )
        told = page["metadata"]
        if limit is None and told[shape.limit] is None:
            # Facts 0.2, 5: seen on the list of webhooks, where no window was asked for.
            continue
        echo = (told[shape.offset], told[shape.limit])
        hold(
            echo == (offset or 0, limit or shape.default),
            f"{operation.id}: asked for offset {offset or 0} and {asked}, the metadata says "
            f"offset {echo[0]} and limit {echo[1]}",
        )


@SCENARIOS.rule("a page that no list can have is refused", Needs.WRITING, each=lists)
def impossible_pages(scene: Scene, operation: Operation) -> None:
    """Limits and offsets outside of what the document allows."""
    listed = scene.rows.of(operation.id)
    shape = listed.shape
    for key, value in (
        (shape.limit, "0"),
        (shape.limit, str(shape.maximum + 1)),
        (shape.limit, "-1"),
        (shape.limit, "ten"),
        (shape.offset, "-1"),
    ):
        answer = scene.http.get(operation.path, params={**listed.query, key: value})
        hold(
            answer.status_code == 400,  # noqa: PLR2004 - what the document has for it
            f"{operation.id}: {key}={value} is answered with {answer.status_code}, not with 400",
        )


@SCENARIOS.rule("a list is sorted as its description says", each=lists)
def order_is_kept(scene: Scene, operation: Operation) -> None:
    """Newest first, where the document says so."""
    listed = scene.rows.of(operation.id)
    key = listed.shape.order
    if key is None:
        return
    for place, (one, other) in enumerate(itertools.pairwise(listed.rows)):
        hold(
            one[key] >= other[key],
            f"{operation.id}: the newest {key} has to come first, but item {place + 1} has "
            f"{one[key]} and item {place + 2} has {other[key]}",
        )


@SCENARIOS.rule("the same page is the same when asked for again", each=lists)
def pages_are_stable(scene: Scene, operation: Operation) -> None:
    """Nothing changes by being read."""
    listed = scene.rows.of(operation.id)
    hold(
        _page(scene, listed, 0, _SIZE) == _page(scene, listed, 0, _SIZE),
        f"{operation.id}: the first page differs when asked for a second time",
    )


@SCENARIOS.rule("the client's list is the server's list", each=lists)
def client_reads_all(scene: Scene, operation: Operation) -> None:
    """All ways to iterate give the rows of the server, in their order and once."""
    listed = scene.rows.of(operation.id)
    method = getattr(scene.server.client(), operation.resource).list
    arguments, ids = listed.arguments(), listed.ids
    small = method(**arguments, limit=_SIZE)
    halfway = method(**arguments, limit=_SIZE)
    begun = [row.id for row in itertools.islice(halfway, len(ids) // 2 + 1)]
    resumed = [row.id for row in method(**arguments, limit=_SIZE).resume(halfway.state)]
    first = method(**arguments).first()
    ways = {
        "iterating": [row.id for row in method(**arguments)],
        f"iterating with limit={_SIZE}": [row.id for row in small],
        "pages()": [row.id for page in small.pages() for row in page.data],
        "prefetch(2)": _prefetched(scene, operation, arguments),
        "resume() halfway": [*begun, *resumed],
    }
    some = {
        "take(9)": ([row.id for row in method(**arguments).take(9)], ids[:9]),
        "first()": ([] if first is None else [first.id], ids[:1]),
        "offset=2": ([row.id for row in method(**arguments, offset=2)], ids[2:]),
    }
    for way, (found, wanted) in {
        **{way: (found, ids) for way, found in ways.items()},
        **some,
    }.items():
        hold(
            found == wanted,
            f"{operation.id}: {way} gives {len(found)} rows of {len(wanted)}, "
            f"{_compared(found, wanted)}",
        )


def _prefetched(scene: Scene, operation: Operation, arguments: dict[str, Json]) -> list[str]:
    # Past the recording: threads that fetch ahead do so in an order that differs from run to run.
    transport = scene.server.origin.transport()
    with scene.server.client(transport=transport) as client:
        rows = getattr(client, operation.resource).list(**arguments, limit=_SIZE).prefetch(2)
        return [row.id for row in rows]


@SCENARIOS.rule(
    "what comes in while a list is read doubles nothing", Needs.WRITING, about=("users.list",)
)
def growing_list(scene: Scene) -> None:
    """Users are created between two pages; those that were there come once each."""
    before = [user.id for user in scene.iq.users.list()]
    seen: list[str] = []
    for number, user in enumerate(scene.iq.users.list(limit=3)):
        seen.append(user.id)
        if number in {2, 4}:
            name = f"comes in between {number}"
            external_id = scene.own(f"{name} {scene.run.seed}")
            scene.iq.users.create(name=name, external_id=external_id)
    hold(
        len(set(seen)) == len(seen),
        f"users.list: while users were created, iterating gave {_first_double(seen)} twice",
    )
    lost = [each for each in before if each not in seen]
    hold(not lost, f"users.list: while users were created, iterating lost {lost[:3]}")


@SCENARIOS.rule(
    "what goes while a list is read loses nothing else", Needs.WRITING, about=("webhooks.list",)
)
def shrinking_list(scene: Scene) -> None:
    """Webhooks of the first page are deleted before the second; all others come."""
    for number in range(8):
        scene.iq.webhooks.create(
            url=f"https://receiver.invalid/{number}", events=["CONTENTS.ADDED"], name=f"w{number}"
        )
    before = [hook.id for hook in scene.iq.webhooks.list()]
    seen: list[str] = []
    for number, hook in enumerate(scene.iq.webhooks.list(limit=3)):
        seen.append(hook.id)
        if number == 2:  # noqa: PLR2004 - the last of the first page
            for gone in seen[:2]:
                scene.iq.webhooks.delete(gone)
    lost = [each for each in before if each not in seen]
    hold(not lost, f"webhooks.list: while others were deleted, iterating lost {lost[:3]}")
    hold(len(set(seen)) == len(seen), "webhooks.list: iterating gave a webhook twice")

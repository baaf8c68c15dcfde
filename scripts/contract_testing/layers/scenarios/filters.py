"""Filters and windows of days give all rows that fit, and no others."""

from __future__ import annotations

import typing
import urllib.parse

from contract_testing.layers.scenarios.paging import lists
from contract_testing.layers.scenarios.rows import WIDEST, day_of, value_at
from contract_testing.layers.scenarios.scene import Needs, Scenarios, hold

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openapi_document import Operation

    from contract_testing.layers.scenarios.rows import Listed
    from contract_testing.layers.scenarios.scene import Scene
    from contract_testing.run import Run

__all__ = ["SCENARIOS"]

SCENARIOS = Scenarios()

_NOBODY: typing.Final = "00000000-0000-4000-8000-000000000000"
_VALUES: typing.Final = 6
_BAD_REQUEST: typing.Final = 400
_NOT_FOUND: typing.Final = 404


def _filtered(run: Run) -> Iterable[Operation]:
    return (
        each
        for each in lists(run)
        if {"query"} & {entry_in(run, entry) for entry in each.data.get("parameters", [])}
    )


def entry_in(run: Run, entry: object) -> str:
    """Where a parameter stands."""
    from contract_testing.described import resolved  # noqa: PLC0415 - as the module's only use

    return str(resolved(run.document, entry)["in"])


@SCENARIOS.rule("a filter gives all rows that fit and no others", each=_filtered)
def filters_hold(scene: Scene, operation: Operation) -> None:
    """Each value of each filter that the rows show."""
    listed = scene.rows.of(operation.id)
    shape = listed.shape
    for name, path in shape.filters.items():
        for value in _values(scene, listed, name, path):
            found = scene.rows.all(shape, {**listed.query, name: value})
            wrong = [row for row in found if str(value_at(row, path)) != value]
            hold(
                not wrong,
                f"{operation.id}: {name}={value} gives {len(wrong)} of {len(found)} rows whose "
                f"{'.'.join(path)} is another, the first {value_at(wrong[0], path) if wrong else ''}",
            )
            if name in shape.parents:
                continue
            wanted = [row["id"] for row in listed.rows if str(value_at(row, path)) == value]
            ids = [row["id"] for row in found]
            hold(
                ids == wanted,
                f"{operation.id}: {name}={value} gives {len(ids)} rows; the whole list holds "
                f"{len(wanted)} that fit, in their order",
            )


def _values(scene: Scene, listed: Listed, name: str, path: tuple[str, ...]) -> list[str]:
    if name in listed.shape.parents:
        queries = scene.rows.queries(listed.shape)
        return list(dict.fromkeys(query[name] for query in queries))[:_VALUES]
    values = (value_at(row, path) for row in listed.rows)
    return list(dict.fromkeys(str(value) for value in values if value is not None))[:_VALUES]


@SCENARIOS.rule("two filters hold both", each=_filtered)
def filters_combine(scene: Scene, operation: Operation) -> None:
    """Pairs of filters, one value each."""
    listed = scene.rows.of(operation.id)
    optional = [name for name in listed.shape.filters if name not in listed.shape.parents]
    if len(optional) < 2 or len(listed.rows) < 2:  # noqa: PLR2004 - a pair
        return
    first, last = listed.rows[0], listed.rows[-1]
    paths = listed.shape.filters
    for one, other in ((first, first), (first, last)):
        query = {
            optional[0]: str(value_at(one, paths[optional[0]])),
            optional[1]: str(value_at(other, paths[optional[1]])),
        }
        found = [row["id"] for row in scene.rows.all(listed.shape, {**listed.query, **query})]
        wanted = [row["id"] for row in listed.rows if _fits(row, query, paths)]
        hold(
            found == wanted,
            f"{operation.id}: {query} gives {len(found)} rows; {len(wanted)} of the whole list fit",
        )


def _fits(
    row: Mapping[str, object], query: Mapping[str, str], paths: Mapping[str, tuple[str, ...]]
) -> bool:
    return all(str(value_at(row, paths[name])) == value for name, value in query.items())


def _windowed(run: Run) -> Iterable[Operation]:
    return (
        each
        for each in lists(run)
        if "_date" in str(each.data.get("parameters")).lower()
        or "Date" in str(each.data.get("parameters"))
    )


@SCENARIOS.rule("a window of days holds its first and its last day, and no other", each=_windowed)
def windows_are_inclusive(scene: Scene, operation: Operation) -> None:
    """Windows around the oldest, the newest and a day between, open at either end."""
    listed = scene.rows.of(operation.id)
    shape = listed.shape
    if shape.window is None or shape.moment is None or not listed.rows:
        return
    moment = shape.moment
    days = sorted({day_of(row, moment) for row in listed.rows})
    middle = days[len(days) // 2]
    windows: list[tuple[str | None, str | None]] = [
        (middle, middle),
        (days[0], days[0]),
        (days[-1], days[-1]),
        (days[0], middle),
        (middle, None),
        (None, middle),
        (days[-1], None),
        (None, days[0]),
    ]
    for first, last in windows:
        query = _window_query(listed, first, last)
        page = scene.rows.page(shape, query, **{shape.limit: shape.maximum})
        found = [row["id"] for row in scene.rows.all(shape, query)]
        wanted = [
            row["id"]
            for row in listed.rows
            if (first or WIDEST[0]) <= day_of(row, moment) <= (last or WIDEST[1])
        ]
        asked = f"{shape.window[0]}={first or 'open'} and {shape.window[1]}={last or 'open'}"
        lost = [each for each in wanted if each not in found]
        more = [each for each in found if each not in wanted]
        hold(
            found == wanted,
            f"{operation.id}: {asked} gives {len(found)} rows where {len(wanted)} have a {moment} "
            f"in it; missing: {_shown(listed, lost)}, too many: {_shown(listed, more)}",
        )
        told = [page["metadata"].get(key) for key in ("from_date", "to_date")]
        sent = [query.get(shape.window[0]), query.get(shape.window[1])]
        hold(told == sent, f"{operation.id}: asked for {sent}, the metadata says {told}")


def _window_query(listed: Listed, first: str | None, last: str | None) -> dict[str, str]:
    """Return the list's query in another window; a required end that is open lies far away."""
    assert listed.shape.window is not None
    query = dict(listed.query)
    for key, day, far in zip(listed.shape.window, (first, last), WIDEST, strict=True):
        query.pop(key, None)
        if day is not None or listed.shape.window_required:
            query[key] = day or far
    return query


def _shown(listed: Listed, ids: list[str]) -> str:
    moment = listed.shape.moment or ""
    rows = [row for row in listed.rows if row["id"] in ids]
    return ", ".join(f"{row['id']} of {row[moment]}" for row in rows[:2]) or str(len(ids))


@SCENARIOS.rule("a window that ends before it begins holds nothing", each=_windowed)
def empty_windows(scene: Scene, operation: Operation) -> None:
    """The wrong way round: our mock refuses it (evidence.md#open-question-4), another server may say nothing."""
    listed = scene.rows.of(operation.id)
    shape = listed.shape
    if shape.window is None:
        return
    query = {**listed.query, shape.window[0]: WIDEST[1], shape.window[1]: WIDEST[0]}
    answer = scene.server.http().get(operation.path, params=query)
    rows: list[object] = answer.json().get(shape.items, []) if answer.is_success else []
    hold(
        not rows,
        f"{operation.id}: a window from {WIDEST[1]} to {WIDEST[0]} gives {len(rows)} rows",
    )
    hold(
        scene.server.control is None or answer.status_code == _BAD_REQUEST,
        f"{operation.id}: a window from {WIDEST[1]} to {WIDEST[0]} is answered with "
        f"{answer.status_code}, not with 400",
    )


@SCENARIOS.rule("what a list requires cannot be left out", Needs.WRITING, each=_filtered)
def required_parameters(scene: Scene, operation: Operation) -> None:
    """Each required parameter alone is missing: 400."""
    listed = scene.rows.of(operation.id)
    shape = listed.shape
    for name in (*shape.parents, *((shape.window or ()) if shape.window_required else ())):
        query = {key: value for key, value in listed.query.items() if key != name}
        answer = scene.server.http().get(operation.path, params=query)
        hold(
            answer.status_code == _BAD_REQUEST,
            f"{operation.id}: without {name} it is answered with {answer.status_code}, not with 400",
        )


@SCENARIOS.rule(
    "the text of a filter arrives letter by letter", Needs.READING, about=("work_platforms.list",)
)
def awkward_texts(scene: Scene) -> None:
    """What means something else in a query: a plus sign, an ampersand, a percent sign."""
    text = "a+b c&d=e%2F#ü ✨"
    scene.iq.work_platforms.list(name=text).first()
    exchange = scene.server.recording.latest
    assert exchange is not None
    query = urllib.parse.urlsplit(exchange.url).query
    sent = dict(urllib.parse.parse_qsl(query)).get("name")
    hold(sent == text, f"work_platforms.list: name={text!r} arrives as {sent!r}")


@SCENARIOS.rule("the client sends windows and filters as they are", each=_filtered)
def client_filters(scene: Scene, operation: Operation) -> None:
    """Through the client, a filtered list is the one that plain requests give."""
    listed = scene.rows.of(operation.id)
    shape = listed.shape
    changes: dict[str, str] = {}
    if shape.window is not None and shape.moment is not None and listed.rows:
        day = day_of(listed.rows[len(listed.rows) // 2], shape.moment)
        changes = dict.fromkeys(shape.window, day)
    for name, path in shape.filters.items():
        if name not in shape.parents and listed.rows:
            changes[name] = str(value_at(listed.rows[0], path))
    wanted = [row["id"] for row in scene.rows.all(shape, {**listed.query, **changes})]
    method = getattr(scene.iq, operation.resource).list
    found = [row.id for row in method(**listed.arguments(**changes))]
    hold(
        found == wanted,
        f"{operation.id}: with {changes} the client gives {len(found)} rows and plain requests "
        f"{len(wanted)}",
    )


@SCENARIOS.rule("a filter that nothing fits gives no rows", each=_filtered)
def nobody_fits(scene: Scene, operation: Operation) -> None:
    """Ids of nobody; where a list hangs on one, our mock does not find it (evidence.md#open-question-5)."""
    listed = scene.rows.of(operation.id)
    shape = listed.shape
    for name in [each for each in shape.filters if each.endswith("_id")]:
        query = {**listed.query, name: _NOBODY}
        answer = scene.server.http().get(operation.path, params=query)
        rows: list[object] = answer.json().get(shape.items, []) if answer.is_success else []
        hold(not rows, f"{operation.id}: {name}={_NOBODY} of nobody gives {len(rows)} rows")
        hold(
            scene.server.control is None
            or name not in shape.parents
            or answer.status_code == _NOT_FOUND,
            f"{operation.id}: {name}={_NOBODY} of nobody is answered with {answer.status_code}, "
            "not with 404",
        )

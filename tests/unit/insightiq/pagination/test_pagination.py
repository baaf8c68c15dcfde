"""Methods of lists: pages, take, prefetch, resume, progress."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import subprocess
import sys
import threading
import types
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import insightiq
import insightiq.quota
import insightiq.testing
from insightiq import errors, progress

HUGE = 10**5000  # more digits than Python writes


@pytest.mark.parametrize(
    ("count", "asked"),
    [
        (0, []),
        (3, [(0, 3)]),
        (100, [(0, 100)]),
        (120, [(0, 100), (99, 100)]),
        (999, [(0, 100), (99, 100), (198, 100)]),
    ],
)
def test_take_fetches_what_it_needs(reader: Any, rows: Any, count: int, asked: Any) -> None:
    server = rows(230)
    found = reader.do(lambda pager: pager.take(count), server) if count else []
    assert [each.id for each in found] == server.rows[:count]
    assert server.asked == asked


def test_take_rejects_nonsense(reader: Any, rows: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match="take: -1"):
        reader.do(lambda pager: pager.take(-1), rows(1))


def test_to_list_gives_everything(reader: Any, rows: Any) -> None:
    server = rows(230)
    assert [each.id for each in reader.do(lambda pager: pager.to_list(), server)] == server.rows


def test_progress_is_reported_after_page(reader: Any, rows: Any) -> None:
    reported: list[tuple[int, int]] = []
    callback = lambda items, pages: reported.append((items, pages))
    reader.ids(rows(250), lambda pager: pager.on_progress(callback))
    assert reported == [(100, 1), (199, 2), (250, 3)]


async def _never(items: int, pages: int) -> None:
    """A coroutine function."""


@pytest.mark.parametrize(("callback", "kind"), [(5, "int"), (_never, "a coroutine function")])
def test_wrong_progress_callback_is_rejected(
    reader: Any, rows: Any, callback: Any, kind: str
) -> None:
    pager = reader.make(rows(1))
    with pytest.raises(errors.ConfigurationError, match=f"^on_progress must be .*, not {kind}"):
        pager.on_progress(callback)


def test_page_is_event(reader: Any, rows: Any) -> None:
    reader.ids(rows(120))
    found = [each for each in reader.events if isinstance(each, insightiq.PageReceived)]
    assert [(each.operation, each.offset, each.items) for each in found] == [
        ("things.list", 0, 100),
        ("things.list", 99, 21),
    ]


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    count=st.integers(0, 40),
    limit=st.integers(1, 8),
    read=st.integers(1, 45),
    come=st.integers(0, 12),
    gone=st.integers(0, 4),
)
def test_resume_neither_loses_nor_repeats_rows(
    new_reader: Any, rows: Any, count: int, limit: int, read: int, come: int, gone: int
) -> None:
    server = rows(count)
    query = {"limit": str(limit)}
    first = new_reader()
    found = first.ids(server, query=query, most=read)
    state = json.loads(json.dumps(first.pager.state))
    assert state["items"] == len(found)
    throughout = server.rows[gone:] if gone else list(server.rows)
    del server.rows[:gone]
    server.insert(come)
    found += new_reader().ids(server, lambda pager: pager.resume(state), query)
    assert len(found) == len(set(found))
    assert set(throughout) <= set(found)


def test_resuming_after_pages_does_not_fetch_them_again(reader: Any, rows: Any) -> None:
    server = rows(250)
    reader.ids(server, most=100)
    state = reader.pager.state
    server.asked.clear()
    assert reader.ids(server, lambda pager: pager.resume(state)) == server.rows[100:]
    assert server.asked == [(99, 100), (198, 100)]
    assert reader.pager.state["items"] == 250


def test_resuming_ended_list_gives_nothing(reader: Any, rows: Any) -> None:
    server = rows(150)
    reader.ids(server)
    state = reader.pager.state
    assert reader.ids(server, lambda pager: pager.resume(state)) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"query": {"account_id": "other"}}, "another list"),
        ({"operation": "other.list"}, "another list"),
        ({"offset": "7"}, "not a state"),
        ({"offset": -1}, "not a state"),
        ({"offset": True}, "not a state"),
        ({"offset": HUGE}, "not a state"),
        ({"ids": None}, "not a state"),
        ({"ids": [7]}, "not a state"),
    ],
)
def test_state_of_other_list_is_rejected(reader: Any, rows: Any, change: Any, words: str) -> None:
    pager = reader.make(rows(1))
    with pytest.raises(errors.ConfigurationError, match=words):
        pager.resume({**pager.state, **change})


@pytest.mark.parametrize("state", [None, [], "{}", 7])
def test_invalid_state_is_rejected(reader: Any, rows: Any, state: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match="this is not a state of a list"):
        reader.make(rows(1)).resume(state)


@pytest.mark.parametrize("key", ["offset", "items", "pages"])
def test_truth_value_in_state_is_rejected(reader: Any, rows: Any, key: str) -> None:
    pager = reader.make(rows(1))
    with pytest.raises(errors.ConfigurationError, match="this is not a state of a list"):
        pager.resume({**pager.state, key: True})


@pytest.mark.parametrize("count", [2.5, "3", None, True, pytest.param(-HUGE, id="huge")])
def test_number_of_another_kind_is_rejected(reader: Any, rows: Any, count: Any) -> None:
    server = rows(5)
    with pytest.raises(errors.ConfigurationError, match=r"take: .* is not a number of items"):
        reader.do(lambda pager: pager.take(count), server)
    with pytest.raises(errors.ConfigurationError, match=r"prefetch: .* is not a number of pages"):
        reader.make(server).prefetch(count)
    assert server.asked == []


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize(
    ("value", "shown"), [(2.5, "float"), (True, "bool"), ("7x", "str"), (1e9, "float")]
)
def test_page_number_of_wrong_type_is_rejected(
    reader: Any, name: str, value: Any, shown: str
) -> None:
    client = reader.client([])
    with pytest.raises(errors.ConfigurationError) as caught:
        client.users.list(**{name: value})
    assert str(caught.value) == f"users.list: {name} must be int, not {shown}."
    assert caught.value.operation == "users.list"


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (lambda pager: pager[0], r"no index; use `first\(\)`, `take\(n\)` or `to_list\(\)`"),
        (lambda pager: pager[:3], r"no index; use `first\(\)`"),
        (len, r"no length; count the rows of `to_list\(\)`, which fetches all pages"),
        (bool, r"no truth value; compare `first\(\)` with None"),
    ],
)
def test_list_is_not_sequence(reader: Any, rows: Any, use: Any, words: str) -> None:
    server = rows(3)
    with pytest.raises(TypeError, match=rf"The list of things\.list .* has {words}"):
        use(reader.make(server))
    assert server.asked == []


def test_list_of_pager_is_items(rows: Any, thread_reader: Any) -> None:
    server = rows(150)
    assert [each.id for each in list(thread_reader.make(server))] == server.rows
    assert len(server.asked) == 2


def test_async_list_is_not_iterated_without_async(rows: Any, task_reader: Any) -> None:
    with pytest.raises(TypeError, match="use `async for`"):
        list(task_reader.make(rows(3)))


@pytest.mark.parametrize("ahead", [1, 3, 10])
def test_prefetching_changes_nothing_but_time(reader: Any, rows: Any, ahead: int) -> None:
    server = rows(1050)
    assert reader.ids(server, lambda pager: pager.prefetch(ahead)) == server.rows
    assert server.asked[0] == (0, 100)
    assert len(server.asked) <= 11 + ahead


def test_prefetching_short_list_costs_nothing(reader: Any, rows: Any) -> None:
    server = rows(20)
    reader.ids(server, lambda pager: pager.prefetch(5))
    assert server.asked == [(0, 100)]


@pytest.mark.parametrize("pages", [-1, 51, True])
def test_prefetch_rejects_nonsense(reader: Any, rows: Any, pages: int) -> None:
    with pytest.raises(errors.ConfigurationError, match="prefetch"):
        reader.make(rows(1)).prefetch(pages)


class _Priorities:
    """A quota that records its callers."""

    def __init__(self) -> None:
        self.asked: list[insightiq.quota.Priority] = []
        self.held = 0

    def acquire(self, priority: Any, *, timeout: float | None) -> object:
        """Give a slot."""
        del timeout
        self.asked.append(priority)
        self.held += 1
        return object()

    async def acquire_async(self, priority: Any, *, timeout: float | None) -> object:
        """Give a slot."""
        return self.acquire(priority, timeout=timeout)

    def release(self, slot: object, *, server_date: float | None, status: int | None) -> None:
        """Take a slot back."""
        del slot, server_date, status
        self.held -= 1


def test_prefetch_waits_behind_other_calls(reader: Any, rows: Any) -> None:
    quota = _Priorities()
    reader.ids(rows(500), lambda pager: pager.prefetch(2), quota=quota)
    own = [each for each in quota.asked if each.name == "INTERACTIVE"]
    assert 1 <= len(own) <= 2
    assert {each.name for each in quota.asked} == {"INTERACTIVE", "PREFETCH"}


@pytest.mark.parametrize("most", [1, 150])
def test_break_leaves_no_thread_nor_slot(reader: Any, rows: Any, most: int) -> None:
    quota = _Priorities()
    before = set(threading.enumerate())
    server = rows(1000)
    reader.ids(server, lambda pager: pager.prefetch(4), most=most, quota=quota)
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
        assert not thread.is_alive()
    assert quota.held == 0
    assert len(server.asked) <= 7


def test_error_ahead_is_raised_where_it_belongs(reader: Any, rows: Any) -> None:
    server = rows(500)

    def script(request: Any) -> Any:
        page = server(request)
        return insightiq.testing.response(404) if request.query["offset"] == "297" else page

    found: list[int] = []
    reported = lambda items, _: found.append(items)
    with pytest.raises(errors.NotFoundError):
        reader.ids(script, lambda pager: pager.prefetch(4).on_progress(reported))
    assert found == [100, 199, 298]


def test_unneeded_prefetch_thread_does_not_retry(rows: Any, thread_reader: Any) -> None:
    server = rows(1000)
    broken_off, before = threading.Event(), set(threading.enumerate())

    def script(request: Any) -> Any:
        page = server(request)
        if request.query["offset"] in {"0", "99"}:
            return page
        assert broken_off.wait(10)
        return insightiq.testing.response(503)

    thread_reader.ids(script, lambda pager: pager.prefetch(3), most=101)
    fetchers = set(threading.enumerate()) - before
    broken_off.set()
    for thread in fetchers:
        thread.join(10)
    offsets = [offset for offset, _ in server.asked]
    assert len(offsets) == len(set(offsets))


_PROGRAM = """
import threading
import insightiq
from insightiq.quota import Priority
from insightiq.testing import ScriptedTransport, response

def page(request):
    first = int(request.query["offset"])
    return response(json={"data": [{"id": f"u-{first + number}"} for number in range(100)]})

class NoneAhead:
    waits = threading.Event()

    def acquire(self, priority, *, timeout):
        if priority is Priority.PREFETCH:
            self.waits.set()
            threading.Event().wait()

    def release(self, slot, *, server_date, status):
        pass

iq = insightiq.InsightIQ(
    client_id="id", client_secret="s3", quota=NoneAhead(), transport=ScriptedTransport(page)
)
items = iter(iq.users.list().prefetch(2))
for _ in range(150):
    next(items)
assert NoneAhead.waits.wait(10)
"""


@pytest.mark.parametrize("end", ["", "items.close()", "iq.close()", "raise SystemExit"])
def test_program_ends_without_waiting_for_prefetch(end: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _PROGRAM + end],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_unneeded_prefetch_tasks_are_cancelled(rows: Any, task_reader: Any) -> None:
    server, stuck = rows(1000), insightiq.testing.delayed(20, insightiq.testing.response(404))

    def script(request: Any) -> Any:
        page = server(request)
        return page if request.query["offset"] in {"0", "99"} else stuck

    async def read() -> list[str]:
        items = aiter(task_reader.make(script, lambda pager: pager.prefetch(3)))
        for _ in range(101):
            await anext(items)
        assert "_fetch" in _running()
        await items.aclose()
        return _running()

    assert "_fetch" not in asyncio.run(read())


def _running() -> list[str]:
    return [getattr(task.get_coro(), "__name__", "") for task in asyncio.all_tasks()]


class _Drawn:
    """Fake of tqdm's bar."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.n = 0
        self.closed = False

    def update(self, count: int) -> None:
        """Count."""
        self.n += count

    def set_postfix(self, **shown: object) -> None:
        """Show beside the bar."""
        self.options.update(shown)

    def close(self) -> None:
        """End the bar."""
        self.closed = True


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[_Drawn]:
    """Install a tqdm of our own."""
    made: list[_Drawn] = []

    def tqdm(**options: Any) -> _Drawn:
        made.append(_Drawn(**options))
        return made[-1]

    package, module = types.ModuleType("tqdm"), types.ModuleType("tqdm.auto")
    package.__spec__ = importlib.util.spec_from_loader("tqdm", None)
    vars(module)["tqdm"] = tqdm
    monkeypatch.setitem(sys.modules, "tqdm", package)
    monkeypatch.setitem(sys.modules, "tqdm.auto", module)
    return made


def test_tqdm_receives_increments(drawn: list[_Drawn]) -> None:
    with progress.bar("contents", total=250) as shown:
        shown(100, 1)
        shown(250, 3)
    (only,) = drawn
    assert (only.n, only.closed) == (250, True)
    assert only.options["desc"] == "contents"
    assert (only.options["total"], only.options["pages"]) == (250, 3)


def test_rich_draws_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("rich.progress")
    with progress.rich_bar("contents", total=250) as shown:
        shown(250, 3)
    output, beside = capsys.readouterr()
    assert output == ""
    assert "contents" in beside
    assert "250/250" in beside


def test_without_libraries_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with progress.bar("contents") as shown:
        shown(1, 1)


@pytest.mark.parametrize("name", ["tqdm", "rich"])
def test_absent_library_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for module in ("tqdm.auto", "rich.progress"):
        monkeypatch.setitem(sys.modules, module, None)
    make = {"tqdm": progress.tqdm_bar, "rich": progress.rich_bar}[name]
    with pytest.raises(errors.ConfigurationError, match=f"pip install {name}"):
        make("contents")

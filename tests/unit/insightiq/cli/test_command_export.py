"""Exports that end at any moment, and go on without a row lost or doubled."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pathlib
import re
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insightiq.cli import _export
from insightiq.cli._export import state_path
from insightiq.cli._output import Ndjson
from insightiq.testing import response

if TYPE_CHECKING:
    from conftest import Shell

EXPORT = ["export", "contents", "--account-id", "a-1", "--to"]
ERROR = {"error": {"type": "X", "code": "x", "message": "No."}}


def ids_in(path: pathlib.Path) -> list[str]:
    """Return the ids of the rows in a file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        return [row["id"] for row in csv.DictReader(io.StringIO(text))]
    return [json.loads(line)["id"] for line in text.splitlines()]


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a checkpoint after each page, not once a second."""
    monkeypatch.setattr(_export, "_SECONDS_BETWEEN_CHECKPOINTS", 0.0)


@pytest.mark.parametrize("suffix", [".ndjson", ".jsonl", ".csv"])
def test_export_has_all_rows_and_leaves_nothing_else(
    shell: Shell, contents: Any, tmp_path: pathlib.Path, suffix: str
) -> None:
    """Results go into the file, a word about them to standard error."""
    shell.script = contents(320)
    file = tmp_path / f"all{suffix}"
    ended = shell(*EXPORT, str(file))
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.startswith(f"insightiq: 320 contents in {file}, in ")
    assert ids_in(file) == shell.script.ids
    assert list(tmp_path.iterdir()) == [file]
    if suffix != ".csv":
        lines = file.read_text(encoding="utf-8").splitlines()
        assert [json.loads(line) for line in lines] == shell.script.rows


def test_empty_list_makes_file_with_its_head(
    shell: Shell, contents: Any, tmp_path: pathlib.Path
) -> None:
    shell.script = contents(0)
    assert shell(*EXPORT, str(tmp_path / "none.csv"), "--columns", "id,user").code == 0
    assert (tmp_path / "none.csv").read_text(encoding="utf-8") == "id,user.id,user.name\n"


class Recorder:
    """Keeps what a kill would leave behind, after each step that touches the disk."""

    def __init__(self, folder: pathlib.Path, kept: pathlib.Path) -> None:
        self._folder = folder
        self._kept = kept
        self.steps: list[str] = []

    def after(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``function``, which is recorded as ``step``."""

        def recorded(*args: Any, **kwargs: Any) -> Any:
            result = function(*args, **kwargs)
            shutil.copytree(self._folder, self._kept / f"{len(self.steps):03}")
            self.steps.append(step)
            return result

        return recorded


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("suffix", [".ndjson", ".csv"])
def test_after_kill_at_any_step_next_run_completes_file(
    shell: Shell,
    contents: Any,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    suffix: str,
) -> None:
    """No step leaves files from which a row would be lost, doubled or cut."""
    shell.script = contents(220)
    folder, kept = tmp_path / "now", tmp_path / "kept"
    folder.mkdir()
    recorder = Recorder(folder, kept)
    with monkeypatch.context() as patch:
        for name in ("write", "fsync", "ftruncate", "open", "close"):
            patch.setattr(_export.os, name, recorder.after(name, getattr(os, name)))
        replace = recorder.after("replace", pathlib.Path.replace)
        patch.setattr(pathlib.Path, "replace", replace)
        shell(*EXPORT, str(folder / f"c{suffix}"))
    assert recorder.steps.count("write") >= 3
    assert recorder.steps.count("replace") >= 3
    for number, left in enumerate(sorted(kept.iterdir())):
        file = left / f"c{suffix}"
        if not state_path(file).exists():
            assert number == 0 or ids_in(file) == shell.script.ids
            continue
        # A write that was cut off leaves any part of a row.
        if file.exists() and recorder.steps[number] == "write":
            os.truncate(file, file.stat().st_size - 17)
            state = json.loads(state_path(file).read_text(encoding="utf-8"))
            assert file.stat().st_size > state["size"]
        ended = shell(*EXPORT, str(file))
        assert ended.code == 0, (number, recorder.steps[number], ended.err)
        assert ids_in(file) == shell.script.ids
        assert list(left.iterdir()) == [file]


@pytest.mark.usefixtures("always")
def test_rows_are_on_disk_before_state_speaks_of_them(
    shell: Shell, contents: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut takes what was not synced; the state must not outlive its rows."""
    shell.script = contents(320)
    file = tmp_path / "c.ndjson"
    synced: dict[int, int] = {}
    sizes: list[tuple[int, int]] = []
    fsync, replace = os.fsync, pathlib.Path.replace

    def noting_fsync(descriptor: int) -> None:
        fsync(descriptor)
        synced[os.fstat(descriptor).st_ino] = os.fstat(descriptor).st_size

    def noting_replace(path: pathlib.Path, target: pathlib.Path) -> pathlib.Path:
        state = json.loads(path.read_text(encoding="utf-8"))
        assert synced[path.stat().st_ino] == path.stat().st_size
        if file.exists():
            sizes.append((state["size"], synced.get(file.stat().st_ino, 0)))
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", noting_fsync)
    monkeypatch.setattr(pathlib.Path, "replace", noting_replace)
    shell(*EXPORT, str(file))
    assert len(sizes) >= 4
    assert all(claimed <= on_disk for claimed, on_disk in sizes)


@pytest.mark.parametrize("row", [0, 1, 150, 319])
def test_ctrl_c_keeps_what_there_is_and_same_command_goes_on(
    shell: Shell,
    contents: Any,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    row: int,
) -> None:
    """Exit code 130, whole rows only, and a sentence that says what to do."""
    shell.script = contents(320)
    file = tmp_path / "c.ndjson"
    left = iter(range(row))
    write = Ndjson.row

    def interrupted(form: Ndjson, each: Any) -> str:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return write(form, each)

    with monkeypatch.context() as patch:
        patch.setattr(Ndjson, "row", interrupted)
        ended = shell(*EXPORT, str(file))
    assert ended.code == 130
    there = ids_in(file)
    assert there == shell.script.ids[: len(there)]
    assert f"stopped after {len(there)} contents in {file}; the same command goes on" in ended.err
    ended = shell(*EXPORT, str(file))
    assert ended.code == 0
    assert ids_in(file) == shell.script.ids
    if there:
        assert f"{len(there)} contents are in {file} already; going on" in ended.err
        assert f"320 contents in {file}, {320 - len(there)} of them now" in ended.err


def test_failed_call_keeps_what_there_is(
    shell: Shell, contents: Any, tmp_path: pathlib.Path
) -> None:
    """Exit code 1; rows that came in meanwhile do not come twice, nor push others out."""
    server = contents(320)
    shell.script = lambda request: (
        server(request) if int(request.query["offset"]) < 190 else response(404, json=ERROR)
    )
    file = tmp_path / "c.csv"
    ended = shell(*EXPORT, str(file))
    assert ended.code == 1
    assert 100 <= len(ids_in(file)) < 320
    before = server.ids
    server.rows[:0] = contents(400).rows[380:]
    shell.script = server
    assert shell(*EXPORT, str(file)).code == 0
    assert ids_in(file) == before


@pytest.mark.parametrize("says_limit", [True, False])
@pytest.mark.parametrize("capped", ["throughout", "after the crash", "before the crash"])
def test_capped_export_is_whole(
    shell: Shell, contents: Any, tmp_path: pathlib.Path, capped: str, *, says_limit: bool
) -> None:
    """A server with smaller pages than its document says gives all rows, also over a crash."""
    server = contents(320)
    server.says_limit = says_limit
    server.most = 100 if capped == "after the crash" else 50
    shell.script = lambda request: (
        server(request) if int(request.query["offset"]) < 120 else response(404, json=ERROR)
    )
    file = tmp_path / "c.ndjson"
    assert shell(*EXPORT, str(file)).code == 1
    assert 50 <= len(ids_in(file)) < 320
    server.most = 100 if capped == "before the crash" else 50
    shell.script = server
    assert shell(*EXPORT, str(file)).code == 0
    assert ids_in(file) == server.ids
    assert list(tmp_path.iterdir()) == [file]


def test_export_without_end_fails(shell: Shell, contents: Any, tmp_path: pathlib.Path) -> None:
    """A server that rounds offsets to whole pages: exit code 1, and no file that looks complete."""
    server = contents(320)

    def rounding(request: Any) -> Any:
        offset = int(request.query["offset"])
        request.query["offset"] = str(offset - offset % 100)
        return server(request)

    shell.script = rounding
    file = tmp_path / "c.ndjson"
    ended = shell(*EXPORT, str(file))
    assert ended.code == 1
    assert "brought no row that is new" in ended.err
    assert state_path(file).exists()
    assert len(shell.requests) < 22 * 21


def test_full_disk_is_reported_and_survived(
    shell: Shell, contents: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a page is cut off again; the next run completes the file."""
    shell.script = contents(320)
    file = tmp_path / "c.ndjson"
    write = os.write
    pages: list[int] = []

    def filling(descriptor: int, data: Any) -> int:
        if pages:
            raise OSError(28, "No space left on device")
        pages.append(write(descriptor, data[: len(data) // 2]))
        return pages[0]

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", filling)
        ended = shell(*EXPORT, str(file))
    assert ended.code == 1
    assert f"insightiq: {file}: No space left on device.\n" in ended.err
    assert ids_in(file) == []
    assert shell(*EXPORT, str(file)).code == 0
    assert ids_in(file) == shell.script.ids


@pytest.fixture
def interrupted(
    shell: Shell, contents: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> pathlib.Path:
    """An export that has one page."""
    shell.script = contents(320)
    file = tmp_path / "c.csv"
    append = _export.ExportFile.append

    def stopping(export: Any, text: str, rows: int = 0, pager: Any = None) -> None:
        if export.rows:
            raise KeyboardInterrupt
        append(export, text, rows, pager)

    with monkeypatch.context() as patch:
        patch.setattr(_export.ExportFile, "append", stopping)
        assert shell(*EXPORT, str(file)).code == 130
    assert len(ids_in(file)) == 100
    return file


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--from-date", "2026-01-01"], "another --from-date (none)"),
        (["--columns", "id"], "another --columns (id,created_at,"),
        (["--base-url", "http://127.0.0.1:9"], "another --base-url (https://api.sandbox"),
        (["--account-id", "a-2"], "another --account-id (a-1)"),
    ],
)
def test_another_export_is_not_mixed_in(
    shell: Shell, interrupted: pathlib.Path, words: list[str], complaint: str
) -> None:
    """The refusal names what is different, and touches nothing."""
    before = interrupted.read_bytes()
    ended = shell(*EXPORT, str(interrupted), *words)
    assert ended.code == 2
    assert complaint in ended.err
    assert interrupted.read_bytes() == before
    assert shell.requests == []


def test_other_credentials_are_another_export(
    shell: Shell, interrupted: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another developer's rows are others; the id itself is not written down."""
    state = state_path(interrupted)
    assert os.environ["INSIGHTIQ_CLIENT_ID"] not in state.read_text(encoding="utf-8")
    monkeypatch.setenv("INSIGHTIQ_CLIENT_ID", "another-client-id")
    ended = shell(*EXPORT, str(interrupted))
    assert ended.code == 2
    assert "another client id" in ended.err


def test_file_of_somebody_else_is_left_alone(
    shell: Shell, contents: Any, tmp_path: pathlib.Path
) -> None:
    """Without a state beside it, it is not ours; nor is a finished export."""
    shell.script = contents(3)
    file = tmp_path / "c.ndjson"
    shell(*EXPORT, str(file))
    ended = shell(*EXPORT, str(file))
    assert ended.code == 2
    assert "exists and is no export that was interrupted" in ended.err
    assert ids_in(file) == shell.script.ids


def test_file_that_lost_rows_is_not_gone_on_with(shell: Shell, interrupted: pathlib.Path) -> None:
    """Nobody would notice the gap."""
    size = interrupted.stat().st_size
    os.truncate(interrupted, size - 1)
    ended = shell(*EXPORT, str(interrupted))
    assert ended.code == 2
    assert f"has {size - 1} bytes where its state says {size}" in ended.err
    interrupted.unlink()
    ended = shell(*EXPORT, str(interrupted))
    assert "the file has gone; delete c.csv.state to begin anew" in ended.err
    assert not interrupted.exists()


def test_what_lies_behind_state_is_cut_off(shell: Shell, interrupted: pathlib.Path) -> None:
    """However much it is: rows may have gone from the list since."""
    with interrupted.open("ab") as file:
        file.write(b"half a row " * 100_000)
    assert shell(*EXPORT, str(interrupted)).code == 0
    assert ids_in(interrupted) == shell.script.ids


def test_max_items_ends_export(shell: Shell, contents: Any, tmp_path: pathlib.Path) -> None:
    """The file is complete with so many rows, and no page beyond them is asked for."""
    shell.script = contents(500)
    file = tmp_path / "c.csv"
    assert shell(*EXPORT, str(file), "--max-items", "230").code == 0
    assert ids_in(file) == shell.script.ids[:230]
    assert list(tmp_path.iterdir()) == [file]
    assert len(shell.requests) == 3


@pytest.mark.parametrize("most", ["100", "150"])
def test_max_items_holds_for_all_runs_together(
    shell: Shell, contents: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, most: str
) -> None:
    """A run that goes on counts the rows of those before, also where nothing is left to do."""
    shell.script = contents(500)
    file = tmp_path / "c.ndjson"

    def killed(_self: Any) -> None:
        raise KeyboardInterrupt

    words = [*EXPORT, str(file), "--max-items", most]
    with monkeypatch.context() as patch:
        patch.setattr(_export.ExportFile, "finish", killed)
        assert shell(*words).code == 130
    assert shell(*words[:-1], "200").code == 2
    assert shell(*words).code == 0
    assert shell.requests == []
    assert ids_in(file) == shell.script.ids[: int(most)]


def test_raw_cells_are_another_export(shell: Shell, interrupted: pathlib.Path) -> None:
    """Half a file with escaped cells must not go on with raw ones."""
    ended = shell(*EXPORT, str(interrupted), "--raw-cells")
    assert ended.code == 2
    assert "another --raw-cells (no)" in ended.err


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def test_damaged_state_is_one_sentence(shell: Shell, interrupted: pathlib.Path) -> None:
    """Whatever befalls the state, a run goes on or says what is wrong; it never breaks down."""
    state = state_path(interrupted)
    good, rows = state.read_bytes(), interrupted.read_bytes()

    @settings(max_examples=60, deadline=None)
    @given(data=st.data())
    def damage(data: st.DataObject) -> None:
        interrupted.write_bytes(rows)
        kind = data.draw(st.sampled_from(["bytes", "cut", "value", "subject", "pager"]))
        if kind == "bytes":
            state.write_bytes(data.draw(st.binary(max_size=40)))
        elif kind == "cut":
            state.write_bytes(good[: data.draw(st.integers(0, len(good) - 1))])
        else:
            content = json.loads(good)
            place = content if kind == "value" else content[kind]
            place[data.draw(st.sampled_from(sorted(place)))] = data.draw(json_values)
            state.write_text(json.dumps(content), encoding="utf-8")
        ended = shell(*EXPORT, str(interrupted))
        said = r"is not the state of an export|begun with another|state says"
        # Ids that no row has look like a list that changed beyond recognition.
        changed = ended.code == 1 and "list again from the beginning" in ended.err
        is_reported = ended.code == 2 and re.search(said, ended.err)
        assert ended.code == 0 or changed or is_reported, ended.err

    damage()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2}', '{"version": 1, "size": 3}'])
def test_state_that_is_none_is_reported(shell: Shell, interrupted: pathlib.Path, text: str) -> None:
    """Whatever somebody wrote into it."""
    state_path(interrupted).write_text(text, encoding="utf-8")
    ended = shell(*EXPORT, str(interrupted))
    assert ended.code == 2
    assert "is not the state of an export" in ended.err


def test_state_of_rows_without_place_is_rejected(shell: Shell, interrupted: pathlib.Path) -> None:
    """Beginning anew behind rows that are there would write them twice."""
    state = state_path(interrupted)
    before = interrupted.read_bytes()
    state.write_text(json.dumps({**json.loads(state.read_bytes()), "pager": None}))
    ended = shell(*EXPORT, str(interrupted))
    assert ended.code == 2
    assert "is not the state of an export" in ended.err
    assert interrupted.read_bytes() == before


def test_two_exports_do_not_write_one_file(shell: Shell, interrupted: pathlib.Path) -> None:
    """A cron job that overtakes itself is told to wait."""
    before = interrupted.read_bytes()
    with interrupted.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        ended = shell(*EXPORT, str(interrupted))
    assert ended.code == 2
    assert "another export is writing this file" in ended.err
    assert interrupted.read_bytes() == before
    assert shell(*EXPORT, str(interrupted)).code == 0


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["c.txt"], "the name ends neither with .ndjson nor with .csv"),
        (["c.ndjson", "--columns", "id"], "--columns belongs to CSV"),
        (["c.csv", "--columns", "titel"], "Did you mean title?"),
        (["c.csv", "--output", "csv"], "--output is not understood"),
        (["c.csv", "--limit", "3"], "--limit is not understood"),
    ],
)
def test_what_export_does_not_take_is_reported(
    shell: Shell,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    complaint: str,
) -> None:
    """Before anything is called or written."""
    monkeypatch.chdir(tmp_path)
    ended = shell(*EXPORT, *words)
    assert ended.code == 2
    assert complaint in ended.err
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_not_there_is_reported(
    shell: Shell, contents: Any, tmp_path: pathlib.Path
) -> None:
    """One sentence with the name that was given, not with that of a file nobody asked for."""
    shell.script = contents(3)
    folder = tmp_path / "nowhere"
    ended = shell(*EXPORT, str(folder / "c.csv"))
    assert ended.code == 2
    assert ended.err == (
        f"insightiq: --to {folder / 'c.csv'}: there is no folder {folder}; make it first.\n"
    )

"""Exports that end at any moment, and continue without a row lost or doubled."""

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
from insightiq.cli._export import ExportFile, state_path
from insightiq.cli._output import Ndjson
from insightiq.testing import response

if TYPE_CHECKING:
    from conftest import Shell

EXPORT = ["export", "contents", "--account-id", "a-1", "--to"]
ERROR = {"error": {"type": "X", "code": "x", "message": "No."}}


def ids_in(path: pathlib.Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        return [row["id"] for row in csv.DictReader(io.StringIO(text))]
    return [json.loads(line)["id"] for line in text.splitlines()]


def failing_from(offset: int, server: Any) -> Callable[[Any], Any]:
    """Return the server with 404 for all pages from ``offset``."""
    return lambda request: (
        server(request) if int(request.query["offset"]) < offset else response(404, json=ERROR)
    )


@pytest.fixture
def frequent_checkpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a checkpoint after each page, not once a second."""
    monkeypatch.setattr(_export, "_SECONDS_BETWEEN_CHECKPOINTS", 0.0)


@pytest.fixture
def interrupted(
    shell: Shell, contents: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> pathlib.Path:
    """An export that has one page of 320 rows."""
    shell.script = contents(320)
    file = tmp_path / "c.csv"
    append = ExportFile.append

    def stopping(export: Any, text: str, rows: int = 0, pager: Any = None) -> None:
        if export.rows:
            raise KeyboardInterrupt
        append(export, text, rows, pager)

    with monkeypatch.context() as patch:
        patch.setattr(ExportFile, "append", stopping)
        assert shell(*EXPORT, str(file)).code == 130
    assert len(ids_in(file)) == 100
    return file


@pytest.mark.parametrize("suffix", [".ndjson", ".jsonl", ".csv"])
def test_export_has_all_rows(
    shell: Shell, contents: Any, tmp_path: pathlib.Path, suffix: str
) -> None:
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


def test_export_of_empty_list_has_head(shell: Shell, contents: Any, tmp_path: pathlib.Path) -> None:
    shell.script = contents(0)
    assert shell(*EXPORT, str(tmp_path / "none.csv"), "--columns", "id,user").code == 0
    assert (tmp_path / "none.csv").read_text(encoding="utf-8") == "id,user.id,user.name\n"


@pytest.mark.usefixtures("frequent_checkpoints")
@pytest.mark.parametrize("suffix", [".ndjson", ".csv"])
def test_run_after_kill_at_any_step_completes_file(
    shell: Shell,
    contents: Any,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    suffix: str,
) -> None:
    """The folder is copied after each call that touches the disk, and each copy is completed."""
    shell.script = contents(220)
    folder, kept = tmp_path / "now", tmp_path / "kept"
    folder.mkdir()
    steps: list[str] = []

    def recorded(step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def record(*args: Any, **kwargs: Any) -> Any:
            result = function(*args, **kwargs)
            shutil.copytree(folder, kept / f"{len(steps):03}")
            steps.append(step)
            return result

        return record

    with monkeypatch.context() as patch:
        for name in ("write", "fsync", "ftruncate", "open", "close"):
            patch.setattr(_export.os, name, recorded(name, getattr(os, name)))
        patch.setattr(pathlib.Path, "replace", recorded("replace", pathlib.Path.replace))
        shell(*EXPORT, str(folder / f"c{suffix}"))
    assert steps.count("write") >= 3
    assert steps.count("replace") >= 3
    for number, left in enumerate(sorted(kept.iterdir())):
        file = left / f"c{suffix}"
        if not state_path(file).exists():
            assert number == 0 or ids_in(file) == shell.script.ids
            continue
        # A write that was cut off leaves any part of a row.
        if file.exists() and steps[number] == "write":
            os.truncate(file, file.stat().st_size - 17)
            state = json.loads(state_path(file).read_text(encoding="utf-8"))
            assert file.stat().st_size > state["size"]
        ended = shell(*EXPORT, str(file))
        assert ended.code == 0, (number, steps[number], ended.err)
        assert ids_in(file) == shell.script.ids
        assert list(left.iterdir()) == [file]


@pytest.mark.usefixtures("frequent_checkpoints")
def test_rows_are_synced_before_checkpoint(
    shell: Shell, contents: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut takes what was not synced; the checkpoint must not outlive its rows."""
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
def test_export_continues_after_ctrl_c(
    shell: Shell, contents: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, row: int
) -> None:
    shell.script = contents(320)
    file = tmp_path / "c.ndjson"
    left = iter(range(row))
    write = Ndjson.row

    def interrupting(form: Ndjson, each: Any) -> str:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return write(form, each)

    with monkeypatch.context() as patch:
        patch.setattr(Ndjson, "row", interrupting)
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


def test_export_continues_after_failed_call(
    shell: Shell, contents: Any, tmp_path: pathlib.Path
) -> None:
    """Rows that were added meanwhile do not come twice, nor push others out."""
    server = contents(320)
    shell.script = failing_from(190, server)
    file = tmp_path / "c.csv"
    assert shell(*EXPORT, str(file)).code == 1
    assert 100 <= len(ids_in(file)) < 320
    before = server.ids
    server.rows[:0] = contents(400).rows[380:]
    shell.script = server
    assert shell(*EXPORT, str(file)).code == 0
    assert ids_in(file) == before


@pytest.mark.parametrize("says_limit", [True, False])
@pytest.mark.parametrize("capped", ["throughout", "after the crash", "before the crash"])
def test_export_of_smaller_pages_is_whole(
    shell: Shell, contents: Any, tmp_path: pathlib.Path, capped: str, *, says_limit: bool
) -> None:
    """A server may have smaller pages than its document says, also from one run to the next."""
    server = contents(320)
    server.says_limit = says_limit
    server.most = 100 if capped == "after the crash" else 50
    shell.script = failing_from(120, server)
    file = tmp_path / "c.ndjson"
    assert shell(*EXPORT, str(file)).code == 1
    assert 50 <= len(ids_in(file)) < 320
    server.most = 100 if capped == "before the crash" else 50
    shell.script = server
    assert shell(*EXPORT, str(file)).code == 0
    assert ids_in(file) == server.ids
    assert list(tmp_path.iterdir()) == [file]


def test_endless_list_fails(shell: Shell, contents: Any, tmp_path: pathlib.Path) -> None:
    """A server that rounds offsets to whole pages leaves no file that looks complete."""
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


def test_bytes_behind_checkpoint_are_cut_off(shell: Shell, interrupted: pathlib.Path) -> None:
    with interrupted.open("ab") as file:
        file.write(b"half a row " * 100_000)
    assert shell(*EXPORT, str(interrupted)).code == 0
    assert ids_in(interrupted) == shell.script.ids


@pytest.mark.parametrize(
    ("words", "client_id", "message"),
    [
        (["--from-date", "2026-01-01"], "", "another --from-date (none)"),
        (["--columns", "id"], "", "another --columns (id,created_at,"),
        (["--base-url", "http://127.0.0.1:9"], "", "another --base-url (https://api.sandbox"),
        (["--account-id", "a-2"], "", "another --account-id (a-1)"),
        (["--raw-cells"], "", "another --raw-cells (no)"),
        (["--max-items", "200"], "", "another --max-items (none)"),
        ([], "another-client-id", "another client id"),
    ],
)
def test_other_export_is_not_mixed_in(
    shell: Shell,
    interrupted: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    client_id: str,
    message: str,
) -> None:
    before = interrupted.read_bytes()
    used = os.environ["INSIGHTIQ_CLIENT_ID"]
    assert used not in state_path(interrupted).read_text(encoding="utf-8")
    monkeypatch.setenv("INSIGHTIQ_CLIENT_ID", client_id or used)
    ended = shell(*EXPORT, str(interrupted), *words)
    assert ended.code == 2
    assert message in ended.err
    assert interrupted.read_bytes() == before
    assert shell.requests == []


def test_file_without_checkpoint_is_left_alone(
    shell: Shell, contents: Any, tmp_path: pathlib.Path
) -> None:
    """A finished export, or a file of somebody else."""
    shell.script = contents(3)
    file = tmp_path / "c.ndjson"
    shell(*EXPORT, str(file))
    ended = shell(*EXPORT, str(file))
    assert ended.code == 2
    assert "exists and is no export that was interrupted" in ended.err
    assert ids_in(file) == shell.script.ids


def test_file_that_lost_rows_is_reported(shell: Shell, interrupted: pathlib.Path) -> None:
    size = interrupted.stat().st_size
    os.truncate(interrupted, size - 1)
    ended = shell(*EXPORT, str(interrupted))
    assert ended.code == 2
    assert f"has {size - 1} bytes where its state says {size}" in ended.err
    interrupted.unlink()
    ended = shell(*EXPORT, str(interrupted))
    assert "the file has gone; delete c.csv.state to begin anew" in ended.err
    assert not interrupted.exists()


def test_file_is_locked(shell: Shell, interrupted: pathlib.Path) -> None:
    """A cron job that overtakes itself has to wait."""
    before = interrupted.read_bytes()
    with interrupted.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        ended = shell(*EXPORT, str(interrupted))
    assert ended.code == 2
    assert "another export is writing this file" in ended.err
    assert interrupted.read_bytes() == before
    assert shell(*EXPORT, str(interrupted)).code == 0


def test_max_items_limits_export(shell: Shell, contents: Any, tmp_path: pathlib.Path) -> None:
    shell.script = contents(500)
    file = tmp_path / "c.csv"
    assert shell(*EXPORT, str(file), "--max-items", "230").code == 0
    assert ids_in(file) == shell.script.ids[:230]
    assert list(tmp_path.iterdir()) == [file]
    assert len(shell.requests) == 3


@pytest.mark.parametrize("most", ["100", "150"])
def test_max_items_limits_all_runs_together(
    shell: Shell, contents: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, most: str
) -> None:
    """Also where nothing is left to request."""
    shell.script = contents(500)
    file = tmp_path / "c.ndjson"

    def killed(_self: Any) -> None:
        raise KeyboardInterrupt

    words = [*EXPORT, str(file), "--max-items", most]
    with monkeypatch.context() as patch:
        patch.setattr(ExportFile, "finish", killed)
        assert shell(*words).code == 130
    assert shell(*words[:-1], "200").code == 2
    assert shell(*words).code == 0
    assert shell.requests == []
    assert ids_in(file) == shell.script.ids[: int(most)]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def test_damaged_checkpoint_is_one_sentence(shell: Shell, interrupted: pathlib.Path) -> None:
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


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 2}', '{"version": 1, "size": 3}', "rows without a place"]
)
def test_invalid_checkpoint_is_reported(shell: Shell, interrupted: pathlib.Path, text: str) -> None:
    """Rows without a place in the list would be written twice."""
    state, before = state_path(interrupted), interrupted.read_bytes()
    if text.startswith("rows"):
        text = json.dumps({**json.loads(state.read_bytes()), "pager": None})
    state.write_text(text, encoding="utf-8")
    ended = shell(*EXPORT, str(interrupted))
    assert ended.code == 2
    assert "is not the state of an export" in ended.err
    assert interrupted.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["c.txt"], "the name ends neither with .ndjson nor with .csv"),
        (["c.ndjson", "--columns", "id"], "--columns belongs to CSV"),
        (["c.ndjson", "--raw-cells"], "--raw-cells belongs to CSV"),
        (["c.csv", "--columns", "titel"], "Did you mean title?"),
        (["c.csv", "--output", "csv"], "--output is not understood"),
        (["c.csv", "--limit", "3"], "--limit is not understood"),
        (["no/c.csv"], "insightiq: --to no/c.csv: there is no folder no; make it first.\n"),
    ],
)
def test_mistake_is_reported_before_call(
    shell: Shell,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = shell(*EXPORT, *words)
    assert ended.code == 2
    assert message in ended.err
    assert shell.requests == []
    assert list(tmp_path.iterdir()) == []

"""``insightiq export RESOURCE … --to FILE``: all rows of a list in a file.

No row is lost or doubled, whenever the process ends. First the rows reach the disk, then a
checkpoint beside them says how many bytes there are and where the list continues. So the last
checkpoint always speaks of bytes that exist; bytes behind them are cut off by the next run, which
requests those rows again.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import pathlib
import sys
import time
import typing

from insightiq.cli._commands import connect, pages_ahead
from insightiq.cli._methods import methods_of, resources, spelled
from insightiq.cli._output import (
    Csv,
    Ndjson,
    chosen_columns,
    columns_of,
    note,
    plain,
    progress_bar,
)
from insightiq.cli._parsers import add_max_items, choose, given_arguments, method_parser
from insightiq.errors import ConfigurationError

if sys.platform != "win32":
    import fcntl

if typing.TYPE_CHECKING:
    import argparse
    from collections.abc import Generator

    from insightiq._config import Settings
    from insightiq.cli._commands import MakeClient
    from insightiq.cli._methods import Method
    from insightiq_generated.client import PagedOperation, Pager, PagerState, Progress
    from insightiq_generated.types import Model

__all__ = ["Checkpoint", "ExportFile", "run_export", "state_path"]

_VERSION: typing.Final = 1
_SECONDS_BETWEEN_CHECKPOINTS: typing.Final = 1.0
_LONGEST: typing.Final = 60


def run_export(summary: str, options: argparse.Namespace, client: MakeClient) -> None:
    """Run ``insightiq export``."""
    prog = "insightiq export"
    known = resources()
    lists = {name: method for name in known if (method := _list_of(name)) is not None}
    summaries = {name: known[name] for name in lists}
    name, words = choose(prog, "resource", summaries, options.rest, summary)
    method = lists[name]
    operation, model = method.paged, method.model
    assert operation is not None
    assert model is not None
    own = {operation.pagination.limit, operation.pagination.offset}
    parser = method_parser(f"{prog} {spelled(name)}", method, without=own, with_output=False)
    add_max_items(parser)
    parser.add_argument(
        "--to",
        metavar="FILE",
        type=pathlib.Path,
        required=True,
        help="FILE.ndjson for all that the API sends, FILE.csv for columns; FILE.….state stands "
        "beside it until it is complete",
    )
    options = parser.parse_all(words, options)
    form = _format(options, model)
    iq, settings = connect(options, client)
    with iq:
        pager = typing.cast("Pager[Model, object]", method.call(iq, given_arguments(options)))
        subject = _subject(pager.state, settings, form, options.max_items)
        with ExportFile(options.to, subject) as file, _reported(file, spelled(name)) as progress:
            most = options.max_items
            left = None if most is None else most - file.rows
            ahead = pages_ahead(left, operation.pagination.maximum)
            pager = pager.prefetch(ahead).on_progress(progress)
            _write(file, operation, pager, form, most=most)


def _list_of(resource: str) -> Method | None:
    return next((each for each in methods_of(resource).values() if each.paged), None)


def _format(options: argparse.Namespace, model: type[Model]) -> Csv | Ndjson:
    """Return the format that the name of the file asks for."""
    path: pathlib.Path = options.to
    if path.suffix == ".csv":
        return Csv(chosen_columns(columns_of(model), options.columns), raw=options.raw_cells)
    if path.suffix not in {".ndjson", ".jsonl"}:
        msg = f"--to {path}: the name ends neither with .ndjson nor with .csv."
        raise ConfigurationError(msg)
    if options.columns is not None:
        msg = "--columns belongs to CSV; NDJSON has all that the API sent."
        raise ConfigurationError(msg)
    if options.raw_cells:
        msg = "--raw-cells belongs to CSV; NDJSON has text as it is."
        raise ConfigurationError(msg)
    return Ndjson()


def _subject(
    state: PagerState, settings: Settings, form: Csv | Ndjson, most: int | None
) -> dict[str, str]:
    """Return what distinguishes this export from others."""
    return {
        "operation": state["operation"],
        **{f"--{spelled(key)}": value for key, value in state["query"].items()},
        "--base-url": settings.base_url,
        # Enough to compare, and not the id itself.
        "client id": hashlib.sha256(settings.client_id.encode()).hexdigest()[:12],
        "--columns": form.head.strip(),
        **({"--raw-cells": "yes" if form.raw else "no"} if isinstance(form, Csv) else {}),
        **({} if most is None else {"--max-items": str(most)}),
    }


def _write(
    file: ExportFile,
    operation: PagedOperation[Model, object],
    pager: Pager[Model, object],
    form: Csv | Ndjson,
    *,
    most: int | None,
) -> None:
    """Write the rows that are not in the file yet; ``most`` limits those of all runs together."""
    left = None if most is None else most - file.rows
    if file.resumed is None:
        file.append(form.head)
    elif file.resumed.pager is not None:
        try:
            pager = pager.resume(file.resumed.pager)
        except ConfigurationError:
            raise _unusable(file.path) from None
    # A run that was killed at its very end has nothing left to request.
    for page in pager.pages() if left != 0 else ():
        rows = operation.items(page)[:left]
        text = "".join(form.row(plain(row)) for row in rows)
        file.append(text, len(rows), pager.state)
        if left is not None:
            left -= len(rows)
            if not left:
                break
    file.finish()


@contextlib.contextmanager
def _reported(file: ExportFile, name: str) -> Generator[Progress]:
    """Yield a progress bar, between lines on standard error that say what was done."""
    begin, before = time.monotonic(), file.rows
    if file.resumed is not None:
        note(f"{before:,} {name} are in {file.path} already; going on")
    try:
        with progress_bar(name) as progress:
            yield progress
    except BaseException:
        where = f"{file.rows:,} {name} in {file.path}"
        note(f"stopped after {where}; the same command goes on from there")
        raise
    part = f", {file.rows - before:,} of them now" if file.resumed is not None else ""
    note(f"{file.rows:,} {name} in {file.path}{part}, in {time.monotonic() - begin:.1f} s")


# Checkpoint


@dataclasses.dataclass(frozen=True, slots=True)
class Checkpoint:
    """A moment at which the file and the list were at the same row.

    Attributes:
        subject: What is exported, to distinguish it from other exports.
        size: Bytes of the file; bytes behind them are not part of the export yet.
        rows: Rows in these bytes.
        pager: Where the list continues; None before its first page.
    """

    subject: dict[str, str]
    size: int = 0
    rows: int = 0
    pager: PagerState | None = None


def state_path(path: pathlib.Path) -> pathlib.Path:
    """Return the path of the checkpoint of the file ``path``."""
    return path.with_name(f"{path.name}.state")


def _unusable(path: pathlib.Path) -> ConfigurationError:
    msg = (
        f"{state_path(path)} is not the state of an export, or of another version's: "
        f"delete it and {path.name} to begin anew."
    )
    return ConfigurationError(msg)


def _load(path: pathlib.Path) -> Checkpoint | None:
    """Return the checkpoint of the file ``path``, None where there is none."""
    try:
        content = state_path(path).read_bytes()
    except FileNotFoundError:
        return None
    try:
        data = json.loads(content)
        version = data.pop("version")
        found = Checkpoint(**data)
        # Annotations promise nothing about a file that anybody may have written.
        subject: dict[object, object] = found.subject | {}  # type: ignore[assignment] # as above
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        raise _unusable(path) from None
    pager = typing.cast("object", found.pager)
    is_whole = (
        version == _VERSION
        and all(isinstance(text, str) for text in (*subject, *subject.values()))
        and all(type(number) is int and number >= 0 for number in (found.size, found.rows))
        and isinstance(pager, dict | None)
        and (pager is not None or found.rows == 0)
    )
    if not is_whole:
        raise _unusable(path)
    return found


def _save(path: pathlib.Path, checkpoint: Checkpoint) -> None:
    """Replace the checkpoint of the file ``path``, whole or not at all.

    Call it when the bytes that it speaks of are on the disk.
    """
    state = state_path(path)
    temporary = state.with_name(f"{state.name}.new")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump({"version": _VERSION, **dataclasses.asdict(checkpoint)}, file)
        file.flush()
        os.fsync(file.fileno())
    # A rename is atomic, and durable once the folder is on the disk.
    temporary.replace(state)
    _sync_folder(state.parent)


def _sync_folder(folder: pathlib.Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# File


class ExportFile:
    """The file of an export, in a ``with`` block that keeps whole pages if it fails.

    Args:
        path: Path of the file.
        subject: What is exported; a file with another subject is rejected.

    Attributes:
        path: The same.
        resumed: Where an earlier run ended; None for a new file.

    Raises:
        ConfigurationError: The file is not an export, another one's, or in use.
        OSError: It cannot be read or written.
    """

    def __init__(self, path: pathlib.Path, subject: dict[str, str]) -> None:
        self.path = path
        found = _load(path)
        if found is None:
            found = Checkpoint(subject)
            self._check_new()
            # Before the file itself: a file without a state would not be known again.
            with self._named_errors():
                _save(path, found)
        self._check_subject(found.subject, subject)
        self.resumed = found if found.size else None
        self._mark = found
        self._descriptor = self._open()
        self._saved_at = time.monotonic()

    @property
    def rows(self) -> int:
        """Number of rows so far."""
        return self._mark.rows

    def append(self, text: str, rows: int = 0, pager: PagerState | None = None) -> None:
        """Append whole rows, their number, and where the list continues behind them."""
        # Half a surrogate pair, which UTF-8 cannot write, becomes the escape that JSON has for it.
        data = text.encode("utf-8", "backslashreplace")
        left = memoryview(data)
        with self._named_errors():
            while left:
                left = left[os.write(self._descriptor, left) :]
        mark = self._mark
        # In one step: whatever interrupts, the mark speaks of whole pages.
        self._mark = dataclasses.replace(
            mark, size=mark.size + len(data), rows=mark.rows + rows, pager=pager
        )
        if time.monotonic() - self._saved_at >= _SECONDS_BETWEEN_CHECKPOINTS:
            self._checkpoint()

    def finish(self) -> None:
        """Complete the export: it cannot be resumed any more."""
        state = state_path(self.path)
        with self._named_errors():
            os.fsync(self._descriptor)
            state.unlink(missing_ok=True)
            state.with_name(f"{state.name}.new").unlink(missing_ok=True)
            _sync_folder(state.parent)

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, exception_type: type[BaseException] | None, *_: object) -> None:
        try:
            if exception_type is not None:
                # If even this fails, the checkpoint before is still valid.
                with contextlib.suppress(OSError):
                    os.ftruncate(self._descriptor, self._mark.size)
                    self._checkpoint()
        finally:
            os.close(self._descriptor)

    def _checkpoint(self) -> None:
        with self._named_errors():
            os.fsync(self._descriptor)
            _save(self.path, self._mark)
        self._saved_at = time.monotonic()

    @contextlib.contextmanager
    def _named_errors(self) -> Generator[None]:
        """Have an error of the system name the file."""
        try:
            yield
        except OSError as error:
            if error.filename is None:
                error.filename = str(self.path)
            raise

    def _reject(self, problem: str) -> typing.NoReturn:
        msg = f"--to {self.path}: {problem}."
        raise ConfigurationError(msg) from None

    def _check_new(self) -> None:
        if os.path.lexists(self.path):
            self._reject(
                "this file exists and is no export that was interrupted; delete it, or choose "
                "another"
            )
        if not self.path.parent.is_dir():
            self._reject(f"there is no folder {self.path.parent}; make it first")

    def _check_subject(self, found: dict[str, str], wanted: dict[str, str]) -> None:
        different = [key for key in {**found, **wanted} if found.get(key) != wanted.get(key)]
        if different:
            shown = " and ".join(f"{key} ({_clipped(found.get(key))})" for key in different)
            self._reject(
                f"the file was begun with another {shown}; give the same again, choose another "
                f"file, or delete this one and {state_path(self.path).name}"
            )

    def _open(self) -> int:
        """Open and lock the file, and cut off what the checkpoint does not speak of."""
        mark = self._mark
        # Only a new export makes the file: one that is gone must not come back half.
        creating = 0 if mark.size else os.O_CREAT
        flags = os.O_RDWR | creating | getattr(os, "O_BINARY", 0)
        try:
            descriptor = os.open(self.path, flags, 0o666)
        except FileNotFoundError:
            if creating:
                raise
            state = state_path(self.path).name
            self._reject(f"the file has gone; delete {state} to begin anew")
        try:
            self._lock(descriptor)
            size = os.fstat(descriptor).st_size
            if size < mark.size:
                self._reject(
                    f"the file has {size} bytes where its state says {mark.size}; delete both to "
                    "begin anew"
                )
            os.ftruncate(descriptor, mark.size)
            os.lseek(descriptor, mark.size, os.SEEK_SET)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _lock(self, descriptor: int) -> None:
        if sys.platform == "win32":
            return
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            problem = "another export is writing this file; wait for it, or stop it"
            self._reject(problem)


def _clipped(text: str | None) -> str:
    return "none" if text is None else text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

"""A file that rows are appended to, without one lost or doubled whenever the process ends.

The order of things makes it so. First the rows reach the disk, then a checkpoint beside them says
how many bytes there are and where the list goes on. Whatever happens, the last checkpoint speaks of
bytes that exist; what was written behind them is cut off by the next run, which asks for those rows
again.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
import time
import typing

from insightiq.errors import ConfigurationError

if typing.TYPE_CHECKING:
    import pathlib
    from collections.abc import Generator

    from insightiq_generated.client import PagerState

__all__ = ["Checkpoint", "ExportFile", "forget", "load", "save", "state_path", "unusable"]

_VERSION: typing.Final = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Checkpoint:
    """A moment at which the file and the list were at the same row.

    Attributes:
        subject: What is exported, to tell it from other exports.
        size: Bytes of the file; what lies behind them is not part of the export yet.
        rows: Rows in these bytes.
        pager: Where the list goes on; None before its first page.
    """

    subject: dict[str, str]
    size: int
    rows: int
    pager: PagerState | None


def state_path(path: pathlib.Path) -> pathlib.Path:
    """Return where the checkpoint of the file ``path`` stands."""
    return path.with_name(f"{path.name}.state")


def load(path: pathlib.Path) -> Checkpoint | None:
    """Return the checkpoint of the file ``path``, None where there is none.

    Raises:
        ConfigurationError: There is one that cannot be understood.
    """
    state = state_path(path)
    try:
        content = state.read_bytes()
    except FileNotFoundError:
        return None
    try:
        return _read(content)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        raise unusable(path) from None


def unusable(path: pathlib.Path) -> ConfigurationError:
    """Return the error for a checkpoint of the file ``path`` that cannot be understood."""
    msg = (
        f"{state_path(path)} is not the state of an export, or of another version's: "
        f"delete it and {path.name} to begin anew."
    )
    return ConfigurationError(msg)


def _read(content: bytes) -> Checkpoint:
    data = json.loads(content)
    if data.pop("version") != _VERSION:
        msg = "another version"
        raise ValueError(msg)
    found = Checkpoint(**data)
    # Annotations promise nothing about a file that anybody may have written.
    subject: dict[object, object] = found.subject | {}  # type: ignore[assignment] # as above
    pager = typing.cast("object", found.pager)
    is_whole = (
        all(isinstance(text, str) for text in (*subject, *subject.values()))
        and all(type(number) is int and number >= 0 for number in (found.size, found.rows))
        and isinstance(pager, dict | None)
        and (pager is not None or found.rows == 0)
    )
    if not is_whole:
        msg = "other types"
        raise TypeError(msg)
    return found


def save(path: pathlib.Path, checkpoint: Checkpoint) -> None:
    """Replace the checkpoint of the file ``path``, whole or not at all.

    Call it when the bytes that it speaks of are on the disk.
    """
    state = state_path(path)
    passing = state.with_name(f"{state.name}.new")
    data = {"version": _VERSION, **dataclasses.asdict(checkpoint)}
    with passing.open("w", encoding="utf-8") as file:
        json.dump(data, file)
        file.flush()
        os.fsync(file.fileno())
    # A rename is atomic, and durable once the folder is on the disk.
    passing.replace(state)
    _sync_folder(state.parent)


def forget(path: pathlib.Path) -> None:
    """Remove the checkpoint: the file ``path`` is complete."""
    state = state_path(path)
    state.unlink(missing_ok=True)
    state.with_name(f"{state.name}.new").unlink(missing_ok=True)
    _sync_folder(state.parent)


def _sync_folder(folder: pathlib.Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


if sys.platform != "win32":
    import fcntl


_SECONDS_BETWEEN: typing.Final = 1.0
_LONGEST: typing.Final = 60


class ExportFile:
    """The file of an export; use it in a ``with`` block, which keeps what there is at its end.

    Args:
        path: Where.
        subject: What is exported: a file that holds something else is rejected.

    Attributes:
        resumed: Where an earlier run ended; None for a new file.

    Raises:
        ConfigurationError: The file is no export, another one's, or in use.
        OSError: It cannot be read or written.
    """

    def __init__(self, path: pathlib.Path, subject: dict[str, str]) -> None:
        self._path = path
        found = load(path)
        if found is None:
            self._reject_foreign()
            found = Checkpoint(subject, size=0, rows=0, pager=None)
            self._reject_no_folder()
            # Before the file itself: a file without a state would not be known again.
            with _naming(path):
                save(path, found)
        _compare(path, found.subject, subject)
        self.resumed = found if found.size else None
        self._mark = found
        self._descriptor = self._open(found)
        self._saved_at = time.monotonic()

    @property
    def rows(self) -> int:
        """Number of rows so far."""
        return self._mark.rows

    def append(self, text: str, rows: int = 0, pager: PagerState | None = None) -> None:
        """Append whole rows.

        Args:
            text: The rows.
            rows: How many they are.
            pager: Where the list goes on behind them.
        """
        # Half a surrogate pair, which UTF-8 cannot write, becomes the escape that JSON has for it.
        data = text.encode("utf-8", "backslashreplace")
        left = memoryview(data)
        with _naming(self._path):
            while left:
                left = left[os.write(self._descriptor, left) :]
        mark = self._mark
        # In one step: whatever interrupts, the mark speaks of whole pages.
        self._mark = dataclasses.replace(
            mark, size=mark.size + len(data), rows=mark.rows + rows, pager=pager
        )
        if time.monotonic() - self._saved_at >= _SECONDS_BETWEEN:
            self._save()

    def finish(self) -> None:
        """Say that the export is complete: it is not to be resumed any more."""
        with _naming(self._path):
            os.fsync(self._descriptor)
            forget(self._path)

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, exception_type: type[BaseException] | None, *_: object) -> None:
        try:
            if exception_type is not None:
                # If even this fails, the checkpoint before still holds.
                with contextlib.suppress(OSError):
                    os.ftruncate(self._descriptor, self._mark.size)
                    self._save()
        finally:
            os.close(self._descriptor)

    def _save(self) -> None:
        with _naming(self._path):
            os.fsync(self._descriptor)
            save(self._path, self._mark)
        self._saved_at = time.monotonic()

    def _reject_foreign(self) -> None:
        if os.path.lexists(self._path):
            msg = (
                f"--to {self._path}: this file exists and is no export that was interrupted; "
                "delete it, or choose another."
            )
            raise ConfigurationError(msg)

    def _reject_no_folder(self) -> None:
        if not self._path.parent.is_dir():
            msg = f"--to {self._path}: there is no folder {self._path.parent}; make it first."
            raise ConfigurationError(msg)

    def _open(self, mark: Checkpoint) -> int:
        # Only a new export makes the file: one that has gone is not to come back half.
        creating = 0 if mark.size else os.O_CREAT
        flags = os.O_RDWR | creating | getattr(os, "O_BINARY", 0)
        try:
            descriptor = os.open(self._path, flags, 0o666)
        except FileNotFoundError:
            if creating:
                raise
            state = state_path(self._path)
            msg = f"--to {self._path}: the file has gone; delete {state.name} to begin anew."
            raise ConfigurationError(msg) from None
        try:
            _lock(descriptor, self._path)
            self._cut_off(descriptor, mark)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _cut_off(self, descriptor: int, mark: Checkpoint) -> None:
        """Go to the end of what the mark speaks of, and forget the rest."""
        size = os.fstat(descriptor).st_size
        if size < mark.size:
            msg = (
                f"--to {self._path}: the file has {size} bytes where its state says "
                f"{mark.size}; delete both to begin anew."
            )
            raise ConfigurationError(msg)
        os.ftruncate(descriptor, mark.size)
        os.lseek(descriptor, mark.size, os.SEEK_SET)


@contextlib.contextmanager
def _naming(path: pathlib.Path) -> Generator[None]:
    """Have an error of the system name the file that it is about."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def _lock(descriptor: int, path: pathlib.Path) -> None:
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        msg = f"--to {path}: another export is writing this file; wait for it, or stop it."
        raise ConfigurationError(msg) from None


def _compare(path: pathlib.Path, found: dict[str, str], wanted: dict[str, str]) -> None:
    different = [key for key in {**found, **wanted} if found.get(key) != wanted.get(key)]
    if different:
        shown = " and ".join(f"{key} ({_clipped(found.get(key))})" for key in different)
        msg = (
            f"--to {path}: the file was begun with another {shown}; give the same again, choose "
            f"another file, or delete this one and {state_path(path).name}."
        )
        raise ConfigurationError(msg)


def _clipped(text: str | None) -> str:
    return "none" if text is None else text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

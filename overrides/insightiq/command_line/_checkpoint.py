"""Checkpoint of an export, beside its file, to resume after a crash."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import typing

from insightiq.errors import ConfigurationError

if typing.TYPE_CHECKING:
    import pathlib

    from insightiq_generated.client import PagerState

__all__ = ["Checkpoint", "forget", "load", "save", "state_path", "unusable"]

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

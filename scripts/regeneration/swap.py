"""Putting a new tree in the place of the old one, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Generator

__all__ = ["swap", "workspace"]

PREFIX = ".regenerate-"
OLD_TREE = "previous"


@contextlib.contextmanager
def workspace(target: pathlib.Path) -> Generator[pathlib.Path]:
    """Give a folder beside ``target``, on the same file system, and remove it afterwards.

    What an interrupted run left behind is cleaned up first, and its old tree put back if the
    interruption fell between the two renames.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _recover(target)
    folder = target.parent / f"{PREFIX}{os.getpid()}"
    folder.mkdir()
    try:
        yield folder
    finally:
        _put_back(folder, target)
        shutil.rmtree(folder, ignore_errors=True)


def swap(fresh: pathlib.Path, target: pathlib.Path, folder: pathlib.Path) -> None:
    """Rename ``target`` into ``folder``, a `workspace`, and ``fresh`` to ``target``.

    Raises:
        OSError: A rename failed; the workspace puts the old tree back when it closes.
    """
    if target.exists():
        target.rename(folder / OLD_TREE)
    fresh.rename(target)


def _put_back(folder: pathlib.Path, target: pathlib.Path) -> None:
    if (folder / OLD_TREE).exists() and not target.exists():
        (folder / OLD_TREE).rename(target)


def _recover(target: pathlib.Path) -> None:
    for folder in target.parent.glob(f"{PREFIX}*"):
        if _is_running(folder.name.removeprefix(PREFIX)):
            continue
        _put_back(folder, target)
        shutil.rmtree(folder, ignore_errors=True)


def _is_running(process_id: str) -> bool:
    if not process_id.isdigit() or int(process_id) == os.getpid():
        return False
    try:
        os.kill(int(process_id), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

"""Putting a new tree in the place of the old one, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING, Any, cast

from generate import manifest
from generate.errors import GenerateError

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Generator, Mapping

__all__ = ["check_replaceable", "replace", "workspace"]

PREFIX = ".regenerate-"
OLD_TREE = "previous"
FILES_NAMED = 5


def check_replaceable(target: pathlib.Path, *, discard_edits: bool) -> None:
    """Make sure that nothing is lost that the generator cannot make again.

    Raises:
        GenerateError: ``target`` is not a tree of ours, or was changed since it was made.
    """
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not _is_ours(target):
        msg = (
            f"{target} was not made by the generator: its {manifest.MANIFEST} is missing or "
            "another tool's; name an empty folder, or delete it yourself."
        )
        raise GenerateError(msg)
    edited = _edited(target)
    if edited and not discard_edits:
        names = ", ".join(edited[:FILES_NAMED])
        more = f" and {len(edited) - FILES_NAMED} more" if len(edited) > FILES_NAMED else ""
        msg = (
            f"{target} was changed since it was made: {names}{more}; move what you need into the "
            "document or the templates, then replace the tree with --discard-edits "
            "(make regenerate DISCARD_EDITS=1)."
        )
        raise GenerateError(msg)


def _is_ours(target: pathlib.Path) -> bool:
    """Whether the generator made ``target``; other tools write a manifest.json as well."""
    recorded = manifest.read_manifest(target)
    # One that cannot be read may be ours: a merge leaves marks in it.
    return (target / manifest.MANIFEST).is_file() and (not recorded or "files" in recorded)


def _edited(tree: pathlib.Path) -> list[str]:
    """Return the files that are not as the manifest says; those that are gone cannot be lost."""
    recorded = manifest.read_manifest(tree).get("files")
    if not isinstance(recorded, dict):
        return [manifest.MANIFEST]
    known = cast("Mapping[str, Any]", recorded)
    return [path for path, now in manifest.file_hashes(tree).items() if known.get(path) != now]


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


def replace(fresh: pathlib.Path, target: pathlib.Path, folder: pathlib.Path) -> None:
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

"""Differences between a tree and a fresh one, for people to read."""

from __future__ import annotations

import difflib
import itertools
from typing import TYPE_CHECKING, Any

from generate import manifest

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator, Mapping

__all__ = ["differences"]

LINES_PER_FILE = 20
FILES_WITH_DIFF = 10

HAND_EDITED = "hand-edited: change the document or the templates instead, then run make regenerate"
STALE = "stale: run make regenerate"
MISSING = "missing: run make regenerate"
UNEXPECTED = "unexpected: nothing in the document makes this file; delete it"


def differences(tree: pathlib.Path, fresh: pathlib.Path) -> list[str]:
    """Return a line for each file of ``tree`` that differs from ``fresh``, with part of the diff.

    An empty list says that both are the same.
    """
    present, wanted = manifest.file_hashes(tree), manifest.file_hashes(fresh)
    recorded = manifest.read_manifest(tree)
    changed = [
        (path, _verdict(path, present, wanted, recorded.get("files", {})))
        for path in sorted(present.keys() | wanted.keys())
        if present.get(path) != wanted.get(path)
    ]
    report = [f"{path}: {verdict}" for path, verdict in changed]
    for path, _ in changed[:FILES_WITH_DIFF]:
        report.extend(_unified(tree / path, fresh / path, path))
    if len(changed) > FILES_WITH_DIFF:
        report.append(f"… and the diffs of {len(changed) - FILES_WITH_DIFF} more files")
    report.extend(_reasons(recorded, manifest.read_manifest(fresh)))
    return report


def _verdict(
    path: str, present: Mapping[str, str], wanted: Mapping[str, str], recorded: Mapping[str, str]
) -> str:
    if path not in present:
        return MISSING
    if path not in recorded:
        return UNEXPECTED if path not in wanted else HAND_EDITED
    if present[path] != recorded[path]:
        return HAND_EDITED
    return STALE


def _unified(old: pathlib.Path, new: pathlib.Path, path: str) -> Iterator[str]:
    lines = difflib.unified_diff(
        _lines(old), _lines(new), f"in the tree: {path}", f"from the document: {path}", n=1
    )
    shown = list(itertools.islice(lines, LINES_PER_FILE + 1))
    yield from (line.rstrip("\n") for line in shown[:LINES_PER_FILE])
    if len(shown) > LINES_PER_FILE:
        yield "…"


def _lines(path: pathlib.Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []


def _reasons(recorded: Mapping[str, Any], fresh: Mapping[str, Any]) -> Iterator[str]:
    """Say which of the inputs changed since the tree was made."""
    if not recorded:
        yield f"{manifest.MANIFEST}: missing or unreadable; run make regenerate"
        return
    for key in ("document", "templates", "config", "tools", "counts", "files"):
        before, now = recorded.get(key, {}), fresh.get(key, {})
        if before == now:
            continue
        names = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
        if key == "files":
            continue
        detail = f" ({', '.join(names)})" if key != "document" else ""
        yield f"{manifest.MANIFEST}: the {key} changed{detail} since the tree was made; {STALE}"

"""``manifest.json``: what a tree was made from, and what it holds, as hashes."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
import json
from typing import TYPE_CHECKING, Any, cast

from generate.run_generator import GENERATOR_YAML, TEMPLATES

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Mapping

    from generate.tree_checks import Counts

__all__ = ["MANIFEST", "file_hashes", "read_manifest", "write_manifest"]

MANIFEST = "manifest.json"
TOOLS = ("openapi-python-client", "ruff", "mypy")


def write_manifest(
    tree: pathlib.Path,
    document: pathlib.Path,
    counts: Counts,
    templates: pathlib.Path = TEMPLATES,
) -> None:
    """Write the manifest of ``tree``: no times and no paths, so that equal trees have equal ones."""
    content = {
        "document": {"sha256": _hash(document)},
        "templates": file_hashes(templates),
        "config": {GENERATOR_YAML.name: _hash(GENERATOR_YAML)},
        "tools": {name: importlib.metadata.version(name) for name in TOOLS},
        "counts": dataclasses.asdict(counts),
        "files": file_hashes(tree),
    }
    text = json.dumps(content, indent=2, sort_keys=True) + "\n"
    (tree / MANIFEST).write_text(text, encoding="utf-8")


def read_manifest(tree: pathlib.Path) -> Mapping[str, Any]:
    """Return the manifest of ``tree``, empty if it is missing or no JSON object."""
    try:
        content: Any = json.loads((tree / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return cast("dict[str, Any]", content) if isinstance(content, dict) else {}


def file_hashes(folder: pathlib.Path) -> dict[str, str]:
    """Return the hash of each file in ``folder`` by its path, without the manifest itself."""
    return {
        path.relative_to(folder).as_posix(): _hash(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST and "__pycache__" not in path.parts
    }


def _hash(path: pathlib.Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

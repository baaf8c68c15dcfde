"""Finding the two documents: files, git revisions, and what was released last.

What was released last is the document at the newest tag ``v*`` that the work tree descends from. A
tag and the release it names cannot drift apart; a second copy of the document in the tree could.
Where there is no such tag (nothing is released yet, or the clone is shallow), the last commit
stands in for it, and a note says so.
"""

from __future__ import annotations

import dataclasses
import pathlib
import subprocess
from typing import TYPE_CHECKING, Any

import openapi_document

from change_report.model import ComparisonError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ROOT", "Source", "find_base", "read_file"]

ROOT = pathlib.Path(__file__).resolve().parents[2]
IN_REPOSITORY = "spec/insightiq.yaml"
NO_TAG = (
    "No release (tag v*) was found in this clone, so this compares with the last commit. "
    "If there is one: `git fetch --tags`; or name a base: `make diff BASE=…`."
)


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """A document and where it came from.

    Attributes:
        name: File or revision, for people.
        document: The document.
        notes: What the reader has to know about it.
    """

    name: str
    document: Mapping[str, Any]
    notes: tuple[str, ...] = ()


def find_base(wanted: str | None, root: pathlib.Path = ROOT) -> Source:
    """Return the document to compare with.

    Args:
        wanted: A file, a git revision, or None for what was released last.
        root: The repository.

    Raises:
        ComparisonError: There is no such file or revision, or no document in it.
    """
    if wanted is None:
        return _released(root)
    path = pathlib.Path(wanted)
    if path.is_file():
        return read_file(path)
    if path.suffix in {".yaml", ".yml", ".json"} and ":" not in wanted:
        msg = f"{wanted}: there is no such file; name an OpenAPI document or a git revision."
        raise ComparisonError(msg)
    return _at_revision(wanted, root)


def read_file(path: pathlib.Path) -> Source:
    """Return the document of a file, YAML or JSON.

    Raises:
        ComparisonError: It cannot be read, or is no OpenAPI document.
    """
    try:
        document = openapi_document.load(path)
    except openapi_document.DocumentError as error:
        raise ComparisonError(str(error)) from error
    return Source(str(path), _checked(str(path), document))


def _released(root: pathlib.Path) -> Source:
    tag = _git(root, "describe", "--tags", "--abbrev=0", "--match", "v*")
    if tag is not None:
        return _at_revision(tag.strip(), root)
    if _git(root, "rev-parse", "--verify", "--quiet", "HEAD") is None:
        msg = (
            "There is no git history here to find the last release in; "
            "name a base: `make diff BASE=<file>`."
        )
        raise ComparisonError(msg)
    found = _at_revision("HEAD", root)
    return dataclasses.replace(found, notes=(NO_TAG,))


def _at_revision(revision: str, root: pathlib.Path) -> Source:
    if (
        revision.startswith("-")
        or _git(
            root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        )
        is None
    ):
        msg = (
            f"{revision}: neither a file nor a git revision of this clone; "
            "`git tag` and `git log` list revisions, `git fetch --tags` brings more."
        )
        raise ComparisonError(msg)
    content = _git_bytes(root, "show", f"{revision}:{IN_REPOSITORY}")
    if content is None:
        msg = f"{revision}: has no {IN_REPOSITORY}; name a later revision or a file."
        raise ComparisonError(msg)
    name = f"{revision}:{IN_REPOSITORY}"
    try:
        document = openapi_document.parse(content, name)
    except openapi_document.DocumentError as error:
        raise ComparisonError(str(error)) from error
    return Source(name, _checked(name, document))


def _checked(name: str, document: Mapping[str, Any]) -> Mapping[str, Any]:
    for key, kind in (("openapi", str), ("info", dict), ("paths", dict)):
        if not isinstance(document.get(key), kind):
            msg = f"{name}: is no OpenAPI 3 document ({key!r} is missing or of another type)."
            raise ComparisonError(msg)
    return document


def _git(root: pathlib.Path, *arguments: str) -> str | None:
    """Return what git prints, None where it refuses or is not installed."""
    printed = _git_bytes(root, *arguments)
    return None if printed is None else printed.decode("utf-8", errors="replace")


def _git_bytes(root: pathlib.Path, *arguments: str) -> bytes | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, check=False
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None

"""Documents to compare: files, git revisions, and the last release.

The last release is the document at the newest tag ``v*`` that the work tree descends from. If there
is none (nothing is released yet, or the clone is shallow), the last commit is used instead, and a
note says so.
"""

from __future__ import annotations

import dataclasses
import pathlib
import subprocess
from typing import TYPE_CHECKING, Any

import openapi_document

from changes.model import ComparisonError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ROOT", "Source", "check_openapi", "find_base", "read_file"]

ROOT = pathlib.Path(__file__).resolve().parents[2]
IN_REPOSITORY = "spec/insightiq.yaml"
NO_TAG = (
    "No release (tag v*) was found in this clone, so this compares with the last commit. "
    "If there is one: `git fetch --tags`; or name a base: `make diff BASE=…`."
)


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """A document, its file or revision, and notes about it for the reader."""

    name: str
    document: Mapping[str, Any]
    notes: tuple[str, ...] = ()


def find_base(wanted: str | None, root: pathlib.Path = ROOT) -> Source:
    """Return the document to compare with.

    Args:
        wanted: A file, a git revision, or None for the last release.
        root: The repository.

    Raises:
        ComparisonError: There is no such file or revision, or no document in it.
    """
    if wanted is None:
        return _last_release(root)
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
        ComparisonError: It cannot be read, or is not an OpenAPI document.
    """
    try:
        document = openapi_document.load(path)
    except openapi_document.DocumentError as error:
        raise ComparisonError(str(error)) from error
    return check_openapi(Source(str(path), document))


def check_openapi(source: Source) -> Source:
    """Return ``source`` if it is an OpenAPI 3 document by its first keys.

    Raises:
        ComparisonError: It is not.
    """
    for key, kind in (("openapi", str), ("info", dict), ("paths", dict)):
        if not isinstance(source.document.get(key), kind):
            msg = (
                f"{source.name}: not an OpenAPI 3 document ({key!r} is missing or of another type)."
            )
            raise ComparisonError(msg)
    return source


def _last_release(root: pathlib.Path) -> Source:
    tag = _git(root, "describe", "--tags", "--abbrev=0", "--match", "v*")
    if tag is not None:
        return _at_revision(tag.decode().strip(), root)
    if _git(root, "rev-parse", "--verify", "--quiet", "HEAD") is None:
        msg = (
            "There is no git history here to find the last release in; "
            "name a base: `make diff BASE=<file>`."
        )
        raise ComparisonError(msg)
    return dataclasses.replace(_at_revision("HEAD", root), notes=(NO_TAG,))


def _at_revision(revision: str, root: pathlib.Path) -> Source:
    verify = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if revision.startswith("-") or _git(root, *verify) is None:
        msg = (
            f"{revision}: neither a file nor a git revision of this clone; "
            "`git tag` and `git log` list revisions, `git fetch --tags` brings more."
        )
        raise ComparisonError(msg)
    name = f"{revision}:{IN_REPOSITORY}"
    content = _git(root, "show", name)
    if content is None:
        msg = f"{revision}: has no {IN_REPOSITORY}; name a later revision or a file."
        raise ComparisonError(msg)
    try:
        document = openapi_document.parse(content, name)
    except openapi_document.DocumentError as error:
        raise ComparisonError(str(error)) from error
    return check_openapi(Source(name, document))


def _git(root: pathlib.Path, *arguments: str) -> bytes | None:
    """Return the output of git, None if it fails or is not installed."""
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None

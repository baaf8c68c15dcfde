"""Documents from files, git revisions and the last release."""

from __future__ import annotations

import pathlib
import subprocess

import pytest
from changes.model import ComparisonError
from changes.sources import Source, find_base, read_file

DOCUMENT = "openapi: 3.0.3\ninfo: {title: Test, version: %s}\npaths: {}\n"


def git(folder: pathlib.Path, *arguments: str) -> None:
    somebody = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    settings = (*somebody, "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false")
    command = ["git", "-C", str(folder), *settings, *arguments]
    subprocess.run(command, check=True)


def commit(folder: pathlib.Path, text: str) -> None:
    (folder / "spec").mkdir(exist_ok=True)
    (folder / "spec" / "insightiq.yaml").write_text(text, encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "Change the document")


@pytest.fixture
def repository(tmp_path: pathlib.Path) -> pathlib.Path:
    git(tmp_path, "init", "-q")
    commit(tmp_path, DOCUMENT % "1.0.0")
    return tmp_path


def version(source: Source) -> str:
    return str(source.document["info"]["version"])


def test_newest_release_is_default(repository: pathlib.Path) -> None:
    git(repository, "tag", "v1.0.0")
    commit(repository, DOCUMENT % "1.1.0")
    git(repository, "tag", "v1.1.0")
    commit(repository, DOCUMENT % "1.2.0")
    found = find_base(None, repository)
    assert (found.name, version(found), found.notes) == ("v1.1.0:spec/insightiq.yaml", "1.1.0", ())


def test_last_commit_is_used_without_tags(repository: pathlib.Path) -> None:
    (repository / "spec" / "insightiq.yaml").write_text(DOCUMENT % "2.0.0", encoding="utf-8")
    found = find_base(None, repository)
    assert version(found) == "1.0.0"
    assert "git fetch --tags" in found.notes[0]


def test_other_tags_are_ignored(repository: pathlib.Path) -> None:
    git(repository, "tag", "nightly")
    assert find_base(None, repository).notes


def test_folder_without_git_needs_base(tmp_path: pathlib.Path) -> None:
    with pytest.raises(ComparisonError, match="name a base"):
        find_base(None, tmp_path)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("no-such-branch", "neither a file nor a git revision"),
        ("--output=stolen", "neither a file nor a git revision"),
        ("old.yaml", "there is no such file"),
        ("dir", "neither a file nor a git revision"),
    ],
)
def test_unknown_base_is_rejected(repository: pathlib.Path, wanted: str, message: str) -> None:
    with pytest.raises(ComparisonError, match=message) as caught:
        find_base(wanted, repository)
    assert str(caught.value).startswith(wanted)


def test_revision_without_document_is_rejected(repository: pathlib.Path) -> None:
    git(repository, "rm", "-q", "-r", "spec")
    git(repository, "commit", "-q", "-m", "Remove the document")
    with pytest.raises(ComparisonError, match=r"HEAD: has no spec/insightiq\.yaml"):
        find_base("HEAD", repository)


def test_invalid_document_of_revision_is_rejected(repository: pathlib.Path) -> None:
    commit(repository, "openapi: [3.0.3\n")
    with pytest.raises(ComparisonError, match=r"HEAD:spec/insightiq\.yaml: line 2: not valid YAML"):
        find_base("HEAD", repository)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"openapi: [3", "line 2: not valid YAML: did not find"),
        (b'{"openapi": "3.0.3"', "line 1, column 20: not valid JSON: Expecting ',' delimiter"),
        (b'{"a": 1,\n"a": 2}', "line 2: the key 'a' is written twice"),
        (b"[]", "holds a list"),
        (b"", "is empty"),
        (b"\n<!DOCTYPE html><html></html>", "is a web page"),
        (b"swagger: '2.0'", "'openapi' is missing"),
        (b"openapi: 3.0.3\ninfo: {}\npaths: []", "'paths' is missing or of another type"),
        (b"a: \xff\xfe", "line 1: is not UTF-8 text; save it as UTF-8"),
        (b"a: 1\na: 2", "written twice"),
    ],
)
def test_invalid_file_is_rejected(tmp_path: pathlib.Path, content: bytes, message: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(content)
    with pytest.raises(ComparisonError, match=message) as caught:
        read_file(path)
    assert str(caught.value).startswith(str(path))

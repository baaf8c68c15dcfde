"""``--check`` compares and changes nothing; its report names each kind of difference."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest
import regenerate
from generate import compare


def report(workshop: Any) -> str:
    """Check the tree, and make sure that nothing is changed by that."""
    before = workshop.snapshot()
    found = regenerate.check(workshop.document, workshop.tree, workshop.templates)
    assert workshop.snapshot() == before
    return "\n".join(found)


def test_fresh_tree_is_clean(workshop: Any) -> None:
    """A tree that the document gives has no differences."""
    assert report(workshop) == ""


def test_hand_edited_file(workshop: Any) -> None:
    """An edit by hand is distinguished from a stale file, with a diff and where to make the change."""
    path = workshop.tree / "models" / "kind.py"
    path.write_text(path.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
    message = report(workshop)
    assert "models/kind.py: hand-edited: change the document or the templates" in message
    assert "-# by hand" in message


def test_stale_file(workshop: Any) -> None:
    """After a change of the document the files that follow it are stale."""
    workshop.edit_document(
        lambda document: document["components"]["schemas"]["Kind"]["enum"].append("LAMP")
    )
    message = report(workshop)
    assert "models/kind.py: stale: run make regenerate" in message
    assert '+    LAMP = "LAMP"' in message
    assert "manifest.json: the document changed since the tree was made" in message


def test_changed_template_is_named(workshop: Any) -> None:
    """A changed template is named as the reason, even if it changes no output."""
    workshop.edit_template("endpoint_init.py.jinja", "{# ruff", "{# Ruff")
    assert "manifest.json: the templates changed (endpoint_init.py.jinja)" in report(workshop)


def test_missing_file(workshop: Any) -> None:
    """A file that was deleted by hand is missing."""
    (workshop.tree / "models" / "kind.py").unlink()
    assert "models/kind.py: missing: run make regenerate" in report(workshop)


def test_unexpected_file(workshop: Any) -> None:
    """A file that nothing makes is unexpected: the next generator would drop it."""
    (workshop.tree / "models" / "stray.py").write_text("", encoding="utf-8")
    assert "models/stray.py: unexpected" in report(workshop)


def test_missing_tree(workshop: Any, tmp_path: pathlib.Path) -> None:
    """On a fresh clone without the tree, the message says what to run."""
    found = regenerate.check(workshop.document, tmp_path / "nothing", workshop.templates)
    assert "manifest.json: missing or unreadable; run make regenerate" in found


def test_edited_manifest(workshop: Any) -> None:
    """The manifest itself cannot be edited either."""
    path = workshop.tree / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["counts"]["operations"] += 1
    path.write_text(json.dumps(content), encoding="utf-8")
    assert "manifest.json: the counts changed (operations)" in report(workshop)


def test_report_is_bounded(workshop: Any) -> None:
    """A change of every file gives a report that a person can read."""
    workshop.edit_template("types.py.jinja", "# Writing", "\n".join(["# Writing"] * 200))
    for path in workshop.tree.rglob("*.py"):
        path.write_text("", encoding="utf-8")
    lines = report(workshop).split("\n")
    files = sum(1 for _ in workshop.tree.rglob("*.py"))
    assert len(lines) <= files + compare.FILES_WITH_DIFF * (compare.LINES_PER_FILE + 1) + 10


def test_two_runs_are_identical(shelf: Any, workshop: Any, tmp_path: pathlib.Path) -> None:
    """The same document gives the same bytes, wherever the tree is made."""
    again = tmp_path / "elsewhere" / workshop.tree.name
    again.parent.mkdir()
    regenerate.render(workshop.document, again)
    first = {path.name: path.read_bytes() for path in shelf.folder.iterdir() if path.is_file()}
    second = {path.name: path.read_bytes() for path in again.iterdir() if path.is_file()}
    assert first == second
    assert str(tmp_path) not in (again / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("stale", [False, True])
def test_command_line(workshop: Any, capsys: pytest.CaptureFixture[str], stale: bool) -> None:
    """The exit status says whether the tree is up to date."""
    if stale:
        (workshop.tree / "client.py").write_text("", encoding="utf-8")
    arguments = ["--check", "--document", str(workshop.document), "--output", str(workshop.tree)]
    assert regenerate.main(arguments) == int(stale)
    captured = capsys.readouterr()
    assert ("client.py: hand-edited" in captured.err) == stale
    assert ("up to date" in captured.out) == (not stale)

"""A tree is replaced as a whole or not at all, whatever interrupts the run."""

from __future__ import annotations

import pathlib
import subprocess
from typing import Any

import pytest
import regenerate
from generate import manifest, replace
from generate.errors import GenerateError


def tree(path: pathlib.Path, text: str) -> pathlib.Path:
    """Make a small tree."""
    path.mkdir(parents=True)
    (path / "file.py").write_text(text, encoding="utf-8")
    return path


def held(path: pathlib.Path) -> str:
    """Return what a small tree holds."""
    return (path / "file.py").read_text(encoding="utf-8")


def replace_tree(target: pathlib.Path) -> None:
    """Put a new tree in the place of ``target``."""
    with replace.workspace(target) as folder:
        replace.replace(tree(folder / "package", "new"), target, folder)


def fail_half_way(target: pathlib.Path) -> None:
    """Fail while the new tree is being written."""
    with replace.workspace(target) as folder:
        tree(folder / "package", "half")
        raise RuntimeError


def test_swap_replaces_tree_and_cleans_up(tmp_path: pathlib.Path) -> None:
    """The new tree is in place, and nothing else is left beside it."""
    target = tree(tmp_path / "package", "old")
    replace_tree(target)
    assert held(target) == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_first_tree_needs_no_old_one(tmp_path: pathlib.Path) -> None:
    """A fresh clone without generated code can be regenerated."""
    target = tmp_path / "generated" / "package"
    replace_tree(target)
    assert held(target) == "new"


def test_failure_before_swap_leaves_old_tree(tmp_path: pathlib.Path) -> None:
    """An error while generating touches nothing."""
    target = tree(tmp_path / "package", "old")
    with pytest.raises(RuntimeError):
        fail_half_way(target)
    assert held(target) == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_failing_second_rename_restores_old_tree(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    """Between the two renames there is no tree; a failure there puts the old one back."""
    target = tree(tmp_path / "package", "old")
    rename = pathlib.Path.rename

    def failing(self: pathlib.Path, other: pathlib.Path) -> pathlib.Path:
        if other == target and self.name == "package":
            raise error
        return rename(self, other)

    monkeypatch.setattr(pathlib.Path, "rename", failing)
    with pytest.raises(error):
        replace_tree(target)
    assert held(target) == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_killed_run_is_recovered_by_next(tmp_path: pathlib.Path) -> None:
    """A run killed between the renames left the old tree aside: the next run puts it back."""
    target = tmp_path / "package"
    tree(tmp_path / f"{replace.PREFIX}4194999" / replace.OLD_TREE, "old")
    tree(tmp_path / f"{replace.PREFIX}4194999" / "package", "new")
    with replace.workspace(target):
        assert held(target) == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_folder_of_running_process_stays(tmp_path: pathlib.Path) -> None:
    """Two runs at once do not clean up each other's work."""
    target = tree(tmp_path / "package", "old")
    other = tree(tmp_path / f"{replace.PREFIX}1", "work of process 1")
    with replace.workspace(target):
        pass
    assert other.exists()


def test_foreign_folder_is_left_alone(
    workshop: Any, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped ``--output`` must not cost somebody's files, discarding edits or not."""
    folder = tree(tmp_path / "thesis", "years of work")
    arguments = ["--document", str(workshop.document), "--output", str(folder), "--discard-edits"]
    assert regenerate.main(arguments) == 1
    assert "was not made by the generator" in capsys.readouterr().err
    assert held(folder) == "years of work"


def test_manifest_of_another_tool_makes_no_tree_ours(tmp_path: pathlib.Path) -> None:
    """Browser extensions and web pages have a ``manifest.json``, too."""
    folder = tree(tmp_path / "extension", "years of work")
    (folder / manifest.MANIFEST).write_text('{"manifest_version": 3}', encoding="utf-8")
    with pytest.raises(GenerateError, match="was not made by the generator"):
        replace.check_replaceable(folder, discard_edits=True)


def test_empty_folder_is_filled(tmp_path: pathlib.Path) -> None:
    """There is nothing to lose in it."""
    (tmp_path / "empty").mkdir()
    replace.check_replaceable(tmp_path / "empty", discard_edits=False)


@pytest.mark.parametrize("name", ["models/kind.py", "notes.txt", manifest.MANIFEST])
def test_edited_tree_is_kept_until_edits_are_discarded(workshop: Any, name: str) -> None:
    """An edit by hand, a new file and a merged manifest are named before they go."""
    (workshop.tree / name).write_text("# by hand\n", encoding="utf-8")
    before = workshop.snapshot()
    with pytest.raises(GenerateError, match=rf"{name}; move what you need.*--discard-edits"):
        regenerate.regenerate(workshop.document, workshop.tree, workshop.templates)
    assert workshop.snapshot() == before
    regenerate.regenerate(workshop.document, workshop.tree, workshop.templates, discard_edits=True)
    assert workshop.snapshot().get(f"{workshop.tree.name}/{name}") != b"# by hand\n"


def test_git_ignores_workspace() -> None:
    left = f"generated/{replace.PREFIX}4194999/insightiq_generated/client.py"
    command = ["git", "-C", str(regenerate.ROOT), "check-ignore", left]
    found = subprocess.run(command, check=False, capture_output=True)
    assert found.returncode == 0

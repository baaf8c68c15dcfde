"""The catalogue of seeded mistakes."""

from __future__ import annotations

import collections
import copy
import pathlib

import openapi_document
import pytest
from published_document import DOCUMENT
from seeded_mistakes import catalogue
from seeded_mistakes.edits import DocumentEdit

ROOT = pathlib.Path(__file__).resolve().parents[4]
FOLDER = ROOT / "tests" / "seeded_mistakes"
MISTAKES = catalogue.load(FOLDER)

ENTRY = """
- id: {id}
  mistake: Something is wrong.
  file: a.py
  lines: a
  instead: b
  layers: [{layer}]
"""


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.id)
def test_each_mistake_fits_the_project(mistake: catalogue.Mistake) -> None:
    """A change of the code that moves a mistake's lines away is noticed at once."""
    if isinstance(mistake.edit, DocumentEdit):
        mistake.edit.change(copy.deepcopy(DOCUMENT))
        return
    text = (ROOT / mistake.file).read_text(encoding="utf-8")

    changed = mistake.edit.apply(text)

    if mistake.file.endswith(".py"):
        compile(changed, mistake.file, "exec")


def test_topics_are_modules_of_tests() -> None:
    """A topic that does not exist would make its run fail, and so seem to catch the mistake."""
    for mistake in MISTAKES:
        for topic in mistake.topics:
            scenario = ROOT / "tests" / "contract" / "scenarios" / f"test_{topic}.py"
            unit = ROOT / "tests" / "unit" / topic
            assert unit.exists() if "unit" in mistake.layers else scenario.exists(), mistake.id


def test_operations_are_those_of_the_document() -> None:
    """An operation that does not exist would make its run fail, too."""
    known = {operation.id for operation in openapi_document.operations(DOCUMENT)}

    assert {name for mistake in MISTAKES for name in mistake.operations} <= known


def test_there_are_enough_mistakes_in_each_group() -> None:
    """The catalogue stays as large as it was promised: 50, 40 and 30."""
    numbers = collections.Counter(
        mistake.group for mistake in MISTAKES if mistake.equivalent is None
    )

    assert numbers["server"] >= 50
    assert numbers["client"] >= 40
    assert numbers["document"] >= 30


def test_a_name_used_twice_is_refused(tmp_path: pathlib.Path) -> None:
    """Outcomes are told apart by the names of the mistakes."""
    entries = ENTRY.format(id="one", layer="S") + ENTRY.format(id="one", layer="S")
    (tmp_path / "server.yaml").write_text(entries)

    with pytest.raises(catalogue.CatalogueError, match="two mistakes are called one"):
        catalogue.load(tmp_path, ["server"])


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (ENTRY.format(id="one", layer="X"), "layers are some of P, A"),
        (ENTRY.format(id="one", layer="S").replace("instead", "insted"), "unknown keys insted"),
        ("- id: one\n  mistake: x\n  at: /a\n  layers: [lint]\n", "set, removed or renamed"),
        ("- id: one\n  layers: [S]\n", "mistake"),
    ],
    ids=["unknown layer", "misspelt key", "nothing done", "no sentence"],
)
def test_an_incomplete_entry_is_refused_by_its_name(
    tmp_path: pathlib.Path, entry: str, problem: str
) -> None:
    """Whoever adds a mistake learns which entry is wrong, and how."""
    (tmp_path / "server.yaml").write_text(entry)

    with pytest.raises(catalogue.CatalogueError, match=rf"entry one .*{problem}"):
        catalogue.load(tmp_path, ["server"])

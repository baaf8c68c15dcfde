"""What callers in Python notice, on small trees written by hand."""

from __future__ import annotations

import pathlib

import pytest
from change_report.model import Bump, Change
from change_report.surface import read_surface
from change_report.surface_changes import compare_surfaces
from change_report.types_of import Relation, relation

RESOURCES = """
__all__ = ["AsyncResources", "Resources"]

class Resources:
    @cached_property
    def shelves(self) -> Shelves: ...

class AsyncResources:
    @cached_property
    def shelves(self) -> AsyncShelves: ...
"""
OPERATION = """
__all__ = ["OPERATION", "build_request"]

def build_request({signature}) -> Request: ...

OPERATION: Operation[Shelf] = Operation(id="shelves.get", method="GET", path="/shelves/{{id}}", retry_safe=True)
"""
METHODS = """
__all__ = ["AsyncShelves", "Shelves"]

class Shelves:
    def get(self, {signature}) -> Shelf: ...

class AsyncShelves:
    async def get(self, {signature}) -> Shelf: ...
"""
MODEL = """
__all__ = ["Shelf"]

@_define(repr=False{keyword_only})
class Shelf(Model):
    KEYS: ClassVar[Mapping[str, str]] = {{}}

    {fields}
"""


def changes(before: pathlib.Path, after: pathlib.Path) -> list[tuple[Bump, str, str]]:
    """Verdict, place and rule of each change between two trees."""
    found: list[Change] = compare_surfaces(read_surface(before), read_surface(after))
    return [(each.bump, each.where, each.rule) for each in found]


def tree(
    folder: pathlib.Path,
    signature: str = "id: str",
    fields: str = "name: str\n    size: int",
    keyword_only: str = "",
) -> pathlib.Path:
    """A generated package with one resource, one operation and one model."""
    files = {
        "api/__init__.py": RESOURCES,
        "api/shelves/__init__.py": METHODS.format(signature=signature),
        "api/shelves/get.py": OPERATION.format(signature=signature),
        "models/shelf.py": MODEL.format(fields=fields, keyword_only=keyword_only),
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


CALLS = "Shelves.get, AsyncShelves.get, api.shelves.get.build_request"


@pytest.mark.parametrize(
    ("signature", "bump", "rule"),
    [
        ("id: str, *, limit: int", Bump.MAJOR, "parameter-added"),
        ("id: str, *, limit: int | Unset = UNSET", Bump.MINOR, "parameter-added"),
        ("shelf_id: str", Bump.MAJOR, "parameter-renamed"),
        ("id: str | int", Bump.MINOR, "parameter-type"),
        ("id: int", Bump.MAJOR, "parameter-type"),
        ("*, id: str", Bump.MAJOR, "parameter-kind"),
        ("id: str = 'a'", Bump.MINOR, "parameter-optional"),
        ("", Bump.MAJOR, "parameter-removed"),
    ],
)
def test_change_of_a_signature_is_named_once(
    tmp_path: pathlib.Path, signature: str, bump: Bump, rule: str
) -> None:
    """Sync, async and builder share one line, with the verdict for those who call."""
    found = changes(tree(tmp_path / "old"), tree(tmp_path / "new", signature))
    assert found == [(bump, CALLS, rule)]


def test_arguments_that_change_places_break(tmp_path: pathlib.Path) -> None:
    """Two texts that are passed by position would be mistaken for one another silently."""
    old = tree(tmp_path / "old", "room: str, id: str")
    new = tree(tmp_path / "new", "id: str, room: str")
    assert {rule for _, _, rule in changes(old, new)} == {"parameter-moved"}


@pytest.mark.parametrize(
    ("fields", "keyword_only", "expected"),
    [
        ("name: str | None\n    size: int", "", [(Bump.MAJOR, "field-type")]),
        ("name: str\n    size: bool", "", [(Bump.MAJOR, "field-type")]),
        ("size: int\n    name: str", "", [(Bump.MAJOR, "fields-moved")]),
        ("size: int\n    name: str", ", kw_only=True", []),
        ("name: str\n    size: int\n    age: int", "", [(Bump.MINOR, "field-added")]),
        ("name: str", "", [(Bump.MAJOR, "field-removed")]),
    ],
)
def test_change_of_what_is_read(
    tmp_path: pathlib.Path, fields: str, keyword_only: str, expected: list[tuple[Bump, str]]
) -> None:
    """A wider type, a lost field and a moved one break; positions count only where they exist."""
    old = tree(tmp_path / "old", keyword_only=keyword_only)
    new = tree(tmp_path / "new", fields=fields, keyword_only=keyword_only)
    assert [(bump, rule) for bump, _, rule in changes(old, new)] == expected


def test_same_tree_has_no_change(tmp_path: pathlib.Path) -> None:
    """A tree compared with its like is silent."""
    assert changes(tree(tmp_path / "old"), tree(tmp_path / "new")) == []


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("str", "str", Relation.SAME),
        ("str", "str | None", Relation.WIDER),
        ("None | str", "str", Relation.NARROWER),
        ("int", "float", Relation.WIDER),
        ("str", "int", Relation.OTHER),
        ("list[str]", "list[str | None]", Relation.WIDER),
        ("list[str] | None", "list[Colour] | None", Relation.NARROWER),
        ("Sequence[Colour | ColourText]", "Sequence[str]", Relation.WIDER),
        ("int", "Any", Relation.WIDER),
    ],
)
def test_relation_of_types(before: str, now: str, expected: Relation) -> None:
    """Unions, containers, int and float, and enumerations, which are text, compare as they should."""
    assert relation(before, now, frozenset({"Colour", "ColourText"})) is expected

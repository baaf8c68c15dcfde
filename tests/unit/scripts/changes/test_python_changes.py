"""Changes for callers in Python, on small packages written by hand."""

from __future__ import annotations

import pathlib

import pytest
from changes.model import Bump, Change
from changes.python_changes import Relation, compare_surfaces, relation
from changes.python_surface import read_surface

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
    found: list[Change] = compare_surfaces(read_surface(before), read_surface(after))
    return [(each.bump, each.where, each.rule) for each in found]


def tree(
    folder: pathlib.Path,
    signature: str = "id: str",
    fields: str = "name: str\n    size: int",
    keyword_only: str = "",
) -> pathlib.Path:
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
def test_signature_change_is_reported_once(
    tmp_path: pathlib.Path, signature: str, bump: Bump, rule: str
) -> None:
    found = changes(tree(tmp_path / "old"), tree(tmp_path / "new", signature))
    assert found == [(bump, CALLS, rule)]


def test_swapped_arguments_are_breaking(tmp_path: pathlib.Path) -> None:
    old = tree(tmp_path / "old", "room: str, id: str")
    new = tree(tmp_path / "new", "id: str, room: str")
    assert {(bump, rule) for bump, _, rule in changes(old, new)} == {
        (Bump.MAJOR, "parameter-moved")
    }


@pytest.mark.parametrize(
    ("before", "now", "bump", "rule"),
    [
        ("id: str, *, limit: int = 10", "id: str, *, limit: int", Bump.MAJOR, "parameter-required"),
        ("limit: int = 10", "limit: int = 20", Bump.MAJOR, "parameter-default"),
        ("*, id: str", "id: str", Bump.MINOR, "parameter-kind"),
    ],
)
def test_change_of_how_parameter_is_passed(
    tmp_path: pathlib.Path, before: str, now: str, bump: Bump, rule: str
) -> None:
    found = changes(tree(tmp_path / "old", before), tree(tmp_path / "new", now))
    assert found == [(bump, CALLS, rule)]


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
def test_change_of_model_fields(
    tmp_path: pathlib.Path, fields: str, keyword_only: str, expected: list[tuple[Bump, str]]
) -> None:
    old = tree(tmp_path / "old", keyword_only=keyword_only)
    new = tree(tmp_path / "new", fields=fields, keyword_only=keyword_only)
    assert [(bump, rule) for bump, _, rule in changes(old, new)] == expected


ENUMERATION = """
__all__ = ["Colour"]

class Colour(OpenEnum):
{members}
"""


def with_module(folder: pathlib.Path, name: str, text: str) -> pathlib.Path:
    tree(folder)
    (folder / "models" / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("before", "now", "bump", "rule"),
    [
        ({"RED": "red"}, {"RED": "red", "BLUE": "blue"}, Bump.MINOR, "member-added"),
        ({"RED": "red", "BLUE": "blue"}, {"RED": "red"}, Bump.MAJOR, "member-removed"),
        ({"RED": "red"}, {"RED": "crimson"}, Bump.MAJOR, "member-changed"),
    ],
)
def test_change_of_enumeration(
    tmp_path: pathlib.Path, before: dict[str, str], now: dict[str, str], bump: Bump, rule: str
) -> None:
    def module(members: dict[str, str]) -> str:
        lines = (f'    {name} = "{value}"' for name, value in members.items())
        return ENUMERATION.format(members="\n".join(lines))

    old = with_module(tmp_path / "old", "colour.py", module(before))
    new = with_module(tmp_path / "new", "colour.py", module(now))
    assert changes(old, new) == [(bump, "models.Colour", rule)]


def test_removed_and_renamed_classes_are_breaking(tmp_path: pathlib.Path) -> None:
    plain, colour = tree(tmp_path / "plain"), ENUMERATION.format(members='    RED = "red"')
    old = with_module(tmp_path / "old", "colour.py", colour)
    new = with_module(tmp_path / "new", "colour.py", colour.replace("Colour", "Color"))
    assert changes(old, plain) == [(Bump.MAJOR, "models.Colour", "class-removed")]
    assert changes(plain, old) == [(Bump.MINOR, "models.Colour", "class-added")]
    assert changes(old, new) == [(Bump.MAJOR, "models.Color", "class-renamed")]


def test_removed_resource_is_breaking(tmp_path: pathlib.Path) -> None:
    old, new = tree(tmp_path / "old"), tree(tmp_path / "new")
    (new / "api" / "__init__.py").write_text(RESOURCES.replace("shelves(self)", "racks(self)"))
    assert {(bump, rule) for bump, _, rule in changes(old, new)} == {
        (Bump.MAJOR, "resource-removed"),
        (Bump.MINOR, "resource-added"),
    }


def test_same_tree_has_no_change(tmp_path: pathlib.Path) -> None:
    assert changes(tree(tmp_path / "old"), tree(tmp_path / "new")) == []


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("str", "str", Relation.SAME),
        ("str | int", "int | str", Relation.SAME),
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
    assert relation(before, now, frozenset({"Colour", "ColourText"})) is expected

"""Text of a document never becomes code, whatever it holds and wherever it stands.

Each text and each key of a document is replaced by hostile text: alone, and together with its equals
elsewhere, so that what refers to it goes on fitting. The generator either says in a sentence
what is wrong, or makes a tree in which the text is text.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import os
import pathlib
from collections.abc import Iterator, Sequence
from typing import Any

import openapi_document
import pytest
from generate import (
    document_checks,
    run_generator,
    tree_checks,
)
from generate.errors import GenerateError

from .conftest import EVERYTHING_DOCUMENT, SMALL_DOCUMENT

CLEAN_DOCUMENT = pathlib.Path(__file__).parents[1] / "lint" / "clean.yaml"

CODE = '__import__("pathlib").Path("executed").touch()'
HOSTILE = {
    "double quotes": f'a"+str({CODE})+"',
    "single quotes": f"a'+str({CODE})+'",
    "triple quotes": f'a"""\n{CODE}\n"""',
    "triple quotes behind a backslash": f'a\\"""\n{CODE}\n\\"""\\',
    "braces": f"{{{CODE}}} {{{{ {CODE} }}}} {{% raw %}} {{# x #}}",
    "lines": f"a\n{CODE}\n#",
    "lone carriage returns": f"a\r{CODE}\r#",
    "comments": f"a # noqa\n\n\n{CODE}  # type: ignore",
    "characters": "a\0\x1b\x85\u2028\u2029\u202e\u200f\ufeff \N{WINE GLASS}'\"",
    "backslashes": "C:\\new\\temp C:\\users \\N{x} \\x0 \\",
    "nothing": "",
    "quotes at both ends": '"""" \'',
}
MIXED = " ".join(HOSTILE.values())

# Where a text stands: keys and positions that lead there; a last key in a tuple means itself.
Place = tuple[Any, ...]
Edit = tuple[Place, ...]


def places(node: Any, above: Place = ()) -> Iterator[Place]:
    """Yield the place of each text and of each key."""
    if isinstance(node, dict):
        for key, child in node.items():
            yield (*above, (key,))
            yield from places(child, (*above, key))
    elif isinstance(node, list):
        for position, child in enumerate(node):
            yield from places(child, (*above, position))
    elif isinstance(node, str):
        yield above


def text_at(document: Any, place: Place) -> str:
    """Return the text at a place."""
    if isinstance(place[-1], tuple):
        return str(place[-1][0])
    for part in place:
        document = document[part]
    return str(document)


def edits_of(document: Any) -> list[Edit]:
    """Return each place alone, then the places that hold the same text."""
    found = list(places(document))
    equal: dict[str, list[Place]] = {}
    for place in found:
        equal.setdefault(text_at(document, place), []).append(place)
    together = [tuple(same) for same in equal.values() if len(same) > 1]
    return [*((place,) for place in found), *together]


def edited(document: Any, edits: Sequence[tuple[Edit, str]]) -> dict[str, Any]:
    """Return a copy with the text at all places of an edit replaced by that of the edit."""
    written = [(place, text) for edit, text in edits for place in edit]
    result: dict[str, Any] = copy.deepcopy(document)
    # The deepest first, so that no renamed key is on the way to another place.
    for place, text in sorted(written, key=lambda each: -len(each[0])):
        holder: Any = result
        for part in place[:-1]:
            holder = holder[part]
        if isinstance(place[-1], tuple):
            items = [(text if key == place[-1][0] else key, holder[key]) for key in holder]
            holder.clear()
            holder.update(items)
        else:
            holder[place[-1]] = text
    return result


def problems_of(document: dict[str, Any], *, with_generator: bool = True) -> tuple[str, ...]:
    """Return what the generator says of a document before it writes anything."""
    try:
        document_checks.check_structure(document)
        document_checks.check_document(document)
        if with_generator:
            run_generator.check_generator(document)
    except GenerateError as error:
        return error.problems
    except openapi_document.DocumentError as error:
        return (str(error),)
    return ()


def generated(document: dict[str, Any], tree: pathlib.Path) -> None:
    """Write the package, and look at its code without running it."""
    run_generator.generate(document, tree, tidy=False)
    for path in tree.rglob("*.py"):
        module = ast.parse(path.read_bytes(), path.name)
        used = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
        assert "__import__" not in used, f"text became code in {path.name}"
        alone = [node for node in module.body if isinstance(node, ast.Expr)]
        assert all(isinstance(node.value, ast.Constant) for node in alone), path.name


def render_all(document: Any, edits: list[tuple[Edit, str]], folder: pathlib.Path) -> int:
    """Make trees of as many edits at once as go together; return how many of them did."""
    together = edited(document, edits)
    if not problems_of(together):
        tree = folder / f"tree_{len(list(folder.iterdir()))}"
        generated(together, tree)
        return len(edits)
    if len(edits) == 1:
        return 0
    half = len(edits) // 2
    return sum(render_all(document, part, folder) for part in (edits[:half], edits[half:]))


def hostile_at(document: Any, edit: Edit, text: str, number: int) -> str:
    """Return a text that no other edit has, so that keys and names stay distinct."""
    marked = f"{text}{number}" if text else f"x{number}"
    (place, *_) = edit
    if place[0] == "paths" and len(place) == 2:
        # A path begins with a slash, and its braces stand for parameters.
        return f"{text_at(document, place)}/{marked.translate({123: None, 125: None})}"
    return marked


# Names that have to fit each other, and are not all that their texts stand for.
PAGINATION = ("paths", "/v1/items", "get", "x-pagination")
BULK = ("paths", "/v1/items/search", "post", "x-bulk")
SCHEMAS = ("components", "schemas")
LINKED: list[Edit] = [
    (("components", "parameters", "Offset", "name"), (*PAGINATION, "offset")),
    (("components", "parameters", "Limit", "name"), (*PAGINATION, "limit")),
    (
        (*SCHEMAS, "ItemList", "properties", ("data",)),
        (*SCHEMAS, "ItemList", "required", 0),
        (*PAGINATION, "items"),
    ),
    (
        (*SCHEMAS, "ItemSearchResult", "properties", ("data",)),
        (*SCHEMAS, "ItemSearchResult", "required", 0),
        (*BULK, "items"),
    ),
    (
        (*SCHEMAS, "IdsSearch", "properties", ("ids",)),
        (*SCHEMAS, "IdsSearch", "required", 0),
        (*BULK, "parameter"),
    ),
]


def accepted_edits(document: Any, edits: Sequence[Edit], text: str) -> list[tuple[Edit, str]]:
    """Return the edits after which the document is accepted; the others are reported in sentences."""
    accepted: list[tuple[Edit, str]] = []
    for number, edit in enumerate(edits):
        hostile = hostile_at(document, edit, text, number)
        # The generator reads them all at once: it is slow.
        problems = problems_of(edited(document, [(edit, hostile)]), with_generator=False)
        assert all(0 < len(each) < 5000 for each in problems)
        if not problems:
            accepted.append((edit, hostile))
    return accepted


def compatible(edits: Sequence[tuple[Edit, str]]) -> Iterator[list[tuple[Edit, str]]]:
    """Yield the edits in groups that touch each place once."""
    while edits:
        taken: set[Place] = set()
        group: list[tuple[Edit, str]] = []
        left: list[tuple[Edit, str]] = []
        for each in edits:
            (group if taken.isdisjoint(each[0]) else left).append(each)
            taken.update(each[0])
        yield group
        edits = left


def assert_nothing_runs(trees: Iterator[pathlib.Path], folder: pathlib.Path) -> None:
    """Import everything in a process of its own, beside which the code would leave a file."""
    with contextlib.chdir(folder):
        for tree in trees:
            tree_checks.check_imports(tree)
    assert not (folder / "executed").exists()


def test_text_stays_text(tmp_path: pathlib.Path) -> None:
    """Every place takes hostile text, or the generator says why not."""
    document = openapi_document.load(SMALL_DOCUMENT)
    linked = {place for edit in LINKED for place in edit}
    single = [edit for edit in edits_of(document) if len(edit) == 1 and edit[0] not in linked]
    accepted = accepted_edits(document, [*LINKED, *single], MIXED)
    assert set(LINKED) <= {edit for edit, _ in accepted}
    for kind in ("", "backslashes", "quotes at both ends"):
        folder = tmp_path / f"trees {kind}"
        folder.mkdir()
        texts = [
            (edit, hostile_at(document, edit, HOSTILE.get(kind, MIXED), number))
            for number, (edit, _) in enumerate(accepted)
        ]
        assert render_all(document, texts, folder) > 250
        assert_nothing_runs(folder.iterdir(), tmp_path)


def test_text_of_every_form_stays_text(tmp_path: pathlib.Path) -> None:
    """The same for the document that uses every form of OpenAPI."""
    document = openapi_document.load(EVERYTHING_DOCUMENT)
    accepted = accepted_edits(document, edits_of(document), MIXED)
    folder = tmp_path / "trees"
    folder.mkdir()
    made = sum(render_all(document, group, folder) for group in compatible(accepted))
    assert made > 400
    assert_nothing_runs(folder.iterdir(), tmp_path)


KINDS = HOSTILE if os.environ.get("HOSTILE_TEXTS") == "alone" else ["double quotes"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_text_stays_text(kind: str, tmp_path: pathlib.Path) -> None:
    """Each hostile text is tried alone, equal texts together: one could hide another.

    Minutes for all kinds, which the nightly run takes.
    """
    document = openapi_document.load(CLEAN_DOCUMENT)
    trees = tmp_path / "trees"
    trees.mkdir()
    edits = [edit for edit in edits_of(document) if len(edit) > 1 or len(KINDS) > 1]
    for group in compatible(accepted_edits(document, edits, HOSTILE[kind])):
        render_all(document, group, trees)
    assert_nothing_runs(trees.iterdir(), tmp_path)


def test_half_character_is_rejected() -> None:
    """Neither a file nor a validator can hold it, so it is reported with its place."""
    document = openapi_document.load(SMALL_DOCUMENT)
    document["tags"][0]["description"] = "half \ud83d"
    with pytest.raises(GenerateError, match="#/tags/0/description: a text holds half"):
        document_checks.check_structure(document)


def test_harmless_text_is_kept(tmp_path: pathlib.Path) -> None:
    """A backslash in a description and a quote in a key arrive as they were written."""
    document = openapi_document.load(SMALL_DOCUMENT)
    document["tags"][0]["description"] = "Files below C:\\new\\temp and C:\\users."
    shelf = document["components"]["schemas"]["Shelf"]
    keys = ['the "label"', "a\\b", "two\nlines", "\u202edesrever", "\N{WINE GLASS}", "{x}"]
    shelf["properties"].update({key: {"type": "string", "format": "date"} for key in keys})
    tree = tmp_path / "harmless"
    run_generator.generate(document, tree)
    module = ast.parse((tree / "api" / "items" / "__init__.py").read_text(encoding="utf-8"))
    (described, *_) = [node for node in module.body if isinstance(node, ast.ClassDef)]
    assert ast.get_docstring(described) == "Files below C:\\new\\temp and C:\\users."
    code = ast.parse((tree / "models" / "shelf.py").read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(code) if isinstance(node, ast.Constant)}
    assert {*keys, *(f"Shelf.{key}" for key in keys)} <= texts

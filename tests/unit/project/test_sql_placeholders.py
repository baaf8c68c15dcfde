"""How statements name their parameters."""

from __future__ import annotations

import ast
import pathlib
import re

ROOT = pathlib.Path(__file__).parents[3]
SOURCES = [
    path for folder in ("mock_server", "overrides") for path in (ROOT / folder).rglob("*.py")
]

# A question mark with a number where a statement has a value.
NUMBERED = re.compile(r"(?:^|[\s(,=<>])\?\d")


def texts(path: pathlib.Path) -> list[tuple[int, str]]:
    """Every text of a module, parts of f-strings included, with its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def test_no_placeholder_has_number() -> None:
    """CPython 3.12.0 to 3.12.3 warn about them, which fails the tests of users who forbid warnings."""
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in SOURCES
        for line, text in texts(path)
        if NUMBERED.search(text)
    ]
    assert SOURCES, "there are modules to look through"
    assert found == []

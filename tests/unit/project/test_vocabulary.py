"""Names and docstrings use the terms of the field."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
QUESTION = re.compile(r"(What|Whom?|Whose|How|Which|Where|When|Why)\b")
RELATION = re.compile(r"(Whether|From|To|If|That)\b")

# Words that this project once had for what the field calls otherwise.
PRIVATE = {
    "answer": "response",
    "answers": "responses",
    "answered": "responded",
    "reply": "response",
    "replies": "responses",
    "refusal": "error",
    "refusals": "errors",
    "refuse": "reject",
    "refuses": "rejects",
    "tell": "report, or emit",
    "tells": "reports, or emits",
    "told": "reported, or emitted",
    "observer": "event hook, or listener",
    "observers": "event hooks, or listeners",
    "repetition": "retry",
    "repetitions": "retries",
    "effort": "retry state",
    "efforts": "retry states",
    "wish": "option",
    "wishes": "options",
    "bury": "reap",
    "disown": "release",
    "believed": "adaptive",
    "casting": "seed accounts",
    "blueprint": "seed",
    "courier": "dispatcher",
    "errand": "delivery attempt",
    "stretch": "duration",
    "furnish": "seed data",
    "considerate": "rate-limited",
    "mutant": "mutation",
    "mutants": "mutations",
    "regeneration": "generate",
    "whoever": "anyone",
    "nobody": "no one",
}


FOLDERS = ("generated", "mock_server", "overrides", "scripts", "tests")
SOURCES = {
    path: ast.parse(path.read_text("utf-8"))
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "node_modules" not in path.parts
}
NAMES_OF_THE_API = {"reply_count"}
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name, node.lineno
            case ast.AsyncFunctionDef(name=name):
                yield name, node.lineno
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                yield name, node.lineno
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name, node.lineno


def _words(name: str) -> set[str]:
    return set(re.findall(r"[a-z]+", re.sub(r"([A-Z])", r"_\1", name).lower()))


def _place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_names_use_words_of_the_field() -> None:
    found = []
    for path, tree in SOURCES.items():
        for name, line in {path.stem: 0, **dict(_names(tree))}.items():
            if path != Path(__file__) and name not in NAMES_OF_THE_API:
                advice = [f"write {PRIVATE[word]}" for word in _words(name) & PRIVATE.keys()]
                found += [f"{_place(path, line)}: {name}: {each}" for each in advice]
    assert found == []


def test_docstrings_begin_with_no_question_word() -> None:
    """A docstring says what the object is or does."""
    found = []
    for path, tree in SOURCES.items():
        for node in ast.walk(tree):
            if isinstance(node, Documented):
                text = ast.get_docstring(node)
                if text and QUESTION.match(text):
                    found.append(_place(path, getattr(node, "lineno", 1)))
    assert found == []


def test_docstrings_of_modules_begin_with_noun() -> None:
    found = [
        _place(path, 1)
        for path, tree in SOURCES.items()
        if RELATION.match(ast.get_docstring(tree) or "")
    ]
    assert found == []

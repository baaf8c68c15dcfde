"""Comparing two annotations as a type checker would: wider, narrower, or another type."""

from __future__ import annotations

import ast
import enum

__all__ = ["Relation", "relation"]

# PEP 484: an int is accepted where a float is expected.
PROMOTED = {"int": "float"}


class Relation(enum.Enum):
    """How a newer type relates to an older one."""

    SAME = "same"
    NARROWER = "narrower"
    WIDER = "wider"
    OTHER = "other"


def relation(before: str, now: str, texts: frozenset[str] = frozenset()) -> Relation:
    """Tell how the annotation ``now`` relates to ``before``.

    Args:
        before: The older annotation.
        now: The newer one.
        texts: Names of types that are text as well: enumerations.

    Example:
        >>> relation("str", "str | None")
        <Relation.WIDER: 'wider'>
    """
    old, new = _members(before), _members(now)
    if old == new:
        return Relation.SAME
    inside = _inside(old, new, texts)
    if inside is not None:
        return inside
    if _covers(new, old, texts):
        return Relation.WIDER
    return Relation.NARROWER if _covers(old, new, texts) else Relation.OTHER


def _members(annotation: str) -> frozenset[str]:
    waiting = [ast.parse(annotation, mode="eval").body]
    found: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            waiting += [node.left, node.right]
        else:
            found.add(ast.unparse(node))
    return frozenset(found)


def _covers(wide: frozenset[str], narrow: frozenset[str], texts: frozenset[str]) -> bool:
    if "Any" in wide:
        return True
    general = {**PROMOTED, **dict.fromkeys(texts, "str")}
    return all(each in wide or general.get(each) in wide for each in narrow)


def _inside(old: frozenset[str], new: frozenset[str], texts: frozenset[str]) -> Relation | None:
    """Compare the items of two containers where all else is the same."""
    gone, come = old - new, new - old
    if len(gone) != 1 or len(come) != 1:
        return None
    before, now = (ast.parse(each, mode="eval").body for each in (*gone, *come))
    if not isinstance(before, ast.Subscript) or not isinstance(now, ast.Subscript):
        return None
    if ast.unparse(before.value) != ast.unparse(now.value):
        return None
    return relation(ast.unparse(before.slice), ast.unparse(now.slice), texts)

"""Changes between two client surfaces, rated by their effect on callers in Python.

The verdicts that are not obvious:

* A value that is **read** breaks code when its type gets wider (``str`` → ``str | None``), even if
  only a strict type checker says so. Narrower is harmless.
* A value that is **passed** breaks code when its type gets narrower. Wider is harmless.
* Positions count wherever something can be passed by position: two arguments of one type that
  change places fail silently.
* One more member of an enumeration is harmless: all of them are open and keep unknown values.
"""

from __future__ import annotations

import ast
import dataclasses
import enum
from typing import TYPE_CHECKING

from changes.model import Bump, Change, Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from changes.python_surface import Function, Parameter, Surface

__all__ = ["Relation", "compare_surfaces", "relation"]

# PEP 484: an int is accepted where a float is expected.
PROMOTED = {"int": "float"}


class Relation(enum.Enum):
    """Relation of a newer type to an older one."""

    SAME = "same"
    NARROWER = "narrower"
    WIDER = "wider"
    OTHER = "other"

    @property
    def of_argument(self) -> Bump:
        """Verdict for a value that is passed."""
        return Bump.MINOR if self is Relation.WIDER else Bump.MAJOR

    @property
    def of_result(self) -> Bump:
        """Verdict for a value that is read."""
        return Bump.MINOR if self is Relation.NARROWER else Bump.MAJOR


def compare_surfaces(before: Surface, now: Surface) -> list[Change]:
    """Return every change that callers in Python notice, one for sync, async and builder."""
    renamed = _same_content(before.models, now.models) | _same_content(before.enums, now.enums)
    return _merged(_changes(before.with_renamed_classes(renamed), now, renamed))


def _changes(before: Surface, now: Surface, renamed: Mapping[str, str]) -> Iterator[Change]:
    for name, newer in renamed.items():
        what, users = f"Class {name} is called {newer} now.", now.users_of(newer)
        yield _change(f"models.{newer}", what, "class-renamed", Bump.MAJOR, *users)
    yield from _operations(before, now)
    yield from _methods(before, now)
    yield from _functions(before, now)
    yield from _names(before.properties, now.properties, "resource")
    yield from _names(before.exports, now.exports, "name")
    yield from _classes(before, now)
    yield from _unions(before, now)


def _same_content(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, str]:
    """Pair the classes of equal content that have another name."""
    found: dict[str, str] = {}
    for name in sorted(old.keys() - new.keys()):
        free = sorted(new.keys() - old.keys() - set(found.values()))
        match = next((each for each in free if new[each] == old[name]), None)
        if match is not None:
            found[name] = match
    return found


def _change(
    where: str, what: str, rule: str, bump: Bump, *operations: str | None, attention: bool = False
) -> Change:
    ids = tuple(sorted({each for each in operations if each is not None}))
    return Change(where, what, rule, bump, attention, Side.PYTHON, ids)


def _names(old: Iterable[str], new: Iterable[str], kind: str) -> Iterator[Change]:
    before, now = set(old), set(new)
    for name in before - now:
        yield _change(name, f"The {kind} was removed.", f"{kind}-removed", Bump.MAJOR)
    for name in now - before:
        yield _change(name, f"The {kind} was added.", f"{kind}-added", Bump.MINOR)


def _operations(before: Surface, now: Surface) -> Iterator[Change]:
    """Compare the facts about an operation that no signature shows."""
    for id_ in before.operations.keys() & now.operations.keys():
        old, new = before.operations[id_], now.operations[id_]
        if old.get("retry_safe") != new.get("retry_safe"):
            verb = "is" if new.get("retry_safe") == "True" else "is no longer"
            what = f"A request that may have been received {verb} retried after a failure."
            yield _change(id_, what, "retry-changed", Bump.MINOR, id_, attention=True)
        for fact in ("pagination", "bulk"):
            if fact in old and fact in new and old[fact] != new[fact]:
                what = f"The client's {fact} changed to {new[fact]}."
                yield _change(id_, what, f"{fact}-changed", Bump.PATCH, id_)


def _methods(before: Surface, now: Surface) -> Iterator[Change]:
    texts, renamed = before.texts | now.texts, _renamed_methods(before, now)
    for name, old in before.methods.items():
        newer = renamed.get(name, name)
        id_ = now.operation_of(newer)
        if name in renamed:
            what = f"Method {name} is called {newer} now."
            yield _change(newer, what, "method-renamed", Bump.MAJOR, id_)
        if newer in now.methods:
            yield from _function(newer, old, now.methods[newer], id_, texts)
        else:
            id_ = before.operation_of(name)
            yield _change(name, "The method was removed.", "method-removed", Bump.MAJOR, id_)
    for name in now.methods.keys() - before.methods.keys() - set(renamed.values()):
        id_ = now.operation_of(name)
        yield _change(name, "The method was added.", "method-added", Bump.MINOR, id_)


def _renamed_methods(before: Surface, now: Surface) -> dict[str, str]:
    """Pair the methods of operations that kept method and path under another id."""
    old, new = (
        {(facts.get("method"), facts.get("path")): id_ for id_, facts in each.operations.items()}
        for each in (before, now)
    )
    moved = {old[route]: new[route] for route in old.keys() & new.keys()}
    added = {
        (now.operation_of(name), name.startswith("Async")): name
        for name in now.methods.keys() - before.methods.keys()
    }
    found: dict[str, str] = {}
    for name in before.methods.keys() - now.methods.keys():
        target = moved.get(before.operation_of(name) or "")
        if target and (newer := added.get((target, name.startswith("Async")))):
            found[name] = newer
    return found


def _functions(before: Surface, now: Surface) -> Iterator[Change]:
    """Compare the functions of modules; those of an operation come and go with its method."""
    texts = before.texts | now.texts
    for name in before.functions.keys() & now.functions.keys():
        id_ = now.operation_of(name)
        yield from _function(name, before.functions[name], now.functions[name], id_, texts)
    old, new = (
        (name for name in each.functions if not name.startswith("api.")) for each in (before, now)
    )
    yield from _names(old, new, "function")


def _function(
    where: str, old: Function, new: Function, operation: str | None, texts: frozenset[str]
) -> Iterator[Change]:
    def change(what: str, rule: str, bump: Bump) -> Change:
        return _change(where, what, rule, bump, operation)

    how = relation(old.returns, new.returns)
    if how is not Relation.SAME:
        what = f"Returns {new.returns}, formerly {old.returns}."
        yield change(what, "return-type", how.of_result)
    was, is_ = old.parameters, new.parameters
    renamed = _renamed_parameters(was, is_)
    for name in was.keys() - is_.keys() - renamed.keys():
        yield change(f"Parameter {name} was removed.", "parameter-removed", Bump.MAJOR)
    for name, newer in renamed.items():
        what = f"Parameter {name} is called {newer} now; calls by keyword fail."
        yield change(what, "parameter-renamed", Bump.MAJOR)
    for name in is_.keys() - was.keys() - set(renamed.values()):
        required = is_[name].default is None
        kind, bump = ("Required", Bump.MAJOR) if required else ("Optional", Bump.MINOR)
        yield change(f"{kind} parameter {name} was added.", "parameter-added", bump)
    for name in was.keys() & is_.keys():
        for what, rule, bump in _parameter(name, was[name], is_[name], texts):
            yield change(what, rule, bump)


def _renamed_parameters(
    old: Mapping[str, Parameter], new: Mapping[str, Parameter]
) -> dict[str, str]:
    """Pair the parameters of one type at one position that have another name."""
    added = {
        (each.position, each.annotation): name for name, each in new.items() if name not in old
    }
    return {
        name: added[each.position, each.annotation]
        for name, each in old.items()
        if name not in new
        and each.position is not None
        and (each.position, each.annotation) in added
    }


def _parameter(
    name: str, old: Parameter, new: Parameter, texts: frozenset[str]
) -> Iterator[tuple[str, str, Bump]]:
    before, now = (each.annotation.removesuffix(" | Unset") for each in (old, new))
    how = relation(before, now, texts)
    if how is not Relation.SAME:
        what = f"Parameter {name} takes {new.annotation}, formerly {old.annotation}."
        yield what, "parameter-type", how.of_argument
    if old.default is not None and new.default is None:
        yield f"Parameter {name} is required now.", "parameter-required", Bump.MAJOR
    elif old.default is None and new.default is not None:
        yield f"Parameter {name} may be left out now.", "parameter-optional", Bump.MINOR
    elif old.default != new.default:
        what = f"Default of parameter {name} is {new.default}, formerly {old.default}."
        yield what, "parameter-default", Bump.MAJOR
    if old.position is not None and new.position is None:
        yield f"Parameter {name} is passed by keyword only now.", "parameter-kind", Bump.MAJOR
    elif old.position is None and new.position is not None:
        yield f"Parameter {name} may be passed by position now.", "parameter-kind", Bump.MINOR
    elif old.position != new.position:
        what = f"Parameter {name} moved from position {old.position} to {new.position}."
        yield what, "parameter-moved", Bump.MAJOR


def _classes(before: Surface, now: Surface) -> Iterator[Change]:
    for old, new in ((before.models, now.models), (before.enums, now.enums)):
        for name in old.keys() - new.keys():
            users, where = before.users_of(name), f"models.{name}"
            yield _change(where, "The class was removed.", "class-removed", Bump.MAJOR, *users)
        for name in new.keys() - old.keys():
            users, where = now.users_of(name), f"models.{name}"
            yield _change(where, "The class was added.", "class-added", Bump.MINOR, *users)
    sent, received = before.sent | now.sent, before.received | now.received
    texts = before.texts | now.texts
    found: dict[str, Iterator[tuple[str, str, Bump]]] = {}
    for name in before.models.keys() & now.models.keys():
        directions = (name in sent, name in received)
        found[name] = _model(before.models[name], now.models[name], directions, texts)
    for name in before.enums.keys() & now.enums.keys():
        found[name] = _entries(before.enums[name], now.enums[name], "member")
    for name, changes in found.items():
        for what, rule, bump in changes:
            yield _change(f"models.{name}", what, rule, bump, *now.users_of(name))


def _model(
    old: Mapping[str, Parameter],
    new: Mapping[str, Parameter],
    directions: tuple[bool, bool],
    texts: frozenset[str],
) -> Iterator[tuple[str, str, Bump]]:
    is_sent, is_received = directions
    for name in old.keys() - new.keys():
        yield f"Field {name} was removed.", "field-removed", Bump.MAJOR
    for name in new.keys() - old.keys():
        required = new[name].default is None and is_sent
        kind, bump = ("Required field", Bump.MAJOR) if required else ("Field", Bump.MINOR)
        yield f"{kind} {name} was added.", "field-added", bump
    kept = [name for name in old if name in new]
    for name in kept:
        was, is_ = old[name], new[name]
        how = relation(was.annotation, is_.annotation, texts)
        if how is not Relation.SAME:
            bump = max(
                how.of_result if is_received else Bump.MINOR,
                how.of_argument if is_sent else Bump.MINOR,
            )
            what = f"Field {name} is {is_.annotation}, formerly {was.annotation}."
            yield what, "field-type", bump
        if is_sent and is_.default is None and was.default is not None:
            yield f"Field {name} is required now.", "field-required", Bump.MAJOR
    # Constructors that take positions fail silently.
    moved = ", ".join(name for name in kept if old[name].position != new[name].position)
    if moved:
        what = f"Fields changed their position in the constructor: {moved}."
        yield what, "fields-moved", Bump.MAJOR


def _entries(
    old: Mapping[str, str], new: Mapping[str, str], kind: str
) -> Iterator[tuple[str, str, Bump]]:
    """Compare the members of an enumeration, or the classes for the values of a union."""
    label = kind.capitalize()
    for name, value in old.items():
        if name not in new:
            yield f"{label} {name} was removed.", f"{kind}-removed", Bump.MAJOR
        elif new[name] != value:
            what = f"{label} {name} is {new[name]!r}, formerly {value!r}."
            yield what, f"{kind}-changed", Bump.MAJOR
    for name in new.keys() - old.keys():
        yield f"{label} {name} was added: {new[name]}.", f"{kind}-added", Bump.MINOR


def _unions(before: Surface, now: Surface) -> Iterator[Change]:
    """Compare the class for each value; functions that read unions come and go as functions."""
    for name in before.unions.keys() & now.unions.keys():
        old, new = before.unions[name], now.unions[name]
        users = before.users_of(*old.classes.values())
        if old.key != new.key:
            what = f"Classes are discriminated by {new.key!r}, formerly by {old.key!r}."
            yield _change(name, what, "union-key", Bump.MAJOR, *users)
        for what, rule, bump in _entries(old.classes, new.classes, "value"):
            yield _change(name, what, rule, bump, *users)


def _merged(changes: Iterable[Change]) -> list[Change]:
    """Join the equal changes of the functions of one operation: sync, async and request builder."""
    groups: dict[tuple[object, ...], list[Change]] = {}
    for change in sorted(changes, key=lambda each: (-each.bump, each.where, each.what)):
        what = change.what.replace("Awaitable[", "").replace("Async", "").replace("]", "")
        owner = change.where if change.where.startswith("models.") else change.operations
        groups.setdefault((change.rule, what.replace("[", ""), owner), []).append(change)
    return [_joined(group) for group in groups.values()]


def _joined(group: list[Change]) -> Change:
    """Report the synchronous method, and name the others behind it."""
    ordered = sorted(group, key=lambda each: (each.where.startswith(("Async", "api.")), each.where))
    where = ", ".join(dict.fromkeys(each.where for each in ordered))
    return dataclasses.replace(ordered[0], where=where)


def relation(before: str, now: str, texts: AbstractSet[str] = frozenset()) -> Relation:
    """Return the relation of the annotation ``now`` to ``before``, as a type checker sees it.

    Args:
        before: The older annotation.
        now: The newer one.
        texts: Names of types that are text as well: enumerations.

    Example:
        >>> relation("str", "str | None")
        <Relation.WIDER: 'wider'>
    """
    old, new = _members_of(before), _members_of(now)
    if old == new:
        return Relation.SAME
    if inner := _only_items_differ(old, new):
        return relation(*inner, texts)
    if _covers(new, old, texts):
        return Relation.WIDER
    return Relation.NARROWER if _covers(old, new, texts) else Relation.OTHER


def _members_of(annotation: str) -> frozenset[str]:
    waiting = [ast.parse(annotation, mode="eval").body]
    found: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            waiting += [node.left, node.right]
        else:
            found.add(ast.unparse(node))
    return frozenset(found)


def _covers(wide: frozenset[str], narrow: frozenset[str], texts: AbstractSet[str]) -> bool:
    general = {**PROMOTED, **dict.fromkeys(texts, "str")}
    return "Any" in wide or all(each in wide or general.get(each) in wide for each in narrow)


def _only_items_differ(old: frozenset[str], new: frozenset[str]) -> tuple[str, str] | None:
    """Return the types of the items if two unions differ in the items of one container only."""
    removed, added = old - new, new - old
    if len(removed) == len(added) == 1:
        was, is_ = (ast.parse(each, mode="eval").body for each in (*removed, *added))
        match was, is_:
            case ast.Subscript(), ast.Subscript() if ast.dump(was.value) == ast.dump(is_.value):
                return ast.unparse(was.slice), ast.unparse(is_.slice)
            case _:
                pass
    return None

"""What changed between two surfaces, and how large that is for callers in Python.

The verdicts, where they are not obvious:

* A value that is **read** breaks code when its type gets wider (``str`` → ``str | None``): what
  ran into nothing before can now, and a strict type checker says so. Narrower is harmless.
* A value that is **passed** breaks code when its type gets narrower. Wider is harmless.
* Positions count wherever the code lets something be passed by position: two arguments of one type
  that change places fail silently.
* One more member of an enumeration is harmless, for all of them are open and keep unknown values.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from change_report.model import Bump, Change, Side
from change_report.surface import with_names
from change_report.twins import merged
from change_report.types_of import Relation, relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from change_report.surface import Enumeration, Field, Function, Model, Parameter, Surface

__all__ = ["Classes", "compare_surfaces"]

WIDER_ARGUMENT = {Relation.WIDER: Bump.MINOR}
NARROWER_VALUE = {Relation.NARROWER: Bump.MINOR}


@dataclasses.dataclass(frozen=True, slots=True)
class Classes:
    """The classes that callers pass, those that they get, and those that are text as well."""

    sent: frozenset[str]
    received: frozenset[str]
    texts: frozenset[str]


def compare_surfaces(before: Surface, now: Surface) -> list[Change]:
    """Return every change that callers in Python notice, the same one named once."""
    models, enums = (
        _renamed_classes(before.models, now.models),
        _renamed_classes(before.enums, now.enums),
    )
    before = with_names(before, models | enums)
    found = [
        *_renames(models | enums, now),
        *_operations(before, now),
        *_methods(before, now),
        *_functions(before, now),
        *_properties(before, now),
        *_models(before, now),
        *_enums(before, now),
        *_unions(before, now),
        *_exports(before, now),
    ]
    return merged(found)


def classes_of(surface: Surface) -> Classes:
    """Return which classes travel which way.

    A class that no method and no reader of notifications names, as the body of a request does, can
    only be built: it is sent.
    """
    received: set[str] = set()
    sent: set[str] = set()
    for facts in surface.operations.values():
        passed, given = surface.classes_of(facts.id)
        sent |= passed
        received |= given
    for union in surface.aliases.values():
        received |= surface.classes_in(union)
    sent |= surface.models.keys() - received
    return Classes(frozenset(sent), frozenset(received), surface.texts)


def _change(
    bump: Bump, where: str, what: str, rule: str, *operations: str | None, attention: bool = False
) -> Change:
    found = tuple(sorted({each for each in operations if each is not None}))
    return Change(Side.PYTHON, bump, where, what, rule, attention, found)


# Operations: what a signature does not tell


def _operations(before: Surface, now: Surface) -> Iterator[Change]:
    old = {facts.id: facts.facts for facts in before.operations.values()}
    new = {facts.id: facts.facts for facts in now.operations.values()}
    for id_ in old.keys() & new.keys():
        was, is_ = old[id_].get("retry_safe"), new[id_].get("retry_safe")
        if was != is_:
            what = "is" if is_ == "True" else "is no longer"
            text = f"A request that may have been received {what} repeated after a failure."
            yield _change(Bump.MINOR, id_, text, "retry-changed", id_, attention=True)
        for fact in ("pagination", "bulk"):
            if old[id_].get(fact) != new[id_].get(fact) and fact in old[id_] and fact in new[id_]:
                text = f"The client's {fact} changed to {new[id_][fact]}."
                yield _change(Bump.PATCH, id_, text, f"{fact}-changed", id_)


# Methods and functions


def _methods(before: Surface, now: Surface) -> Iterator[Change]:
    renamed, texts = _renamed_methods(before, now), before.texts | now.texts
    for name in before.methods.keys() - now.methods.keys():
        id_ = before.operation_of(name)
        if name in renamed:
            what = f"Method {name} is called {renamed[name]} now."
            newer = now.operation_of(renamed[name])
            yield _change(Bump.MAJOR, renamed[name], what, "method-renamed", newer)
        else:
            yield _change(Bump.MAJOR, name, "The method was removed.", "method-removed", id_)
    for name in now.methods.keys() - before.methods.keys() - set(renamed.values()):
        id_ = now.operation_of(name)
        yield _change(Bump.MINOR, name, "The method was added.", "method-added", id_)
    pairs = {name: name for name in before.methods.keys() & now.methods.keys()} | renamed
    for old, new in pairs.items():
        id_ = now.operation_of(new)
        yield from _function(new, before.methods[old], now.methods[new], id_, texts)


def _renamed_methods(before: Surface, now: Surface) -> dict[str, str]:
    """Pair the methods of operations that kept method and path under another id."""
    old = {_route(facts.facts): facts.id for facts in before.operations.values()}
    new = {_route(facts.facts): facts.id for facts in now.operations.values()}
    moved = {old[route]: new[route] for route in old.keys() & new.keys()}
    found: dict[str, str] = {}
    for name in before.methods.keys() - now.methods.keys():
        target = moved.get(before.operation_of(name) or "")
        candidates = (
            each
            for each in now.methods.keys() - before.methods.keys()
            if now.operation_of(each) == target
            and each.startswith("Async") == name.startswith("Async")
        )
        if target is not None and (match := next(candidates, None)) is not None:
            found[name] = match
    return found


def _route(facts: Mapping[str, str]) -> tuple[str | None, str | None]:
    return facts.get("method"), facts.get("path")


def _functions(before: Surface, now: Surface) -> Iterator[Change]:
    """Compare the functions of modules; those of an operation that is new or gone say nothing."""
    texts = before.texts | now.texts
    for name in before.functions.keys() & now.functions.keys():
        id_ = now.operation_of(name)
        yield from _function(name, before.functions[name], now.functions[name], id_, texts)
    for name in before.functions.keys() - now.functions.keys():
        if not name.startswith("api."):
            yield _change(Bump.MAJOR, name, "The function was removed.", "function-removed")
    for name in now.functions.keys() - before.functions.keys():
        if not name.startswith("api."):
            yield _change(Bump.MINOR, name, "The function was added.", "function-added")


def _function(
    where: str, old: Function, new: Function, operation: str | None, texts: frozenset[str]
) -> Iterator[Change]:
    how = relation(old.returns, new.returns)
    if how is not Relation.SAME:
        bump = NARROWER_VALUE.get(how, Bump.MAJOR)
        what = f"Returns {new.returns}, formerly {old.returns}."
        yield _change(bump, where, what, "return-type", operation)
    renamed = _renamed_positions(old.parameters, new.parameters)
    for name in old.parameters.keys() - new.parameters.keys() - renamed.keys():
        what = f"Parameter {name} was removed."
        yield _change(Bump.MAJOR, where, what, "parameter-removed", operation)
    for was, is_ in renamed.items():
        what = f"Parameter {was} is called {is_} now; calls by keyword fail."
        yield _change(Bump.MAJOR, where, what, "parameter-renamed", operation)
    for name in new.parameters.keys() - old.parameters.keys() - set(renamed.values()):
        required = new.parameters[name].default is None
        bump = Bump.MAJOR if required else Bump.MINOR
        kind = "Required" if required else "Optional"
        what = f"{kind} parameter {name} was added."
        yield _change(bump, where, what, "parameter-added", operation)
    for name in old.parameters.keys() & new.parameters.keys():
        for bump, what, rule in _parameter(old.parameters[name], new.parameters[name], texts):
            yield _change(bump, where, what, rule, operation)


def _renamed_positions(
    old: Mapping[str, Parameter], new: Mapping[str, Parameter]
) -> dict[str, str]:
    """Pair the parameters that stand at the same position under another name."""
    gone = {each.position: each for name, each in old.items() if name not in new}
    come = {each.position: each for name, each in new.items() if name not in old}
    return {
        gone[position].name: come[position].name
        for position in gone.keys() & come.keys()
        if position is not None and gone[position].annotation == come[position].annotation
    }


def _parameter(
    old: Parameter, new: Parameter, texts: frozenset[str]
) -> Iterator[tuple[Bump, str, str]]:
    how = relation(_without_unset(old), _without_unset(new), texts)
    if how is not Relation.SAME:
        what = f"Parameter {old.name} takes {new.annotation}, formerly {old.annotation}."
        yield WIDER_ARGUMENT.get(how, Bump.MAJOR), what, "parameter-type"
    if old.default is not None and new.default is None:
        yield Bump.MAJOR, f"Parameter {old.name} is required now.", "parameter-required"
    elif old.default is None and new.default is not None:
        yield Bump.MINOR, f"Parameter {old.name} may be left out now.", "parameter-optional"
    elif old.default != new.default:
        what = f"Default of parameter {old.name} is {new.default}, formerly {old.default}."
        yield Bump.MAJOR, what, "parameter-default"
    if old.position is not None and new.position is None:
        yield Bump.MAJOR, f"Parameter {old.name} goes by keyword only now.", "parameter-kind"
    elif old.position is None and new.position is not None:
        yield Bump.MINOR, f"Parameter {old.name} may go by position now.", "parameter-kind"
    elif old.position != new.position:
        what = f"Parameter {old.name} moved from position {old.position} to {new.position}."
        yield Bump.MAJOR, what, "parameter-moved"


def _without_unset(parameter: Parameter) -> str:
    return parameter.annotation.removesuffix(" | Unset")


# Resources, exports


def _properties(before: Surface, now: Surface) -> Iterator[Change]:
    yield from _named(before.properties, now.properties, "resource")


def _exports(before: Surface, now: Surface) -> Iterator[Change]:
    old = dict.fromkeys(before.exports, "")
    yield from _named(old, dict.fromkeys(now.exports, ""), "name")


def _named(old: Mapping[str, str], new: Mapping[str, str], kind: str) -> Iterator[Change]:
    for name in old.keys() - new.keys():
        yield _change(Bump.MAJOR, name, f"The {kind} was removed.", f"{kind}-removed")
    for name in new.keys() - old.keys():
        yield _change(Bump.MINOR, name, f"The {kind} was added.", f"{kind}-added")


# Models and enumerations


def _models(before: Surface, now: Surface) -> Iterator[Change]:
    yield from _classes(before.models, now.models, (before, now))
    old_ways, new_ways = classes_of(before), classes_of(now)
    ways = Classes(
        old_ways.sent | new_ways.sent,
        old_ways.received | new_ways.received,
        old_ways.texts | new_ways.texts,
    )
    for name in before.models.keys() & now.models.keys():
        for bump, what, rule in _model(before.models[name], now.models[name], name, ways):
            yield _change(bump, f"models.{name}", what, rule, *_users(now, name))


def _enums(before: Surface, now: Surface) -> Iterator[Change]:
    yield from _classes(before.enums, now.enums, (before, now))
    for name in before.enums.keys() & now.enums.keys():
        for bump, what, rule in _members(before.enums[name], now.enums[name]):
            yield _change(bump, f"models.{name}", what, rule, *_users(now, name))


def _unions(before: Surface, now: Surface) -> Iterator[Change]:
    """Compare what each value is read into; readers that come or go are functions."""
    for name in before.unions.keys() & now.unions.keys():
        old, new = before.unions[name], now.unions[name]
        users = [*_users_of_classes(before, old.classes.values())]
        if old.key != new.key:
            what = f"Classes are told apart by {new.key!r}, formerly by {old.key!r}."
            yield _change(Bump.MAJOR, name, what, "union-key", *users)
        for value in old.classes.keys() - new.classes.keys():
            what = f"{value!r} is no longer read into {old.classes[value]}."
            yield _change(Bump.MAJOR, name, what, "union-value-removed", *users)
        for value in new.classes.keys() - old.classes.keys():
            what = f"{value!r} is read into {new.classes[value]} now."
            yield _change(Bump.MINOR, name, what, "union-value-added", *users)
        for value in old.classes.keys() & new.classes.keys():
            if old.classes[value] != new.classes[value]:
                what = (
                    f"{value!r} is read into {new.classes[value]}, formerly {old.classes[value]}."
                )
                yield _change(Bump.MAJOR, name, what, "union-class", *users)


def _users_of_classes(surface: Surface, names: Iterable[str]) -> set[str]:
    return {id_ for name in names for id_ in _users(surface, name)}


def _renames(renamed: Mapping[str, str], now: Surface) -> Iterator[Change]:
    for name, newer in renamed.items():
        what = f"Class {name} is called {newer} now."
        yield _change(Bump.MAJOR, f"models.{newer}", what, "class-renamed", *_users(now, newer))


def _classes(
    old: Mapping[str, Model] | Mapping[str, Enumeration],
    new: Mapping[str, Model] | Mapping[str, Enumeration],
    surfaces: tuple[Surface, Surface],
) -> Iterator[Change]:
    before, now = surfaces
    for name in old.keys() - new.keys():
        users = _users(before, name)
        what = "The class was removed."
        yield _change(Bump.MAJOR, f"models.{name}", what, "class-removed", *users)
    for name in new.keys() - old.keys():
        users = _users(now, name)
        yield _change(Bump.MINOR, f"models.{name}", "The class was added.", "class-added", *users)


def _renamed_classes(
    old: Mapping[str, Model] | Mapping[str, Enumeration],
    new: Mapping[str, Model] | Mapping[str, Enumeration],
) -> dict[str, str]:
    """Pair the classes that hold the same under another name."""
    found: dict[str, str] = {}
    for name in sorted(old.keys() - new.keys()):
        free = sorted(new.keys() - old.keys() - set(found.values()))
        match = next((each for each in free if new[each] == old[name]), None)
        if match is not None:
            found[name] = match
    return found


def _users(surface: Surface, name: str) -> Iterator[str]:
    for facts in surface.operations.values():
        sent, received = surface.classes_of(facts.id)
        if name in sent | received:
            yield facts.id


def _model(old: Model, new: Model, name: str, ways: Classes) -> Iterator[tuple[Bump, str, str]]:
    for field in old.fields.keys() - new.fields.keys():
        yield Bump.MAJOR, f"Field {field} was removed.", "field-removed"
    for field in new.fields.keys() - old.fields.keys():
        required = new.fields[field].required and name in ways.sent
        bump = Bump.MAJOR if required else Bump.MINOR
        kind = "Required field" if required else "Field"
        yield bump, f"{kind} {field} was added.", "field-added"
    for field in old.fields.keys() & new.fields.keys():
        yield from _field(field, old.fields[field], new.fields[field], name, ways)
    yield from _moved(old, new)


def _field(
    field: str, old: Field, new: Field, name: str, ways: Classes
) -> Iterator[tuple[Bump, str, str]]:
    how = relation(old.annotation, new.annotation, ways.texts)
    if how is not Relation.SAME:
        verdicts = [Bump.MINOR]
        if name in ways.received:
            verdicts.append(NARROWER_VALUE.get(how, Bump.MAJOR))
        if name in ways.sent:
            verdicts.append(WIDER_ARGUMENT.get(how, Bump.MAJOR))
        what = f"Field {field} is {new.annotation}, formerly {old.annotation}."
        yield max(verdicts), what, "field-type"
    if name in ways.sent and new.required and not old.required:
        yield Bump.MAJOR, f"Field {field} is required now.", "field-required"


def _moved(old: Model, new: Model) -> Iterator[tuple[Bump, str, str]]:
    """Name the fields whose position changed: constructors that take positions fail silently."""
    kept = old.fields.keys() & new.fields.keys()
    moved = [
        field for field in old.fields if field in kept and _place(old, field) != _place(new, field)
    ]
    if moved:
        what = f"Fields changed their position in the constructor: {', '.join(moved)}."
        yield Bump.MAJOR, what, "fields-moved"


def _place(model: Model, field: str) -> int | None:
    return model.fields[field].position


def _members(old: Enumeration, new: Enumeration) -> Iterator[tuple[Bump, str, str]]:
    for member in old.members.keys() - new.members.keys():
        yield Bump.MAJOR, f"Member {member} was removed.", "member-removed"
    for member in new.members.keys() - old.members.keys():
        yield Bump.MINOR, f"Member {member} was added.", "member-added"
    for member in old.members.keys() & new.members.keys():
        if old.members[member] != new.members[member]:
            what = f"Member {member} is {new.members[member]!r}, was {old.members[member]!r}."
            yield Bump.MAJOR, what, "member-value"

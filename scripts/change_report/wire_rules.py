"""Our own verdicts, where Redocly's (2.77.0) is missing, or forgets what this document promises."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import openapi_document
from spec_rules.places import mapping, pointer_parts, sequence

from change_report.model import Bump
from change_report.reach import Direction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from change_report.redocly import RawChange

__all__ = ["Setting", "Verdict", "own_verdict"]

OPEN_ENUM = "x-extensible-enum"
LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What one of our rules says of a change.

    Attributes:
        rule: Name of the rule.
        bump: Its verdict, in place of Redocly's.
        what: One sentence.
        attention: Whether a person should look although the version does not show it.
    """

    rule: str
    bump: Bump
    what: str
    attention: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Setting:
    """A change and what is around it.

    Attributes:
        raw: The change.
        name: Name of what changed, for people.
        directions: The sides on which operations see it.
        operations: Ids of the operations that it reaches.
        base: Normal form of the older document.
        document: Normal form of the newer one.
    """

    raw: RawChange
    name: str
    directions: frozenset[Direction]
    operations: tuple[str, ...]
    base: Mapping[str, Any]
    document: Mapping[str, Any]

    @property
    def rules(self) -> set[str]:
        """Redocly's rules that rated the change."""
        return {rule for rule, _ in self.raw.verdicts}


def own_verdict(setting: Setting) -> Verdict | None:
    """Return the verdict of the first of our rules that knows better, None if none does."""
    return next((found for rule in RULES for found in rule(setting)), None)


def header_no_longer_required(setting: Setting) -> Iterator[Verdict]:
    """A promised header of an answer is as much of a contract as a required property."""
    raw = setting.raw
    if raw.type == "Header" and raw.property == "required" and raw.value is not True:
        yield Verdict(
            "header-no-longer-required",
            Bump.MAJOR,
            f"Response header {setting.name} is no longer promised.",
        )


def security_changed(setting: Setting) -> Iterator[Verdict]:
    """Whether callers need credentials depends on the operation and on the document together.

    Asking for none any more breaks no caller, and yet nobody should do it by accident.
    """
    raw = setting.raw
    if not raw.type.startswith("SecurityRequirement"):
        return
    ways = {
        (_anonymous(setting.base, id_), _anonymous(setting.document, id_))
        for id_ in setting.operations
    }
    if (True, False) in ways:
        what = "Credentials are asked for where none were needed."
        yield Verdict("security-tightened", Bump.MAJOR, what)
    elif raw.bump < Bump.MAJOR:
        what = "Credentials are asked for less strictly than before."
        yield Verdict("security-loosened", Bump.MINOR, what, attention=True)


def default_changed(setting: Setting) -> Iterator[Verdict]:
    """Every request stays valid; what it means changes for those who leave the value out."""
    raw = setting.raw
    if raw.property == "default" and Direction.REQUEST in setting.directions:
        what = (
            f"Default of {setting.name} changed from {raw.base_value!r} to {raw.value!r}: "
            "who leaves it out gets something else."
        )
        yield Verdict("default-changed", Bump.MINOR, what, attention=True)


def open_enum_grew(setting: Setting) -> Iterator[Verdict]:
    """An enumeration that was said to be open may grow: callers were told to expect it."""
    if setting.rules == {"enum-values-added"} and _was(setting, OPEN_ENUM) is True:
        added = [each for each in setting.raw.value if each not in setting.raw.base_value]
        values = ", ".join(map(repr, added))
        yield Verdict("open-enum-grew", Bump.MINOR, f"{setting.name} gained the values {values}.")


def enum_opened(setting: Setting) -> Iterator[Verdict]:
    """Callers may have relied on a closed list."""
    raw = setting.raw
    if raw.property != OPEN_ENUM or Direction.RESPONSE not in setting.directions:
        return
    if _was(setting, "enum") is None:
        return
    if raw.value is True:
        what = f"Answers may now hold values of {setting.name} that the document does not list."
        yield Verdict("enum-opened", Bump.MAJOR, what)
    else:
        what = f"{setting.name} is said to be complete now: will the API really never add a value?"
        yield Verdict("enum-closed", Bump.PATCH, what, attention=True)


def open_choice_grew(setting: Setting) -> Iterator[Verdict]:
    """One more kind of notification, told apart by an open enumeration, surprises nobody."""
    raw = setting.raw
    if raw.kind != "added" or setting.rules != {"schema-combinator-changed"}:
        return
    choice = _schema_around(setting)
    key = mapping(choice.get("discriminator")).get("propertyName")
    variants = sequence(choice.get("oneOf"))
    if key is None or not variants:
        return
    properties = mapping(openapi_document.resolve(setting.base, variants[0])).get("properties")
    if _is_open(setting.base, mapping(properties).get(key)):
        yield Verdict("open-choice-grew", Bump.MINOR, f"{setting.name} was added as a choice.")


def deprecated(setting: Setting) -> Iterator[Verdict]:
    """Semantic Versioning 2.0.0, 7: a deprecation is a minor change."""
    raw = setting.raw
    if raw.property == "deprecated" and raw.value is True:
        yield Verdict("deprecated", Bump.MINOR, f"{setting.name} is deprecated.")


def mock_address_removed(setting: Setting) -> Iterator[Verdict]:
    """The address of a server on one's own machine is no part of the API."""
    url = str(setting.raw.base_value) + str(_was(setting, "url"))
    if setting.rules == {"server-removed"} and any(each in url for each in LOOPBACK):
        yield Verdict("mock-address", Bump.PATCH, "The address of the mock server changed.")


RULES: tuple[Callable[[Setting], Iterator[Verdict]], ...] = (
    header_no_longer_required,
    security_changed,
    default_changed,
    open_enum_grew,
    enum_opened,
    open_choice_grew,
    deprecated,
    mock_address_removed,
)


def _at(document: Mapping[str, Any], parts: list[str]) -> Mapping[str, Any]:
    node: Any = document
    for part in parts:
        if isinstance(node, list):
            members = sequence(node)
            node = members[int(part)] if int(part) < len(members) else None
        else:
            node = mapping(node).get(part)
    return mapping(node)


def _was(setting: Setting, keyword: str) -> object:
    """Return a keyword of the older node, one keyword of which changed."""
    parts = pointer_parts(setting.raw.base_pointer or "#")
    if parts[-1:] == [setting.raw.property]:
        parts.pop()
    return _at(setting.base, parts).get(keyword)


def _anonymous(document: Mapping[str, Any], id_: str) -> bool:
    """Whether an operation may be called without credentials; one that is missing may not."""
    for operation in openapi_document.operations(document):
        if operation.id == id_:
            wanted = operation.data.get("security", document.get("security", []))
            return not wanted or {} in wanted
    return False


def _schema_around(setting: Setting) -> Mapping[str, Any]:
    """Return the older schema whose ``oneOf`` got a new member."""
    parts = pointer_parts(setting.raw.pointer or "#")
    return _at(setting.base, parts[: parts.index("oneOf")]) if "oneOf" in parts else {}


def _is_open(document: Mapping[str, Any], schema: object) -> bool:
    found = mapping(openapi_document.resolve(document, schema))
    members = (mapping(openapi_document.resolve(document, each)) for each in found.get("allOf", ()))
    return any(each.get(OPEN_ENUM) is True for each in (found, *members))

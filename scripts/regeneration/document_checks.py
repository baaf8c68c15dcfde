"""What the generator would lose without a word: found in the document before it runs."""

from __future__ import annotations

import collections
import re
from typing import TYPE_CHECKING, Any

import openapi_document

from regeneration import naming
from regeneration.problems import RegenerationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["check_document"]

OPERATION_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")

# Names that generated functions use themselves, beside those that the generator renames.
TAKEN_BY_MODELS = frozenset(
    {"additional_properties", "cls", "from_dict", "src_dict", "to_dict"}
    | {"fill_missing", "parse_date", "parse_datetime", "report_nulls", "unexpected"}
)
TAKEN_BY_CALLS = frozenset(
    {"build_request", "datetime", "json_argument", "path_segment", "query_text"}
)


def check_document(document: Mapping[str, Any]) -> None:
    """Refuse what would be overwritten, renamed or dropped silently.

    Raises:
        RegenerationError: With every finding.
    """
    findings = [
        *_operation_ids(document),
        *_argument_names(document),
        *_class_names(document),
        *_enum_members(document),
        *_property_names(document),
    ]
    if findings:
        raise RegenerationError(findings)


def _operation_ids(document: Mapping[str, Any]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for operation in openapi_document.operations(document):
        if not OPERATION_ID.fullmatch(operation.id):
            yield (
                f"{operation.pointer}: the operationId {operation.id!r} is not of the form "
                "resource.method; rename it."
            )
            continue
        if operation.data.get("tags") != [operation.resource]:
            yield (
                f"{operation.pointer}: {operation.id} must carry the one tag "
                f"{operation.resource!r}; correct its tags."
            )
        if operation.id in seen:
            yield (
                f"{operation.pointer}: the operationId {operation.id!r} is used twice, first at "
                f"{seen[operation.id]}; one would overwrite the other, so rename one."
            )
        seen.setdefault(operation.id, operation.pointer)


def _argument_names(document: Mapping[str, Any]) -> Iterator[str]:
    for operation in openapi_document.operations(document):
        item = document["paths"][operation.path]
        written = (*item.get("parameters", ()), *operation.data.get("parameters", ()))
        parameters = {
            (each["in"], each["name"])
            for each in (openapi_document.resolve(document, raw) for raw in written)
        }
        names = [name for _, name in sorted(parameters)]
        names.extend(_body_keys(document, operation.data))
        for name in names:
            if naming.identifier(name) in TAKEN_BY_CALLS:
                yield f"{operation.pointer}: generated calls use the name {name}; rename it."
        for identifier, keys in _collisions(names):
            yield (
                f"{operation.pointer}: the arguments {' and '.join(keys)} of {operation.id} "
                f"would share the Python name {identifier!r}; rename one."
            )


def _body_keys(document: Mapping[str, Any], operation: Mapping[str, Any]) -> list[str]:
    body = openapi_document.resolve(document, operation.get("requestBody", {}))
    for media_type in body.get("content", {}).values():
        schema = openapi_document.resolve(document, media_type.get("schema", {}))
        return list(schema.get("properties", {}))
    return []


def _class_names(document: Mapping[str, Any]) -> Iterator[str]:
    for kind, name_of in (("class", naming.class_name), ("module", _module_of)):
        for name, components in _grouped(_schemas(document), name_of):
            yield (
                f"#/components/schemas: {' and '.join(components)} would share the {kind} "
                f"{name!r}; rename one."
            )


def _module_of(component: str) -> str:
    return naming.module_name(naming.class_name(component))


def _enum_members(document: Mapping[str, Any]) -> Iterator[str]:
    for component, schema in _schemas(document).items():
        if "enum" not in schema:
            continue
        where = f"#/components/schemas/{component}"
        values = [value for value in schema["enum"] if value is not None]
        if not all(isinstance(value, str) for value in values):
            yield f"{where}: only text enums have a template; make every value a string."
            continue
        members: dict[str, list[str]] = collections.defaultdict(list)
        for position, value in enumerate(values):
            members[_member(schema, value, position, len(values))].append(value)
        for member, colliding in members.items():
            if len(colliding) > 1:
                shown = " and ".join(repr(value) for value in colliding)
                yield (
                    f"{where}/enum: the values {shown} would share the member {member!r}, and all "
                    "but one be lost; name the members with x-enum-varnames."
                )


def _member(schema: Mapping[str, Any], value: str, position: int, count: int) -> str:
    names = schema.get("x-enum-varnames", ())
    if len(names) == count:
        return naming.enum_member(names[position], position)
    return naming.enum_member(value, position)


def _property_names(document: Mapping[str, Any]) -> Iterator[str]:
    for component, schema in _schemas(document).items():
        where = f"#/components/schemas/{component}/properties"
        for identifier, keys in _collisions(schema.get("properties", {})):
            yield (
                f"{where}: {' and '.join(keys)} would share the Python name {identifier!r}; "
                "only one can stay."
            )
        for key in schema.get("properties", {}):
            if naming.identifier(key) in TAKEN_BY_MODELS:
                yield f"{where}/{key}: generated models use this name themselves; rename it."


def _collisions(names: Iterable[str]) -> list[tuple[str, list[str]]]:
    return _grouped(names, naming.identifier)


def _grouped(names: Iterable[str], name_of: Callable[[str], str]) -> list[tuple[str, list[str]]]:
    groups: dict[str, list[str]] = collections.defaultdict(list)
    for name in names:
        groups[name_of(name)].append(name)
    return [(shared, members) for shared, members in groups.items() if len(members) > 1]


def _schemas(document: Mapping[str, Any]) -> Mapping[str, Any]:
    schemas: Mapping[str, Any] = document.get("components", {}).get("schemas", {})
    return schemas

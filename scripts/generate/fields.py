"""Template context of a property: its shape, its type and its description."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any, Literal

import openapi_document

from generate import descriptions, naming
from generate.code import Code
from generate.prepare import is_enum, is_model, is_union

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = [
    "Field",
    "Shape",
    "annotation",
    "argument_annotation",
    "classes_in",
    "lookup_constant",
    "mapping_of",
    "model_fields",
    "plain_name",
    "readers_of",
    "required_keys",
    "shape_of",
    "texts_in",
    "unions_of",
    "written_properties",
]


NO_CODE = Code("")


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """The conversion of a JSON value into a Python value.

    Attributes:
        kind: ``plain`` needs no conversion at all.
        type: Python type without ``None`` and ``Unset``.
        nullable: Whether null is promised as a value.
        class_name: Class of a ``model`` or an ``enum``.
        module: Module of that class.
        item: Shape of the items of a ``list``, or of the values of a ``map``, that need conversion.
        zoned: Whether instants are written with a zone: ``date-time`` in the document.
        whole: Whether the values of an ``enum`` are whole numbers.
        variants: Shapes of a ``union``.
        key: Key whose value names the variant; empty where the value itself decides.
        mapping: Class of each value of that key.
        required: Keys that a ``model`` cannot lack, to recognise it in a union.
        known: Keys of a ``model``.
        table: Name of the constant that holds the variants of a ``union``.
    """

    kind: Literal["plain", "datetime", "date", "enum", "model", "list", "map", "union"]
    type: Code
    nullable: bool = False
    class_name: Code | None = None
    module: Code | None = None
    item: Shape | None = None
    zoned: bool = False
    whole: bool = False
    variants: tuple[Shape, ...] = ()
    key: str = ""
    mapping: tuple[tuple[str, Code], ...] = ()
    required: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    table: Code = NO_CODE

    @property
    def json_type(self) -> Code:
        """Python type of the JSON value that can be converted."""
        if self.kind == "union":
            return Code("object")
        if self.whole:
            return Code("int")
        return Code({"model": "dict", "map": "dict", "list": "list"}.get(self.kind, "str"))

    @property
    def kinds(self) -> str:
        """Code of the types that an argument may have at run time, each behind a comma."""
        names = self.kind_names()
        if not all(names):
            return ""
        names += ["None"] if self.nullable else []
        return "".join(f", {name}" for name in dict.fromkeys(names))

    @property
    def json_kinds(self) -> str:
        """Code of the types that its JSON may have, each behind a comma; none where any."""
        if self.kind == "union":
            return ""
        # The JSON of a plain value is the value itself.
        kinds = self.kind_names() if self.kind == "plain" else [self.json_type]
        if not all(kinds):
            return ""
        return "".join(f", {each}" for each in (*kinds, *(["None"] if self.nullable else [])))

    def kind_names(self) -> list[str]:
        """Return the names of the types of an argument; an empty one where it may have any."""
        if self.kind == "union":
            return [name for each in self.variants for name in each.kind_names()]
        if self.kind == "plain":
            parts = re.sub(r"\[.*\]", "", self.type).split(" | ")
            return [name for part in parts for name in PLAIN_KINDS.get(part, [""])]
        if self.whole:
            return ["int"]
        return list(KINDS[self.kind])

    def with_tables(self, name: str) -> Shape:
        """Return this shape with names for the constants of its unions, made from ``name``."""
        item = None if self.item is None else self.item.with_tables(f"{name}_item")
        variants = tuple(
            each.with_tables(f"{name}_{number}") for number, each in enumerate(self.variants, 1)
        )
        return dataclasses.replace(self, item=item, variants=variants, table=Code(name))

    def nested(self) -> Iterator[Shape]:
        """Yield this shape and those of its items, outermost first."""
        yield self
        for part in (*self.variants, *([] if self.item is None else [self.item])):
            yield from part.nested()


# A whole number is a number for JSON, too. What is missing here may have any type.
PLAIN_KINDS: Mapping[str, Sequence[str]] = {
    "str": ["str"],
    "int": ["int"],
    "float": ["float", "int"],
    "bool": ["bool"],
    "list": ["list", "tuple"],
    "dict": ["Mapping"],
}

KINDS: Mapping[str, Sequence[str]] = {
    "datetime": ["datetime.datetime"],
    "date": ["datetime.date"],
    "enum": ["str"],
    "model": ["Model", "Mapping"],
    "map": ["Mapping"],
    "list": ["list", "tuple"],
}

ANYTHING = Shape("plain", Code("Any"), nullable=True)


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """One property of a model.

    Attributes:
        name: Python attribute.
        key: Key on the wire.
        required: Whether the document requires the key.
        shape: How its value converts.
        description: What the document says about it, limits included.
        example: Its example in JSON.
        secret: Whether its value must not be shown: ``format: password`` in the document.
    """

    name: Code
    key: str
    required: bool
    shape: Shape
    description: str
    example: Any
    secret: bool

    @property
    def annotation(self) -> Code:
        """Full type annotation."""
        return annotation(self.shape, required=self.required)

    @property
    def never_null(self) -> bool:
        """Whether the document promises that the value is not null."""
        return not self.shape.nullable


def annotation(shape: Shape, *, required: bool) -> Code:
    """Return the annotation of a value of ``shape`` that is ``required`` or may be unset."""
    parts: list[str] = [shape.type]
    if shape.nullable and shape.type != "Any":
        parts.append("None")
    if not required:
        parts.append("Unset")
    return Code(" | ".join(parts))


def argument_annotation(shape: Shape, *, required: bool) -> Code:
    """Return the annotation of an argument, which takes an enum's value as plain text too."""
    if shape.kind == "enum":
        shape = dataclasses.replace(shape, type=_member_or_text(shape))
    elif shape.kind == "list" and shape.item is not None and shape.item.kind == "enum":
        shape = dataclasses.replace(shape, type=Code(f"Sequence[{_member_or_text(shape.item)}]"))
    return annotation(shape, required=required)


def _member_or_text(shape: Shape) -> Code:
    return Code(
        f"{shape.class_name} | {plain_name(shape.class_name or NO_CODE, whole=shape.whole)}"
    )


def plain_name(class_name: Code, *, whole: bool) -> Code:
    """Return the name of the type of an enum's values, text or whole numbers."""
    return Code(f"{class_name}{'Number' if whole else 'Text'}")


def texts_in(shapes: Iterable[Shape]) -> list[tuple[Code, Code]]:
    """Return module and name of the plain texts of every enum that `argument_annotation` names."""
    return [
        (module, plain_name(name, whole=part.whole))
        for shape in shapes
        for part in [(shape.item if shape.kind == "list" else None) or shape]
        if part.kind == "enum"
        for module, name in classes_in([part])
    ]


def classes_in(shapes: Iterable[Shape]) -> list[tuple[Code, Code]]:
    """Return module and class name of every model and enum in ``shapes``."""
    return sorted(
        {
            (part.module, part.class_name)
            for shape in shapes
            for part in shape.nested()
            if part.module is not None and part.class_name is not None
        }
    )


def readers_of(shapes: Iterable[Shape]) -> list[tuple[Code, Code, Code]]:
    """Return module, class and (for enums) lookup constant of every class in ``shapes``."""
    return sorted(
        {
            (part.module, part.class_name, lookup_constant(part))
            for shape in shapes
            for part in shape.nested()
            if part.module is not None and part.class_name is not None
        }
    )


def unions_of(shapes: Iterable[Shape]) -> list[Shape]:
    """Return the unions in ``shapes``, innermost first."""
    found = [part for shape in shapes for part in shape.nested() if part.kind == "union"]
    return found[::-1]


def lookup_constant(shape: Shape) -> Code:
    """Return the name of the table of an enum's members; empty for a model."""
    return Code(f"{shape.module}_BY_VALUE".upper() if shape.kind == "enum" else "")


def model_fields(document: Mapping[str, Any], component: str) -> list[Field]:
    """Return the fields of the model of ``component`` in the order of the document."""
    schema = document["components"]["schemas"][component]
    required = required_keys(document, schema)
    return [
        Field(
            name=naming.identifier(key),
            key=key,
            required=key in required,
            shape=shape_of(document, raw).with_tables(f"_variants_{naming.identifier(key)}"),
            description=descriptions.described(document, raw),
            example=descriptions.example_of(document, raw),
            secret=descriptions.resolved(document, raw).get("format") == "password",
        )
        for key, raw in written_properties(document, schema).items()
    ]


def written_properties(
    document: Mapping[str, Any], schema: Mapping[str, Any]
) -> dict[str, Mapping[str, Any]]:
    """Return the properties in the order of the document, those of ``allOf`` parts first."""
    found: dict[str, Mapping[str, Any]] = {}
    for part in schema.get("allOf", ()):
        found.update(written_properties(document, openapi_document.resolve(document, part)))
    found.update(schema.get("properties", {}))
    return found


def required_keys(document: Mapping[str, Any], schema: Mapping[str, Any]) -> set[str]:
    """Return the keys that ``schema`` requires, those of ``allOf`` parts included."""
    parts = [openapi_document.resolve(document, part) for part in schema.get("allOf", ())]
    return set(schema.get("required", ())).union(*(required_keys(document, each) for each in parts))


def shape_of(
    document: Mapping[str, Any], schema: Mapping[str, Any], inside: frozenset[str] = frozenset()
) -> Shape:
    """Return the shape of a value of ``schema``, a schema of a prepared document.

    Args:
        document: The prepared document.
        schema: The schema.
        inside: Components without a class that hold ``schema``: what leads back to one of them
            has no end as a type, so it may be anything.
    """
    nullable = False
    while True:
        nullable = nullable or schema.get("nullable") is True
        component = naming.component_of(str(schema.get("$ref", "")))
        members = schema.get("allOf", ())
        if component is not None:
            schema = document["components"]["schemas"][component]
            if is_enum(schema) or is_model(document, schema):
                shape = _class_shape(document, component, schema)
                nullable = nullable or schema.get("nullable") is True
                break
            if component in inside:
                return ANYTHING
            inside |= {component}
        elif len(members) == 1 and "properties" not in schema:
            schema = members[0]
        else:
            shape = _shape_in_place(document, schema, inside)
            break
    return dataclasses.replace(shape, nullable=nullable or shape.nullable)


def _class_shape(document: Mapping[str, Any], component: str, schema: Mapping[str, Any]) -> Shape:
    name = naming.class_name(component)
    module = naming.module_name(name)
    if is_enum(schema):
        whole = schema.get("type") == "integer"
        return Shape("enum", name, class_name=name, module=module, whole=whole)
    return Shape(
        "model",
        name,
        class_name=name,
        module=module,
        required=tuple(sorted(required_keys(document, schema))),
        known=tuple(written_properties(document, schema)),
    )


def _shape_in_place(
    document: Mapping[str, Any], schema: Mapping[str, Any], inside: frozenset[str]
) -> Shape:
    for keyword in ("oneOf", "anyOf"):
        if keyword in schema:
            return _union_shape(document, schema, schema[keyword], inside)
    if len(schema.get("allOf", ())) > 1:
        # Several limits of one value: the first part that has a type says which.
        shapes = [shape_of(document, part, inside) for part in schema["allOf"]]
        return next((each for each in shapes if each.type != "Any"), ANYTHING)
    match schema.get("type"):
        case "string":
            return _text_shape(str(schema.get("format")))
        case "array":
            return _list_shape(shape_of(document, schema.get("items", {}), inside))
        case "object":
            return _map_shape(document, schema.get("additionalProperties"), inside)
        case kind:
            plain = {"integer": "int", "number": "float", "boolean": "bool"}.get(str(kind))
            return Shape("plain", Code(plain)) if plain else ANYTHING


def _text_shape(written: str) -> Shape:
    if written.startswith("date-time"):
        return Shape("datetime", Code("datetime.datetime"), zoned=written == "date-time")
    if written == "date":
        return Shape("date", Code("datetime.date"))
    return Shape("plain", Code("str"))


def _list_shape(item: Shape) -> Shape:
    written = Code(f"list[{annotation(item, required=True)}]")
    if item.kind == "plain":
        return Shape("plain", written)
    return Shape("list", written, item=item, zoned=item.zoned)


def _map_shape(document: Mapping[str, Any], values: object, inside: frozenset[str]) -> Shape:
    value = shape_of(document, values, inside) if openapi_document.is_object(values) else ANYTHING
    written = Code(f"dict[str, {annotation(value, required=True)}]")
    if value.kind == "plain":
        return Shape("plain", written)
    return Shape("map", written, item=value, zoned=value.zoned)


def _union_shape(
    document: Mapping[str, Any],
    schema: Mapping[str, Any],
    members: Sequence[Mapping[str, Any]],
    inside: frozenset[str],
) -> Shape:
    shapes = tuple(shape_of(document, member, inside) for member in members)
    nullable = any(shape.nullable for shape in shapes)
    written = Code(" | ".join(dict.fromkeys(shape.type for shape in shapes)))
    if len(shapes) == 1:
        return shapes[0]
    if "Any" in written.split(" | "):
        return ANYTHING
    if all(shape.kind == "plain" for shape in shapes):
        return Shape("plain", written, nullable=nullable)
    zoned = any(shape.zoned for shape in shapes)
    key = schema["discriminator"]["propertyName"] if is_union(schema) else ""
    return Shape(
        "union",
        written,
        nullable=nullable,
        zoned=zoned,
        variants=shapes,
        key=key,
        mapping=tuple(mapping_of(schema).items()) if key else (),
    )


def mapping_of(schema: Mapping[str, Any]) -> dict[str, Code]:
    """Return the class for each value of the discriminator of ``schema``.

    A component without an entry is named by its own name (OpenAPI 3.0.3, "Discriminator Object").
    """
    written: Mapping[str, str] = schema["discriminator"].get("mapping", {})
    members = schema.get("oneOf", schema.get("anyOf", ()))
    names = [naming.component_of(str(each.get("$ref", ""))) for each in members]
    targets = {value: naming.component_of(target) or target for value, target in written.items()}
    targets |= {name: name for name in names if name and name not in targets.values()}
    return {value: naming.class_name(name) for value, name in targets.items()}

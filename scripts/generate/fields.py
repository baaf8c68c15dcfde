"""Template context of a property: its shape, its type and its description."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any, Literal

import openapi_document
from openapi_python_client.parser import properties as parsed
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty

from generate import descriptions, naming
from generate.code import Code
from generate.errors import GenerateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from openapi_python_client.parser.properties.protocol import PropertyProtocol

__all__ = [
    "Field",
    "Shape",
    "annotation",
    "argument_annotation",
    "classes_in",
    "model_fields",
    "shape_of",
    "text",
    "texts_in",
    "with_zone",
    "written_properties",
]


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """The conversion of a JSON value into a Python value.

    Attributes:
        kind: ``plain`` needs no conversion at all.
        type: Python type without ``None`` and ``Unset``.
        nullable: Whether null is promised as a value.
        class_name: Class of a ``model`` or an ``enum``.
        module: Module of that class.
        item: Shape of the items of a ``list`` that need conversion.
        zoned: Whether instants are written with a zone: ``date-time`` in the document.
    """

    kind: Literal["plain", "datetime", "date", "enum", "model", "list"]
    type: Code
    nullable: bool = False
    class_name: Code | None = None
    module: Code | None = None
    item: Shape | None = None
    zoned: bool = False

    @property
    def json_type(self) -> Code:
        """Python type of the JSON value that can be converted."""
        return Code({"model": "dict", "list": "list"}.get(self.kind, "str"))

    @property
    def kinds(self) -> str:
        """Code of the types that an argument may have at run time, each behind a comma."""
        names: Sequence[str] = {
            "datetime": ["datetime.datetime"],
            "date": ["datetime.date"],
            "enum": ["str"],
            "model": ["Model", "Mapping"],
            "list": ["list", "tuple"],
        }.get(self.kind, [])
        if self.kind == "plain":
            parts = re.sub(r"\[.*\]", "", self.type).split(" | ")
            names = [name for part in parts for name in PLAIN_KINDS.get(part, [""])]
        if not all(names):
            return ""
        return "".join(f", {name}" for name in (*names, *(["None"] if self.nullable else [])))

    def nested(self) -> Iterator[Shape]:
        """Yield this shape and those of its items, outermost first."""
        yield self
        if self.item is not None:
            yield from self.item.nested()


# A whole number is a number for JSON, too. What is missing here may have any type.
PLAIN_KINDS: Mapping[str, Sequence[str]] = {
    "str": ["str"],
    "int": ["int"],
    "float": ["float", "int"],
    "bool": ["bool"],
    "list": ["list", "tuple"],
}

SCALARS: Mapping[type[PropertyProtocol], Shape] = {
    StringProperty: Shape("plain", Code("str")),
    IntProperty: Shape("plain", Code("int")),
    FloatProperty: Shape("plain", Code("float")),
    BooleanProperty: Shape("plain", Code("bool")),
    DateTimeProperty: Shape("datetime", Code("datetime.datetime")),
    DateProperty: Shape("date", Code("datetime.date")),
    parsed.AnyProperty: Shape("plain", Code("Any"), nullable=True),
}


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
    elif shape.item is not None and shape.item.kind == "enum":
        shape = dataclasses.replace(shape, type=Code(f"Sequence[{_member_or_text(shape.item)}]"))
    return annotation(shape, required=required)


def _member_or_text(shape: Shape) -> Code:
    return Code(f"{shape.class_name} | {shape.class_name}Text")


def texts_in(shapes: Iterable[Shape]) -> list[tuple[Code, Code]]:
    """Return module and name of the plain texts of every enum that `argument_annotation` names."""
    return [
        (module, Code(f"{name}Text"))
        for shape in shapes
        for part in [shape.item or shape]
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


def model_fields(
    document: Mapping[str, Any], component: str, model: parsed.ModelProperty
) -> list[Field]:
    """Return the fields of ``model`` in the order of the document."""
    schema = document["components"]["schemas"][component]
    by_key = {
        text(each.name): each
        for each in (*(model.required_properties or ()), *(model.optional_properties or ()))
    }
    written = written_properties(document, schema)
    return [
        Field(
            name=naming.identifier(key),
            key=key,
            required=by_key[key].required,
            shape=with_zone(
                document, raw, shape_of(by_key[key], f"schema {component}, property {key}")
            ),
            description=descriptions.described(document, raw),
            example=descriptions.example_of(document, raw),
            secret=descriptions.resolved(document, raw).get("format") == "password",
        )
        for key, raw in written.items()
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


def shape_of(found: PropertyProtocol, where: str) -> Shape:
    """Return the shape of a parsed property.

    Raises:
        GenerateError: The templates have no code for such a property.
    """
    if isinstance(found, UnionProperty):
        return _union_shape(found, where)
    if isinstance(found, ListProperty):
        return _list_shape(found, where)
    if isinstance(found, parsed.ModelProperty):
        return _class_shape("model", found.class_info)
    if isinstance(found, parsed.EnumProperty):
        return _class_shape("enum", found.class_info)
    if type(found) in SCALARS:
        return SCALARS[type(found)]
    msg = (
        f"{where}: the templates have no code for a {type(found).__name__}; describe it with "
        "another type, or extend scripts/generate/fields.py and `converted` in views.py."
    )
    raise GenerateError(msg)


def with_zone(document: Mapping[str, Any], schema: Mapping[str, Any], shape: Shape) -> Shape:
    """Return ``shape`` with what the generator's copy lacks: whether it has a zone."""
    found = descriptions.resolved(document, schema)
    if shape.item is not None:
        item = with_zone(document, found.get("items", {}), shape.item)
        return dataclasses.replace(shape, item=item, zoned=item.zoned)
    return dataclasses.replace(shape, zoned=found.get("format") == "date-time")


def _class_shape(kind: Literal["model", "enum"], info: parsed.Class) -> Shape:
    name = Code(info.name)
    return Shape(kind, name, class_name=name, module=Code(info.module_name))


def _list_shape(found: ListProperty, where: str) -> Shape:
    item = shape_of(found.inner_property, f"{where}, items")
    inner = annotation(item, required=True)
    if item.kind == "plain":
        return Shape("plain", Code(f"list[{inner}]"))
    return Shape("list", Code(f"list[{inner}]"), item=item)


def _union_shape(found: UnionProperty, where: str) -> Shape:
    nullable = any(isinstance(inner, NoneProperty) for inner in found.inner_properties)
    shapes = [
        shape_of(inner, where)
        for inner in found.inner_properties
        if not isinstance(inner, NoneProperty)
    ]
    if len(shapes) == 1:
        return dataclasses.replace(shapes[0], nullable=nullable or shapes[0].nullable)
    if shapes and all(shape.kind == "plain" for shape in shapes):
        joined = " | ".join(shape.type for shape in shapes)
        return Shape("plain", Code(joined), nullable=nullable)
    msg = (
        f"{where}: a choice between several objects, enums or times cannot be distinguished when it "
        "is read; use one schema, or null beside one schema."
    )
    raise GenerateError(msg)


def text(name: Any) -> str:
    """Return document text without the generator's wrapper."""
    return name if isinstance(name, str) else str(name.get_untrusted_value())

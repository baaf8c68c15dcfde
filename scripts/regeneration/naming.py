"""The names that generated code has for the document's names."""

from __future__ import annotations

import builtins
import keyword

from openapi_python_client import strings

__all__ = [
    "FIELD_PREFIX",
    "class_name",
    "component_of",
    "enum_member",
    "identifier",
    "method_name",
    "module_name",
]

FIELD_PREFIX = "field_"

SCHEMA_REFERENCE = "#/components/schemas/"

# Generated functions call these, so no argument or local variable of theirs may take the name.
BUILTINS_IN_USE = frozenset(
    {"bool", "builtins", "dict", "float", "int", "isinstance", "len", "list", "property", "str"}
    | {"tuple"}
)
FREE_BUILTINS = frozenset(
    name for name in dir(builtins) if name.islower() and not keyword.iskeyword(name)
) - (BUILTINS_IN_USE)


def identifier(name: str) -> str:
    """Return the Python identifier for a property or a parameter.

    The generator appends an underscore to every built-in name. People know the vendor's ``type``
    and ``format``, so names that harm nothing stay as they are.
    """
    safe = str(strings.PythonIdentifier(name, FIELD_PREFIX))
    plain = safe.removesuffix("_")
    return plain if plain in FREE_BUILTINS else safe


def method_name(verb: str) -> str:
    """Return the method name for the verb of an operation."""
    return f"{verb}_" if keyword.iskeyword(verb) else verb


def class_name(component: str) -> str:
    """Return the class name for a component schema or a resource."""
    return str(strings.ClassName(component, FIELD_PREFIX))


def module_name(name: str) -> str:
    """Return the module name for a class or the verb of an operation."""
    return str(strings.PythonIdentifier(name, FIELD_PREFIX))


def enum_member(value: str, position: int) -> str:
    """Return the member name for an enum value that has no ``x-enum-varnames`` entry."""
    key = value.upper() if value[:1].isalpha() else f"VALUE_{position}"
    return strings.snake_case(key).upper()


def component_of(reference: str) -> str | None:
    """Return the schema component that ``reference`` names, None for any other reference."""
    if not reference.startswith(SCHEMA_REFERENCE):
        return None
    return reference.removeprefix(SCHEMA_REFERENCE)

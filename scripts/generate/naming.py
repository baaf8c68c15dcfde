"""The names that generated code has for the document's names."""

from __future__ import annotations

import ast
import builtins
import functools
import keyword
import pathlib
import re
from typing import TYPE_CHECKING

from openapi_python_client import strings

from generate.code import Code

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "FIELD_PREFIX",
    "TEMPLATES",
    "class_name",
    "component_of",
    "enum_member",
    "identifier",
    "member_names",
    "method_name",
    "module_name",
    "named_member",
    "names_in",
    "names_taken_by_calls",
    "names_taken_by_classes",
    "names_taken_by_methods",
    "names_taken_by_models",
    "names_taken_by_modules",
    "names_taken_by_resource_classes",
    "names_taken_by_resources",
]

TEMPLATES = pathlib.Path(__file__).resolve().parent.parent / "templates"
FIELD_PREFIX = "field_"

SCHEMA_REFERENCE = "#/components/schemas/"

# What `fields` writes into annotations beside classes.
ANNOTATION_NAMES = frozenset({"Any", "bool", "datetime", "dict", "float", "int", "list", "str"})

_STATEMENTS = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)
_EXPRESSIONS = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_TEXTS = re.compile(r'""".*?"""|"[^"\n]*"|#[^\n]*', re.DOTALL)
_IMPORTS = re.compile(r"^\s*(?:from +\S+ +)?import +(.*)$", re.MULTILINE)
_RENAMED = re.compile(r"\w+ as (\w+)")
# Neither an attribute nor the keyword of an argument.
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?!\w|\s*=[^=])")


@functools.cache
def names_in(template: str, *, imported_only: bool = False) -> frozenset[str]:
    """Return the names that the code of a template uses, or only those that it imports."""
    code = (TEMPLATES / template).read_text(encoding="utf-8")
    # An expression may stand for a part of a name: it leaves a letter, no blank.
    code = _TEXTS.sub("", _EXPRESSIONS.sub("_", _STATEMENTS.sub("", code)))
    imported = _RENAMED.sub(r"\1", " ".join(_IMPORTS.findall(code)))
    used = "" if imported_only else _IMPORTS.sub("", code)
    return frozenset(
        name for name in _NAME.findall(f"{imported}\n{used}") if not keyword.iskeyword(name)
    )


@functools.cache
def names_taken_by_models() -> frozenset[str]:
    """Return the names that no attribute of a model may have: its class uses them itself."""
    module = ast.parse((TEMPLATES / "types.py.jinja").read_text(encoding="utf-8"))
    base = next(
        node for node in module.body if isinstance(node, ast.ClassDef) and node.name == "Model"
    )
    own = {
        node.name if isinstance(node, ast.FunctionDef) else ast.unparse(node.target)
        for node in base.body
        if isinstance(node, ast.FunctionDef | ast.AnnAssign)
    }
    return names_in("model.py.jinja") | own - vars(builtins).keys()


@functools.cache
def names_taken_by_calls() -> frozenset[str]:
    """Return the names that no argument may have: functions that build requests use them."""
    imported = (
        names_in(name, imported_only=True)
        for name in ("endpoint_module.py.jinja", "endpoint_init.py.jinja")
    )
    return frozenset[str]().union(*imported)


@functools.cache
def names_taken_by_methods() -> frozenset[str]:
    """Return the names that no method may have: it would hide them from annotations beside it.

    A method ``list`` is provided for: `ResourceView` writes ``builtins.list`` beside it.
    """
    return (ANNOTATION_NAMES | names_in("endpoint_init.py.jinja", imported_only=True)) - {"list"}


@functools.cache
def names_taken_by_classes() -> frozenset[str]:
    """Return the names that no model, enum or union may have: modules that import it use them."""
    others = {"api_init.py.jinja", "client.py.jinja", "types.py.jinja"}
    templates = {path.name for path in TEMPLATES.glob("*.py.jinja")} - others
    return frozenset[str]().union(*map(names_in, templates))


@functools.cache
def names_taken_by_modules() -> frozenset[str]:
    """Return the names that no module of a model may have: the package ``models`` imports them."""
    return names_in("models_init.py.jinja", imported_only=True)


@functools.cache
def names_taken_by_resource_classes() -> frozenset[str]:
    """Return the names that no class of a resource may have: the modules it is in use them."""
    return names_in("api_init.py.jinja") | names_in("endpoint_init.py.jinja")


@functools.cache
def names_taken_by_resources() -> frozenset[str]:
    """Return the names that no resource may have: package, client or command line use them."""
    source = TEMPLATES.parents[1] / "overrides" / "insightiq"
    client = _attributes(source / "_client.py")
    commands = ast.parse((source / "cli" / "_main.py").read_text(encoding="utf-8"))
    (own,) = (
        node.value
        for node in commands.body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "_OWN"
    )
    return names_in("api_init.py.jinja").union(ast.literal_eval(own or ast.Dict([], [])), client)


def _attributes(module: pathlib.Path) -> set[str]:
    """Return the attributes of all classes in ``module``: methods, and what methods set."""
    found: set[str] = set()
    for each in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(each, ast.ClassDef):
            found |= {
                node.name
                for node in each.body
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            }
        elif isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store):
            found.add(each.attr)
    return found


@functools.cache
def _builtins_in_use() -> frozenset[str]:
    """Return the built-in names that generated functions use themselves."""
    templates = ("model.py.jinja", "endpoint_module.py.jinja", "endpoint_init.py.jinja")
    return ANNOTATION_NAMES.union(*map(names_in, templates)) & vars(builtins).keys()


def identifier(name: str) -> Code:
    """Return the Python identifier for a property or a parameter.

    The generator appends an underscore to every built-in name. People know the vendor's ``type``
    and ``format``, so names that harm nothing stay as they are.
    """
    safe = str(strings.PythonIdentifier(name, FIELD_PREFIX))
    plain = safe.removesuffix("_")
    free = plain in vars(builtins) and plain.islower() and not keyword.iskeyword(plain)
    return Code(plain if free and plain not in _builtins_in_use() else safe)


def method_name(verb: str) -> Code:
    """Return the method name for the verb of an operation."""
    return Code(f"{verb}_" if keyword.iskeyword(verb) else verb)


def class_name(component: str) -> Code:
    """Return the class name for a component schema or a resource."""
    return Code(strings.ClassName(component, FIELD_PREFIX))


def module_name(name: str) -> Code:
    """Return the module name for a class or the verb of an operation."""
    return Code(strings.PythonIdentifier(name, FIELD_PREFIX))


def named_member(name: str) -> str:
    """Return the member name for an entry of ``x-enum-varnames``."""
    return strings.snake_case(name).upper()


def enum_member(value: str, position: int) -> str:
    """Return the member name for an enum value that has no ``x-enum-varnames`` entry."""
    key = value.upper() if value[:1].isalpha() else f"VALUE_{position}"
    return strings.snake_case(key).upper()


def member_names(values: Sequence[object], variable_names: Sequence[str]) -> list[str]:
    """Return the member of each value of an enum.

    Names are taken at their word; values that are no names are numbered.
    """
    if len(variable_names) == len(values):
        return [named_member(str(name)) for name in variable_names]
    return [enum_member(str(value), index) for index, value in enumerate(values)]


def component_of(reference: str) -> str | None:
    """Return the schema component that ``reference`` names, None for any other reference."""
    if not reference.startswith(SCHEMA_REFERENCE):
        return None
    return reference.removeprefix(SCHEMA_REFERENCE)

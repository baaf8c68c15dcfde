"""Checks of a generated tree before it replaces the old one."""

from __future__ import annotations

import ast
import dataclasses
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import openapi_document

from generate import naming, prepare
from generate.errors import GenerateError
from generate.run_generator import tool

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator, Mapping

__all__ = ["Counts", "check_counts", "check_imports", "check_types"]

SHOWN_ERRORS = 20

MYPY_OPTIONS = ("--strict", "--config-file=", "--no-error-summary", "--no-color-output")

IMPORT_EVERYTHING = """
import importlib, json, pkgutil, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
package = importlib.import_module(sys.argv[2])
failed = {}
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    try:
        importlib.import_module(module.name)
    except Exception as error:
        failed[module.name] = f"{type(error).__name__}: {error}"
models = importlib.import_module(package.__name__ + ".models")
for name in models.__all__:
    try:
        getattr(models, name)
    except Exception as error:
        failed.setdefault(f"{models.__name__}: {name}", f"{type(error).__name__}: {error}")
print(json.dumps(failed))
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Counts:
    """Counts of operations, methods and classes; part of the manifest."""

    operations: int
    resources: int
    models: int
    enums: int
    enum_values: int


def check_counts(document: Mapping[str, Any], tree: pathlib.Path) -> Counts:
    """Compare the document with the classes, methods and members in ``tree``.

    Raises:
        GenerateError: Something of the document is missing in the tree, or the reverse.
    """
    operations = list(openapi_document.operations(document))
    objects, enums = _classes(prepare.prepared(document))
    findings = [
        *_check_operations(operations, tree),
        *_check_models(objects, tree),
        *_check_enums(enums, tree),
    ]
    if findings:
        raise GenerateError(findings)
    return Counts(
        operations=len(operations),
        resources=len({operation.resource for operation in operations}),
        models=len(objects),
        enums=len(enums),
        enum_values=sum(len(values) for values in enums.values()),
    )


def _classes(document: Mapping[str, Any]) -> tuple[list[str], dict[str, list[str]]]:
    """Return the object components, and the enum components with their values."""
    schemas = document.get("components", {}).get("schemas", {})
    objects = [name for name, schema in schemas.items() if prepare.is_model(document, schema)]
    enums = {
        name: [value for value in schema["enum"] if value is not None]
        for name, schema in schemas.items()
        if prepare.is_enum(schema)
    }
    return objects, enums


def _check_operations(
    operations: list[openapi_document.Operation], tree: pathlib.Path
) -> Iterator[str]:
    for resource in sorted({operation.resource for operation in operations}):
        verbs = [each.verb for each in operations if each.resource == resource]
        folder = tree / "api" / resource
        expected = {naming.module_name(verb) for verb in verbs}
        found = {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}
        yield from _difference(f"operation modules in api/{resource}", expected, found)
        classes = _class_bodies(folder / "__init__.py")
        for prefix in ("", "Async"):
            name = f"{prefix}{naming.class_name(resource)}"
            methods = {
                node.name
                for node in classes.get(name, ())
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            } - {"__init__"}
            expected = {naming.method_name(verb) for verb in verbs}
            yield from _difference(f"methods of {name}", expected, methods)


def _check_models(objects: list[str], tree: pathlib.Path) -> Iterator[str]:
    for component in objects:
        name = naming.class_name(component)
        path = tree / "models" / f"{naming.module_name(name)}.py"
        if name not in _class_bodies(path):
            yield f"The schema {component} has no class {name} in models/{path.name}."


def _check_enums(enums: Mapping[str, list[str]], tree: pathlib.Path) -> Iterator[str]:
    for component, values in enums.items():
        name = naming.class_name(component)
        path = tree / "models" / f"{naming.module_name(name)}.py"
        members = [
            node.value.value
            for node in _class_bodies(path).get(name, ())
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        ]
        yield from _difference(f"values of the enum {name}", set(values), set(members))


def _class_bodies(path: pathlib.Path) -> dict[str, list[ast.stmt]]:
    if not path.exists():
        return {}
    module = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: node.body for node in module.body if isinstance(node, ast.ClassDef)}


def _difference(what: str, expected: set[Any], found: set[Any]) -> Iterator[str]:
    advice = "look for a template that leaves them out, or for names that collide."
    if missing := sorted(expected - found):
        yield f"Of the {what}, the document has {', '.join(missing)} but the tree has not; {advice}"
    if extra := sorted(found - expected):
        yield f"Of the {what}, the tree has {', '.join(extra)} but the document has not; {advice}"


def check_imports(tree: pathlib.Path) -> None:
    """Import every module of ``tree`` in a process of its own.

    Raises:
        GenerateError: A module does not import.
    """
    finished = subprocess.run(
        [sys.executable, "-c", IMPORT_EVERYTHING, str(tree.parent), tree.name],
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        reason = finished.stderr.strip().rpartition("\n")[2]
        msg = f"The new tree does not import: {reason}; correct the template of that module."
        raise GenerateError(msg)
    failed: dict[str, str] = json.loads(finished.stdout)
    if failed:
        raise GenerateError(
            f"{module} does not import: {reason}; correct its template."
            for module, reason in failed.items()
        )


def check_types(tree: pathlib.Path, cache: pathlib.Path) -> None:
    """Run ``mypy --strict`` over ``tree``, without any configuration.

    Raises:
        GenerateError: mypy finds something.
    """
    finished = subprocess.run(
        [tool("mypy"), *MYPY_OPTIONS, "--cache-dir", str(cache), tree.name],
        cwd=tree.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        lines = (finished.stdout + finished.stderr).strip().split("\n")
        shown = "\n".join(lines[:SHOWN_ERRORS])
        more = f"\n… and {len(lines) - SHOWN_ERRORS} more" if len(lines) > SHOWN_ERRORS else ""
        msg = f"mypy --strict rejects the new tree; correct the templates:\n{shown}{more}"
        raise GenerateError(msg)

"""The index of all methods of the client, as a page for people.

It is read from the source text of the generated package and of the resources that are extended by
hand, so that it needs neither the document nor an import.
"""

from __future__ import annotations

import ast
import dataclasses
import pathlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["EXTENSIONS", "render"]

EXTENSIONS = pathlib.Path(__file__).resolve().parents[2] / "overrides" / "insightiq" / "resources"

HEAD = """\
<!-- Written by scripts/regenerate.py; do not edit. -->
# Methods of the client

{count} methods of {resources} resources: `iq.<resource>.<method>(…)`. `AsyncInsightIQ` has the same ones;
await them, and loop over lists with `async for`. What stands before `*` is positional, the rest is
passed by name; arguments with `=…` may be left out. The name of a method is the id of its operation
in the document. [The guide](client.md) shows how to use them.

- **Repeated**: whether a call is repeated after a failure that leaves open whether the server did
  what was asked. The others are repeated only where the server certainly did nothing.
- **Paged**: whether the method goes through pages, or through parts of a long list of ids, by itself.
"""
_NAME = re.compile(r"[A-Za-z_]+")
COLUMNS = ("Method", "What it does", "Returns", "Request", "Repeated", "Paged")


@dataclasses.dataclass(frozen=True, slots=True)
class Method:
    """One row of the index; what a method made of several operations lacks is empty."""

    call: str
    summary: str
    returns: str
    request: str = ""
    repeated: str = ""
    paged: str = ""

    def row(self) -> str:
        """Return the row of the table."""
        cells = [f"`{self.call}`", self.summary, f"`{self.returns}`"]
        cells += [f"`{self.request}`" if self.request else "several"]
        cells += [self.repeated or "by itself", self.paged or "no"]
        return _line([cell.replace("|", "\\|") for cell in cells])


def render(tree: pathlib.Path, extensions: pathlib.Path = EXTENSIONS) -> str:
    """Return the page about the generated package in ``tree``.

    Args:
        tree: Folder of the package.
        extensions: Folder of the modules that add methods to resources, one module for each.
    """
    sections: list[str] = []
    count = 0
    for module in sorted((tree / "api").glob("*/__init__.py")):
        resource = module.parent.name
        described = _resource_class(module)
        models = _real_names(module)
        methods = [
            _generated(resource, each, module.parent, models) for each in _methods(described)
        ]
        added = extensions / f"{resource}.py"
        if added.exists():
            methods += [_extended(resource, each) for each in _methods(_resource_class(added))]
        count += len(methods)
        rows = [each.row() for each in methods]
        table = "\n".join([_line(COLUMNS), _line(["---"] * len(COLUMNS)), *rows])
        sections.append(f"## {resource}\n\n{_first_line(described)}\n\n{table}\n")
    return "\n".join([HEAD.format(count=count, resources=len(sections)), *sections])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _resource_class(module: pathlib.Path) -> ast.ClassDef:
    """Return the class of a resource for synchronous code."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return next(
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("Async")
    )


def _real_names(module: pathlib.Path) -> dict[str, str]:
    """Return the names of models that are called otherwise in the module: ``AudienceModel``."""
    return {
        alias.asname: alias.name
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname is not None
    }


def _methods(resource: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    for node in resource.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def _extended(resource: str, method: ast.FunctionDef) -> Method:
    return Method(_call(resource, method), _first_line(method), _returns(method))


def _generated(
    resource: str, method: ast.FunctionDef, folder: pathlib.Path, models: Mapping[str, str]
) -> Method:
    module = next(
        node.module
        for node in ast.walk(method)
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module
    )
    facts = _operation(folder / f"{module}.py")
    paged = ""
    if "pagination" in facts and not _is_none(facts["pagination"]):
        paged = "yes"
    elif "bulk" in facts:
        paged = "by ids"
    return Method(
        _call(resource, method),
        _first_line(method),
        _NAME.sub(lambda found: models.get(found[0], found[0]), _returns(method)),
        f"{ast.literal_eval(facts['method'])} {ast.literal_eval(facts['path'])}",
        "yes" if ast.literal_eval(facts["retry_safe"]) else "no",
        paged,
    )


def _operation(module: pathlib.Path) -> dict[str, ast.expr]:
    """Return what the module's ``OPERATION`` is made with, by keyword."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    made = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and ast.unparse(node.target) == "OPERATION"
        and isinstance(node.value, ast.Call)
    )
    return {each.arg: each.value for each in made.keywords if each.arg}


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _call(resource: str, method: ast.FunctionDef) -> str:
    arguments = method.args
    names = [each.arg for each in arguments.args if each.arg != "self"]
    if arguments.kwonlyargs:
        names.append("*")
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        names.append(each.arg if default is None else f"{each.arg}=…")
    return f"{resource}.{method.name}({', '.join(names)})"


def _returns(method: ast.FunctionDef) -> str:
    return "None" if method.returns is None else ast.unparse(method.returns)


def _first_line(node: ast.ClassDef | ast.FunctionDef) -> str:
    return (ast.get_docstring(node) or "").partition("\n")[0]

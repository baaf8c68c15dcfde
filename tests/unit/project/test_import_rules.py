"""Who may import whom: the table of the architecture page, held by reading the sources."""

from __future__ import annotations

import ast
import importlib.metadata
import pathlib
import re
import sys
import tomllib
from collections.abc import Iterator

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
PACKAGES = {
    "insightiq_generated": ROOT / "generated" / "insightiq_generated",
    "insightiq": ROOT / "overrides" / "insightiq",
    "insightiq_mock": ROOT / "mock_server" / "insightiq_mock",
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def imports_of(source: str) -> Iterator[tuple[str, bool]]:
    """Yield each module that ``source`` imports, and whether it does so as it is imported itself.

    ``importlib.import_module("name")`` counts as well; relative imports stay in their package.
    """
    tree = ast.parse(source)
    later = [node for node in ast.walk(tree) if _runs_later(node)]
    deferred = {id(inner) for node in later for inner in ast.walk(node)}
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            names = [
                argument.value
                for argument in node.args[:1]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ]
        for name in names:
            yield name, id(node) not in deferred


def _runs_later(node: ast.AST) -> bool:
    """A function's body, or what only a type checker reads."""
    if isinstance(node, ast.If):
        return ast.unparse(node.test).endswith("TYPE_CHECKING")
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def modules(package: str) -> list[pathlib.Path]:
    """Return the modules of ``package``; that it has some is part of what is tested."""
    found = sorted(PACKAGES[package].rglob("*.py"))
    assert found
    return found


def imported_by(package: str) -> dict[str, set[str]]:
    """Return the modules of ``package`` by each foreign top-level module that they import."""
    importers: dict[str, set[str]] = {}
    for path in modules(package):
        for name, _ in imports_of(path.read_text(encoding="utf-8")):
            top_level = name.partition(".")[0]
            if top_level != package and top_level not in sys.stdlib_module_names:
                inside = path.relative_to(PACKAGES[package]).as_posix()
                importers.setdefault(top_level, set()).add(inside)
    return importers


def normalized(distribution: str) -> str:
    """Return the name of a distribution as the index knows it, without extras and versions."""
    name = re.match(r"[\w.-]+", distribution)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def declared(*, extra: str | None = None) -> set[str]:
    """Return the distributions that an install, with an extra or without, brings."""
    requirements: list[str] = PROJECT["dependencies"]
    if extra is not None:
        requirements = requirements + PROJECT["optional-dependencies"][extra]
    return {normalized(requirement) for requirement in requirements}


def undeclared(package: str, allowed: set[str]) -> dict[str, set[str]]:
    """Return the third-party modules of ``package`` that no allowed distribution brings."""
    brought_by = importlib.metadata.packages_distributions()
    return {
        name: importers
        for name, importers in imported_by(package).items()
        if name not in PACKAGES
        and not {normalized(distribution) for distribution in brought_by.get(name, [])} & allowed
    }


def test_mock_server_knows_nothing_of_client() -> None:
    """Client and server must not share a mistake that no test would see."""
    importers = imported_by("insightiq_mock")
    assert {name: importers.get(name, set()) for name in ("insightiq", "insightiq_generated")} == {
        "insightiq": set(),
        "insightiq_generated": set(),
    }


def test_generated_code_is_data_and_pure_functions() -> None:
    """It imports attrs and the standard library: no HTTP library, no hand-written code."""
    assert imported_by("insightiq_generated").keys() <= {"attrs"}


def test_client_imports_mock_server_in_its_test_kit_alone_and_when_asked() -> None:
    """The base install has no mock server, so importing the client must not want it."""
    for path in modules("insightiq"):
        source = path.read_text(encoding="utf-8")
        for name, at_once in imports_of(source):
            if name.partition(".")[0] == "insightiq_mock":
                inside = path.relative_to(PACKAGES["insightiq"]).as_posix()
                assert re.match(r"testing(/|\.py|_)", inside), inside
                assert not at_once, f"{inside} imports {name} before it is asked"


def test_httpx_stands_behind_two_modules() -> None:
    """A new version of httpx, or another library, changes what sends and what connects."""
    found = imported_by("insightiq")
    assert found["httpx"] == {"_http.py", "_transport.py"}
    assert found["httpcore"] == {"_transport.py"}


@pytest.mark.parametrize(
    ("package", "extra"),
    [("insightiq_generated", None), ("insightiq", None), ("insightiq_mock", "mock")],
)
def test_what_package_imports_is_what_its_install_brings(package: str, extra: str | None) -> None:
    """An import that only the development tools bring breaks on the user's machine."""
    missing = undeclared(package, declared(extra=extra))
    if package != "insightiq_generated":
        # Loaded by pytest alone, which is then there.
        assert missing.pop("pytest", set()) == {"testing/plugin.py"}
    if package == "insightiq":
        # Loaded where a table is asked for, once it is known to be there.
        assert missing.pop("rich", set()) == {"command_line/_tables.py"}
        assert "rich" in declared(extra="cli")
        # Quicker where it is installed, and done without where it is not.
        assert missing.pop("orjson", set()) == {"_decoding.py"}
        assert "orjson" in declared(extra="fast")
    assert missing == {}


def test_container_folder_is_no_package() -> None:
    """The folders only hold packages; nothing is imported as ``overrides.insightiq``."""
    containers = {path.parent.name for path in PACKAGES.values()}
    assert not [name for name in containers if (ROOT / name / "__init__.py").exists()]
    sources = [*(ROOT / "scripts").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    sources += [path for package in PACKAGES for path in modules(package)]
    for path in sources:
        if "node_modules" in path.parts:
            continue
        for name, _ in imports_of(path.read_text(encoding="utf-8")):
            assert name.partition(".")[0] not in containers, f"{path} imports {name}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a.b", [("a.b", True)]),
        ("from a.b import c", [("a.b", True)]),
        ("from .a import b", []),
        ("def f():\n    import a", [("a", False)]),
        ("async def f():\n    from a import b", [("a", False)]),
        ("import importlib\nimportlib.import_module('a')", [("importlib", True), ("a", True)]),
        ("if TYPE_CHECKING:\n    import a", [("a", False)]),
    ],
)
def test_reader_of_imports_sees_every_kind(source: str, expected: list[tuple[str, bool]]) -> None:
    """The rules above are worth as much as what they see."""
    assert sorted(imports_of(source)) == sorted(expected)

"""Packages import what their install brings; import-linter (`make lint`) checks the directions."""

from __future__ import annotations

import importlib.metadata
import pathlib
import re
import subprocess
import sys
import tomllib
from collections import defaultdict

import grimp
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGES = ("insightiq_generated", "insightiq", "insightiq_mock")


def distributions(*extras: str) -> set[str]:
    """Return the names of the distributions that an install with these extras brings."""
    requirements = list(PROJECT["dependencies"])
    for extra in extras:
        requirements += PROJECT["optional-dependencies"][extra]
    names = [re.match(r"[\w.-]+", requirement) for requirement in requirements]
    return {re.sub(r"[-_.]+", "-", name[0]).lower() for name in names if name}


def undeclared(package: str, *extras: str) -> dict[str, set[str]]:
    """Return third-party packages that no distribution of the install brings, and their importers."""
    graph = grimp.build_graph(package, include_external_packages=True, cache_dir=None)
    brought_by = importlib.metadata.packages_distributions()
    found = defaultdict(set)
    for module in graph.modules:
        for name in graph.find_modules_directly_imported_by(module):
            top_level = name.partition(".")[0]
            brought = {each.lower().replace("_", "-") for each in brought_by.get(top_level, [])}
            if top_level not in PACKAGES and not brought & distributions(*extras):
                found[top_level].add(module)
    return {
        name: importers for name, importers in found.items() if name not in sys.stdlib_module_names
    }


@pytest.mark.parametrize(
    ("package", "extras", "optional"),
    [
        ("insightiq_generated", (), {}),
        (
            "insightiq",
            (),
            {
                "pytest": {"insightiq.testing.plugin"},  # loaded by pytest alone
                "rich": {"insightiq.cli._tables"},  # of the extra `cli`
                "orjson": {"insightiq._response"},  # of the extra `fast`
            },
        ),
        ("insightiq_mock", ("mock",), {"pytest": {"insightiq_mock.testing.plugin"}}),
    ],
)
def test_install_brings_what_package_imports(
    package: str, extras: tuple[str, ...], optional: dict[str, set[str]]
) -> None:
    """An import that only the development tools bring breaks on the user's machine."""
    assert undeclared(package, *extras) == optional


def test_client_imports_mock_server_only_on_request() -> None:
    """The base install has no mock server."""
    check = (
        "import insightiq.testing, sys\n"
        "sys.exit('insightiq_mock' in sys.modules and 'the mock server was imported')"
    )
    subprocess.run([sys.executable, "-c", check], check=True)


def test_container_folders_are_no_packages() -> None:
    """Nothing can be imported as `overrides.insightiq`."""
    assert not list(ROOT.glob("*/__init__.py"))

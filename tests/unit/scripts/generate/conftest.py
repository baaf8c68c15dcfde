"""A small document, the package made from it, and a workshop for broken variants of both."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import pathlib
import shutil
import sys
from collections.abc import Callable, Iterator
from typing import Any

import openapi_document
import pytest
import regenerate
import yaml
from generate import run_generator

SMALL_DOCUMENT = pathlib.Path(__file__).parents[3] / "fixtures" / "small_document.yaml"

# Not insightiq_generated: other tests import the real package of that name in the same process.
PACKAGE = "shelf_generated"
EVERYTHING_DOCUMENT = SMALL_DOCUMENT.with_name("everything.yaml")
EVERYTHING_PACKAGE = "everything_generated"


@dataclasses.dataclass(frozen=True)
class Shelf:
    """A package made from a document.

    Attributes:
        folder: Folder of the package; tests read it and leave it as it is.
        package: Name of the package.
    """

    folder: pathlib.Path
    package: str = PACKAGE

    def load(self, name: str) -> Any:
        """Import a module of the package."""
        return importlib.import_module(f"{self.package}.{name}" if name else self.package)

    @property
    def models(self) -> Any:
        """The package's models."""
        return self.load("models")

    @property
    def types(self) -> Any:
        """The package's types."""
        return self.load("types")

    def operation(self, operation_id: str) -> Any:
        """Import the module of an operation."""
        return self.load(f"api.{operation_id}")


@contextlib.contextmanager
def made_from(document: pathlib.Path, folder: pathlib.Path, package: str) -> Iterator[Shelf]:
    """Make a package from ``document``, ready to be imported within the block."""
    regenerate.render(document, folder / package)
    sys.path.insert(0, str(folder))
    yield Shelf(folder / package, package)
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """The package made from the small document, ready to be imported."""
    with made_from(SMALL_DOCUMENT, tmp_path_factory.mktemp("shelf"), PACKAGE) as made:
        yield made


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """The package made from the document that uses every form, ready to be imported."""
    folder = tmp_path_factory.mktemp("everything")
    with made_from(EVERYTHING_DOCUMENT, folder, EVERYTHING_PACKAGE) as made:
        yield made


@dataclasses.dataclass(frozen=True)
class Workshop:
    """Copies of everything that goes into a tree, free to be broken.

    Attributes:
        document: The document.
        templates: The templates.
        tree: The tree in place, made from the unbroken small document.
    """

    document: pathlib.Path
    templates: pathlib.Path
    tree: pathlib.Path

    def edit_document(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Apply ``change`` to the document."""
        content = openapi_document.load(self.document)
        change(content)
        self.document.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")

    def edit_template(self, name: str, old: str, new: str) -> None:
        """Replace ``old`` in a template, which must hold it."""
        replace(self.templates / name, old, new)

    def snapshot(self) -> dict[str, bytes]:
        """Return every file around the tree, so that leftovers show as well."""
        root = self.tree.parent
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }


def replace(path: pathlib.Path, old: str, new: str) -> None:
    """Replace ``old`` in a file, which must hold it."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} does not hold {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def workshop(tmp_path: pathlib.Path, shelf: Shelf) -> Workshop:
    """A document, templates and a tree of one's own."""
    made = Workshop(
        tmp_path / "document.yaml", tmp_path / "templates", tmp_path / "generated" / PACKAGE
    )
    shutil.copy(SMALL_DOCUMENT, made.document)
    shutil.copytree(run_generator.TEMPLATES, made.templates)
    shutil.copytree(shelf.folder, made.tree, ignore=shutil.ignore_patterns("__pycache__"))
    return made

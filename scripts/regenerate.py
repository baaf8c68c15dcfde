"""Turn the OpenAPI document into the generated package.

python scripts/regenerate.py                  regenerate; a failure leaves the old tree as it is
python scripts/regenerate.py --check          compare only; fails with a diff if the tree is out of date
python scripts/regenerate.py --discard-edits  replace a tree that was edited by hand, too

The index of the client's methods, docs/client-methods.md, follows the package that is in its place. The
client of the mock server's control API is generated from control.yaml at the same time.
"""

from __future__ import annotations

if __name__ == "__main__":
    # First of all: failures of the imports below are covered, too.
    from insightiq._entry_point import run_script

    run_script("regenerate", __file__)

import argparse
import pathlib
import sys
import tempfile
from typing import TYPE_CHECKING

import openapi_document
from generate import (
    compare,
    control_client,
    document_checks,
    manifest,
    method_index,
    replace,
    run_generator,
    tree_checks,
)
from generate.errors import GenerateError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "generated" / "insightiq_generated"
INDEX = ROOT / "docs" / "client-methods.md"
MYPY_CACHE = ROOT / ".mypy_cache" / "regenerate"


def render(
    document_path: pathlib.Path,
    target: pathlib.Path,
    templates: pathlib.Path = run_generator.TEMPLATES,
) -> tree_checks.Counts:
    """Write the package for the document to ``target`` and check that nothing is lost.

    Raises:
        GenerateError: The document or a template has to be corrected.
        openapi_document.DocumentError: The document cannot be read.
    """
    document = openapi_document.load(document_path)
    document_checks.check_structure(document)
    document_checks.check_document(document)
    run_generator.generate(document, target, templates)
    counts = tree_checks.check_counts(document, target)
    manifest.write_manifest(target, document_path, counts, templates)
    return counts


def regenerate(
    document_path: pathlib.Path,
    output: pathlib.Path,
    templates: pathlib.Path = run_generator.TEMPLATES,
    *,
    discard_edits: bool = False,
) -> str:
    """Make the tree anew, check it and put it in place; return one line about it.

    Args:
        document_path: The document.
        output: Folder of the package; what stands there is replaced.
        templates: Folder of the templates.
        discard_edits: Whether to replace a tree that was changed since it was made.

    Raises:
        GenerateError: The document or a template has to be corrected; the old tree is in place.
        openapi_document.DocumentError: The document cannot be read; the old tree is in place.
    """
    replace.check_replaceable(output, discard_edits=discard_edits)
    with replace.workspace(output) as folder:
        fresh = folder / output.name
        counts = render(document_path, fresh, templates)
        tree_checks.check_imports(fresh)
        tree_checks.check_types(fresh, MYPY_CACHE)
        replace.replace(fresh, output, folder)
    return (
        f"{counts.operations} operations of {counts.resources} resources, {counts.models} models, "
        f"{counts.enums} enums with {counts.enum_values} values."
    )


def check(
    document_path: pathlib.Path,
    output: pathlib.Path,
    templates: pathlib.Path = run_generator.TEMPLATES,
) -> list[str]:
    """Return how the tree differs from what the document gives, without changing anything.

    Raises:
        GenerateError: The document or a template has to be corrected.
        openapi_document.DocumentError: The document cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        fresh = pathlib.Path(folder) / output.name
        render(document_path, fresh, templates)
        return compare.differences(output, fresh)


def write_index(output: pathlib.Path, index: pathlib.Path = INDEX) -> None:
    """Write the index of methods, if ``output`` is the package that it is about."""
    if output == OUTPUT:
        index.write_text(method_index.render(output), encoding="utf-8")


def check_index(output: pathlib.Path, index: pathlib.Path = INDEX) -> list[str]:
    """Return what is wrong with the index, if ``output`` is the package that it is about."""
    if output != OUTPUT:
        return []
    text = index.read_text(encoding="utf-8") if index.exists() else ""
    if text == method_index.render(output):
        return []
    return [f"{index.name}: {compare.STALE}"]


def write_control_client(output: pathlib.Path) -> None:
    """Write the client of the mock server's control API, beside the package in its place."""
    if output == OUTPUT:
        control_client.write()


def check_control_client(output: pathlib.Path) -> list[str]:
    """Return what is wrong with that client."""
    if output != OUTPUT or control_client.is_current():
        return []
    return [f"{control_client.OUTPUT.name}: {compare.STALE}"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    parser = argparse.ArgumentParser(description="Turn the OpenAPI document into generated code.")
    parser.add_argument("--check", action="store_true", help="compare only, change nothing")
    parser.add_argument("--document", type=pathlib.Path, default=openapi_document.DEFAULT_PATH)
    parser.add_argument("--output", type=pathlib.Path, default=OUTPUT, help="folder of the package")
    parser.add_argument(
        "--discard-edits", action="store_true", help="replace files that were edited by hand"
    )
    options = parser.parse_args(arguments)
    output: pathlib.Path = options.output.resolve()
    try:
        if options.check:
            found = (
                check(options.document, output)
                or check_index(output)
                or check_control_client(output)
            )
            return _report(found, output)
        done = regenerate(options.document, output, discard_edits=options.discard_edits)
        print(f"{options.output}: {done}")
        write_index(output)
        write_control_client(output)
    except (GenerateError, openapi_document.DocumentError, OSError) as error:
        print(f"{options.output} stays as it is:\n{error}", file=sys.stderr)
        return 1
    return 0


def _report(found: Sequence[str], output: pathlib.Path) -> int:
    if found:
        print("\n".join(found), file=sys.stderr)
        return 1
    print(f"{output}: up to date.")
    return 0

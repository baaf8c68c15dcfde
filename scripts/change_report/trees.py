"""The generated package of a document, made in a scratch folder, and its surface."""

from __future__ import annotations

import pathlib
import tempfile
from typing import TYPE_CHECKING, Any

import openapi_document
from regeneration import derive, document_checks, run_generator, structure_checks
from regeneration.problems import RegenerationError

from change_report.model import ComparisonError
from change_report.surface import Surface, read_surface

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["surface_of"]


def surface_of(name: str, document: Mapping[str, Any]) -> Surface:
    """Generate the package for ``document`` and read what callers see of it.

    Both sides are made by today's templates, so that only the document speaks.

    Raises:
        ComparisonError: No client can be made from the document.
    """
    try:
        structure_checks.check_structure(document)
        document_checks.check_document(document)
        with tempfile.TemporaryDirectory() as folder:
            tree = pathlib.Path(folder) / "insightiq_generated"
            derived = derive.derived_copy(document)
            run_generator.generate(document, derived, tree, tidy=False)
            return read_surface(tree)
    except (RegenerationError, openapi_document.DocumentError) as error:
        msg = f"{name}: no client can be generated from it:\n{error}"
        raise ComparisonError(msg) from error

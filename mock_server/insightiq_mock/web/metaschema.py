"""The OpenAPI 3.0 meta-schema: connexion's own copy, so that both refuse the same documents."""

from __future__ import annotations

import functools
import importlib.util
import json
import pathlib
from typing import TYPE_CHECKING

import jsonschema_rs

from insightiq_mock.web.violations import violations_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["metaschema_violations"]


def metaschema_violations(document: Mapping[str, object]) -> list[str]:
    """Return what in ``document`` is not OpenAPI 3.0, each with a pointer to the place.

    connexion checks the same with its Python validator, which takes most of its loading time.
    """
    return [str(found) for found in violations_of(_validator(), document, "#")]


@functools.cache
def _validator() -> jsonschema_rs.Validator:
    # Found without importing connexion, which takes longer than all of the checks.
    package = importlib.util.find_spec("connexion")
    assert package is not None, "connexion is required"
    assert package.origin is not None, "connexion is a package of files"
    path = pathlib.Path(package.origin).parent / "resources" / "schemas" / "v3.0" / "schema.json"
    # connexion does not check the formats either; a broken pattern is found when it is compiled.
    return jsonschema_rs.Draft4Validator(json.loads(path.read_bytes()), validate_formats=False)

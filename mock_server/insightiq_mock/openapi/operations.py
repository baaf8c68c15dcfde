"""The operations of a document, whatever else it holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from insightiq_mock.openapi.json_data import is_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["METHODS", "malformed_paths", "operations_of"]

_TEMPLATE = re.compile(r"(?:[^{}]|\{[^{}/]+\})*")

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def operations_of(
    document: Mapping[str, Any],
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield path, method and operation object of every operation, in the order of the document.

    What is no object where OpenAPI wants one holds no operation: saying so is a matter of the
    meta-schema, and documents of other people are read without it.
    """
    paths = document.get("paths")
    if not is_object(paths):
        return
    for path, item in paths.items():
        if is_object(item) and not path.startswith("x-"):
            for method in METHODS:
                if is_object(item.get(method)):
                    yield path, method, item[method]


def malformed_paths(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield each path template whose braces do not enclose names."""
    paths = document.get("paths")
    for path in paths if is_object(paths) else ():
        if not path.startswith("x-") and not _TEMPLATE.fullmatch(path):
            yield path

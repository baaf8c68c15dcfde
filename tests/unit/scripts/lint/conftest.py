"""A small clean document, and what the rules say once something in it is broken."""

from __future__ import annotations

import json
import pathlib
from typing import TYPE_CHECKING, Any, Protocol

import lint
import openapi_document
import pytest

from insightiq_mock.openapi.tree import pointer_parts

if TYPE_CHECKING:
    from collections.abc import Mapping


class AssertBreach(Protocol):
    """Break the clean document and hear what one rule says."""

    def __call__(
        self, rule: str, edits: Mapping[str, Any], where: str, what: str, remedy: str
    ) -> None:
        """Set each pointer of ``edits`` to its value (``...`` removes it) and run all rules.

        ``rule`` must have a finding at the pointer ``where`` that says ``what`` and ``remedy``.
        """
        ...


@pytest.fixture
def clean_path() -> pathlib.Path:
    """Path of the clean document."""
    return pathlib.Path(__file__).with_name("clean.yaml")


@pytest.fixture
def clean_document(clean_path: pathlib.Path) -> dict[str, Any]:
    """The clean document, free to be changed."""
    # Through JSON, so that no two places share an object as YAML aliases do.
    document: dict[str, Any] = json.loads(json.dumps(openapi_document.load(clean_path)))
    return document


@pytest.fixture
def assert_breach(clean_document: dict[str, Any]) -> AssertBreach:
    """Return a function that edits the clean document and checks a rule's message."""

    def check(rule: str, edits: Mapping[str, Any], where: str, what: str, remedy: str) -> None:
        for pointer, value in edits.items():
            _edit(clean_document, pointer, value)
        findings = lint.check(clean_document).get(rule, [])
        there = [finding for finding in findings if finding.pointer == where]
        assert there, f"{rule} is silent at {where}; it says {findings}"
        assert any(what in finding.what and remedy in finding.remedy for finding in there), there

    return check


def _edit(document: dict[str, Any], pointer: str, value: object) -> None:
    *parents, last = pointer_parts(pointer)
    node: Any = document
    for part in parents:
        node = node[int(part)] if isinstance(node, list) else node[part]
    if value is ...:
        del node[last]
    elif isinstance(node, list):
        node.append(value)
    else:
        node[last] = value

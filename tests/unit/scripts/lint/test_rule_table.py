"""The rules as a whole: none speaks without cause, none hides another."""

from __future__ import annotations

import inspect
from typing import Any

import lint
from generate import naming
from openapi_python_client.parser.properties.enum_property import EnumProperty
from openapi_python_client.parser.properties.schemas import Class
from openapi_python_client.strings import ClassName, PythonIdentifier
from published_document import DOCUMENT


def test_clean_document_breaks_no_rule(clean_document: dict[str, Any]) -> None:
    """The breaches in the other tests are each the only thing wrong with their document."""
    assert lint.check(clean_document) == {}


def test_rule_id_is_given_once() -> None:
    """Findings are known by rule id, so two rules with one id would hide one another."""
    ids = [rule.id for rule in lint.RULES]
    assert len(ids) == len(set(ids))


def test_every_rule_module_is_run() -> None:
    """A module of rules that `check` does not know would be a rule that no one runs."""
    modules = [module for _, module in inspect.getmembers(lint, inspect.ismodule)]
    listed = {
        rule.id
        for module in modules
        for rule in (*getattr(module, "RULES", ()), getattr(module, "RESOLVES", None))
        if rule is not None
    }
    assert {rule.id for rule in lint.RULES} == listed


def test_document_says_which_statuses_are_common(clean_document: dict[str, Any]) -> None:
    """A server without rate limit and maintenance documents neither; what is open asks for no 401."""
    operation = clean_document["paths"]["/v1/letters/{id}"]["get"]
    operation["security"] = []
    for status in ("401", "429", "503"):
        del operation["responses"][status]
    reported = [finding.what for finding in lint.check(clean_document)["error-statuses"]]
    assert [what.split()[4].rstrip(",") for what in reported] == ["429", "503"]
    clean_document["x-common-statuses"] = ["401", "500"]
    assert "error-statuses" not in lint.check(clean_document)


def test_dangling_reference_is_only_thing_reported(clean_document: dict[str, Any]) -> None:
    """Rules that follow references must not stumble over one that leads nowhere."""
    clean_document["components"]["schemas"]["LetterState"].pop("description")
    clean_document["components"]["schemas"]["Letter"]["properties"]["state"] = {
        "$ref": "#/components/schemas/Nowhere"
    }
    assert list(lint.check(clean_document)) == ["reference-resolves"]


def test_documents_enum_members_are_those_of_generator() -> None:
    """The lint works members out itself, so it must agree with the generator on every enum."""
    for name, schema in DOCUMENT["components"]["schemas"].items():
        values = [value for value in schema.get("enum", []) if value is not None]
        variable_names = schema.get("x-enum-varnames", [])
        info = Class(name=ClassName(name, "field_"), module_name=PythonIdentifier(name, "field_"))
        generated = EnumProperty.values_from_list(values, info, variable_names)
        assert naming.member_names(values, variable_names) == list(generated)


def test_odd_enum_values_get_names_of_generator() -> None:
    """Values that are no identifiers are numbered, as the generator does."""
    values = ["65-", "", "N/A", "18-24", "café"]
    info = Class(name=ClassName("Odd", "field_"), module_name=PythonIdentifier("odd", "field_"))
    generated = EnumProperty.values_from_list(values, info, [])
    assert naming.member_names(values, []) == list(generated)

"""Failing generator: the remedy is named, and the old tree stays."""

from __future__ import annotations

import pathlib
from typing import Any

import pytest
import regenerate
from generate import prepare, tree_checks
from generate.errors import GenerateError


def rejected(workshop: Any) -> str:
    """Regenerate, expect a rejection that changes nothing, and return its message."""
    before = workshop.snapshot()
    with pytest.raises(GenerateError) as caught:
        regenerate.regenerate(workshop.document, workshop.tree, workshop.templates)
    assert workshop.snapshot() == before, "a failed generator changed the tree or left something"
    return str(caught.value)


def test_operation_id_used_twice(workshop: Any) -> None:
    """The generator would overwrite the first operation with the second without a word."""
    workshop.edit_document(
        lambda document: document["paths"]["/v1/items/search"]["post"].update(
            operationId="items.get"
        )
    )
    message = rejected(workshop)
    assert "'items.get' is taken already" in message
    assert "#/paths/~1v1~1items~1{id}/get" in message
    assert "give one of the two another name" in message


@pytest.mark.parametrize("path", ["metadata.total", "metadata", "data", "metadata.limit.x", ""])
def test_limit_that_responses_do_not_name(workshop: Any, path: str) -> None:
    """The client would take every short page for one whose limit nothing says."""
    workshop.edit_document(
        lambda document: document["paths"]["/v1/items"]["get"]["x-pagination"].update(
            applied_limit=path
        )
    )
    message = rejected(workshop)
    assert f"`applied_limit: {path}` leads to no integer of the response" in message
    assert "#/paths/~1v1~1items/get/x-pagination" in message


def test_limit_that_responses_name_is_optional(workshop: Any, tmp_path: pathlib.Path) -> None:
    """Lists of an API that names no limit are read with a request more."""
    workshop.edit_document(
        lambda document: document["paths"]["/v1/items"]["get"]["x-pagination"].pop("applied_limit")
    )
    regenerate.render(workshop.document, tmp_path / "tree")
    code = (tmp_path / "tree" / "api" / "items" / "list_.py").read_text(encoding="utf-8")
    assert "applied_limit" not in code


def test_enum_values_that_share_member(workshop: Any) -> None:
    """The generator would keep only the last of the two values without a word."""
    workshop.edit_document(
        lambda document: document["components"]["schemas"]["Kind"]["enum"].append("BOOK-PAPER")
    )
    message = rejected(workshop)
    assert "#/components/schemas/Kind/enum" in message
    assert "'BOOK.PAPER' and 'BOOK-PAPER' both become the member BOOK_PAPER" in message
    assert "x-enum-varnames" in message


def test_named_enum_members_do_not_collide(workshop: Any, tmp_path: pathlib.Path) -> None:
    """``x-enum-varnames`` is the way out that the rejection of colliding values names."""

    def name_members(document: dict[str, Any]) -> None:
        kind = document["components"]["schemas"]["Kind"]
        kind["enum"] = ["BOOK.PAPER", "BOOK-PAPER"]
        kind["x-enum-varnames"] = ["BOOK_PAPER", "PAPERBACK"]
        for holder in ("ItemRequest", "Item"):
            document["components"]["schemas"][holder]["properties"].pop("kinds")
        document["components"]["examples"]["ItemRequest"]["value"]["kind"] = "BOOK-PAPER"

    workshop.edit_document(name_members)
    regenerate.render(workshop.document, tmp_path / "tree")
    code = (tmp_path / "tree" / "models" / "kind.py").read_text(encoding="utf-8")
    assert 'BOOK_PAPER = "BOOK.PAPER"' in code
    assert 'PAPERBACK = "BOOK-PAPER"' in code


def test_template_with_syntax_error(workshop: Any) -> None:
    """A template that does not parse is named with its line."""
    workshop.edit_template("model.py.jinja", "{% if required %}", "{% if required }")
    message = rejected(workshop)
    assert "scripts/templates/model.py.jinja line " in message
    assert "correct the template" in message


def test_template_with_unknown_name(workshop: Any) -> None:
    """A misspelt name in a template is an error and not an empty string in the output."""
    workshop.edit_template("str_enum.py.jinja", "{{ view.docstring }}", "{{ view.docstirng }}")
    message = rejected(workshop)
    assert "scripts/templates/str_enum.py.jinja line " in message
    assert "docstirng" in message


def test_template_that_makes_broken_code(workshop: Any) -> None:
    """Code that is no Python is caught with the file it is in."""
    workshop.edit_template("models_init.py.jinja", "def __dir__()", "def __dir__(")
    message = rejected(workshop)
    assert "The templates make code that ruff rejects" in message
    assert "models/__init__.py" in message


def test_template_that_leaves_methods_out(workshop: Any) -> None:
    """Operations in the document, modules and methods of both classes are counted."""
    workshop.edit_template(
        "endpoint_init.py.jinja",
        "{% for call in resource.methods %}",
        '{% for call in resource.methods if not (asynchronous and call.verb == "get") %}',
    )
    assert "Of the methods of AsyncItems, the document has get but the tree has not" in rejected(
        workshop
    )


def test_template_that_leaves_enum_values_out(workshop: Any) -> None:
    """Enum values in the document and members are counted."""
    workshop.edit_template(
        "str_enum.py.jinja",
        "{% for member, value in view.members.items() %}",
        '{% for member, value in view.members.items() if value != "N/A" %}',
    )
    assert "Of the values of the enum Kind, the document has N/A but the tree has not" in rejected(
        workshop
    )


def test_template_whose_code_does_not_import(workshop: Any) -> None:
    """Every module is imported, in a process of its own."""
    workshop.edit_template("str_enum.py.jinja", "ByValue({{ view.name }})", "ByValue(undefined)")
    message = rejected(workshop)
    assert "models.kind does not import: NameError: name 'undefined' is not defined" in message


def test_template_whose_code_has_wrong_types(workshop: Any) -> None:
    """The new tree passes mypy --strict before it takes the old one's place."""
    workshop.edit_template(
        "endpoint_module.py.jinja",
        "success_status={{ call.success_status }}",
        'success_status="{{ call.success_status }}"',
    )
    message = rejected(workshop)
    assert "mypy --strict rejects the new tree" in message
    assert 'incompatible type "str"; expected "int"' in message


def test_document_that_is_no_openapi(workshop: Any) -> None:
    """A document of the wrong structure is rejected with the place, before anything relies on it."""
    workshop.edit_document(lambda document: document["paths"]["/v1/items"]["get"].pop("responses"))
    message = rejected(workshop)
    assert "#/paths/~1v1~1items/get" in message
    assert '"responses" is a required property' in message


def test_reference_that_leads_nowhere(workshop: Any) -> None:
    """A broken reference is reported with the place that has it."""
    workshop.edit_document(
        lambda document: document["components"]["schemas"]["Shelf"]["properties"].update(
            place={"$ref": "#/components/schemas/Nowhere"}
        )
    )
    message = rejected(workshop)
    assert "#/components/schemas/Shelf/properties/place" in message
    assert "'Nowhere' does not exist" in message


def test_document_that_generator_cannot_take(
    workshop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A warning of the generator is a failure, reported without memory addresses."""
    skeleton = prepare.skeleton
    odd = {"allOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("Kind", "Shelf")]}

    def with_odd_schema(document: dict[str, Any]) -> dict[str, Any]:
        found = skeleton(document)
        found["components"]["schemas"]["Odd"] = odd
        return found

    monkeypatch.setattr(prepare, "skeleton", with_odd_schema)
    message = rejected(workshop)
    assert "The generator cannot take all of the document" in message
    assert " at 0x" not in message


def test_command_line_reports_without_traceback(
    workshop: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """A person sees what to correct, and the exit status is not zero."""
    workshop.document.write_text("paths: [", encoding="utf-8")
    status = regenerate.main(["--document", str(workshop.document), "--output", str(workshop.tree)])
    captured = capsys.readouterr()
    assert status == 1
    assert "stays as it is" in captured.err
    assert "not valid YAML" in captured.err
    assert "Traceback" not in captured.err


def test_missing_class_is_found(shelf: Any) -> None:
    """A schema without a class is named, even if no operation uses it."""
    document = {"components": {"schemas": {"Ghost": {"type": "object"}}}, "paths": {}}
    with pytest.raises(GenerateError, match="The schema Ghost has no class Ghost"):
        tree_checks.check_counts(document, shelf.folder)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("enum", [], "#/components/schemas/Kind/enum: [] has less than 1 item; write it"),
        ("type", "strin", '#/components/schemas/Kind/type: "strin" is not one of'),
        ("required", [], "#/components/schemas/Kind/required: [] has less than 1 item"),
        ("oneOf", [{"type": "x"}], '#/components/schemas/Kind/oneOf/0/type: "x" is not one of'),
    ],
)
def test_structure_is_reported_at_its_innermost_place(
    workshop: Any, key: str, value: object, message: str
) -> None:
    """A mistake inside a schema is named where it stands, not with all that stands around it."""
    workshop.edit_document(
        lambda document: document["components"]["schemas"]["Kind"].update({key: value})
    )
    assert message in rejected(workshop)

"""Edits that seed mistakes."""

from __future__ import annotations

import pytest
import yaml
from seeded_mistakes.edits import DocumentEdit, EditError, LineEdit

TEXT = """def answer(call):
    if call.ok:
        return first(call)
    return last(call)
"""

DOCUMENT = "paths:\n  /v1/users:\n    get: {operationId: users.list, tags: [users]}\n"


def test_lines_are_found_at_any_indentation_and_replaced_at_theirs() -> None:
    """A catalogue entry need not repeat how deep its lines stand."""
    edit = LineEdit("if call.ok:\n    return first(call)\n", "if not call.ok:\n    return None\n")

    assert edit.apply(TEXT) == TEXT.replace("call.ok", "not call.ok").replace("first(call)", "None")


def test_lines_can_be_left_out() -> None:
    """An empty replacement removes the lines."""
    assert LineEdit("return last(call)\n", "").apply(TEXT) == TEXT.replace(
        "    return last(call)\n", ""
    )


@pytest.mark.parametrize(
    ("lines", "problem"),
    [("return nothing", "nowhere"), ("pass", "2 times")],
    ids=["nowhere", "twice"],
)
def test_lines_that_do_not_stand_once_are_refused(lines: str, problem: str) -> None:
    """A mistake that no longer fits the code is not silently left out."""
    with pytest.raises(EditError, match=problem):
        LineEdit(lines, "raise").apply("a:\n    pass\nb:\n    pass\n")


def test_an_edit_that_changes_nothing_is_refused() -> None:
    """Each mistake proves that it was made."""
    with pytest.raises(EditError, match="changes nothing"):
        LineEdit("return last(call)", "return last(call)").apply(TEXT)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (DocumentEdit("/paths/~1v1~1users/get/operationId", "set", "x"), {"operationId": "x"}),
        (DocumentEdit("/paths/~1v1~1users/get/deprecated", "set", True), {"deprecated": True}),
        (DocumentEdit("/paths/~1v1~1users/get/tags/0", "set", "x"), {"tags": ["x"]}),
    ],
    ids=["present", "new", "in a list"],
)
def test_a_place_of_the_document_is_set(edit: DocumentEdit, expected: dict[str, object]) -> None:
    """A value is put at its pointer, and everything else stays."""
    before = yaml.safe_load(DOCUMENT)["paths"]["/v1/users"]["get"]

    after = yaml.safe_load(edit.apply(DOCUMENT))["paths"]["/v1/users"]["get"]

    assert after == before | expected


def test_a_place_of_the_document_is_removed_or_renamed() -> None:
    """A key can go, or take another name in the same place."""
    removed = DocumentEdit("/paths/~1v1~1users/get/tags", "remove", value=True).apply(DOCUMENT)
    renamed = DocumentEdit("/paths/~1v1~1users/get", "rename", "post").apply(DOCUMENT)

    assert "tags" not in yaml.safe_load(removed)["paths"]["/v1/users"]["get"]
    assert list(yaml.safe_load(renamed)["paths"]["/v1/users"]) == ["post"]


@pytest.mark.parametrize(
    "edit",
    [
        DocumentEdit("/paths/~1v1~1users/put/tags", "set", []),
        DocumentEdit("/paths/~1v1~1users/put", "remove", value=True),
        DocumentEdit("/paths/~1v1~1users/get/operationId", "set", "users.list"),
    ],
    ids=["parent missing", "key missing", "so already"],
)
def test_a_place_that_does_not_fit_is_refused(edit: DocumentEdit) -> None:
    """A mistake of the document proves that it was made, too."""
    with pytest.raises(EditError):
        edit.apply(DOCUMENT)

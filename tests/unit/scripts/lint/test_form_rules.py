"""Each rule about form is seen to fail: operations, shapes, names, references."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lint import names, operations, references, shapes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .conftest import AssertBreach

LIST = "#/paths/~1v1~1letters/get"
CREATE = "#/paths/~1v1~1letters/post"
GET = "#/paths/~1v1~1letters~1{id}/get"
SCHEMAS = "#/components/schemas"
PARAMETERS = "#/components/parameters"
RESPONSES = "#/components/responses"
STRING = {"type": "string", "description": "A text.", "example": "a"}

RULES = (*operations.RULES, *shapes.RULES, *names.RULES, *references.RULES, references.RESOLVES)

# rule, edits that break it, where, what, what to do
Breach = tuple[str, "Mapping[str, Any]", str, str, str]

BREACHES: list[Breach] = [
    # operations
    (
        "operation-id",
        {f"{LIST}/operationId": ...},
        LIST,
        "GET /v1/letters has no operationId",
        "name it `<resource>.<method>`",
    ),
    (
        "operation-id",
        {f"{LIST}/operationId": "listLetters"},
        f"{LIST}/operationId",
        "'listLetters' is not of the form `<resource>.<method>`",
        "lower snake_case with one dot",
    ),
    (
        "operation-id",
        {f"{LIST}/operationId": "letters.import"},
        f"{LIST}/operationId",
        "'letters.import' holds a word that Python keeps for itself",
        "choose another word",
    ),
    (
        "operation-id-unique",
        {f"{GET}/operationId": "letters.list"},
        f"{GET}/operationId",
        f"'letters.list' is taken already, by {LIST}",
        "give one of the two another name",
    ),
    ("operation-tag", {f"{LIST}/tags": []}, LIST, "letters.list has 0 tags", "exactly one"),
    (
        "operation-tag",
        {f"{LIST}/tags": ["parcels"]},
        f"{LIST}/tags",
        "the tag 'parcels', which the document does not declare",
        "declare it under the top-level `tags`",
    ),
    (
        "operation-tag",
        {"#/tags/1": {"name": "parcels", "description": "P."}, f"{LIST}/tags": ["parcels"]},
        f"{LIST}/tags",
        "has the tag 'parcels', but its resource is 'letters'",
        "the same",
    ),
    (
        "tag-used",
        {"#/tags/1": {"name": "parcels", "description": "P."}},
        "#/tags/1",
        "no operation has the tag 'parcels'",
        "remove it",
    ),
    # shapes
    (
        "nullable-beside-type",
        {f"{SCHEMAS}/Letter/properties/sent_at/nullable": True},
        f"{SCHEMAS}/Letter/properties/sent_at/nullable",
        "`nullable` stands without `type`",
        "refer to a component that carries `nullable: true`",
    ),
    (
        "nullable-beside-type",
        {f"{SCHEMAS}/Mood/enum": ["glad", "sad"]},
        f"{SCHEMAS}/Mood/enum",
        "its values do not list `null`",
        "add `null`",
    ),
    (
        "no-reference-siblings",
        {f"{SCHEMAS}/Letter/properties/state/description": "Lost."},
        f"{SCHEMAS}/Letter/properties/state",
        "description beside a `$ref` is lost",
        "write `allOf: [{$ref: …}]`",
    ),
    (
        "responses-open",
        {f"{SCHEMAS}/Letter/additionalProperties": False},
        f"{SCHEMAS}/Letter/additionalProperties",
        "it is closed",
        "remove `additionalProperties: false`",
    ),
    (
        "responses-open",
        {f"{SCHEMAS}/LostNotice/additionalProperties": False},
        f"{SCHEMAS}/LostNotice/additionalProperties",
        "it is closed",
        "remove `additionalProperties: false`",
    ),
    (
        "enum-extensible",
        {f"{SCHEMAS}/LetterState/x-extensible-enum": ...},
        f"{SCHEMAS}/LetterState",
        "not marked as open",
        "add `x-extensible-enum: true`",
    ),
    (
        "enum-extensible",
        {f"{SCHEMAS}/Timestamp/x-extensible-enum": True},
        f"{SCHEMAS}/Timestamp/x-extensible-enum",
        "is not `true` beside an `enum`",
        "or remove it",
    ),
    (
        "format-known",
        {f"{SCHEMAS}/Letter/properties/id/format": "uuid4"},
        f"{SCHEMAS}/Letter/properties/id/format",
        "no one knows the format 'uuid4' of a string",
        "choose one of binary, byte, date, date-time",
    ),
    # names
    (
        "enum-members-distinct",
        {f"{SCHEMAS}/LetterState/enum": ["draft", "sent", "Sent"]},
        f"{SCHEMAS}/LetterState/enum",
        "the values 'sent' and 'Sent' both become the member SENT",
        "`x-enum-varnames`",
    ),
    (
        "enum-members-distinct",
        {f"{SCHEMAS}/LetterState/enum": ["sent", "A.B", "A_B"]},
        f"{SCHEMAS}/LetterState/enum",
        "the values 'A.B' and 'A_B' both become the member A_B",
        "`x-enum-varnames`",
    ),
    (
        "properties-distinct",
        {f"{SCHEMAS}/Letter/properties/sentAt": STRING},
        f"{SCHEMAS}/Letter",
        "the properties 'sent_at' and 'sentAt' both become the attribute sent_at",
        "rename one",
    ),
    (
        "properties-distinct",
        {f"{SCHEMAS}/RegisteredLetter/allOf/1/properties/sent-at": STRING},
        f"{SCHEMAS}/RegisteredLetter",
        "the properties 'sent_at' and 'sent-at' both become the attribute sent_at",
        "rename one",
    ),
    (
        "properties-distinct",
        {f"{SCHEMAS}/Letter/properties/to_dict": STRING},
        f"{SCHEMAS}/Letter/properties/to_dict",
        "the property 'to_dict' becomes to_dict, which every generated model has",
        "rename it",
    ),
    (
        "classes-distinct",
        {f"{SCHEMAS}/letter_state": STRING},
        f"{SCHEMAS}/letter_state",
        "the schemas 'LetterState' and 'letter_state' both become the class LetterState",
        "rename one",
    ),
    (
        "arguments-distinct",
        {f"{SCHEMAS}/LetterCreateRequest/properties/replyTo": STRING},
        CREATE,
        "the body property 'reply_to' and the body property 'replyTo' of letters.create both",
        "rename one",
    ),
    (
        "arguments-distinct",
        {f"{CREATE}/parameters": [{**STRING, "name": "replyTo", "in": "query"}]},
        CREATE,
        "the query parameter 'replyTo' and the body property 'reply_to' of letters.create both",
        "rename one",
    ),
    (
        "operation-names-free",
        {
            f"{GET}/operationId": "close.get",
            f"{GET}/tags": ["close"],
            "#/tags": [{"name": "close"}],
        },
        f"{GET}/operationId",
        "the resource 'close' would hide what the client",
        "choose another word",
    ),
    # references
    (
        "reference-resolves",
        {f"{SCHEMAS}/Letter/properties/state/$ref": f"{SCHEMAS}/Nowhere"},
        f"{SCHEMAS}/Letter/properties/state",
        "leads nowhere: 'Nowhere' does not exist",
        "correct the reference",
    ),
    (
        "reference-resolves",
        {f"{SCHEMAS}/Letter/properties/state/$ref": "other.yaml#/State"},
        f"{SCHEMAS}/Letter/properties/state",
        "only references within the document",
        "correct the reference",
    ),
    (
        "component-used",
        {f"{SCHEMAS}/Forgotten": STRING},
        f"{SCHEMAS}/Forgotten",
        "no operation reaches the component 'Forgotten'",
        "or remove it",
    ),
    (
        "component-used",
        {
            f"{SCHEMAS}/Egg": {**STRING, "items": {"$ref": f"{SCHEMAS}/Hen"}},
            f"{SCHEMAS}/Hen": {**STRING, "items": {"$ref": f"{SCHEMAS}/Egg"}},
        },
        f"{SCHEMAS}/Egg",
        "no operation reaches the component 'Egg'",
        "or remove it",
    ),
    (
        "discriminator-listed",
        {f"{SCHEMAS}/Notice/discriminator/mapping/lost": ...},
        f"{SCHEMAS}/Notice/discriminator",
        "LostNotice stands only in one of `mapping` and `oneOf`",
        "list it in both",
    ),
    (
        "discriminator-tag",
        {f"{SCHEMAS}/LostNotice/required": []},
        f"{SCHEMAS}/Notice/discriminator/mapping/lost",
        "LostNotice does not require 'event'",
        "under its `required`",
    ),
    (
        "discriminator-tag",
        {f"{SCHEMAS}/DeliveredEvent/enum": ["arrived"]},
        f"{SCHEMAS}/Notice/discriminator/mapping/delivered",
        "DeliveredNotice does not allow 'delivered' as its 'event'",
        "add the value to the enum",
    ),
]


@pytest.mark.parametrize("breach", BREACHES, ids=[rule for rule, *_ in BREACHES])
def test_form_rules_name_where_what_and_what_to_do(
    breach: Breach, assert_breach: AssertBreach
) -> None:
    """A document that breaks a rule is rejected by that rule, with a message to act upon."""
    assert_breach(*breach)


def test_every_form_rule_has_been_seen_to_fail() -> None:
    """A rule without a breaking example above could be one that never speaks."""
    assert {rule.id for rule in RULES} == {rule for rule, *_ in BREACHES}

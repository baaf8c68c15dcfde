"""Each rule about content is seen to fail: texts, examples, responses, links, extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lint import examples, extensions, links, responses, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .conftest import AssertBreach

LIST = "#/paths/~1v1~1letters/get"
CREATE = "#/paths/~1v1~1letters/post"
GET = "#/paths/~1v1~1letters~1{id}/get"
SCHEMAS = "#/components/schemas"
PARAMETERS = "#/components/parameters"
RESPONSES = "#/components/responses"
IDS = {"type": "array", "maxItems": 100, "items": {"type": "string"}, "example": ["a"]}
BULK = {"parameter": "ids", "items": "data", "maximum": 100}
STRING = {"type": "string", "description": "A text.", "example": "a"}
DELIVERED = "#/components/callbacks/Delivered/{$request.body#~1reply_to}/post"

RULES = (*texts.RULES, *examples.RULES, *responses.RULES, *links.RULES, *extensions.RULES)

# rule, edits that break it, where, what, what to do
Breach = tuple[str, "Mapping[str, Any]", str, str, str]

BREACHES: list[Breach] = [
    # texts
    (
        "described",
        {f"{SCHEMAS}/Letter/properties/id/description": ...},
        f"{SCHEMAS}/Letter/properties/id",
        "the property 'id' has no description",
        "add a `description`",
    ),
    (
        "described",
        {f"{SCHEMAS}/Letter/properties/sent_at/description": " "},
        f"{SCHEMAS}/Letter/properties/sent_at",
        "the property 'sent_at' has no description",
        "add a `description`",
    ),
    (
        "described",
        {f"{SCHEMAS}/Letter/description": ...},
        f"{SCHEMAS}/Letter",
        "the schema 'Letter' has no description",
        "add a `description`",
    ),
    (
        "described",
        {f"{PARAMETERS}/Limit/description": ...},
        f"{PARAMETERS}/Limit",
        "the parameter 'Limit' has no description",
        "add a `description`",
    ),
    (
        "described",
        {"#/components/headers/RetryAfter/description": ...},
        "#/components/headers/RetryAfter",
        "the header 'RetryAfter' has no description",
        "add a `description`",
    ),
    (
        "example-summarised",
        {"#/components/examples/Letter/summary": ...},
        "#/components/examples/Letter",
        "the example 'Letter' has no summary",
        "add a `summary`",
    ),
    (
        "exemplified",
        {f"{SCHEMAS}/Letter/properties/id/example": ...},
        f"{SCHEMAS}/Letter/properties/id",
        "the property 'id' has no example",
        "add an `example`",
    ),
    (
        "exemplified",
        {f"{SCHEMAS}/Letter/properties/sent_at/example": ...},
        f"{SCHEMAS}/Letter/properties/sent_at",
        "the property 'sent_at' has no example",
        "add an `example`",
    ),
    (
        "exemplified",
        {f"{SCHEMAS}/LetterState/example": ...},
        f"{SCHEMAS}/Letter/properties/state",
        "the property 'state' has no example",
        "add an `example`",
    ),
    (
        "exemplified",
        {f"{PARAMETERS}/Limit/example": ...},
        f"{PARAMETERS}/Limit",
        "the parameter 'Limit' has no example",
        "add an `example`",
    ),
    (
        "exemplified",
        {"#/components/headers/RequestId/example": ...},
        "#/components/headers/RequestId",
        "the header 'RequestId' has no example",
        "add an `example`",
    ),
    (
        "body-exemplified",
        {f"{RESPONSES}/Letter/content/application~1json/examples": ...},
        f"{RESPONSES}/Letter/content/application~1json",
        "the body of type application/json has no example",
        "add `examples`",
    ),
    # examples
    (
        "example-valid",
        {f"{SCHEMAS}/Letter/properties/id/example": "42"},
        f"{SCHEMAS}/Letter/properties/id/example",
        'not valid at the value itself: "42" is not a "uuid"',
        "correct the example",
    ),
    (
        "example-valid",
        {f"{SCHEMAS}/Letter/properties/sent_at/example": "2026-13-40T09:31:07.482915"},
        f"{SCHEMAS}/Letter/properties/sent_at/example",
        'is not a "date-time-local"',
        "correct the example",
    ),
    (
        "example-valid",
        {f"{SCHEMAS}/LetterState/default": "lost"},
        f"{SCHEMAS}/LetterState/default",
        '"lost" is not one of',
        "correct the example",
    ),
    (
        "example-valid",
        {f"{PARAMETERS}/Limit/example": 101},
        f"{PARAMETERS}/Limit/example",
        "101 is greater than the maximum of 100",
        "correct the example",
    ),
    (
        "example-valid",
        {"#/components/headers/RequestId/example": "one"},
        "#/components/headers/RequestId/example",
        'is not a "uuid"',
        "correct the example",
    ),
    (
        "example-valid",
        {"#/components/examples/LetterList/value/data/0/sent_at": "2026-04-26T09:31:07Z"},
        f"{RESPONSES}/LetterList/content/application~1json/examples/letters",
        'not valid at /data/0/sent_at: "2026-04-26T09:31:07Z" is not a "date-time-local"',
        "correct the example",
    ),
    (
        "example-valid",
        {"#/components/examples/LetterCreateRequest/value/colour": "red"},
        f"{CREATE}/requestBody/content/application~1json/examples/letter",
        "Additional properties are not allowed ('colour' was unexpected)",
        "correct the example",
    ),
    (
        "example-valid",
        {"#/components/examples/Notice/value/at": "yesterday"},
        f"{DELIVERED}/requestBody/content/application~1json/examples/delivered",
        'not valid at /at: "yesterday" is not a "date-time-lenient"',
        "correct the example",
    ),
    (
        "example-value",
        {"#/components/examples/Letter": {"summary": "s", "externalValue": "https://a.test"}},
        "#/components/examples/Letter",
        "holds no `value`",
        "write the example's JSON under `value`",
    ),
    # responses
    (
        "some-success",
        {f"{LIST}/responses/200": ...},
        f"{LIST}/responses",
        "letters.list documents no success",
        "document its response",
    ),
    *(
        (
            "error-statuses",
            {f"{GET}/responses/{status}": ...},
            f"{GET}/responses",
            f"letters.get does not document {status}",
            f"add the shared response for {status}",
        )
        for status in ("400", "401", "404", "429", "500", "503")
    ),
    (
        "common-statuses",
        {"#/x-common-statuses": ["401", "418"]},
        "#/x-common-statuses",
        "is not a list of 401, 429, 500, 503",
        "those that every operation can send",
    ),
    (
        "response-headers",
        {f"{RESPONSES}/Letter/headers": ...},
        f"{GET}/responses/200",
        "200 of letters.get does not promise the header request-id",
        "refer to components/headers/",
    ),
    (
        "response-headers",
        {"#/components/headers/RetryAfter/required": False},
        f"{LIST}/responses/429",
        "429 of letters.list does not promise the header Retry-After",
        "with `required: true`",
    ),
    (
        "response-headers",
        {f"{RESPONSES}/Unauthorized/headers/WWW-Authenticate": ...},
        f"{LIST}/responses/401",
        "401 of letters.list does not promise the header WWW-Authenticate",
        "with `required: true`",
    ),
    (
        "json-errors",
        {f"{RESPONSES}/Failure/content/text~1html": {"schema": STRING, "example": "a"}},
        GET,
        "the response 404 of letters.get has the media types application/json, text/html",
        "document application/json alone",
    ),
    (
        "error-body-shared",
        {f"{RESPONSES}/Failure/content/application~1json/schema/$ref": f"{SCHEMAS}/Error"},
        f"{LIST}/responses/500",
        "the response 500 of letters.list has not the shared error body",
        "ErrorResponse",
    ),
    # links
    (
        "link-body",
        {"#/components/links/GetLetter/requestBody": {"id": "$response.body#/id"}},
        "#/components/links/GetLetter/requestBody",
        "common generators reject",
        "write it as `x-request-body`",
    ),
    (
        "link-expression",
        {"#/components/links/GetLetter/x-request-body": {"id": "$response.body#/nothing"}},
        f"{GET}/responses/200/links/GetLetter",
        "points at nothing in the schema of the response of letters.get",
        "correct the expression",
    ),
    (
        "link-target",
        {"#/components/links/GetLetter/operationId": "letters.fetch"},
        f"{CREATE}/responses/200/links/GetLetter",
        "leads to the operation 'letters.fetch', which does not exist",
        "name an `operationId`",
    ),
    (
        "link-target",
        {"#/components/links/GetLetter/parameters": {"id": "1", "page": "2"}},
        f"{GET}/responses/200/links/GetLetter",
        "gives the parameter 'page', which letters.get does not have",
        "name one of id",
    ),
    (
        "link-target",
        {"#/components/links/GetLetter/parameters": {}},
        f"{GET}/responses/200/links/GetLetter",
        "does not give 'id', which letters.get requires",
        "`$response.body#/id`",
    ),
    *(
        (
            "link-expression",
            {"#/components/links/GetLetter/parameters/id": expression},
            f"{CREATE}/responses/200/links/GetLetter",
            f"{expression!r} {fault}",
            "correct the expression",
        )
        for expression, fault in (
            ("$response.boddy#/id", "is not a runtime expression"),
            ("$response.body#/uuid", "points at nothing in the schema of the response"),
            ("$request.body#/uuid", "points at nothing in the schema of the request body"),
            ("$request.path.id", "names a path that letters.create does not have"),
            ("$response.header.Location", "names a header that letters.create does not have"),
        )
    ),
    (
        "callback-expression",
        {
            "#/components/callbacks/Delivered": {"{$request.body#/response}": {}},
            f"{SCHEMAS}/Notice": ...,
            "#/components/examples/Notice": ...,
        },
        f"{CREATE}/callbacks/delivered",
        "'$request.body#/response' points at nothing in the schema of the request body",
        "correct the expression",
    ),
    # extensions
    (
        "extension-known",
        {f"{LIST}/x-paginaton": {}},
        f"{LIST}/x-paginaton",
        "no one reads the key 'x-paginaton' of this operation",
        "x-bulk, x-method, x-pagination, x-retry-safe is known here",
    ),
    (
        "retry-safe",
        {f"{CREATE}/x-retry-safe": "yes"},
        f"{CREATE}/x-retry-safe",
        "`x-retry-safe` is not `true`",
        "write `x-retry-safe: true`",
    ),
    (
        "retry-safe",
        {f"{LIST}/x-retry-safe": True},
        f"{LIST}/x-retry-safe",
        "stands on a GET",
        "remove it",
    ),
    ("pagination-agrees", {f"{LIST}/x-pagination": ...}, LIST, "has no `x-pagination`", "add it"),
    *(
        (rule, {f"{LIST}/x-pagination/{key}": value}, f"{LIST}/x-pagination", what, remedy)
        for rule, key, value, what, remedy in (
            (
                "pagination",
                "style",
                "cursor",
                "not of the form that the client reads",
                "write `style: offset`",
            ),
            (
                "pagination",
                "items",
                ...,
                "not of the form that the client reads",
                "exactly the keys",
            ),
            (
                "pagination",
                "offset",
                "start",
                "names no query parameter of letters.list",
                "name the parameter",
            ),
            (
                "pagination",
                "limit",
                "size",
                "names no query parameter of letters.list",
                "name the parameter",
            ),
            (
                "pagination",
                "items",
                "rows",
                "names no array of objects in the response",
                "name the property",
            ),
            (
                "pagination-agrees",
                "maximum",
                50,
                "is not the parameter's own, which is 100",
                "make both the same",
            ),
            ("pagination", "default", 0, "not of the form", "whole and from 1"),
            ("pagination", "maximum", True, "not of the form", "whole and from 1"),
            ("pagination", "offset", "limit", "name the same parameter", "the two parameters"),
            ("pagination-agrees", "default", 101, "lies outside 1 to 100", "write the page size"),
            (
                "pagination",
                "applied_limit",
                "metadata.limit",
                "leads to no integer of the response",
                "`metadata.limit`",
            ),
        )
    ),
    *(
        (
            rule,
            {
                f"{SCHEMAS}/LetterCreateRequest/properties/ids": IDS,
                f"{CREATE}/x-bulk": {**BULK, key: value},
            },
            f"{CREATE}/x-bulk",
            what,
            remedy,
        )
        for rule, key, value, what, remedy in (
            ("bulk", "size", 100, "not of the form that the client reads", "exactly the keys"),
            ("bulk", "parameter", "reply_to", "names no array of the request", "name the property"),
            ("bulk", "parameter", "letters", "names no array of the request", "name the property"),
            (
                "bulk-agrees",
                "maximum",
                50,
                "is not the array's own, which is 100",
                "make both the same",
            ),
            ("bulk", "items", "id", "names no array of objects", "name the property"),
        )
    ),
]


@pytest.mark.parametrize("breach", BREACHES, ids=[rule for rule, *_ in BREACHES])
def test_content_rules_name_where_what_and_what_to_do(
    breach: Breach, assert_breach: AssertBreach
) -> None:
    """A document that breaks a rule is rejected by that rule, with a message to act upon."""
    assert_breach(*breach)


def test_every_content_rule_has_been_seen_to_fail() -> None:
    """A rule without a breaking example above could be one that never speaks."""
    assert {rule.id for rule in RULES} == {rule for rule, *_ in BREACHES}

"""What of parameters and bodies is checked, how it is converted, and how faults are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from insightiq_mock.app import MockApp
from insightiq_mock.context import RequestContext
from insightiq_mock.openapi import DocumentError, document_from
from insightiq_mock.openapi.stack import OneDeveloper

Server = Callable[..., httpx.Response]

ID = "11111111-1111-4111-8111-111111111111"
THING = f"/v1/things/{ID}"


def message_of(response: httpx.Response) -> str:
    """Return the message of a 400."""
    assert response.status_code == 400
    message: str = response.json()["error"]["message"]
    return message


def test_handlers_get_typed_values(recording: Server, calls: list[RequestContext]) -> None:
    """Query values have the type that the document gives them; absent ones are absent."""
    query = "limit=5&offset=0&deep=true&from_date=2026-02-28&tag=1&tag=2&joined=a,b"
    recording("GET", f"/v1/things?{query}")
    assert calls[0].query == {
        "limit": 5,
        "offset": 0,
        "deep": True,
        "from_date": "2026-02-28",
        "tag": [1, 2],
        "joined": ["a", "b"],
    }
    recording("GET", "/v1/things?limit=5")
    assert calls[1].query == {"limit": 5}


def test_handlers_get_path_and_body(recording: Server, calls: list[RequestContext]) -> None:
    """Path parameters come as text, the body parsed."""
    recording("PATCH", THING, json={"score": 1.5, "anything": ["goes"]})
    assert calls[0].path == {"id": ID}
    assert calls[0].body == {"score": 1.5, "anything": ["goes"]}


def test_an_empty_list_in_one_field_is_an_empty_list(
    recording: Server, calls: list[RequestContext]
) -> None:
    """An empty text split at commas would be a list of one empty text."""
    recording("GET", "/v1/things?joined=")
    assert calls[0].query == {"joined": []}


def test_query_text_is_decoded_as_forms_are(recording: Server, calls: list[RequestContext]) -> None:
    """A plus is a blank, escapes and plain UTF-8 are letters."""
    recording("GET", "/v1/things?joined=a+b,%C3%BC")
    assert calls[0].query == {"joined": ["a b", "ü"]}


def test_unknown_query_parameters_are_passed_over(
    recording: Server, calls: list[RequestContext]
) -> None:
    """Real integrations send some that no document lists."""
    assert recording("GET", "/v1/things?external_id=7&limit=1").status_code == 200
    assert calls[0].query == {"limit": 1}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit=0", "query parameter limit: 0 is less than the minimum of 1."),
        ("limit=101", "query parameter limit: 101 is greater than the maximum of 100."),
        ("limit=abc", 'query parameter limit: "abc" is not of type "integer".'),
        ("limit=", 'query parameter limit: "" is not of type "integer".'),
        ("limit=1.5", 'query parameter limit: "1.5" is not of type "integer".'),
        ("limit=1_0", 'query parameter limit: "1_0" is not of type "integer".'),
        ("limit=%C2%B2", 'query parameter limit: "²" is not of type "integer".'),
        ("limit=%D9%A1", 'query parameter limit: "\u0661" is not of type "integer".'),
        ("limit=1&limit=2", "query parameter limit: is given 2 times; give it once."),
        ("deep=1", 'query parameter deep: "1" is not of type "boolean".'),
        ("deep=True", 'query parameter deep: "True" is not of type "boolean".'),
        ("from_date=2026-02-30", 'query parameter from_date: "2026-02-30" is not a "date".'),
        ("from_date=20260228", 'query parameter from_date: "20260228" is not a "date".'),
        ("tag=1&tag=x", 'query parameter tag /1: "x" is not of type "integer".'),
        ("joined=a&joined=b", "query parameter joined: is given 2 times; give it once."),
        ("joined=%FF", "query string: is not UTF-8."),
        ("&".join("a=b" for _ in range(1001)), "query string: has too many fields."),
    ],
)
def test_a_wrong_query_value_is_400_and_says_where(
    server: Server, query: str, message: str
) -> None:
    """The message names the parameter, what came and what was expected."""
    assert message_of(server("GET", f"/v1/things?{query}")) == message


@pytest.mark.parametrize("size", [20, 100, 1000, 10000])
def test_a_huge_number_is_400(server: Server, size: int) -> None:
    """However many digits: a limit, not a crash of the parser."""
    assert server("GET", f"/v1/things?limit={'9' * size}").status_code == 400


def test_header_parameters_are_checked(server: Server) -> None:
    """A documented header is validated, one that nobody documents is not."""
    assert server("GET", "/v1/things", headers={"X-Other": "?"}).status_code == 200
    assert server("GET", "/v1/things", headers={"X-Trace": ID}).status_code == 200
    assert message_of(server("GET", "/v1/things", headers={"X-Trace": "?"})) == (
        'header parameter x-trace: "?" is not a "uuid".'
    )


@pytest.mark.parametrize(
    "identifier",
    [
        "1",
        f"{ID}0",
        "me",
        "%7B%7D",
        "11111111-1111-4111-81111111-11111111",
        "11111111-111141118111111111111111",
        "1111111111114111811111111111111",
        "111111111111411181111111111111111",
        "1111111111114111811111111111111g",
        f"urn:uuid:{ID}",
        f"%7B{ID}%7D",
    ],
)
def test_a_malformed_id_in_the_path_is_400(server: Server, identifier: str) -> None:
    """The stock validator does not know the format uuid."""
    assert message_of(server("GET", f"/v1/things/{identifier}")).startswith("path parameter id: ")


def test_everything_wrong_is_told_at_once(server: Server) -> None:
    """Path, query and body are checked together, and every fault of each is listed."""
    response = server("POST", "/v1/things", json={"name": "", "email": "nobody", "colour": "RED"})
    assert set(message_of(response).removesuffix(".").split("; ")) == {
        "body: Additional properties are not allowed ('colour' was unexpected)",
        'body: "external_id" is a required property',
        'body /email: "nobody" is not a "email"',
        'body /name: "" is shorter than 1 character',
    }
    both = message_of(server("PATCH", "/v1/things/7", json={"due": "soon"}))
    assert "path parameter id: " in both
    assert "body /due: " in both


def test_many_faults_are_counted(server: Server) -> None:
    """A body of a hundred faults does not make a message of a hundred sentences."""
    message = message_of(server("POST", "/v1/things/search", json={"ids": ["x"] * 100}))
    assert message.startswith('body /ids/0: "x" is not a "uuid"; body /ids/1: ')
    assert message.endswith("; and 90 more")


def test_a_long_value_is_shortened_in_the_message(server: Server) -> None:
    """The message quotes the value, not all of it."""
    assert len(message_of(server("POST", "/v1/things/search", json={"ids": ["x" * 9999]}))) < 300


@pytest.mark.parametrize(
    "body",
    [
        {"when": None},
        {"when": "2026-04-26T09:31:07.482915"},
        {"when": "2026-04-26T09:31:07"},
        {"due": "2024-02-29"},
        {"url": "https://example.com/a?b=c#d"},
        {"event_time": "2021-11-10T15:44:18.520054"},
        {"event_time": "2021-10-25 16:45:26.761622"},
        {"event_time": "2021-10-25T16:45:26.761Z"},
        {"score": 0.001},
        {"gender": None},
        {"gender": "MALE"},
        {"loose": "2026-04-26T09:31:07.482915"},
    ],
)
def test_what_the_document_allows_is_accepted(server: Server, body: Mapping[str, Any]) -> None:
    """Formats, exclusive bounds and nullability are read as OpenAPI 3.0 means them."""
    assert server("PATCH", THING, json=body).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"when": "2026-13-40T09:31:07.482915"},
        {"when": "2026-02-30T09:31:07.482915"},
        {"when": "2026-04-26T09:31:07.482915Z"},
        {"when": "2026-04-26T09:31:07.482915+00:00"},
        {"when": "2026-04-26 09:31:07.482915"},
        {"when": "2026-04-26"},
        {"when": "2026-04-26T25:00:00"},
        {"when": 5},
        {"due": "2026-02-29"},
        {"due": None},
        {"url": "not a uri"},
        {"url": "/relative"},
        {"event_time": "2021-10-25T16:45:26.761+02:00"},
        {"event_time": "2021-10-25"},
        {"score": 0},
        {"gender": "OTHER"},
        {"loose": None},
    ],
)
def test_what_the_document_forbids_is_400(server: Server, body: Mapping[str, Any]) -> None:
    """Each of these passes connexion's own draft 4 validator, or was one of its known defects."""
    assert server("PATCH", THING, json=body).status_code == 400


def test_missing_fields_have_a_code_of_their_own(server: Server) -> None:
    """The only 400 code that the vendor documents is for missing fields."""
    response = server("POST", "/v1/things", json={})
    assert response.json()["error"]["code"] == "missing_fields"
    response = server("POST", "/v1/things", json={"name": ""})
    assert response.json()["error"]["code"] == "invalid_parameters"


def _operation(change: Mapping[str, Any]) -> dict[str, Any]:
    operation = {"operationId": "a.get", "responses": {"200": {"description": "Fine."}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"post": {**operation, **change}}},
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"parameters": [{"name": "q", "in": "cookie", "schema": {"type": "string"}}]},
            "the cookie parameter 'q' of a.get is of a kind that the mock server does not support",
        ),
        (
            {
                "parameters": [
                    {
                        "name": "q",
                        "in": "query",
                        "style": "deepObject",
                        "schema": {"type": "object"},
                    }
                ]
            },
            "the query parameter 'q' of a.get is of a kind",
        ),
        (
            {"parameters": [{"name": "q", "in": "query", "content": {"application/json": {}}}]},
            "the query parameter 'q' of a.get is of a kind",
        ),
        (
            {"requestBody": {"content": {"multipart/form-data": {}}}},
            "the request body of a.get is multipart/form-data; the mock server reads JSON bodies",
        ),
        (
            {"requestBody": {"content": {"application/json": {"schema": {"pattern": "("}}}}},
            "the schema of the request body of a.get cannot be used: ",
        ),
    ],
)
def test_what_cannot_be_validated_is_refused_at_start(
    change: Mapping[str, Any], message: str
) -> None:
    """A document that asks for more than the server can check is not half-checked in silence."""
    document = document_from(_operation(change), "api.yaml")
    with pytest.raises(DocumentError) as caught:
        MockApp(document, {}, OneDeveloper("a", "b"))
    assert str(caught.value).startswith(f"api.yaml: {message}")

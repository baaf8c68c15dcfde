"""Errors of calls: class, fields, text, pickling."""

from __future__ import annotations

import inspect
import pickle
import traceback
from typing import Any

import attrs
import httpx
import pytest
from generate import docstrings

from insightiq import errors
from insightiq_generated.client import Request

REQUEST = Request("GET", "/v1/things/7")
SECRETS = ("planted-client-secret", "cGxhbnRlZC1jbGllbnQtaWQ6cGxhbnRlZC1jbGllbnQtc2VjcmV0")


def envelope(status: int, **error: Any) -> dict[str, Any]:
    """Return the vendor's error body with its seven keys, some of them replaced."""
    return {
        "error": {
            "type": "SOME_TYPE",
            "code": "some_code",
            "error_code": "some_code",
            "message": "Something is wrong.",
            "status_code": status,
            "http_status_code": status,
            "request_id": "r-body",
            **error,
        }
    }


@pytest.fixture
def failing(call: Any, script: Any, get_thing: Any) -> Any:
    """Return the error that a call ends with when the server gives this response."""

    def fail(outcome: httpx.Response | Exception) -> errors.InsightIQError:
        with pytest.raises(errors.InsightIQError) as caught:
            call(script([outcome]), get_thing, REQUEST)
        return caught.value

    return fail


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequestError),
        (401, errors.AuthenticationError),
        (403, errors.PermissionDeniedError),
        (404, errors.NotFoundError),
        (405, errors.APIStatusError),
        (409, errors.ConflictError),
        (415, errors.APIStatusError),
        (429, errors.RateLimitError),
        (500, errors.InternalServerError),
        (502, errors.InternalServerError),
        (503, errors.ServiceUnavailableError),
        (504, errors.InternalServerError),
        (520, errors.InternalServerError),
        (599, errors.InternalServerError),
    ],
)
def test_error_status_raises_class(
    failing: Any, status: int, kind: type[errors.APIStatusError]
) -> None:
    error = failing(
        httpx.Response(status, headers={"request-id": "r-header"}, json=envelope(status))
    )
    assert type(error) is kind
    assert error.operation == "things.get"
    assert (error.status_code, error.type, error.code) == (status, "SOME_TYPE", "some_code")
    assert error.message == "Something is wrong."
    assert error.request_id == "r-header"
    assert error.retry_after is None


def test_error_is_one_line_with_advice(failing: Any) -> None:
    body = envelope(
        404, type="RECORD_NOT_FOUND", code="incorrect_thing_id", message="No such\nthing"
    )
    error = failing(httpx.Response(404, headers={"request-id": "r-1"}, json=body))
    assert str(error) == (
        "things.get failed with 404 (RECORD_NOT_FOUND, incorrect_thing_id): No such thing. "
        "Check the id, and that it was made in this environment. [request-id r-1]"
    )


@pytest.mark.parametrize(
    ("status", "code", "advice"),
    [
        (400, "some_code", "Correct the arguments"),
        (400, "user_exists_with_external_id", "users.get_by_external_id"),
        (401, "some_code", "Check client id and secret"),
        (403, "some_code", "what these credentials may do"),
        (403, "account_disconnected", "connect the account again"),
        (405, "some_code", "Check base_url"),
        (409, "some_code", "Read the present state"),
        (429, "some_code", "10 per second"),
        (500, "some_code", "support"),
        (503, "some_code", "maintenance"),
    ],
)
def test_status_has_advice(failing: Any, status: int, code: str, advice: str) -> None:
    assert advice in str(failing(httpx.Response(status, json=envelope(status, code=code))))


@pytest.mark.parametrize(
    ("body", "code", "message", "request_id"),
    [
        ({"error": {"error_code": "E", "message": "M"}}, "E", "M", None),
        ({"error": {"code": "C", "error_code": "E"}}, "C", None, None),
        ({"error": {"code": "", "error_code": "E"}}, "E", None, None),
        ({"error": {"code": 7, "message": ["M"], "request_id": {}}}, None, None, None),
        ({"error": {"request_id": "r-body"}}, None, None, "r-body"),
        ({"error": "Forbidden"}, None, "Forbidden", None),
        ({"error": None}, None, None, None),
        ({"error": [1]}, None, None, None),
        ({"message": "Forbidden"}, None, "Forbidden", None),
        ({"title": "Bad Request", "detail": "D", "status": 400}, None, "D", None),
        ({}, None, None, None),
        ([], None, None, None),
        ("text", None, None, None),
        (None, None, None, None),
        (7, None, None, None),
    ],
)
def test_partial_error_body_is_read(
    failing: Any, body: Any, code: str | None, message: str | None, request_id: str | None
) -> None:
    error = failing(httpx.Response(404, json=body))
    assert type(error) is errors.NotFoundError
    assert (error.code, error.message, error.request_id) == (code, message, request_id)


@pytest.mark.parametrize(
    "content", [b"", b"<html>no</html>", b'{"error": {', b"\xff\xfe\x00", b"[" * 100_000]
)
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, errors.AuthenticationError),
        (404, errors.NotFoundError),
        (429, errors.RateLimitError),
        (503, errors.ServiceUnavailableError),
    ],
)
def test_known_status_needs_no_readable_body(
    failing: Any, status: int, kind: type, content: bytes
) -> None:
    assert type(failing(httpx.Response(status, content=content))) is kind


@pytest.mark.parametrize(
    ("status", "content", "problem"),
    [
        (502, b"<html>Bad Gateway</html>", "not valid JSON (text/html, 24 bytes)"),
        (504, b"", "not valid JSON (text/html, 0 bytes)"),
        (520, b"error code: 520", "not valid JSON"),
        (500, b"[1]", "not an object"),
    ],
)
def test_server_error_needs_no_readable_body(
    failing: Any, status: int, content: bytes, problem: str
) -> None:
    error = failing(httpx.Response(status, content=content, headers={"content-type": "text/html"}))
    assert type(error) is errors.InternalServerError
    assert error.status_code == status
    assert (error.type, error.code, error.message, error.retry_after) == (None,) * 4
    assert problem in str(error)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<html>Welcome to our proxy</html>", "not valid JSON"),
        (b'{"id": "7", "na', "not valid JSON"),
        (b"", "not valid JSON"),
        (b"\xff\xfe\x00", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "not an object"),
        (b"null", "not an object"),
        (b'"text"', "not an object"),
    ],
)
def test_unreadable_success_is_validation_error(failing: Any, content: bytes, problem: str) -> None:
    error = failing(httpx.Response(200, content=content, headers={"request-id": "r-1"}))
    assert type(error) is errors.APIResponseValidationError
    assert (error.status_code, error.request_id, error.operation) == (200, "r-1", "things.get")
    assert problem in str(error)
    assert "base_url" in str(error)


def test_body_whose_encoding_is_broken_is_unreadable(failing: Any) -> None:
    outcome = httpx.Response(
        200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"not gzip")
    )
    error = failing(outcome)
    assert type(error) is errors.APIResponseValidationError
    assert error.status_code == 200
    assert "content encoding (gzip)" in str(error)


@pytest.mark.parametrize("key", ["status_code", "http_status_code"])
def test_success_status_around_error_body_is_error(failing: Any, key: str) -> None:
    body = {"error": {"type": "RECORD_NOT_FOUND", key: 404.0, "message": "Gone."}}
    error = failing(httpx.Response(200, json=body))
    assert type(error) is errors.NotFoundError
    assert error.status_code == 404


def test_result_of_another_shape_is_unreadable(call: Any, script: Any, get_thing: Any) -> None:
    def parse(body: Any) -> Any:
        return body["id"]

    operation = attrs.evolve(get_thing, parse_response=parse)
    with pytest.raises(
        errors.APIResponseValidationError, match=r"promised shape \(KeyError: 'id'\)"
    ):
        call(script([httpx.Response(200, json={})]), operation, REQUEST)


@pytest.mark.parametrize(
    ("failure", "kind", "said"),
    [
        (httpx.ConnectError("rejected"), errors.APIConnectionError, "no connection"),
        (httpx.ConnectTimeout("slow"), errors.APITimeoutError, "Nothing reached the server"),
        (httpx.PoolTimeout("full"), errors.APITimeoutError, "Nothing reached the server"),
        (httpx.ProxyError("407"), errors.APIConnectionError, "Nothing reached the server"),
        (httpx.InvalidURL("odd"), errors.APIConnectionError, "Nothing reached the server"),
        (httpx.ReadTimeout("slow"), errors.APITimeoutError, "may have carried the call out"),
        (httpx.WriteTimeout("slow"), errors.APITimeoutError, "may have carried the call out"),
        (httpx.ReadError("reset"), errors.APIConnectionError, "may have carried the call out"),
        (httpx.RemoteProtocolError("x"), errors.APIConnectionError, "the connection broke"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_connection_error_says_whether_request_was_sent(
    failing: Any, failure: Exception, kind: type[errors.APIConnectionError], said: str
) -> None:
    error = failing(failure)
    assert type(error) is kind
    assert (error.operation, error.request_id) == ("things.get", None)
    assert said in str(error)
    assert "https://api.sandbox.insightiq.ai" in str(error)
    assert type(failure).__name__ in str(error)


@pytest.mark.parametrize(
    "outcome",
    [
        lambda: httpx.Response(
            400, json=envelope(400, message=f"You sent {' and '.join(SECRETS)}.")
        ),
        lambda: httpx.Response(401, json=envelope(401, code=SECRETS[0], type=SECRETS[1])),
        lambda: httpx.Response(404, json=envelope(404, request_id=SECRETS[0])),
        lambda: httpx.Response(502, text=f"<html>{SECRETS}</html>"),
        lambda: httpx.Response(200, text=f"<html>{SECRETS}</html>"),
        lambda: httpx.ConnectError(f"no way to send {SECRETS}"),
    ],
    ids=["message", "names", "id", "html", "page", "failure"],
)
def test_no_error_holds_credential(failing: Any, outcome: Any) -> None:
    error = failing(outcome())
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or link.__context__
    shown = [text for link in chain for text in (str(link), repr(link), repr(vars(link)))]
    shown += ["".join(traceback.format_exception(error)), repr(pickle.dumps(error))]
    for secret in SECRETS:
        assert all(secret not in text for text in shown)


def test_errors_are_not_chained_to_httpx(failing: Any) -> None:
    for outcome in (httpx.ConnectError("rejected"), httpx.Response(200, text="{")):
        error = failing(outcome)
        assert error.__cause__ is None
        assert error.__context__ is None


def test_foreign_text_cannot_drive_terminal(failing: Any) -> None:
    body = '{"error": {"message": "a\\u001b[31mb\\nc\\ud800"}}'
    text = str(failing(httpx.Response(400, text=body)))
    assert text.isprintable()
    assert "a?[31mb c?" in text


def test_long_message_is_cut_in_text_only(failing: Any) -> None:
    error = failing(httpx.Response(400, json=envelope(400, message="x" * 10_000)))
    assert len(str(error)) < 500
    assert len(error.message) == 10_000


@pytest.mark.parametrize(
    "outcome",
    [
        lambda: httpx.Response(429, headers={"retry-after": "2"}, json=envelope(429)),
        lambda: httpx.Response(502, text="<html>"),
        lambda: httpx.Response(200, text="<html>"),
        lambda: httpx.ReadTimeout("slow"),
    ],
    ids=["status", "gateway", "unreadable", "timeout"],
)
def test_error_survives_pickling(failing: Any, outcome: Any) -> None:
    error = failing(outcome())
    error.add_note("seen by a worker")
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        copied = pickle.loads(pickle.dumps(error, protocol))
        assert type(copied) is type(error)
        assert str(copied) == str(error)
        assert vars(copied) == vars(error)


def test_classes_are_exported_below_root() -> None:
    classes = {
        name: value
        for name, value in inspect.getmembers(errors, inspect.isclass)
        if value.__module__ == errors.__name__
    }
    assert sorted(classes) == errors.__all__
    assert all(issubclass(value, errors.InsightIQError) for value in classes.values())


def test_tree_in_docstring_is_tree_of_classes() -> None:
    assert errors.__doc__ is not None
    drawn: dict[str, str] = {}
    path: list[str] = []
    for line in errors.__doc__.splitlines():
        name, depth = line.lstrip(" │├└─").split(" ", 1)[0], 0
        if not name.endswith("Error") or not hasattr(errors, name):
            continue
        depth = (len(line) - len(line.lstrip(" │├└─"))) // 4 - 1
        path[depth:] = [name]
        drawn[name] = path[depth - 1] if depth else "Exception"
    parents = {name: {base.__name__ for base in getattr(errors, name).__bases__} for name in drawn}
    assert sorted(drawn) == errors.__all__
    assert all(parent in parents[name] for name, parent in drawn.items())


@pytest.mark.parametrize("status", [*docstrings.ERROR_CLASSES, "402", "410", "500", "502"])
def test_docstrings_name_raised_class(failing: Any, status: str) -> None:
    name, when = docstrings.error_entry(status, "Something. And more.")
    assert when == f"{status}: Something."
    assert type(failing(httpx.Response(int(status), json={}))).__name__ == name

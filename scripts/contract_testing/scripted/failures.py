"""What the client raises for every error of the document, and for what no document foresees."""

from __future__ import annotations

import dataclasses
import itertools
import typing

from contract_testing.described import is_error, responses, success
from contract_testing.run import Broken
from contract_testing.scripted.stage import CLIENT_SECRET, REQUEST_ID
from insightiq import errors

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_testing.bodies import Bodies
    from contract_testing.example_calls import ExampleCall
    from contract_testing.run import Run
    from contract_testing.scripted.stage import Stage

__all__ = ["play"]

Json: typing.TypeAlias = typing.Any

# The errors by status, as the project's documentation promises them.
_CLASSES: typing.Final[Mapping[int, type[errors.APIStatusError]]] = {
    400: errors.BadRequestError,
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    429: errors.RateLimitError,
    500: errors.InternalServerError,
    502: errors.InternalServerError,
    503: errors.ServiceUnavailableError,
    520: errors.InternalServerError,
}
_SERVER_SIDE: typing.Final = 500
_RETRY_AFTER: typing.Final = 7
_FEW: typing.Final = 2
_PAGE: typing.Final = "<html><body><h1>Gateway</h1></body></html>"


@dataclasses.dataclass(frozen=True, slots=True)
class _Reply:
    """Something that no document foresees.

    Attributes:
        what: Words for it.
        status: Its status; None for the operation's own success.
        json: Its body as JSON.
        content: Its body as it is, where it is no JSON.
        headers: Its headers.
        kind: The class of the error that has to come.
    """

    what: str
    status: int | None
    kind: type[errors.APIError]
    json: Json = None
    content: str | None = None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])


_ENVELOPE: typing.Final = {
    "error": {
        "type": "ODD",
        "code": "odd_code",
        "message": "Odd.",
        "request_id": REQUEST_ID,
        "status_code": 418,
        "http_status_code": 418,
    }
}
_UNFORESEEN: typing.Final = (
    _Reply(
        "a redirect",
        302,
        errors.APIStatusError,
        json={},
        headers={"location": "https://elsewhere.example/"},
    ),
    _Reply("a status of nobody's", 418, errors.APIStatusError, json=_ENVELOPE),
    _Reply("a conflict", 409, errors.ConflictError, json=_ENVELOPE),
    _Reply("a status of a proxy's", 520, errors.InternalServerError, content=_PAGE),
    _Reply("a bad gateway", 502, errors.InternalServerError, content=_PAGE),
    _Reply("a page where JSON belongs", None, errors.APIResponseValidationError, content=_PAGE),
    _Reply(
        "truncated JSON", None, errors.APIResponseValidationError, content='{"data": [{"id": "5e1'
    ),
    _Reply("nothing where JSON belongs", None, errors.APIResponseValidationError, content=""),
    _Reply("an array where an object belongs", None, errors.APIResponseValidationError, json=[1]),
    _Reply(
        "an error's body with the status of a success", None, errors.APIStatusError, json=_ENVELOPE
    ),
)


def play(run: Run, stage: Stage, today: Bodies) -> None:
    """Give every error of every operation, and the unforeseen ones."""
    given: set[int] = set()
    for operation in run.operations:
        call = stage.call(operation)
        for status, schema in responses(run.document, operation).items():
            if is_error(status):
                # Errors have one shape: all of its bodies once for each status are enough.
                most = _FEW if status in given else None
                given.add(status)
                with run.case("an error is raised with all that the vendor says", operation.id):
                    for body in itertools.islice(today.of(schema or {}), most):
                        _documented(stage, call, status, body)
                        _documented(stage, call, status, _as_documented_in_2025(body))
        has_body = success(run.document, operation)[1] is not None
        with run.case("what no document foresees raises a typed error", operation.id):
            for reply in _UNFORESEEN:
                if reply.status is not None or has_body:
                    _unforeseen(run, stage, call, reply)


def _documented(stage: Stage, call: ExampleCall, status: int, body: Json) -> None:
    stage.says(status, json=body, headers={"Retry-After": str(_RETRY_AFTER)})
    error = _raised(stage, call, f"a documented {status}")
    place = f"{call.operation.id} with {status}"
    kind = _CLASSES[status]
    if type(error) is not kind:
        msg = f"{place} raised {type(error).__name__}, not {kind.__name__}"
        raise Broken(msg)
    said = body["error"]
    expected = {
        "status_code": status,
        "operation": call.operation.id,
        "type": said.get("type") or None,
        "code": said.get("code") or said.get("error_code") or None,
        "message": said.get("message") or None,
        "request_id": REQUEST_ID,
        "retry_after": float(_RETRY_AFTER),
        "attempts": 1,
    }
    for name, value in expected.items():
        if getattr(error, name) != value:
            msg = f"{place}: the error's {name} is {getattr(error, name)!r}; it has to be {value!r}"
            raise Broken(msg)
    _check_text(place, error, (call.operation.id, str(status), REQUEST_ID))


def _unforeseen(run: Run, stage: Stage, call: ExampleCall, reply: _Reply) -> None:
    status = success(run.document, call.operation)[0] if reply.status is None else reply.status
    stage.says(status, json=reply.json, content=reply.content, headers=reply.headers)
    before = len(stage.transport.requests)
    error = _raised(stage, call, reply.what)
    place = f"{call.operation.id} with {reply.what}"
    if not isinstance(error, reply.kind):
        msg = f"{place} raised {type(error).__name__}, not {reply.kind.__name__}"
        raise Broken(msg)
    sent = len(stage.transport.requests) - before
    if sent != 1:
        msg = f"{place}: {sent} requests were sent where one was allowed"
        raise Broken(msg)
    creates = call.operation.method == "post" and not call.operation.data.get("x-retry-safe")
    is_unclear = status >= _SERVER_SIDE or isinstance(error, errors.APIResponseValidationError)
    if creates and is_unclear and not error.maybe_applied:
        msg = f"{place}: the server may have carried it out, and maybe_applied is false"
        raise Broken(msg)
    _check_text(place, error, (call.operation.id, REQUEST_ID))


def _raised(stage: Stage, call: ExampleCall, what: str) -> errors.APIError:
    try:
        result = call.answered_by(stage.tolerant)
    except errors.APIError as error:
        return error
    except errors.InsightIQError as error:
        msg = f"{call.operation.id}: {what} raised {type(error).__name__}, no error of an answer"
        raise Broken(msg) from error
    msg = f"{call.operation.id}: {what} raised nothing and gave {result!r:.60}"
    raise Broken(msg)


def _check_text(place: str, error: errors.APIError, wanted: tuple[str, ...]) -> None:
    """What an error prints is one line that names the call and the request, and gives nothing away."""
    text = str(error)
    for each in wanted:
        if each not in text:
            msg = f"{place}: the text of the error does not say {each}: {text}"
            raise Broken(msg)
    if "\n" in text or CLIENT_SECRET in text or CLIENT_SECRET in repr(vars(error)):
        msg = f"{place}: the text of the error is no single line, or holds the client secret"
        raise Broken(msg)


def _as_documented_in_2025(body: Json) -> Json:
    """Return an error with the five keys of the vendor's document, without those of the wire."""
    said = {
        key: value for key, value in body["error"].items() if key not in {"code", "status_code"}
    }
    return {"error": said}

"""The client reads, keeps and raises what the document describes, whatever a server responds.

No server is needed. The result of a call is compared with the document and the body
(`contract_suite.reading`), never with the client's own writing alone. All of it runs in a time
zone far from UTC.
"""

from __future__ import annotations

import copy
import itertools
import json
import pickle
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from contract_suite.bodies import Bodies
from contract_suite.client_calls import Call
from contract_suite.notifications import event_schemas
from contract_suite.reading import misfits, misreadings, rewritten
from contract_suite.scripted_api import CLIENT_SECRET, REQUEST_ID, ScriptedAPI
from contract_suite.session import current
from document_views import (
    Document,
    component_name,
    is_array,
    is_error,
    resolved,
    responses,
    success,
    success_media_type,
)
from openapi_document import Operation
from openapi_schemas import DocumentSchemas

from insightiq import errors, models, webhooks
from insightiq_generated.types import json_value

pytestmark = [pytest.mark.parsing, pytest.mark.usefixtures("far_from_utc")]

# The errors by status, as the project's documentation promises them.
CLASSES = {
    400: errors.BadRequestError,
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    429: errors.RateLimitError,
    500: errors.InternalServerError,
    503: errors.ServiceUnavailableError,
}
FEW = 2
RETRY_AFTER = 7
HEX_DIGITS = 32
PAGE = "<html><body><h1>Gateway</h1></body></html>"
ENVELOPE = {
    "error": {
        "type": "ODD",
        "code": "odd_code",
        "message": "Odd.",
        "request_id": REQUEST_ID,
        "status_code": 418,
        "http_status_code": 418,
    }
}
ELSEWHERE = {"location": "https://elsewhere.example/"}
# Undocumented responses: status (None for that of a success), body and headers, class of the error.
UNDOCUMENTED: dict[str, tuple[int | None, dict[str, Any], type[errors.APIError]]] = {
    "redirect": (302, {"json": {}, "headers": ELSEWHERE}, errors.APIStatusError),
    "permanent redirect": (308, {"json": {}, "headers": ELSEWHERE}, errors.APIStatusError),
    "unknown status": (418, {"json": ENVELOPE}, errors.APIStatusError),
    "conflict": (409, {"json": ENVELOPE}, errors.ConflictError),
    "status of a proxy": (520, {"content": PAGE}, errors.InternalServerError),
    "bad gateway": (502, {"content": PAGE}, errors.InternalServerError),
    "page instead of JSON": (None, {"content": PAGE}, errors.APIResponseValidationError),
    "truncated JSON": (None, {"content": '{"data": [{'}, errors.APIResponseValidationError),
    "no body": (None, {"content": ""}, errors.APIResponseValidationError),
    "array for an object": (None, {"json": [1]}, errors.APIResponseValidationError),
    "error with the status of a success": (None, {"json": ENVELOPE}, errors.APIStatusError),
}

Schema = Mapping[str, Any]


@pytest.fixture(scope="module")
def schemas(document: Document) -> DocumentSchemas:
    return DocumentSchemas(document)


@pytest.fixture(scope="module")
def today(document: Document, schemas: DocumentSchemas) -> Bodies:
    """Bodies that the document describes."""
    return Bodies(document, schemas)


@pytest.fixture(scope="module")
def tomorrow(document: Document, schemas: DocumentSchemas) -> Bodies:
    """Bodies with keys and values that the document does not know yet."""
    return Bodies(document, schemas, tomorrow=True)


@pytest.fixture(scope="module")
def api(document: Document) -> Iterator[ScriptedAPI]:
    with ScriptedAPI(document) as api:
        yield api


def reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def object_names(document: Document) -> list[str]:
    every = document["components"]["schemas"].items()
    return [
        name
        for name, schema in every
        if "properties" in schema
        or (
            schema.get("type") == "object"
            and not isinstance(schema.get("additionalProperties"), dict)
        )
    ]


# Successes.


def test_success_loses_nothing(
    document: Document, api: ScriptedAPI, today: Bodies, tomorrow: Bodies, operation: Operation
) -> None:
    """The strict client accepts each documented body, and keys and values of tomorrow."""
    call = api.call(operation)
    status, schema = success(document, operation)
    with api.another(strict=True, max_attempts=1) as strict:
        if schema is None:
            api.responds(status, content=b"")
            assert call.fetch(strict) is None
            return
        if (media_type := success_media_type(document, operation)) and "json" not in media_type:
            for sent in ("Grüße\r\n", ""):
                api.responds(status, {"content-type": media_type}, content=sent)
                assert call.fetch(strict) in {sent, sent.encode()}
            return
        for bodies in (today, tomorrow):
            for body in search_bodies(call, bodies.of(schema)):
                api.responds(status, content=json.dumps(body))
                result = call.fetch(strict)
                found = list(losses(document, call, schema, result, body))
                # Values of tomorrow keep their own type: annotations describe those of today.
                if bodies is today and hasattr(result, "KEYS"):
                    found += misfits(result)
                assert not found, f"{operation.id}: {'; '.join(found[:3])}"


def search_bodies(call: Call, bodies: Iterator[Any]) -> Iterator[Any]:
    """Yield bodies; those of a search hold the rows that the example names."""
    bulk = call.operation.data.get("x-bulk")
    for body in bodies:
        if bulk is not None:
            ids = call.body[bulk["parameter"]]
            body[bulk["items"]] = [
                {**row, "id": wanted} for row, wanted in zip(body[bulk["items"]], ids, strict=False)
            ]
        yield body


def losses(document: Document, call: Call, schema: Schema, result: Any, body: Any) -> Iterator[str]:
    if (bulk := call.operation.data.get("x-bulk")) is not None:
        found = body[bulk["items"]]
        if [row.to_dict() for row in result.data] != found:
            yield f"a search that found {len(found)} rows gave others"
        if result.missing != (missing := call.body[bulk["parameter"]][len(found) :]):
            yield f"missing is {result.missing}, and nothing was found for {missing}"
        return
    yield from misreadings(document, schema, result, body, type(result).__name__)
    expected, written = rewritten(document, schema, body), json_value(result)
    if not isinstance(written, dict):
        if written != expected:
            yield f"{written!r:.80} was read from {expected!r:.80}"
        return
    lost = [k for k in sorted({*written, *expected}) if written.get(k) != expected.get(k)]
    if lost:
        yield f"to_dict() differs from the body under {', '.join(lost)}"


# Errors.


def test_documented_error_is_raised_with_its_details(
    document: Document, api: ScriptedAPI, today: Bodies, operation: Operation
) -> None:
    """Also in the shape of the vendor's document, which lacks two keys of the wire."""
    call = api.call(operation)
    for status, schema in responses(document, operation).items():
        # Errors have one shape: all of its bodies with one status are enough.
        most = None if status == 400 else FEW
        for body in itertools.islice(today.of(schema or {}), most) if is_error(status) else ():
            wire = body["error"]
            short = {key: wire[key] for key in wire if key not in {"code", "status_code"}}
            for said in (wire, short):
                headers = {"retry-after": str(RETRY_AFTER)}
                error = raised(api, call, status, headers, json={"error": said})
                expected = {
                    "status_code": status,
                    "operation": operation.id,
                    "type": said.get("type") or None,
                    "code": said.get("code") or said.get("error_code") or None,
                    "message": said.get("message") or None,
                    "request_id": REQUEST_ID,
                    "retry_after": float(RETRY_AFTER),
                    "attempts": 1,
                }
                assert type(error) is CLASSES[status], f"{operation.id} with {status}"
                found = {name: getattr(error, name) for name in expected}
                assert found == expected, f"{operation.id} with {status}"
                assert str(status) in str(error)


def test_undocumented_response_raises_typed_error(
    document: Document, api: ScriptedAPI, operation: Operation
) -> None:
    """One request, and `maybe_applied` where a server may have carried it out."""
    call = api.call(operation)
    documented, _ = success(document, operation)
    creates = operation.method == "post" and not operation.data.get("x-retry-safe")
    for what, (status, response, kind) in UNDOCUMENTED.items():
        is_documented = status is not None and str(status) in operation.data["responses"]
        if is_documented or (status is None and not is_possible(document, operation, what)):
            continue
        before = len(api.transport.requests)
        error = raised(api, call, status or documented, **response)
        assert isinstance(error, kind), f"{operation.id} with {what} raised {error!r:.80}"
        sent = len(api.transport.requests) - before
        assert sent == 1, f"{operation.id} with {what} sent {sent} requests"
        is_unclear = (status or 0) >= 500 or isinstance(error, errors.APIResponseValidationError)
        assert error.maybe_applied or not (creates and is_unclear), f"{operation.id} with {what}"


def is_possible(document: Document, operation: Operation, what: str) -> bool:
    """Whether a body can break what the document says of a success."""
    _, schema = success(document, operation)
    if schema is None or "json" not in success_media_type(document, operation):
        return False
    found = resolved(document, schema)
    is_model = "properties" in found
    return is_model or what not in {"array for an object", "error with the status of a success"}


def raised(
    api: ScriptedAPI,
    call: Call,
    status: int,
    headers: Mapping[str, str] | None = None,
    **body: Any,
) -> errors.APIError:
    """Return the error of a response: one line that names call and request, and no secret."""
    api.responds(status, headers, **body)
    with pytest.raises(errors.APIError) as caught:
        pytest.fail(f"{call.operation.id} with {status} gave {call.fetch(api.client)!r:.80}")
    text = str(caught.value)
    assert call.operation.id in text
    assert REQUEST_ID in text
    assert "\n" not in text
    assert CLIENT_SECRET not in text + repr(vars(caught.value))
    return caught.value


# Models.


def check_round_trip(document: Document, name: str, body: Any, *, fits: bool = True) -> Any:
    kind = getattr(models, name)
    model = kind.from_dict(body)
    found = list(misreadings(document, reference(name), model, body, name))
    found += misfits(model) if fits else []
    assert not found, "; ".join(found[:3])
    assert model.to_dict() == rewritten(document, reference(name), body)
    assert kind.from_dict(model.to_dict()) == model
    return model


def test_model_round_trip_loses_nothing(
    document: Document, today: Bodies, tomorrow: Bodies, model_name: str
) -> None:
    """Also through pickle and copy; `repr()` hides passwords."""
    secrets = [
        key
        for key, entry in resolved(document, reference(model_name)).get("properties", {}).items()
        if resolved(document, entry).get("format") == "password"
    ]
    model = None
    for bodies in (today, tomorrow):
        for body in filter(None, bodies.of(reference(model_name))):
            model = check_round_trip(document, model_name, body, fits=bodies is today)
            shown = [k for k in secrets if body.get(k) and body[k] in repr(model)]
            assert not shown, f"repr() of a {model_name} shows its {shown}"
    assert pickle.loads(pickle.dumps(model)) == model
    assert copy.deepcopy(model) == model


# Events.


def test_event_is_read_as_its_class(
    document: Document, today: Bodies, tomorrow: Bodies, event_name: str
) -> None:
    schema = event_schemas(document)[event_name]
    for bodies in (today, tomorrow):
        for body in bodies.of(schema):
            event = webhooks.parse(json.dumps(body).encode())
            assert type(event).__name__ == component_name(schema)
            data = {key: hyphenated(value) for key, value in body["data"].items()}
            found = list(misreadings(document, schema, event, {**body, "data": data}, event_name))
            found += misfits(event) if bodies is today else []
            assert not found, "; ".join(found[:3])
            assert event.to_dict() == rewritten(document, schema, {**body, "data": data})


def hyphenated(value: Any) -> Any:
    """Return ids as the API's responses write them (evidence.md#values)."""
    if is_array(value):
        return [hyphenated(each) for each in value]
    if isinstance(value, str) and len(value) == HEX_DIGITS:
        return "-".join((value[:8], value[8:12], value[12:16], value[16:20], value[20:]))
    return value


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test for each model, and each event, of the document."""
    document = current().document
    names = object_names(document)
    for parameter, values in (("model_name", names), ("event_name", [*event_schemas(document)])):
        if parameter in metafunc.fixturenames:
            metafunc.parametrize(parameter, values)

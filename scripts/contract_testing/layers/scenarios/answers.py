"""What every answer of every scenario has to keep; played last, over all that was said."""

from __future__ import annotations

import base64
import collections
import json
import typing
import uuid

from contract_testing.checks import Contract, answer_of
from contract_testing.described import responses
from contract_testing.layers.scenarios.scene import Needs, Scenarios, broken, hold
from contract_testing.routes import Routes
from contract_testing.traffic.drift import unknown_keys

if typing.TYPE_CHECKING:
    from contract_testing.layers.scenarios.scene import Scene
    from contract_testing.recording import Exchange

__all__ = ["SCENARIOS"]

Json: typing.TypeAlias = typing.Any

SCENARIOS = Scenarios()

_FIRST_ERROR: typing.Final = 400
_KEYS: typing.Final = (
    "type",
    "code",
    "error_code",
    "message",
    "status_code",
    "http_status_code",
    "request_id",
)


def _exchanges(scene: Scene) -> list[Exchange]:
    return [
        each
        for each in scene.heard
        if each.status is not None and each.problem is None and "/_mock/" not in each.url
    ]


def _header(exchange: Exchange, name: str) -> str | None:
    return next((value for key, value in exchange.response_headers if key.lower() == name), None)


def _place(exchange: Exchange) -> str:
    path = exchange.url.partition("://")[2].partition("/")[2].partition("?")[0]
    return f"{exchange.method} /{path} ({exchange.status}, in “{exchange.rule}”)"


@SCENARIOS.rule("every answer has a request-id of its own")
def request_ids(scene: Scene) -> None:
    """A UUID, never the same twice."""
    seen: collections.Counter[str] = collections.Counter()
    for each in _exchanges(scene):
        value = _header(each, "request-id")
        hold(value, f"{_place(each)} has no request-id")
        assert value is not None
        try:
            uuid.UUID(value)
        except ValueError:
            broken(f"{_place(each)}: the request-id {value!r} is no UUID")
        seen[value] += 1
    doubles = [value for value, count in seen.items() if count > 1]
    hold(not doubles, f"{len(doubles)} request-ids belong to several answers, as {doubles[:1]}")


@SCENARIOS.rule("every error has the body of an error, which agrees with its status and headers")
def error_bodies(scene: Scene) -> None:
    """The seven keys of the wire (evidence.md#error-envelope)."""
    for each in _exchanges(scene):
        if (each.status or 0) < _FIRST_ERROR:
            continue
        try:
            error: Json = json.loads(each.response_body)["error"]
        except (ValueError, LookupError, TypeError):
            broken(f"{_place(each)} has no error in its body")
        missing = [key for key in _KEYS if error.get(key) in {None, ""}]
        hold(not missing, f"{_place(each)}: the error does not say its {missing}")
        told = {error["status_code"], error["http_status_code"]}
        hold(told == {each.status}, f"{_place(each)}: the error says that its status is {told}")
        hold(
            error["code"] == error["error_code"],
            f"{_place(each)}: code is {error['code']} and error_code {error['error_code']}",
        )
        hold(
            error["request_id"] == _header(each, "request-id"),
            f"{_place(each)}: the error names another request than the header",
        )


@SCENARIOS.rule(
    "the mock's answers have no key that the document does not know",
    # A real server may know more than the document.
    Needs.CONTROL,
)
def known_keys(scene: Scene) -> None:
    """Whatever a client reads there, and no later call gives, would be missed on the real API."""
    routes, schemas = Routes(scene.document), dict[tuple[str, int], Json]()
    found: dict[str, None] = {}
    for each in _exchanges(scene):
        operation = routes.operation(each.method, each.url)
        if operation is None or each.status is None:
            continue
        key = operation.id, each.status
        if key not in schemas:
            schemas[key] = responses(scene.document, operation).get(each.status)
        if schemas[key] is None or not each.response_body:
            continue
        for path in unknown_keys(scene.document, schemas[key], json.loads(each.response_body)):
            found[f"{operation.id} {each.status}: {path}"] = None
    hold(not found, f"answers have keys that the document does not know: {', '.join(found)}")


@SCENARIOS.rule("no answer repeats the credentials")
def secrets(scene: Scene) -> None:
    """Neither as they are nor encoded, in headers or bodies; nor what else was sent as a password."""
    for each in _exchanges(scene):
        sent = next(
            (value for key, value in each.request_headers if key.lower() == "authorization"), ""
        )
        text = sent.partition(" ")[2]
        try:
            secret = base64.b64decode(text).decode().partition(":")[2]
        except ValueError:
            secret = ""
        said = each.response_body.decode("utf-8", "replace") + repr(each.response_headers)
        for hidden, what in ((secret, "the client secret"), (text, "the credentials")):
            # Short texts stand in answers by chance.
            hold(
                len(hidden) < 16 or hidden not in said,  # noqa: PLR2004 - as above
                f"{_place(each)} repeats {what}",
            )


@SCENARIOS.rule("every answer of a scenario keeps the document")
def document(scene: Scene) -> None:
    """The checks that every layer shares, over states that only scenarios reach."""
    contract, routes = Contract(scene.document), Routes(scene.document)
    found: list[str] = []
    for each in _exchanges(scene):
        operation = routes.operation(each.method, each.url)
        answer = None if operation is None else answer_of(each, operation, ())
        if answer is None:
            continue
        for rule, message in contract.broken(answer):
            found.append(f"{message} (rule: {rule.name}; in “{each.rule}”)")
    unique = list(dict.fromkeys(found))
    hold(not unique, f"{len(unique)} answers break the document, {'; '.join(unique[:3])}")

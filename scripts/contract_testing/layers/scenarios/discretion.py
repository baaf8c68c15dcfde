"""What the client gives away: credentials to nobody else, secrets and persons to no log."""

from __future__ import annotations

import base64
import logging
import pickle
import traceback
import typing

from contract_testing.layers.scenarios.scene import Needs, Scenarios, hold
from contract_testing.scripted.stage import CLIENT_ID, CLIENT_SECRET, REQUEST_ID, Stage
from insightiq import errors
from insightiq.testing import response

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from openapi_document import Operation

    from contract_testing.layers.scenarios.scene import Scene
    from contract_testing.run import Run
    from insightiq.testing import SentRequest

__all__ = ["SCENARIOS"]

Json: typing.TypeAlias = typing.Any

SCENARIOS = Scenarios()

_TOKEN: typing.Final = "eyJhbGciOiJIUzI1NiJ9.eyJzZWNyZXQiOnRydWV9.c2lnbmVk"  # noqa: S105 - invented
_PERSON: typing.Final = "Ada Verysecretname"
_MAIL: typing.Final = "ada@verysecret.example"
_ENCODED: typing.Final = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()


class _Listening(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.text += self.format(record) + "\n"

    def __enter__(self) -> typing.Self:
        self._logger = logging.getLogger("insightiq")
        self._level, self._propagates = self._logger.level, self._logger.propagate
        self._logger.addHandler(self)
        self._logger.setLevel(logging.DEBUG)
        self._logger.propagate = False
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)
        self._logger.setLevel(self._level)
        self._logger.propagate = self._propagates


def _all(run: Run) -> Iterable[Operation]:
    return run.operations


def _echoing(sent: SentRequest) -> Json:
    """Answer with an error that repeats all that was sent."""
    message = f"{sent.headers['authorization']} {CLIENT_SECRET} for {sent.path}"
    body = {
        "error": {
            "type": "T",
            "code": CLIENT_SECRET,
            "message": message,
            "status_code": 400,
            "http_status_code": 400,
            "request_id": REQUEST_ID,
        }
    }
    return response(400, json=body, headers={"request-id": REQUEST_ID, "x-echo": CLIENT_SECRET})


@SCENARIOS.rule(
    "credentials go to the API and not where a redirect leads", Needs.NOTHING, each=_all
)
def redirects(scene: Scene, operation: Operation) -> None:
    """Another host, another scheme, another path: nothing is followed."""
    with Stage(scene.document) as stage:
        for status in (301, 302, 303, 307, 308):
            for target in ("https://elsewhere.example/v1", "http://scripted.localhost/elsewhere"):
                stage.says(status, json={}, headers={"location": target})
                before = len(stage.transport.requests)
                try:
                    stage.call(operation).answered_by(stage.tolerant)
                except errors.APIStatusError as error:
                    hold(
                        error.status_code == status,
                        f"{operation.id}: a {status} is raised as {error.status_code}",
                    )
                sent = stage.transport.requests[before:]
                hold(
                    len(sent) == 1,
                    f"{operation.id}: a {status} to {target} was followed, with the headers "
                    f"{sorted(sent[-1].headers) if sent else []}",
                )


@SCENARIOS.rule("each request carries the credentials and says who calls", Needs.NOTHING, each=_all)
def headers(scene: Scene, operation: Operation) -> None:
    """Basic credentials, JSON asked for, a user agent; nothing secret in the address."""
    with Stage(scene.document) as stage:
        stage.plays(_echoing)
        try:
            stage.call(operation).answered_by(stage.tolerant)
        except errors.BadRequestError as error:
            _shows_nothing(operation.id, error)
        sent = stage.transport.requests[-1]
        hold(
            sent.headers.get("authorization") == f"Basic {_ENCODED}",
            f"{operation.id} does not carry the credentials as Basic",
        )
        hold(
            sent.headers.get("accept") == "application/json",
            f"{operation.id} does not ask for JSON",
        )
        hold(
            "insightiq" in sent.headers.get("user-agent", ""),
            f"{operation.id} does not say who calls",
        )
        hold(CLIENT_SECRET not in sent.url, f"{operation.id} has the secret in its address")
        if sent.content is not None:
            kind = sent.headers.get("content-type")
            hold(kind == "application/json", f"{operation.id} sends its body as {kind}")


def _shows_nothing(name: str, error: errors.BadRequestError) -> None:
    shown = {
        "str()": str(error),
        "repr()": repr(error),
        "its attributes": repr(vars(error)),
        "its traceback": "".join(traceback.format_exception(error)),
        "its pickle": pickle.dumps(error).decode("latin-1"),
    }
    for way, text in shown.items():
        for secret in (CLIENT_SECRET, _ENCODED):
            hold(secret not in text, f"{name}: {way} of an error shows the credentials")


@SCENARIOS.rule("logs show no credentials, no tokens and no persons", Needs.NOTHING)
def logs(scene: Scene) -> None:
    """At the level that shows most, with answers that hold all of it."""
    with _Listening() as listening, Stage(scene.document) as stage:
        stage.plays(_echoing)
        for name in ("users.list", "users.create", "sdk_tokens.create"):
            operation = scene.operation(name)
            try:
                stage.call(operation).answered_by(stage.tolerant)
            except errors.BadRequestError:
                continue
        stage.says(201, json={"sdk_token": _TOKEN, "expires_at": "2026-05-03T12:04:55.018264"})
        token = stage.call(scene.operation("sdk_tokens.create")).answered_by(stage.tolerant)
        row = {
            "name": _PERSON,
            "external_id": _MAIL,
            "id": "0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60",
            "created_at": "2026-05-03T12:04:55.018264",
            "updated_at": "2026-05-03T12:04:55.018264",
            "status": "ACTIVE",
        }
        stage.says(200, json=row, headers={"set-cookie": f"session={_TOKEN}"})
        stage.tolerant.users.get_by_external_id(_MAIL)
        stage.says(201, json=row)
        stage.tolerant.users.create(name=_PERSON, external_id=_MAIL)
    for what, text in (
        ("the client secret", CLIENT_SECRET),
        ("the credentials", _ENCODED),
        ("an SDK token", _TOKEN),
        ("a name", _PERSON),
        ("an address", _MAIL),
        ("an address in a path", _MAIL.replace("@", "%40")),
    ):
        hold(text not in listening.text, f"the log of the client shows {what}")
    hold("users.create" in listening.text, "the log of the client does not say what was called")
    hold(_TOKEN not in repr(token), "repr() of an SDK token shows it")
    hold(CLIENT_SECRET not in repr(stage.tolerant), "repr() of the client shows the secret")

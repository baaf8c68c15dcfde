"""Whether a server answers the requests of the benchmark at all, and what else it checks."""

from __future__ import annotations

import http.client
import json
import typing
import urllib.parse

from load import authorization

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from load import Case

__all__ = ["Probe", "probes", "verify"]

Probe = tuple[str, str]
"""What was asked, and how it was answered."""


class _Client:
    def __init__(self, url: str, credentials: tuple[str, str]) -> None:
        self._host = urllib.parse.urlsplit(url).netloc
        self._authorization = authorization(credentials)

    def ask(
        self,
        path: str,
        *,
        body: object = None,
        authorized: str | None = "",
    ) -> tuple[int, typing.Any]:
        """Send a request on a connection of its own; return status and parsed body."""
        headers = {"Authorization": self._authorization if authorized == "" else authorized}
        sent = {key: value for key, value in headers.items() if value is not None}
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection(self._host, timeout=4)
        try:
            connection.request("POST" if data is not None else "GET", path, data, sent)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, None


def verify(url: str, credentials: tuple[str, str], cases: Iterable[Case]) -> None:
    """Make sure that every case is answered with the right status, and as many items as it should.

    Raises:
        RuntimeError: One is not; its figures would mean nothing.
    """
    client = _Client(url, credentials)
    for number, case in enumerate(cases):
        body = {"name": "Bench", "external_id": f"verify-{number}"} if case.creates else None
        status, value = client.ask(case.path, body=body)
        wanted = 201 if case.creates else 200
        items = None if case.items is None or value is None else len(value["data"])
        if status != wanted or items != case.items or (items is None and "id" not in value):
            msg = f"{url}{case.path} answered {status} with {items} items, not {wanted} with {case.items}."
            raise RuntimeError(msg)


def probes(url: str, credentials: tuple[str, str], account_id: str) -> list[Probe]:
    """Ask what a careful server refuses; tell the status of each answer."""
    client = _Client(url, credentials)
    wrong = authorization((credentials[0], "wrong"))
    contents = f"/v1/social/contents?account_id={account_id}"
    asked: dict[str, dict[str, typing.Any]] = {
        "no credentials → 401": {"path": "/v1/users", "authorized": None},
        "wrong secret → 401": {"path": "/v1/users", "authorized": wrong},
        "limit=abc → 400": {"path": f"{contents}&limit=abc"},
        "limit=1000 → 400": {"path": f"{contents}&limit=1000"},
        "malformed id → 400": {"path": "/v1/users/abc"},
        "missing field → 400": {"path": "/v1/users", "body": {"name": "Bench"}},
        "malformed JSON → 400": {"path": "/v1/users", "body": b'{"name":'},
    }
    answers: list[Probe] = []
    for question, arguments in asked.items():
        try:
            status = str(client.ask(**arguments)[0])
        except (OSError, http.client.HTTPException):
            status = "no answer"
        answers.append((question, status))
    return answers

"""Checks of a server before it is measured: its responses to the benchmark's requests, and to invalid ones."""

from __future__ import annotations

import http.client
import json
import typing
import urllib.parse

from load import authorization

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from load import Case

__all__ = ["Probe", "probes", "verify", "verify_written"]

Probe = tuple[str, str]
"""A request, and the status of its response."""


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
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        try:
            return response.status, json.loads(text)
        except ValueError:
            return response.status, None


def verify(
    url: str, credentials: tuple[str, str], cases: Iterable[Case], *, again: bool = False
) -> None:
    """Make sure that every case is responded with the right status, items and fields.

    Args:
        url: Of the server.
        credentials: What to call it with.
        cases: What to ask.
        again: Whether it was asked before, and has made the users of that time.

    Raises:
        RuntimeError: One is not; its figures would mean nothing.
    """
    client = _Client(url, credentials)
    for number, case in enumerate(cases):
        name = f"verify-{number}-{int(again)}"
        body = {"name": "Bench", "external_id": name} if case.creates else None
        status, value = client.ask(case.path, body=body)
        wanted = 201 if case.creates else 200
        shown = value if case.items is None else (value or {}).get("data", [])
        shown = [shown] if case.items is None else shown
        if (
            status != wanted
            or len(shown) != (case.items or 1)
            or any(not isinstance(each, dict) or not case.fields <= each.keys() for each in shown)
        ):
            msg = (
                f"{url}{case.path} responded with {status} and {len(shown)} items, not {wanted} with"
                f" {case.items or 1}, or with fewer fields than ours: {str(value)[:200]}"
            )
            raise RuntimeError(msg)


def verify_written(url: str, credentials: tuple[str, str], external_id: str | None) -> None:
    """Make sure that a user who was made under load is there.

    Raises:
        RuntimeError: There is no such user.
    """
    if external_id is None:
        return
    status, value = _Client(url, credentials).ask(f"/v1/users/external_id/{external_id}")
    if status != http.HTTPStatus.OK or value["external_id"] != external_id:
        msg = f"{url}: the user {external_id}, made under load, is not there: {status}."
        raise RuntimeError(msg)


def probes(url: str, credentials: tuple[str, str], account_id: str) -> list[Probe]:
    """Send requests that a careful server rejects; return the status of each response."""
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
    responses: list[Probe] = []
    for question, arguments in asked.items():
        try:
            status = str(client.ask(**arguments)[0])
        except (OSError, http.client.HTTPException):
            status = "no response"
        responses.append((question, status))
    return responses

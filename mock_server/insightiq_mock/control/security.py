"""Who may use the control API: everybody where the server has no token, else whoever bears it."""

from __future__ import annotations

import hmac
import typing

from insightiq_mock.control.refusals import unauthorized

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

__all__ = ["BearerSecurity"]

_HOW: typing.Final = (
    "send 'Authorization: Bearer <token>' with the token that the server was started with."
)


class BearerSecurity:
    """The handler that connexion's ``security_map`` takes for HTTP Bearer."""

    def __init__(self, token: str | None) -> None:
        self._token = None if token is None else token.encode()

    def get_fn(
        self,
        security_scheme: Mapping[str, object],  # noqa: ARG002 - the signature that connexion calls
        required_scopes: list[str],  # noqa: ARG002 - the signature that connexion calls
    ) -> Callable[[Request], object]:
        """Return the function that connexion calls for each request."""
        return self._verify

    def _verify(self, request: Request) -> object:
        if self._token is None:
            return {"sub": ""}
        headers = request.headers.getlist("authorization")
        if len(headers) != 1:
            message = f"The control API asks for a token here; {_HOW}"
            raise unauthorized(message)
        scheme, _, given = headers[0].partition(" ")
        if scheme.lower() != "bearer":
            message = f"The control API asks for a bearer token; {_HOW}"
            raise unauthorized(message)
        if not hmac.compare_digest(given.strip(" ").encode("latin-1"), self._token):
            message = f"The control token is wrong; {_HOW}"
            raise unauthorized(message)
        return {"sub": ""}

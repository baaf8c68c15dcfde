"""HTTP Basic: the handler of connexion's ``security_map`` for it."""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import TYPE_CHECKING, Protocol

from insightiq_mock.context import context_of
from insightiq_mock.errors import unauthorized

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

__all__ = ["BasicSecurity", "CredentialCheck", "OneDeveloper", "PermittedHeaders"]

_MALFORMED = (
    "The Authorization header is malformed; it must be 'Basic ' and the base64 of"
    " '<client id>:<client secret>'."
)
_REPEATED = "There is more than one Authorization header; send one."
_WRONG = "The client id or the client secret is wrong."


class CredentialCheck(Protocol):
    """Checks credentials."""

    def __call__(self, client_id: str, client_secret: str, /) -> bool:
        """Tell whether the pair belongs together."""
        ...


class PermittedHeaders(Protocol):
    """Cache of the ``Authorization`` headers that were accepted, as long as they are valid."""

    def permitted(self, header: bytes, /) -> str | None:
        """Return the developer of a header; None for one that was not accepted before."""
        ...

    def remember(self, header: bytes, developer_id: str, /) -> None:
        """Note a header that was accepted."""
        ...


class OneDeveloper:
    """A credential check that knows one pair. Its time does not depend on how wrong a guess is."""

    def __init__(self, client_id: str, client_secret: str) -> None:
        self._client_id = client_id.encode()
        self._client_secret = client_secret.encode()

    def __call__(self, client_id: str, client_secret: str, /) -> bool:
        """Tell whether this is the pair."""
        right_id = hmac.compare_digest(client_id.encode(), self._client_id)
        right_secret = hmac.compare_digest(client_secret.encode(), self._client_secret)
        return right_id and right_secret


class BasicSecurity:
    """Security handler for HTTP Basic; leaves the developer in the request context.

    The stock one decodes base64 leniently and calls a function that the document names.
    """

    def __init__(
        self,
        check: CredentialCheck,
        no_credentials: object,
        known: PermittedHeaders | None = None,
    ) -> None:
        self._check = check
        self._no_credentials = no_credentials
        self._known = known

    def get_fn(
        self,
        security_scheme: Mapping[str, object],  # noqa: ARG002 - the signature that connexion calls
        required_scopes: list[str],  # noqa: ARG002 - the signature that connexion calls
    ) -> Callable[[Request], object]:
        """Return the function that connexion calls for each request."""
        return self._verify

    def _verify(self, request: Request) -> object:
        headers = [text for name, text in request.scope["headers"] if name == b"authorization"]
        if not headers:
            return self._no_credentials
        if len(headers) > 1:
            raise unauthorized(_REPEATED)
        developer_id = self._known.permitted(headers[0]) if self._known is not None else None
        developer_id = developer_id or self._checked(headers[0])
        context_of(request.scope).developer_id = developer_id
        return {"sub": developer_id}

    def _checked(self, header: bytes) -> str:
        client_id, client_secret = _decode(header.decode("latin-1"))
        if not self._check(client_id, client_secret):
            raise unauthorized(_WRONG)
        if self._known is not None:
            self._known.remember(header, client_id)
        return client_id


def _decode(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise unauthorized(_MALFORMED)
    try:
        text = base64.b64decode(encoded.strip(" "), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise unauthorized(_MALFORMED) from None
    client_id, colon, client_secret = text.partition(":")
    if not colon:
        raise unauthorized(_MALFORMED)
    return client_id, client_secret

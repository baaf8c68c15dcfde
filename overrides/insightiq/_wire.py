"""What passes between the engine and the HTTP library: requests, answers, failures.

Neither side's own types: the engine knows no HTTP library, and the adapter knows no operation.
"""

from __future__ import annotations

import dataclasses
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Answer", "Failure", "WireRequest"]


def _hidden() -> typing.Any:  # noqa: ANN401 - as dataclasses.field itself
    """Return a field that is not shown: it may hold tokens, names and addresses."""
    return dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class WireRequest:
    """A request as it will be sent, but for the credentials, which the adapter adds.

    Attributes:
        method: HTTP method.
        url: Absolute address with path and query.
        headers: Headers by name.
        content: The body, or None.
    """

    method: str
    url: str = _hidden()
    headers: Mapping[str, str] = _hidden()
    content: bytes | None = _hidden()


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """An answer of whatever status.

    Attributes:
        status: HTTP status; any three-digit number, registered or not.
        headers: Headers; names are found in any spelling.
        content: The whole body, or None when it could not be kept.
        problem: Why it could not.
    """

    status: int
    headers: Mapping[str, str] = _hidden()
    content: bytes | None = _hidden()
    problem: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """No answer.

    Attributes:
        timed_out: A timeout ended the wait.
        sent: The server may have received the request. False only when it certainly did not.
        detail: What the HTTP library said.
        permanent: Trying again cannot help, for example with an address that is none.
        untrusted: The server's certificate was refused.
    """

    timed_out: bool
    sent: bool
    detail: str
    permanent: bool = False
    untrusted: bool = False

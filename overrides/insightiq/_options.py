"""How one call, or every call of a client, is made."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping

from insightiq._raw import JSON, Query, query_of
from insightiq._timeouts import Timeouts, is_duration, shown, timeouts_from
from insightiq.errors import ConfigurationError
from insightiq_generated.types import UNSET, Unset, json_argument

__all__ = [
    "DEFAULT_DEADLINE",
    "DEFAULT_MAX_ATTEMPTS",
    "DEFAULT_MAX_RESPONSE_BYTES",
    "CallOptions",
]

DEFAULT_MAX_ATTEMPTS: typing.Final = 4
# Ends a call whose answer trickles in; long enough for a thousand calls to queue for the quota.
DEFAULT_DEADLINE: typing.Final = 600.0
# A hundred times what the largest page of the API holds.
DEFAULT_MAX_RESPONSE_BYTES: typing.Final = 64 * 1024 * 1024

# The adapter or the HTTP library sets these, and a second opinion would break the request.
_RESERVED = frozenset(
    {"authorization", "content-length", "content-type", "host", "transfer-encoding"}
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CallOptions:
    """What a call may be told besides its arguments.

    Attributes:
        timeouts: Seconds for each part of an attempt; None leaves them to the HTTP client.
        deadline: Seconds for the whole call with its repetitions and waits; None for no end.
        max_attempts: How often a request is sent at most.
        headers: Headers to add to each request.
        extra_query: Query parameters to add to each request, as text.
        extra_body: Keys to add to the JSON object that is sent.
        strict: Raise where an answer is not what the document promises.
        max_response_bytes: Bytes that a response may have once it is decompressed; None for any
            number.
    """

    timeouts: Timeouts | None = None
    deadline: float | None = DEFAULT_DEADLINE
    max_attempts: int = DEFAULT_MAX_ATTEMPTS
    # Not shown: the values may be credentials.
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str], repr=False)
    extra_query: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str], repr=False)
    extra_body: Mapping[str, JSON] = dataclasses.field(default_factory=dict[str, JSON], repr=False)
    strict: bool = False
    max_response_bytes: int | None = DEFAULT_MAX_RESPONSE_BYTES

    def __post_init__(self) -> None:
        _check_deadline(self.deadline)
        _check_attempts(self.max_attempts)
        _check_headers(self.headers)
        _check_size(self.max_response_bytes)

    def changed(  # noqa: PLR0913 - keyword-only, the options themselves
        self,
        *,
        timeout: float | Timeouts | Unset = UNSET,
        deadline: float | Unset | None = UNSET,
        max_attempts: int | Unset = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
        max_response_bytes: int | Unset | None = UNSET,
        extra_query: Query | Unset = UNSET,
        extra_body: Mapping[str, JSON] | Unset = UNSET,
    ) -> CallOptions:
        """Return options that differ in what is given; mappings are added to those there are.

        Raises:
            ConfigurationError: A value makes no sense.
        """
        return dataclasses.replace(
            self,
            timeouts=self.timeouts if timeout is UNSET else timeouts_from(timeout),
            deadline=self.deadline if deadline is UNSET else deadline,
            max_attempts=self.max_attempts if max_attempts is UNSET else max_attempts,
            headers=self.headers if headers is UNSET else _merged(self.headers, headers),
            max_response_bytes=(
                self.max_response_bytes if max_response_bytes is UNSET else max_response_bytes
            ),
            extra_query={
                **self.extra_query,
                **({} if extra_query is UNSET else query_of("extra_query", extra_query)),
            },
            extra_body={
                **self.extra_body,
                **({} if extra_body is UNSET else json_argument(extra_body, "extra_body", Mapping)),
            },
        )


def _merged(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    _check_headers(new)
    return {**old, **{name.lower(): value for name, value in new.items()}}


def _check_deadline(deadline: object) -> None:
    if deadline is not None and not is_duration(deadline):
        msg = (
            f"deadline={shown(deadline)}: give a positive number of seconds, or None for no "
            "deadline."
        )
        raise ConfigurationError(msg)


def _check_attempts(attempts: object) -> None:
    if isinstance(attempts, bool) or not isinstance(attempts, int) or attempts < 1:
        msg = f"max_attempts={shown(attempts)}: give a whole number from 1, which means no repetition."
        raise ConfigurationError(msg)


def _check_size(size: object) -> None:
    if size is None:
        return
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        msg = (
            f"max_response_bytes={shown(size)}: give a whole number of bytes from 1, or None for no "
            "limit."
        )
        raise ConfigurationError(msg)


def _check_headers(headers: Mapping[str, str]) -> None:
    given = typing.cast("object", headers)
    if not isinstance(given, Mapping):
        msg = f"headers must be a mapping of names to texts, not {type(given).__name__}."
        raise ConfigurationError(msg)
    for name, value in headers.items():
        if not isinstance(typing.cast("object", value), str):
            msg = f"headers: the value of {name} must be text, not {type(value).__name__}."
            raise ConfigurationError(msg)
        if not isinstance(typing.cast("object", name), str):
            msg = f"headers: each name must be text, not {type(name).__name__}."
            raise ConfigurationError(msg)
        if not name or not name.isascii() or not name.replace("-", "").replace("_", "").isalnum():
            msg = f"headers: {name!r} is no name of a header."
            raise ConfigurationError(msg)
        if name.lower() in _RESERVED:
            msg = f"headers: {name} is set by the client itself and cannot be given."
            raise ConfigurationError(msg)
        if not (value.isascii() and value.isprintable()):
            # The value itself is not repeated: it may be a secret.
            msg = f"headers: the value of {name} must be printable ASCII text."
            raise ConfigurationError(msg)

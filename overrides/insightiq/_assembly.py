"""From a client's arguments to its parts: what both clients do in the same way."""

from __future__ import annotations

import base64
import dataclasses
import os
import typing
import warnings

from insightiq._budget import RetryBudget
from insightiq._clock import SystemClock
from insightiq._config import settings_from
from insightiq._drivers import Shared
from insightiq._engine import Engine, user_agent
from insightiq._observing import Observer, check_callback, log_as_environment_says
from insightiq._opened import Opened
from insightiq._options import CallOptions
from insightiq._secret import Secret
from insightiq._timeouts import Timeouts, shown, timeouts_from
from insightiq.errors import ConfigurationError
from insightiq.quota import Quota
from insightiq_generated.types import UNSET, Unset

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from insightiq._clock import Clock
    from insightiq._config import Settings
    from insightiq._events import EventHook
    from insightiq.quota import QuotaPolicy

__all__ = ["Parts", "options_from", "parts_from"]

_FORKED = (
    "This process was forked from the one that made the client. Each of them keeps to the API's "
    "limits by itself, so that together they may exceed them: share the quota with "
    "InsightIQ(quota=SharedQuota(path)), or give each a part of it."
)

SenderT = typing.TypeVar("SenderT")


@dataclasses.dataclass(frozen=True, slots=True)
class Parts:
    """What a client is made of, but for its connections.

    Attributes:
        settings: Where to call, and as whom.
        credentials: What follows ``Basic`` in the ``Authorization`` header.
        clock: Measures the time and waits.
        quota: Says when a request may be sent; None for no limit.
        on_event: Told of each event, or None.
        forking_matters: Whether processes that are forked from this one exceed the limit together.
    """

    settings: Settings
    credentials: Secret
    clock: Clock
    quota: QuotaPolicy | None
    on_event: EventHook | None
    forking_matters: bool

    def shared(self, connect: Callable[[], SenderT]) -> Shared[SenderT]:
        """Return the parts in working order, on the connections that ``connect`` will make."""
        home = os.getpid()

        def connect_here() -> SenderT:
            if self.forking_matters and os.getpid() != home:
                warnings.warn(_FORKED, RuntimeWarning, stacklevel=2)
            return connect()

        secrets = (self.settings.client_secret, self.credentials)
        observer = Observer(self.on_event, secrets)
        engine = Engine(
            self.settings.base_url,
            secrets=secrets,
            clock=self.clock,
            budget=RetryBudget(self.clock),
            observer=observer,
            quota=self.quota,
        )
        return Shared(engine, Opened(connect_here), self.quota, self.clock, observer)


def parts_from(  # noqa: PLR0913 - keyword-only, the client's own arguments
    *,
    client_id: str | None,
    client_secret: str | None,
    environment: str | None,
    base_url: str | None,
    allow_http: bool | None,
    quota: QuotaPolicy | Unset | None,
    clock: Clock | None,
    on_event: EventHook | None,
) -> Parts:
    """Return the parts that a client's arguments describe.

    Raises:
        ConfigurationError: Something is missing, contradictory or malformed.
    """
    settings = settings_from(
        client_id=client_id,
        client_secret=client_secret,
        environment=environment,
        base_url=base_url,
        allow_http=allow_http,
    )
    log_as_environment_says()
    _check_quota(quota)
    if on_event is not None:
        check_callback(on_event, "on_event", "takes an event")
    _check_clock(clock)
    pair = f"{settings.client_id}:{settings.client_secret.reveal()}"
    clock = clock or SystemClock()
    return Parts(
        settings=settings,
        credentials=Secret(base64.b64encode(pair.encode()).decode()),
        clock=clock,
        quota=Quota(clock=clock) if quota is UNSET else quota,
        on_event=on_event,
        forking_matters=quota is UNSET,
    )


def _check_quota(quota: object) -> None:
    if quota is UNSET or quota is None:
        return
    # Either client asks for one of the two ways to wait; both give the slot back.
    if isinstance(quota, type) or not hasattr(quota, "release"):
        msg = (
            f"quota={shown(quota)} keeps to no limit: pass Quota(requests_per_second=…), "
            "SharedQuota(path), or None for no limit."
        )
        raise ConfigurationError(msg)


def _check_clock(clock: object) -> None:
    if clock is not None and not callable(getattr(clock, "monotonic", None)):
        msg = f"clock must be a clock such as insightiq.testing.FakeClock, not {type(clock).__name__}."
        raise ConfigurationError(msg)


def options_from(  # noqa: PLR0913 - keyword-only, the client's own arguments
    *,
    timeout: float | Timeouts | None,
    deadline: float | None,
    max_attempts: int,
    strict: bool,
    max_response_bytes: int | None,
    headers: Mapping[str, str] | None,
    app_info: str | None,
    own_client: bool,
) -> CallOptions:
    """Return the options that a client's arguments describe.

    Raises:
        ConfigurationError: A value makes no sense.
    """
    # The user's own HTTP client has timeouts of its own, which only an explicit one replaces.
    timeouts = None if own_client else Timeouts()
    agent: dict[str, str] = {}
    if app_info is not None:
        _check_app_info(app_info)
        agent["user-agent"] = f"{user_agent()} {app_info}"
    options = CallOptions(
        timeouts=timeouts if timeout is None else timeouts_from(timeout),
        deadline=deadline,
        max_attempts=max_attempts,
        headers=agent,
        strict=strict,
        max_response_bytes=max_response_bytes,
    )
    return options if headers is None else options.changed(headers=headers)


def _check_app_info(text: object) -> None:
    if not isinstance(text, str) or not (text.isascii() and text.isprintable() and text.strip()):
        msg = "app_info must be printable ASCII text, such as my-app/1.2."
        raise ConfigurationError(msg)

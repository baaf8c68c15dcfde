"""What both clients have in common: one can be had that shares all but how it calls."""

from __future__ import annotations

import functools
import typing

from insightiq._drivers import NO_COPY
from insightiq_generated.types import UNSET, Unset

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from insightiq._drivers import AsyncioCaller, ThreadCaller
    from insightiq._raw import JSON, Query
    from insightiq._timeouts import Timeouts

__all__ = ["Adjustable"]

DriverT = typing.TypeVar("DriverT", bound="ThreadCaller | AsyncioCaller")


class Adjustable(typing.Generic[DriverT]):
    """A client; a subclass sets ``_driver``, which is its ``_caller``, too."""

    _driver: DriverT
    _base_url: str
    _owner: bool

    def with_options(  # noqa: PLR0913 - keyword-only, and each says one thing
        self,
        *,
        timeout: float | Timeouts | Unset = UNSET,
        deadline: float | Unset | None = UNSET,
        max_attempts: int | Unset = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
        max_response_bytes: int | Unset | None = UNSET,
        extra_query: Query | Unset = UNSET,
        extra_body: Mapping[str, JSON] | Unset = UNSET,
    ) -> typing.Self:
        """Return a client that calls differently: ``iq.with_options(deadline=5).users.get(id)``.

        It shares everything else with this one: connections, quota, retry budget, hook. It is made
        in microseconds, and lives as long as this one; closing it does nothing.

        Args:
            timeout: See ``InsightIQ``.
            deadline: See ``InsightIQ``.
            max_attempts: See ``InsightIQ``.
            headers: Headers to add to each request.
            max_response_bytes: See ``InsightIQ``.
            extra_query: Query parameters to add to each request, for what the document lacks;
                what is None is left out. Arguments of the call come first.
            extra_body: Keys to add to each JSON object that is sent; as above.

        Raises:
            ConfigurationError: A value makes no sense.
        """
        options = self._driver.options.changed(
            timeout=timeout,
            deadline=deadline,
            max_attempts=max_attempts,
            headers=headers,
            max_response_bytes=max_response_bytes,
            extra_query=extra_query,
            extra_body=extra_body,
        )
        driver = self._driver.with_options(options)
        sibling = object.__new__(type(self))
        for name, value in vars(self).items():
            # Resources are made anew, for the driver that they are to call through.
            if not isinstance(getattr(type(self), name, None), functools.cached_property):
                vars(sibling)[name] = value
        vars(sibling).update(_owner=False, _driver=driver, _caller=driver)
        return sibling

    def __copy__(self) -> typing.NoReturn:
        raise TypeError(NO_COPY)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._base_url!r})"

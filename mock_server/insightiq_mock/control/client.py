"""The client of the control API: generated operations, and what needs several requests."""

from __future__ import annotations

import dataclasses
import typing

from insightiq_mock.control.client_base import path_segment
from insightiq_mock.control.operations import ClockAdvanced, Job, Operations

if typing.TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MockControl"]


class MockControl(Operations):
    """The control API of a mock server: what tests and people do to it from outside.

    Methods about a world concern the world of ``developer``; `for_developer` returns the control of
    another one. All methods raise `ControlError` with a sentence that says what is wrong.
    """

    def for_developer(self, developer_id: str) -> MockControl:
        """Return the control of another developer's world, over the same connection."""
        other = object.__new__(MockControl)
        other._base_url, other._http = self._base_url, self._http
        other._developer = path_segment(developer_id)
        return other

    def advance(
        self,
        *,
        seconds: float = 0,
        minutes: float = 0,
        hours: float = 0,
        days: float = 0,
        months: int = 0,
        progress: Callable[[ClockAdvanced], None] | None = None,
    ) -> ClockAdvanced:
        """Advance the clock; all jobs that come due run, in order, before this returns.

        Without arguments, the jobs due now run and the clock stays. Ten thousand jobs and more take
        several requests; cancelling stops the clock where it is.

        Args:
            seconds: Seconds.
            minutes: Minutes.
            hours: Hours.
            days: Days.
            months: Calendar months.
            progress: Called with each part of a long way.
        """
        jobs: list[Job] = []
        part = self.advance_part(
            seconds=seconds, minutes=minutes, hours=hours, days=days, months=months
        )
        while not part.complete:
            jobs += part.jobs
            if progress is not None:
                progress(part)
            part = self.advance_part(seconds=part.remaining_seconds)
        return dataclasses.replace(part, jobs=(*jobs, *part.jobs))

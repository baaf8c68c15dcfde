"""Trying mistakes, some at a time, each until the first layer notices."""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import queue
import time
import typing

from .edits import EditError
from .workbench import NoResultError, Workbench, workbench

if typing.TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Sequence

    from .catalogue import Mistake

__all__ = ["Outcome", "try_all"]


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mistake.

    Attributes:
        mistake: The mistake.
        caught_by: The layer that noticed; None for one that survived.
        message: What the layer said.
        seconds: How long it took, with all layers before.
        problem: Why it could not be tried: it does not fit its file, or a layer came to no result;
            None if it could.
    """

    mistake: Mistake
    caught_by: str | None
    message: str
    seconds: float
    problem: str | None = None

    @property
    def is_as_expected(self) -> bool:
        """Whether it was caught, or is known not to be."""
        if self.problem is not None:
            return False
        known_to_survive = self.mistake.equivalent or self.mistake.survives
        return (self.caught_by is None) == bool(known_to_survive)


def try_all(
    project: pathlib.Path,
    mistakes: Sequence[Mistake],
    *,
    at_once: int,
    tell: Callable[[Outcome], None],
) -> list[Outcome]:
    """Try every mistake in copies of the project, which are gone afterwards, however it ends.

    Args:
        project: The project.
        mistakes: The mistakes.
        at_once: How many are tried at a time.
        tell: Is called with each outcome as it is known.

    Returns:
        The outcomes, in the order of the mistakes.
    """
    free: queue.SimpleQueue[Workbench] = queue.SimpleQueue()

    def attempt(mistake: Mistake) -> Outcome:
        bench = free.get()
        try:
            outcome = _try_one(bench, mistake)
        finally:
            free.put(bench)
        tell(outcome)
        return outcome

    with contextlib.ExitStack() as stack:
        benches = [stack.enter_context(workbench(project)) for _ in range(at_once)]
        pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(at_once))
        stack.callback(pool.shutdown, cancel_futures=True)
        for bench in benches:
            free.put(bench)
            # What runs is not waited for after an interruption.
            stack.callback(bench.stop)
        return list(pool.map(attempt, mistakes))


def _try_one(bench: Workbench, mistake: Mistake) -> Outcome:
    begin = time.monotonic()
    try:
        with bench.having(mistake):
            for layer in mistake.layers:
                verdict = bench.ask(layer, mistake)
                if verdict.caught:
                    seconds = time.monotonic() - begin
                    return Outcome(mistake, layer, verdict.message, seconds)
    except EditError as error:
        problem = f"it does not fit {mistake.file}: {error}"
        return Outcome(mistake, None, "", time.monotonic() - begin, problem)
    except NoResultError as error:
        return Outcome(mistake, None, "", time.monotonic() - begin, str(error))
    return Outcome(mistake, None, "", time.monotonic() - begin)

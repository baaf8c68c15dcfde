"""Running the parts, side by side where there are several."""

from __future__ import annotations

import concurrent.futures
import concurrent.futures.process
import multiprocessing
import multiprocessing.forkserver
import os
import signal
import sys
import tempfile
import typing
import unittest.mock

from contract_testing.hypothesis_start import fresh_storage
from contract_testing.parts import PartError, plan, run_part

if typing.TYPE_CHECKING:
    from multiprocessing.context import BaseContext

    from contract_testing.options import Options
    from contract_testing.parts import Part, PartResult

__all__ = ["run_all"]

_MOST: typing.Final = 4


def run_all(options: Options, results: list[PartResult]) -> None:
    """Run all parts of a run.

    Args:
        options: What the run is to do.
        results: Gets what came of each part as soon as it is done, so that whoever ends the run
            before its time keeps what there is.

    Raises:
        InternalServerError: The server cannot be asked.
        DocumentError: The document cannot be read.
        PartError: A part could not be run to its end.
    """
    parts = plan(options)
    workers = min(len(parts), _MOST, os.cpu_count() or 1)
    # One server, with the state that one part leaves, is asked by one part at a time.
    if workers == 1 or options.stop_at_first or options.target is not None:
        for part in parts:
            results.append(_run_alone(part, options))
            _tell(results[-1])
            if options.stop_at_first and results[-1].findings:
                break
    else:
        _side_by_side(parts, options, workers, results)
        # In the order of the plan, whichever came to its end first.
        results.sort(key=lambda each: parts.index(each.part))


def _side_by_side(
    parts: list[Part], options: Options, workers: int, results: list[PartResult]
) -> None:
    with (
        # Processes that are ended cannot clean up; this one does it for them.
        tempfile.TemporaryDirectory(prefix="contract-", ignore_cleanup_errors=True) as folder,
        concurrent.futures.ProcessPoolExecutor(
            workers,
            mp_context=_context(),
            initializer=_leave_ctrl_c_to_parent,
            # What an earlier part left in memory must not change what the next one sends.
            max_tasks_per_child=1,
        ) as pool,
    ):
        try:
            futures = [_submit(pool, part, options, folder) for part in parts]
            for future in concurrent.futures.as_completed(futures):
                results.append(future.result())
                _tell(results[-1])
        except concurrent.futures.process.BrokenProcessPool:
            msg = "a process of the run was ended from outside, perhaps for want of memory."
            raise PartError(msg) from None
        except BaseException:
            for process in (pool._processes or {}).values():  # noqa: SLF001 - there is no other way to end work that has begun
                process.terminate()
            raise


def _submit(
    pool: concurrent.futures.ProcessPoolExecutor, part: Part, options: Options, folder: str
) -> concurrent.futures.Future[PartResult]:
    try:
        return pool.submit(_run_alone, part, options, folder)
    except OSError as error:
        # Starting a process fails so, too, while the pool closes behind one that was ended.
        raise concurrent.futures.process.BrokenProcessPool from error


def _context() -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["contract_testing.warm_process"])
    # Python does not tell that process where this one finds its modules.
    with unittest.mock.patch.dict(os.environ, {"PYTHONPATH": os.pathsep.join(sys.path)}):
        multiprocessing.forkserver.ensure_running()
    return context


def _run_alone(part: Part, options: Options, folder: str | None = None) -> PartResult:
    with fresh_storage(folder):
        return run_part(part, options)


def _leave_ctrl_c_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _tell(result: PartResult) -> None:
    findings = len(result.findings)
    said = f"{findings} findings" if findings else "nothing found"
    print(
        f"contract: {result.part}: {len(result.cases)} cases, {result.requests} requests, "
        f"{result.seconds:.0f} s, {said}",
        flush=True,
    )

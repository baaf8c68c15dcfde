"""Running the parts, side by side where there are several."""

from __future__ import annotations

import concurrent.futures
import concurrent.futures.process
import contextlib
import multiprocessing
import os
import pathlib
import signal
import sys
import tempfile
import typing

from contract_testing.parts import PartError, plan, run_part

if typing.TYPE_CHECKING:
    from collections.abc import Generator
    from multiprocessing.context import BaseContext

    from contract_testing.options import Options
    from contract_testing.parts import Part, PartResult

__all__ = ["run_all"]

_MOST: typing.Final = 4
# What takes long to import; a process that imported it once is copied for each part.
_IMPORTED_ONCE: typing.Final = (
    "contract_testing.layers.client_sequences",
    "contract_testing.layers.properties",
    "contract_testing.layers.scenarios",
    "contract_testing.layers.scripted_answers",
    "contract_testing.parts",
    "insightiq.models",
    "insightiq_mock.testing.application",
)


def run_all(options: Options) -> list[PartResult]:
    """Run all parts of a run; return what came of them, in the order of the plan.

    Raises:
        ServerError: The server cannot be asked.
        DocumentError: The document cannot be read.
        PartError: A part could not be run to its end.
    """
    parts = plan(options)
    workers = min(len(parts), _MOST, os.cpu_count() or 1)
    # One server, with the state that one part leaves, is asked by one part at a time.
    if workers == 1 or options.stop_at_first or options.target is not None:
        results: list[PartResult] = []
        for part in parts:
            results.append(_run_alone(part, options))
            _tell(results[-1])
            if options.stop_at_first and results[-1].findings:
                break
        return results
    return _side_by_side(parts, options, workers)


def _side_by_side(parts: list[Part], options: Options, workers: int) -> list[PartResult]:
    with concurrent.futures.ProcessPoolExecutor(
        workers,
        mp_context=_context(),
        initializer=_leave_ctrl_c_to_parent,
        # What an earlier part left in memory must not change what the next one sends.
        max_tasks_per_child=1,
    ) as pool:
        futures = [pool.submit(_run_alone, part, options) for part in parts]
        try:
            for future in concurrent.futures.as_completed(futures):
                _tell(future.result())
        except concurrent.futures.process.BrokenProcessPool:
            msg = "a process of the run was ended from outside, perhaps for want of memory."
            raise PartError(msg) from None
        except BaseException:
            for process in (pool._processes or {}).values():  # noqa: SLF001 - there is no other way to end work that has begun
                process.terminate()
            raise
        return [future.result() for future in futures]


def _context() -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_IMPORTED_ONCE))
    return context


def _run_alone(part: Part, options: Options) -> PartResult:
    with _fresh_storage():
        return run_part(part, options)


@contextlib.contextmanager
def _fresh_storage() -> Generator[None]:
    """Give Hypothesis an empty place: what earlier runs left there changes what it draws."""
    name = "HYPOTHESIS_STORAGE_DIRECTORY"
    before = os.environ.get(name)
    with tempfile.TemporaryDirectory(prefix="contract-") as folder:
        _share_tables(pathlib.Path(before or ".hypothesis"), pathlib.Path(folder))
        os.environ[name] = folder
        if "hypothesis.configuration" in sys.modules:
            sys.modules["hypothesis.configuration"].set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            if before is None:
                del os.environ[name]
            else:
                os.environ[name] = before


def _share_tables(lasting: pathlib.Path, fresh: pathlib.Path) -> None:
    """Keep the tables of Unicode: always the same, and seconds of work in each process."""
    tables = lasting.absolute() / "unicode_data"
    # Where nothing can be kept, the tables are made again.
    with contextlib.suppress(OSError):
        tables.mkdir(parents=True, exist_ok=True)
        (fresh / tables.name).symlink_to(tables, target_is_directory=True)


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

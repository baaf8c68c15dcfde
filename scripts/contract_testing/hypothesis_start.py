"""What Hypothesis works out at its start, and what of it this project does not want."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import typing
import unittest.mock

if typing.TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["fresh_storage", "warm_up", "without_constants_of_this_project"]


@contextlib.contextmanager
def fresh_storage(within: str | None = None) -> Generator[None]:
    """Give Hypothesis an empty place: what earlier runs left there changes what it draws.

    Args:
        within: The folder to make it in; None for the machine's own.
    """
    name = "HYPOTHESIS_STORAGE_DIRECTORY"
    before = os.environ.get(name)
    with tempfile.TemporaryDirectory(prefix="contract-", dir=within) as folder:
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


def warm_up() -> None:
    """Work out which characters there are: seconds, once, and not again in copies of this process."""
    from hypothesis.internal import charmap  # noqa: PLC0415 - not every run draws

    with fresh_storage():
        charmap.categories()
        charmap.intervals_from_codec("utf-8")


@contextlib.contextmanager
def without_constants_of_this_project() -> Generator[None]:
    """Draw no texts and numbers that stand in this project's code.

    Hypothesis reads all modules for them, which takes seconds in each process; and an edit of any
    of them would change the requests of a run.
    """
    from hypothesis.internal.conjecture import providers  # noqa: PLC0415 - not every run draws
    from hypothesis.internal.constants_ast import Constants  # noqa: PLC0415 - as above

    none = Constants()
    with unittest.mock.patch.object(providers, "_get_local_constants", return_value=none):
        yield

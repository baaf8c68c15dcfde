"""Places that must not show a secret: log records, warnings, errors, output of processes."""

from __future__ import annotations

import functools
import logging
import re
import subprocess
import sys
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from insightiq.errors import InsightIQError

__all__ = ["SecretSinks"]

# How many errors of a test are kept until its end, and how many of the log records that no one
# asked for are made: those of a test are much alike.
_MOST_ERRORS = 50
_MOST_UNASKED_RECORDS = 1000
# The line by which the mock server gives its credentials away on purpose.
_READY = re.compile(r"^.* ready url=\S+ client_id=\S+ client_secret=\S+", re.MULTILINE)


class SecretSinks:
    """Collects all such text while a test run lasts."""

    def __init__(self) -> None:
        self._patch = pytest.MonkeyPatch()
        self._texts: list[tuple[str, str]] = []
        self._errors: list[BaseException] = []
        self._unasked_records = 0
        self._waits_for_mock_process = True

    def collect(self) -> None:
        """Begin."""
        self._collect_records()
        self._collect_warnings()
        self._collect_errors()
        self._collect_output()

    def stop(self) -> None:
        """Leave everything as it was."""
        self._patch.undo()

    def collect_from_new_modules(self) -> None:
        """Collect the errors of mock servers, once the module that starts them is imported."""
        module = sys.modules.get("demonstration.mock_process")
        if module is None or not self._waits_for_mock_process:
            return
        self._waits_for_mock_process = False
        stop = module.MockProcess._stop

        def collected_stop(process: Any) -> None:
            self.add("the log of a mock server", process.stderr_text())
            stop(process)

        self._patch.setattr(module.MockProcess, "_stop", collected_stop)

    def add(self, place: str, text: str) -> None:
        """Take a text."""
        if text:
            self._texts.append((place, text))

    def drain(self) -> Iterator[tuple[str, str]]:
        """Return the texts since the last time, each with the place where it stood."""
        for error in self._errors:
            self.add(f"a {type(error).__name__}", _everything_about(error))
        texts, self._texts, self._errors = self._texts, [], []
        self._unasked_records = 0
        places: dict[str, list[str]] = {}
        for place, text in texts:
            places.setdefault(place, []).append(text)
        for place, parts in places.items():
            yield place, "\n".join(parts)

    def _collect_records(self) -> None:
        """Have every logger make all its records, and hand on only those that were asked for."""
        is_enabled, handle = logging.Logger.isEnabledFor, logging.Logger.handle

        @functools.wraps(is_enabled)
        def enabled(logger: logging.Logger, level: int) -> bool:
            return self._unasked_records < _MOST_UNASKED_RECORDS or is_enabled(logger, level)

        @functools.wraps(handle)
        def collected(logger: logging.Logger, record: logging.LogRecord) -> None:
            self._collect_record(record)
            if is_enabled(logger, record.levelno):
                handle(logger, record)
            else:
                self._unasked_records += 1

        self._patch.setattr(logging.Logger, "isEnabledFor", enabled)
        self._patch.setattr(logging.Logger, "handle", collected)

    def _collect_record(self, record: logging.LogRecord) -> None:
        try:
            text = record.getMessage()
        except (TypeError, ValueError):
            # A record whose arguments do not fit is logging's to report.
            text = f"{record.msg} {record.args}"
        self.add(f"a log record of {record.name}", text)
        if record.exc_info and isinstance(record.exc_info[1], BaseException):
            self._keep(record.exc_info[1])

    def _keep(self, error: BaseException) -> None:
        if len(self._errors) < _MOST_ERRORS:
            self._errors.append(error)

    def _collect_warnings(self) -> None:
        make = warnings.WarningMessage.__init__

        @functools.wraps(make)
        def collected(it: Any, message: Any, *args: Any, **options: Any) -> None:
            self.add("a warning", str(message))
            make(it, message, *args, **options)

        self._patch.setattr(warnings.WarningMessage, "__init__", collected)

    def _collect_errors(self) -> None:
        make, leave = InsightIQError.__init__, pytest.RaisesExc.__exit__

        @functools.wraps(make)
        def collected_error(it: Any, *args: Any, **options: Any) -> None:
            make(it, *args, **options)
            self._keep(it)

        @functools.wraps(leave)
        def collected_raise(it: Any, kind: Any, error: Any, trace: Any) -> Any:
            if error is not None:
                self._keep(error)
            return leave(it, kind, error, trace)

        self._patch.setattr(InsightIQError, "__init__", collected_error)
        self._patch.setattr(pytest.RaisesExc, "__exit__", collected_raise)

    def _collect_output(self) -> None:
        communicate = subprocess.Popen.communicate

        @functools.wraps(communicate)
        def collected(process: Any, *args: Any, **options: Any) -> Any:
            written = communicate(process, *args, **options)
            for part in written:
                text = part.decode("utf-8", "replace") if isinstance(part, bytes) else part or ""
                self.add("the output of a process", _READY.sub("", text))
            return written

        self._patch.setattr(subprocess.Popen, "communicate", collected)


def _everything_about(error: BaseException) -> str:
    """Return what loggers and error reporters print of an error, attributes included."""
    return "\n".join(
        (str(error), repr(error), repr(vars(error)), *traceback.format_exception(error))
    )

"""Run a command: prepare its streams, and end every failure with one sentence and an exit code.

The client's command, the mock server's and the scripts of the repository all start here. The mock
server must not import the client, nor the client the server, so each package has a copy of this
module; a test holds the two copies equal. It imports the standard library alone.
"""

from __future__ import annotations

import contextlib
import errno
import importlib.util
import os
import pathlib
import re
import signal
import sys
import typing

if typing.TYPE_CHECKING:
    import traceback
    from collections.abc import Callable, Generator
    from types import FrameType

__all__ = ["INTERNAL_ERROR", "INTERRUPTED", "discard_output", "run_command", "run_script"]

INTERRUPTED: typing.Final = 130
"""Exit code after Ctrl-C."""

INTERNAL_ERROR: typing.Final = 70
"""Exit code of a mistake in the program itself (``EX_SOFTWARE``); no verdict uses it."""

_UNWRITABLE: typing.Final = 74
"""Exit code where standard output or standard error cannot be written (``EX_IOERR``)."""

_BROKEN_PIPE: typing.Final = 128 + 13
"""Exit code where no one reads the output any more, as for programs that SIGPIPE ends."""

_FAILED: typing.Final = 1

_ERRORS_OF_OUTPUT: typing.Final = frozenset(
    {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
)

_HIDDEN: typing.Final = "[hidden]"
_SECRET_NAME: typing.Final = re.compile(
    r"secret|token|passw|credential|signature|authorization|key", re.IGNORECASE
)
# Whatever may be a credential or an id: of some length, with a digit in it.
_SECRET_TEXT: typing.Final = re.compile(r"(?=[\w+/=~.-]*\d)[\w+/=~.-]{12,}")
_SCHEME: typing.Final = re.compile(r"\b(Basic|Bearer)\s+\S+", re.IGNORECASE)
# A shorter value would be found, and hidden, in places that have nothing to do with it.
_SHORTEST: typing.Final = 6


def run_script(program: str, file: str) -> typing.NoReturn:
    """Run ``main()`` of a script and end the process.

    The script's first lines call it, before the other imports, so that a failure or Ctrl-C while
    these are under way is covered as well. The script is loaded once more, as a module of its own
    name.

    Args:
        program: Name of the command in messages.
        file: The script's ``__file__``.
    """

    def load_and_run() -> int:
        path = pathlib.Path(file)
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[path.stem] = module
        spec.loader.exec_module(module)
        code: int = module.main()
        return code

    sys.exit(run_command(program, load_and_run))


def run_command(program: str, main: Callable[[], int]) -> int:
    """Run ``main`` and return the exit code of the process.

    An exception that ``main`` lets through is a mistake of the program: one sentence names a file
    with the traceback, and the exit code is 70. Ctrl-C gives 130, whatever exception it became.

    Args:
        program: Name of the command in messages.
        main: Returns the exit code; everything slow is to be imported by it.
    """
    _prepare_streams()
    with _interruptions() as interruptions:
        try:
            code = _call(main)
        except BaseException as error:  # noqa: BLE001 - every failure ends in a sentence
            # Not only KeyboardInterrupt: while Python loads a module, it makes other errors of it.
            if interruptions or isinstance(error, KeyboardInterrupt):
                return INTERRUPTED
            unwritable = _unwritable(error, program)
            code = _report(error, program) if unwritable is None else unwritable
        return code


def discard_output() -> None:
    """Send what is left of standard output nowhere, so that closing at exit does not fail again."""
    _discard(sys.stdout)


def _discard(stream: typing.TextIO) -> None:
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _call(main: Callable[[], int]) -> int:
    try:
        code = main()
    except SystemExit as end:
        code = _code_of(end)
    # Where standard output is a file or a pipe, this is when most of it is written.
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _code_of(end: SystemExit) -> int:
    if end.code is None:
        return 0
    if isinstance(end.code, int):
        return end.code
    sys.stderr.write(f"{end.code}\n")
    return _FAILED


@contextlib.contextmanager
def _interruptions() -> Generator[list[int]]:
    """Raise KeyboardInterrupt at Ctrl-C, and note it."""
    noted: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        noted.append(number)
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    # What a script runs in the background is started with Ctrl-C ignored, and goes on ignoring it.
    if before is signal.SIG_IGN:
        yield noted
        return
    signal.signal(signal.SIGINT, interrupt)
    yield noted
    signal.signal(signal.SIGINT, before or signal.SIG_DFL)


def _prepare_streams() -> None:
    """Make the three streams usable, whatever the process was started with.

    What goes into a file or a pipe is UTF-8 on every machine; a terminal gets what it can show.
    What cannot be encoded is written as an escape.
    """
    # In this order: a file that is opened takes the lowest free number, and a closed stream of a
    # child process would otherwise be whatever is opened next.
    sys.stdin = sys.stdin or _null("r")
    sys.stdout = sys.stdout or _null("w")
    sys.stderr = sys.stderr or _null("w")
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            encoding = None if stream is sys.stderr or stream.isatty() else "utf-8"
            errors = "strict" if stream is sys.stdin else "backslashreplace"
            reconfigure(encoding=encoding, errors=errors)


def _null(mode: str) -> typing.TextIO:
    return typing.cast("typing.TextIO", pathlib.Path(os.devnull).open(mode, encoding="utf-8"))


def _unwritable(error: BaseException, program: str) -> int | None:
    """Return the exit code if ``error`` says that standard output cannot be written, else None."""
    if not isinstance(error, OSError) or error.errno not in _ERRORS_OF_OUTPUT:
        return None
    try:
        sys.stdout.flush()
        # What is longer than the buffer was never in it: only another write shows.
        os.write(sys.stdout.fileno(), b"\n")
    except ValueError:
        # Closed, or no file at all.
        return None
    except OSError as again:
        discard_output()
        if again.errno == errno.EPIPE:
            return _BROKEN_PIPE
        _print_error(program, f"standard output cannot be written: {again.strerror}.")
        return _UNWRITABLE
    return None


def _report(error: BaseException, program: str) -> int:
    """Write the traceback into a file and say so in a sentence."""
    import tempfile
    import traceback

    reported = traceback.TracebackException.from_exception(error)
    kind = type(error).__name__
    place = ""
    if reported.stack:
        last = reported.stack[-1]
        place = f" at {pathlib.Path(last.filename).name}:{last.lineno}"
    begin = f"unexpected {kind}{place}, which is a bug of this program"
    text = f"{program}, Python {sys.version}, {sys.platform}\n\n{''.join(_pieces(reported))}"
    try:
        # Only its owner can read the file: a message may quote what a server sent.
        descriptor, path = tempfile.mkstemp(prefix=f"{program}-", suffix=".txt")
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123 - a descriptor
            file.write(text)
    except OSError as problem:
        _print_error(program, f"{begin}; the details cannot be written: {problem.strerror}.")
        return INTERNAL_ERROR
    if not _print_error(program, f"{begin}; please report it with the details in {path}."):
        pathlib.Path(path).unlink()
        if isinstance(error, OSError):
            # Probably it was standard error that could not be written.
            return _UNWRITABLE
    return INTERNAL_ERROR


def _print_error(program: str, sentence: str) -> bool:
    """Write to standard error; return whether that can be done."""
    try:
        sys.stderr.write(f"{program}: {sentence}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        _discard(sys.stderr)
        return False
    return True


def _pieces(reported: traceback.TracebackException) -> Generator[str]:
    """Yield the text of a traceback: places as they are, messages without secrets."""
    cause = reported.__cause__ or (None if reported.__suppress_context__ else reported.__context__)
    if cause is not None:
        yield from _pieces(cause)
        yield "\nwhich led to\n\n"
    for frame in reported.stack:
        yield f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}\n'
        # Code that is in no file was typed, or put together, and may hold anything.
        if frame.line and not frame.filename.startswith("<"):
            yield f"    {frame.line}\n"
    yield _redacted("".join(reported.format_exception_only()))
    for inner in reported.exceptions or ():
        yield from _pieces(inner)


def _redacted(text: str) -> str:
    for secret in _known_secrets():
        text = text.replace(secret, _HIDDEN)
    text = _SCHEME.sub(rf"\1 {_HIDDEN}", text)
    return _SECRET_TEXT.sub(_HIDDEN, text)


def _known_secrets() -> list[str]:
    """Return what the environment and the command line give under a name of a secret."""
    found = [value for name, value in os.environ.items() if _SECRET_NAME.search(name)]
    is_next = False
    for word in sys.argv[1:]:
        option, _, value = word.partition("=")
        names_one = option.startswith("-") and _SECRET_NAME.search(option) is not None
        if is_next or names_one:
            found.append(value if names_one else word)
        is_next = names_one and not value
    long_enough = {each for each in found if len(each) >= _SHORTEST}
    # A secret may hold a shorter one.
    return sorted(long_enough, key=len, reverse=True)

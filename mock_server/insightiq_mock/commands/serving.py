"""The verb that serves."""

from __future__ import annotations

import argparse
import gc
import os
import pathlib
import signal
import sys
import typing

from insightiq_mock.commands.arguments import credential, host_name, port, start, workers

if typing.TYPE_CHECKING:
    from types import FrameType

    from insightiq_mock.commands.arguments import Subparsers

__all__ = ["add_options", "serve"]

_SERVE: typing.Final = """\
Serve the API until Ctrl-C.

When it is ready, one line on standard output says where, and with which credentials:

  insightiq-mock ready url=http://127.0.0.1:4010 client_id=… client_secret=…
"""
_CREDENTIALS: typing.Final = """\
Without --client-id and --client-secret the credentials are derived from the seed: they are always
the same, and open nothing but this mock server. INSIGHTIQ_CLIENT_ID and INSIGHTIQ_CLIENT_SECRET are
not read: they may hold real credentials, and the ready line would print them.
"""

# Most of what a start makes stays: to look through it for garbage as often as Python does by itself,
# after each 700 objects more, is a sixth of the start.
_OBJECTS_PER_COLLECTION: typing.Final = 50_000

# Others can reach the server, and try.
_SHORTEST_TOKEN: typing.Final = 8


def add_options(verbs: Subparsers) -> None:
    """Add the verb and its options."""
    serve = verbs.add_parser(
        "serve",
        help="serve the API on this machine",
        description=_SERVE,
        epilog=_CREDENTIALS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    serve.set_defaults(run=None)
    serve.add_argument(
        "--host",
        default="127.0.0.1",
        help="where to listen; beyond loopback only with --control-token (default: %(default)s)",
    )
    serve.add_argument(
        "--port", type=port, default=4010, help="0 for a free one (default: %(default)s)"
    )
    serve.add_argument(
        "--seed", type=int, default=1, help="the same seed makes the same world (default: 1)"
    )
    for name, metavar in (("--client-id", "ID"), ("--client-secret", "SECRET")):
        help_text = "default: derived from the seed"
        serve.add_argument(name, type=credential, metavar=metavar, help=help_text)
    serve.add_argument(
        "--spec",
        type=pathlib.Path,
        metavar="FILE",
        help="another OpenAPI 3.0 document to serve, YAML or JSON",
    )
    serve.add_argument(
        "--reload",
        action="store_true",
        help="pick the document up again whenever its file changes",
    )
    serve.add_argument(
        "--database",
        type=pathlib.Path,
        metavar="FILE",
        help="keep everything in this file, made if missing (default: in memory)",
    )
    serve.add_argument(
        "--world",
        choices=("small", "medium", "large"),
        default="small",
        help="the size of the world (default: %(default)s)",
    )
    serve.add_argument(
        "--clock",
        type=start,
        default="now",
        metavar="START",
        help="when the world begins: now, fixed (1 November 2026: the same bytes at every start) or a"
        " moment like 2026-06-01 (default: %(default)s)",
    )
    serve.add_argument(
        "--no-limits",
        dest="limits",
        action="store_false",
        help="do not limit requests (default: ten in a second, ten at once, per developer)",
    )
    serve.add_argument(
        "--workers",
        type=workers,
        default=1,
        metavar="N",
        help="processes that answer; one is fastest for nearly everything (default: 1)",
    )
    serve.add_argument(
        "--cors-origin",
        dest="cors_origins",
        action="append",
        metavar="ORIGIN",
        help="pages of this origin may read answers: an origin, loopback, * or none; may be given"
        " several times (default: loopback)",
    )
    serve.add_argument(
        "--allow-host",
        dest="allow_hosts",
        action="append",
        default=[],
        type=host_name,
        metavar="HOST",
        help="a host beside localhost that callers may name, for example that of a container, or *"
        " for every one; may be given several times",
    )
    serve.add_argument(
        "--behind-proxy",
        action="store_true",
        help="others reach the server, though it listens on loopback; only with --control-token",
    )
    serve.add_argument(
        "--webhook-host",
        dest="webhook_hosts",
        action="append",
        default=[],
        metavar="HOST",
        help="a host beside this machine that notifications may be sent to; * and ? stand for"
        " others; may be given several times",
    )
    serve.add_argument(
        "--webhook-public",
        action="store_true",
        help="let notifications be sent to every public address (default: to this machine only)",
    )
    serve.add_argument(
        "--control-token",
        metavar="TOKEN",
        default=os.environ.get("INSIGHTIQ_MOCK_CONTROL_TOKEN") or None,
        type=_token,
        help="what callers of the control API have to send (default: the variable"
        " INSIGHTIQ_MOCK_CONTROL_TOKEN, else nothing)",
    )


def serve(options: argparse.Namespace) -> int:
    """Serve until told to stop, and return the exit code."""
    signals: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        # Once it runs, uvicorn takes the signals itself, stops in good order, and raises them once
        # more for whoever stood there before.
        signals.append(number)
        raise SystemExit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    gc.set_threshold(_OBJECTS_PER_COLLECTION)
    try:
        from insightiq_mock.commands import starting  # noqa: PLC0415 - slow, and no help needs it

        return starting.start(options)
    except ModuleNotFoundError as error:
        if signals:
            return 0
        package = (error.name or "").partition(".")[0]
        if package == "insightiq_mock":
            raise
        sys.stderr.write(
            f"insightiq-mock: error: serve needs {package}, which is not installed; the extra mock "
            "brings it: pip install 'insightiq-toolkit[mock]'.\n"
        )
        return 1
    except Exception:
        # While Python loads a module, it makes other errors of SystemExit.
        if not signals:
            raise
        return 0


def _token(text: str) -> str:
    if text.isascii() and text.isprintable() and len(text) >= _SHORTEST_TOKEN and " " not in text:
        return text
    msg = f"it must be printable ASCII without blanks, {_SHORTEST_TOKEN} characters or more"
    raise argparse.ArgumentTypeError(msg)

"""The command ``insightiq-mock``.

Exit codes: 0 after a clean stop, 1 when the server cannot do its work, 2 for a wrong command line.
"""

from __future__ import annotations

import argparse
import pathlib
import signal
import sys
from typing import TYPE_CHECKING

from insightiq_mock.credentials import Credentials, credentials_from_seed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

__all__ = ["main"]

_DESCRIPTION = "An unofficial mock server of the InsightIQ API, made from its OpenAPI document."
_SERVE = """\
Serve the API on this machine until Ctrl-C.

When it is ready, one line on standard output says where, and with which credentials:

  insightiq-mock ready url=http://127.0.0.1:4010 client_id=… client_secret=…
"""
_CREDENTIALS = """\
Without --client-id and --client-secret the credentials are derived from the seed: they are always
the same, and open nothing but this mock server. INSIGHTIQ_CLIENT_ID and INSIGHTIQ_CLIENT_SECRET are
not read: they may hold real credentials, and the ready line would print them.
"""
_HIGHEST_PORT = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = _parser().parse_args(arguments)
    return _serve(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="insightiq-mock", description=_DESCRIPTION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser(
        "serve",
        help="serve the API on this machine",
        description=_SERVE,
        epilog=_CREDENTIALS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    serve.add_argument("--host", default="127.0.0.1", help="a loopback host (default: %(default)s)")
    serve.add_argument(
        "--port", type=_port, default=4010, help="0 for a free one (default: %(default)s)"
    )
    serve.add_argument(
        "--seed", type=int, default=1, help="the same seed makes the same world (default: 1)"
    )
    for name, metavar in (("--client-id", "ID"), ("--client-secret", "SECRET")):
        help_text = "default: derived from the seed"
        serve.add_argument(name, type=_credential, metavar=metavar, help=help_text)
    serve.add_argument(
        "--spec",
        type=pathlib.Path,
        metavar="FILE",
        help="another OpenAPI 3.0 document to serve, YAML or JSON",
    )
    return parser


def _port(text: str) -> int:
    if text.isdecimal() and int(text) <= _HIGHEST_PORT:
        return int(text)
    msg = f"{text!r} is not a port; give a number from 0 to {_HIGHEST_PORT}"
    raise argparse.ArgumentTypeError(msg)


def _credential(text: str) -> str:
    # HTTP Basic separates the two with a colon, the ready line with a blank.
    if text.isascii() and text.isprintable() and text and not set(text) & {":", " "}:
        return text
    msg = "it must be printable ASCII without ':' and blanks"
    raise argparse.ArgumentTypeError(msg)


def _serve(options: argparse.Namespace) -> int:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    # Imported late: a help text should not wait for a web server.
    from insightiq_mock.listening import ListenError  # noqa: PLC0415
    from insightiq_mock.server import ServerSettings, serve  # noqa: PLC0415
    from insightiq_mock.web import DocumentError  # noqa: PLC0415

    derived = credentials_from_seed(options.seed)
    credentials = Credentials(
        options.client_id or derived.client_id, options.client_secret or derived.client_secret
    )
    settings = ServerSettings(options.host, options.port, options.seed, credentials, options.spec)
    try:
        serve(settings)
    except (DocumentError, ListenError) as error:
        sys.stderr.write(f"insightiq-mock: error: {error}\n")
        return 1
    return 0


def _end(_number: int, _frame: FrameType | None) -> None:
    """End the process as a success.

    Once it runs, uvicorn takes the signals itself, stops in good order, and raises them once more
    for whoever stood there before.
    """
    raise SystemExit(0)

"""The command line: all commands with their options, and an argparse parser with suggestions.

The functions of the commands are imported when they run.
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import pathlib
import re
import typing

from insightiq_mock.spelling import closest

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    _Make = Callable[..., "Parser"]

__all__ = ["Parser", "make_parser"]

_DESCRIPTION: typing.Final = (
    "An unofficial mock server of the InsightIQ API, made from its OpenAPI document."
)
_EPILOG: typing.Final = """\
All but serve talk to a running server through its control API. INSIGHTIQ_MOCK_URL, or without it
INSIGHTIQ_BASE_URL, stands in for --url, and INSIGHTIQ_MOCK_CONTROL_TOKEN for --control-token.
"""
_PRODUCTS: typing.Final = "IDENTITY,ENGAGEMENT"
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

_HIGHEST_PORT: typing.Final = 65535
_MOST_WORKERS: typing.Final = 32
_HOST: typing.Final = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?", re.ASCII | re.IGNORECASE)
_STARTS: typing.Final = ("now", "fixed")

# Others can reach the server, and try.
_SHORTEST_TOKEN: typing.Final = 8


class Parser(argparse.ArgumentParser):
    """A parser without abbreviations, whose errors come with suggestions."""

    def __init__(self, **options: typing.Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def parse_known_args(  # type: ignore[override] # the base class has overloads for other namespaces
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse, and report unknown options here rather than in the outermost parser."""
        known, unknown = super().parse_known_args(args, namespace or argparse.Namespace())
        if unknown:
            options = [text for action in self._actions for text in action.option_strings]
            self.error(f"unrecognized argument {unknown[0]!r}{_suggestion(unknown[0], options)}")
        return known, unknown

    def error(self, message: str) -> typing.NoReturn:
        """End the command with a sentence."""
        self.exit(2, f"{self.prog}: error: {message}\nTry '{self.prog} --help'.\n")

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is None or value in action.choices:
            return
        known = [str(choice) for choice in action.choices]
        hint = _suggestion(str(value), known) or f"; choose from {', '.join(known)}"
        raise argparse.ArgumentError(action, f"there is no {str(value)!r}{hint}")


def make_parser() -> Parser:
    """Make the parser of the whole command."""
    parser = Parser(
        prog="insightiq-mock",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    _serve_command(commands.add_parser)
    common = _common_options()

    def make(name: str, help_text: str, description: str = "") -> Parser:
        """Add a command that talks to a server; `commands` has a function of its name."""
        command = commands.add_parser(
            name,
            help=help_text,
            description=description or f"{help_text[0].upper()}{help_text[1:]}.",
            parents=[common],
        )
        command.set_defaults(run=name)
        return command

    _world_commands(make)
    _account_commands(make)
    _notification_commands(make)
    _server_commands(make)
    return parser


def _serve_command(add_parser: _Make) -> None:
    serve = add_parser(
        "serve",
        help="serve the API on this machine",
        description=_SERVE,
        epilog=_CREDENTIALS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    serve.set_defaults(run="serve")
    serve.add_argument(
        "--host",
        default="127.0.0.1",
        help="where to listen; beyond loopback only with --control-token (default: %(default)s)",
    )
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
        type=_start,
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
        type=_workers,
        default=1,
        metavar="N",
        help="worker processes; one is fastest for nearly everything (default: 1)",
    )
    serve.add_argument(
        "--cors-origin",
        dest="cors_origins",
        action="append",
        metavar="ORIGIN",
        help="pages of this origin may read responses: an origin, loopback, * or none; may be given"
        " several times (default: loopback)",
    )
    serve.add_argument(
        "--allow-host",
        dest="allow_hosts",
        action="append",
        default=[],
        type=_host_name,
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
        help="bearer token that the control API requires (default: the variable"
        " INSIGHTIQ_MOCK_CONTROL_TOKEN, else nothing)",
    )


def _common_options(environment: Mapping[str, str] = os.environ) -> Parser:
    common = Parser(add_help=False)
    server = common.add_argument_group("which server")
    server.add_argument(
        "--url",
        help="its address (default: the variable INSIGHTIQ_MOCK_URL, else INSIGHTIQ_BASE_URL,"
        " else http://127.0.0.1:4010)",
    )
    server.add_argument(
        "--control-token",
        metavar="TOKEN",
        default=environment.get("INSIGHTIQ_MOCK_CONTROL_TOKEN") or None,
        help="needed for one that others can reach",
    )
    server.add_argument(
        "--developer",
        metavar="ID",
        help="client id of the developer whose world it is about (default: the default developer)",
    )
    server.add_argument("--json", action="store_true", help="print JSON, for scripts")
    return common


def _world_commands(make: _Make) -> None:
    make(
        "reset",
        "reset the world to the seeded one",
        "Reset the world to the seeded one. Everything made since is deleted, webhooks too; secrets,"
        " settings and snapshots stay.",
    )
    command = make("snapshot", "take a snapshot of the world, or list the snapshots")
    command.add_argument(
        "name", nargs="?", help="name of the snapshot; without it, list the snapshots"
    )
    command = make("restore", "restore a snapshot of the world")
    command.add_argument("name", help="name of the snapshot")
    command = make("clock", "print or set the clock")
    command.add_argument(
        "mode", nargs="?", choices=("real", "frozen", "running"), help="mode to set"
    )
    command.add_argument("--at", type=_moment, metavar="MOMENT", help="time to set it to")
    command.add_argument("--factor", type=float, help="its seconds per real second")
    command = make("advance", "advance the clock and run what comes due")
    command.add_argument(
        "duration", nargs="+", help="how far: 90s, 5m, 36h, 90d, 2w, 3mo, 1y, '3 months', 1h30m"
    )
    command = make("settings", "print or change the settings")
    command.add_argument(
        "changes", nargs="*", metavar="NAME=VALUE", help="for example limits_enabled=false"
    )


def _account_commands(make: _Make) -> None:
    command = make("connect", "connect an account, as a creator would")
    command.add_argument("platform", help="name or id of the work platform, for example TikTok")
    command.add_argument(
        "--sdk-token", metavar="TOKEN", help="SDK token, which says the user and the products"
    )
    command.add_argument("--user", metavar="ID", help="id of the user (default: a new user)")
    command.add_argument(
        "--products", metavar="A,B", help=f"for example {_PRODUCTS} (default: all of the platform)"
    )
    command.add_argument("--handle", help="the creator's name on the platform (default: generated)")
    command.add_argument("--id", action="store_true", help="print only the id of the account")
    for name, help_text in (
        ("disconnect", "disconnect an account, as its creator would"),
        ("expire", "expire the session of an account"),
        ("grow", "grow followers, views and likes by a day"),
    ):
        command = make(name, help_text)
        command.add_argument("account", help="id of the account")
    command = make("publish", "publish contents of an account")
    command.add_argument("account", help="id of the account")
    command.add_argument("--count", type=int, default=1, help="how many (default: 1)")
    command = make("sync", "sync a product of an account now")
    command.add_argument("account", help="id of the account")
    command.add_argument("product", help="for example ENGAGEMENT")


def _notification_commands(make: _Make) -> None:
    command = make("trigger", "send a notification to the webhooks")
    command.add_argument("event", help="for example CONTENTS.ADDED")
    command.add_argument("--account", metavar="ID", help="its account")
    command.add_argument("--data", metavar="JSON", help="its data (default: taken from the world)")
    command = make("deliveries", "list the deliveries to webhooks")
    command.add_argument("--webhook", metavar="ID", help="only to this webhook")
    command.add_argument("--event", help="only of this event")
    command.add_argument("--verdict", help="only with this verdict, for example timed_out")
    command.add_argument("--limit", type=int, default=20, help="how many (default: 20)")
    command = make("resend", "send a notification again")
    command.add_argument("delivery", help="id of the delivery")
    command = make("inbox", "list the messages of a built-in receiver")
    command.add_argument("name", help="its name: the last part of /_mock/inbox/<name>")
    command.add_argument("--clear", action="store_true", help="delete the messages")
    command.add_argument("--limit", type=int, default=20, help="how many (default: 20)")


def _server_commands(make: _Make) -> None:
    make("health", "print the status of the server")
    command = make("developers", "list, create and change developers")
    command.add_argument(
        "act",
        nargs="?",
        default="list",
        choices=("list", "create", "delete", "rotate-secret", "retire-secret"),
        help="what to do (default: list)",
    )
    command.add_argument("--seed", help="create: seed of the world")
    command.add_argument("--world", choices=("small", "medium", "large"), help="create: its size")
    command.add_argument(
        "--clock",
        type=_start,
        metavar="START",
        help="create: start of the world: now, fixed, or a moment like 2026-06-01 (default: that of"
        " the server)",
    )
    command.add_argument("--client-id", metavar="ID", help="create: the client id")
    command.add_argument(
        "--client-secret", metavar="SECRET", help="create, rotate-secret: the secret"
    )
    command = make("log", "list the requests to the API")
    command.add_argument("--follow", "-f", action="store_true", help="follow the log until Ctrl-C")
    command.add_argument("--bodies", action="store_true", help="print request and response bodies")
    command.add_argument(
        "--operation", metavar="ID", help="only of this one, for example users.list"
    )
    command.add_argument("--method", type=str.upper, help="only of this one")
    command.add_argument("--status", type=_status, help="only with this one; 4xx for 400 to 499")
    command.add_argument("--path", help="only paths that begin like this")
    command.add_argument("--limit", type=int, default=20, help="how many (default: 20)")
    command = make("fault", "list, add and remove fault rules")
    command.add_argument("act", nargs="?", default="list", choices=("list", "add", "clear"))
    command.add_argument("id", nargs="?", help="clear: which rule (default: all)")
    command.add_argument("--operation", metavar="ID", help="add: operation id (default: all)")
    command.add_argument(
        "--code", type=int, metavar="STATUS", help="add: HTTP status of the response"
    )
    command.add_argument(
        "--delay", type=float, metavar="SECONDS", help="add: delay of the response"
    )
    command.add_argument(
        "--example", metavar="NAME", help="add: respond with this example of the document"
    )
    command.add_argument(
        "--kind",
        choices=("reset", "truncate", "malformed", "html", "slow-body"),
        help="add: break the response",
    )
    command.add_argument("--seconds", type=float, help="add: length of a slow body")
    command.add_argument(
        "--times", type=int, help="add: number of requests (default: until cleared)"
    )
    command.add_argument("--share", type=float, help="add: share of the requests, 0.2 for a fifth")
    command.add_argument("--seed", help="add: seed of the choice of those requests")


def _status(text: str) -> int:
    digits = text.lower().removesuffix("xx")
    if digits.isascii() and digits.isdecimal():
        return int(digits)
    msg = f"{text!r} is no status; give one like 404, or 4xx"
    raise argparse.ArgumentTypeError(msg)


def _suggestion(wrong: str, known: Iterable[str]) -> str:
    close = closest(wrong.partition("=")[0], known)
    return "" if close is None else f"; did you mean {close}?"


def _port(text: str) -> int:
    """Read a port."""
    if text.isascii() and text.isdecimal() and int(text) <= _HIGHEST_PORT:
        return int(text)
    msg = f"{text!r} is not a port; give a number from 0 to {_HIGHEST_PORT}"
    raise argparse.ArgumentTypeError(msg)


def _workers(text: str) -> int:
    """Read a number of processes."""
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= _MOST_WORKERS:
        return int(text)
    msg = f"{text!r} is no number of processes; give one from 1 to {_MOST_WORKERS}"
    raise argparse.ArgumentTypeError(msg)


def _credential(text: str) -> str:
    """Read a client id or secret: HTTP Basic separates them with a colon, the ready line with a blank."""
    if text.isascii() and text.isprintable() and text and not set(text) & {":", " "}:
        return text
    msg = "it must be printable ASCII without ':' and blanks"
    raise argparse.ArgumentTypeError(msg)


def _host_name(text: str) -> str:
    """Read a host that callers name, without scheme and port; ``*`` is every one."""
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        pass
    if text == "*" or _HOST.fullmatch(text):
        return text.lower().rstrip(".")
    msg = f"{text!r} is not a host; write it without scheme and port, like mock or mock.internal"
    raise argparse.ArgumentTypeError(msg)


def _moment(text: str) -> str:
    """Read a moment, or a day; one without a zone is meant in UTC."""
    import datetime as dt

    try:
        value = dt.datetime.fromisoformat(text)
    except ValueError:
        msg = f"{text!r} is no moment; write it like 2026-06-01 or 2026-06-01T12:30:00"
        raise argparse.ArgumentTypeError(msg) from None
    return (value if value.tzinfo else value.replace(tzinfo=dt.UTC)).isoformat()


def _start(text: str) -> str:
    """Read when a world begins."""
    return text if text in _STARTS else _moment(text)


def _token(text: str) -> str:
    if text.isascii() and text.isprintable() and len(text) >= _SHORTEST_TOKEN and " " not in text:
        return text
    msg = f"it must be printable ASCII without blanks, {_SHORTEST_TOKEN} characters or more"
    raise argparse.ArgumentTypeError(msg)

"""All verbs with their options: what the help texts show. What they do is imported when they run."""

from __future__ import annotations

import argparse
import os
import typing

from insightiq_mock.commands import serving
from insightiq_mock.commands.arguments import Parser, Subparsers, moment, start

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["make_parser"]

_DESCRIPTION: typing.Final = (
    "An unofficial mock server of the InsightIQ API, made from its OpenAPI document."
)
_EPILOG: typing.Final = """\
All but serve talk to a running server through its control API. INSIGHTIQ_MOCK_URL, or without it
INSIGHTIQ_BASE_URL, stands in for --url, and INSIGHTIQ_MOCK_CONTROL_TOKEN for --control-token.
"""
_PRODUCTS: typing.Final = "IDENTITY,ENGAGEMENT"


def make_parser() -> Parser:
    """Make the parser of the whole command."""
    parser = Parser(
        prog="insightiq-mock",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    serving.add_options(verbs)
    make = _Maker(verbs, _common_options())
    _world_verbs(make)
    _account_verbs(make)
    _notification_verbs(make)
    _server_verbs(make)
    return parser


class _Maker:
    """Adds verbs that talk to a server."""

    def __init__(self, verbs: Subparsers, common: Parser) -> None:
        self._verbs = verbs
        self._common = common

    def __call__(self, name: str, run: str, help_text: str, description: str = "") -> Parser:
        """Add a verb; ``run`` says where its function stands, as ``module.function``."""
        verb = self._verbs.add_parser(
            name,
            help=help_text,
            description=description or f"{help_text[0].upper()}{help_text[1:]}.",
            parents=[self._common],
        )
        verb.set_defaults(run=run)
        return verb


def _common_options(environment: Mapping[str, str] = os.environ) -> Parser:
    common = Parser(add_help=False)
    server = common.add_argument_group("which server")
    server.add_argument(
        "--url",
        help="where it answers (default: the variable INSIGHTIQ_MOCK_URL, else INSIGHTIQ_BASE_URL,"
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
    server.add_argument("--json", action="store_true", help="answer with JSON, for scripts")
    return common


def _world_verbs(make: _Maker) -> None:
    make(
        "reset",
        "world.reset",
        "bring the seeded world back",
        "Bring the seeded world back. What was made since is gone, webhooks too; secrets, settings"
        " and snapshots stay.",
    )
    verb = make("snapshot", "world.snapshot", "keep a copy of the world, or list the copies")
    verb.add_argument("name", nargs="?", help="what to call the copy; without it, list the copies")
    verb = make("restore", "world.restore", "bring a copy of the world back")
    verb.add_argument("name", help="what the copy is called")
    verb = make("clock", "world.clock", "show the clock, or set it")
    verb.add_argument(
        "mode", nargs="?", choices=("real", "frozen", "running"), help="how it is to go"
    )
    verb.add_argument("--at", type=moment, metavar="MOMENT", help="what it is to show")
    verb.add_argument("--factor", type=float, help="how many of its seconds pass in a second")
    verb = make("advance", "world.advance", "move the clock on, with all that happens meanwhile")
    verb.add_argument(
        "duration", nargs="+", help="how far: 90s, 5m, 36h, 90d, 2w, 3mo, 1y, '3 months', 1h30m"
    )
    verb = make("settings", "world.settings", "show the settings, or change some")
    verb.add_argument(
        "changes", nargs="*", metavar="NAME=VALUE", help="for example limits_enabled=false"
    )


def _account_verbs(make: _Maker) -> None:
    verb = make("connect", "accounts.connect", "connect an account, as a creator would")
    verb.add_argument("platform", help="name or id of the work platform, for example TikTok")
    verb.add_argument("--sdk-token", metavar="TOKEN", help="says the user and the products")
    verb.add_argument("--user", metavar="ID", help="id of the user (default: a new user)")
    verb.add_argument(
        "--products", metavar="A,B", help=f"for example {_PRODUCTS} (default: all of the platform)"
    )
    verb.add_argument("--handle", help="the creator's name on the platform (default: made up)")
    verb.add_argument("--id", action="store_true", help="answer with the account's id alone")
    for name, help_text in (
        ("disconnect", "cut an account off, as its creator would"),
        ("expire", "let the platform's session of an account expire"),
        ("grow", "let followers, views and likes grow as in a day"),
    ):
        verb = make(name, f"accounts.{name}", help_text)
        verb.add_argument("account", help="id of the account")
    verb = make("publish", "accounts.publish", "let the creator of an account publish contents")
    verb.add_argument("account", help="id of the account")
    verb.add_argument("--count", type=int, default=1, help="how many (default: 1)")
    verb = make("sync", "accounts.sync", "sync a product of an account now")
    verb.add_argument("account", help="id of the account")
    verb.add_argument("product", help="for example ENGAGEMENT")


def _notification_verbs(make: _Maker) -> None:
    verb = make("trigger", "notifications.trigger", "send a notification to the webhooks")
    verb.add_argument("event", help="for example CONTENTS.ADDED")
    verb.add_argument("--account", metavar="ID", help="the account that it is about")
    verb.add_argument("--data", metavar="JSON", help="its data (default: taken from the world)")
    verb = make("deliveries", "notifications.deliveries", "list what was sent to webhooks")
    verb.add_argument("--webhook", metavar="ID", help="only to this webhook")
    verb.add_argument("--event", help="only of this event")
    verb.add_argument("--verdict", help="only with this verdict, for example timed_out")
    verb.add_argument("--limit", type=int, default=20, help="how many (default: 20)")
    verb = make("resend", "notifications.resend", "send a notification again")
    verb.add_argument("delivery", help="id of the delivery")
    verb = make("inbox", "notifications.inbox", "list what the built-in receiver has got")
    verb.add_argument("name", help="its name: the last part of /_mock/inbox/<name>")
    verb.add_argument("--clear", action="store_true", help="forget the messages")
    verb.add_argument("--limit", type=int, default=20, help="how many (default: 20)")


def _server_verbs(make: _Maker) -> None:
    make("health", "server.health", "ask whether the server runs")
    verb = make("developers", "server.developers", "list developers, or make and change them")
    verb.add_argument(
        "act",
        nargs="?",
        default="list",
        choices=("list", "create", "delete", "rotate-secret", "retire-secret"),
        help="what to do (default: list)",
    )
    verb.add_argument("--seed", help="create: what the world is made from")
    verb.add_argument("--world", choices=("small", "medium", "large"), help="create: its size")
    verb.add_argument(
        "--clock",
        type=start,
        metavar="START",
        help="create: when the world begins: now, fixed, or a moment like 2026-06-01 (default: as the"
        " server was told)",
    )
    verb.add_argument("--client-id", metavar="ID", help="create: the client id")
    verb.add_argument("--client-secret", metavar="SECRET", help="create, rotate-secret: the secret")
    verb = make("log", "server.log", "list the calls of the API")
    verb.add_argument("--follow", "-f", action="store_true", help="go on until Ctrl-C")
    verb.add_argument("--bodies", action="store_true", help="show what was sent and answered")
    verb.add_argument("--operation", metavar="ID", help="only of this one, for example users.list")
    verb.add_argument("--method", type=str.upper, help="only of this one")
    verb.add_argument("--status", type=_status, help="only with this one; 4xx for 400 to 499")
    verb.add_argument("--path", help="only those that begin so")
    verb.add_argument("--limit", type=int, default=20, help="how many (default: 20)")
    verb = make("fault", "server.fault", "make calls go wrong, or right again")
    verb.add_argument("act", nargs="?", default="list", choices=("list", "add", "clear"))
    verb.add_argument("id", nargs="?", help="clear: which rule (default: all)")
    verb.add_argument("--operation", metavar="ID", help="add: calls of this one (default: all)")
    verb.add_argument("--code", type=int, metavar="STATUS", help="add: answer with this status")
    verb.add_argument("--delay", type=float, metavar="SECONDS", help="add: answer late")
    verb.add_argument(
        "--example", metavar="NAME", help="add: answer with an example of the document"
    )
    verb.add_argument(
        "--kind",
        choices=("reset", "truncate", "malformed", "html", "slow-body"),
        help="add: break the answer",
    )
    verb.add_argument("--seconds", type=float, help="add: how long a slow body takes")
    verb.add_argument("--times", type=int, help="add: so many calls (default: until cleared)")
    verb.add_argument("--share", type=float, help="add: this share of the calls, 0.2 for a fifth")
    verb.add_argument("--seed", help="add: what the choice of those calls is made from")


def _status(text: str) -> int:
    digits = text.lower().removesuffix("xx")
    if digits.isascii() and digits.isdecimal():
        return int(digits)
    msg = f"{text!r} is no status; give one like 404, or 4xx"
    raise argparse.ArgumentTypeError(msg)

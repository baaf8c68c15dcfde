"""Parsers of the command line: only that of the chosen method is made, so that starting is quick."""

from __future__ import annotations

import argparse
import itertools
import textwrap
import typing

from insightiq._config import ENVIRONMENTS
from insightiq.cli._methods import spelled
from insightiq.cli._values import did_you_mean, positive_seconds, positive_whole, reader_of

if typing.TYPE_CHECKING:
    import inspect
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from insightiq.cli._methods import Method

__all__ = [
    "Parser",
    "add_common_options",
    "add_max_items",
    "choose",
    "given_arguments",
    "method_parser",
    "table",
]

# Prefixes keep the method's arguments apart from the options of all commands. Each occurrence of a
# repeated argument gives lists.
_SINGLE: typing.Final = "argument"
_REPEATED: typing.Final = "lists"
_MOST_CHOICES: typing.Final = 8


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence, with a guess at what was meant."""

    def __init__(
        self, prog: str, *, description: str = "", epilog: str = "", usage: str | None = None
    ) -> None:
        paragraphs = (textwrap.fill(each, 79) for each in description.split("\n\n"))
        super().__init__(
            prog=prog,
            description="\n\n".join(paragraphs),
            epilog=epilog,
            usage=usage,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
            # An operation may have an argument of the name of an option that all commands have.
            conflict_handler="resolve",
        )

    def format_usage(self) -> str:
        """Return the usage, with what cannot be left out."""
        if self.usage is None:
            needed = [_shown(each) for each in self._actions if each.required]
            self.usage = " ".join([self.prog, *needed, "[options]"])
        return super().format_usage()

    def format_help(self) -> str:
        """Return the whole help."""
        self.format_usage()
        return super().format_help()

    def error(self, message: str) -> typing.NoReturn:
        """Exit with the sentence, and with the command that says more."""
        sentence = message if message.endswith((".", "?")) else f"{message}."
        self.exit(2, f"{self.prog}: error: {sentence} See {self.prog} --help.\n")

    def parse_all(
        self, arguments: Sequence[str], namespace: argparse.Namespace
    ) -> argparse.Namespace:
        """Add the arguments to the namespace; exit for an unknown one."""
        parsed, left = self.parse_known_args(arguments, namespace)
        if left:
            option, _, _ = left[0].partition("=")
            known = [each for action in self._actions for each in action.option_strings]
            self.error(f"{left[0]} is not understood.{did_you_mean(option, known)}")
        return parsed

    def match(self, kind: str, word: str, known: Iterable[str]) -> str:
        """Return the name that was typed, with hyphens or as in Python; exit for an unknown one."""
        names = {spelled(name): name for name in known}
        name = names.get(spelled(word.replace("-", "_")))
        if name is None:
            self.error(f"there is no {kind} {word!r}.{did_you_mean(word, names)}")
        return name


def add_common_options(parser: Parser, *, with_output: bool = True) -> None:
    """Add the options that may stand in front of a command and behind it."""
    shown = parser.add_argument_group("what to show" if with_output else "what to write")
    if with_output:
        shown.add_argument(
            "--output",
            choices=("json", "table", "ndjson", "csv"),
            help="default: table on a terminal, where rich is installed; else json",
        )
    shown.add_argument(
        "--columns",
        metavar="A,B.C",
        type=lambda text: [each.strip() for each in text.split(",") if each.strip()],
        help="columns of a table or of CSV; nested ones with a dot",
    )
    shown.add_argument(
        "--raw-cells",
        action="store_true",
        help="CSV: text that a spreadsheet would take for a formula as it is, without an "
        "apostrophe in front",
    )
    call = parser.add_argument_group("how to call")
    call.add_argument("--environment", metavar="NAME", help=f"one of {', '.join(ENVIRONMENTS)}")
    call.add_argument("--base-url", metavar="URL", help="another server instead")
    call.add_argument(
        "--timeout", metavar="SECONDS", type=positive_seconds, help="for each part of an attempt"
    )
    call.add_argument(
        "--requests-per-second",
        metavar="NUMBER",
        type=positive_whole,
        default=10,
        help="your part of the quota (default: 10, all of it)",
    )


def add_max_items(parser: Parser) -> None:
    """Add the option that limits a list."""
    parser.add_argument(
        "--max-items",
        metavar="NUMBER",
        type=positive_whole,
        help="the first so many rows, over as many pages as that takes",
    )


def choose(
    prog: str, kind: str, known: Mapping[str, str], words: list[str], description: str
) -> tuple[str, list[str]]:
    """Return the resource or method that the first word names, and the other words."""
    placeholder = kind.upper()
    parser = Parser(
        prog,
        description=description,
        epilog=f"{kind}s:\n{table(known)}\n\n{prog} {placeholder} --help says more of each.",
        usage=f"{prog} {placeholder} …",
    )
    if not words or words[0].startswith("-"):
        parser.parse_known_args(words or ["--help"])
        parser.error(f"say the {kind} first: {prog} {placeholder} {' '.join(words)}")
    return parser.match(kind, words[0], known), words[1:]


def table(rows: Mapping[str, str]) -> str:
    """Return names, as they are typed, beside their texts."""
    return "\n".join(f"  {spelled(name):<24}{text}" for name, text in rows.items())


def method_parser(
    prog: str, method: Method, *, without: Collection[str] = (), with_output: bool = True
) -> Parser:
    """Return the parser of a method's arguments, except those named by ``without``."""
    text = method.documentation
    parser = Parser(prog, description=f"{text.summary}\n\n{text.description}".strip())
    group = parser.add_argument_group("arguments")
    add_common_options(parser, with_output=with_output)
    # Afterwards: an argument takes the place of a common option of its name, which can still be
    # given in front of the command.
    for each in method.parameters:
        if each.name not in without:
            _add(group.add_argument, each, text.arguments.get(each.name, ""))
    return parser


def given_arguments(options: argparse.Namespace) -> dict[str, typing.Any]:
    """Return the arguments of the method that were given, by their names in Python."""
    found: dict[str, typing.Any] = {}
    for key, value in vars(options).items():
        prefix, _, name = key.partition(":")
        if prefix == _SINGLE:
            found[name] = value
        elif prefix == _REPEATED:
            found[name] = list(itertools.chain.from_iterable(value))
    return found


def _add(add: Callable[..., object], parameter: inspect.Parameter, text: str) -> None:
    reader = reader_of(parameter.annotation)
    shown = ", ".join(reader.choices[:_MOST_CHOICES])
    more = ", …" if len(reader.choices) > _MOST_CHOICES else ""
    text = f"{text} {shown}{more}".strip().replace("%", "%%")
    dest = f"{_REPEATED if reader.repeated else _SINGLE}:{parameter.name}"
    if parameter.kind is not parameter.KEYWORD_ONLY:
        add(dest, metavar=spelled(parameter.name).upper(), type=reader.read, help=text)
        return
    options: dict[str, typing.Any] = {"metavar": reader.shown, "type": reader.read}
    if reader.flag:
        options = {"action": argparse.BooleanOptionalAction}
    elif reader.repeated:
        options |= {"action": "extend", "nargs": "+"}
    add(
        f"--{spelled(parameter.name)}",
        dest=dest,
        required=parameter.default is parameter.empty,
        default=argparse.SUPPRESS,
        help=text,
        **options,
    )


def _shown(action: argparse.Action) -> str:
    """Return a required argument as it is typed."""
    value = str(action.metavar)
    return " ".join([*action.option_strings[:1], f"{value} …" if action.nargs == "+" else value])

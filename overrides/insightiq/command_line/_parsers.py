"""The parsers: only that of the chosen method is made, so that starting stays quick."""

from __future__ import annotations

import argparse
import dataclasses
import textwrap
import typing

from insightiq._config import ENVIRONMENTS
from insightiq.command_line._catalogue import methods_of, resources, spelled
from insightiq.command_line._suggestions import did_you_mean
from insightiq.command_line._values import reader_of

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from insightiq.command_line._catalogue import Method, Parameter

__all__ = [
    "OUTPUTS",
    "Chosen",
    "Parser",
    "add_common_options",
    "add_max_items",
    "choose",
    "choose_method",
    "choose_resource",
    "given_arguments",
    "method_parser",
]

OUTPUTS: typing.Final = ("json", "table", "ndjson", "csv")
_PREFIX: typing.Final = "argument:"
_WIDTH: typing.Final = 24
_MOST_CHOICES: typing.Final = 8


@dataclasses.dataclass(frozen=True, slots=True)
class Chosen:
    """The command that was chosen.

    Attributes:
        command: The first word.
        rest: What follows it.
        options: The options in front of it.
        summary: What the command does.
    """

    command: str
    rest: list[str]
    options: argparse.Namespace
    summary: str


class Parser(argparse.ArgumentParser):
    """Complains in one sentence, and guesses what was meant.

    Args:
        prog: The command as it was typed.
        description: What it does.
        epilog: What stands at the end of its help.
        usage: How it is called, where the parser does not know.
    """

    def __init__(
        self,
        prog: str,
        *,
        description: str = "",
        epilog: str = "",
        usage: str | None = None,
    ) -> None:
        super().__init__(
            prog=prog,
            description=_wrapped(description),
            epilog=epilog,
            usage=usage,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
            argument_default=argparse.SUPPRESS,
            # An operation may have an argument of the name of an option that all commands have.
            conflict_handler="resolve",
        )

    def format_usage(self) -> str:
        """Return how it is called, with what cannot be left out."""
        if self.usage is None:
            needed = [_shown(each) for each in self._actions if each.required]
            self.usage = " ".join([self.prog, *needed, "[options]"])
        return super().format_usage()

    def format_help(self) -> str:
        """Return the whole help."""
        self.format_usage()
        return super().format_help()

    def error(self, message: str) -> typing.NoReturn:
        """End with the sentence and where to read more."""
        sentence = message if message.endswith((".", "?")) else f"{message}."
        self.exit(2, f"{self.prog}: error: {sentence} See {self.prog} --help.\n")

    def parse_all(
        self, arguments: Sequence[str], namespace: argparse.Namespace
    ) -> argparse.Namespace:
        """Return the parsed arguments; complain of what is left."""
        parsed, left = self.parse_known_args(arguments, namespace)
        if left:
            option, _, _ = left[0].partition("=")
            known = [each for action in self._actions for each in action.option_strings]
            self.error(f"{left[0]} is not understood.{did_you_mean(option, known)}")
        return parsed


def add_common_options(parser: argparse.ArgumentParser, *, with_output: bool = True) -> None:
    """Add the options that may stand in front of a command and behind it."""
    shown = parser.add_argument_group("what to show" if with_output else "what to write")
    if with_output:
        shown.add_argument(
            "--output",
            choices=OUTPUTS,
            help="default: table on a terminal, where rich is installed; else json",
        )
    shown.add_argument(
        "--columns",
        metavar="A,B.C",
        type=_list_of,
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
        "--timeout", metavar="SECONDS", type=_positive_number, help="for each part of an attempt"
    )
    call.add_argument(
        "--requests-per-second",
        metavar="NUMBER",
        type=_positive_whole,
        help="your part of the quota (default: 10, all of it)",
    )


def add_max_items(parser: argparse.ArgumentParser) -> None:
    """Add the option that bounds a list."""
    parser.add_argument(
        "--max-items",
        metavar="NUMBER",
        type=_positive_whole,
        help="the first so many rows, over as many pages as that takes",
    )


def choose(arguments: Sequence[str], own: Mapping[str, str], version: str) -> Chosen:
    """Return the command that was typed; ``own`` are those that are no resources.

    Raises:
        SystemExit: Help was asked for, or the command line is wrong.
    """
    known = resources()
    parser = Parser(
        "insightiq",
        description="Call the InsightIQ API. Unofficial.",
        epilog=_overview(own, known),
        usage="insightiq [options] COMMAND …",
    )
    add_common_options(parser)
    parser.add_argument("--version", action="version", version=f"insightiq {version}")
    parser.add_argument("command", help=argparse.SUPPRESS)
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args(list(arguments) or ["--help"])
    name = _matching(options.command, [*known, *own])
    if name is None:
        names = [spelled(each) for each in (*known, *own)]
        guess = did_you_mean(options.command, names)
        parser.error(f"there is no command {options.command!r}.{guess}")
    return Chosen(name, options.rest, options, {**known, **own}[name])


def choose_method(prog: str, resource: str, rest: list[str]) -> tuple[Method, list[str]]:
    """Return the method of the resource that was typed, and what follows it.

    Raises:
        SystemExit: Help was asked for, or there is no such method.
    """
    methods = methods_of(resource)
    table = _table({spelled(name): each.documentation.summary for name, each in methods.items()})
    parser = Parser(
        prog,
        description=resources()[resource],
        epilog=f"methods:\n{table}\n\n{prog} METHOD --help says more of each.",
        usage=f"{prog} METHOD …",
    )
    name, left = _first_word(parser, rest, list(methods), "method")
    return methods[name], left


def choose_resource(prog: str, chosen: Chosen, known: Sequence[str]) -> tuple[str, list[str]]:
    """Return the resource that a command was given, one of ``known``, and what follows it.

    Raises:
        SystemExit: Help was asked for, or there is no such resource.
    """
    summaries = resources()
    table = _table({spelled(name): summaries[name] for name in known})
    parser = Parser(
        prog,
        description=chosen.summary,
        epilog=f"resources:\n{table}\n\n{prog} RESOURCE --help says more of each.",
        usage=f"{prog} RESOURCE …",
    )
    return _first_word(parser, chosen.rest, known, "resource")


def method_parser(
    prog: str, method: Method, *, without: Collection[str] = (), with_output: bool = True
) -> Parser:
    """Return the parser of a method's arguments, but for those named by ``without``."""
    text = method.documentation
    parser = Parser(
        prog,
        description=f"{text.summary}\n\n{text.description}".strip(),
    )
    group = parser.add_argument_group("arguments")
    add_common_options(parser, with_output=with_output)
    # Afterwards: an argument takes the place of a common option of its name, which can still be
    # given in front of the command.
    for each in method.parameters:
        if each.name not in without:
            _add(group.add_argument, each)
    return parser


def given_arguments(options: argparse.Namespace) -> dict[str, typing.Any]:
    """Return the arguments of the method that were given, by their names in Python."""
    return {
        key.removeprefix(_PREFIX): value
        for key, value in vars(options).items()
        if key.startswith(_PREFIX)
    }


def _list_of(text: str) -> list[str]:
    """Return the words of a text that commas part."""
    return [each.strip() for each in text.split(",") if each.strip()]


def _add(add: Callable[..., object], parameter: Parameter) -> None:
    reader = reader_of(parameter.hint)
    text = _with_choices(parameter.text, reader.choices).replace("%", "%%")
    dest = f"{_PREFIX}{parameter.name}"
    if parameter.positional:
        add(dest, metavar=spelled(parameter.name).upper(), type=reader.read, help=text)
        return
    options: dict[str, typing.Any] = {"metavar": reader.shown, "type": reader.read}
    if reader.flag:
        options = {"action": argparse.BooleanOptionalAction}
    elif reader.repeated:
        options |= {"action": _Extend, "nargs": "+"}
    add(
        f"--{spelled(parameter.name)}",
        dest=dest,
        required=parameter.required,
        default=argparse.SUPPRESS,
        help=text,
        **options,
    )


class _Extend(argparse.Action):
    """Gathers the lists that each occurrence of an option gives."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002 - argparse passes it
        namespace: argparse.Namespace,
        values: str | Sequence[typing.Any] | None,
        option_string: str | None = None,  # noqa: ARG002 - as above
    ) -> None:
        """Add one occurrence."""
        gathered: list[object] = list(getattr(namespace, self.dest, ()))
        for each in values or ():
            gathered += each
        setattr(namespace, self.dest, gathered)


def _shown(action: argparse.Action) -> str:
    """Return a needed argument as it is typed."""
    value = str(action.metavar)
    return " ".join([*action.option_strings[:1], f"{value} …" if action.nargs == "+" else value])


def _with_choices(text: str, choices: tuple[str, ...]) -> str:
    if not choices:
        return text
    shown = ", ".join(choices[:_MOST_CHOICES])
    more = ", …" if len(choices) > _MOST_CHOICES else ""
    return f"{text} {shown}{more}"


def _first_word(
    parser: Parser, words: list[str], known: Sequence[str], kind: str
) -> tuple[str, list[str]]:
    if not words or words[0].startswith("-"):
        parser.parse_known_args(words or ["--help"])
        parser.error(f"say the {kind} first: {parser.prog} {kind.upper()} {' '.join(words)}")
    name = _matching(words[0], known)
    if name is None:
        guess = did_you_mean(words[0], map(spelled, known))
        parser.error(f"there is no {kind} {words[0]!r}.{guess}")
    return name, words[1:]


def _matching(word: str, names: Iterable[str]) -> str | None:
    """Return the name that was typed, with hyphens or as in Python."""
    return next((name for name in names if spelled(word.replace("-", "_")) == spelled(name)), None)


def _overview(own: Mapping[str, str], known: Mapping[str, str]) -> str:
    listed = _table({spelled(name): text for name, text in known.items()})
    return (
        f"commands:\n{_table(own)}\n\nresources:\n{listed}\n\n"
        "insightiq RESOURCE --help lists the methods of one.\n\n"
        "Credentials come from INSIGHTIQ_CLIENT_ID and INSIGHTIQ_CLIENT_SECRET alone: arguments\n"
        "would stay in the history of the shell. INSIGHTIQ_ENVIRONMENT and INSIGHTIQ_BASE_URL\n"
        "stand in for their options. INSIGHTIQ_QUOTA_FILE names a file through which all commands on\n"
        "this machine share the quota.\n\n"
        "Exit codes: 0 done, 1 the call failed, 2 a wrong command line, 70 a bug, 74 output that\n"
        "cannot be written, 130 Ctrl-C."
    )


def _wrapped(text: str) -> str:
    return "\n\n".join(textwrap.fill(each, 79) for each in text.split("\n\n"))


def _table(rows: Mapping[str, str]) -> str:
    return "\n".join(f"  {name:<{_WIDTH}}{text}" for name, text in rows.items())


def _positive_number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        msg = f"{text!r} is no number of seconds."
        raise argparse.ArgumentTypeError(msg)
    return value


def _positive_whole(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        msg = f"{text!r} is no whole number from 1."
        raise argparse.ArgumentTypeError(msg)
    return int(text)

"""What a run is to do, as the command line says it."""

from __future__ import annotations

import argparse
import dataclasses
import pathlib
import typing
import urllib.parse

from contract_testing.layers import LETTERS

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["DEPTHS", "Options", "Target", "read_options"]

# Examples per operation; as many sequences for layer P (two shares of it), half as many again for B.
DEPTHS: typing.Final = {"pull-request": 50, "nightly": 300}


class Target(typing.NamedTuple):
    """A server to ask, by its address."""

    base_url: str
    client_id: str
    client_secret: str


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """What a run is to do.

    Attributes:
        layers: Letters of the layers to run.
        depth: ``pull-request`` or ``nightly``.
        seeds: What everything random is made from; one run for each.
        operations: Ids of the operations to test; empty for all.
        topics: Topics of layer S to play; empty for all.
        examples: Random examples for each operation.
        stop_at_first: Whether to end with the first finding.
        limited: Whether the mock limits requests.
        document: The document to test against, and to serve; None for the project's own.
        result: Where to write what was found as JSON; None for nowhere.
        reports: Folder of the reports; None for none.
        target: The server to ask; None for a mock in this process.
    """

    layers: tuple[str, ...] = LETTERS
    depth: str = "pull-request"
    seeds: Sequence[int] = (1,)
    operations: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    examples: int = DEPTHS["pull-request"]
    stop_at_first: bool = False
    limited: bool = False
    document: pathlib.Path | None = None
    result: pathlib.Path | None = None
    reports: pathlib.Path | None = None
    target: Target | None = dataclasses.field(default=None, repr=False)


def read_options(
    arguments: Sequence[str], environment: Mapping[str, str], *, description: str
) -> tuple[Options, argparse.Namespace]:
    """Read the command line.

    Raises:
        SystemExit: It cannot be understood; argparse has said why.
    """
    parser = argparse.ArgumentParser(
        prog="contract.py",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--layers", type=_letters, default=LETTERS, metavar="P,A,…")
    parser.add_argument("--depth", choices=DEPTHS, default="pull-request")
    seeds = parser.add_mutually_exclusive_group()
    seeds.add_argument("--seed", type=int, help="one run from this seed (default 1)")
    seeds.add_argument("--seeds", type=_count, help="runs from the seeds 1 to N", metavar="N")
    parser.add_argument("--operations", type=_operations, default=(), metavar="ID,ID")
    parser.add_argument("--topics", type=_topics, default=(), help="of layer S", metavar="A,B")
    parser.add_argument("--examples", type=_count, help="random examples for each operation")
    parser.add_argument("--stop-at-first", action="store_true", help="end with the first finding")
    parser.add_argument("--limits", choices=("on", "off"), default="off", help="of the mock")
    parser.add_argument("--document", type=pathlib.Path, help="another document than the project's")
    parser.add_argument("--result", type=pathlib.Path, help="write what was found as JSON")
    parser.add_argument("--no-reports", action="store_true", help="write no reports")
    given = parser.parse_args(arguments)
    seeds_given = (
        range(1, given.seeds + 1) if given.seeds else [1 if given.seed is None else given.seed]
    )
    options = Options(
        layers=given.layers,
        depth=given.depth,
        seeds=tuple(seeds_given),
        operations=given.operations,
        topics=given.topics,
        examples=given.examples or DEPTHS[given.depth],
        stop_at_first=given.stop_at_first,
        limited=given.limits == "on",
        document=given.document,
        result=given.result,
        target=_target(environment, parser),
    )
    return options, given


def _letters(text: str) -> tuple[str, ...]:
    letters = tuple(part.strip().upper() for part in text.split(",") if part.strip())
    unknown = [letter for letter in letters if letter not in LETTERS]
    if unknown or not letters:
        msg = f"there is no layer {', '.join(unknown) or repr(text)}; give some of {', '.join(LETTERS)}"
        raise argparse.ArgumentTypeError(msg)
    return tuple(dict.fromkeys(letters))


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _operations(text: str) -> tuple[str, ...]:
    names = _names(text)
    if not names:
        msg = f"{text!r} names no operation; give ids of the document, for example users.get"
        raise argparse.ArgumentTypeError(msg)
    return names


def _topics(text: str) -> tuple[str, ...]:
    from contract_testing.layers.scenarios import TOPICS  # noqa: PLC0415 - brings scenarios along

    topics = _names(text)
    unknown = [topic for topic in topics if topic not in TOPICS]
    if unknown or not topics:
        msg = f"there is no topic {', '.join(unknown) or repr(text)}; give some of {', '.join(TOPICS)}"
        raise argparse.ArgumentTypeError(msg)
    return topics


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        msg = f"{text!r} is no count; give a whole number above 0"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _target(environment: Mapping[str, str], parser: argparse.ArgumentParser) -> Target | None:
    url = environment.get("BASE_URL", "").strip()
    if not url:
        return None
    credentials = [environment.get(name, "").strip() for name in ("CLIENT_ID", "CLIENT_SECRET")]
    if not all(credentials):
        parser.error(
            "BASE_URL is set, but CLIENT_ID and CLIENT_SECRET are not; set all three, or none of "
            "them to ask a mock server of our own."
        )
    if "@" in url:
        parser.error(
            "BASE_URL holds credentials; leave them out, CLIENT_ID and CLIENT_SECRET are enough."
        )
    if not _is_base(url):
        parser.error(f"BASE_URL is {url!r}; write it like http://127.0.0.1:4010.")
    return Target(url, credentials[0], credentials[1])


def _is_base(url: str) -> bool:
    """Tell whether paths can be appended to ``url``."""
    try:
        parts = urllib.parse.urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and not (parts.query or parts.fragment)

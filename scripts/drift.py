"""Hold recorded traffic against the OpenAPI document.

Usage: python scripts/drift.py HAR [HAR …] [--successes-only] [--document FILE] [--host HOST]
[--json FILE]

A HAR is what the network panel of a browser, or a proxy, saves; the contract tests write one, too.
Told are operations, statuses, parameters, fields, headers and values that the document does not
know, and types that it knows differently: with counts, and without any value of the traffic. Ends
with 0 where traffic and document agree, with 1 where they do not, with 2 where a file cannot be
read or holds no traffic of this API, with 130 after Ctrl-C.
"""

from __future__ import annotations

if __name__ == "__main__":
    # First of all: failures of the imports below are covered, too.
    from insightiq._entry_point import run_script

    run_script("drift", __file__)

import argparse
import itertools
import json
import os
import pathlib
import sys
import typing

import openapi_document
from traffic.digest import as_json, as_text
from traffic.drift import drift_of
from traffic.har import HarError, read_har

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def _arguments(options: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="drift", description="Hold recorded traffic against the OpenAPI document."
    )
    parser.add_argument("har", nargs="+", type=pathlib.Path, help="a recording")
    parser.add_argument(
        "--document",
        type=pathlib.Path,
        default=openapi_document.DEFAULT_PATH,
        help="the OpenAPI document; the project's own without it",
    )
    parser.add_argument(
        "--host",
        action="append",
        default=[],
        help="a host that serves the API, besides the vendor's and this machine; may be repeated",
    )
    parser.add_argument(
        "--successes-only",
        action="store_true",
        help="leave out what was refused, as much of a contract test is meant to be",
    )
    parser.add_argument("--json", type=pathlib.Path, help="write the result to this file, too")
    return parser.parse_args(options)


def main(options: Sequence[str] | None = None) -> int:
    """Compare; return the exit status."""
    arguments = _arguments(options)
    try:
        document = openapi_document.load_valid(arguments.document)
        recorded = itertools.chain.from_iterable(map(read_har, arguments.har))
        drift = drift_of(
            document, recorded, arguments.host, successes_only=arguments.successes_only
        )
    except (HarError, openapi_document.DocumentError) as error:
        print(f"drift: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("drift: stopped.", file=sys.stderr)
        return 130
    _show(as_text(drift))
    if arguments.json is not None:
        try:
            arguments.json.write_text(json.dumps(as_json(drift), indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            print(f"drift: {arguments.json} cannot be written ({error.strerror}).", file=sys.stderr)
            return 2
    if not drift.judged:
        print(
            "drift: the recording holds no traffic of this API; name its host with --host.",
            file=sys.stderr,
        )
        return 2
    return 1 if drift.differences else 0


def _show(text: str) -> None:
    """Print, as far as somebody reads; the result is the same if nobody does."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # Whoever reads has had enough, as `head` does; closing at exit must not complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

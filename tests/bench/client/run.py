"""Measure the client, and what it is compared with, in one table.

Usage: ``make bench-client``, or ``python tests/bench/client/run.py --help``.
"""

from __future__ import annotations

if __name__ == "__main__":
    # First of all: failures of the imports below are covered, too.
    from insightiq._entry_point import run_script

    run_script("bench-client", __file__)

import argparse
import importlib
import pathlib
import sys
import time
import typing

import table
from peers import PeersError
from table import Row

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_REPORT = pathlib.Path(__file__).parents[3] / "reports" / "bench-client.md"
_HERE = pathlib.Path(__file__).parent


def _parse(_: argparse.Namespace) -> list[Row]:
    return _module("parsing").measure()


def _small_call(_: argparse.Namespace) -> list[Row]:
    return _module("small_call").measure()


def _import(_: argparse.Namespace) -> list[Row]:
    return _module("import_time").measure()


def _scheduling(_: argparse.Namespace) -> list[Row]:
    return _module("scheduling").measure()


def _simulation(_: argparse.Namespace) -> list[Row]:
    return _module("simulation").measure()


def _http(options: argparse.Namespace) -> list[Row]:
    return _module("http_quota").measure(options.seconds)


def _shared(options: argparse.Namespace) -> list[Row]:
    return _module("http_quota").measure_shared(options.seconds)


def _export(options: argparse.Namespace) -> list[Row]:
    found = _module("export").measure_export(options.contents)
    work = f"export of {found['rows']:,} contents"
    over, (first, early, *_, late) = found["over_limit"], found["memory_mib"]
    in_fifths, flat = f"{first:.1f}, {early:.1f}, {late:.1f} MiB", late <= 1.05 * early
    time_taken = f"{found['seconds']:.1f} s, {over:+.1%}; {found['rejected']} x 429"
    return [
        Row(work, "time", time_taken, "≤ 3 % over the quota's limit", over <= 0.03),
        Row(work, "memory, fifths 1, 2 and 5", in_fifths, "the last ≤ 5 % above the second", flat),
    ]


_PARTS: dict[str, Callable[[argparse.Namespace], list[Row]]] = {
    "parse": _parse,
    "small-call": _small_call,
    "import": _import,
    "scheduling": _scheduling,
    "http": _http,
    "shared": _shared,
    "simulation": _simulation,
}
if (_HERE / "export.py").exists():
    _PARTS["export"] = _export


def main() -> int:
    """Run the parts that were asked for, print the table and write it down."""
    options = _options()
    command = " ".join(["make bench-client", *_arguments(options.parts)])
    began, load = time.monotonic(), table.load()
    rows: list[Row] = []
    for name in options.parts or _PARTS:
        _say(f"{name} …")
        try:
            rows += _PARTS[name](options)
        except PeersError as error:
            _say(str(error))
            return 1
    took = f"The run took {(time.monotonic() - began) / 60:.1f} minutes.\n"
    text = "\n".join([table.circumstances(command, load), table.markdown(rows), took])
    _REPORT.parent.mkdir(exist_ok=True)
    _REPORT.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    _say(f"the same stands in {_REPORT.relative_to(_REPORT.parents[1])}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py", description="Measure the client beside its peers, in one table."
    )
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(_PARTS)}; all without any")
    parser.add_argument("--seconds", type=int, default=30, help="of each run over HTTP")
    parser.add_argument(
        "--contents", type=int, default=100_000, help="that the part export exports"
    )
    options = parser.parse_args()
    unknown = [part for part in options.parts if part not in _PARTS]
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(_PARTS)}")
    return options


def _arguments(parts: Sequence[str]) -> list[str]:
    return [f'ARGS="{" ".join(parts)}"'] if parts else []


def _module(name: str) -> typing.Any:
    # Each part brings what it imports only when it is asked for.
    return importlib.import_module(name)


def _say(text: str) -> None:
    sys.stderr.write(f"bench-client: {text}\n")

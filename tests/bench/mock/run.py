"""Compare the mock server with others on the same document and the same responses.

Usage: ``make bench-mock``, or ``python tests/bench/mock/run.py --help``.

All servers run from the beginning to the end. In each round they are loaded one after another, case
by case, so that a bad minute of the machine hits all of them; ratios are taken within a round. Every
server is asked whether its responses are right before it is loaded and again afterwards. The other mock
servers come from npm into ``node_modules`` beside this file, as its lock file says.

The tables are printed and written to ``reports/bench-mock.md``; with ``--write-docs`` also to the place
in ``docs/performance.md``.
"""

from __future__ import annotations

if __name__ == "__main__":
    # First of all: failures of the imports below are covered, too.
    from insightiq._entry_point import run_script

    run_script("bench-mock", __file__)

import argparse
import contextlib
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import typing
import urllib.request

from bench_document import bench_document, mockoon_environment
from checks import probes, verify, verify_written
from contenders import CONTENDERS, Contender, Running, Stage, node, running
from figures import Figure, deep_page, fresh_tenant, memory_growth, widen_limits
from load import CONNECTIONS, Case, Load, LoadToolError, authorization, tool_name
from machine import load_average, machine_line
from report import Result, behaviour_table, figure_table

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HERE = pathlib.Path(__file__).parent
_REPORT = _HERE.parents[2] / "reports" / "bench-mock.md"

_GUIDE = _HERE.parents[2] / "docs" / "performance.md"
_MARKS = ("<!-- bench-mock -->\n", "<!-- /bench-mock -->\n")

_CREDENTIALS = ("bench", "bench-secret")
_USERS = 20

_INTERRUPTED = 130


class InstallError(Exception):
    """The other servers cannot be brought here; the message says why, and what to do."""


def main() -> int:
    """Run the benchmark and print its tables."""
    # The servers are stopped on the way out, also where somebody else ends the run.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = _options()
    chosen = [each for each in CONTENDERS if each.name in options.servers]
    try:
        tool = tool_name()
        if tool == "autocannon" or any(each.is_peer for each in chosen):
            _install()
        text = _compare(chosen, options)
    except (InstallError, LoadToolError, RuntimeError) as error:
        _say(str(error))
        return 1
    except KeyboardInterrupt:
        _say("interrupted; the servers are stopped, and nothing is written")
        return _INTERRUPTED
    _REPORT.parent.mkdir(exist_ok=True)
    _REPORT.write_text(text)
    if options.write_docs:
        _write_docs(text)
    sys.stdout.write(text)
    return 0


def _compare(chosen: Sequence[Contender], options: argparse.Namespace) -> str:
    results = {each.name: Result() for each in chosen}
    figures: list[Figure] = []
    load_before = load_average()
    with tempfile.TemporaryDirectory(prefix="bench-mock-") as name:
        stage, cases, account_id = _prepare(pathlib.Path(name))
        _say("starting each server a few times")
        for _ in range(options.starts):
            for contender in chosen:
                with running(contender, stage) as server:
                    results[contender.name].starts.append(server.started_in)
        with contextlib.ExitStack() as stack:
            servers = {each: stack.enter_context(running(each, stage)) for each in chosen}
            _measure(servers, cases, results, options)
            for contender, server in servers.items():
                results[contender.name].probes = probes(server.url, _CREDENTIALS, account_id)
        if not options.only_servers:
            figures = _figures(stage, cases[0], options.requests)
    return _report(results, cases, figures, (load_before, load_average()), options)


def _options() -> argparse.Namespace:
    names = [each.name for each in CONTENDERS]
    parser = argparse.ArgumentParser(description="Compare the mock server with others.")
    parser.add_argument("--seconds", type=int, default=4, help="of load per case (default: 4)")
    parser.add_argument("--rounds", type=int, default=3, help="how often (default: 3)")
    parser.add_argument("--starts", type=int, default=3, help="to take the time of (default: 3)")
    parser.add_argument(
        "--requests", type=int, default=200_000, help="for the memory figure (default: 200000)"
    )
    parser.add_argument(
        "--servers",
        type=lambda text: text.split(","),
        default=names,
        help=f"which, with commas between (default: {','.join(names)})",
    )
    parser.add_argument(
        "--only-servers", action="store_true", help="leave out what is measured of our own alone"
    )
    parser.add_argument(
        "--write-docs", action="store_true", help=f"put the tables into {_GUIDE.name} as well"
    )
    options = parser.parse_args()
    unknown = set(options.servers) - set(names)
    if unknown:
        parser.error(
            f"no server is called {', '.join(sorted(unknown))}; there are {', '.join(names)}"
        )
    for name in ("seconds", "rounds", "starts", "requests"):
        if getattr(options, name) < 1:
            parser.error(f"--{name} is {getattr(options, name)}; give a number above 0")
    return options


def _install() -> None:
    """Bring the other servers here, as the lock file says, unless they are here already.

    Raises:
        InstallError: They cannot be installed.
    """
    ready = _HERE / "node_modules" / ".ready"
    lock = _HERE / "package-lock.json"
    if ready.exists() and ready.stat().st_mtime >= lock.stat().st_mtime:
        return
    advice = "or leave the others out with --servers insightiq-mock,connexion,Starlette"
    npm = shutil.which("npm")
    if npm is None:
        msg = (
            f"npm was not found, which brings the other servers: install Node.js, {advice} and wrk."
        )
        raise InstallError(msg)
    _say("installing the other servers (once; takes a minute)")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=_HERE, check=False, capture_output=True, text=True)
    if done.returncode:
        msg = f"npm could not install the other servers: {done.stderr.strip()[-500:]}\nTry again, {advice}."
        raise InstallError(msg)
    bundled = pathlib.Path(node()[0])
    if bundled.is_relative_to(_HERE):
        bundled.chmod(0o755)
    ready.touch()


def _prepare(folder: pathlib.Path) -> tuple[Stage, list[Case], str]:
    """Take our own server's responses down, and write what the others are started with."""
    ours = CONTENDERS[0]
    stage = Stage(folder, _CREDENTIALS, "/v1/work-platforms?limit=1")
    with running(ours, stage) as server:
        _ready(ours, server)
        contents = _busiest_account(server.url)
        paths = {
            "users.get": f"/v1/users/{_ask(server.url, '/v1/users?limit=100')['data'][-1]['id']}",
            "users.list": f"/v1/users?limit={_USERS}",
            "contents.list": f"/v1/social/contents?account_id={contents}&limit=100",
        }
        responses = {name: _ask(server.url, path) for name, path in paths.items()}
        responses["users.create"] = responses["users.get"]
    document = bench_document(responses)
    (folder / "document.json").write_text(json.dumps(document))
    (folder / "responses.json").write_text(json.dumps(responses))
    _prepare_mockoon(stage, responses)
    first = Stage(folder, _CREDENTIALS, paths["users.get"])
    user = frozenset(responses["users.get"])
    content = frozenset(responses["contents.list"]["data"][0])
    cases = [
        Case("GET one", paths["users.get"], fields=user),
        Case(f"list of {_USERS}", paths["users.list"], items=_USERS, fields=user),
        Case("list of 100", paths["contents.list"], items=100, fields=content),
        Case("POST a user", "/v1/users", fields=user, creates=True),
    ]
    return first, cases, contents


def _prepare_mockoon(stage: Stage, responses: Mapping[str, typing.Any]) -> None:
    tool = _HERE / "node_modules" / "@mockoon" / "cli" / "bin" / "run.js"
    if not tool.exists():
        return
    target = stage.folder / "mockoon.json"
    command = [*node(), str(tool), "import", "--input", stage.document, "--output", str(target)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    environment = mockoon_environment(json.loads(target.read_text()), dict(responses))
    target.write_text(json.dumps(environment))


def _ready(contender: Contender, server: Running) -> None:
    """Give our own server, which has a state, what the cases ask for."""
    if contender is not CONTENDERS[0]:
        return
    widen_limits(server.url, _CREDENTIALS)
    for number in range(_USERS):
        body = json.dumps({"name": "Bench", "external_id": f"user-{number}"}).encode()
        _ask(server.url, "/v1/users", body)


def _measure(
    servers: Mapping[Contender, Running],
    cases: Sequence[Case],
    results: Mapping[str, Result],
    options: argparse.Namespace,
) -> None:
    loads = {each: Load(server.url, _CREDENTIALS, node()) for each, server in servers.items()}
    for contender, server in servers.items():
        idle = server.memory()
        results[contender.name].idle += [] if idle is None else [idle]
        _ready(contender, server)
        verify(server.url, _CREDENTIALS, cases)
        # All cases warm what they share: the first one measured should not pay for it.
        for case in cases:
            loads[contender].run(case, 1)
    for number in range(options.rounds):
        for case in cases:
            _say(f"round {number + 1} of {options.rounds}: {case.name}")
            for contender, server in servers.items():
                _run(loads[contender], server, case, results[contender.name], options.seconds)
    for contender, server in servers.items():
        loaded = server.memory()
        results[contender.name].loaded += [] if loaded is None else [loaded]
        verify(server.url, _CREDENTIALS, cases, again=True)
        if contender is CONTENDERS[0]:
            verify_written(server.url, _CREDENTIALS, loads[contender].first_written)


def _run(load: Load, server: Running, case: Case, result: Result, seconds: int) -> None:
    before = server.cpu_seconds()
    run = load.run(case, seconds)
    after = server.cpu_seconds()
    if run.failed:
        msg = f"{server.url}{case.path}: {run.failed} requests failed under load."
        raise RuntimeError(msg)
    result.runs.setdefault(case.name, []).append(run)
    if before is not None and after is not None:
        micros = 1e6 * (after - before) / (run.per_second * seconds)
        result.cpu.setdefault(case.name, []).append(micros)


def _figures(stage: Stage, case: Case, requests: int) -> list[Figure]:
    _say("our own figures: tenants, deep pages, memory")
    ours = CONTENDERS[0]
    figures = [fresh_tenant(), deep_page(stage)]
    with running(ours, stage) as server:
        widen_limits(server.url, _CREDENTIALS)
        load = Load(server.url, _CREDENTIALS, node())
        figures.append(memory_growth(server, load, case, requests))
    return figures


def _report(
    results: Mapping[str, Result],
    cases: Sequence[Case],
    figures: Sequence[Figure],
    loads: tuple[str, str],
    options: argparse.Namespace,
) -> str:
    arguments = " ".join(each for each in sys.argv[1:] if each != "--write-docs")
    command = f'make bench-mock ARGS="{arguments}"' if arguments else "make bench-mock"
    method = (
        f"Load: {tool_name()}, {CONNECTIONS} connections; {options.rounds} rounds of"
        f" {options.seconds} s per case and server; medians. In brackets: how many times as good"
        " ours is, by rounds.\n"
    )
    parts = [
        machine_line(command, loads),
        method,
        figure_table(results, cases, figures),
        "\nWhat each server rejects:\n",
        behaviour_table(results),
    ]
    return "\n".join(parts) + "\n"


def _write_docs(text: str) -> None:
    """Replace what the guide quotes."""
    guide = _GUIDE.read_text(encoding="utf-8")
    begin, end = _MARKS
    before, _, rest = guide.partition(begin)
    _, _, after = rest.partition(end)
    _GUIDE.write_text(f"{before}{begin}{text}{end}{after}", encoding="utf-8")


def _busiest_account(url: str) -> str:
    for account in _ask(url, "/v1/accounts?limit=100")["data"]:
        account_id: str = account["id"]
        page = _ask(url, f"/v1/social/contents?account_id={account_id}&limit=100")["data"]
        if len(page) == 100 and account["work_platform"]["name"] == "Instagram":
            return account_id
    msg = "no Instagram account has a hundred contents"
    raise RuntimeError(msg)


def _ask(url: str, path: str, body: bytes | None = None) -> typing.Any:
    headers = {"Authorization": authorization(_CREDENTIALS), "Content-Type": "application/json"}
    request = urllib.request.Request(url + path, body, headers)  # noqa: S310 - our own server
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - as above
        return json.load(response)


def _say(text: str) -> None:
    sys.stderr.write(f"bench-mock: {text}\n")

"""Make each mutation of the catalogue in a copy of the project, and report which tests notice.

Usage: python scripts/mutation.py [ID ...] [--group server] [--jobs 2]

Without ids, all mutations of ``tests/mutations`` are tried. The report is reports/mutation.md. Ends
with 0 when every mutation was caught, with 1 when one survived, with 2 when the catalogue cannot be
used or a mutation could not be tried, with 130 after Ctrl-C.

A check catches a mutation by finding something. A check that gives no result, because it cannot be
run or does not end, proves nothing: the mutation then counts as not tried.
"""

from __future__ import annotations

if __name__ == "__main__":
    # First of all: failures of the imports below are covered, too.
    from insightiq._entry_point import run_script

    run_script("mutation", __file__)

import argparse
import compileall
import concurrent.futures
import contextlib
import dataclasses
import datetime as dt
import difflib
import json
import os
import pathlib
import py_compile
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import typing

import openapi_document
import yaml

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
    from types import FrameType

__all__ = ["CatalogueError", "DocumentEdit", "EditError", "LineEdit", "Mutation", "load", "main"]

ROOT = pathlib.Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "tests" / "mutations"
REPORT = ROOT / "reports" / "mutation.md"

GROUPS: typing.Final = ("server", "client", "document")
# Parts of the contract suite, by their markers.
PARTS: typing.Final = (
    "schema",
    "client",
    "stateful",
    "parsing",
    "call_styles",
    "scenarios",
    "traffic",
)
CHECKS: typing.Final = (*PARTS, "unit", "lint", "diff")

_KEYS: typing.Final = frozenset(
    {"id", "title", "file", "lines", "instead", "at", "set", "remove", "rename"}
    | {"checks", "operations", "topics"}
)
_DOCUMENT: typing.Final = "spec/insightiq.yaml"
# What the checks read; each is small.
_COPIED: typing.Final = (
    "generated",
    "overrides",
    "mock_server",
    "spec",
    "scripts",
    "tests/conftest.py",
    "tests/contract",
    "tests/fixtures",
    "tests/support",
    "tests/unit",
    "schemathesis.toml",
    "redocly.yaml",
    "package.json",
    "pyproject.toml",
    "CHANGELOG.md",
)
_PACKAGES: typing.Final = ("generated", "overrides", "mock_server", "scripts")
_SECONDS: typing.Final = 120
# Random cases for each operation: what a mutation shows, it shows soon.
_EXAMPLES: typing.Final = "20"
_SHOWN: typing.Final = 300
# Of each check: nothing was found, something was found.
_RESULTS: typing.Final = (0, 1)
_INTERRUPTIONS: typing.Final = (signal.SIGINT, signal.SIGTERM)


# ---- the catalogue ---------------------------------------------------------------


class CatalogueError(Exception):
    """An entry cannot be used; the message says which, why, and what to do."""


class EditError(Exception):
    """The text is not what the edit was written for; the message says what was looked for."""


@dataclasses.dataclass(frozen=True, slots=True)
class LineEdit:
    """Replaces lines.

    Attributes:
        lines: Whole lines that stand in the text exactly once, at whatever indentation.
        instead: The lines that take their place, indented as those were; empty to leave them out.
    """

    lines: str
    instead: str

    def apply(self, text: str) -> str:
        """Return the mutated text.

        Raises:
            EditError: The lines stand nowhere, or more than once, or are the same.
        """
        wanted = textwrap.dedent(self.lines).rstrip("\n").split("\n")
        present = text.split("\n")
        places = [
            (number, indentation)
            for number in range(len(present) - len(wanted) + 1)
            if (indentation := _indentation(present[number : number + len(wanted)], wanted))
            is not None
        ]
        if len(places) != 1:
            often = f"{len(places)} times" if places else "nowhere"
            msg = f"these lines stand {often} in the file:\n{self.lines.rstrip()}"
            raise EditError(msg)
        [(start, indentation)] = places
        instead = textwrap.indent(textwrap.dedent(self.instead).rstrip("\n"), indentation)
        lines = instead.split("\n") if instead else []
        changed = [*present[:start], *lines, *present[start + len(wanted) :]]
        if changed == present:
            msg = f"the edit changes nothing:\n{self.lines.rstrip()}"
            raise EditError(msg)
        return "\n".join(changed)


def _indentation(present: list[str], wanted: list[str]) -> str | None:
    """Return the indentation with which ``wanted`` stands in ``present``; None if it does not."""
    first = present[0]
    indentation = first[: len(first) - len(first.lstrip())]
    indented = textwrap.indent("\n".join(wanted), indentation).split("\n")
    return indentation if indented == present else None


@dataclasses.dataclass(frozen=True, slots=True)
class DocumentEdit:
    """Changes one place of an OpenAPI document.

    Attributes:
        at: The place, as a JSON pointer.
        action: ``set``, ``remove`` or ``rename``.
        value: What is set there, or the new name.
    """

    at: str
    action: str
    value: object

    def apply(self, text: str) -> str:
        """Return the mutated document.

        Raises:
            EditError: There is no such place, or it is so already.
        """
        document = yaml.load(text, Loader=yaml.CSafeLoader)
        self.change(document)
        dumped: str = yaml.dump(
            document, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True
        )
        return dumped

    def change(self, document: dict[str, typing.Any]) -> None:
        """Mutate a document that was read already.

        Raises:
            EditError: There is no such place, or it is so already.
        """
        *path, last = [
            part.replace("~1", "/").replace("~0", "~") for part in self.at.split("/")[1:]
        ]
        parent: typing.Any = document
        try:
            for part in path:
                parent = parent[_key(parent, part)]
            key = _key(parent, last)
            old = parent[key] if self.action != "set" or key in parent else None
        except (KeyError, IndexError, ValueError, TypeError) as error:
            msg = f"the document has nothing at {self.at} ({error})"
            raise EditError(msg) from error
        if self.action == "remove":
            del parent[key]
        elif self.action == "rename":
            renamed = {self.value if name == key else name: each for name, each in parent.items()}
            parent.clear()
            parent.update(renamed)
        elif old == self.value:
            msg = f"{self.at} is {old!r} already"
            raise EditError(msg)
        else:
            parent[key] = self.value


def _key(parent: object, part: str) -> str | int:
    """Return the key or the index that one part of a pointer names."""
    return int(part) if isinstance(parent, list) else part


@dataclasses.dataclass(frozen=True, slots=True)
class Mutation:
    """One mutation.

    Attributes:
        id: Its name.
        group: ``server``, ``client`` or ``document``.
        title: The mistake, in a sentence.
        file: The file that it stands in, from the project's root.
        edit: The edit that makes it.
        checks: The checks that can see it, the quickest first.
        operations: Ids of the operations that show it; empty for all.
        topics: Modules of the scenarios, or paths in tests/unit, that show it; empty for all.
    """

    id: str
    group: str
    title: str
    file: str
    edit: LineEdit | DocumentEdit
    checks: tuple[str, ...]
    operations: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


def load(folder: pathlib.Path, groups: Sequence[str] = GROUPS) -> list[Mutation]:
    """Read the catalogue, one YAML file for each group.

    Raises:
        CatalogueError: An entry is incomplete, or has another's id.
    """
    mutations = [each for group in groups for each in _group(folder / f"{group}.yaml", group)]
    seen: set[str] = set()
    for mutation in mutations:
        if mutation.id in seen:
            msg = f"two mutations have the id {mutation.id}; give each its own."
            raise CatalogueError(msg)
        seen.add(mutation.id)
    return mutations


def _group(path: pathlib.Path, group: str) -> Iterator[Mutation]:
    for number, entry in enumerate(yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader), 1):
        try:
            yield _mutation(entry, group)
        except (KeyError, TypeError, ValueError) as error:
            name = entry.get("id", number) if openapi_document.is_object(entry) else number
            msg = f"{path.name}: entry {name} cannot be used: {error}"
            raise CatalogueError(msg) from error


def _mutation(entry: Mapping[str, typing.Any], group: str) -> Mutation:
    unknown = sorted(entry.keys() - _KEYS)
    if unknown:
        msg = f"unknown keys {', '.join(unknown)}"
        raise ValueError(msg)
    checks = tuple(entry["checks"])
    strange = [each for each in checks if each not in CHECKS]
    if strange or not checks:
        msg = f"checks are some of {', '.join(CHECKS)}, not {', '.join(strange) or 'none'}"
        raise ValueError(msg)
    actions = [key for key in ("set", "remove", "rename") if key in entry]
    edit: LineEdit | DocumentEdit
    if "file" in entry:
        edit = LineEdit(entry["lines"], entry["instead"])
    elif len(actions) == 1:
        edit = DocumentEdit(entry["at"], actions[0], entry[actions[0]])
    else:
        msg = "a place in the document is either set, removed or renamed"
        raise ValueError(msg)
    return Mutation(
        id=entry["id"],
        group=group,
        title=entry["title"].strip(),
        file=entry.get("file", _DOCUMENT),
        edit=edit,
        checks=checks,
        operations=tuple(entry.get("operations", ())),
        topics=tuple(entry.get("topics", ())),
    )


# ---- trying mutations ------------------------------------------------------------


class NoResultError(Exception):
    """A check gave no result; the message says which, and its last words."""


class StoppedError(Exception):
    """The workspace was stopped."""


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """The result of trying one mutation.

    Attributes:
        mutation: The mutation.
        caught_by: The check that noticed; None for one that survived.
        message: First message of that check.
        seconds: Time that it took, with all checks before.
        problem: Reason that it could not be tried; None if it could.
    """

    mutation: Mutation
    caught_by: str | None
    message: str
    seconds: float
    problem: str | None = None

    @property
    def is_expected(self) -> bool:
        """Whether it was caught."""
        return self.problem is None and self.caught_by is not None


class Workspace:
    """A copy of the project in which a mutation is made, tried and reverted.

    Args:
        root: Its folder.
    """

    def __init__(self, root: pathlib.Path) -> None:
        self._root = root
        self._document = root / "mutated.yaml"
        self._process: subprocess.Popen[str] | None = None
        self._is_stopped = False
        self._lock = threading.Lock()

    def stop(self) -> None:
        """End the check that runs, with all that it has started; from now on none is run."""
        with self._lock:
            self._is_stopped = True
            if self._process is not None:
                _kill(self._process)

    def outcome(self, mutation: Mutation) -> Outcome:
        """Make a mutation and run its checks until one notices."""
        begin = time.monotonic()
        caught_by, message, problem = None, "", None
        try:
            with self._mutated(mutation):
                for check in mutation.checks:
                    found = self._finding(check, mutation)
                    if found is not None:
                        caught_by, message = check, found
                        break
        except EditError as error:
            problem = f"it does not fit {mutation.file}: {error}"
        except NoResultError as error:
            problem = str(error)
        return Outcome(mutation, caught_by, message, time.monotonic() - begin, problem)

    @contextlib.contextmanager
    def _mutated(self, mutation: Mutation) -> Generator[None]:
        """Make a mutation for the block; a mutated document lies beside the project's own."""
        path = self._root / mutation.file
        original = path.read_text(encoding="utf-8")
        mutated = mutation.edit.apply(original)
        if mutation.group == "document":
            self._document.write_text(mutated, encoding="utf-8")
            yield
            return
        path.write_text(mutated, encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(original, encoding="utf-8")

    def _finding(self, check: str, mutation: Mutation) -> str | None:
        """Run a check; return its first message, or None where it finds nothing."""
        try:
            process = self._run(self._command(check, mutation))
        except subprocess.TimeoutExpired:
            msg = f"{check} gave no result: it did not end within {_SECONDS} seconds"
            raise NoResultError(msg) from None
        if process.returncode not in _RESULTS:
            lines = [*process.stdout.splitlines(), *process.stderr.splitlines()]
            last = next((line for line in reversed(lines) if line.strip()), "nothing")
            msg = f"{check} gave no result: {_shortened(last)}"
            raise NoResultError(msg)
        if process.returncode == 0:
            return None
        if check == "diff":
            return f"asks for {json.dumps(json.loads(process.stdout)['version'])}"
        lines = [line.strip() for line in process.stdout.splitlines()]
        if check == "lint":
            found = [line.removeprefix("what:") for line in lines if line.startswith("what:")]
            return _shortened(next(iter(found or lines), ""))
        failed = [line for line in lines if line.startswith(("FAILED ", "ERROR "))]
        return _shortened(next(iter(failed), "").partition(" - ")[2])

    def _command(self, check: str, mutation: Mutation) -> list[str]:
        document = str(self._document)
        if check == "lint":
            return ["scripts/lint_spec.py", document]
        if check == "diff":
            original = str(self._root / mutation.file)
            return ["scripts/diff.py", "--base", original, "--document", document, "--json", "-"]
        pytest = ["-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        if check == "unit":
            return [*pytest, *(f"tests/unit/{topic}" for topic in mutation.topics)]
        modules = [f"tests/contract/scenarios/test_{topic}.py" for topic in mutation.topics]
        chosen = modules if check == "scenarios" and modules else ["tests/contract"]
        command = [*pytest, *chosen, "-m", check, "--seed", "1", "--examples", _EXAMPLES]
        if mutation.operations:
            command += ["--operations", ",".join(mutation.operations)]
        if mutation.group == "document":
            command += ["--document", document]
        return command

    def _run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        paths = os.pathsep.join(str(self._root / package) for package in _PACKAGES)
        # No byte code is written beside a mutation; pytest's summary is as wide as the terminal.
        environment = os.environ | {
            "PYTHONPATH": paths,
            "PYTHONDONTWRITEBYTECODE": "1",
            "COLUMNS": str(2 * _SHOWN),
        }
        with self._lock:
            if self._is_stopped:
                raise StoppedError
            self._process = process = subprocess.Popen(
                [sys.executable, *command],
                cwd=self._root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        with process:
            try:
                output, errors = process.communicate(timeout=_SECONDS)
            except subprocess.TimeoutExpired:
                _kill(process)
                raise
            finally:
                with self._lock:
                    self._process = None
        if self._is_stopped:
            raise StoppedError
        return subprocess.CompletedProcess(command, process.returncode, output, errors)


def _kill(process: subprocess.Popen[str]) -> None:
    """End a process with all that it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


@contextlib.contextmanager
def _workspace(project: pathlib.Path) -> Generator[Workspace]:
    """Copy the project, and remove the copy afterwards."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as scratch:
        root = pathlib.Path(scratch)
        for part in _COPIED:
            source, target = project / part, root / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, target)
        (root / "node_modules").symlink_to(project / "node_modules")
        for package in _PACKAGES:
            # By time, a source that is changed twice within a second would keep its old byte code.
            mode = py_compile.PycInvalidationMode.CHECKED_HASH
            compileall.compile_dir(root / package, quiet=2, invalidation_mode=mode)
        yield Workspace(root)


def _try_all(
    mutations: Sequence[Mutation], *, jobs: int, report: Callable[[Outcome], None]
) -> list[Outcome]:
    """Try every mutation in copies of the project, which are gone afterwards, however it ends."""
    free: queue.SimpleQueue[Workspace] = queue.SimpleQueue()

    def attempt(mutation: Mutation) -> Outcome:
        workspace = free.get()
        try:
            outcome = workspace.outcome(mutation)
        finally:
            free.put(workspace)
        report(outcome)
        return outcome

    with contextlib.ExitStack() as stack:
        workspaces = [stack.enter_context(_workspace(ROOT)) for _ in range(jobs)]
        pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(jobs))
        stack.callback(pool.shutdown, cancel_futures=True)
        for workspace in workspaces:
            free.put(workspace)
            # Running checks are not waited for after an interruption.
            stack.callback(workspace.stop)
        return list(pool.map(attempt, mutations))


# ---- the report ------------------------------------------------------------------


def _shares(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, list[Outcome], int]]:
    """Yield each group with its outcomes, and the number of those that were caught."""
    for group in GROUPS:
        own = [each for each in outcomes if each.mutation.group == group]
        if own:
            yield group, own, sum(each.is_expected for each in own)


def markdown(outcomes: Sequence[Outcome], seconds: float) -> str:
    """Return the report of a run that took ``seconds``."""
    today, cores = f"{dt.datetime.now(dt.UTC):%Y-%m-%d}", os.cpu_count()
    run = f"{today}, {cores} cores: {len(outcomes)} mutations in {seconds / 60:.1f} minutes."
    lines = [
        "# Mutation tests",
        "",
        f"{run} Seconds are those of one mutation, with the start of each process.",
        "",
        "| group | caught | of |",
        "|---|---:|---:|",
    ]
    lines += [f"| {group} | {caught} | {len(own)} |" for group, own, caught in _shares(outcomes)]
    for group, own, _ in _shares(outcomes):
        lines += ["", f"## In the {group}", "", *_rows(own)]
    return "\n".join(lines) + "\n"


def _rows(outcomes: Iterable[Outcome]) -> Iterator[str]:
    yield "| mutation | caught by | seconds | message |"
    yield "|---|---|---:|---|"
    for outcome in outcomes:
        by, message = outcome.caught_by or "**survives**", outcome.message
        if outcome.problem is not None:
            by, message = "**not tried**", outcome.problem
        title = f"{_cell(outcome.mutation.title)} (`{outcome.mutation.id}`)"
        yield f"| {title} | {by} | {outcome.seconds:.1f} | {_cell(message)} |"


def _cell(text: str) -> str:
    text = " ".join(text.split())
    for special in ("\\", "|", "<", "*", "_", "`"):
        text = text.replace(special, f"\\{special}")
    return text


# ---- the command -----------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mutations that the arguments name; return the exit status."""
    options = _parser().parse_args(arguments)
    before = [(number, signal.signal(number, _interrupt)) for number in _INTERRUPTIONS]
    try:
        mutations = _chosen(load(CATALOGUE), options)
        begin = time.monotonic()
        outcomes = _try_all(mutations, jobs=options.jobs, report=_report)
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(markdown(outcomes, time.monotonic() - begin), encoding="utf-8")
        return _conclude(outcomes)
    except CatalogueError as error:
        print(f"mutation: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("mutation: stopped; nothing of the project was changed.", file=sys.stderr)
        return 130
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Stop at the first interruption; a second one must not keep the copies from being removed."""
    for number in _INTERRUPTIONS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mutation", description="Run the mutation tests.")
    parser.add_argument("ids", nargs="*", metavar="ID", help="mutations to try; all without")
    parser.add_argument("--group", action="append", choices=GROUPS, help="only these")
    parser.add_argument("--jobs", type=_count, default=2, help="how many at a time (2)")
    return parser


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        msg = f"{text!r} is not a number of jobs; give a whole number above 0"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _chosen(mutations: list[Mutation], options: argparse.Namespace) -> list[Mutation]:
    ids: list[str] = options.ids
    groups: list[str] = options.group or list(GROUPS)
    known = {mutation.id: mutation.group for mutation in mutations}
    for each in ids:
        if each not in known:
            near = difflib.get_close_matches(each, known, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else "look into tests/mutations."
            msg = f"the catalogue has no mutation {each}; {hint}"
            raise CatalogueError(msg)
        if known[each] not in groups:
            msg = f"{each} is a mutation of the {known[each]}; leave --group out."
            raise CatalogueError(msg)
    return [each for each in mutations if each.group in groups and (not ids or each.id in ids)]


def _report(outcome: Outcome) -> None:
    by = f"caught by {outcome.caught_by}" if outcome.caught_by else "survived"
    if outcome.problem is not None:
        by = "not tried"
    print(f"{outcome.mutation.id:40} {by:22} {outcome.seconds:5.1f} s", flush=True)


def _conclude(outcomes: Sequence[Outcome]) -> int:
    for group, own, caught in _shares(outcomes):
        print(f"mutation: {group}: {caught} of {len(own)} caught")
    print(f"mutation: the report is {REPORT.relative_to(ROOT)}")
    wrong = [outcome for outcome in outcomes if not outcome.is_expected]
    for outcome in wrong:
        name = outcome.mutation.id
        if outcome.problem is not None:
            print(f"mutation: {name} could not be tried: {outcome.problem}")
        else:
            print(f"mutation: {name} survived: {outcome.mutation.title}")
    if any(outcome.problem is not None for outcome in wrong):
        return 2
    return 1 if wrong else 0

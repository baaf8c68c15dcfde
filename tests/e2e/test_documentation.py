"""The documentation is true: its snippets run, its commands exist, its links lead somewhere."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from demonstration.mock_process import MockProcess

from insightiq_mock import cli
from insightiq_mock.control.app import control_document
from insightiq_mock.simulation import Settings

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted(
    page for pattern in ("*.md", "docs/**/*.md", "spec/*.md") for page in ROOT.glob(pattern)
)
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)

MOCK = ".venv/bin/insightiq-mock"
SERVE = f"{MOCK} serve"
# Too long for a test of their own: where each documented command is run instead.
RUN_BY = {
    SERVE: ("tests/unit/insightiq_mock/test_server.py", "stop(signal.SIGINT) =="),
    "make demo": ("tests/e2e/test_demo.py", 'scripts" / "demo.py'),
    "make mock": ("Makefile", "$(BIN)/insightiq-mock serve $(ARGS)"),
    "make test": (".ci/run", "make test"),
    "make install": (".ci/run", "make install"),
    "make bench-client": ("Makefile", "tests/bench/client/run.py"),
    "make bench-mock": ("Makefile", "tests/bench/mock/run.py"),
    "make check": ("Makefile", ".ci/run"),
    "make lint-spec": (".ci/run", "make lint-spec"),
    "make regenerate CHECK=1": (".ci/run", "make regenerate CHECK=1"),
    "make regenerate": ("tests/unit/scripts/generate/conftest.py", "regenerate"),
    "make contract": (".ci/run", "make contract"),
    "make mutation": (".ci/nightly", "make mutation"),
    "make diff": ("tests/e2e/test_diff_command.py", 'run("diff.py"'),
    "make diff BASE=HEAD": ("tests/unit/scripts/changes/test_sources.py", 'find_base("HEAD"'),
    "make diff-table": (".ci/nightly", "make diff-table"),
    "make compare-vendor DOCUMENT=tests/fixtures/vendor_export.yaml": (
        "tests/e2e/test_diff_command.py",
        '"vendor_export.yaml"',
    ),
    "make validate-traffic HAR=traffic.har": (
        "tests/unit/scripts/traffic/test_validate_traffic.py",
        "validate_traffic.main",
    ),
    ".venv/bin/python tests/bench/mock/soak.py --minutes 0.05 --tolerance 1": (
        "tests/e2e/test_mock_soak.py",
        'soak.__file__, "--minutes", "0.05", "--tolerance", "1"',
    ),
}
GUIDE = ROOT / "docs" / "mock-server.md"
CLIENT_GUIDE = ROOT / "docs" / "client.md"
DEFAULT_URL = "http://127.0.0.1:4010"
# Its snippet is a module of the contract suite.
CONTRACT_GUIDE = ROOT / "docs" / "contract-testing.md"
# Runs programs one after another, each in a copy of a process that has imported nothing but what
# is not ours and slow to import; says each one's exit code. A loop that no item passed through has
# shown nothing, so it is a failure.
IN_COPIES = """
import ast, os, sys, httpx

class Counted(ast.NodeTransformer):
    def __init__(self):
        self.lines = set()

    def _note(self, node):
        self.lines.add(node.lineno)
        call = ast.parse(f"LOOPS_RUN.add({node.lineno})", mode="eval").body
        for each in ast.walk(call):
            ast.copy_location(each, node)
        return call

    def loop(self, node):
        note = self._note(node)
        self.generic_visit(node)
        node.body.insert(0, ast.copy_location(ast.Expr(note), node))
        return node

    visit_For = visit_AsyncFor = visit_While = loop

    def comprehension(self, node):
        note = self._note(node)
        self.generic_visit(node)
        part = "value" if isinstance(node, ast.DictComp) else "elt"
        asserted = ast.BoolOp(ast.Or(), [note, getattr(node, part)])
        setattr(node, part, ast.copy_location(asserted, node))
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension

for program in sys.argv[1:]:
    copy = os.fork()
    if not copy:
        for stream, number in (("out", 1), ("err", 2)):
            os.dup2(os.open(f"{program}.{stream}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        counted, ran = Counted(), set()
        with open(program, encoding="utf-8") as source:
            tree = counted.visit(ast.parse(source.read()))
        exec(compile(tree, program, "exec"), {"__name__": "__main__", "LOOPS_RUN": ran})
        if counted.lines - ran:
            sys.exit(f"no item passed through the loops in lines {sorted(counted.lines - ran)}")
        break
    print(os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]), program, flush=True)
"""


@dataclasses.dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: pathlib.Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks() -> Iterator[Block]:
    """All fenced blocks of the documentation."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in FENCE.finditer(text):
            indent, language, body = found.groups()
            lines = [line.removeprefix(indent) for line in body.splitlines()]
            yield Block(page, text.count("\n", 0, found.start()) + 1, language, "\n".join(lines))


def of_language(language: str) -> list[Block]:
    """The blocks of one language."""
    return [block for block in blocks() if block.language == language]


def commands(page: pathlib.Path | None = None) -> list[str]:
    """Every command behind a prompt in the documentation, or on one page of it, once."""
    found = [
        line.removeprefix("$ ")
        for block in of_language("console")
        if page in (None, block.page)
        for line in block.text.splitlines()
        if line.startswith("$ ")
    ]
    return list(dict.fromkeys(found))


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    """The variables that the pages say to set, for the world that `insightiq-mock serve` has."""
    with MockProcess() as server:
        yield {
            **os.environ,
            "INSIGHTIQ_BASE_URL": server.url,
            "INSIGHTIQ_CLIENT_ID": server.client_id,
            "INSIGHTIQ_CLIENT_SECRET": server.client_secret,
        }


def is_test(block: Block) -> bool:
    """Whether a snippet is a test of the reader's own."""
    return "\ndef test_" in block.text


def snippets(*, tests: bool) -> list[Block]:
    """The Python blocks: those that are tests, or the others; without the contract suite's."""
    return [
        block
        for block in of_language("python")
        if is_test(block) == tests and block.page != CONTRACT_GUIDE
    ]


def test_documented_scenario_passes(tmp_path: pathlib.Path) -> None:
    """A scenario is shown as a module beside those of the contract suite."""
    suite = tmp_path / "contract"
    (suite / "scenarios").mkdir(parents=True)
    for name in ("conftest.py", "scenarios/conftest.py"):
        shutil.copy2(ROOT / "tests" / "contract" / name, suite / name)
    [block] = [each for each in of_language("python") if each.page == CONTRACT_GUIDE]
    (suite / "scenarios" / "test_shown.py").write_text(block.text, encoding="utf-8")
    plugins = ("hypothesispytest", "no:cacheprovider")
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-W",
                "error",
                "--import-mode=importlib",
                suite,
            ),
            *(option for name in plugins for option in ("-p", name)),
        ],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_tests_of_documentation_pass(tmp_path: pathlib.Path) -> None:
    """Each test that a page shows passes as it stands, with the pytest plugins of the package."""
    shown = snippets(tests=True)
    for block in shown:
        name = f"test_{block.page.stem}_{block.line}.py"
        (tmp_path / name).write_text(block.text, encoding="utf-8")
    plugins = ("insightiq_mock.testing.plugin", "insightiq.testing.plugin", "no:cacheprovider")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-W", "error"),
            *(option for name in plugins for option in ("-p", name)),
        ],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    number = sum(block.text.count("\ndef test_") for block in shown)
    assert f"{number} passed" in done.stdout


@pytest.fixture(scope="module", params=["first run", "second run"])
def ran(
    environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> dict[str, str]:
    folder = tmp_path_factory.mktemp(request.param.replace(" ", "-"))
    return run_snippets(folder, snippets(tests=False), environment)


def run_snippets(
    folder: pathlib.Path, chosen: list[Block], environment: dict[str, str]
) -> dict[str, str]:
    """Run snippets as programs and return what went wrong with each."""
    programs = {str(folder / f"{block}.py"): block for block in chosen}
    for program, block in programs.items():
        pathlib.Path(program).write_text(block.text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:__main__", "-c", IN_COPIES, *programs],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    codes = dict(reversed(line.split(" ", 1)) for line in done.stdout.splitlines())
    return {
        str(block): problem_of(program, codes.get(program, done.stderr))
        for program, block in programs.items()
    }


def problem_of(program: str, code: str) -> str:
    """Say what is wrong with how a program ended, if anything is."""
    if code != "0":
        errors = pathlib.Path(f"{program}.err")
        return f"{code}: {errors.read_text(encoding='utf-8') if errors.exists() else ''}"
    shown = pathlib.Path(f"{program}.out").read_text(encoding="utf-8")
    return "" if shown else "a snippet shows something"


@pytest.mark.parametrize("block", snippets(tests=False), ids=str)
def test_python_snippet_runs(block: Block, ran: dict[str, str]) -> None:
    """Each Python snippet runs as it stands, again and again, in the world that a reader has."""
    assert ran[str(block)] == ""


def test_every_command_is_run_somewhere() -> None:
    """Each command of the documentation is run by CI or by a test; none is left to trust."""
    for command in commands():
        typed = command in {*commands(GUIDE), *commands(CLIENT_GUIDE)}
        if typed and command not in RUN_BY:
            continue
        assert command in RUN_BY, f"{command}: say where it is run"
        path, text = RUN_BY[command]
        assert text in (ROOT / path).read_text(encoding="utf-8"), command


class Terminal:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def type(self, line: str) -> str:
        """Run a line, which must succeed, and return what it prints."""
        if kept := re.fullmatch(r"(\w+)=\$\((.+)\)", line):
            self._monkeypatch.setenv(kept[1], self.type(kept[2]).rstrip("\n"))
            return ""
        program, *words = shlex.split(os.path.expandvars(line))
        if program == "export":
            for name, _, value in (word.partition("=") for word in words):
                self._monkeypatch.setenv(name, value)
            return ""
        if program != MOCK:
            return subprocess.run(
                [program, *words], check=True, capture_output=True, text=True, timeout=60
            ).stdout
        status = cli.main(words)
        said = self._capsys.readouterr()
        assert (status, said.err) == (0, ""), line
        return said.out


def test_guide_to_mock_server_can_be_followed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its commands, typed one after another into one terminal, all succeed, and do so again."""
    terminal = Terminal(monkeypatch, capsys)
    typed = [each for each in commands(GUIDE) if each not in RUN_BY]
    assert any(DEFAULT_URL in each for each in typed), "people will have this address"
    with MockProcess() as server:
        # What the page exports has to be enough.
        monkeypatch.delenv("INSIGHTIQ_MOCK_URL", raising=False)
        for _ in range(2):
            out = "".join(terminal.type(each.replace(DEFAULT_URL, server.url)) for each in typed)
    for shown in ("ACCOUNTS.CONNECTED", "delivered 200", "contents.list  code=503  2 more"):
        assert shown in out


def test_commands_of_guide_to_client_can_be_followed(
    environment: dict[str, str], tmp_path: pathlib.Path
) -> None:
    """Typed into a terminal they all succeed, and again in another folder, with what it says."""
    script = "\n".join(commands(CLIENT_GUIDE))
    for run in ("first", "second"):
        folder = tmp_path / run
        folder.mkdir()
        done = subprocess.run(
            [
                "/bin/bash",
                "-eux",
                "-o",
                "pipefail",
                "-c",
                script.replace(".venv/bin/insightiq", f"{sys.executable} -m insightiq"),
            ],
            env={**environment, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        made = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
        assert set(made) == {"metrics.csv", "contents.ndjson", "contents.csv", "accounts.csv"}
        assert all(text.count("\n") > 1 for text in made.values())
        assert made["accounts.csv"].startswith("id,user.id,user.name,status\n")


def test_guide_to_mock_server_is_complete() -> None:
    """It names each operation of the control API, each setting and each option of serve."""
    guide = GUIDE.read_text(encoding="utf-8")
    helped = subprocess.run(
        [sys.executable, "-m", "insightiq_mock", "serve", "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    names = {
        *(operation.id for operation in control_document().operations),
        *Settings().to_json(),
        *(set(re.findall(r"--[a-z-]+", helped)) - {"--help"}),
    }
    missing = [name for name in sorted(names) if not re.search(rf"`{name}\b", guide)]
    assert missing == []


def test_every_target_of_make_exists() -> None:
    """Each make target that a page names is in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for page in PAGES:
        for target in re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8")):
            assert target in targets, f"{page.name}: make {target}"


def anchors(page: pathlib.Path) -> set[str]:
    """Return what a link into a page can name: slugs of headings, and explicit ids."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([\w-]+)">', text))


def test_links_lead_somewhere() -> None:
    """Each relative link names a file that exists, and a section that the page has."""
    followed = 0
    for page in PAGES:
        text = FENCE.sub("", page.read_text(encoding="utf-8"))
        for name, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", text):
            target = page.parent / name if name else page
            assert target.exists(), f"{page.name}: {name}"
            if anchor and target.suffix == ".md":
                followed += 1
                assert anchor in anchors(target), f"{page.name}: {name}#{anchor}"
    assert followed

"""The documentation tells the truth: its snippets run, its commands exist, its links lead somewhere."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from demonstration.mock_process import MockProcess

from insightiq_mock.control.app import control_document
from insightiq_mock.simulation import Settings

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)

# Too long for a test of their own: where each documented command is run instead.
RUN_BY = {
    "make demo": ("tests/e2e/test_demo.py", 'scripts" / "demo.py'),
    "make test": (".ci/run", "make test"),
    "make check": ("Makefile", ".ci/run"),
    "make lint-spec": (".ci/run", "make lint-spec"),
    "make regenerate CHECK=1": (".ci/run", "make regenerate CHECK=1"),
    "make regenerate": ("tests/unit/regeneration/conftest.py", "regenerate"),
    "make contract": (".ci/run", "make contract"),
    "make mutants": (".ci/nightly", "make mutants"),
    "make diff": ("tests/e2e/test_diff_command.py", 'run("diff.py"'),
    "make diff BASE=HEAD": ("tests/unit/change_report/test_sources.py", 'find_base("HEAD"'),
    "make diff-table": (".ci/nightly", "make diff-table"),
    "make compare-vendor DOCUMENT=tests/fixtures/vendor_export.yaml": (
        "tests/e2e/test_diff_command.py",
        '"vendor_export.yaml"',
    ),
    "make drift HAR=traffic.har": ("tests/contract/test_drift.py", "drift.main"),
    ".venv/bin/python tests/bench/mock/soak.py --minutes 0.1 --tolerance 1": (
        "tests/e2e/test_mock_soak.py",
        'soak.__file__, "--minutes", "0.1", "--tolerance", "1"',
    ),
}
SERVE = ".venv/bin/insightiq-mock serve"
GUIDE = ROOT / "docs" / "mock-server.md"
CLIENT_GUIDE = ROOT / "docs" / "client.md"
DEFAULT_URL = "http://127.0.0.1:4010"
# Its snippets extend the contract tests, which are no part of a package.
CONTRACT_GUIDE = ROOT / "docs" / "contract-testing.md"


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
    """The variables that the pages tell to set, for a mock server that all snippets share."""
    with MockProcess("--no-limits") as server:
        yield {
            **os.environ,
            "INSIGHTIQ_BASE_URL": server.url,
            "INSIGHTIQ_CLIENT_ID": server.client_id,
            "INSIGHTIQ_CLIENT_SECRET": server.client_secret,
        }


def is_test(block: Block) -> bool:
    """Whether a snippet is a test of the reader's own."""
    return "\ndef test_" in block.text


@pytest.mark.parametrize(
    "block", [block for block in of_language("python") if is_test(block)], ids=str
)
def test_test_of_the_documentation_passes(block: Block, tmp_path: pathlib.Path) -> None:
    """Each test that a page shows passes as it stands, with the pytest plugins of the package."""
    (tmp_path / "test_shown.py").write_text(block.text, encoding="utf-8")
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


@pytest.mark.parametrize(
    "block", [block for block in of_language("python") if not is_test(block)], ids=str
)
def test_python_snippet_runs(block: Block, environment: dict[str, str]) -> None:
    """Each Python snippet runs as it stands, with the variables that the page tells to set."""
    if block.page == CONTRACT_GUIDE:
        path = [str(ROOT / "scripts"), os.environ.get("PYTHONPATH", "")]
        environment = {**environment, "PYTHONPATH": os.pathsep.join(filter(None, path))}
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:__main__", "-c", block.text],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout, "a snippet shows something"


def test_every_command_is_run_somewhere() -> None:
    """Each command of the documentation is run by CI or by a test; none is left to trust."""
    for command in commands():
        typed = command in {*commands(GUIDE), *commands(CLIENT_GUIDE)}
        if command == SERVE or (typed and command not in RUN_BY):
            continue
        assert command in RUN_BY, f"{command}: say where it is run"
        path, text = RUN_BY[command]
        assert text in (ROOT / path).read_text(encoding="utf-8"), command


@pytest.mark.shows_secrets("the output of a process")
def test_guide_to_the_mock_server_can_be_followed() -> None:
    """Its commands, typed one after another into one terminal, all succeed."""
    with MockProcess() as server:
        typed = [each for each in commands(GUIDE) if each != SERVE and each not in RUN_BY]
        script = "\n".join(typed)
        assert script.count(DEFAULT_URL) > 1, "the guide names the address that people will have"
        script = script.replace(DEFAULT_URL, server.url)
        script = script.replace(".venv/bin/insightiq-mock", f"{sys.executable} -m insightiq_mock")
        done = subprocess.run(
            ["/bin/bash", "-eux", "-o", "pipefail", "-c", script],
            cwd=ROOT,
            env={**os.environ, "INSIGHTIQ_MOCK_URL": server.url},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    for shown in ("ACCOUNTS.CONNECTED", "delivered 200", "contents.list  code=503  2 more"):
        assert shown in done.stdout


def test_commands_of_the_guide_to_the_client_can_be_followed(
    environment: dict[str, str], tmp_path: pathlib.Path
) -> None:
    """Typed one after another into one terminal, they all succeed and leave what the page says."""
    script = "\n".join(commands(CLIENT_GUIDE))
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
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert set(made) == {"metrics.csv", "contents.ndjson", "contents.csv", "accounts.csv"}
    assert all(text.count("\n") > 1 for text in made.values())
    assert made["accounts.csv"].startswith("id,user.id,user.name,status\n")


def test_guide_to_the_mock_server_is_complete() -> None:
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


def test_serve_command_starts_a_server_and_stops_with_ctrl_c() -> None:
    """The command that the pages give says that it is ready, and ends quietly."""
    assert SERVE in commands()
    arguments = shlex.split(SERVE)[1:]
    with subprocess.Popen(
        [sys.executable, "-m", "insightiq_mock", *arguments, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        ready = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert ready.startswith("insightiq-mock ready url=http://127.0.0.1:")
    assert (process.returncode, errors) == (0, "")


def test_links_lead_somewhere() -> None:
    """Each relative link names a file that exists."""
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"

"""Additions to the document reach client and mock without a hand-written line."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterator

import lint_spec
import openapi_document
import pytest
import regenerate
from changes import command
from demonstration.mock_process import MockProcess
from document_growth import grown

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "spec" / "insightiq.yaml"
ID = "2c6b9e01-4a7d-4f35-9d82-e1f04c8b7a53"
PROGRAM = f"""
import asyncio
from insightiq import AsyncInsightIQ, InsightIQ, models

with InsightIQ() as iq:
    print(iq.accounts.pause("{ID}").id)
    print(*[sticker.label for sticker in iq.stickers.list()])
    sticker = iq.stickers.create(label="Well done")
    print(iq.stickers.get(sticker.id).label, *[each.label for each in iq.stickers.search(ids=["{ID}"])])
    print(repr(iq.users.list().first().nickname), models.AccountStatus.PAUSED)


async def main() -> None:
    async with AsyncInsightIQ() as iq:
        print((await iq.accounts.pause("{ID}")).id)
        print(*[sticker.label async for sticker in iq.stickers.list()])
        print((await iq.stickers.get("{ID}")).label)


asyncio.run(main())
"""
TYPED = f"""
from typing import assert_type

from insightiq import AsyncInsightIQ, InsightIQ
from insightiq.models import Account, Sticker


def use(iq: InsightIQ) -> None:
    assert_type(iq.accounts.pause("{ID}"), Account)
    assert_type(iq.stickers.create(label="a"), Sticker)


async def use_async(iq: AsyncInsightIQ) -> None:
    assert_type(await iq.accounts.pause("{ID}"), Account)
    assert_type(await iq.stickers.create(label="a"), Sticker)
"""


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A copy of the document with an operation, a resource, a property and a value more."""
    path = tmp_path_factory.mktemp("document") / "insightiq.yaml"
    path.write_text(grown(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def generated(document: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The folder that holds the package generated from that copy."""
    folder = tmp_path_factory.mktemp("generated")
    regenerate.regenerate(document, folder / "insightiq_generated")
    return folder


@pytest.fixture(scope="module")
def environment(document: pathlib.Path, generated: pathlib.Path) -> Iterator[dict[str, str]]:
    """The variables of a program that uses the new package against a mock of the copy."""
    with MockProcess("--spec", str(document)) as server:
        yield {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(generated), str(ROOT / "overrides")]),
            "INSIGHTIQ_BASE_URL": server.url,
            "INSIGHTIQ_CLIENT_ID": server.client_id,
            "INSIGHTIQ_CLIENT_SECRET": server.client_secret,
        }


def test_grown_document_is_clean(
    document: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The lint has nothing to say about what a maintainer adds with care."""
    assert lint_spec.main([str(document), "--own-rules-only"]) == 0, capsys.readouterr().out


def test_written_version_is_enough(
    document: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report names the operations that the mock cannot response from state, and ends with 0."""
    arguments = ["--base", str(DOCUMENT), "--document", str(document), "--output", str(tmp_path)]
    assert command.diff(arguments) == 0
    said = capsys.readouterr().out
    assert "Mock server: no handler for" in said
    assert "accounts.pause" in said.partition("Mock server: ")[2].partition("\n\n")[0]


def test_new_methods_get_responses_from_examples(
    environment: dict[str, str], document: pathlib.Path
) -> None:
    """Both clients have the methods at once, and the mock responds with the document's examples."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    account = openapi_document.load(document)["components"]["examples"]["Account"]["value"]
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        [
            *(account["id"], "Well done", "Well done Well done", "UNSET PAUSED"),
            *(account["id"], "Well done", "Well done"),
        ],
    ), done.stderr


def test_new_method_is_command(environment: dict[str, str], document: pathlib.Path) -> None:
    """The command line has it as well, with the document's words as its help."""

    def insightiq(*words: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "insightiq", *words],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout

    assert "Pause an account.\n" in insightiq("accounts", "--help")
    assert "Stops fetching data of an account" in insightiq("accounts", "pause", "--help")
    shown = json.loads(insightiq("accounts", "pause", ID))
    examples = openapi_document.load(document)["components"]["examples"]
    assert shown == examples["Account"]["value"]


def test_new_method_is_typed(generated: pathlib.Path, tmp_path: pathlib.Path) -> None:
    """A type checker knows what the new method takes and gives."""
    program = tmp_path / "program.py"
    program.write_text(TYPED, encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--config-file=",
            "--cache-dir",
            # The generator has just filled it with what both need.
            str(regenerate.MYPY_CACHE),
            str(program),
        ],
        env={**os.environ, "MYPYPATH": os.pathsep.join([str(generated), str(ROOT / "overrides")])},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout

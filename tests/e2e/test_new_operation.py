"""An operation added to the document reaches client and mock without a hand-written line."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterator

import openapi_document
import pytest
import regenerate
from demonstration.mock_process import MockProcess

ROOT = pathlib.Path(__file__).resolve().parents[2]
ID = "2c6b9e01-4a7d-4f35-9d82-e1f04c8b7a53"
PROGRAM = f"""
import asyncio
from insightiq import AsyncInsightIQ, InsightIQ

with InsightIQ() as iq:
    print(iq.contents.archive("{ID}").title)


async def main() -> None:
    async with AsyncInsightIQ() as iq:
        print((await iq.contents.archive("{ID}")).title)


asyncio.run(main())
"""
TYPED = f"""
from typing import assert_type

from insightiq import AsyncInsightIQ, InsightIQ
from insightiq.models import Content


def use(iq: InsightIQ) -> None:
    assert_type(iq.contents.archive("{ID}"), Content)


async def use_async(iq: AsyncInsightIQ) -> None:
    assert_type(await iq.contents.archive("{ID}"), Content)
"""


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A copy of the document with ``contents.archive``, as a maintainer would add it."""
    grown = openapi_document.load()
    model = grown["paths"]["/v1/social/contents/{id}"]["get"]
    grown["paths"]["/v1/social/contents/{id}/archive"] = {
        "post": {
            **model,
            "operationId": "contents.archive",
            "summary": "Archive a content item",
            "description": "Hides a content item from lists.",
        }
    }
    path = tmp_path_factory.mktemp("document") / "insightiq.yaml"
    # JSON is YAML.
    path.write_text(json.dumps(grown), encoding="utf-8")
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


def test_new_method_is_answered_from_the_example(
    environment: dict[str, str], document: pathlib.Path
) -> None:
    """Both clients have the method at once, and the mock answers with the document's example."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    title = openapi_document.load(document)["components"]["examples"]["Content"]["value"]["title"]
    assert (done.returncode, done.stdout.splitlines()) == (0, [title, title]), done.stderr


def test_new_method_is_a_command(environment: dict[str, str], document: pathlib.Path) -> None:
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

    assert "  archive                 Archive a content item.\n" in insightiq("contents", "--help")
    assert "Hides a content item from lists." in insightiq("contents", "archive", "--help")
    shown = json.loads(insightiq("contents", "archive", ID))
    examples = openapi_document.load(document)["components"]["examples"]
    assert shown == examples["Content"]["value"]


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
            # The regeneration has just filled it with what both need.
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

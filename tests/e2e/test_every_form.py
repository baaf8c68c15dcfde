"""The client of the document that uses every form, against the mock server that serves it."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import pytest
import regenerate
from demonstration.mock_process import MockProcess

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "tests" / "fixtures" / "everything.yaml"
CALLS = """
iq.parameters.query(
    tags=["a", "b"], ids=[1, 2], words=["x", "y"], colours=["red"], filter_={"kind": "cat"},
    query={"text": "hi"}, since=MOMENT, raw_path="/a/b", size=5, old="a",
)
iq.parameters.path(7, True, DAY, "red", 0.5)
iq.parameters.headers(x_trace="t", x_levels=[1, 2], session="s;1")
iq.bodies.inline(name="Rex", size="small", home={"city": "Oslo"})
iq.bodies.send_list(body=[models.Cat(kind="cat", lives=9)])
iq.bodies.send_map(body={"a": 1})
iq.bodies.send_free(body={"a": [1]})
iq.bodies.send_free()
iq.bodies.send_number(body=1.5)
iq.bodies.send_union(body=models.Dog(kind="dog", name="Rex"))
iq.bodies.send_form(name="Ada", age=3, tags=["a", "b"])
iq.bodies.send_files(photo=("a.png", PHOTO, "image/png"), title="Rex")
iq.bodies.send_text(body="hello")
iq.bodies.send_bytes(body=PHOTO)
iq.bodies.patch(name=None)
iq.results.objects()
iq.results.map()
iq.results.number()
iq.results.union()
iq.results.text()
iq.results.download()
iq.results.several()
iq.results.range()
iq.results.redirect()
iq.pets.create(name="Ada", password="planted-password")
iq.pets.get()
"""
PROGRAM = f"""
import ast
import asyncio
import datetime

from insightiq import AsyncInsightIQ, InsightIQ, models

DAY = datetime.date(2026, 10, 31)
MOMENT = datetime.datetime(2026, 10, 31, tzinfo=datetime.UTC)
PHOTO = bytes(range(256))
CALLS = [ast.unparse(each) for each in ast.parse({CALLS!r}).body]

with InsightIQ(strict=True) as iq:
    for call in CALLS:
        print(repr(eval(call)))


async def main() -> None:
    async with AsyncInsightIQ(strict=True) as iq:
        names = {{**globals(), "iq": iq}}
        for call in CALLS:
            print(repr(await eval(call, names)))


asyncio.run(main())
"""
DONE = "Done(done=True)"
CAT, DOG = "Cat(kind=CatKind.CAT, lives=9)", "Dog(kind=DogKind.DOG, name='Rex')"
RESULTS = [
    *[DONE] * 15,
    *(f"[{CAT}]", f"{{'tom': {CAT}}}", "3", DOG, r"'a,b\n1,2\n'", "b'text'", CAT, DOG, "None"),
    "Owner(id='o-1', name='Ada')",
    f"Shelf(name='Ada', pet={CAT}, priority=<Priority.MIDDLE: 2>)",
]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The folder that holds the package generated from the document."""
    folder = tmp_path_factory.mktemp("generated")
    regenerate.regenerate(DOCUMENT, folder / "insightiq_generated")
    return folder


def test_both_clients_and_mock_agree_on_every_form(generated: pathlib.Path) -> None:
    """The mock validates each request strictly, and the clients read each response strictly."""
    with MockProcess("--spec", str(DOCUMENT)) as server:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(generated), str(ROOT / "overrides")]),
            "INSIGHTIQ_BASE_URL": server.url,
            "INSIGHTIQ_CLIENT_ID": server.client_id,
            "INSIGHTIQ_CLIENT_SECRET": server.client_secret,
        }
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert (done.returncode, done.stdout.splitlines()) == (0, 2 * RESULTS), done.stderr

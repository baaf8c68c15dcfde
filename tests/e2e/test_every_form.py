"""The client of the document that uses every form, against the mock server that serves it."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
from collections.abc import Iterator

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


@pytest.fixture(scope="module")
def environment(generated: pathlib.Path) -> Iterator[dict[str, str]]:
    """The variables of a program that uses this package against a mock of the document."""
    with MockProcess("--spec", str(DOCUMENT)) as server:
        yield {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(generated), str(ROOT / "overrides")]),
            "INSIGHTIQ_BASE_URL": server.url,
            "INSIGHTIQ_CLIENT_ID": server.client_id,
            "INSIGHTIQ_CLIENT_SECRET": server.client_secret,
        }


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments."""
    return subprocess.run(
        [sys.executable, *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_both_clients_and_mock_agree_on_every_form(environment: dict[str, str]) -> None:
    """The mock validates each request strictly, and the clients read each response strictly."""
    done = run(environment, "-c", PROGRAM)
    assert (done.returncode, done.stdout.splitlines()) == (0, 2 * RESULTS), done.stderr


def test_contract_suite_covers_every_form(
    generated: pathlib.Path, environment: dict[str, str], tmp_path: pathlib.Path
) -> None:
    """Random requests and responses of each form: server, client, and both together."""
    paths = [generated, *(ROOT / name for name in ("overrides", "tests/support", "scripts"))]
    names = {"BASE_URL", "PYTEST_XDIST_WORKER", *environment} - os.environ.keys()
    kept = {name: text for name, text in environment.items() if name not in names}
    done = run(
        {**kept, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        *("-m", "pytest", str(ROOT / "tests" / "contract"), "-q", "-n", "0"),
        *("-p", "no:cacheprovider", "-m", "schema or client or parsing or call_styles"),
        *("--document", str(DOCUMENT), "--reports", str(tmp_path), "--examples", "10"),
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "67 of 67 operations by status seen" in done.stdout


OK = '{"done": true}'
COMMANDS: dict[str, object] = {
    "parameters path 7 true 2026-10-31 red 0.5": OK,
    'parameters query --tags a b --ids 1 2 --filter {"kind":"cat"} --query {"text":"a"}': OK,
    "parameters headers --x-trace t --x-levels 1 2": OK,
    "bodies send-files --photo FILE --title Rex": OK,
    "bodies send-bytes --body FILE": OK,
    "bodies send-text --body hello": OK,
    'bodies send-list --body {"kind":"cat"}': OK,
    'bodies send-map --body {"a":1}': OK,
    "results objects": '[{"kind": "cat", "lives": 9}]',
    "results map": '{"tom": {"kind": "cat", "lives": 9}}',
    "results number": "3",
    "results text": "a,b\n1,2\n",
    "results download": "text",
    "results redirect": "",
}


@pytest.mark.parametrize("words", COMMANDS)
def test_command_takes_and_shows_every_form(
    environment: dict[str, str], tmp_path: pathlib.Path, words: str
) -> None:
    file = tmp_path / "photo.png"
    file.write_bytes(bytes(range(256)))
    given = [str(file) if word == "FILE" else word for word in words.split()]
    done = run(environment, "-m", "insightiq", *given, "--output", "json")
    expected = COMMANDS[words]
    shown = " ".join(done.stdout.split()) if done.stdout[:1] in "[{" else done.stdout.rstrip("\n")
    shown = shown.replace("[ ", "[").replace("{ ", "{").replace(" ]", "]").replace(" }", "}")
    assert (done.returncode, shown) == (0, str(expected).rstrip("\n")), done.stderr


def test_missing_file_is_one_clear_line(environment: dict[str, str]) -> None:
    done = run(environment, "-m", "insightiq", "bodies", "send-bytes", "--body", "/no/such/file")
    assert done.returncode == 2
    assert "argument --body: /no/such/file cannot be read: No such file" in done.stderr
    assert "Traceback" not in done.stderr

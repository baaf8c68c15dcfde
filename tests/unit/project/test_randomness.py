"""Random numbers of the mock server come from a seed, with listed exceptions."""

from __future__ import annotations

import ast
import pathlib
import typing

import insightiq_mock

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = pathlib.Path(insightiq_mock.__file__).parent

# Module -> names in it that give another value in every run. `random.Random(seed)` is not among them.
RANDOM_NAMES = {
    "uuid": {"uuid1", "uuid4"},
    "random": {
        "random",
        "randint",
        "choice",
        "choices",
        "randrange",
        "getrandbits",
        "SystemRandom",
    },
    "secrets": {"token_hex", "token_bytes", "token_urlsafe", "choice", "randbelow"},
    "os": {"urandom"},
}

ALLOWED = {
    # Client ids and secrets that the caller leaves open: two developers must not share them.
    ("simulation/developers.py", "uuid.uuid4"),
    # Request ids of what is no HTTP: it never reaches the numbered requests.
    ("http_server.py", "uuid.uuid4"),
    # Addresses of receivers without a name: two of them must not share one.
    ("testing/receivers.py", "uuid.uuid4"),
    # Stands for the server's address inside of the process; no text of a document may equal it.
    ("web/internal_routes.py", "uuid.uuid4"),
}


def random_draws() -> Iterator[tuple[str, str]]:
    """Yield file and name of everything in the package that no seed repeats."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            where = path.relative_to(PACKAGE).as_posix()
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if node.attr in RANDOM_NAMES.get(node.value.id, ()):
                    yield where, f"{node.value.id}.{node.attr}"
            elif isinstance(node, ast.ImportFrom) and node.module in RANDOM_NAMES:
                for alias in node.names:
                    yield where, f"{node.module}.{alias.name}"


def test_every_random_draw_comes_from_seed() -> None:
    """But for the places that have to differ between runs."""
    assert set(random_draws()) == ALLOWED

"""Comments that silence a linter, a type checker or the coverage give their reason."""

from __future__ import annotations

import pathlib
import re
import tokenize

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
FOLDERS = ("overrides", "mock_server", "scripts", "tests", "typings")

MOST_SILENCED = 60

SILENCE = re.compile(r"#\s*(?:noqa|type:\s*ignore|pyright:\s*ignore|pragma:\s*no)", re.IGNORECASE)
# mypy takes nothing but a second comment behind its own.
WITH_REASON = re.compile(
    r"# (?:noqa: [A-Z]+[0-9]+(?:, [A-Z]+[0-9]+)* - "
    r"|(?:type|pyright): ignore\[[A-Za-z-]+(?:, ?[A-Za-z-]+)*\] +# "
    r"|pragma: no (?:cover|branch) - )\w"
)


def unreasoned(path: pathlib.Path) -> list[str]:
    """Return the places of ``path`` where something is silenced without codes or a reason."""
    with tokenize.open(path) as file:
        comments = [
            token
            for token in tokenize.generate_tokens(file.readline)
            if token.type == tokenize.COMMENT
        ]
    return [
        f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name}:{comment.start[0]}"
        for comment in comments
        for silence in SILENCE.finditer(comment.string)
        if not WITH_REASON.match(comment.string, silence.start())
    ]


@pytest.mark.parametrize("folder", FOLDERS)
def test_whatever_is_silenced_says_why(folder: str) -> None:
    """A reader learns why a finding is none, and a reason that is gone can be seen to be gone."""
    paths = [*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.pyi")]
    assert paths
    assert [place for path in sorted(paths) for place in unreasoned(path)] == []


def test_few_findings_are_silenced() -> None:
    """A rule that is silenced often is turned off in pyproject.toml, with its reason."""
    sources = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    silenced = []
    for path in sources:
        with tokenize.open(path) as file:
            tokens = tokenize.generate_tokens(file.readline)
            silenced += [
                each for each in tokens if each.type == tokenize.COMMENT and "noqa" in each.string
            ]
    assert len(silenced) <= MOST_SILENCED


@pytest.mark.parametrize(
    ("line", "is_fine"),
    [
        ("import a  # noqa: PLC0415 - slow", True),
        ("import a  # noqa: PLC0415, F401 - slow", True),
        ("a = b()  # type: ignore[misc] # made at run time", True),
        ("a = b()  # type: ignore[misc, arg-type]  # made at run time", True),
        ("a = b()  # type: ignore[misc] # made at run time # noqa: S311 - no secret", True),
        ("a = 'no # noqa in a text'", True),
        ("import a  # noqa", False),
        ("import a  # noqa: PLC0415", False),
        ("import a  # noqa: PLC0415 -", False),
        ("a = b()  # type: ignore", False),
        ("a = b()  # type: ignore[misc]", False),
        ("a = b()  # pyright: ignore[reportAny]", False),
        ("a = b()  # type: ignore[misc] # made at run time # noqa: S311", False),
        ("if a:  # pragma: no cover", False),
    ],
)
def test_reason_is_reported_from_none(tmp_path: pathlib.Path, line: str, *, is_fine: bool) -> None:
    """A code alone is no reason, and a comment without codes silences too much."""
    path = tmp_path / "module.py"
    path.write_text(f"{line}\n    pass\n" if line.startswith("if") else f"{line}\n")
    assert (unreasoned(path) == []) == is_fine

"""Reading docstrings in Google's style: the help texts are those of the methods."""

from __future__ import annotations

import dataclasses
import inspect
import re

__all__ = ["Docstring", "read_docstring"]

_SECTION = re.compile(r"^(Args|Returns|Raises|Example|Examples|Attributes):\n", re.MULTILINE)
_ARGUMENT = re.compile(r"^(\w+): ", re.MULTILINE)


@dataclasses.dataclass(frozen=True, slots=True)
class Docstring:
    """The parts of a docstring.

    Attributes:
        summary: Its first line.
        description: What follows, up to the first section; paragraphs are lines.
        arguments: What each argument means.
    """

    summary: str
    description: str
    arguments: dict[str, str]


def read_docstring(text: str) -> Docstring:
    """Return what ``text``, without its indentation, says."""
    # Texts and names of sections alternate.
    prose, *sections = _SECTION.split(text)
    summary, _, description = prose.partition("\n")
    bodies = dict(zip(sections[::2], sections[1::2], strict=True))
    return Docstring(
        summary=summary.strip(),
        description="\n\n".join(_one_line(each) for each in description.strip().split("\n\n")),
        arguments=_arguments(bodies.get("Args", "")),
    )


def _arguments(section: str) -> dict[str, str]:
    # A line that goes on is indented deeper than the names.
    _, *parts = _ARGUMENT.split(inspect.cleandoc(f"\n{section}"))
    return {name: _one_line(text) for name, text in zip(parts[::2], parts[1::2], strict=True)}


def _one_line(text: str) -> str:
    return " ".join(text.split())

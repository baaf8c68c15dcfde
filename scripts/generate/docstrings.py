"""Text of the document as docstrings: wrapped, escaped, in Google style."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from generate.code import Code, escaped

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ERROR_CLASSES",
    "attributes_section",
    "block",
    "call_docstring",
    "error_entry",
    "first_sentence",
    "literal",
]

LINE_LENGTH = 100

# The classes of ``insightiq.errors``, which the generated code itself does not know.
ERROR_CLASSES = {
    "400": "BadRequestError",
    "401": "AuthenticationError",
    "403": "PermissionDeniedError",
    "404": "NotFoundError",
    "409": "ConflictError",
    "429": "RateLimitError",
    "503": "ServiceUnavailableError",
}


def literal(text: str, indent: int = 0) -> Code:
    """Return ``text`` as a docstring literal whose lines stand ``indent`` blanks to the right."""
    quoted = text.strip().replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    shown = "".join(each if each == "\n" else escaped(_showable(each)) for each in quoted)
    if "\n" not in shown and len(shown) + indent + 6 <= LINE_LENGTH and shown[-1:] != '"':
        return Code(f'"""{shown}"""')
    margin = " " * indent
    lines = [f"{margin}{line}".rstrip(" ") for line in shown.split("\n")]
    return Code('"""' + "\n".join(lines).strip(" ") + f'\n{margin}"""')


def _showable(character: str) -> str:
    """Replace half a surrogate pair: no file and no terminal could take a docstring with it."""
    return "\ufffd" if "\ud800" <= character <= "\udfff" else character


def first_sentence(text: str) -> str:
    """Return the first sentence of ``text``, with its full stop."""
    joined = " ".join(text.split())
    sentence = re.split(r"(?<=[.!?])\s", joined, maxsplit=1)[0]
    return sentence if sentence[-1:] in ".!?" else f"{sentence}."


def error_entry(status: str, description: str) -> tuple[str, str]:
    """Return the class that is raised for ``status``, and when."""
    other = "InternalServerError" if status.startswith("5") else "APIStatusError"
    when = f"{status}: {first_sentence(description)}" if description else f"{status}."
    return ERROR_CLASSES.get(status, other), when


def block(text: str, width: int) -> str:
    """Wrap ``text``; blank lines and list items stay where they are."""
    paragraphs: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        items = re.split(r"\n(?=\s*[-*] )", paragraph)
        paragraphs.append("\n".join(_wrapped(item, width) for item in items))
    return "\n\n".join(paragraphs)


def _wrapped(text: str, width: int) -> str:
    hanging = "  " if text.lstrip().startswith(("- ", "* ")) else ""
    return textwrap.fill(
        " ".join(text.split()),
        width,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _entries(title: str, entries: Iterable[tuple[str, str]], width: int) -> str:
    lines = [
        textwrap.fill(
            f"{name}: {text}" if name else text,
            width,
            initial_indent="    ",
            subsequent_indent="        " if name else "    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for name, text in entries
    ]
    return "\n".join([f"{title}:", *lines])


def attributes_section(entries: Iterable[tuple[str, str]], indent: int) -> str:
    """Return an ``Attributes:`` section."""
    return _entries("Attributes", entries, LINE_LENGTH - indent)


def call_docstring(
    *,
    summary: str,
    description: str,
    arguments: Iterable[tuple[str, str]],
    returns: str,
    errors: Iterable[tuple[str, str]],
    example: str,
    indent: int,
) -> Code:
    """Return the docstring of a method, ready to be put behind its signature."""
    width = LINE_LENGTH - indent
    sections = [block(first_sentence(summary), width)]
    if description:
        sections.append(block(description, width))
    arguments = list(arguments)
    if arguments:
        sections.append(_entries("Args", arguments, width))
    sections.append(_entries("Returns", [("", returns)], width))
    errors = list(errors)
    if errors:
        sections.append(_entries("Raises", errors, width))
    sections.append("Example:\n" + textwrap.indent(example, "    "))
    return literal("\n\n".join(sections), indent)

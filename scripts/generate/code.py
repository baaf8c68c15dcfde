"""Code and literals: text of the document reaches the generated files as literals only.

The templates write values between lines of Python. `as_source` decides what becomes of each: a
`Code` is written as it is, any other text as a string literal. Text that loses its `Code` type on
the way (by joining, by a filter) is a literal again, so a mistake shows at once and never runs.
"""

from __future__ import annotations

import unicodedata

import jinja2
from openapi_python_client.strings import ClassName, PythonIdentifier

__all__ = ["Code", "as_source", "escaped", "string_literal"]


class Code(str):
    """Python source that our own code made; identifiers, annotations, literals, expressions."""

    __slots__ = ()


def as_source(value: object) -> str:
    """Return what a template writes for ``value``; the ``finalize`` of the environment.

    Raises:
        jinja2.TemplateRuntimeError: It is neither code nor text nor a whole number.
    """
    if isinstance(value, Code | PythonIdentifier | ClassName | jinja2.Undefined):
        return str(value)
    if isinstance(value, str):
        return string_literal(value)
    if isinstance(value, int):
        return repr(value)
    msg = f"a {type(value).__name__} is neither code nor text"
    raise jinja2.TemplateRuntimeError(msg)


def string_literal(text: str) -> Code:
    """Return ``text`` as a string literal in double quotes, on one line of printable characters."""
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    return Code(f'"{"".join(map(escaped, inner))}"')


def escaped(character: str) -> str:
    """Return ``character``, or its escape sequence where a line of source cannot show it.

    Bidirectional marks are legal in source, but let readers see another order than Python does.
    """
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode("ascii")

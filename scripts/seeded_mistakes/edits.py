"""Edits that seed a mistake: each proves that it applied, or refuses."""

from __future__ import annotations

import dataclasses
import textwrap
import typing

import yaml

__all__ = ["DocumentEdit", "Edit", "EditError", "LineEdit"]


class EditError(Exception):
    """The text is not what the edit was written for; the message says what was looked for."""


class Edit(typing.Protocol):
    """Makes one mistake in a text."""

    def apply(self, text: str) -> str:
        """Return the text with the mistake in it.

        Raises:
            EditError: It does not fit the text, or changes nothing.
        """
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class LineEdit:
    """Puts some lines in the place of others.

    Attributes:
        lines: Whole lines that stand in the text exactly once, at whatever indentation.
        instead: The lines that take their place, indented as those were; empty to leave them out.
    """

    lines: str
    instead: str

    def apply(self, text: str) -> str:
        """Return the text with the mistake in it.

        Raises:
            EditError: The lines stand nowhere, or more than once, or are the same.
        """
        wanted = textwrap.dedent(self.lines).rstrip("\n").split("\n")
        present = text.split("\n")
        places = [
            (number, indentation)
            for number in range(len(present) - len(wanted) + 1)
            if (indentation := _indentation(present[number : number + len(wanted)], wanted))
            is not None
        ]
        if len(places) != 1:
            often = f"{len(places)} times" if places else "nowhere"
            msg = f"these lines stand {often} in the file:\n{self.lines.rstrip()}"
            raise EditError(msg)
        [(start, indentation)] = places
        instead = textwrap.indent(textwrap.dedent(self.instead).rstrip("\n"), indentation)
        lines = instead.split("\n") if instead else []
        changed = [*present[:start], *lines, *present[start + len(wanted) :]]
        if changed == present:
            msg = f"the edit changes nothing:\n{self.lines.rstrip()}"
            raise EditError(msg)
        return "\n".join(changed)


def _indentation(present: list[str], wanted: list[str]) -> str | None:
    """The indentation with which ``wanted`` stands in ``present``; None if it does not."""
    first = present[0]
    indentation = first[: len(first) - len(first.lstrip())]
    indented = textwrap.indent("\n".join(wanted), indentation).split("\n")
    return indentation if indented == present else None


@dataclasses.dataclass(frozen=True, slots=True)
class DocumentEdit:
    """Changes one place of an OpenAPI document.

    Attributes:
        at: The place, as a JSON pointer.
        doing: ``set``, ``remove`` or ``rename``.
        value: What is set there, or the new name.
    """

    at: str
    doing: str
    value: object

    def apply(self, text: str) -> str:
        """Return the document with the mistake in it.

        Raises:
            EditError: There is no such place, or it is so already.
        """
        document = yaml.load(text, Loader=yaml.CSafeLoader)
        self.change(document)
        dumped: str = yaml.dump(
            document, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True
        )
        return dumped

    def change(self, document: dict[str, typing.Any]) -> None:
        """Make the mistake in a document that was read already.

        Raises:
            EditError: There is no such place, or it is so already.
        """
        *path, last = [
            part.replace("~1", "/").replace("~0", "~") for part in self.at.split("/")[1:]
        ]
        parent: typing.Any = document
        try:
            for part in path:
                parent = parent[_key(parent, part)]
            key = _key(parent, last)
            old = parent[key] if self.doing != "set" or key in parent else None
        except (KeyError, IndexError, ValueError, TypeError) as error:
            msg = f"the document has nothing at {self.at} ({error})"
            raise EditError(msg) from error
        if self.doing == "remove":
            del parent[key]
        elif self.doing == "rename":
            renamed = {self.value if name == key else name: each for name, each in parent.items()}
            parent.clear()
            parent.update(renamed)
        elif old == self.value:
            msg = f"{self.at} is {old!r} already"
            raise EditError(msg)
        else:
            parent[key] = self.value


def _key(parent: object, part: str) -> str | int:
    """The key or the place that one part of a pointer names."""
    return int(part) if isinstance(parent, list) else part

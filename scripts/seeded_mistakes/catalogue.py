"""The catalogue of mistakes: what is wrong in each, and which layers can see it.

One YAML file per group lies under ``tests/seeded_mistakes``. An entry in a file of code names a
``file``, the ``lines`` that stand there once, and what stands there ``instead``; an entry in the
document names a place in it, as a JSON pointer ``at``, and what to do there.
"""

from __future__ import annotations

import dataclasses
import typing

import openapi_document
import yaml

from .edits import DocumentEdit, Edit, LineEdit

if typing.TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["GROUPS", "LAYERS", "CatalogueError", "Mistake", "load"]

GROUPS: typing.Final = ("server", "client", "document")

# Letters of the parts of the contract suite, unit tests of the client, and two checks of a document.
LAYERS: typing.Final = ("P", "A", "B", "C", "D", "S", "W", "unit", "lint", "diff")

_KEYS: typing.Final = frozenset(
    {"id", "mistake", "file", "lines", "instead", "at", "set", "remove", "rename"}
    | {"layers", "operations", "topics", "equivalent", "survives", "stops"}
)
_DOCUMENT: typing.Final = "spec/insightiq.yaml"


class CatalogueError(Exception):
    """An entry cannot be used; the message says which, why, and what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake.

    Attributes:
        id: Its name.
        group: ``server``, ``client`` or ``document``.
        title: What is wrong, in a sentence.
        file: The file that it stands in, from the project's root.
        edit: The edit that makes it.
        layers: The layers that can see it, those that see it soonest first.
        operations: Ids of the operations that show it; empty for all.
        topics: Modules of the scenarios, or paths in tests/unit, that show it; empty for all.
        equivalent: Why nobody could notice it; None for a mistake that somebody could.
        survives: Why it is not caught although somebody could notice; None where it must be.
        stops: What a layer says that cannot even be run with the mistake, as where the server does
            not start; None where the layers must come to a result.
    """

    id: str
    group: str
    title: str
    file: str
    edit: Edit
    layers: tuple[str, ...]
    operations: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    equivalent: str | None = None
    survives: str | None = None
    stops: str | None = None


def load(folder: pathlib.Path, groups: Sequence[str] = GROUPS) -> list[Mistake]:
    """Read the catalogue.

    Raises:
        CatalogueError: An entry is incomplete, says a thing twice, or bears another's name.
    """
    mistakes = [mistake for group in groups for mistake in _group(folder / f"{group}.yaml", group)]
    seen: set[str] = set()
    for mistake in mistakes:
        if mistake.id in seen:
            msg = f"two mistakes are called {mistake.id}; give each its own id."
            raise CatalogueError(msg)
        seen.add(mistake.id)
    return mistakes


def _group(path: pathlib.Path, group: str) -> Iterator[Mistake]:
    entries = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    for number, entry in enumerate(entries, 1):
        try:
            yield _mistake(entry, group)
        except (KeyError, TypeError, ValueError) as error:
            name = entry.get("id", number) if openapi_document.is_object(entry) else number
            msg = f"{path.name}: entry {name} cannot be used: {error}"
            raise CatalogueError(msg) from error


def _mistake(entry: Mapping[str, typing.Any], group: str) -> Mistake:
    unknown = sorted(entry.keys() - _KEYS)
    if unknown:
        msg = f"unknown keys {', '.join(unknown)}"
        raise ValueError(msg)
    layers = tuple(entry["layers"])
    strange = [layer for layer in layers if layer not in LAYERS]
    if strange or not layers:
        msg = f"layers are some of {', '.join(LAYERS)}, not {', '.join(strange) or 'none'}"
        raise ValueError(msg)
    return Mistake(
        id=entry["id"],
        group=group,
        title=entry["mistake"].strip(),
        file=entry.get("file", _DOCUMENT),
        edit=_edit(entry),
        layers=layers,
        operations=tuple(entry.get("operations", ())),
        topics=tuple(entry.get("topics", ())),
        equivalent=entry.get("equivalent"),
        survives=entry.get("survives"),
        stops=entry.get("stops"),
    )


def _edit(entry: Mapping[str, typing.Any]) -> Edit:
    if "file" in entry:
        return LineEdit(entry["lines"], entry["instead"])
    doings = [key for key in ("set", "remove", "rename") if key in entry]
    if len(doings) != 1:
        msg = "a place in the document is either set, removed or renamed"
        raise ValueError(msg)
    return DocumentEdit(entry["at"], doings[0], entry[doings[0]])

"""Reading the OpenAPI document: what every script needs, and nothing else.

The document is plain nested ``dict``/``list`` data as JSON gives it; ``$ref`` stays as written and
is followed on request. The mock server's reader does the work, so that no document is read in two
ways.
"""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from typing_extensions import TypeIs

from insightiq_mock.openapi import (
    METHODS,
    DocumentError,
    join_pointer,
    misdirected,
    operations_of,
    read_bytes,
    read_file,
    read_text,
    resolve,
    unwrap,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "DEFAULT_PATH",
    "METHODS",
    "DocumentError",
    "Operation",
    "is_object",
    "load",
    "load_valid",
    "misdirected",
    "operations",
    "parse",
    "resolve",
    "structure_faults",
    "unwrap",
]

DEFAULT_PATH = pathlib.Path(__file__).resolve().parent.parent / "spec" / "insightiq.yaml"


@dataclasses.dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document.

    Attributes:
        id: Its ``operationId``, or ``METHOD path`` where it has none.
        method: HTTP method in lower case.
        path: Path template, for example ``/v1/users/{id}``.
        data: The operation object as written.
        pointer: JSON pointer to it, for messages.
    """

    id: str
    method: str
    path: str
    data: Mapping[str, Any]
    pointer: str

    @property
    def resource(self) -> str:
        """Text before the dot of the id: ``contents`` of ``contents.list``."""
        return self.id.partition(".")[0]

    @property
    def verb(self) -> str:
        """Text behind the dot of the id: ``list`` of ``contents.list``."""
        return self.id.partition(".")[2]


def load(path: pathlib.Path = DEFAULT_PATH) -> dict[str, Any]:
    """Read the document at ``path``.

    Raises:
        DocumentError: The file is missing, or no document that can be worked with.
    """
    return read_file(path).data


def load_valid(path: pathlib.Path = DEFAULT_PATH) -> dict[str, Any]:
    """Read the document at ``path``, of which the structure is relied upon.

    Raises:
        DocumentError: It cannot be read, or is not OpenAPI 3.0.
    """
    document = load(path)
    faults = structure_faults(document)
    if faults:
        more = f" (and {len(faults) - 1} more; run `make lint-spec`)" if len(faults) > 1 else ""
        msg = f"{path}: {faults[0].removesuffix('.')}{more}."
        raise DocumentError(msg)
    return document


def structure_faults(document: Mapping[str, Any]) -> list[str]:
    """Say what in ``document`` is not OpenAPI 3.0, and which references lead nowhere."""
    # Takes longer to import than a document to read.
    from generate.document_checks import structure_findings

    faults = [finding.sentence for finding in structure_findings(document)]
    return faults or [f"{pointer}: {what}" for pointer, what in misdirected(document)]


def parse(content: str | bytes, name: str) -> dict[str, Any]:
    """Read a document from what a file holds; ``name`` is what messages call it.

    Raises:
        DocumentError: It is no document that can be worked with.
    """
    if isinstance(content, bytes):
        return read_bytes(content, name).data
    return read_text(content, name).data


def operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    """Yield every operation in the order of the document."""
    for path, method, data in operations_of(document):
        written = data.get("operationId")
        yield Operation(
            id=written if isinstance(written, str) else f"{method.upper()} {path}",
            method=method,
            path=path,
            data=data,
            pointer=join_pointer("#/paths", path, method),
        )


def is_object(node: object) -> TypeIs[Mapping[str, Any]]:
    """Return whether ``node`` is a JSON object."""
    return isinstance(node, Mapping)

"""The OpenAPI document: read and checked here, for the mock server and the scripts.

The modules that serve it (`requests`, `responses`, `prefer`, `stack`) are imported by name; nothing
that this package exports imports connexion.
"""

from __future__ import annotations

from insightiq_mock.openapi.document import (
    Document,
    DocumentWatch,
    Operation,
    default_document_path,
    document_from,
    load_document,
)
from insightiq_mock.openapi.reader import (
    Slip,
    Source,
    lines_of,
    read_bytes,
    read_file,
    read_text,
)
from insightiq_mock.openapi.references import find_cycle, follow, misdirected, resolve, unwrap
from insightiq_mock.openapi.tree import (
    METHODS,
    DocumentError,
    join_pointer,
    malformed_paths,
    operations_of,
)

__all__ = [
    "METHODS",
    "Document",
    "DocumentError",
    "DocumentWatch",
    "Operation",
    "Slip",
    "Source",
    "default_document_path",
    "document_from",
    "find_cycle",
    "follow",
    "join_pointer",
    "lines_of",
    "load_document",
    "malformed_paths",
    "misdirected",
    "operations_of",
    "read_bytes",
    "read_file",
    "read_text",
    "resolve",
    "unwrap",
]

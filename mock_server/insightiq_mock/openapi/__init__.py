"""Reading an OpenAPI document, for the mock server and for the scripts of the repository.

Nothing here imports connexion or any other part of the mock server.
"""

from __future__ import annotations

from insightiq_mock.openapi.errors import DocumentError
from insightiq_mock.openapi.operations import METHODS, malformed_paths, operations_of
from insightiq_mock.openapi.reader import Slip, Source, lines_of, read_bytes, read_file, read_text
from insightiq_mock.openapi.references import find_cycle, follow, misdirected, resolve, unwrap

__all__ = [
    "METHODS",
    "DocumentError",
    "Slip",
    "Source",
    "find_cycle",
    "follow",
    "lines_of",
    "malformed_paths",
    "misdirected",
    "operations_of",
    "read_bytes",
    "read_file",
    "read_text",
    "resolve",
    "unwrap",
]

"""The document of this project, read once for all tests of a process.

Reading it takes a fifth of a second. No one may change it: an editing test takes a deep copy, or reads
one of their own with `openapi_document.load`.
"""

from __future__ import annotations

from typing import Any, Final

import openapi_document

__all__ = ["DOCUMENT"]

DOCUMENT: Final[dict[str, Any]] = openapi_document.load()

"""What the 57 operations do: state in, JSON text out; no HTTP here.

`make_handlers` binds each operation of the document to one of a few shapes.
"""

from __future__ import annotations

from .backend import Backend
from .bindings import make_handlers
from .example_requests import ExampleRequests
from .identifiers import canonical_id

__all__ = ["Backend", "ExampleRequests", "canonical_id", "make_handlers"]

"""Every place of a document that a rule can look at: the mock server's own walk."""

from __future__ import annotations

from insightiq_mock.openapi import join_pointer
from insightiq_mock.openapi.tree import Node, Place, mapping, pointer_parts, sequence, walk

__all__ = ["Node", "Place", "join_pointer", "mapping", "pointer_parts", "sequence", "walk"]

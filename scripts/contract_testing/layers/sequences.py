"""Sequences of requests along the links of the document, walked by schemathesis' state machine."""
from __future__ import annotations
def walk(run): pass

# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""Data classes and pure functions for every operation of the document; no I/O.

Import `insightiq` to talk to the API: it stands on this package.
"""

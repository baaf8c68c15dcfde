"""The web layer: from HTTP to `insightiq_mock.calls` and back, driven by the OpenAPI document."""

from __future__ import annotations

from insightiq_mock.web.app import MockApp, create_app
from insightiq_mock.web.document import (
    Document,
    DocumentError,
    default_document_path,
    document_from,
    load_document,
)
from insightiq_mock.web.request_id import request_ids
from insightiq_mock.web.security import CredentialCheck, OneDeveloper

__all__ = [
    "CredentialCheck",
    "Document",
    "DocumentError",
    "MockApp",
    "OneDeveloper",
    "create_app",
    "default_document_path",
    "document_from",
    "load_document",
    "request_ids",
]

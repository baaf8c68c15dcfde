"""The web layer: from HTTP to `insightiq_mock.context` and back, driven by the OpenAPI document."""

from __future__ import annotations

from insightiq_mock.web.app import MockApp, create_app
from insightiq_mock.web.cors import Cors
from insightiq_mock.web.document import (
    Document,
    DocumentError,
    default_document_path,
    document_from,
    load_document,
)
from insightiq_mock.web.fault_rules import FaultRule, FaultRules
from insightiq_mock.web.gate import Gate
from insightiq_mock.web.hosts import HostRule
from insightiq_mock.web.limiter import Limiter
from insightiq_mock.web.own_paths import Offers
from insightiq_mock.web.reload import DocumentWatch
from insightiq_mock.web.request_id import request_ids
from insightiq_mock.web.request_log import LogFilter, LoggedRequest, RequestLog, RingLog, StoredLog
from insightiq_mock.web.security import CredentialCheck, OneDeveloper
from insightiq_mock.web.tenants import Tenants

__all__ = [
    "Cors",
    "CredentialCheck",
    "Document",
    "DocumentError",
    "DocumentWatch",
    "FaultRule",
    "FaultRules",
    "Gate",
    "HostRule",
    "Limiter",
    "LogFilter",
    "LoggedRequest",
    "MockApp",
    "Offers",
    "OneDeveloper",
    "RequestLog",
    "RingLog",
    "StoredLog",
    "Tenants",
    "create_app",
    "default_document_path",
    "document_from",
    "load_document",
    "request_ids",
]

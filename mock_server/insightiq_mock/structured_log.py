"""The server's log: one JSON object per line on standard error. Redaction of secrets."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import sys
from urllib.parse import quote

__all__ = ["configure_logging", "redacted", "redacted_target"]

_LOGGERS = {
    "insightiq_mock": logging.INFO,
    # uvicorn logs its own steps and malformed requests: neither helps.
    "uvicorn.error": logging.ERROR,
    "asyncio": logging.ERROR,
}

_HIDDEN = "[hidden]"

_NAMES = r"[\w-]*(?:secret|token|password|authorization|signature)[\w-]*"
# Text may be cut off anywhere, so a value need not end.
_IN_JSON = re.compile(rf'("{_NAMES}"\s*:\s*")(?:[^"\\]|\\.)*', re.IGNORECASE)
_IN_QUERY = re.compile(rf"(\b{_NAMES}=)[^&\s]*", re.IGNORECASE)
_SCHEME = re.compile(r"\b(Basic|Bearer)\s+[\w+/=.~-]{6,}", re.IGNORECASE)
# JSON Web Tokens; SDK tokens are some.
_WEB_TOKEN = re.compile(r"\beyJ[\w-]{4,}(?:\.[\w-]*){0,2}")


class _JsonLines(logging.Formatter):
    """Writes a record as a line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = dt.datetime.fromtimestamp(record.created, dt.UTC)
        line = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "message": redacted(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = redacted(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def configure_logging() -> None:
    """Log to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    for name, level in _LOGGERS.items():
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.propagate = False
        logger.setLevel(level)


def redacted(text: str) -> str:
    """Return ``text`` without anything that looks like a secret."""
    text = _IN_JSON.sub(rf"\1{_HIDDEN}", text)
    text = _SCHEME.sub(rf"\1 {_HIDDEN}", text)
    return _WEB_TOKEN.sub(_HIDDEN, text)


def redacted_target(target: str) -> str:
    """Return a request target without the values of query parameters that hold secrets."""
    return redacted(_IN_QUERY.sub(rf"\1{quote(_HIDDEN)}", target))

"""What the server tells its operator: one JSON object per line on standard error, without secrets."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys

from insightiq_mock.web.redaction import redacted

__all__ = ["configure_logging"]

_LOGGERS = {
    "insightiq_mock": logging.INFO,
    # uvicorn tells of its steps, and warns of clients that send nonsense: neither is news.
    "uvicorn.error": logging.ERROR,
    "asyncio": logging.ERROR,
}


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
    """Send what the server and its parts log to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    for name, level in _LOGGERS.items():
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.propagate = False
        logger.setLevel(level)

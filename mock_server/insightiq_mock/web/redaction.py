"""Taking secrets out of what people get to read: logs and the request log."""

from __future__ import annotations

import re
from urllib.parse import quote

__all__ = ["redacted", "redacted_target"]

HIDDEN = "[hidden]"

_NAMES = r"[\w-]*(?:secret|token|password|authorization|signature)[\w-]*"
# Text may be cut off anywhere, so a value need not end.
_IN_JSON = re.compile(rf'("{_NAMES}"\s*:\s*")(?:[^"\\]|\\.)*', re.IGNORECASE)
_IN_QUERY = re.compile(rf"(\b{_NAMES}=)[^&\s]*", re.IGNORECASE)
_SCHEME = re.compile(r"\b(Basic|Bearer)\s+[\w+/=.~-]{6,}", re.IGNORECASE)
# A JSON Web Token, whatever it is called; SDK tokens are some.
_WEB_TOKEN = re.compile(r"\beyJ[\w-]{4,}(?:\.[\w-]*){0,2}")


def redacted(text: str) -> str:
    """Return ``text`` with whatever looks like a secret replaced."""
    text = _IN_JSON.sub(rf"\1{HIDDEN}", text)
    text = _SCHEME.sub(rf"\1 {HIDDEN}", text)
    return _WEB_TOKEN.sub(HIDDEN, text)


def redacted_target(target: str) -> str:
    """Return a request target with the values of telling query parameters replaced."""
    return redacted(_IN_QUERY.sub(rf"\1{quote(HIDDEN)}", target))

"""What may be shown of a request or an answer.

A list of what is secret is never complete, so this is a list of what is harmless: text stands in a
log only under such a key. Numbers, true, false and null are shown, everything else is hidden.
"""

from __future__ import annotations

import json
import re
import typing
import urllib.parse

from insightiq._secret import HIDDEN

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["shown_body", "shown_headers", "shown_url"]

_LONGEST = 2000

# Ids of the API, states, kinds, times, paging. external_id is the user's own choice and often an
# address; platform_profile_id, commenter_id and the like name a person on a platform.
_HARMLESS = re.compile(
    r"""
    id | (?:account|user|work_platform|content|content_group|profile|request)_id | ids
    | status | status_code | http_status_code | code | error_code | type | format | visibility
    | monitoring_type | monitor_type | event | events | product | products | gender | currency
    | [a-z_]+_at | from_date | to_date | refresh_since | data_available_from | last_updated_time
    | limit | offset | payout_interval | disconnection_source
    """,
    re.VERBOSE,
)
# What the API itself writes under those keys: ids, codes, times. Anything else is not from it.
_PLAIN = re.compile(r"[A-Za-z0-9_.:+-]{1,64}")
_NUMBERS_HIDDEN = re.compile(r".*(?:phone|routing|digits|birth|otp|pin|secret|token|password).*")
_HARMLESS_HEADERS = frozenset(
    {
        "accept",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "request-id",
        "retry-after",
        "server",
        "user-agent",
    }
)


def shown_url(url: str, path_template: str | None = None) -> str:
    """Return ``url`` with the values of its query hidden, but for harmless ones."""
    parts = urllib.parse.urlsplit(url)
    query = "&".join(
        f"{key}={value if _is_harmless(key, value) else HIDDEN}"
        for key, value in urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
    )
    path = _shown_path(parts.path, path_template)
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def shown_headers(headers: Mapping[str, str]) -> str:
    """Return the headers as one text, with the values of all but harmless ones hidden."""
    return ", ".join(
        f"{name}: {value if name.lower() in _HARMLESS_HEADERS else HIDDEN}"
        for name, value in headers.items()
    )


def shown_body(content: bytes | None) -> str:
    """Return a JSON body with its text hidden, but for harmless one; of another its size alone."""
    if not content:
        return "no body"
    try:
        body = _redacted(json.loads(content), "")
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        # What is read may still be nested too deeply to be walked through.
        return f"{len(content)} bytes that are no JSON"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(content)} bytes)"


def _redacted(value: object, key: str) -> object:
    if isinstance(value, dict):
        items = typing.cast("dict[str, object]", value)
        return {name: _redacted(inner, name) for name, inner in items.items()}
    if isinstance(value, list):
        return [_redacted(inner, key) for inner in typing.cast("list[object]", value)]
    if isinstance(value, str):
        return value if _is_harmless(key, value) else HIDDEN
    if value is None or isinstance(value, bool) or not _NUMBERS_HIDDEN.fullmatch(key):
        return value
    return HIDDEN


def _is_harmless(key: str, value: str) -> bool:
    return _HARMLESS.fullmatch(key) is not None and _PLAIN.fullmatch(value) is not None


def _shown_path(path: str, template: str | None) -> str:
    """Hide what stands in the place of ``{external_id}`` and other parameters that are no ids."""
    if template is None:
        return path
    names = template.split("/")
    segments = path.split("/")
    # A base address may have a path of its own in front.
    offset = len(segments) - len(names)
    for place, name in enumerate(names):
        if name.startswith("{") and not _HARMLESS.fullmatch(name.strip("{}")):
            segments[offset + place] = HIDDEN
    return "/".join(segments)

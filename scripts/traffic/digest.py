"""A drift as a text that a person can read, and as JSON."""

from __future__ import annotations

import collections
import itertools
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from traffic.drift import Drift

__all__ = ["as_json", "as_text"]

_TITLES: typing.Final = {
    "operation": "Operations that the document does not have",
    "status": "Statuses that the document does not have",
    "request": "Requests that the document does not foresee",
    "header": "Headers",
    "body": "Bodies that are no JSON",
    "field": "Fields",
    "type": "Types and formats",
    "value": "Values of enumerations",
}


def as_text(drift: Drift) -> str:
    """Return the drift in groups, the most frequent first, with counts and first places."""
    return "\n".join(_lines(drift))


def _lines(drift: Drift) -> Iterator[str]:
    seen = len(drift.operations)
    yield f"{drift.judged} exchanges with {seen} operations held against the document."
    for reason, count in drift.ignored.most_common():
        yield f"  left out: {count} x {reason}"
    order = list(_TITLES)
    found = sorted(
        drift.differences.items(),
        key=lambda item: (order.index(item[0].kind), item[0].operation, -item[1], item[0].text),
    )
    for kind, group in itertools.groupby(found, key=lambda item: item[0].kind):
        yield ""
        yield _TITLES[kind]
        for difference, count in group:
            place = drift.examples[difference]
            yield f"  {count:>5} x  {difference.operation}: {difference.text}  (first: {place})"
    yield ""
    kinds = collections.Counter(difference.kind for difference in drift.differences)
    total = sum(kinds.values())
    if drift.judged:
        yield f"{total} differences." if total else "The traffic fits the document."


def as_json(drift: Drift) -> dict[str, typing.Any]:
    """Return the drift as JSON data."""
    return {
        "judged": drift.judged,
        "operations": dict(sorted(drift.operations.items())),
        "ignored": dict(drift.ignored),
        "differences": [
            {
                "kind": difference.kind,
                "operation": difference.operation,
                "text": difference.text,
                "count": count,
                "first": drift.examples[difference],
            }
            for difference, count in sorted(
                drift.differences.items(),
                key=lambda item: (item[0].kind, item[0].operation, item[0].text),
            )
        ],
    }

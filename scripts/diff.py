"""Report the effects of an edit of the document on the wire, on Python and on the version.

python scripts/diff.py                              compare with the last release
python scripts/diff.py --base v1.2.0                compare with a git revision, or with a file
python scripts/diff.py --base OLD --document NEW --json -     print JSON and nothing else

Exit codes: 0 if ``info.version`` is sufficient, 1 if it is too low, 2 if the documents could not be
compared (one sentence says why), or not in Python because no client can be generated from one of
them, 130 after Ctrl-C. Writes ``reports/diff/report.md`` and ``report.json``, except with
``--json -``.

Node.js is not needed. If Redocly is installed, it adds a second opinion; ``notes`` say whether it
did.

The JSON, where every verdict is ``none``, ``patch``, ``minor`` or ``major``::

    report_version   1; raised when a key changes its meaning
    base, document   names of the two documents
    notes            sentences about the comparison itself
    python_problem   why no client could be generated from one of the documents; null if it could
    verdict          {wire, python, bump}: the largest verdict of each side, and of both; ``python``
                     is null if there is a ``python_problem``
    version          {base, current, proposed, sufficient}
    changes          [{side, bump, where, what, rule, attention, operations}], largest first:
                     side ``wire`` (where: JSON pointer) or ``python`` (where: dotted names);
                     rule ``redocly/…`` or one of ours; attention: to be looked at although the
                     version does not show it; operations: ids of those whose callers notice
    operations       [{id, request, response, symbols, bump}]: sentences by direction
    operation_count  operations of the newer document
    mock             {unhandled, unbound}: operations without a handler, handlers without one
    deviations       [{number, what, vanished, changed}]: rows of spec/deviations.md to read again
    changelog        the proposed entry, empty if nothing changed
"""

from __future__ import annotations

if __name__ == "__main__":
    # Before the other imports, so that their failures are reported, too.
    from insightiq._entry_point import run_script

    run_script("diff", __file__)

from changes.command import diff as main

__all__ = ["main"]

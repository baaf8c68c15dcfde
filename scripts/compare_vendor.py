"""Compare our document with the vendor's OpenAPI export, limited to our operations.

python scripts/compare_vendor.py DOWNLOADED            OpenAPI 3.0 or 3.1, JSON or YAML
python scripts/compare_vendor.py DOWNLOADED --json -   print JSON and nothing else

Operations are matched by method and path, fields by the keys that lead to them. A difference that
a row of ``spec/deviations.md`` names is known. Exit codes: 0 if all differences are known, 1 if
some are not, 2 if the documents could not be compared, 130 after Ctrl-C. Writes
``reports/diff/vendor.md`` and ``vendor.json``, except with ``--json -``.
"""

from __future__ import annotations

if __name__ == "__main__":
    # Before the other imports, so that their failures are reported, too.
    from insightiq._entry_point import run_script

    run_script("compare-vendor", __file__)

from changes.command import compare_vendor as main

__all__ = ["main"]

"""Tests of the citations of ``spec/evidence.md``."""

from __future__ import annotations

import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
PAGE = ROOT / "spec" / "evidence.md"
# "evidence.md#webhook, #webhook-delivery": one page, several anchors.
CITATION = re.compile(r"evidence\.md((?:#[\w-]+(?:,\s*(?:#\s+)?(?=#\w))?)+)")


def anchors(page: str) -> set[str]:
    """Return what can be linked to: the slug of each heading, and each explicit id."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    slugs = {re.sub(r"[^\w -]", "", text).lower().replace(" ", "-") for text in headings}
    return slugs | set(re.findall(r'<a id="([\w-]+)">', page))


def citations() -> dict[str, set[str]]:
    """Return the anchors that each tracked file cites."""
    listing = subprocess.run(
        ["git", "grep", "-lI", r"evidence\.md#"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = {}
    for name in listing.stdout.split():
        text = (ROOT / name).read_text("utf-8")
        found[name] = {
            anchor for cited in CITATION.findall(text) for anchor in re.findall(r"#([\w-]+)", cited)
        }
    return found


def test_each_citation_resolves() -> None:
    known = anchors(PAGE.read_text("utf-8"))
    cited = citations()
    cited.pop("tests/unit/project/test_evidence.py", None)
    assert len(cited) > 20
    missing = {name: found - known for name, found in cited.items() if found - known}
    assert not missing


def test_no_citation_of_unpublished_notes_remains() -> None:
    """Each fact is cited by an anchor that readers can open, not by a number of private notes."""
    found = subprocess.run(
        ["git", "grep", "-nIE", r"\bfacts,? [A-H]\.?[0-9]?"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    # 1: nothing found; anything above is a failure of git itself.
    assert (found.returncode, found.stdout) == (1, "")

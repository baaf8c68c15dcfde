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
        ["git", "grep", "-lI", r"evidence\.md#"],  # noqa: S607 - the one on PATH
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


def test_links_within_page_resolve() -> None:
    page = PAGE.read_text("utf-8")
    links = set(re.findall(r"\]\(#([\w-]+)\)", page))
    assert links
    assert links <= anchors(page)

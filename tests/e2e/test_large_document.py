"""A document as large as a vendor's: it generates, type-checks, and costs only what is used."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import compare_vendor
import openapi_document
import pytest
import regenerate
from large_document import large_document
from published_document import DOCUMENT

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
import insightiq
from insightiq.testing import ScriptedTransport, response

transport = ScriptedTransport([response(204)])
with insightiq.InsightIQ(client_id="a", client_secret="b", transport=transport) as iq:
    iq.webhooks.delete("11111111-1111-4111-8111-111111111111")
print(*sorted(name for name in sys.modules if name.startswith("insightiq_generated.api.")))
"""


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The document as a file."""
    path = tmp_path_factory.mktemp("large") / "large.json"
    found = large_document()
    assert len(found["paths"]) >= 130
    path.write_text(json.dumps(found), encoding="utf-8")
    return path


def test_only_what_is_called_is_imported(document: pathlib.Path) -> None:
    """The whole package passes mypy, and a call loads its own resource alone."""
    folder = document.with_name("generated")
    regenerate.regenerate(document, folder / "insightiq_generated")
    paths = [str(folder), str(ROOT / "overrides")]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == [
        "insightiq_generated.api.webhooks",
        "insightiq_generated.api.webhooks.delete",
    ], done.stderr


def test_comparison_with_vendor_explains_all(
    document: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Operations beyond ours are counted, and nothing of ours differs."""
    assert compare_vendor.main([str(document)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    own = len(list(openapi_document.operations(DOCUMENT)))
    assert f"has {own} of our {own} operations; 0 differences to explain" in said
    assert "operations of other resources left out" in said

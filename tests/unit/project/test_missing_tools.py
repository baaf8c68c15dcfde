"""Tests that need tools: skipped with a reason, and a failure of a run that may skip nothing."""

from __future__ import annotations

import missing_tools
import pytest

TESTS = """
import pytest

@pytest.mark.node
def test_with_node():
    assert True

def test_without():
    assert True

@pytest.mark.skip(reason="some other reason")
def test_skipped():
    assert False
"""


@pytest.fixture
def without_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the Node.js tools."""
    needs = missing_tools.TOOLS["node"][1]
    monkeypatch.setitem(missing_tools.TOOLS, "node", (lambda: False, needs))


@pytest.mark.usefixtures("without_node")
def test_skip_names_missing_tool(pytester: pytest.Pytester) -> None:
    """A newcomer reads what was not tested, and how to get the tool."""
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_inprocess("-p", "missing_tools", "-rs", "--strict-markers")
    result.assert_outcomes(passed=1, skipped=2)
    result.stdout.fnmatch_lines("*needs the Node.js tools of package.json: run `make install`")


@pytest.mark.usefixtures("without_node")
@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n1")])
def test_no_skips_fails_and_names_skips(
    pytester: pytest.Pytester, workers: tuple[str, ...]
) -> None:
    """CI learns of each test that did not run, whatever the reason, with workers and without."""
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_inprocess("-p", "missing_tools", "--no-skips", *workers)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines("FAILED *::test_skipped: skipped, in a run with --no-skips")


def test_no_skips_passes_where_all_tests_run(pytester: pytest.Pytester) -> None:
    """The option is no failure of its own."""
    pytester.makepyfile("def test_one(): assert True")
    assert pytester.runpytest_inprocess("-p", "missing_tools", "--no-skips").ret == 0

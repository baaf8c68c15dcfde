"""The search for secrets in what a test run leaves: it finds planted ones in every form."""

from __future__ import annotations

import base64
import os
import pathlib
import re
import urllib.parse

import pytest
from secret_forms import Secrets

SECRET = "planted-Secret/7f31~ä"
ROOT = pathlib.Path(__file__).resolve().parents[3]

LEAKS = """
import base64, logging, pathlib, subprocess, sys, urllib.parse, warnings
import pytest
from insightiq import InsightIQ
from insightiq.errors import ConfigurationError
from insightiq.testing import signed_headers

SECRET = "buried-client-secret-7f31"
LOG = logging.getLogger("somewhere")
LOG.propagate = False

@pytest.fixture(autouse=True)
def client():
    return InsightIQ(client_id="planted-id", client_secret=SECRET)

def test_leak_plain(): LOG.debug("got %s", SECRET)
def test_leak_basic():
    LOG.warning("Authorization: Basic " + base64.b64encode(f"planted-id:{SECRET}".encode()).decode())
def test_leak_base64_of_other_text():
    LOG.info("x=" + base64.urlsafe_b64encode(f"?>{SECRET}<?".encode()).decode().rstrip("="))
def test_leak_percent_encoded(): LOG.info("GET /?s=" + "".join(f"%{ord(each):02x}" for each in SECRET))
def test_leak_signature():
    LOG.info("sent %s", signed_headers(b"{}", SECRET)["Webhook-Signatures"])
def test_leak_warning():
    with pytest.warns(UserWarning):
        warnings.warn(SECRET)
def test_leak_error():
    with pytest.raises(ConfigurationError):
        raise ConfigurationError(f"bad: {SECRET}")
def test_leak_attribute():
    try:
        error = ConfigurationError("bad")
        error.given = SECRET
        raise error
    except ConfigurationError:
        pass
def test_leak_foreign_error():
    with pytest.raises(ValueError):
        raise ValueError(SECRET)
def test_leak_logged_error():
    try:
        raise KeyError(SECRET)
    except KeyError:
        LOG.exception("it failed")
def test_leak_output(): print(SECRET)
def test_leak_stderr(): print(SECRET, file=sys.stderr)
def test_leak_process():
    program = "import os; print(os.environ['INSIGHTIQ_CLIENT_SECRET'])"
    subprocess.run([sys.executable, "-c", program], env={"INSIGHTIQ_CLIENT_SECRET": SECRET},
                   capture_output=True)
def test_leak_through_report(): assert SECRET == ""

def test_clean_use(client):
    LOG.debug("made %s with %s", client, client._driver)
    assert client is not None
def test_clean_ready_line():
    program = "print('insightiq-mock ready url=u client_id=i client_secret=" + SECRET + "')"
    subprocess.run([sys.executable, "-c", program], capture_output=True)
@pytest.mark.shows_secrets("the output of the test")
def test_clean_on_purpose(): print(SECRET)
"""
REPORT = """
import pathlib
from insightiq import InsightIQ

def test_writes_report(request):
    client = InsightIQ(client_id="planted-id", client_secret="buried-client-secret-7f31")
    reports = request.config.rootpath / "reports"
    reports.mkdir(exist_ok=True)
    (reports / "calls.txt").write_text("buried-client-secret-7f31")
"""


@pytest.fixture
def searched(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder whose tests are searched, without the plugins of this environment."""
    folders = ["tests/support", "overrides", "generated", "mock_server", "scripts"]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(str(ROOT / each) for each in folders))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for name in [name for name in os.environ if "XDIST" in name]:
        monkeypatch.delenv(name)
    pytester.makeconftest('pytest_plugins = ["secret_search"]')
    return pytester


@pytest.mark.parametrize("workers", ["0", "2"])
def test_planted_secret_is_found_wherever_it_shows(searched: pytest.Pytester, workers: str) -> None:
    """Plain, as Basic credentials, in other base64, percent-encoded; with several workers, too."""
    searched.makepyfile(test_leaks=LEAKS)
    done = searched.runpytest_subprocess("-p", "xdist", "-n", workers, "-q", "-W", "error")
    names = set(re.findall(r"^def test_(leak_\w+)", LEAKS, re.MULTILINE))
    found = {line for line in done.outlines if line.startswith(("ERROR ", "FAILED "))}
    reported = set(
        re.findall(r"^ERROR .*::test_(\w+) - A secret shows", "\n".join(found), re.MULTILINE)
    )
    assert reported == names
    done.assert_outcomes(passed=len(names) - 1 + 3, failed=1, errors=len(names))


@pytest.mark.parametrize("workers", ["0", "2"])
def test_report_with_secret_fails_run(searched: pytest.Pytester, workers: str) -> None:
    """The controller of several workers has no secrets of its own, and looks for theirs."""
    searched.makepyfile(test_report=REPORT)
    done = searched.runpytest_subprocess("-p", "xdist", "-n", workers, "-q")
    done.assert_outcomes(passed=1)
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    done.stdout.fnmatch_lines(["A secret shows in *calls.txt:"])


def test_junit_report_is_searched(searched: pytest.Pytester) -> None:
    """It is written when the last test is over, wherever its option says."""
    searched.makepyfile(test_leaks=LEAKS)
    done = searched.runpytest_subprocess(
        "-q", "-k", "on_purpose", "--junitxml=junit.xml", "-o", "junit_logging=all"
    )
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    done.stdout.fnmatch_lines(["A secret shows in *junit.xml:"])


@pytest.mark.parametrize(
    "text",
    [
        f"<{SECRET}>",
        urllib.parse.quote(SECRET),
        urllib.parse.quote_plus(SECRET, safe=""),
        *(base64.b64encode(f"{'x' * shift}{SECRET}".encode()).decode() for shift in range(3)),
        *(f"{'/' * shift}{base64.b64encode(SECRET.encode()).decode()}" for shift in range(4)),
        urllib.parse.quote(base64.b64encode(SECRET.encode()).decode()),
        base64.urlsafe_b64encode(f"??{SECRET}??".encode()).decode().rstrip("="),
    ],
)
def test_secret_is_recognised_in_any_form(text: str) -> None:
    """Whatever its place in what was encoded, and whatever stands in front of it."""
    secrets = Secrets()
    secrets.add(SECRET)
    assert secrets.found_in(f"one two {text} three") == SECRET
    assert secrets.found_in(f"one two {text[2:-9]} three") is None


@pytest.mark.parametrize("value", ["secret", "s3", "00000000000", "", None, 5])
def test_what_is_no_distinctive_text_is_not_looked_for(value: object) -> None:
    """It would be found in texts that show nothing."""
    secrets = Secrets()
    secrets.add(value)
    assert len(secrets) == 0

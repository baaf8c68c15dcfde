"""The documentation page in a real browser that can reach nothing but this machine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from demonstration.mock_process import MockProcess

from insightiq_mock.control.app import control_document
from insightiq_mock.openapi import default_document_path, load_document

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
pytestmark = pytest.mark.browser
READY = re.compile(r"started successfully on port (\d+)")

ARGUMENTS = [
    "--headless=new",
    # Whoever runs tests as root has no sandbox of the browser's own.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]

# Ends when the page shows what it is waited for; the driver's own time limit ends it otherwise.
UNTIL = """
const done = arguments[arguments.length - 1];
const look = () => {
  const found = (() => { %s })();
  if (found) { done(found); } else { requestAnimationFrame(look); }
};
look();
"""


def programs() -> tuple[str, str]:
    """Return the paths of browser and driver, which the marker says are there."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    assert browser is not None
    assert driver is not None
    return browser, driver


class Browser:
    """A page of a browser, driven by the WebDriver protocol (W3C), which is plain JSON over HTTP."""

    def __init__(self, http: httpx.Client, session: str) -> None:
        self._http = http
        self._session = session

    def call(self, path: str, **body: object) -> Any:
        """Send one command and return its value."""
        response = self._http.post(f"/session/{self._session}{path}", json=body)
        value = response.json()["value"]
        assert response.is_success, value
        return value

    def until(self, script: str) -> Any:
        """Wait until a piece of JavaScript returns something, and return that."""
        return self.call("/execute/async", script=UNTIL % script, args=[])

    def run(self, script: str) -> Any:
        """Run a piece of JavaScript and return its value."""
        return self.call("/execute/sync", script=script, args=[])

    def console_errors(self) -> list[str]:
        """Return the errors that the browser's console shows, those of the policy included."""
        entries = self.call("/se/log", type="browser")
        return [entry["message"] for entry in entries if entry["level"] == "SEVERE"]


@pytest.fixture(scope="module")
def open_browser() -> Iterator[Browser]:
    """A browser without a net."""
    binary, driver = programs()
    with subprocess.Popen(
        [driver, "--port=0"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            port = next(found[1] for found in map(READY.search, lines) if found)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
                wanted = {
                    "browserName": "chrome",
                    "goog:chromeOptions": {"binary": binary, "args": ARGUMENTS},
                    "goog:loggingPrefs": {"browser": "ALL"},
                    "timeouts": {"script": 30_000},
                }
                response = http.post("/session", json={"capabilities": {"alwaysMatch": wanted}})
                assert response.is_success, response.text
                session = response.json()["value"]["sessionId"]
                yield Browser(http, session)
                http.delete(f"/session/{session}")
        finally:
            process.terminate()


@pytest.fixture
def browser(open_browser: Browser) -> Browser:
    """The browser, without what its console shows of an earlier test."""
    open_browser.console_errors()
    return open_browser


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("/docs", load_document(default_document_path())),
        ("/_mock/docs", control_document()),
    ],
    ids=["api", "control"],
)
def test_page_shows_every_operation(
    path: str, document: Any, browser: Browser, shared_server: MockProcess
) -> None:
    """All of the document is listed, one can be opened, and nothing is asked of anybody else."""
    browser.call("/url", url=f"{shared_server.url}{path}")
    title = document.data["info"]["title"]
    assert title in browser.until("return document.querySelector('.info .title')?.innerText")
    browser.run(
        "document.querySelectorAll('.opblock-tag[data-is-open=false]').forEach(tag => tag.click())"
    )
    wanted = {operation.id for operation in document.operations}
    shown = browser.until(
        "const ids = [...document.querySelectorAll('.opblock-summary-operation-id')]"
        f".map(each => each.innerText); return ids.length >= {len(wanted)} ? ids : null"
    )
    # Long ids are shown with places where they may be broken.
    shown = [re.sub(r"[^a-z_.]", "", each) for each in shown]
    assert sorted(shown) == sorted(wanted)

    browser.run("document.querySelector('.opblock-summary-control').click()")
    opened = browser.until(
        "const text = document.querySelector('.opblock.is-open .opblock-body')?.innerText;"
        "return text?.includes('Responses') ? text : null"
    )
    assert "Responses" in opened

    asked = browser.run("return performance.getEntriesByType('resource').map(each => each.name)")
    foreign = [url for url in asked if not url.startswith((shared_server.url, "data:"))]
    assert (len(asked) >= 4, foreign) == (True, []), json.dumps(asked)
    assert browser.console_errors() == []


def open_operation(browser: Browser, url: str, operation_id: str) -> None:
    """Open one operation of a page, as a link to it does."""
    # A page with the same address before the hash would not be loaded again.
    browser.call("/url", url="about:blank")
    browser.call("/url", url=f"{url}/docs#/{operation_id.partition('.')[0]}/{operation_id}")
    browser.until("return document.querySelector('.opblock.is-open button.execute')")


def execute(browser: Browser) -> str:
    """Press Execute and return the status that the page then shows."""
    browser.run("document.querySelector('.opblock.is-open button.execute').click()")
    shown = browser.until(
        "return document.querySelector('.live-responses-table .response .response-col_status')"
        "?.innerText"
    )
    return str(shown).split()[0]


@pytest.mark.parametrize(
    ("operation_id", "status"),
    [
        ("users.list", "200"),
        ("accounts.get", "200"),
        ("comments.list", "200"),
        ("contents.search", "200"),
        ("webhooks.create", "201"),
    ],
)
def test_first_click_on_execute_succeeds(
    operation_id: str, status: str, browser: Browser, shared_server: MockProcess
) -> None:
    """Credentials and examples are filled in: a newcomer has nothing to look up."""
    open_operation(browser, shared_server.url, operation_id)
    browser.until("return document.querySelector('.btn.authorize.locked')")
    assert execute(browser) == status
    address = browser.run("return document.querySelector('.request-url').innerText")
    assert f"{shared_server.url}/v1/" in address
    assert browser.console_errors() == []


def test_execute_without_credentials_shows_error(browser: Browser) -> None:
    """A server that others reach fills nothing in; the page says 401 rather than wait for ever."""
    with MockProcess("--control-token", "a-token-for-tests") as server:
        open_operation(browser, server.url, "users.list")
        assert browser.run("return document.querySelector('.btn.authorize.locked')") is None
        assert execute(browser) == "401"


def test_root_leads_to_page(browser: Browser, shared_server: MockProcess) -> None:
    """The address of the ready line, opened in a browser, shows something."""
    browser.call("/url", url=shared_server.url)
    assert browser.until("return document.querySelector('.info .title') && location.pathname") == (
        "/docs"
    )

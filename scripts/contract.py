"""Hold a server against the OpenAPI document: schemathesis, every phase and every check.

Usage: python scripts/contract.py [OPTIONS OF `st run`], for example
--include-operation-id=users.create or --phases=stateful

Without BASE_URL a mock server is started on a free port of this machine and stopped afterwards.
BASE_URL, CLIENT_ID and CLIENT_SECRET together point at another server. schemathesis.toml holds the
settings. Ends with 0 when the server keeps the document, with 1 when it does not, with 2 when it
could not be asked, with 130 after Ctrl-C.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import re
import select
import socket
import subprocess
import sys
import tempfile
import urllib.parse
from typing import TYPE_CHECKING

import contract_data
import httpx
import openapi_document

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

ROOT = pathlib.Path(__file__).resolve().parent.parent
REPORTS = ROOT / "reports" / "contract"
SETTINGS = ROOT / "schemathesis.toml"
SCHEMATHESIS = pathlib.Path(sys.executable).parent / "st"
# Without limits: the run sends as many requests as it can, and a 429 tells nothing of the others.
OPTIONS_OF_MOCK = ["--port", "0", "--seed", "1", "--no-limits"]
MOCK_COMMAND = [sys.executable, "-m", "insightiq_mock", "serve", *OPTIONS_OF_MOCK]
READY = re.compile(r"ready url=(?P<url>\S+) client_id=(?P<id>\S+) client_secret=(?P<secret>\S+)")
SECONDS_TO_START = 30.0
SECONDS_TO_STOP = 10.0

# The second half starts on an untouched server: schemathesis ends a series of sequences, without a
# word, as soon as the server's state makes one of them behave differently from before.
PARTS = {"requests": "examples,coverage,fuzzing", "sequences": "stateful"}

# Each run creates, changes and deletes what it finds: never on a server of the vendor.
VENDOR_DOMAINS = ("insightiq.ai", "getphyllo.com")


class ContractError(Exception):
    """The server cannot be asked; the message says why and what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """The server to ask.

    Attributes:
        url: Its address, without the paths of the document.
        client_id: User name of HTTP Basic.
        client_secret: Password of HTTP Basic.
    """

    url: str
    client_id: str
    client_secret: str = dataclasses.field(repr=False)


def target_from(environment: Mapping[str, str]) -> Target | None:
    """Return the server that the environment names; None where it names none.

    Raises:
        ContractError: It names half of one, one of the vendor's, or one that does not answer.
    """
    url = environment.get("BASE_URL", "")
    if not url:
        return None
    credentials = [environment.get(name, "") for name in ("CLIENT_ID", "CLIENT_SECRET")]
    if not all(credentials):
        msg = (
            "BASE_URL is set, but CLIENT_ID and CLIENT_SECRET are not; set all three, or none of "
            "them to ask a mock server of our own."
        )
        raise ContractError(msg)
    address = urllib.parse.urlsplit(url)
    host = address.hostname
    if address.scheme not in {"http", "https"} or host is None:
        msg = f"BASE_URL is {url!r}; write it like http://127.0.0.1:4010."
        raise ContractError(msg)
    if any(f".{host}".endswith(f".{domain}") for domain in VENDOR_DOMAINS):
        msg = f"{host} is the vendor's; this test writes and deletes, so give it a mock server."
        raise ContractError(msg)
    try:
        port = address.port or (443 if address.scheme == "https" else 80)
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        msg = f"nothing answers at {url} ({error}); start the server, or correct BASE_URL."
        raise ContractError(msg) from error
    return Target(url, *credentials)


@contextlib.contextmanager
def running_mock(log: pathlib.Path) -> Generator[Target, None, None]:
    """Run a mock server of the document, with ``log`` as its log, until the block ends.

    Raises:
        ContractError: It did not become ready.
    """
    with (
        log.open("w", encoding="utf-8") as log_file,
        # A session of its own: Ctrl-C is meant for schemathesis, which still needs the server.
        subprocess.Popen(
            MOCK_COMMAND,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log_file,
            start_new_session=True,
            text=True,
        ) as process,
    ):
        try:
            yield _wait_until_ready(process, log)
        finally:
            _stop(process)


def _wait_until_ready(process: subprocess.Popen[str], log: pathlib.Path) -> Target:
    assert process.stdout is not None
    readable, _, _ = select.select([process.stdout], [], [], SECONDS_TO_START)
    if not readable:
        msg = f"the mock server was not ready after {SECONDS_TO_START:g} s; its log is {log}."
        raise ContractError(msg)
    line = process.stdout.readline()
    match = READY.search(line)
    if match is None:
        status = process.wait(SECONDS_TO_STOP) if not line else "no ready line"
        said = log.read_text(encoding="utf-8").strip() or line.strip()
        msg = f"the mock server did not start ({status}). It said: {said or 'nothing'}"
        raise ContractError(msg)
    return Target(match["url"], match["id"], match["secret"])


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()


def learn(target: Target) -> str:
    """Ask ``target`` what it holds; return a configuration that makes use of it.

    Raises:
        ContractError: It does not answer as a server of this API.
    """
    document = openapi_document.load()
    credentials = (target.client_id, target.client_secret)
    try:
        with httpx.Client(base_url=target.url, auth=credentials, timeout=30) as client:
            known = contract_data.look_around(document, client)
    except httpx.HTTPStatusError as error:
        answer = error.response
        msg = f"{answer.request.url} answered {answer.status_code}: {answer.text[:200]}"
        raise ContractError(msg) from error
    except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
        msg = f"{target.url} does not answer as a server of this API ({error!r})."
        raise ContractError(msg) from error
    return contract_data.configuration(document, known)


def run_schemathesis(target: Target, part: str, phases: str, options: Sequence[str]) -> int:
    """Ask ``target`` what belongs to ``phases``; return the exit status of schemathesis."""
    # Caches of earlier runs change what is generated, so each run gets an empty place for them.
    with tempfile.TemporaryDirectory(prefix="contract-") as scratch:
        settings = pathlib.Path(scratch) / "schemathesis.toml"
        settings.write_text(f"{SETTINGS.read_text(encoding='utf-8')}\n{learn(target)}")
        command = [str(SCHEMATHESIS), f"--config-file={settings}", "run"]
        command += [
            str(openapi_document.DEFAULT_PATH),
            f"--url={target.url}",
            f"--phases={phases}",
            "--report=junit,html",
            f"--report-junit-path={REPORTS / part}.xml",
            f"--report-html-path={REPORTS / part}",
        ]
        environment = os.environ | {
            "CLIENT_ID": target.client_id,
            "CLIENT_SECRET": target.client_secret,
            "HYPOTHESIS_STORAGE_DIRECTORY": scratch,
        }
        return subprocess.run(
            [*command, *options],
            check=False,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
        ).returncode


def run_parts(options: Sequence[str]) -> int:
    """Run every part, each against a server of its own where we start it.

    Raises:
        ContractError: The server cannot be asked.
    """
    named = target_from(os.environ)
    chosen = [option.partition("=")[2] for option in options if option.startswith("--phases=")]
    parts = {"chosen": chosen[-1]} if chosen else PARTS
    status = 0
    for part, phases in parts.items():
        print(f"contract: {part} ({phases})", flush=True)
        mock = running_mock(REPORTS / f"{part}-mock.log")
        with contextlib.nullcontext(named) if named else mock as target:
            status = max(status, run_schemathesis(target, part, phases, options))
    return status


def main(options: Sequence[str]) -> int:
    """Run the contract test; return the exit status."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    reports = f"Reports and logs: {REPORTS.relative_to(ROOT)}/"
    try:
        status = run_parts(options)
    except ContractError as error:
        print(f"contract: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("contract: stopped.", file=sys.stderr)
        return 130
    if status == 0:
        print(f"contract: the server keeps the document. {reports}")
    else:
        print(
            "contract: the server does not keep the document, or could not be asked: see above. "
            f"`.venv/bin/st explain CODE` says what a code means. {reports}",
            file=sys.stderr,
        )
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

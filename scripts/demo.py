"""Walk through an integration with the client, against a mock server started for it.

Run it with ``make demo``. It needs no network and no credentials, leaves nothing behind, and ends
with 0 when every step went well.
"""

from __future__ import annotations

if __name__ == "__main__":
    # First of all: failures of the imports below are covered, too.
    from insightiq._entry_point import run_script

    run_script("demo", __file__)

import argparse
import os
import pathlib
import signal
import sys
import time
from typing import TYPE_CHECKING

from demonstration.mock_process import MockProcess, MockProcessError
from demonstration.story import Story
from demonstration.walk import DemoError, walk

from insightiq import InsightIQ, InsightIQError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

_INTERRUPTED = 130
_NEXT = """\
What to try next
  Keep a mock server running:     {folder}/insightiq-mock serve
  and in another terminal:        export INSIGHTIQ_BASE_URL=http://127.0.0.1:4010
                                  export INSIGHTIQ_CLIENT_ID={client_id}
                                  export INSIGHTIQ_CLIENT_SECRET={client_secret}
                                  {folder}/python
                                  >>> from insightiq import InsightIQ
                                  >>> InsightIQ().users.list().first()
  With credentials of your own:   leave INSIGHTIQ_BASE_URL out; INSIGHTIQ_ENVIRONMENT=sandbox
  Read how these steps are made:  scripts/demonstration/walk.py
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo and return its exit code."""
    argparse.ArgumentParser(prog="demo", description=__doc__).parse_args(arguments)
    interruptions: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        # SIGTERM, too, so that the mock server is stopped.
        interruptions.append(number)
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        # What a script runs in the background is started with Ctrl-C ignored.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, interrupt)
    # Names of creators are not ASCII; a terminal that cannot show them gets question marks.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace", line_buffering=True)
    story = Story(sys.stdout)
    try:
        return _run(story)
    except BaseException:
        # Not only KeyboardInterrupt: while Python loads a module, it makes other errors of it.
        if not interruptions:
            raise
        _print_error(f"interrupted{_place(story)}")
        return _INTERRUPTED


def _run(story: Story) -> int:
    try:
        _report(story)
    except BrokenPipeError:
        # A reader that stopped early has seen enough; the interpreter must not write a traceback at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (InsightIQError, MockProcessError, DemoError) as error:
        _print_error(f"failed{_place(story)}: {error}")
        return 1
    return 0


def _report(story: Story) -> None:
    start = time.monotonic()
    story.title("InsightIQ: an integration from webhook to income, against a mock server")
    with MockProcess("--no-limits", "--clock", "fixed") as mock:
        story.remark(f"The mock server responds at {mock.url}. All creators are invented.")
        with InsightIQ(
            base_url=mock.url,
            client_id=mock.client_id,
            client_secret=mock.client_secret,
            on_event=story.watch,
        ) as iq:
            walk(iq, story)
    seconds = time.monotonic() - start
    story.remark(
        f"Done: {story.steps} steps, {story.requests} requests, {seconds:.1f} s. "
        "The mock server is stopped."
    )
    folder = pathlib.Path(sys.executable).parent
    if folder.is_relative_to(pathlib.Path.cwd()):
        folder = folder.relative_to(pathlib.Path.cwd())
    text = _NEXT.format(folder=folder, client_id=mock.client_id, client_secret=mock.client_secret)
    story.plain(text)


def _place(story: Story) -> str:
    return f" in step {story.steps} ({story.current})" if story.current else ""


def _print_error(text: str) -> None:
    sys.stdout.flush()
    sys.stderr.write(f"\ndemo: {text}\n")

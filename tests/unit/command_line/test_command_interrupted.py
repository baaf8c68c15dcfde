"""Ctrl-C before the command has begun."""

from __future__ import annotations

import subprocess
import sys

_PRESSED_DURING_IMPORT = """
import sys

class Pressed:
    def find_spec(self, name, *_):
        if name == "insightiq.command_line._parsers":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Pressed())
from insightiq.__main__ import run
run()
"""


def test_ctrl_c_during_the_import_is_quiet() -> None:
    """A person who changes their mind at once sees no traceback: 130, and not a word."""
    done = subprocess.run(
        [sys.executable, "-c", _PRESSED_DURING_IMPORT, "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")

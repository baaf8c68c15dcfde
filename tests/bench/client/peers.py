"""Peers of the client, installed when a benchmark first needs them."""

from __future__ import annotations

import hashlib
import pathlib
import subprocess
import sys

__all__ = ["PeersError", "bring"]

_REQUIREMENTS = pathlib.Path(__file__).parent / "requirements.txt"
_FOLDER = pathlib.Path(__file__).parents[3] / "build" / "bench-client"


class PeersError(Exception):
    """The peers cannot be had; the message says why and what to do."""


def bring() -> None:
    """Install the peers into a folder of their own, once, and make them importable.

    Raises:
        PeersError: They cannot be installed.
    """
    mark = _FOLDER / ".ready"
    wanted = hashlib.sha256(_REQUIREMENTS.read_bytes()).hexdigest()
    if not mark.exists() or mark.read_text() != wanted:
        _install()
        mark.write_text(wanted)
    # Behind everything else: what the project itself has pinned comes first.
    if str(_FOLDER) not in sys.path:
        sys.path.append(str(_FOLDER))


def _install() -> None:
    sys.stderr.write("bench-client: installing the peers into build/bench-client (once)\n")
    command = [
        *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable),
        *("--target", str(_FOLDER), "--requirements", str(_REQUIREMENTS)),
    ]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        reason = finished.stderr.strip() or f"exit code {finished.returncode}"
        msg = (
            f"the peers of {_REQUIREMENTS.name} cannot be installed:\n{reason}\n"
            "Make the package index reachable, or measure what needs no peers: "
            'make bench-client ARGS="small-call import scheduling".'
        )
        raise PeersError(msg)

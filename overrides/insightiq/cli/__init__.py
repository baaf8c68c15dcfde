"""The command ``insightiq``.

::

    insightiq whoami
    insightiq RESOURCE METHOD …
    insightiq export RESOURCE … --to FILE

Results go to standard output, everything else to standard error. Exit codes: 0 when it is done,
1 when the call failed, 2 for a wrong command line or configuration, 130 after Ctrl-C. A reader that
goes away early (``| head``) is no failure. `insightiq._entry_point` adds 70 for a mistake of the
program and 74 where standard output cannot be written.
"""

from __future__ import annotations

from insightiq.cli._main import main

__all__ = ["main"]

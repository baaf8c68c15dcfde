"""Run the command: ``python -m insightiq_mock``."""

from __future__ import annotations

import sys

from insightiq_mock.cli import main

if __name__ == "__main__":
    sys.exit(main())

"""Imported by the process that is copied for each part: what takes long is done here, once."""

from __future__ import annotations

import gc
import importlib
import signal
import typing

from contract_testing.hypothesis_start import warm_up

__all__: list[str] = []

# The parent hears Ctrl-C, too, and ends this process by ending itself.
signal.signal(signal.SIGINT, signal.SIG_IGN)

_SLOW_TO_IMPORT: typing.Final = (
    "contract_testing.layers.client_sequences",
    "contract_testing.layers.properties",
    "contract_testing.layers.scenarios",
    "contract_testing.layers.scripted_answers",
    "contract_testing.parts",
    "insightiq.models",
    "insightiq_mock.testing.application",
)

for _name in _SLOW_TO_IMPORT:
    importlib.import_module(_name)
warm_up()
# The copies need not look through what none of them lets go of.
gc.collect()
gc.freeze()

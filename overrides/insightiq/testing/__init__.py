"""What helps to test programs that use this package: a fake clock and a scripted server.

clock = FakeClock()
transport = ScriptedTransport([answer(503), answer(200, json={"id": "u-1"})], clock=clock)
iq = InsightIQ(client_id="id", client_secret="s3", transport=transport, clock=clock)
"""

from __future__ import annotations

from insightiq.testing._clock import FakeClock
from insightiq.testing._transport import (
    ScriptedTransport,
    SentRequest,
    answer,
    late,
    lost,
    refused,
    timed_out,
)

__all__ = [
    "FakeClock",
    "ScriptedTransport",
    "SentRequest",
    "answer",
    "late",
    "lost",
    "refused",
    "timed_out",
]

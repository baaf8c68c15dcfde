"""A mock server of the InsightIQ (formerly Phyllo) API, made from its OpenAPI document. Unofficial.

`insightiq_mock.context` is the seam: `insightiq_mock.web` turns HTTP into calls and replies into HTTP;
`insightiq_mock.handlers` answers calls from `insightiq_mock.db`, which `insightiq_mock.world`
fills.
"""

from __future__ import annotations

__all__: list[str] = []

"""A mock server of the InsightIQ (formerly Phyllo) API, made from its OpenAPI document. Unofficial.

`insightiq_mock.context` is the seam: `insightiq_mock.web` turns HTTP into request contexts and responses
into HTTP; `insightiq_mock.resources` handles them, on `insightiq_mock.simulation` and
`insightiq_mock.db`.
"""

from __future__ import annotations

__all__: list[str] = []

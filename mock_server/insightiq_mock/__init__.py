"""A mock server of the InsightIQ (formerly Phyllo) API, made from its OpenAPI document. Unofficial.

`insightiq_mock.context` is shared by all: `insightiq_mock.app` makes a `RequestContext` of each
request, and `insightiq_mock.handlers` return a `Response`, from `insightiq_mock.db`, which
`insightiq_mock.world` fills.
"""

from __future__ import annotations

__all__: list[str] = []

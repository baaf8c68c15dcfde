"""A mock server of the InsightIQ (formerly Phyllo) API, made from its OpenAPI document. Unofficial.

`insightiq_mock.context` is shared by all: `insightiq_mock.app` makes a `RequestContext` of each
request, and the handlers in `insightiq_mock.resources` return a `Response`, on `insightiq_mock.simulation`
and `insightiq_mock.db`.
"""

from __future__ import annotations

__all__: list[str] = []

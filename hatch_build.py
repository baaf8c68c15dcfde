"""Puts the document into the wheel, beside the mock server that serves it when none is named.

A plain ``force-include`` would also copy it into the environment of an editable install, where the
copy would go stale.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DocumentHook(BuildHookInterface[Any]):
    """Adds ``spec/insightiq.yaml`` to wheels that are not editable."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Tell hatchling what else goes into the wheel."""
        if version != "editable":
            build_data["force_include"]["spec/insightiq.yaml"] = "insightiq_mock/insightiq.yaml"

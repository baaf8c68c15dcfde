"""The verbs of the command ``insightiq-mock``, a module per subject, imported when they are used."""

from __future__ import annotations

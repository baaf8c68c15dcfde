"""Recorded traffic: reading it, and holding it against the document."""

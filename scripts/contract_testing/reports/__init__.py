"""The reports of a run: JUnit for machines, HAR for tools, one page for people."""

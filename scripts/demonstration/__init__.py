"""The parts of the demo: the mock server's process, the walk, and how it is told."""

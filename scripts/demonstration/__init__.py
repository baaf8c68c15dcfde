"""Parts of the demo: the mock server's process, the steps, and their output."""

"""Middlewares of the mock server and its internal routes."""

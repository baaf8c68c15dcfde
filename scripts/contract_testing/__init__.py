"""The contract tests: layers that hold document, server and client against one another."""

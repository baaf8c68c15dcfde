"""Support of the contract suite in tests/contract: servers, recording, checks, reports."""

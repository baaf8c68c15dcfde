"""Sources of secrets in a test run: each that the code under test is given or makes.

What Hypothesis makes up is left out: it likes words of the source code, which show everywhere.
"""

from __future__ import annotations

import base64
import functools
import hmac
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from secret_forms import Secrets

from insightiq._secret import Secret

__all__ = ["SecretSources"]

_VARIABLES = ("INSIGHTIQ_CLIENT_SECRET", "INSIGHTIQ_MOCK_TOKEN")

# Classes whose new objects hold secrets. They are watched once something has imported them.
_HOLDERS: Mapping[tuple[str, str], tuple[str, Callable[[Any], list[Any]]]] = {
    ("insightiq_mock.testing.tenant", "MockTenant"): ("__init__", lambda it: [it.client_secret]),
    ("insightiq_mock.simulation.developers", "Developer"): ("__init__", lambda it: [*it.secrets]),
    ("insightiq_mock.resources.sdk_tokens", "SdkToken"): ("__init__", lambda it: [it.text]),
    ("demonstration.mock_process", "MockProcess"): ("__enter__", lambda it: [it.client_secret]),
}


class SecretSources:
    """Watches them while a test run lasts.

    Args:
        secrets: Takes what comes.
    """

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._patch = pytest.MonkeyPatch()
        self._waiting = dict(_HOLDERS)

    def watch(self) -> None:
        """Begin."""
        add = self._add
        self._after(Secret, "__init__", lambda it: [it.reveal()])
        self._after(hmac.HMAC, "hexdigest", lambda it: [it.digest().hex()])
        digest = hmac.digest

        def watched_digest(key: Any, message: Any, digest_name: Any) -> bytes:
            made = digest(key, message, digest_name)
            for each in (key, made.hex(), base64.urlsafe_b64encode(made).rstrip(b"=")):
                add(each)
            return made

        self._patch.setattr(hmac, "digest", watched_digest)
        start = subprocess.Popen.__init__

        @functools.wraps(start)
        def watched_start(process: Any, *args: Any, **options: Any) -> None:
            for name in _VARIABLES:
                add((options.get("env") or {}).get(name))
            start(process, *args, **options)

        self._patch.setattr(subprocess.Popen, "__init__", watched_start)

    def watch_new_modules(self) -> None:
        """Watch the classes that have been imported meanwhile."""
        for module, name in [each for each in self._waiting if each[0] in sys.modules]:
            method, secrets_of = self._waiting.pop((module, name))
            self._after(getattr(sys.modules[module], name), method, secrets_of)

    def stop(self) -> None:
        """Leave everything as it was."""
        self._patch.undo()

    def _add(self, value: object) -> None:
        hypothesis: Any = sys.modules.get("hypothesis")
        if hypothesis is None or not hypothesis.currently_in_test_context():
            self._secrets.add(value)

    def _after(self, kind: type, method: str, secrets_of: Callable[[Any], list[Any]]) -> None:
        """Have ``method`` of ``kind`` report the secrets of its object when it returns."""
        original = getattr(kind, method)

        @functools.wraps(original)
        def watched(it: Any, *args: Any, **options: Any) -> Any:
            result = original(it, *args, **options)
            for each in secrets_of(it):
                self._add(each)
            return result

        self._patch.setattr(kind, method, watched)

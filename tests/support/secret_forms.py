"""Finding a secret in a text, also where it is percent-encoded or in base64."""

from __future__ import annotations

import base64
import collections
import re
import urllib.parse
from collections.abc import Iterator

__all__ = ["Secrets", "shows"]

# Shorter or more uniform ones would be found in texts that do not show them.
_SHORTEST = 8
_FEWEST_CHARACTERS = 5
# Most secrets belong to one test; looking for all that there ever were would take minutes.
_REMEMBERED = 500
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{11,}")
_STANDARD = str.maketrans("-_", "+/")


class Secrets:
    """The secrets that a test run has used so far."""

    def __init__(self) -> None:
        self._lasting: dict[str, None] = {}
        self._recent: collections.deque[str] = collections.deque(maxlen=_REMEMBERED)
        # Looking for bytes takes a fifth of the time in a text that has any character of Unicode.
        self._all: dict[str, bytes] = {}
        self.are_lasting = True

    def add(self, value: object) -> None:
        """Take a secret: text, or bytes that are text.

        What comes while ``are_lasting`` is set is looked for until the end of the run, anything
        else in the test that used it and in the next ones.
        """
        text = value.decode("utf-8", "replace") if isinstance(value, bytes | bytearray) else value
        if not isinstance(text, str) or len(text) < _SHORTEST:
            return
        if len(set(text)) < _FEWEST_CHARACTERS:
            return
        if text not in self._all:
            self._all[text] = _utf8(text)
            if not self.are_lasting:
                self._recent.append(text)
        if self.are_lasting:
            self._lasting[text] = None

    def found_in(self, text: str, *, among_all: bool = False) -> str | None:
        """Return a secret that ``text`` shows in any form, or None."""
        wanted = [*self._all] if among_all else [*self._lasting, *self._recent]
        for view in map(_utf8, shows(text)):
            for secret in wanted:
                if self._all[secret] in view:
                    return secret
        return None

    def known(self) -> list[str]:
        """Return all secrets."""
        return [*self._all]

    def __len__(self) -> int:
        return len(self._all)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def shows(text: str) -> Iterator[str]:
    """Yield what a reader of ``text`` can learn from it: itself, and its encoded parts decoded."""
    plain = urllib.parse.unquote(text) if "%" in text else text
    for view in dict.fromkeys((text, plain)):
        yield view
        yield "\n".join(_decoded(view))


def _decoded(text: str) -> Iterator[str]:
    for run in dict.fromkeys(_BASE64.findall(text)):
        standard = run.translate(_STANDARD)
        # Other characters of the alphabet may stand in front of it.
        for start in range(4):
            part = standard[start:]
            part = part[: len(part) - (len(part) % 4 == 1)]
            yield base64.b64decode(part + "=" * (-len(part) % 4)).decode("utf-8", "replace")

"""Credentials stay inside: no text, copy or file gets them."""

from __future__ import annotations

import base64
import copy
import json
import logging
import pickle

import pytest

import insightiq
from insightiq._secret import Secret, mask

PLANTED = "planted-7f31"


def test_a_secret_shows_itself_to_reveal_alone() -> None:
    """Every way of turning it into text hides it."""
    secret = Secret(PLANTED)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r}", "%s" % secret, repr([secret])]  # noqa: UP031 - the old way must hide it too
    assert secret.reveal() == PLANTED
    assert all(PLANTED not in text for text in shown)


def test_a_secret_in_a_log_record_is_hidden(caplog: pytest.LogCaptureFixture) -> None:
    """Logging formats with str()."""
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("signing in with %s", Secret(PLANTED))
    assert PLANTED not in caplog.text


def test_a_secret_cannot_be_serialised() -> None:
    """A pickle or JSON file would carry it away."""
    with pytest.raises(TypeError, match="make a new client"):
        pickle.dumps(Secret(PLANTED))
    with pytest.raises(TypeError):
        json.dumps(Secret(PLANTED))
    with pytest.raises(TypeError):
        vars(Secret(PLANTED))


def test_copies_of_a_secret_are_the_secret() -> None:
    """Copying settings must not fail only because they hold a secret."""
    secret = Secret(PLANTED)
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret


def test_mask_hides_every_occurrence_of_every_secret() -> None:
    """Foreign text may repeat what it was sent."""
    text = mask(f"{PLANTED} and other-91, again {PLANTED}", [Secret(PLANTED), Secret("other-91")])
    assert text == "*** and ***, again ***"


@pytest.mark.parametrize("client_class", [insightiq.InsightIQ, insightiq.AsyncInsightIQ])
def test_a_client_shows_where_it_calls_but_not_as_whom(
    client_class: type[insightiq.InsightIQ | insightiq.AsyncInsightIQ],
) -> None:
    """A client's repr lands in logs and tracebacks."""
    client = client_class(client_id="planted-id", client_secret=PLANTED)
    assert repr(client) == f"{client_class.__name__}(base_url='https://api.sandbox.insightiq.ai')"


@pytest.mark.parametrize("client_class", [insightiq.InsightIQ, insightiq.AsyncInsightIQ])
def test_nothing_reachable_from_a_client_shows_the_secret(
    client_class: type[insightiq.InsightIQ | insightiq.AsyncInsightIQ],
) -> None:
    """Debuggers and error reporters print attributes of attributes."""
    client = client_class(client_id="planted-id", client_secret=PLANTED)
    encoded = base64.b64encode(f"planted-id:{PLANTED}".encode()).decode()
    seen: set[int] = set()
    waiting: list[object] = [client]
    while waiting:
        value = waiting.pop()
        if id(value) in seen or isinstance(value, type):
            continue
        seen.add(id(value))
        assert PLANTED not in repr(value)
        assert encoded not in repr(value)
        waiting += list(getattr(value, "__dict__", {}).values())
        closure = getattr(value, "__closure__", None) or ()
        waiting += [cell.cell_contents for cell in closure]


def test_a_client_cannot_be_pickled() -> None:
    """The pickle would hold the secret; the error says what to do instead."""
    client = insightiq.InsightIQ(client_id="id", client_secret=PLANTED)
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(client)

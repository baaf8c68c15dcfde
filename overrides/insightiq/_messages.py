"""The one line that an error prints: what happened, where, what to do."""

from __future__ import annotations

from insightiq import errors

__all__ = [
    "advice_for",
    "deadline_line",
    "failure_line",
    "printable",
    "status_line",
    "story_of",
    "unreadable_line",
]

_LONGEST = 300

_ADVICE: dict[type[errors.APIStatusError], str] = {
    errors.BadRequestError: "Correct the arguments; the same call will fail again.",
    errors.AuthenticationError: (
        "Check client id and secret, and that they belong to this environment."
    ),
    errors.PermissionDeniedError: (
        "Check what these credentials may do and whether the account is still connected."
    ),
    errors.NotFoundError: "Check the id, and that it was made in this environment.",
    errors.ConflictError: "Read the present state before writing again.",
    errors.RateLimitError: (
        "Make fewer calls: 10 per second, all processes with these credentials together."
    ),
    errors.ServiceUnavailableError: (
        "Try again in some minutes; maintenance is on Fridays 09:30-09:45 UTC."
    ),
    errors.InternalServerError: "Try again later; give the request id to the vendor's support if it stays.",
    errors.APIStatusError: "Check base_url and the arguments; redirects are not followed.",
}

# See evidence.md#error-envelope. Only codes that were met in practice.
_ADVICE_BY_CODE = {
    "user_exists_with_external_id": "Find the user with users.get_by_external_id.",
    "account_disconnected": "The creator has to connect the account again.",
}


def advice_for(kind: type[errors.APIStatusError], code: str | None) -> str:
    """Return what to do about an error of class ``kind`` with the vendor's ``code``."""
    if code in _ADVICE_BY_CODE:
        return _ADVICE_BY_CODE[code]
    return next(_ADVICE[base] for base in kind.__mro__ if base in _ADVICE)


def status_line(  # noqa: PLR0913 - each part of the line is a fact of its own
    kind: type[errors.APIStatusError],
    *,
    operation: str,
    status: int,
    type_: str | None,
    code: str | None,
    message: str | None,
    request_id: str | None,
    retry_after: float | None,
    story: str = "",
) -> str:
    """Return the line of an answer with an error status; ``story`` is what was tried before."""
    names = ", ".join(name for name in (type_, code) if name)
    happened = f"{operation} failed with {status}" + (f" ({names})" if names else "")
    if message:
        happened += f": {_clipped(message)}"
    advice = advice_for(kind, code)
    if retry_after is not None:
        advice = f"Wait {retry_after:g} s. {advice}"
    return _joined(happened, f"{story} {advice}", request_id)


def unreadable_line(
    operation: str, status: int, problem: str, request_id: str | None, story: str = ""
) -> str:
    """Return the line of an answer that is not of the API's form."""
    happened = f"{operation}: the answer (status {status}) cannot be read: {_clipped(problem)}"
    advice = "Check that base_url leads to the API and that no proxy answers in its place."
    if status >= 500:  # noqa: PLR2004 - the server's side
        advice = "Try again later; if it stays, check base_url and what stands before the API."
    return _joined(happened, f"{story} {advice}", request_id)


def failure_line(  # noqa: PLR0913 - each part of the line is a fact of its own
    operation: str,
    base_url: str,
    *,
    timed_out: bool,
    sent: bool,
    untrusted: bool = False,
    overdue: bool = False,
    detail: str,
    story: str = "",
) -> str:
    """Return the line of a call without an answer."""
    what = "no answer in time" if timed_out else "the connection broke" if sent else "no connection"
    fate = "The server may have carried the call out." if sent else "Nothing reached the server."
    remedy = "Raise the timeout" if timed_out and sent else "Check base_url, network and proxy"
    if overdue:
        remedy = "Raise the deadline"
    if untrusted:
        remedy = (
            "Check base_url; for a certificate authority of your own, pass "
            "verify=ssl.create_default_context(cafile=…) or set SSL_CERT_FILE"
        )
    happened = f"{operation}: {what}, at {base_url} ({_clipped(detail)})"
    return _joined(happened, f"{fate} {story} {remedy}, then try again.", None)


def deadline_line(
    operation: str, deadline: float, *, attempts: int, waited: float, last: str | None
) -> str:
    """Return the line of a call that would have taken longer than it may."""
    if last is None:
        happened = f"{operation}: the quota did not allow the call within its deadline"
        advice = f"Raise the deadline of {deadline:g} s, or make fewer calls at the same time."
        return _joined(happened, advice, None)
    tries = "1 attempt" if attempts == 1 else f"{attempts} attempts"
    happened = (
        f"{operation}: gave up after {tries} and {waited:.1f} s of waiting, "
        f"because the deadline of {deadline:g} s leaves no time for another"
    )
    return _joined(happened, f"The last attempt: {last}", None)


def story_of(
    *, attempts: int, waited: float, maybe_applied: bool, fate_known: bool, budget_empty: bool
) -> str:
    """Return what a reader has to know of the attempts, as sentences; empty for the usual one.

    Args:
        attempts: How often the request was sent.
        waited: Seconds of waiting between.
        maybe_applied: The call may have changed something.
        fate_known: The line says already that the server may have carried the call out.
        budget_empty: It would have been tried again, had not so many calls failed before.
    """
    sentences: list[str] = []
    if maybe_applied and not fate_known:
        sentences.append("The server may have carried the call out.")
    if maybe_applied:
        sentences.append("Look whether it did before you repeat it.")
    if attempts > 1:
        sentences.append(f"Tried {attempts} times, waited {waited:.1f} s.")
    if budget_empty:
        sentences.append("Not tried again, because too many calls failed lately.")
    return " ".join(sentences)


def _joined(happened: str, advice: str, request_id: str | None) -> str:
    sentence = happened if happened.endswith((".", "!", "?")) else f"{happened}."
    end = f" [request-id {_clipped(request_id)}]" if request_id else ""
    line = " ".join(f"{sentence} {advice}{end}".split())
    return printable(line)


def printable(text: str) -> str:
    """Return foreign text for terminals and logs: no escape sequences, no lone surrogates."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _clipped(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

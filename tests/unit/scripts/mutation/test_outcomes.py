"""What is said of the outcomes of seeded mistakes."""

from __future__ import annotations

import dataclasses

import pytest
from seeded_mistakes import table
from seeded_mistakes.catalogue import Mistake
from seeded_mistakes.edits import LineEdit
from seeded_mistakes.running import Outcome

MISTAKE = Mistake("one", "server", "A | is wrong.", "a.py", LineEdit("a", "b"), ("S",))


def outcome(caught_by: str | None, **changes: str) -> Outcome:
    """The outcome of a mistake that differs in ``changes``."""
    return Outcome(dataclasses.replace(MISTAKE, **changes), caught_by, "said", 1.0)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (outcome("S"), True),
        (outcome(None), False),
        (outcome(None, equivalent="nobody sees it"), True),
        (outcome(None, survives="no rule yet"), True),
        (outcome("S", survives="no rule yet"), False),
        (dataclasses.replace(outcome(None, equivalent="x"), problem="nowhere"), False),
    ],
    ids=["caught", "survived", "equivalent", "known survivor", "caught after all", "not tried"],
)
def test_only_known_survivors_may_survive(result: Outcome, *, expected: bool) -> None:
    """A mistake once caught that survives ends the run badly, and so does a mark out of date."""
    assert result.is_as_expected is expected


def test_equivalent_mistakes_do_not_count() -> None:
    """The share is that of the mistakes that somebody could notice."""
    outcomes = [outcome("S"), outcome(None), outcome(None, equivalent="nobody sees it")]

    assert list(table.shares(outcomes)) == [("server", 1, 2)]


def test_the_table_names_survivors_and_reasons() -> None:
    """The page hides nothing, and a bar in a sentence does not break its table."""
    page = table.markdown(
        [outcome("S"), outcome(None), outcome(None, equivalent="nobody sees it")], 90.0
    )

    rows = [line for line in page.splitlines() if "is wrong" in line]
    assert "in 1.5 minutes" in page
    assert ["A \\| is wrong." in row for row in rows] == [True, True, True]
    assert ["| S |" in rows[0], "**survives**" in rows[1], "nobody sees it" in rows[2]] == [
        True,
        True,
        True,
    ]

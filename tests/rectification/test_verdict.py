"""Was it met by its deadline? The table of answers, and what must always hold."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rectification.models import MET_IN_TIME, Outcome, Verdict
from rectification.verdict import Finish, judge

DUE = date(2025, 2, 12)
DAY = timedelta(days=1)
C, P, U, W, X = (
    Outcome.CORRECTED,
    Outcome.PARTLY,
    Outcome.UNCHANGED,
    Outcome.WORSE,
    Outcome.WAIVED,
)


def finish(
    outcome: str, done: int | None, seen: int, ordinal: int = 1, due_on: date = DUE
) -> Finish:
    """`done` and `seen` are days from the due day of the item."""
    completed = due_on + done * DAY if done is not None else None
    return Finish(ordinal, outcome, completed, due_on + seen * DAY, due_on)


@pytest.mark.parametrize(
    ("items", "basis", "verdict", "late"),
    [
        ([(C, -5, -1)], "completion", Verdict.MET_EARLY, None),
        ([(C, -5, 0)], "completion", Verdict.MET_ON_TIME, None),
        ([(C, 0, 0)], "completion", Verdict.MET_ON_TIME, None),
        ([(C, -5, 30)], "completion", Verdict.MET_ON_TIME, None),
        ([(C, 1, 30)], "completion", Verdict.MET_LATE, 1),
        ([(C, -5, 30)], "verification", Verdict.MET_LATE, 30),
        ([(C, -5, -1)], "verification", Verdict.MET_EARLY, None),
        ([(C, -5, 0)], "verification", Verdict.MET_ON_TIME, None),
        ([(C, -5, -2), (C, 3, 4)], "completion", Verdict.MET_LATE, 3),
        ([(C, -5, -2), (C, -1, 4)], "completion", Verdict.MET_ON_TIME, None),
        ([(C, -5, 1), (U, None, 1)], "completion", Verdict.PARTLY, None),
        ([(P, None, 1)], "completion", Verdict.PARTLY, None),
        ([(U, None, 1), (W, None, 1)], "completion", Verdict.NOT_MET, None),
        ([(X, None, 1)], "completion", Verdict.MOOT, None),
        ([(X, None, 1), (C, -1, -1)], "completion", Verdict.MET_EARLY, None),
        ([(X, None, 1), (U, None, 1)], "completion", Verdict.NOT_MET, None),
    ],
)
def test_the_table(items: list, basis: str, verdict: Verdict, late: int | None) -> None:
    answer = judge([finish(*i, ordinal=n) for n, i in enumerate(items, 1)], basis=basis)
    assert (answer.verdict, answer.days_late) == (verdict, late)
    assert answer.basis["policy"] == basis


LATER = date(2025, 3, 10)


@pytest.mark.parametrize(
    ("first", "second", "verdict", "late", "decided_by"),
    [
        # The second item was given until March: in February it is early, not late.
        ((C, 0, 0), (C, -20, -10), Verdict.MET_ON_TIME, None, "2025-02-12"),
        ((C, -3, -1), (C, -20, -10), Verdict.MET_EARLY, None, "2025-02-09"),
        # Five days after its own day weigh more than one day after the later day.
        ((C, 5, 6), (C, 1, 1), Verdict.MET_LATE, 5, "2025-02-17"),
        ((C, 0, 0), (C, 2, 3), Verdict.MET_LATE, 2, "2025-03-12"),
        ((C, 0, 0), (U, None, 1), Verdict.PARTLY, None, None),
        ((X, None, 1), (C, 2, 3), Verdict.MET_LATE, 2, "2025-03-12"),
    ],
)
def test_each_item_against_its_own_day(
    first: tuple, second: tuple, verdict: Verdict, late: int | None, decided_by: str | None
) -> None:
    answer = judge([finish(*first, ordinal=1), finish(*second, ordinal=2, due_on=LATER)])
    assert (answer.verdict, answer.days_late) == (verdict, late)
    assert answer.basis.get("decided_by") == decided_by
    assert [each["due_on"] for each in answer.basis["items"]] == ["2025-02-12", "2025-03-10"]
    if late:
        assert max(each["days_late"] or 0 for each in answer.basis["items"]) == late


def test_no_items_and_no_day_are_errors() -> None:
    with pytest.raises(ValueError, match="without items"):
        judge([])
    with pytest.raises(ValueError, match="without a date"):
        judge([finish(C, None, 1)])


_days = st.integers(-60, 60)


@given(st.lists(st.tuples(_days, st.integers(0, 60)), min_size=1, max_size=6), st.integers(0, 90))
def test_a_regulator_that_looks_later_makes_nobody_late(
    items: list[tuple[int, int]], delay: int
) -> None:
    """Under "completion": the same completion seen later is in time if it was in time before."""
    soon = [finish(C, done, done + gap, n) for n, (done, gap) in enumerate(items, 1)]
    late = [finish(C, done, done + gap + delay, n) for n, (done, gap) in enumerate(items, 1)]
    before, after = judge(soon), judge(late)

    assert (before.verdict in MET_IN_TIME) == (after.verdict in MET_IN_TIME)
    assert before.days_late == after.days_late


@given(st.lists(st.tuples(_days, st.integers(0, 60)), min_size=1, max_size=6))
def test_early_is_stricter_than_in_time(items: list[tuple[int, int]]) -> None:
    found = [finish(C, done, done + gap, n) for n, (done, gap) in enumerate(items, 1)]
    answer = judge(found)
    if answer.verdict == Verdict.MET_EARLY:
        assert judge(found, basis="verification").verdict == Verdict.MET_EARLY
    if answer.verdict == Verdict.MET_LATE:
        assert answer.days_late == max(done for done, _gap in items)

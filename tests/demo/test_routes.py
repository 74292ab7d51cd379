"""One case of each way that a penalty case can take, and one waiting at each step."""

from __future__ import annotations

import pytest

from demo import ground
from demo.loading import Loaded
from penalties import review
from penalties.casefile import File
from penalties.models import (
    Case,
    ClosingGround,
    CourtApplication,
    Decision,
    Outcome,
    Plan,
    Referral,
    Remedy,
    Route,
    Step,
)
from tests.factories.demo import NOW

TODAY = NOW.date()


def file_of(key: str) -> File:
    return File(Case.objects.get(form_token=ground.token(f"{key}/case")))


def fines(key: str) -> dict[str, int | None]:
    """Of the unit and of the person, yuan."""
    return {
        row.respondent.kind: None if row.fine is None else int(row.fine)
        for row in file_of(key).decisions
    }


def test_a_case_waits_at_each_step_in_the_unit_of_the_logins() -> None:
    own = Case.objects.filter(unit__name="南宁市公安局")
    assert set(own.values_list("step", flat=True)) == set(Step)


@pytest.mark.parametrize(
    ("key", "closed_for"),
    [
        ("P02", ClosingGround.UNPUNISHED),
        ("P04", ClosingGround.CRIME),
        ("P05", ClosingGround.TERMINATED),
        ("P06", ClosingGround.TERMINATED),
    ],
)
def test_the_ways_that_end_without_a_penalty(key: str, closed_for: str) -> None:
    assert file_of(key).case.closing_ground == closed_for


def test_each_other_way_is_there() -> None:
    spot = file_of("P01")
    assert spot.case.route == Route.SPOT
    assert spot.decisions[0].filed_with_unit_at is not None
    assert file_of("P02").case.outcome == Outcome.NO_PENALTY
    assert file_of("P03").interviews
    answers = [file_of(key).referrals[0] for key in ("P04", "P05")]
    assert [row.to for row in answers] == [Referral.To.CRIMINAL, Referral.To.AUTHORITY]
    assert {row.answer for row in answers} == {Referral.Answer.ACCEPTED}
    redone = file_of("P07")
    assert redone.remedies[0].result == Remedy.Result.REVOKED_REDO
    assert redone.valid_decisions == []
    assert file_of("P08").stop_measures[0].lifted_on is None
    assert file_of("P09").remedies[0].is_open
    held = file_of("P10")
    assert held.hearings[0].reported_on is not None
    plan = Plan.objects.get(case=held.case)
    assert plan.granted
    assert plan.instalments.filter(due_on__gt=TODAY).exists()
    assert CourtApplication.objects.get(case=file_of("P11").case).result == ""


@pytest.mark.parametrize(
    ("key", "unit", "person"),
    [
        ("P09", 20_000, None),
        ("P10", 80_000, 20_000),
        ("P11", 600_000, 60_000),
        ("P12", 2_500_000, 300_000),
    ],
)
def test_unit_and_person_are_fined_as_the_rung_says(key: str, unit: int, person: int) -> None:
    assert fines(key) == {"unit": unit, "person": person}


def test_the_person_of_the_first_rung_is_not_punished() -> None:
    kinds = {row.respondent.kind: row.kind for row in file_of("P09").decisions}
    assert kinds == {"unit": Decision.Kind.PENALTY, "person": Decision.Kind.NO_PENALTY}


def test_the_self_review_finds_only_the_receipt_of_the_paper_handed_over_on_the_spot(
    world: Loaded,
) -> None:
    keys = [key for key in world.told if key.startswith("P")]
    assert len(keys) == 16
    found = {key: [each.code for each in review.of(file_of(key), TODAY).defects] for key in keys}
    assert {key: codes for key, codes in found.items() if codes} == {"P01": ["receipt"]}

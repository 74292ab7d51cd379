"""The gate: each condition alone stops a decision, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from audit.trail import Refused
from penalties import gate
from penalties.casefile import File
from penalties.cases import deciding
from penalties.models import Case, Decision
from tests.factories import penalties as made
from tests.factories.rectification import Desk, at
from tests.penalties import gate_scenarios as scenes
from tests.penalties.gate_scenarios import DAY, SCENARIOS, TYPED, Question


@pytest.fixture(scope="module")
def placed(django_db_setup: Any, django_db_blocker: Any) -> Iterator[tuple[Desk, Case, Case]]:
    """One case to punish and one to spare, once for the module; each test takes back its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        desk = Desk()
        yield desk, scenes.to_punish(desk), scenes.to_spare(desk)
        transaction.set_rollback(True)


@pytest.fixture
def question(placed: tuple[Desk, Case, Case], db: None) -> Question:
    desk, case, _spared = placed
    return Question(desk, Case.objects.get(pk=case.pk))


def ask(placed: tuple[Desk, Case, Case], code: str) -> Question:
    desk, case, spared = placed
    if code in scenes.SPARED:
        return Question(desk, Case.objects.get(pk=spared.pk), gate.NO_PENALTY)
    return Question(desk, Case.objects.get(pk=case.pk))


def test_every_condition_has_the_scenario_in_which_it_alone_is_unmet() -> None:
    assert set(SCENARIOS) == {each.code for each in gate.entries()}
    assert {each.basis.split("@")[0] for each in gate.entries()} <= {"APL", "MPSP"}


@pytest.mark.parametrize("code", sorted(SCENARIOS))
def test_it_alone_is_unmet(placed: tuple[Desk, Case, Case], db: None, code: str) -> None:
    asked = ask(placed, code)
    SCENARIOS[code](asked)
    conditions = asked.conditions()
    said = {each.code: each for each in conditions}
    if code == "ninety":  # said loudly, and no bar
        assert [each.code for each in gate.warnings(conditions)] == ["ninety"]
        assert gate.reasons(conditions) == []
        return
    assert {each.code for each in gate.unmet(conditions)} == {code}
    assert said[code].text
    assert all(reason.basis for reason in said[code].reasons)
    assert gate.reasons(conditions) == list(said[code].reasons)


@pytest.mark.parametrize("code", ["told", "defence_over", "hearing_held", "approved", "paper"])
def test_what_is_unmet_is_what_the_verb_refuses_with(
    placed: tuple[Desk, Case, Case], db: None, code: str
) -> None:
    asked = ask(placed, code)
    SCENARIOS[code](asked)
    wanted = {str(each.text) for each in gate.reasons(asked.conditions())}
    before = Decision.objects.count()
    with pytest.raises(Refused) as refused:
        issue(asked)
    assert {str(each.text) for each in refused.value.reasons} == wanted
    assert Decision.objects.count() == before


def issue(asked: Question) -> Decision:
    return deciding.issue_decision(
        asked.case, asked.party, typed=asked.typed, by=asked.desk.supervisor, at=at(asked.today)
    )


def test_with_everything_met_it_is_issued(placed: tuple[Desk, Case, Case], db: None) -> None:
    assert ask(placed, "ground").unmet() == set()
    question = ask(placed, "told")
    assert question.unmet() == set()
    made_ = issue(question)
    assert (made_.measures, made_.fine) == (["warning", "fine"], scenes.FINE)
    assert question.case.state == Case.State.DECIDED


def test_no_role_steps_over_it(question: Question) -> None:
    """The leader who approved, and whoever may do everything in the unit."""
    question.today, question.typed = DAY, TYPED
    SCENARIOS["reviewed"](question)
    question.case.refresh_from_db()
    for user in (question.desk.supervisor, question.desk.inspector):
        found = deciding.can_issue_decision(File(question.case), question.party, user, DAY)
        assert "应当经过法制审核" in str(found[0])


def test_before_the_form_is_filled_in_its_words_are_not_asked_for(question: Question) -> None:
    file = File(question.case)
    conditions = gate.of(file, file.respondents[0], gate.PENALTY, DAY)
    assert gate.unmet(conditions) == []
    states = {each.code: each.met for each in conditions}
    assert states["correction"] is None
    assert states["paper"] is True


def test_it_reads_the_file_alone(question: Question, django_assert_max_num_queries: Any) -> None:
    """Each kind of record once, and the stamps of the registers; asked again, only those."""
    file = File(question.case)
    with django_assert_max_num_queries(40):
        gate.of(file, file.respondents[0], gate.PENALTY, DAY, TYPED)
    with django_assert_max_num_queries(12):
        gate.of(file, file.respondents[0], gate.PENALTY, DAY, TYPED)


def test_review_is_asked_of_the_right_person(question: Question) -> None:
    """Not of an investigator, not of somebody uncertified; an older reviewer may go on."""
    desk, case = question.desk, question.case
    Case.objects.filter(pk=case.pk).update(is_of_public_interest=True)
    row = made.reviewed(desk, case, reviewer=desk.colleague)
    made.approved(desk, case, opinion="再次同意")
    assert "参与过调查" in _text(question, "reviewed")
    row.reviewer = desk.supervisor
    row.save()
    assert "法律职业资格" in _text(question, "reviewed")
    row.reviewer = made.reviewer(desk)
    row.reviewer.reviewer.qualification_number = ""
    row.reviewer.reviewer.save()
    row.save()
    assert "法律职业资格" in _text(question, "reviewed")
    row.reviewer.reviewer.reviewing_since = row.reviewer.reviewer.reviewing_since.replace(year=2015)
    row.reviewer.reviewer.save()
    assert _text(question, "reviewed") == ""
    row.opinion = "amend"
    row.save()
    assert "采纳情况" in _text(question, "reviewed")
    row.opinion = "return"
    row.save()
    assert "退回" in _text(question, "reviewed")


def _text(asked: Question, code: str) -> str:
    (found,) = [each for each in asked.conditions() if each.code == code]
    return found.text if found.is_unmet else ""


def test_a_second_condition_taken_twice_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        gate.condition.condition("filed", "x", "APL@2021:9")(lambda asked: gate.Answer(True))

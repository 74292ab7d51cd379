"""Review, discussion, approval and decision, through the verbs and at their doors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event
from audit.trail import Refused
from deadlines.models import Deadline
from inspections.models import Finding
from notices.models import Notice
from penalties import cases
from penalties.casefile import File
from penalties.cases import deciding
from penalties.models import Approval, Case, Decision, Discussion, LegalReview, Respondent, Told
from tests.factories import penalties as made
from tests.factories.rectification import Desk, at
from tests.penalties import gate_scenarios as scenes
from tests.penalties.gate_scenarios import DAY, TYPED


@pytest.fixture(scope="module")
def placed(django_db_setup: Any, django_db_blocker: Any) -> Iterator[tuple[Desk, Case]]:
    """A case that could be decided, once for the module; each test takes back what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = Desk()
        yield people, scenes.to_punish(people)
        transaction.set_rollback(True)


@pytest.fixture
def desk(placed: tuple[Desk, Case], db: None) -> Desk:
    return placed[0]


@pytest.fixture
def case(placed: tuple[Desk, Case], db: None) -> Case:
    return Case.objects.get(pk=placed[1].pk)


def issue(desk: Desk, case: Case, whom: Respondent | None = None, **more: Any) -> Decision:
    given = {"typed": TYPED, "by": desk.supervisor, "at": at(DAY)} | more
    return deciding.issue_decision(case, whom or made.party(case), **given)


# ---- the decision ----------------------------------------------------------------------------


def test_a_decision_freezes_what_was_told_and_moves_the_case(desk: Desk, case: Case) -> None:
    row = issue(desk, case)
    paper = Notice.objects.get(pk=row.notice_id)

    assert (row.kind, row.measures, row.fine) == ("penalty", ["warning", "fine"], scenes.FINE)
    assert [item["amount"] for item in row.items] == [None, "20000.00"]
    assert row.number == paper.number == case.document_number
    assert (paper.kind, paper.subject_id) == ("penalty_decision", row.pk)
    assert "罚款人民币贰万元整（20000元）" in paper.words
    assert "向南宁市人民政府申请行政复议" in paper.words
    assert "十五日内" in paper.words
    assert "百分之三" in paper.words
    assert (case.state, case.outcome, case.fine) == ("decided", "penalty", scenes.FINE)
    assert case.decided_on == DAY
    assert Deadline.objects.get(kind="CASE_90").was_met_in_time
    assert row.service_due_on == Deadline.objects.get(kind="SERVE_DECISION").due_on
    assert set(Finding.objects.values_list("disposition", flat=True)) == {"penalty"}
    lines = Event.objects.filter(subject_id=str(case.pk), verb="cases.issue_decision")
    assert lines.count() == 1


def test_the_case_moves_when_the_last_party_is_decided_on(desk: Desk, case: Case) -> None:
    """A person for whom nothing is proposed is spared by a decision of its own."""
    person = made.person(case)
    scenes.renew(case)
    first = issue(desk, case)
    assert (case.state, case.decided_on) == ("filed", None)
    typed = scenes.replace(TYPED, ground="not_established")
    second = issue(desk, case, person, typed=typed, at=at(DAY + timedelta(days=1)))

    assert (second.kind, second.ground, second.measures) == (
        "no_penalty",
        "not_established",
        [],
    )
    assert (case.state, case.document_number, case.fine) == ("decided", first.number, first.fine)
    assert Deadline.objects.get(kind="CASE_90").ended_on == DAY + timedelta(days=1)


def test_no_penalty_with_its_teaching(desk: Desk) -> None:
    case = scenes.to_spare(desk)
    row = issue(desk, case)
    words = Notice.objects.get(pk=row.notice_id).words
    assert (row.kind, row.ground, case.outcome) == ("no_penalty", "minor", "no_penalty")
    assert "不予行政处罚" in words
    assert "已向负责人讲明" in words
    assert "第三十三条第一款" in words


def test_a_decision_before_the_window_closed_is_refused(desk: Desk, case: Case) -> None:
    Told.objects.filter(case=case).update(defence="later", defence_until=DAY)
    with pytest.raises(Refused, match="陈述申辩期限到"):
        issue(desk, case)
    assert not Notice.objects.filter(kind="penalty_decision").exists()
    assert issue(desk, case, at=at(DAY + timedelta(days=1))).number


def test_an_investigator_does_not_decide(desk: Desk, case: Case) -> None:
    with pytest.raises(Refused, match="您参与过本案的调查"):
        issue(desk, case, by=desk.inspector)
    with pytest.raises(Refused, match="您参与过本案的调查"):
        approve(desk, case, by=desk.inspector)


def test_the_whole_walk_through_the_verbs(desk: Desk) -> None:
    """From filing to the decision, nothing written but by a verb."""
    case = made.walked(desk, fine=20_000)
    verbs = Event.objects.filter(subject_id=str(case.pk)).order_by("id")
    assert (case.state, case.fine) == ("decided", 20_000)
    assert list(verbs.values_list("verb", flat=True))[-4:] == [
        "cases.give_notice",
        "cases.give_review",
        "cases.approve_decision",
        "cases.issue_decision",
    ]


# ---- the words before it ---------------------------------------------------------------------


def review(desk: Desk, case: Case, **facts: Any) -> LegalReview:
    given = {
        "asked_on": date(2025, 2, 5),
        "on": date(2025, 2, 6),
        "opinion": "agree",
        "text": "程序合法",
        "by": made.reviewer(desk),
        "at": at(date(2025, 2, 6)),
    } | facts
    return deciding.give_review(case, **given)


def approve(desk: Desk, case: Case, **facts: Any) -> Approval:
    given = {"agreed": True, "opinion": "同意", "by": desk.supervisor, "at": at(DAY)} | facts
    return deciding.approve_decision(case, **given)


def mark(desk: Desk, case: Case, **flags: Any) -> None:
    given = {"is_grave": False, "is_of_public_interest": False, "is_intricate": False}
    deciding.mark_gravity(
        case, reason="涉及十万人", by=desk.inspector, at=at(date(2025, 2, 4)), **given | flags
    )


def test_what_is_grave_is_reviewed_discussed_and_approved_again(desk: Desk, case: Case) -> None:
    mark(desk, case, is_grave=True, is_intricate=True)
    with pytest.raises(Refused) as refused:
        approve(desk, case)
    assert {each.basis for each in refused.value.reasons} == {"APL@2021:57(2)", "APL@2021:58(1)"}
    early = at(date(2025, 2, 5))
    assert approve(desk, case, agreed=False, opinion="先讨论", at=early).agreed is False

    row = review(desk, case, opinion="amend", text="写明证据来源")
    with pytest.raises(Refused, match="采纳情况"):
        approve(desk, case)
    deciding.follow_up_review(
        case, row, text="已补充", on=date(2025, 2, 7), by=desk.inspector, at=at(date(2025, 2, 7))
    )
    talk = {"presider": "覃海波", "minutes": "一致同意", "agreed": True, "conclusion": "同意"}
    with pytest.raises(Refused, match="至少有二名负责人"):
        discuss(desk, case, attendees=["覃海波"], **talk)
    discuss(desk, case, attendees=["覃海波 支队长", "黄某 副支队长"], **talk)
    approve(desk, case)
    assert issue(desk, case).number


def discuss(desk: Desk, case: Case, **facts: Any) -> Discussion:
    given = {"held_at": at(date(2025, 2, 10)), "by": desk.supervisor, "at": at(date(2025, 2, 10))}
    return deciding.hold_discussion(case, **given | facts)


def test_a_reviewer_is_certified_and_did_not_investigate(desk: Desk, case: Case) -> None:
    with pytest.raises(Refused) as refused:
        review(desk, case, by=desk.colleague)
    assert [each.basis for each in refused.value.reasons] == ["APL@2021:58(1)", "APL@2021:58(2)"]
    with pytest.raises(Refused, match="法律职业资格"):
        review(desk, case, by=desk.supervisor)
    with pytest.raises(Refused) as refused:
        review(desk, case, text=" ", opinion="x", asked_on=date(2025, 2, 7))
    assert {each.field for each in refused.value.reasons} == {"text", "opinion", "on"}


def test_the_case_is_decided_when_the_last_one_to_decide_on_is_gone(desk: Desk, case: Case) -> None:
    """Nobody is left; and whoever comes back afterwards could get no decision any more."""
    person = made.person(case)
    scenes.renew(case)
    issue(desk, case)
    assert case.state == "filed"
    who = {"by": desk.inspector, "at": at(DAY, 17)}
    person.case = case
    cases.record_status(person, status="dead", note="死亡证明", on=DAY, **who)
    case.refresh_from_db()
    assert (case.state, case.step, case.fine) == ("decided", "serving", scenes.FINE)
    assert not Deadline.objects.of(case).open().filter(kind="CASE_90").exists()
    lines = Event.objects.filter(subject_id=str(case.pk), verb="cases.record_status")
    assert lines.count() == 1
    person.case = case
    with pytest.raises(Refused, match="先撤回决定"):
        cases.record_status(person, status="standing", note="登记错误", **who)


# ---- at the doors ----------------------------------------------------------------------------


def test_the_page_says_what_the_verb_says(desk: Desk, case: Case, door: Any, on: Any) -> None:
    place = f"{case.get_absolute_url()}issue_decision/{made.party(case).pk}/"
    with on(DAY):
        client = door(desk.supervisor)
        tab = client.get(f"{case.get_absolute_url()}?tab=decision").content.decode()
        silent = client.post(place, {"seen": case.version}).content.decode()
        typed = {"pay_to": "农业银行", "performance": "即时", "correction": "加密"}
        look = client.post(place.replace("issue", "preview"), {**typed, "seen": case.version})
        done = client.post(place, typed | {"seen": case.version})
        again = client.post(place, typed | {"seen": case.version})
    assert "条件都已满足" in tab
    for words in ("没有写“缴款的银行或者方式”", "没有责令改正"):
        assert words in silent
    assert "/notices/previews/" in look.url
    assert done.url == again.url == f"{case.get_absolute_url()}?tab=decision"
    assert Decision.objects.count() == 1


def test_the_page_locks_what_is_not_ready(desk: Desk, case: Case, door: Any, on: Any) -> None:
    Approval.objects.filter(case=case).delete()
    with on(DAY):
        client = door(desk.supervisor)
        page = client.get(
            f"{case.get_absolute_url()}issue_decision/{made.party(case).pk}/"
        ).content.decode()
        form = {"seen": case.version, "agreed": "yes", "opinion": "同意"}
        client.post(f"{case.get_absolute_url()}approve_decision/", form)
    assert "负责人还没有审批" in page
    assert Approval.objects.get(case=case).agreed


# ---- the database ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "name", "facts"),
    [
        (Decision, "decision_punishes_or_not", {"measures": []}),
        (Decision, "decision_punishes_or_not", {"kind": "no_penalty"}),
        (Decision, "decision_fine_when_fined", {"fine": 5}),
        (Decision, "decision_ended_pair", {"standing": "revoked"}),
        (Decision, "decision_served_after_decided", {"served_on": DAY - timedelta(days=1)}),
        (LegalReview, "legal_review_follow_up_pair", {"follow_up": "x"}),
    ],
)
def test_the_database_refuses(
    desk: Desk, case: Case, model: Any, name: str, facts: dict[str, Any]
) -> None:
    made.reviewed(desk, case)
    made.decision(case)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.filter(case=case).update(**facts)


def test_one_decision_in_force_in_the_database(desk: Desk, case: Case) -> None:
    made.decision(case)
    with pytest.raises(IntegrityError, match="decision_one_in_force"), transaction.atomic():
        made.decision(case)
    assert File(case).valid_decisions

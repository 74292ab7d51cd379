"""Preservation in advance, appraisals, recusals and the report that ends the investigation."""

from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from audit.trail import Refused
from deadlines.models import Deadline
from penalties.casefile import File
from penalties.cases import appraising, preserving, recusing, reporting
from penalties.models import Appraisal, Case, CaseOfficer, Exhibit, Preservation, Recusal, Report
from tests.factories.accounts import UserFactory
from tests.factories.penalties import (
    FILED_ON,
    approved,
    case_alone,
    decision,
    item,
    report,
    reviewed,
    reviewer,
    told,
)
from tests.factories.rectification import Desk, at
from tests.penalties.test_exhibits import added
from tests.penalties.test_statements import address

pytestmark = pytest.mark.django_db
TODAY = date(2025, 1, 15)
#: Seven working days after 15 January 2025: the 26th is worked, the 28th the Spring Festival.
PRESERVED_UNTIL = date(2025, 1, 24)


def clock_of(row: Any) -> Deadline:
    return Deadline.objects.of(row).get()


# ---- preservation in advance -----------------------------------------------------------------


def kept(desk: Desk, case: Case, **changes: Any) -> Preservation:
    facts: dict[str, Any] = {
        "taken_at": at(TODAY, 9),
        "officers": desk.pair,
        "holder": "覃某某",
        "place": "该公司机房",
        "items": [{"name": "硬盘", "model": "ST1", "quantity": "2块", "note": ""}],
        "by": desk.supervisor,
    } | changes
    return preserving.preserve(case, at=at(TODAY), **facts)


def test_a_leader_approves_and_seven_working_days_run(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    typed = {
        "seen": case.version,
        "taken_at": "2025-01-15T09:00",
        "holder": "覃某某",
        "place": "该公司机房",
        "officer_1": str(desk.inspector.pk),
        "officer_2": str(desk.colleague.pk),
        "items-name": ["硬盘", ""],
        "items-model": ["ST1", ""],
        "items-quantity": ["2块", ""],
        "items-note": ["", ""],
    }
    url = address(case, "preserve")
    with on(TODAY):
        assert door(desk.inspector).get(url).status_code == 403
        silent = door(desk.supervisor).post(
            url,
            typed
            | {"items-name": ["", ""]}
            | {"items-model": ["", ""], "items-quantity": ["", ""]},
        )
        door(desk.supervisor).post(url, typed)
        row = Preservation.objects.get()
        case.refresh_from_db()
        tab = door(desk.inspector).get(case.get_absolute_url(), {"tab": "inquiry"})
        door(desk.inspector).post(
            address(case, "dispose_preservation", row),
            {"seen": case.version, "disposal": "returned", "on": "2025-01-15", "note": ""},
        )
    row.refresh_from_db()
    assert "至少写一件物品" in silent.content.decode()
    assert (row.approved_by, row.due_on) == (desk.supervisor, PRESERVED_UNTIL)
    assert row.items == [{"name": "硬盘", "model": "ST1", "quantity": "2块", "note": ""}]
    assert address(case, "dispose_preservation", row) in tab.content.decode()
    assert (row.disposal, clock_of(row).was_met_in_time) == ("returned", True)


def test_no_officer_of_the_case_approves(desk: Desk) -> None:
    case = case_alone(desk)
    with pytest.raises(Refused, match="以外的负责人批准"):
        kept(desk, case, by=desk.inspector)
    with pytest.raises(Refused, match="两名不同"):
        kept(desk, case, officers=(desk.inspector, desk.inspector))
    with pytest.raises(Refused, match="不能晚于现在"):
        kept(desk, case, taken_at=at(TODAY, 20))


def test_too_late_it_is_released_by_itself(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    row = kept(desk, case)
    late = date(2025, 1, 26)
    facts: dict[str, Any] = {"by": desk.inspector, "at": at(late), "note": "期满"}
    with on(late):
        page = door(desk.inspector).get(case.get_absolute_url(), {"tab": "inquiry"})
    assert "已自动解除" in page.content.decode()
    with pytest.raises(Refused, match="处理期限 2025-01-24 已过，登记保存已自动解除"):
        preserving.dispose_preservation(case, row, disposal="kept", on=late, **facts)
    with pytest.raises(Refused, match="还没有过"):
        preserving.dispose_preservation(case, row, disposal="lapsed", on=PRESERVED_UNTIL, **facts)
    preserving.dispose_preservation(case, row, disposal="lapsed", on=late, **facts)
    assert not clock_of(row).was_met_in_time
    with pytest.raises(Refused, match="已经作出处理"):
        preserving.dispose_preservation(case, row, disposal="lapsed", on=late, **facts)


# ---- appraisal -------------------------------------------------------------------------------


def sent(desk: Desk, case: Case, on: date, subject: str = "数据是否加密") -> Appraisal:
    facts = {"subject": subject, "appraiser": "某司法鉴定中心", "on": on}
    return appraising.send_appraisal(case, by=desk.inspector, at=at(on), **facts)


def received(desk: Desk, case: Case, row: Appraisal, on: date) -> Appraisal:
    return appraising.receive_appraisal(
        case, row, by=desk.inspector, at=at(on), on=on, opinion="没有加密"
    )


def test_the_days_of_appraisals_do_not_count_and_the_copy_is_due(
    desk: Desk, door: Any, on: Any
) -> None:
    case = case_alone(desk)
    before = case.decision_due_on
    client = door(desk.inspector)
    with on(TODAY):
        client.post(
            address(case, "send_appraisal"),
            {"seen": case.version, "subject": "加密", "appraiser": "中心", "on": "2025-01-15"},
        )
    case.refresh_from_db()
    first = Appraisal.objects.get()
    second = sent(desk, case, date(2025, 1, 17), "第二项")
    received(desk, case, first, date(2025, 1, 20))
    assert case.exclusions.get().to_on is None
    received(desk, case, second, date(2025, 1, 24))
    case.refresh_from_db()
    assert case.exclusions.get().to_on == date(2025, 1, 24)
    # ten days on, to a Sunday, hence to the Monday
    assert (before, case.decision_due_on) == (date(2025, 4, 10), date(2025, 4, 21))
    first.refresh_from_db()
    assert first.copy_due_on == date(2025, 1, 26)  # a Sunday that is worked
    with on(date(2025, 1, 24)):
        door(desk.inspector).post(
            address(case, "serve_appraisal_copy", first),
            {"seen": case.version, "on": "2025-01-24"},
        )
    assert clock_of(first).was_met_in_time
    assert list(Exhibit.objects.values_list("kind", flat=True)) == ["appraisal", "appraisal"]


def test_an_appraisal_goes_its_way_in_order(desk: Desk) -> None:
    case = case_alone(desk)
    row = sent(desk, case, TODAY)
    who = {"by": desk.inspector, "at": at(TODAY)}
    with pytest.raises(Refused, match="还没有收到"):
        appraising.serve_appraisal_copy(case, row, on=TODAY, **who)
    with pytest.raises(Refused, match="日期不能早于 2025-01-15"):
        appraising.receive_appraisal(case, row, on=FILED_ON, opinion="x", **who)
    received(desk, case, row, TODAY)
    with pytest.raises(Refused, match="已经收到"):
        received(desk, case, row, TODAY)


# ---- recusal ---------------------------------------------------------------------------------


def asked(desk: Desk, case: Case, person: Any, **changes: Any) -> Recusal:
    facts: dict[str, Any] = {
        "motion": "requested",
        "ground": "与当事人是近亲属",
        "on": TODAY,
        "by": desk.inspector,
    } | changes
    return recusing.request_recusal(case, at=at(TODAY), person=person, **facts)


def test_an_officer_leaves_and_the_case_says_that_one_is_too_few(
    desk: Desk, door: Any, on: Any
) -> None:
    case = case_alone(desk)
    typed = {"seen": case.version, "motion": "requested", "ground": "近亲属", "on": "2025-01-15"}
    with on(TODAY):
        url = address(case, "request_recusal")
        door(desk.inspector).post(url, typed | {"person": str(desk.colleague.pk)})
        row = Recusal.objects.get()
        case.refresh_from_db()
        decided = {"seen": case.version, "granted": "yes", "on": "2025-01-15", "note": ""}
        url = address(case, "decide_recusal", row)
        assert door(desk.inspector).get(url).status_code == 403
        refused = door(desk.supervisor).post(url, decided | {"granted": "no"})
        door(desk.supervisor).post(url, decided)
        page = door(desk.inspector).get(case.get_absolute_url(), {"tab": "inquiry"})
    assert row.due_on == date(2025, 1, 17)
    assert "驳回回避的，写明理由" in refused.content.decode()
    assert CaseOfficer.objects.get(officer=desk.colleague).until_on == TODAY
    assert "办案民警不足二人" in page.content.decode()
    assert clock_of(row).was_met_in_time
    with pytest.raises(Refused, match="不足二人"):
        kept(desk, Case.objects.get(pk=case.pk))


def test_who_may_be_asked_to_stand_aside_and_who_decides(desk: Desk) -> None:
    case = case_alone(desk)
    lawyer = reviewer(desk)
    row = asked(desk, case, lawyer)
    with pytest.raises(Refused, match="还没有决定"):
        asked(desk, case, lawyer)
    with pytest.raises(Refused, match="没有参与本案"):
        asked(desk, case, UserFactory())
    with pytest.raises(Refused, match="自行回避由本人提出"):
        asked(desk, case, desk.colleague, motion="own")
    facts: dict[str, Any] = {"granted": True, "on": TODAY, "at": at(TODAY)}
    own = asked(desk, case, desk.supervisor, motion="own", by=desk.supervisor)
    with pytest.raises(Refused, match="不能决定自己的回避"):
        recusing.decide_recusal(case, own, by=desk.supervisor, **facts)
    recusing.decide_recusal(case, row, by=desk.supervisor, **facts)
    file = File(case)
    assert recusing.stands_aside(file, lawyer) == row
    assert recusing.stands_aside(file, desk.supervisor) is None
    assert len(file.officers) == 2
    with pytest.raises(Refused, match="已经作出决定"):
        recusing.decide_recusal(case, row, by=desk.supervisor, **facts)


# ---- report ----------------------------------------------------------------------------------


def reported(desk: Desk, case: Case, **changes: Any) -> Report:
    facts: dict[str, Any] = {
        "facts": "以明文存储个人信息",
        "reasons": "事实清楚",
        "proposal": "penalty",
        "on": TODAY,
    } | changes
    return reporting.report_findings(case, by=desk.inspector, at=at(TODAY), **facts)


def verified(desk: Desk, case: Case) -> None:
    row = added(desk, case)
    Exhibit.objects.filter(pk=row.pk).update(verified=True)


def test_a_report_ends_the_investigation(desk: Desk, door: Any, on: Any) -> None:
    case = case_alone(desk)
    client = door(desk.inspector)
    typed = {
        "facts": "以明文存储",
        "reasons": "事实清楚",
        "proposal": "penalty",
        "ground": "",
        "on": "2025-01-15",
    }
    with on(TODAY):
        url = address(case, "report_findings")
        form = client.get(url).content.decode()
        unproven = client.post(url, typed | {"seen": case.version})
        verified(desk, case)
        case.refresh_from_db()
        client.post(url, typed | {"seen": case.version})
        case.refresh_from_db()
        tab = client.get(case.get_absolute_url(), {"tab": "inquiry"}).content.decode()
        client.post(
            address(case, "report_again"),
            typed | {"seen": case.version, "proposal": "no_penalty", "ground": "minor"},
        )
    assert "没有当事人的询问笔录" in form
    assert "没有一件查证属实的证据" in unproven.content.decode()
    assert "以明文存储" in unproven.content.decode()
    case.refresh_from_db()
    assert [(row.round, row.proposal, row.ground) for row in case.reports.all()] == [
        (1, "penalty", ""),
        (2, "no_penalty", "minor"),
    ]
    assert address(case, "report_again") in tab
    assert case.step == "deciding"


def test_a_later_report_voids_what_rested_on_the_last(desk: Desk) -> None:
    case = case_alone(desk)
    verified(desk, case)
    report(case)
    item(case)
    rows = [told(desk, case), reviewed(desk, case), approved(desk, case)]
    reporting.report_findings(
        case,
        by=desk.inspector,
        at=at(date(2025, 2, 17)),
        facts="重新查明",
        reasons="事实清楚",
        proposal="penalty",
        on=date(2025, 2, 17),
    )
    for row in rows:
        row.refresh_from_db()
        assert row.void_on == date(2025, 2, 17)
    assert case.step == "telling"


def test_the_report_is_refused(desk: Desk) -> None:
    case = case_alone(desk)
    with pytest.raises(Refused, match="没有一件查证属实"):
        reported(desk, case)
    with pytest.raises(Refused, match="选择法定情形"):
        reported(desk, case, proposal="no_penalty", ground="x")
    with pytest.raises(Refused, match="只有建议不予行政处罚时"):
        reported(desk, case, ground="minor")
    with pytest.raises(Refused, match="写明查明的事实"):
        reported(desk, case, facts=" ")
    with pytest.raises(Refused, match="日期不能早于"):
        reported(desk, case, on=date(2025, 1, 9))
    CaseOfficer.objects.filter(officer=desk.colleague).update(certificate_expires_on=FILED_ON)
    desk.colleague.certificate_expires_on = FILED_ON
    desk.colleague.save()
    with pytest.raises(Refused, match="执法证有效的办案民警不足二人"):
        reported(desk, case)
    decision(case)
    with pytest.raises(Refused, match="不再收集证据"):
        reported(desk, case)


def test_facts_that_were_not_established_need_no_exhibit(desk: Desk) -> None:
    case = case_alone(desk)
    reported(desk, case, proposal="no_penalty", ground="not_established")
    assert case.step == "deciding"
    reported(desk, case, proposal="termination")
    assert case.step == "closing"


# ---- what the database refuses ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("preservation_disposed_pair", {"disposal": "returned"}),
        ("preservation_two_officers", {"officer_2": "same"}),
        ("appraisal_days_in_order", {"received_on": FILED_ON, "opinion": "x"}),
        ("appraisal_received_with_opinion", {"opinion": "x"}),
        ("recusal_decided_whole", {"granted": True}),
        ("recusal_one_open", {}),
        ("report_round_once", {}),
        ("report_ground_fits", {"ground": "minor"}),
        ("report_ground_fits", {"proposal": "no_penalty"}),
    ],
)
def test_the_database_refuses(desk: Desk, name: str, facts: dict[str, Any]) -> None:
    case = case_alone(desk)
    kind = name.split("_")[0]
    row: Any = {
        "preservation": lambda: kept(desk, case),
        "appraisal": lambda: sent(desk, case, TODAY),
        "recusal": lambda: asked(desk, case, desk.colleague),
        "report": lambda: report(case),
    }[kind]()
    if "officer_2" in facts:
        facts = {"officer_2": row.officer_1}
    act = partial(type(row).objects.filter(pk=row.pk).update, **facts) if facts else row.save
    if not facts:  # the same once more
        row.pk, row._state.adding = uuid4(), True
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act()

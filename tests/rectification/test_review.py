"""The self-review of an order's file: its dates, its citations, its papers, and what mends them."""

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, ProgrammingError, transaction
from django.test import Client

from audit.trail import Refused
from legal.models import Article
from notices import printing
from notices.models import Service
from notices.printing import Printed
from rectification import orders, review
from rectification.course import Course, Request, Standstill
from rectification.models import Order
from rectification.review import DEFECT, REMIND, Facts
from rectification.review.facts import Officer, Round
from tests.factories.accounts import UnitFactory
from tests.factories.inspections import photo
from tests.factories.penalties import case_beside
from tests.factories.rectification import DUE_ON, FOUND_ON, SERVED_ON, Desk, at
from tests.rectification.doors import lines, url

LOOKED_ON = date(2025, 1, 20)


def facts_of(order: Order, desk: Desk, today: date = LOOKED_ON) -> Facts:
    return review.read(order.pk, desk.supervisor, today)


def moment(facts: Facts, name: str) -> Any:
    """The date of the review whose name begins so."""
    return next(each for each in review.moments(facts) if each.name.startswith(name))


def said(entry: Any, state: str) -> list[str]:
    return [check.text for check in entry.checks if check.state == state]


def shown(client: Client, order: Order, on: Any, today: date = LOOKED_ON) -> str:
    with on(today):
        return client.get(url(order, "review")).content.decode()


def printed(order: Order) -> Order:
    """The worker has filed a PDF."""
    data = b"%PDF-1.7 of a test"
    paper = Printed(data, hashlib.sha256(data).hexdigest(), 2, "test")
    printing.keep(order.notice, paper, at(SERVED_ON))
    return order


# ---- the page -----------------------------------------------------------------------------------


def test_a_file_without_fault(desk: Desk, door: Any, on: Any) -> None:
    order = printed(desk.issued())
    desk.serve(order, proof=photo("回证.png"))
    review_ = review.of(facts_of(order, desk))
    assert review_.defects == []
    page = shown(door(desk.supervisor), order, on)
    assert "未发现缺陷" in page
    assert "送达回证已上传" in page


def test_every_date_stands_with_its_reason(desk: Desk, door: Any, on: Any) -> None:
    order = desk.judged()
    page = shown(door(desk.supervisor), order, on, date(2025, 2, 13))
    for name in (
        "检查",
        "拟稿",
        "提交审批",
        "审批",
        "签发",
        "送达",
        "第 1 轮复查",
        "结论：按期改正",
    ):
        assert name in page
    facts = facts_of(order, desk)
    due = next(each for each in facts.deadlines if each.kind == "RECTIFY")
    assert due.sentence in page
    assert due.get_absolute_url() in page
    days = [each.day for each in review.moments(facts) if each.day]
    assert days == sorted(days)


def test_it_is_linked_from_the_order_and_asks_twelve_questions(
    desk: Desk, door: Any, on: Any, django_assert_max_num_queries: Any
) -> None:
    order = desk.served(findings=5)
    case_beside(desk, order)
    client = door(desk.supervisor)
    with on(LOOKED_ON):
        assert url(order, "review") in client.get(url(order)).content.decode()
        client.get(url(order, "review"))
        with django_assert_max_num_queries(12):
            client.get(url(order, "review"))


def test_a_stranger_sees_nothing(desk: Desk, door: Any) -> None:
    stranger = Desk(unit=UnitFactory())
    order = desk.served()
    assert door(stranger.supervisor).get(url(order, "review")).status_code == 404
    assert door(stranger.inspector).get(url(order, "add_proof")).status_code == 404


def test_a_draft_has_a_review_too(desk: Desk, door: Any, on: Any) -> None:
    page = shown(door(desk.inspector), desk.draft(), on)
    assert "案卷自查" in page
    assert "送达回证" not in page


# ---- the receipt --------------------------------------------------------------------------------


def test_the_missing_receipt_leads_to_the_door_that_takes_it(
    desk: Desk, door: Any, on: Any
) -> None:
    order = desk.served()
    client = door(desk.inspector)
    assert url(order, "add_proof") in shown(client, order, on)
    assert "送达回证没有上传" in shown(door(desk.supervisor), order, on)
    scan = SimpleUploadedFile("回证.png", photo().data, content_type="image/png")
    with on(LOOKED_ON):
        empty = client.post(url(order, "add_proof")).content.decode()
        assert "选择送达回证的文件" in empty
        answer = client.post(url(order, "add_proof"), {"proof": scan})
        again = client.get(url(order, "add_proof")).content.decode()
    assert answer.url == url(order, "review")
    assert order.notice.services.get().proof.name == "回证.png"
    assert "送达回证没有上传" not in shown(client, order, on)
    assert "已经有送达回证，不能更换" in again
    assert lines(order)[-1] == "orders.record_service"


def test_the_database_takes_a_receipt_once_and_nothing_else(desk: Desk) -> None:
    order = desk.serve(desk.issued(), proof=photo("回证.png"))
    rows = Service.objects.filter(notice=order.notice)
    for change in ({"proof": None}, {"recipient": "别人"}):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            rows.update(**change)


def test_only_who_serves_is_led_to_the_receipt(desk: Desk) -> None:
    order = desk.served()
    for user in (desk.inspector, desk.supervisor):
        found = review.of(review.read(order.pk, user, LOOKED_ON)).defects
        assert [check.text for _name, check in found] == ["送达回证没有上传"]
        assert bool(found[0][1].url) == user.may("orders.serve")


# ---- citations ----------------------------------------------------------------------------------


def test_a_citation_that_does_not_fit_is_a_reminder(desk: Desk, door: Any, on: Any) -> None:
    inspection = desk.visit(1)
    order = desk.serve(desk.issued(inspection=inspection))
    facts = facts_of(order, desk)
    facts.findings[0].violation_type_id = "NO_CONSENT"
    (looked,) = review.looked(facts)
    assert [note["code"] for note in looked.notes] == ["better_fit", "better_fit"]
    assert any("第四十一条第一款" in link["name"] for link in looked.notes[0]["links"])
    review_ = review.of(facts)
    assert sum("不涉及这一行为" in check.text for _name, check in review_.reminders) == 1


def test_an_article_that_was_not_in_force_is_a_defect(desk: Desk) -> None:
    order = desk.served(findings=1)
    version = Article.objects.with_law().get(ref="CSL@2016:21").version
    version.effective_to = date(2024, 12, 31)
    version.save()
    found = review.of(facts_of(order, desk)).defects
    assert sum("未施行" in check.text for _name, check in found) == 2


# ---- dates in disorder --------------------------------------------------------------------------


def test_officers_are_judged_by_their_day(desk: Desk) -> None:
    facts = facts_of(desk.served(findings=1), desk)
    good = Officer("甲", "1", date(2030, 1, 1))
    late = Officer("乙", "2", date(2025, 1, 5))
    bare = Officer("丙", "", None)
    visit = moment(replace(facts, officers=[good, late]), "检查")
    assert said(visit, DEFECT) == ["持有效执法证件的民警不足二人"]
    three = moment(replace(facts, officers=[good, good, bare]), "检查")
    assert said(three, REMIND)[0] == "丙的执法证件当日无效"
    held = Round(1, date(2025, 1, 8), "", (good, late))
    round_ = moment(replace(facts, rounds=[held]), "第 1 轮复查")
    assert said(round_, DEFECT) == ["乙的执法证件当日无效", "复查早于送达"]


def request(**facts: Any) -> Request:
    given = {
        "id": uuid4(),
        "state": "granted",
        "items": (1,),
        "granted_items": (1,),
        "until": date(2025, 2, 20),
        "granted_until": date(2025, 2, 20),
        "old_due_on": DUE_ON,
        "reason": "设备未到",
        "by_enterprise": True,
        "asked_at": at(DUE_ON),
        "late": False,
        "requested_by_id": uuid4(),
        "requested_by": "韦志远",
        "requested_at": at(DUE_ON),
        "decided_by": "覃海波",
        "decided_at": at(date(2025, 2, 13)),
        "decision_note": "同意",
        "notice_id": None,
        "number": None,
    }
    return Request(**(given | facts))


def test_more_time_asked_in_time_and_decided_by_another(desk: Desk) -> None:
    facts = facts_of(desk.served(findings=1), desk)

    def with_(*requests: Request) -> Facts:
        return replace(facts, happened=Course(items={1: 1}, requests=list(requests)))

    good = with_(request())
    assert said(moment(good, "申请延期"), "ok") == ["在期限届满前提出"]
    assert said(moment(good, "准予延期"), "ok") == ["审批人不是登记人", "在申请之后"]
    bad = with_(request(late=True, decided_by="韦志远", granted_until=None))
    assert said(moment(bad, "申请延期"), REMIND) == ["期限届满后提出"]
    assert said(moment(bad, "不予延期"), DEFECT) == ["审批人就是登记人"]
    waiting = with_(request(state="requested", decided_by=None, decided_at=None))
    assert said(moment(waiting, "延期决定"), REMIND) == ["延期申请还没有审批"]


def test_a_standstill_by_a_court_needs_its_paper(desk: Desk) -> None:
    facts = facts_of(desk.served(findings=1), desk)
    still = Standstill(1, "litigation", "", "已起诉", date(2025, 1, 15), None)
    bad = moment(replace(facts, happened=Course(standstills=[still])), "期限中止（未恢复）")
    assert said(bad, REMIND) == ["没有填依据文书的文号"]


def test_service_on_a_rest_day_and_entered_late_is_said(desk: Desk) -> None:
    facts = facts_of(desk.served(findings=1), desk)
    (attempt,) = facts.attempts
    saturday = date(2025, 1, 11)
    late = replace(attempt, attempted_on=saturday, recorded_at=at(date(2025, 1, 15)), proven=True)
    found = moment(replace(facts, attempts=[late]), "送达")
    assert said(found, REMIND) == ["送达 4 天后才登记"]
    assert said(found, "note") == ["当天是休息日"]
    early = replace(attempt, attempted_on=date(2025, 1, 7))
    assert "送达早于签发" in said(moment(replace(facts, attempts=[early]), "送达"), DEFECT)
    makeup = replace(attempt, attempted_on=date(2025, 1, 26), recorded_at=at(date(2025, 1, 26)))
    assert "当天是调休上班日" in said(moment(replace(facts, attempts=[makeup]), "送达"), "note")


def test_a_named_day_says_how_much_was_left(desk: Desk) -> None:
    order = desk.issued(term_kind="date", term_date=date(2025, 1, 13), term_days=None)
    desk.serve(order, SERVED_ON, proof=photo())
    served = moment(facts_of(order, desk), "送达")
    assert said(served, REMIND) == ["送达时距改正期限还有 2 个工作日"]


def test_papers_are_held_to_their_sums(desk: Desk) -> None:
    order = printed(desk.issued())
    facts = facts_of(order, desk)
    (sheet,) = review.sheets(facts)
    assert said(sheet, "ok") == ["正文与签发时的校验值一致", "PDF 与登记的校验值一致"]
    facts.notices[0].words += " "
    facts.notices[0].pdf_sha256 = "0" * 64
    (sheet,) = review.sheets(facts)
    assert len(said(sheet, DEFECT)) == 2


def test_the_days_of_the_acts_choose_the_law(desk: Desk) -> None:
    facts = facts_of(desk.served(findings=2), desk)
    acts = moment(facts, "违法行为（第 1、2 项）")
    assert (acts.day, acts.basis) == (FOUND_ON, ("APL@2021:37",))
    assert "检查时仍在继续" in acts.why
    facts.findings[0].act_from = date(2025, 1, 2)
    facts.findings[0].act_to = date(2025, 1, 3)
    assert "按行为终了之日" in moment(facts, "违法行为（第 1 项）").why


def test_an_order_cannot_rest_on_what_was_not_in_force(desk: Desk, door: Any, on: Any) -> None:
    """The register was corrected after the visit was signed: the order waits, the page says why."""
    order, approved = desk.draft(findings=1), desk.approved(findings=1)
    version = Article.objects.with_law().get(ref="CSL@2016:21").version
    version.effective_to = date(2024, 12, 31)
    version.save()
    with pytest.raises(Refused, match=r"未施行.*须更换条款"):
        orders.submit(order, by=desk.inspector, at=order.drafted_at)
    with pytest.raises(Refused, match="未施行"):
        orders.issue(approved, by=desk.supervisor, at=at(FOUND_ON, 17))
    with on(FOUND_ON):
        page = door(desk.inspector).get(url(order)).content.decode()
    assert "第 1 项：" in page
    assert "须更换条款，或者写明引用的理由" in page

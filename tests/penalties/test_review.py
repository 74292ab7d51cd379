"""The self-review of a case: 25 planted defects, and what a case adds to the review of an order."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from legal import citations
from penalties import review
from penalties.casefile import File
from tests.factories.penalties import (
    FILED_ON,
    case_alone,
    case_beside,
    circumstance,
    decision,
    item,
    tier,
)
from tests.factories.rectification import Desk
from tests.penalties.planted import LOOKED, Planted
from tests.penalties.test_cases import url
from tests.rectification.doors import url as order_url

#: One defect of each, in one file.
PLANTED = (
    "receipt",
    "two_officers",
    "certificate",
    "version",
    "order_told",
    "ninety",
    "served_late",
    "cash_late",
    "preservation",
    "hearing_notice_late",
    "defence_window",
    "appraisal_copy",
    "statement_unsigned",
    "hearing_unsigned",
    "range",
    "override",
    "told_other",
    "defence_unanswered",
    "hearing_unoffered",
    "hearing_host",
    "hearing_unreported",
    "reviewer_investigated",
    "discussion_minutes",
    "approver_investigated",
    "evidence_unverified",
)
#: As many again, in another.
OTHERS = (
    "limitation",
    "unfiled",
    "recusal_late",
    "fined_twice",
    "particulars",
    "order_statement",
    "statement_rights",
    "evidence_officers",
    "order_evidence",
    "appraisal_open",
    "exclusion_open",
    "order_report",
    "deviation",
    "tier_reason",
    "kind",
    "paper_void",
    "order_decided_told",
    "hearing_accept_late",
    "order_hearing_report",
    "reviewer_unqualified",
    "review_ignored",
    "order_review",
    "order_discussion",
    "order_approval",
    "unserved",
    "order_payment",
    "receipt_number",
    "surcharge",
    "order_demand",
    "unnumbered",
)
MISSING = (
    "evidence_none",
    "report_missing",
    "told_missing",
    "review_missing",
    "discussion_missing",
    "approval_missing",
    "demand_missing",
    "order_visit",
    "statement_twice",
)


def codes(found: review.Reviewed) -> Counter[str]:
    return Counter(each.code for each in found.defects)


def test_a_sound_file_has_no_defect(desk: Desk) -> None:
    found = review.of(Planted(desk).file, LOOKED)
    assert [(each.code, each.text) for each in found.defects] == []
    assert (found.score, found.passed, found.grade) == (100, True, "优秀")


@pytest.mark.parametrize("planted", [PLANTED, OTHERS, MISSING], ids=["25", "others", "missing"])
def test_all_planted_defects_are_named_and_nothing_else(
    desk: Desk, planted: tuple[str, ...]
) -> None:
    """Each with a sentence, an article of the register, and where it stands."""
    found = review.of(Planted(desk, planted).file, LOOKED)
    assert codes(found) == Counter(planted)
    books = citations.register()
    for each in found.defects:
        assert each.text.endswith("。")
        assert each.basis in books.by_ref
        assert each.url.startswith("/")
    assert found.score < 60
    assert not found.passed


def test_what_the_gate_lets_pass_is_no_defect(desk: Desk) -> None:
    """A fine below its range by a circumstance of the statute, and one off an example that binds
    nobody: the review says no more than the gate did."""
    case = case_alone(desk)
    base = tier(position=1)
    off = {"low": "50000", "high": "100000", "example": True}
    row = item(case, measure="fine", amount=5_000, tier=base, suggestion=off)
    assert {"range"} == {"range", "deviation"} & set(codes(review.of(File(case), FILED_ON)))
    circumstance(case, effect="reduced")
    assert not {"range", "deviation"} & set(codes(review.of(File(case), FILED_ON)))
    row.suggestion = off | {"example": False}
    row.save()
    assert {"deviation"} == {"range", "deviation"} & set(codes(review.of(File(case), FILED_ON)))


def test_there_are_25_and_every_rule_is_known() -> None:
    assert len(PLANTED) == 25
    known = {each.code for each in review.rules()}
    assert {*PLANTED, *OTHERS, *MISSING} <= known
    with pytest.raises(ValueError, match="registered twice"):
        review.rule("ninety", "", review.MINOR, "APL@2021:60")(lambda look: [])


def test_what_a_defect_costs() -> None:
    """12, 5 and 2 of the hundred; a serious one fails the file by itself."""

    def scored(*severities: str) -> tuple[int, str]:
        found = tuple(review.Defect("x", "x", each, "", "", "/", "") for each in severities)
        reviewed = review.Reviewed(LOOKED, found, 1)
        return reviewed.score, reviewed.grade

    assert scored() == (100, "优秀")
    assert scored(review.MINOR) == (98, "优秀")
    assert scored(review.MAJOR, review.MAJOR, review.MINOR) == (88, "合格")
    assert scored(*[review.MAJOR] * 8) == (60, "合格")
    assert scored(*[review.MAJOR] * 8, review.MINOR) == (58, "不合格")
    assert scored(review.SERIOUS) == (88, "不合格")
    assert scored(*[review.SERIOUS] * 9) == (0, "不合格")


def test_the_law_of_2021_is_not_asked_of_older_decisions(desk: Desk) -> None:
    """The same file, as if it had been decided before the law of 2021 came into force."""
    case = Planted(desk, {"hearing_host", "discussion_missing", "order_payment"}).file.case
    case.decided_on = date(2021, 7, 14)
    found = review.of(File(case), LOOKED)
    assert not any(each.basis.startswith("APL@2021") for each in found.defects)


def test_the_page_and_the_file_say_the_same(desk: Desk, door: Any, on: Any) -> None:
    planted = Planted(desk, {"receipt_number", "hearing_host"})
    client = door(desk.supervisor)
    with on(LOOKED):
        page = page_of(client, url(planted.case, "review"))
        sheet = page_of(client, url(planted.case, "review_export"))
    assert "83 分，不合格" in page
    for text in (page, sheet):
        assert "缴款没有票据号" in text
        assert "听证由调查人员主持" in text
    assert f"?tab=money#payment-{planted.case.payments.get().pk}" in page
    assert "《行政处罚法》（2021）第七十条" in sheet


def page_of(client: Any, address: str) -> str:
    return str(client.get(address).content.decode())


# ---- Beside an order ---------------------------------------------------------------------------


def test_findings_that_cite_the_same_stand_together(desk: Desk) -> None:
    case = case_beside(desk, desk.served(findings=3))
    (entry,) = review.looked(review.findings_of(case), citations.register(), FILED_ON)
    assert entry.name == "第 1、2、3 项"
    assert [note["code"] for note in entry.notes] == ["persons"]


def test_the_review_of_the_order_holds_its_case(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    case = case_beside(desk, order)
    decision(case, decided_on=date(2025, 1, 15))
    with on(date(2025, 1, 20)):
        page = page_of(door(desk.supervisor), order_url(order, "review"))
    assert "行政处罚案件（不履行网络安全保护义务）" in page
    assert "在办案期限内决定" in page
    assert case.get_absolute_url() in page
    assert case.decision_derivation["sentence_zh"] in page


def test_a_case_has_its_own_review(
    desk: Desk, door: Any, on: Any, django_assert_max_num_queries: Any
) -> None:
    inspection = desk.visit(2)
    case = case_alone(desk, inspection=inspection)
    client = door(desk.supervisor)
    with on(date(2025, 6, 2)):
        page_of(client, url(case, "review"))
        with django_assert_max_num_queries(50):
            page = page_of(client, url(case, "review"))
        assert url(case, "review") in page_of(client, case.get_absolute_url())
    assert "还没有作出决定" in page
    assert "95 分，优秀" in page


def test_a_late_decision_without_number_is_said(desk: Desk) -> None:
    case = case_beside(desk)
    decision(case, decided_on=date(2025, 6, 2), number="")
    moment = next(m for m in review.moments(case, date(2025, 6, 3)) if m.name == "处罚决定")
    assert [(c.state, c.text) for c in moment.checks if c.state != "ok"] == [
        ("defect", "决定超过办案期限"),
        ("remind", "没有登记决定书文号"),
    ]

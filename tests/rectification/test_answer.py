"""Reports, rounds, the verdict, and what comes after."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.trail import Refused
from deadlines.models import Deadline
from rectification import course, orders, reasons
from rectification.acts import ACTS
from rectification.models import Correction, Order, OrderState, Outcome, Reinspection, Verdict
from tests.factories.rectification import DUE_ON, FOUND_ON, SERVED_ON, Desk, at, house
from tests.factories.vault import png
from tests.rectification.doors import lines, post, url

REPORTED_ON = date(2025, 2, 7)
AFTER = date(2025, 2, 13)


def _report(order: Order, *items: int, **changes: Any) -> dict[str, Any]:
    return {
        "items": [i.pk for i in order.items.all() if not items or i.ordinal in items],
        "completed_on": "2025-02-06",
        "received_on": "2025-02-07",
        "note": "已加密。",
    } | changes


def _round(desk: Desk, order: Order, outcome: str = "corrected", **changes: Any) -> dict[str, Any]:
    form: dict[str, Any] = {
        "held_on": "2025-02-12",
        "officer_1": str(desk.inspector.pk),
        "officer_2": str(desk.colleague.pk),
    }
    for item in order.items.all():
        form[f"outcome_{item.pk}"] = outcome
        form[f"completed_{item.pk}"] = "2025-02-06" if outcome == "corrected" else ""
        form[f"note_{item.pk}"] = ""
    return form | changes


# ---- reports -------------------------------------------------------------------------------


def test_a_report_of_everything_awaits_a_look(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    with on(REPORTED_ON):
        client = door(desk.inspector)
        post(client, order, "record_correction", **_report(order, 1))
        order.refresh_from_db()
        assert order.reported_on is None
        proof = SimpleUploadedFile("截图.png", png(), "image/png")
        answer = post(client, order, "record_correction", **_report(order, 2, evidence=[proof]))
        order.refresh_from_db()
        page = client.get(answer.url).content.decode()
        file = client.get(f"/orders/files/{order.attachments.get().pk}/")

    assert order.reported_on == REPORTED_ON
    assert "企业报告改正第 1 项" in page
    assert "截图.png" in page
    assert file.content == png()
    assert lines(order)[-3:] == [
        "orders.record_correction",
        "orders.record_correction",
        "orders.download_file",
    ]


def test_the_same_report_twice_is_one(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    client = door(desk.inspector)
    with on(REPORTED_ON):
        for _n in range(2):
            answer = post(client, order, "record_correction", **_report(order, 1))
    assert answer.url == order.get_absolute_url()
    assert Correction.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"items": []}, "至少选择一项已改正的问题"),
        ({"completed_on": "2025-02-08"}, "完成日期不能晚于收到报告的日期"),
        ({"received_on": "2025-02-08"}, "收到报告的日期不能晚于今天"),
        ({"completed_on": "2025-01-05"}, "完成日期不能早于检查日期（2025年1月6日）"),
        ({"note": " "}, "写明改正情况"),
        ({"evidence": [SimpleUploadedFile("a.svg", b"<svg/>")]}, "网页和 SVG 不能作为证据上传"),
        ({"evidence": [SimpleUploadedFile("a.html", b"<html>")]}, "网页和 SVG 不能作为证据上传"),
    ],
)
def test_a_report_is_refused_and_kept(
    desk: Desk, door: Any, on: Any, changes: dict[str, Any], sentence: str
) -> None:
    order = desk.served()
    form = _report(order, **changes)
    with on(REPORTED_ON):
        page = post(door(desk.inspector), order, "record_correction", **form).content.decode()
    assert sentence in page
    assert not Correction.objects.exists()
    assert not order.attachments.exists()


def test_items_of_another_order_are_refused(desk: Desk) -> None:
    order = desk.served()
    other = desk.draft(inspection=desk.visit(enterprise=order.enterprise))
    with pytest.raises(Refused, match="不属于这份责令改正"):
        orders.record_correction(
            order,
            other.items.all(),
            by=desk.inspector,
            at=at(REPORTED_ON),
            completed_on=REPORTED_ON,
            received_on=REPORTED_ON,
            note="x",
        )


# ---- rounds --------------------------------------------------------------------------------


def test_a_round_by_two_officers(desk: Desk, door: Any, on: Any) -> None:
    order = desk.report(desk.served(), REPORTED_ON)
    with on(DUE_ON):
        post(door(desk.inspector), order, "record_reinspection", **_round(desk, order))
        order.refresh_from_db()
        page = door(desk.inspector).get(url(order)).content.decode()

    assert order.reinspected_on == DUE_ON
    assert order.phase(DUE_ON) == ("wait", "待作出结论")
    assert "2月6日完成，2月12日复查" in page
    assert Order.objects.to_judge().get() == order
    assert not Order.objects.to_reinspect(DUE_ON).exists()


def test_before_the_day_somebody_must_have_reported(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    with on(REPORTED_ON):
        page = door(desk.inspector).get(url(order, "record_reinspection")).content.decode()
    assert "企业还没有报告改正，期限也未届满" in page
    assert url(order, "record_correction") in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"officer_2": ""}, "复查须有二人"),
        ({"held_on": "2025-02-14"}, "复查日期不能晚于今天"),
        ({"held_on": "2025-01-08"}, "复查日期不能早于送达日期（2025年1月9日）"),
        ({"held_on": "2025-02-01"}, "认定的完成日期不能晚于复查日期"),
    ],
)
def test_a_round_is_refused(
    desk: Desk, door: Any, on: Any, changes: dict[str, Any], sentence: str
) -> None:
    order = desk.report(desk.served(), REPORTED_ON)
    with on(AFTER):
        form = _round(desk, order, **changes)
        page = post(door(desk.inspector), order, "record_reinspection", **form).content.decode()
    assert sentence in page
    assert not Reinspection.objects.exists()


def test_a_round_needs_results_days_and_certificates(desk: Desk, door: Any, on: Any) -> None:
    order = desk.report(desk.served(), REPORTED_ON)
    first = order.items.first().pk
    desk.colleague.certificate_expires_on = date(2025, 2, 1)
    desk.colleague.save()
    with on(AFTER):
        client = door(desk.inspector)
        empty = post(client, order, "record_reinspection", **_round(desk, order, ""))
        dayless = _round(desk, order, **{f"completed_{first}": ""})
        page = post(client, order, "record_reinspection", **dayless).content.decode()
        same = _round(desk, order, officer_2=str(desk.inspector.pk))
        alone = post(client, order, "record_reinspection", **same).content.decode()

    assert "至少填写一项复查结果" in empty.content.decode()
    assert "第 1 项已改正，须填写认定的完成日期" in page
    assert "黄莉 的执法证件在复查日期无效或已过期" in page
    assert "复查须由两名民警进行" in alone


def test_results_of_another_order_are_refused(desk: Desk) -> None:
    order = desk.report(desk.served(), REPORTED_ON)
    with pytest.raises(Refused, match="不属于这份责令改正"):
        desk.look(order, AFTER, results={987654: (Outcome.WAIVED, None, "")})


def test_not_corrected_means_a_new_report(desk: Desk) -> None:
    order = desk.report(desk.served(), REPORTED_ON)
    desk.look(order, date(2025, 2, 10), Outcome.UNCHANGED)
    assert (order.reported_on, order.reinspected_on) == (None, None)
    assert order.phase(date(2025, 2, 11))[0] == "live"
    with pytest.raises(Refused, match="期限未届满，不能认定第 1、2 项未改正"):
        orders.judge(order, by=desk.supervisor, at=at(date(2025, 2, 11)))
    desk.report(order, date(2025, 2, 11))
    assert order.reported_on == date(2025, 2, 11)


def test_what_was_open_before_the_day_must_be_seen_again(desk: Desk) -> None:
    order = desk.report(desk.served(), REPORTED_ON)
    desk.look(order, date(2025, 2, 10), Outcome.UNCHANGED)
    assert order.is_overdue(AFTER)
    with pytest.raises(Refused, match="在期限届满后还没有复查过"):
        orders.judge(order, by=desk.supervisor, at=at(AFTER))
    desk.look(order, AFTER, Outcome.UNCHANGED)
    orders.judge(order, by=desk.supervisor, at=at(AFTER, 16))
    assert order.verdict == Verdict.NOT_MET


def test_items_keep_the_result_of_the_round_before(desk: Desk) -> None:
    order = desk.report(desk.served(), REPORTED_ON)
    first, second = order.items.all()
    desk.look(
        order,
        date(2025, 2, 10),
        results={
            first.pk: (Outcome.CORRECTED, date(2025, 2, 6), ""),
            second.pk: (Outcome.PARTLY, None, "一张表未加密"),
        },
    )
    assert course.of(order).unreported() == {second.pk}
    desk.report(order, date(2025, 2, 12), None, 2)
    assert order.reported_on == date(2025, 2, 12)
    desk.look(order, AFTER, results={second.pk: (Outcome.CORRECTED, date(2025, 2, 12), "")})
    orders.judge(order, by=desk.supervisor, at=at(AFTER, 16))
    assert (order.verdict, order.reinspections.count()) == (Verdict.MET_ON_TIME, 2)


# ---- on the spot ---------------------------------------------------------------------------


def test_corrected_on_the_spot(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served(term_kind="immediate", term_days=None)
    with on(SERVED_ON, 19):
        post(
            door(desk.inspector),
            order,
            "correct_on_the_spot",
            officer_1=str(desk.inspector.pk),
            officer_2=str(desk.colleague.pk),
            note="当场关闭端口。",
        )
        order.refresh_from_db()
        orders.judge(order, by=desk.supervisor, at=at(SERVED_ON, 20))

    assert order.verdict == Verdict.MET_ON_TIME
    assert order.corrections.get().on_the_spot
    assert lines(order)[-3:] == [
        "orders.correct_on_the_spot",
        "orders.record_reinspection",
        "orders.judge",
    ]


def test_on_the_spot_is_refused_after_a_report(desk: Desk) -> None:
    order = desk.report(desk.served(), REPORTED_ON, None, 1)
    with pytest.raises(Refused, match="请按复查登记"):
        orders.correct_on_the_spot(
            order, by=desk.inspector, at=at(AFTER), officers=desk.pair, note="x"
        )


# ---- the verdict ---------------------------------------------------------------------------


def test_the_page_says_the_answer_before_the_button(desk: Desk, door: Any, on: Any) -> None:
    order = desk.report(desk.served(), REPORTED_ON)
    desk.look(order, AFTER, completed=REPORTED_ON)
    with on(AFTER):
        client = door(desk.supervisor)
        page = client.get(url(order, "judge")).content.decode()
        answer = post(client, order, "judge")
        shown = client.get(answer.url).content.decode()
    order.refresh_from_db()

    assert "结论：按期改正。" in page
    assert "按企业完成、经复查认定的日期判定" in page
    assert (order.verdict, order.days_late) == (Verdict.MET_ON_TIME, None)
    assert order.verdict_basis["policy"] == "completion"
    assert "已作出结论：按期改正" in shown
    assert Deadline.objects.get(kind="RECTIFY").was_met_in_time


def test_the_other_policy_judges_by_the_look(desk: Desk) -> None:
    """The rules of the day of issue hold: those of later days change nothing."""
    house(desk.unit, date(2025, 1, 1), verdict_basis="verification")
    house(desk.unit, date(2025, 2, 1), verdict_basis="completion")
    order = desk.report(desk.served(), REPORTED_ON)
    desk.look(order, AFTER, completed=REPORTED_ON)
    orders.judge(order, by=desk.supervisor, at=at(AFTER, 16))
    assert (order.verdict, order.days_late) == (Verdict.MET_LATE, 1)
    assert order.phase(AFTER) == ("met", Verdict.MET_LATE.label)


def test_late_by_so_many_days(desk: Desk) -> None:
    order = desk.report(desk.served(), date(2025, 2, 20))
    desk.look(order, date(2025, 2, 21), completed=date(2025, 2, 20))
    orders.judge(order, by=desk.supervisor, at=at(date(2025, 2, 21), 16))
    assert (order.verdict, order.days_late) == (Verdict.MET_LATE, 8)


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        ("served", "还没有复查结果"),
        ("suspended", "恢复后才能作出结论"),
        ("pending", "延期申请还没有审批"),
        ("issued", "尚未送达"),
        ("draft", "尚未签发"),
    ],
)
def test_no_verdict_yet(desk: Desk, prepare: str, sentence: str) -> None:
    made = prepare if prepare in ("issued", "draft") else "served"
    order = getattr(desk, made)()
    if prepare == "suspended":
        orders.suspend(
            order, by=desk.inspector, at=at(SERVED_ON, 19), from_on=SERVED_ON, reason="x"
        )
    if prepare == "pending":
        orders.request_extension(
            order, by=desk.inspector, at=at(SERVED_ON, 19), until=date(2025, 3, 3), reason="x"
        )
    found = reasons.can_judge(order, desk.supervisor, DUE_ON)
    assert sentence in str(found[0])
    with pytest.raises(Refused, match=sentence):
        orders.judge(order, by=desk.supervisor, at=at(DUE_ON))


def test_a_judged_order_is_final(desk: Desk) -> None:
    order = desk.judged()
    for act in ("record_correction", "record_reinspection", "judge", "request_extension"):
        assert "已经办结" in str(ACTS[act].ask(order, desk.supervisor, AFTER)[0])


# ---- after the verdict ---------------------------------------------------------------------


def test_an_unmet_order_is_handed_on(desk: Desk, door: Any, on: Any) -> None:
    order = desk.judged(on=AFTER, outcome=Outcome.UNCHANGED)
    with on(AFTER):
        client = door(desk.supervisor)
        silent = post(client, order, "escalate", to="", reason="")
        post(client, order, "escalate", to="自治区公安厅网安总队", reason="复查两次未改正")
    order.refresh_from_db()

    assert "写明转到哪里" in silent.content.decode()
    assert (order.state, order.escalated_to) == (OrderState.ESCALATED, "自治区公安厅网安总队")
    assert Deadline.objects.get(kind="RECTIFY").state == Deadline.CANCELLED


def test_what_was_met_or_still_runs_is_not_handed_on(desk: Desk) -> None:
    refused = reasons.can_escalate
    assert "结论为已改正" in str(refused(desk.judged(), desk.supervisor, AFTER)[0])
    order = desk.served(inspection=desk.visit())
    assert "期限未届满" in str(refused(order, desk.supervisor, DUE_ON)[0])
    assert refused(order, desk.supervisor, DUE_ON)[0].basis == "CSL@2016:59(1)"
    assert "还没有" in str(refused(order, desk.supervisor, AFTER)[0])
    assert FOUND_ON < AFTER


def test_handed_on_once(desk: Desk) -> None:
    order = desk.judged(on=AFTER, outcome=Outcome.UNCHANGED)
    orders.escalate(order, by=desk.supervisor, at=at(AFTER, 17), to="总队", reason="x")
    with pytest.raises(Refused, match="已经转入：总队"):
        orders.escalate(order, by=desk.supervisor, at=at(AFTER, 18), to="总队", reason="x")

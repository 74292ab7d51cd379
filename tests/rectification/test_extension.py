"""More time for some findings, on a paper of its own; late requests; the caps of the house."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.trail import Decided, Refused
from deadlines import registry
from deadlines.models import Deadline
from inspections.models import Inspection
from notices.models import Notice
from rectification import course, orders
from rectification.models import ExtensionState, Order, Outcome, Verdict
from tests.factories.rectification import DUE_ON, SERVED_ON, Desk, at, house
from tests.factories.vault import png
from tests.rectification.doors import lines, post, url

ASKED_ON, LATER, LATEST = date(2025, 2, 7), date(2025, 3, 10), date(2025, 3, 28)
AFTER = date(2025, 2, 13)
RECTIFY, REINSPECT, DECIDE = orders.DEADLINE_KIND, orders.REINSPECT_KIND, orders.DECIDE_KIND


def days(order: Order) -> list[date | None]:
    return list(order.items.order_by("ordinal").values_list("due_on", flat=True))


def clocks(kind: str = RECTIFY) -> list[tuple[str, str, date]]:
    """(record, state, day) of every deadline of the kind, as they were entered."""
    rows = Deadline.objects.filter(kind=kind).order_by("entered_at")
    return [(row.subject_type.rpartition(".")[2], row.state, row.due_on) for row in rows]


@pytest.fixture
def four(desk: Desk) -> Order:
    """Served, four findings, due on 12 February."""
    return desk.served(4)


# ---- some of several ---------------------------------------------------------------------------


def test_two_of_four_get_more_time(desk: Desk, four: Order, door: Any, on: Any) -> None:
    picture = SimpleUploadedFile("合同.png", png(), "image/png")
    with on(ASKED_ON):
        post(
            door(desk.inspector),
            four,
            "request_extension",
            items=[i.pk for i in four.items.all() if i.ordinal in (2, 3, 4)],
            until="2025-03-28",
            by_enterprise="1",
            reason="设备采购周期长",
            evidence=[picture],
        )
        four.refresh_from_db()
        decider = door(desk.supervisor)
        form = decider.get(url(four, "decide_extension")).content.decode()
        post(
            decider,
            four,
            "decide_extension",
            granted="1",
            items=[i.pk for i in four.items.all() if i.ordinal in (2, 4)],
            until="2025-03-10",
            note="采购合同属实",
        )
        four.refresh_from_db()
        shown = decider.get(url(four)).content.decode()

    assert "申请第 2、3、4 项延至2025年3月28日" in form
    assert days(four) == [DUE_ON, LATER, DUE_ON, LATER]
    assert four.due_on == DUE_ON
    # The doors' clock stands in 2025, the factory's does not: in no order.
    assert sorted(clocks()) == [("extension", "running", LATER), ("order", "running", DUE_ON)]
    assert clocks(DECIDE) == [("extension", "met", date(2025, 2, 11))]
    asked = four.extensions.get()
    assert (asked.until, asked.granted_until) == (LATEST, LATER)
    assert list(asked.asked.values_list("item__ordinal", "granted")) == [
        (2, True),
        (3, False),
        (4, True),
    ]
    paper = asked.notice
    assert paper.kind == "extension_decision"
    assert "2025年3月10日" in paper.words
    assert (paper.snapshot["whole"], len(paper.snapshot["items"])) == (False, 2)
    for words in (
        "合同.png",
        "准予第 2、4 项延至2025年3月10日",
        paper.number,
        "第 1、3 项期限",
        "第 2、4 项期限",
        "准予第 2、4 项延期，期限由 2025年2月12日改为 2025年3月10日",
    ):
        assert words in shown
    label = registry.describe({("rectification.extension", asked.pk)})
    text, address = label["rectification.extension", asked.pk]
    assert text == f"{four.notice.number} 第 2、4 项"
    assert door(desk.inspector).get(address).url.startswith(url(four))


def test_the_order_waits_for_what_is_still_owed(desk: Desk, four: Order) -> None:
    desk.ask(four, ASKED_ON, LATER, 2, 4)
    desk.decide(four, ASKED_ON)
    assert four.is_overdue(AFTER)
    desk.report(four, DUE_ON, None, 1, 3)
    assert four.due_on == LATER
    assert not four.is_overdue(AFTER)
    desk.report(four, date(2025, 3, 7), None, 2, 4)
    assert (four.due_on, four.reported_on) == (LATER, date(2025, 3, 7))


def test_each_item_is_judged_by_its_own_day(desk: Desk, four: Order) -> None:
    desk.ask(four, ASKED_ON, LATER, 2, 4)
    desk.decide(four, ASKED_ON)
    desk.report(four, DUE_ON, None, 1, 3)
    desk.report(four, date(2025, 3, 12), None, 2, 4)
    done = {i.pk: DUE_ON if i.ordinal in (1, 3) else date(2025, 3, 12) for i in four.items.all()}
    seen = {pk: (Outcome.CORRECTED, day, "") for pk, day in done.items()}
    desk.look(four, date(2025, 3, 13), results=seen)
    orders.judge(four, by=desk.supervisor, at=at(date(2025, 3, 13), 16))

    assert (four.verdict, four.days_late) == (Verdict.MET_LATE, 2)
    assert [each["days_late"] for each in four.verdict_basis["items"]] == [0, 2, 0, 2]
    ended = Deadline.objects.filter(kind=RECTIFY).order_by("due_on")
    assert [(row.state, row.was_met_in_time) for row in ended] == [("met", True), ("met", False)]


def test_what_still_has_time_cannot_be_judged_unfinished(desk: Desk, four: Order) -> None:
    desk.ask(four, ASKED_ON, LATER, 2, 4)
    desk.decide(four, ASKED_ON)
    desk.look(four, AFTER, Outcome.UNCHANGED)
    assert four.reinspected_on is None
    with pytest.raises(Refused, match="不能认定第 2、4 项未改正。2025年3月10日届满后再复查"):
        orders.judge(four, by=desk.supervisor, at=at(AFTER, 17))
    later = {i.pk: (Outcome.UNCHANGED, None, "") for i in four.items.all() if i.ordinal in (2, 4)}
    desk.look(four, date(2025, 3, 11), results=later)
    orders.judge(four, by=desk.supervisor, at=at(date(2025, 3, 11), 17))
    assert four.verdict == Verdict.NOT_MET
    assert {state for _record, state, _day in clocks()} == {"cancelled"}


def test_a_group_moves_again_and_the_rest_joins_it(desk: Desk, four: Order) -> None:
    """Items that share a deadline move it; what comes from two goes on under one."""
    desk.ask(four, ASKED_ON, LATER, 2, 4)
    desk.decide(four, ASKED_ON)
    with pytest.raises(Refused, match="第 1 项 2025年2月12日；第 2 项 2025年3月10日"):
        desk.ask(four, ASKED_ON, LATEST, 1, 2)
    desk.ask(four, ASKED_ON, LATER, 1, 3)
    desk.decide(four, ASKED_ON)
    assert clocks() == [
        ("order", "replaced", DUE_ON),
        ("extension", "running", LATER),
        ("order", "running", LATER),
    ]
    desk.ask(four, ASKED_ON, LATEST, 1, 2, 3)
    desk.decide(four, ASKED_ON)
    assert days(four) == [LATEST, LATEST, LATEST, LATER]
    assert clocks()[1:] == [
        ("extension", "running", LATER),
        ("order", "cancelled", LATER),
        ("extension", "running", LATEST),
    ]


def test_a_stop_moves_every_group(desk: Desk, four: Order) -> None:
    desk.ask(four, ASKED_ON, LATER, 2, 4)
    desk.decide(four, ASKED_ON)
    stop, go = date(2025, 2, 10), date(2025, 2, 17)
    orders.suspend(
        four, by=desk.inspector, at=at(stop), from_on=stop, reason="诉讼", ground="litigation"
    )
    assert {state for _record, state, _day in clocks() if state != "replaced"} == {"suspended"}
    assert clocks(REINSPECT)[-1][1] == "cancelled"
    orders.resume(four, by=desk.inspector, at=at(go), on=go)
    assert days(four) == [date(2025, 2, 20), date(2025, 3, 18)] * 2
    assert four.due_on == date(2025, 2, 20)
    assert clocks(REINSPECT)[-1] == ("order", "running", date(2025, 2, 25))


def test_mail_that_came_back_and_a_withdrawal_end_every_clock(desk: Desk) -> None:
    order = desk.issued(4)
    desk.serve(order, method="post", tracking_number="EMS1", servers=(None, None))
    desk.ask(order, date(2025, 1, 13), LATER, 2)
    paper = desk.decide(order, date(2025, 1, 13)).notice
    day = date(2025, 1, 15)
    orders.record_returned_mail(
        order, by=desk.inspector, at=at(day), returned_on=day, note="查无此人"
    )
    assert days(order) == [None] * 4
    assert order.extensions.get().state == ExtensionState.LAPSED
    paper.refresh_from_db()
    assert paper.state == Notice.State.WITHDRAWN
    assert not Deadline.objects.open().exists()

    desk.serve(order, date(2025, 1, 20))
    assert days(order) == [date(2025, 2, 21)] * 4
    desk.ask(order, date(2025, 1, 21), LATER, 1)
    orders.withdraw(order, by=desk.supervisor, at=at(date(2025, 1, 22)), reason="名称有误")
    assert not Deadline.objects.open().exists()
    assert [each.state for each in order.extensions.all()] == ["lapsed", "lapsed"]


# ---- in time or late ---------------------------------------------------------------------------


@pytest.mark.parametrize("minute", [datetime(2025, 2, 12, 23, 59), datetime(2025, 2, 7, 9, 0)])
def test_a_request_that_is_entered_late_was_asked_in_time(
    desk: Desk, four: Order, door: Any, on: Any, minute: datetime
) -> None:
    with on(date(2025, 2, 14)):
        page = door(desk.inspector).get(url(four, "request_extension")).content.decode()
        post(
            door(desk.inspector),
            four,
            "request_extension",
            items=[i.pk for i in four.items.all()],
            until="2025-03-10",
            by_enterprise="1",
            asked_at=f"{minute:%Y-%m-%dT%H:%M}",
            reason="当日书面提出",
        )
    four.refresh_from_db()
    assert "最多延期 2 次，已延 0 次" in page
    assert four.extension_pending
    assert not four.is_overdue(date(2025, 2, 14))
    assert (four.extensions.get().late, four.phase(AFTER)[1]) == (False, "延期待审批")


def test_one_minute_after_the_term_is_late(desk: Desk, four: Order, door: Any, on: Any) -> None:
    form = {
        "items": [i.pk for i in four.items.all()],
        "until": "2025-03-10",
        "by_enterprise": "1",
        "asked_at": "2025-02-13T00:01",
        "reason": "忘记了",
    }
    with on(AFTER):
        page = post(door(desk.inspector), four, "request_extension", **form).content.decode()
    assert "本单位不受理逾期的申请" in page
    assert "忘记了" in page  # what was typed comes back
    assert 'value="2025-02-13T00:01"' in page
    assert url(four, "record_reinspection") in page
    assert not four.extensions.exists()


def test_a_house_that_takes_late_requests_marks_them_and_waits_for_nothing(
    desk: Desk, door: Any, on: Any
) -> None:
    house(desk.unit, date(2025, 1, 1), accept_late_requests=True)
    order = desk.served()
    desk.ask(order, AFTER, LATER)
    assert (order.extension_pending, order.late_request) == (False, True)
    assert order.is_overdue(AFTER)
    assert Order.objects.overdue(AFTER).get() == order
    assert Order.objects.extension_to_decide().get() == order
    with on(AFTER):
        page = door(desk.supervisor).get(url(order)).content.decode()
        row = door(desk.supervisor).get("/orders/?view=overdue").content.decode()
    assert "审批之前照常计算逾期" in page
    assert "逾期提出：申请第 1、2 项" in page
    assert "逾期提出延期" in row
    desk.decide(order, date(2025, 2, 14))
    assert (order.due_on, order.late_request) == (LATER, False)
    assert "届满之后提出" in order.extensions.get().notice.words


def test_a_late_request_lapses_with_the_verdict(desk: Desk) -> None:
    house(desk.unit, date(2025, 1, 1), accept_late_requests=True)
    order = desk.served()
    desk.ask(order, AFTER, LATER)
    desk.look(order, date(2025, 2, 14), Outcome.UNCHANGED)
    orders.judge(order, by=desk.supervisor, at=at(date(2025, 2, 14), 17))
    assert (order.late_request, order.extensions.get().state) == (False, ExtensionState.LAPSED)
    assert clocks(DECIDE)[-1][1] == "cancelled"


@pytest.mark.parametrize(
    ("asked_at", "sentence"),
    [
        (at(date(2025, 1, 8)), "提出时间不能早于送达日期（2025年1月9日）"),
        (at(ASKED_ON, 15, 1), "提出时间不能晚于现在"),
    ],
)
def test_when_it_can_have_been_asked(desk: Desk, asked_at: datetime, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        desk.ask(desk.served(), ASKED_ON, LATER, asked_at=asked_at)


# ---- what the house allows -----------------------------------------------------------------------


def test_how_often_and_by_how_much(desk: Desk) -> None:
    """The caps of the day of issue hold, item by item."""
    house(desk.unit, date(2025, 1, 1), max_extensions=2, max_extension_days=30)
    house(desk.unit, date(2025, 2, 1), max_extensions=9, max_extension_days=None)
    order = desk.served(2)
    with pytest.raises(
        Refused, match="合计不超过 30 天，已经延长 0 天，最晚可以申请延至 2025年3月14日"
    ):
        desk.ask(order, ASKED_ON, date(2025, 3, 17), 1)
    desk.ask(order, ASKED_ON, LATER, 1)
    desk.decide(order, ASKED_ON)
    with pytest.raises(Refused, match="已经延长 26 天，最晚可以申请延至 2025年3月14日"):
        desk.ask(order, ASKED_ON, date(2025, 3, 17), 1)
    desk.ask(order, ASKED_ON, date(2025, 3, 14), 1)
    desk.decide(order, ASKED_ON)
    with pytest.raises(Refused, match="第 1 项已延期 2 次，达到本单位规定的次数"):
        desk.ask(order, ASKED_ON, LATEST, 1)
    desk.ask(order, ASKED_ON, LATER, 2)  # the other one was never moved


def test_a_house_that_gives_no_more_time(desk: Desk) -> None:
    house(desk.unit, date(2025, 1, 1), max_extensions=0)
    with pytest.raises(Refused, match="本单位规定改正期限不予延长"):
        desk.ask(desk.served(), ASKED_ON, LATER)


def test_no_more_than_was_asked(desk: Desk, four: Order) -> None:
    desk.ask(four, ASKED_ON, LATER, 2, 4)
    for given, sentence in (
        ({"until": LATEST}, "不晚于申请的日期"),
        ({"until": DUE_ON}, "须晚于原期限"),
    ):
        with pytest.raises(Refused, match=sentence):
            desk.decide(four, ASKED_ON, **given)
    with pytest.raises(Refused, match="没有申请延期的事项不能准予"):
        desk.decide(four, ASKED_ON, 1, 2)
    with pytest.raises(Refused, match="至少准予一项"):
        desk.decide(four, ASKED_ON, 9)
    assert not Notice.objects.filter(kind="extension_decision").exists()


def test_items_that_need_no_more_time(desk: Desk, four: Order) -> None:
    desk.report(four, ASKED_ON, None, 1)
    with pytest.raises(Refused, match="第 1 项企业已报告改正，不需要延期"):
        desk.ask(four, ASKED_ON, LATER, 1, 2)
    other = desk.served(inspection=_visit(desk, four))
    with pytest.raises(Refused, match="不属于这份责令改正"):
        orders.request_extension(
            four,
            by=desk.inspector,
            at=at(ASKED_ON),
            until=LATER,
            reason="x",
            items=other.items.all(),
        )


def _visit(desk: Desk, order: Order) -> Inspection:
    return desk.visit(enterprise=order.enterprise)


# ---- the decision --------------------------------------------------------------------------------


def test_refused_on_paper_with_reason(desk: Desk, four: Order) -> None:
    desk.ask(four, ASKED_ON, LATER)
    refused = desk.decide(four, AFTER, granted=False, note="未提交合同")
    assert days(four) == [DUE_ON] * 4
    assert four.is_overdue(AFTER)
    assert "不予延期" in refused.notice.words
    assert "未提交合同" in refused.notice.words
    assert lines(four)[-1] == "orders.request_extension"
    # The house must look again; its time runs from the refusal, since the request had held it.
    assert Deadline.objects.running().get(kind=REINSPECT).trigger_on == AFTER


def test_two_deciders_at_once(desk: Desk, four: Order) -> None:
    desk.ask(four, ASKED_ON, LATER)
    other = Order.objects.get(pk=four.pk)
    desk.decide(four, ASKED_ON)
    with pytest.raises(Decided, match=r"覃海波 已于 .* 准予延期"):
        desk.decide(other, ASKED_ON, granted=False, note="太晚了")
    assert (days(four)[0], Notice.objects.filter(kind="extension_decision").count()) == (LATER, 1)


def test_a_year_without_calendar_stops_no_request(desk: Desk) -> None:
    """The house's own clock is left out; nobody is refused for it."""
    order = desk.issued(day=date(2026, 12, 21), on=date(2026, 12, 22), term_days=5)
    desk.serve(order, date(2026, 12, 23))
    assert order.due_on == date(2026, 12, 30)
    assert clocks(REINSPECT) == []
    desk.ask(order, date(2026, 12, 30), date(2026, 12, 31))
    assert (order.extension_pending, clocks(DECIDE)) == (True, [])
    desk.decide(order, date(2026, 12, 31))
    assert order.due_on == date(2026, 12, 31)


# ---- service, in all its ways --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("served_on", "entered_at", "due_on"),
    [
        # the eve of Spring Festival: the eight days off do not count
        (date(2025, 1, 27), at(date(2025, 1, 27)), date(2025, 2, 7)),
        # a Saturday that is worked
        (date(2025, 1, 26), at(date(2025, 1, 26)), date(2025, 2, 6)),
        (date(2025, 2, 8), at(date(2025, 2, 8)), date(2025, 2, 12)),
        # one minute before midnight, and entered three days later
        (date(2025, 1, 9), at(date(2025, 1, 9), 23, 59), date(2025, 1, 14)),
        (date(2025, 1, 9), at(date(2025, 1, 12)), date(2025, 1, 14)),
    ],
)
def test_a_term_from_every_kind_of_day(
    desk: Desk, served_on: date, entered_at: datetime, due_on: date
) -> None:
    order = desk.issued(1, term_days=3)
    desk.serve(order, served_on, at=entered_at)
    assert (order.due_on, days(order)) == (due_on, [due_on])


def test_a_term_into_another_year(desk: Desk) -> None:
    order = desk.issued(1, day=date(2024, 12, 20), on=date(2024, 12, 23), term_days=5)
    desk.serve(order, date(2024, 12, 30))
    assert (order.due_on, days(order)) == (date(2025, 1, 7), [date(2025, 1, 7)])


def test_service_is_recorded_once(desk: Desk, four: Order) -> None:
    with pytest.raises(Refused, match="已经送达，期限已起算"):
        desk.serve(four, SERVED_ON)
    assert clocks() == [("order", "running", DUE_ON)]


def test_no_look_before_the_service_is_recorded(desk: Desk) -> None:
    with pytest.raises(Refused, match="尚未送达，期限没有起算"):
        desk.look(desk.issued(), SERVED_ON)


# ---- the duty to look again ------------------------------------------------------------------


def _reported(desk: Desk, order: Order) -> None:
    desk.report(order, ASKED_ON)


def _partly_seen(desk: Desk, order: Order) -> None:
    _reported(desk, order)
    desk.look(order, date(2025, 2, 10), Outcome.PARTLY)


def _extended(desk: Desk, order: Order) -> None:
    desk.ask(order, ASKED_ON, LATER)
    desk.decide(order, ASKED_ON)


def _seen(desk: Desk, order: Order) -> None:
    desk.look(order, date(2025, 2, 17), Outcome.UNCHANGED)


def _reported_anew(desk: Desk, order: Order) -> None:
    _seen(desk, order)
    desk.report(order, date(2025, 2, 20))


def _withdrawn(desk: Desk, order: Order) -> None:
    orders.withdraw(order, by=desk.supervisor, at=at(ASKED_ON), reason="x")


@pytest.mark.parametrize(
    ("prepare", "state", "trigger", "due_on"),
    [
        (None, "running", DUE_ON, date(2025, 2, 17)),
        (_reported, "running", ASKED_ON, date(2025, 2, 11)),  # 8 February is worked
        (_partly_seen, "running", DUE_ON, date(2025, 2, 17)),
        (_extended, "running", LATER, date(2025, 3, 13)),
        (_seen, "met", DUE_ON, date(2025, 2, 17)),
        (_reported_anew, "running", date(2025, 2, 20), date(2025, 2, 25)),
        (_withdrawn, "cancelled", DUE_ON, date(2025, 2, 17)),
    ],
)
def test_the_house_must_look_again(
    desk: Desk,
    prepare: Callable[[Desk, Order], None] | None,
    state: str,
    trigger: date,
    due_on: date,
) -> None:
    """Three working days of Order 151, from the end of the term or from the report."""
    order = desk.served()
    if prepare is not None:
        prepare(desk, order)
    row = Deadline.objects.filter(kind=REINSPECT).order_by("-entered_at")[0]
    assert (row.state, row.trigger_on, row.due_on) == (state, trigger, due_on)
    assert "MPS151@2018:19" in row.derivation["basis"]
    assert Deadline.objects.open().filter(kind=REINSPECT).count() == (state == "running")


def test_under_order_176_it_is_a_rule_of_the_house(desk: Desk, door: Any, on: Any) -> None:
    house(desk.unit, date(2026, 10, 1), reinspect_within=5)
    order = desk.issued(day=date(2026, 10, 12), on=date(2026, 10, 13), term_days=5)
    desk.serve(order, date(2026, 10, 14))
    row = Deadline.objects.get(kind=REINSPECT)
    assert (row.trigger_on, row.due_on) == (date(2026, 10, 21), date(2026, 10, 28))
    assert row.derivation["house"] is True
    assert row.sentence.endswith("176号令没有规定复查期限，属本单位规定。")
    assert row.owner == desk.inspector
    with on(date(2026, 10, 15)):
        page = door(desk.inspector).get(url(order)).content.decode()
    assert "复查期限" in page
    assert row.get_absolute_url() in page


# ---- telling the unit above ------------------------------------------------------------------


def test_told_to_the_unit_above(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    with on(AFTER):
        alone = door(desk.inspector).get(url(order, "report_upward")).content.decode()
        upper = desk.above()
        post(door(desk.inspector), order, "report_upward", reason="企业拒不配合")
    order.refresh_from_db()
    reminder = Deadline.objects.get(kind=RECTIFY).reminders.get()

    assert "没有上级单位" in alone
    assert (reminder.by, reminder.audience) == (desk.inspector, ["upper"])
    assert (reminder.note, reminder.fires_on) == ("企业拒不配合", AFTER)
    assert lines(order)[-1] == "orders.report_upward"
    with on(AFTER):
        assert f"上报 {upper.name}" in door(desk.inspector).get(url(order)).content.decode()


def test_what_is_not_overdue_is_not_told_upwards(desk: Desk) -> None:
    desk.above()
    order = desk.served()
    with pytest.raises(Refused, match="没有逾期"):
        orders.report_upward(order, by=desk.inspector, at=at(DUE_ON), reason="x")
    desk.ask(order, DUE_ON, LATER)
    with pytest.raises(Refused, match="延期申请还没有审批"):
        orders.report_upward(order, by=desk.inspector, at=at(AFTER), reason="x")
    with pytest.raises(Refused, match="结论为已改正"):
        orders.report_upward(
            desk.judged(inspection=_visit(desk, order)),
            by=desk.inspector,
            at=at(AFTER),
            reason="x",
        )


def test_the_course_knows_who_asked(desk: Desk, four: Order) -> None:
    desk.ask(four, ASKED_ON, LATER, 2)
    pending = course.of(four).pending
    assert pending is not None
    assert (pending.requested_by, pending.days) == ("韦志远", 0)

"""A remote test from the plan to the day, in the order in which it happens.

    plan -> (reschedule)* -> record_notice -> hold
    plan -> … -> cancel

Order 176 art. 4(2), from 2026-10-01: the public security organs of a city and above may probe and
test systems over the network; not critical infrastructure; the operator is told at least three
working days before, and the cyberspace administration and the sector's regulator are informed.

The last day of the notice is a deadline of its own (`DEADLINE_KIND`), counted back from the day of
the test: another day puts another deadline in its place, the notice meets it. A test that is put
off after the notice needs a new notice, since the operator was told of another day.

Every verb is one transaction and leaves one line in the record.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit, User
from audit import trail
from audit.trail import Decided, Reason, Refused
from deadlines import clock
from deadlines.models import Deadline
from enterprises.models import System
from inspections.basis import ORDER_176_FROM, order_176
from inspections.models import Inspection, RemoteTest
from legal import calendars, limits, periods
from legal.derivations import en, zh
from legal.periods import Calendar, Period, PeriodRefused

DEADLINE_KIND = "REMOTE_TEST_NOTICE"
BASIS = ("MPS176@2026:4(2)",)
NOTICE_DAYS = 3

trail.words(
    {
        "inspections.plan_remote": gettext_lazy("计划远程检测"),
        "inspections.reschedule_remote": gettext_lazy("远程检测改期"),
        "inspections.notify_remote": gettext_lazy("记录远程检测告知"),
        "inspections.hold_remote": gettext_lazy("实施远程检测"),
        "inspections.cancel_remote": gettext_lazy("取消远程检测"),
    }
)
trail.tones(
    {
        "inspections.plan_remote": "key",
        "inspections.reschedule_remote": "key",
        "inspections.notify_remote": "ok",
        "inspections.hold_remote": "ok",
    }
)


# --- Counting ------------------------------------------------------------------------------------


def notice_period(starts_on: date, calendar: Calendar) -> Period:
    """The last day of the notice: three working days back from the test.

    Raises PeriodRefused, also for a year without calendar.
    """
    return limits.of(DEADLINE_KIND).due(starts_on, calendar)


def earliest(told_on: date, calendar: Calendar) -> date:
    """The first working day on which a test may start that was told of on this day.

    Three whole working days lie between: the day of the notice counts, being the last in time.
    Raises CalendarMissing.
    """
    first = calendar.next_working_day(told_on)
    third = calendar.nth_working_day(first, NOTICE_DAYS - 1)
    return calendar.next_working_day(third + timedelta(days=1))


# --- What stands in the way ----------------------------------------------------------------------


def can_plan(unit: Unit | None) -> list[Reason]:
    """Why this unit may not test over the network at all; empty when it may."""
    if unit is None:
        return [Reason(_("你没有所属单位，不能计划远程检测。"))]
    if unit.level == Unit.Level.COUNTY:
        return [
            Reason(
                _("远程检测由设区的市级以上公安机关实施，%(unit)s不能计划。请报上级单位。")
                % {"unit": unit.short_name},
                basis=order_176(4, 2),
            )
        ]
    return []


def can_test(system: System) -> list[Reason]:
    """Why this system may not be tested under this clause."""
    if system.critical:
        return [
            Reason(
                _("“%(system)s”是关键信息基础设施，不适用这一款的远程检测。")
                % {"system": system.name},
                basis=order_176(4, 2),
                field="system",
            )
        ]
    if not system.in_use:
        return [
            Reason(
                _("“%(system)s”已停用，换成在用的系统。") % {"system": system.name}, field="system"
            )
        ]
    return []


def can_start_on(starts_on: date, today: date, calendar: Calendar) -> list[Reason]:
    """Why the test may not be set on this day, with the next one that is possible."""
    if starts_on < ORDER_176_FROM:
        return [
            Reason(
                _("公安部令第176号自2026年10月1日起施行，此前的远程检测直接登记检查。"),
                basis=order_176(23),
                field="starts_on",
            )
        ]
    try:
        if notice_period(starts_on, calendar).due >= today:
            return []
        return [_too_soon(earliest(today, calendar), today)]
    except PeriodRefused as refused:
        return [clock.refusal(refused, field="starts_on")]


def _too_soon(possible: date, told_on: date) -> Reason:
    days = {"told": day_words(told_on), "possible": day_words(possible)}
    return Reason(
        _("须提前三个工作日告知：%(told)s告知的，最早%(possible)s检测。") % days,
        basis=order_176(4, 2),
        field="starts_on",
    )


def can_notify(test: RemoteTest) -> list[Reason]:
    """Why a notice cannot be recorded now."""
    if test.state == RemoteTest.State.PLANNED:
        return []
    return [_not_now(test)]


def can_hold(test: RemoteTest, today: date) -> list[Reason]:
    """Why the test cannot be held now: not notified, or before its day."""
    if test.state == RemoteTest.State.PLANNED:
        return [
            Reason(
                _("还没有记录告知，不能开始检测。"),
                basis=order_176(4, 2),
                url=reverse("inspections:remote_notice", args=[test.pk]),
                url_text=_("记录告知"),
            )
        ]
    if test.state != RemoteTest.State.NOTIFIED:
        return [_not_now(test)]
    if today < test.starts_on:
        return [
            Reason(
                _("告知的检测日期是%(day)s，当日起检测。") % {"day": day_words(test.starts_on)},
                basis=order_176(4, 2),
            )
        ]
    return []


def can_change(test: RemoteTest) -> list[Reason]:
    """Why the test can be neither put off nor given up."""
    return [] if test.is_ahead else [_not_now(test)]


def _told_too_late(test: RemoteTest, due_on: date, on: date) -> Reason:
    """The notice came after its last day: when the test may start instead."""
    try:
        late = _too_soon(earliest(on, calendars.load()), on)
    except PeriodRefused as refused:
        return clock.refusal(refused, field="on")
    return Reason(
        _("告知晚于%(due)s。%(rule)s先改期，再记录告知。")
        % {"due": day_words(due_on), "rule": late.text},
        basis=late.basis,
        url=reverse("inspections:remote_move", args=[test.pk]),
        url_text=_("改期"),
        field="on",
    )


def _not_now(test: RemoteTest) -> Reason:
    return Reason(_("远程检测现在是“%(state)s”。") % {"state": test.get_state_display()})


# --- The verbs -----------------------------------------------------------------------------------


@transaction.atomic
def plan(
    system: System,
    *,
    by: User,
    at: datetime,
    starts_on: date,
    scope: str,
    form_token: UUID | None = None,
) -> RemoteTest:
    """Plan a test of the system by the person's unit; the notice falls due from now on.

    The same `form_token` again answers with the plan it made. Raises Refused: a county unit,
    critical infrastructure, a day that leaves no three working days, no calendar.
    """
    if form_token is not None:
        made = RemoteTest.objects.filter(form_token=form_token, planned_by=by).first()
        if made is not None:
            return made
    calendar, today = calendars.load(), periods.local_date(at)
    found = [*can_plan(by.unit), *can_test(system), *can_start_on(starts_on, today, calendar)]
    found += _needs(scope, "scope", _("写明检测的范围和方式。"))
    if found or by.unit is None:
        raise Refused(found)
    test = RemoteTest.objects.create(
        unit=by.unit,
        enterprise=system.enterprise,
        system=system,
        starts_on=starts_on,
        scope=scope.strip(),
        planned_at=at,
        planned_by=by,
        form_token=form_token,
    )
    _start(test, calendar, by, at)
    trail.record(
        "inspections.plan_remote", test, by=by, at=at, unit=test.unit, data={"starts_on": starts_on}
    )
    return test


@transaction.atomic
def reschedule(
    test: RemoteTest, *, by: User, at: datetime, starts_on: date, reason: str
) -> RemoteTest:
    """Put the test on another day, with the reason. After a notice a new one is needed.

    Raises Refused as `plan` does, Decided when somebody else acted first.
    """
    calendar, today = calendars.load(), periods.local_date(at)
    found = can_change(test) or can_start_on(starts_on, today, calendar)
    if not found and starts_on == test.starts_on:
        found = [Reason(_("检测日期没有变。"), field="starts_on")]
    found += _needs(reason, "reason", _("写明改期的理由。"))
    if found:
        raise Refused(found)
    running = clock.running(test, DEADLINE_KIND)
    facts = {"from_day": test.starts_on, "to_day": starts_on, "told_on": test.notified_on}
    if test.state == RemoteTest.State.NOTIFIED:
        trail.move(
            test,
            RemoteTest.State.PLANNED,
            by=by,
            at=at,
            verb="inspections.reschedule_remote",
            reason=reason.strip(),
            data=facts,
            starts_on=starts_on,
            notified_on=None,
            notified_how="",
            notified_by=None,
            cac_told_on=None,
            regulator="",
            regulator_told_on=None,
        )
    else:
        _put_on(test, starts_on)
        trail.record(
            "inspections.reschedule_remote",
            test,
            by=by,
            at=at,
            reason=reason.strip(),
            data=facts,
        )
    if running is None:
        _start(test, calendar, by, at)
    else:
        period = notice_period(starts_on, calendar)
        clock.replace(running, period, reason=reason.strip(), by=by, at=at)
    return test


@transaction.atomic
def record_notice(
    test: RemoteTest,
    *,
    by: User,
    at: datetime,
    on: date,
    how: str,
    cac_told_on: date,
    regulator: str = "",
    regulator_told_on: date | None = None,
) -> RemoteTest:
    """The operator was told on that day, and the authorities beside it; the deadline is met.

    Raises Refused: told too late for the day of the test (with the next possible day), a day in
    the future, a regulator without its day or the other way round.
    """
    today = periods.local_date(at)
    found = can_notify(test)
    if not found:
        running = _running(test)
        if running.due_on < on <= today:
            found.append(_told_too_late(test, running.due_on, on))
        for day, field in (
            (on, "on"),
            (cac_told_on, "cac_told_on"),
            (regulator_told_on, "regulator_told_on"),
        ):
            if day is not None and day > today:
                found.append(Reason(_("日期在将来，告知之后再记录。"), field=field))
        if cac_told_on >= test.starts_on:
            found.append(
                Reason(_("检测之前通报网信部门。"), basis=order_176(4, 2), field="cac_told_on")
            )
        if regulator.strip() and regulator_told_on is None:
            found.append(Reason(_("填写通报行业主管部门的日期。"), field="regulator_told_on"))
        if regulator_told_on is not None and not regulator.strip():
            found.append(Reason(_("填写行业主管部门的名称。"), field="regulator"))
        if regulator_told_on is not None and regulator_told_on >= test.starts_on:
            found.append(
                Reason(
                    _("检测之前通报行业主管部门。"),
                    basis=order_176(4, 2),
                    field="regulator_told_on",
                )
            )
        if how not in RemoteTest.How.values:
            found.append(Reason(_("选择告知的方式。"), field="how"))
    if found:
        raise Refused(found)
    trail.move(
        test,
        RemoteTest.State.NOTIFIED,
        by=by,
        at=at,
        verb="inspections.notify_remote",
        data={"on": on, "how": how, "cac_told_on": cac_told_on, "regulator": regulator.strip()},
        notified_on=on,
        notified_how=how,
        notified_by=by,
        cac_told_on=cac_told_on,
        regulator=regulator.strip(),
        regulator_told_on=regulator_told_on,
    )
    clock.meet(running, on=on, by=by, at=at)
    return test


@transaction.atomic
def hold(test: RemoteTest, inspection: Inspection, *, by: User, at: datetime) -> RemoteTest:
    """The test was held: this inspection records it.

    Raises Refused: not notified, before its day, an inspection of another system or not remote.
    """
    found = can_hold(test, periods.local_date(at)) or _fits(test, inspection)
    if found:
        raise Refused(found)
    trail.move(
        test,
        RemoteTest.State.HELD,
        by=by,
        at=at,
        verb="inspections.hold_remote",
        data={"inspection": inspection.number},
        inspection=inspection,
    )
    return test


def _fits(test: RemoteTest, inspection: Inspection) -> list[Reason]:
    found = []
    if inspection.mode != Inspection.Mode.REMOTE:
        found.append(_("检查 %(number)s 不是远程检测。"))
    if inspection.system_id != test.system_id:
        found.append(_("检查 %(number)s 检查的不是这个系统。"))
    if inspection.state == Inspection.State.DISCARDED:
        found.append(_("检查 %(number)s 已作废。"))
    if inspection.day < test.starts_on:
        found.append(_("检查 %(number)s 早于告知的检测日期。"))
    if RemoteTest.objects.filter(inspection=inspection).exists():
        found.append(_("检查 %(number)s 已经关联另一次远程检测。"))
    return [Reason(text % {"number": inspection.number}, field="inspection") for text in found]


@transaction.atomic
def cancel(test: RemoteTest, *, by: User, at: datetime, reason: str) -> RemoteTest:
    """Give the test up, with the reason; a notice that was still due is due no more."""
    found = can_change(test) or _needs(reason, "reason", _("写明取消的理由。"))
    if found:
        raise Refused(found)
    running = clock.running(test, DEADLINE_KIND)
    trail.move(
        test,
        RemoteTest.State.CANCELLED,
        by=by,
        at=at,
        verb="inspections.cancel_remote",
        reason=reason.strip(),
    )
    if running is not None:
        clock.cancel(running, reason=reason.strip(), by=by, at=at)
    return test


# --- Help ----------------------------------------------------------------------------------------


def _start(test: RemoteTest, calendar: Calendar, by: User, at: datetime) -> None:
    clock.start(
        test,
        unit=test.unit,
        kind=DEADLINE_KIND,
        period=notice_period(test.starts_on, calendar),
        by=by,
        at=at,
    )


def day_words(day: date) -> str:
    """2026年11月27日（周五） / Fri 27 Nov 2026, inside a sentence."""
    return clock.said({"zh": zh(day), "en": en(day)})


def _put_on(test: RemoteTest, starts_on: date) -> None:
    """Another day for a plan that stays a plan. Raises Decided when somebody acted first."""
    row = RemoteTest.objects.select_for_update().get(pk=test.pk)
    if (row.state, row.version) != (test.state, test.version):
        raise Decided([Reason(_("刚才已被别人改动，请看过现在的情况再办。"))])
    test.starts_on, test.version = starts_on, test.version + 1
    test.save(update_fields=["starts_on", "version"])


def _running(test: RemoteTest) -> Deadline:
    deadline = clock.running(test, DEADLINE_KIND)
    assert deadline is not None, "a planned test has its deadline"
    return deadline


def _needs(text: str, field: str, sentence: str) -> list[Reason]:
    return [] if text.strip() else [Reason(sentence, field=field)]

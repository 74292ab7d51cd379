"""Doors of measures that have a term of their own."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from penalties import acts
from penalties.acts import Act
from penalties.casefile import File
from penalties.cases import stopping
from penalties.forms.stopping import CheckForm, EndForm, LiftForm
from penalties.models import Case, StopCheck, StopMeasure
from penalties.views.door import door

TAB = "remedies"


def _runs(file: File, row: StopMeasure) -> bool:
    return row.lifted_on is None


def _has_term(file: File, row: StopMeasure) -> bool:
    return row.lifted_on is None and row.ends_on is not None


def _before_its_end(file: File, row: StopMeasure) -> bool:
    return _runs(file, row) and (row.ends_on is None or timezone.localdate() <= row.ends_on)


def _checked(case: Case, check: StopCheck) -> str:
    if check.result == StopCheck.Result.KEPT:
        return _("已登记检查：措施正在执行。")
    return _("已登记检查：没有执行。可以依法催告并申请人民法院强制执行，之后再检查。")


record_check = door(
    Act(
        "record_check",
        "cases.file",
        gettext_lazy("登记检查"),
        TAB,
        stopping.can_record_check,
        on="stopmeasure",
        when=_runs,
    ),
    CheckForm,
    model=StopMeasure,
    do=lambda case, row, form, who: stopping.record_check(row, **form.given(), **who),
    say=_checked,
    basis=("APL@2021:42(1)",),
    effect=lambda: _("两名民警到场查看当事人是否执行。"),
)

end_measure = door(
    Act(
        "end_measure",
        "cases.file",
        gettext_lazy("期满解除"),
        TAB,
        stopping.can_end_measure,
        on="stopmeasure",
        when=_has_term,
    ),
    EndForm,
    model=StopMeasure,
    do=lambda case, row, form, who: stopping.end_measure(row, **form.given(), **who),
    say=lambda case, row: _("限期措施已经期满解除。"),
    effect=lambda: _("措施以期限的最后一天为解除日期。"),
)

lift_measure = door(
    Act(
        "lift_measure",
        "cases.approve",
        gettext_lazy("提前解除"),
        TAB,
        stopping.can_lift_measure,
        on="stopmeasure",
        when=_before_its_end,
        danger=True,
    ),
    LiftForm,
    model=StopMeasure,
    do=lambda case, row, form, who: stopping.lift_measure(row, **form.given(), **who),
    say=lambda case, row: _("限期措施已经提前解除。"),
    effect=lambda: _("解除以后不再检查，理由留在记录里。"),
)


def shown(file: File, row: StopMeasure, user: User, today: date) -> dict[str, Any]:
    """One measure with its term, its checks and what can be done."""
    checks = [each for each in file.stop_checks if each.measure_id == row.pk]
    return {
        "row": row,
        "badge": _badge(file, row, checks, today),
        "left": _left(file, row, today),
        "checks": checks,
        "broken": bool(checks) and checks[-1].result == StopCheck.Result.BROKEN,
        "acts": acts.offered(file, user, today, tab=TAB, row=row),
    }


def _badge(file: File, row: StopMeasure, checks: list[StopCheck], today: date) -> tuple[str, str]:
    if row.lifted_on is not None:
        return "met", _("已解除")
    if stopping.is_stayed(file, row):
        return "wait", _("停止执行中")
    if row.starts_on > today:
        return "wait", _("公告期内")
    if checks and checks[-1].result == StopCheck.Result.BROKEN:
        return "over", _("没有执行")
    if row.ends_on is not None and today > row.ends_on:
        return "over", _("期限已满，待解除")
    return "live", _("执行中")


def _left(file: File, row: StopMeasure, today: date) -> str:
    if row.lifted_on is not None or row.ends_on is None or stopping.is_stayed(file, row):
        return ""
    days = (row.ends_on - today).days
    if days < 0:
        return ngettext("已满 %(n)d 天", "已满 %(n)d 天", -days) % {"n": -days}
    if days == 0:
        return _("今天届满")
    return ngettext("还剩 %(n)d 天", "还剩 %(n)d 天", days) % {"n": days}

"""What inspections add to the duties of the regulator (`deadlines.duties`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deadlines import duties, registry
from deadlines.duties import Ask, Counts, Page, Row
from enterprises import industries, paging
from enterprises.models import MlpsLevel, System, SystemQuerySet
from inspections import remote, yearly
from inspections.models import RemoteTest

#: From this month on a system that was not inspected yet is said to be near its day.
SOON_FROM_MONTH = 11


# --- The notice before a remote test -------------------------------------------------------------


def _labels(ids: Collection[UUID]) -> Mapping[UUID, str]:
    rows = RemoteTest.objects.filter(pk__in=ids).select_related("enterprise", "system")
    return {row.pk: str(row) for row in rows}


def _notice_urls(ids: Collection[UUID]) -> Mapping[UUID, str]:
    return {pk: reverse("inspections:remote_notice", args=[pk]) for pk in ids}


registry.kind(remote.DEADLINE_KIND, gettext_lazy("远程检测告知"))
registry.subject("inspections.remotetest", url_name="inspections:remote", labels=_labels)
duties.of_kind(
    remote.DEADLINE_KIND,
    what=gettext_lazy("远程检测前至少三个工作日告知被检测单位，并通报网信部门和行业主管部门。"),
    basis=remote.BASIS,
    act_word=gettext_lazy("记录告知"),
    act_urls=_notice_urls,
    act_verb="inspections.record",
)


# --- The yearly inspection -----------------------------------------------------------------------


def _systems(ask: Ask) -> SystemQuerySet:
    rows = yearly.systems(ask.user, ask.year)
    if ask.unit is not None:
        rows = rows.filter(enterprise__unit__path__startswith=ask.unit.path)
    return rows


def _is_soon(ask: Ask) -> bool:
    return ask.today.year == ask.year and ask.today.month >= SOON_FROM_MONTH


def _is_over(ask: Ask) -> bool:
    return ask.today.year > ask.year


def _counts(ask: Ask) -> Counts:
    """One query. The year's last day is the day on which the duty falls due."""
    if ask.year < yearly.FIRST_YEAR:
        return Counts()
    found = (
        _systems(ask)
        .order_by()
        .aggregate(
            owed=Count("pk", filter=Q(inspected=False)), done=Count("pk", filter=Q(inspected=True))
        )
    )
    owed, done = found["owed"], found["done"]
    return Counts(
        owed=owed,
        soon=owed if _is_soon(ask) else 0,
        overdue=owed if _is_over(ask) else 0,
        in_time=done,
    )


def _page(ask: Ask, params: Mapping[str, str], size: int) -> Page:
    rows = _systems(ask).select_related("enterprise__unit")
    done = ask.state in (duties.IN_TIME, duties.DONE)
    nothing = (
        ask.state == duties.LATE
        or (ask.state == duties.NEAR and not _is_soon(ask))
        or (ask.state == duties.OVERDUE and not _is_over(ask))
    )
    rows = rows.none() if nothing else rows.filter(inspected=done)
    given = QueryDict(mutable=True)
    given.update({key: params[key] for key in ("after", "before") if params.get(key)})
    found = paging.page(rows, order=["-mlps_level", "name", "id"], params=given, size=size)
    return Page([_row(system, ask, done) for system in found], found.previous, found.next)


def _row(system: System, ask: Ask, done: bool) -> Row:
    level = (
        _("等保%(level)s") % {"level": MlpsLevel(system.mlps_level).label}
        if system.mlps_level
        else ""
    )
    parts = [
        level,
        _("关键信息基础设施") if system.critical else "",
        _("重点行业，提前五个工作日告知网信部门和行业主管部门")
        if industries.is_key_sector(system.enterprise.industry_code) and not done
        else "",
    ]
    acts: dict[str, Any] = {}
    if not done and ask.year == ask.today.year and ask.user.may("inspections.record"):
        query = urlencode({"enterprise": system.enterprise_id, "system": system.pk})
        acts = {
            "act_word": _("登记检查"),
            "act_url": f"{reverse('inspections:new')}?{query}",
            "other_word": _("采用其他部门的结果"),
            "other_url": reverse("inspections:yearly_reuse", args=[system.pk]),
        }
    left, tone = _left(ask, done)
    return Row(
        label=_("%(enterprise)s %(system)s")
        % {"enterprise": system.enterprise.name, "system": system.name},
        url=system.enterprise.get_absolute_url(),
        unit=system.enterprise.unit,
        due_on=date(ask.year, 12, 31),
        left=left,
        tone=tone,
        text=" · ".join(part for part in parts if part),
        **acts,
    )


def _left(ask: Ask, done: bool) -> tuple[str, str]:
    if done:
        return _("本年度已检查"), "met"
    if _is_over(ask):
        return _("年度内没有检查"), "over"
    return _("本年度未检查"), "soon" if _is_soon(ask) else ""


duties.source(
    yearly.DUTY,
    word=gettext_lazy("年度检查"),
    what=gettext_lazy(
        "等保三级以上系统和关键信息基础设施，每年一次日常现场检查；其他部门同年已查的，采用其结果。"
    ),
    basis=yearly.BASIS,
    counts=_counts,
    page=_page,
)

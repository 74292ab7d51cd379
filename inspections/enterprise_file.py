"""What inspections tell the enterprise file: timeline entries, figures, conditions of the list."""

from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from enterprises import registry
from enterprises.models import Enterprise
from enterprises.registry import Entry, Figure
from inspections.models import Inspection
from notices.models import Notice

AT_MOST = 100


def visits(enterprise: Enterprise, user: User) -> list[Inspection]:
    """Inspections of the enterprise that the user may see, newest first; read once a page."""
    kept = enterprise.__dict__.get("_visits")
    if kept is None:
        kept = enterprise.__dict__["_visits"] = list(
            Inspection.objects.visible_to(user)
            .filter(enterprise=enterprise)
            .exclude(state=Inspection.State.DISCARDED)
            .select_related("system")
            .with_found()
            .order_by("-started_at", "-id")[:AT_MOST]
        )
    return kept


@registry.timeline_source
def timeline(enterprise: Enterprise, user: User) -> list[Entry]:
    """One entry for each visit, on the day it began."""
    entries = []
    for visit in visits(enterprise, user):
        title = (
            ngettext("%(kind)s，%(count)d 项不符合", "%(kind)s，%(count)d 项不符合", visit.found)
            % {"kind": visit.get_kind_display(), "count": visit.found}
            if visit.found
            else _("%(kind)s，没有发现问题") % {"kind": visit.get_kind_display()}
        )
        parts = [visit.number, visit.get_mode_display(), visit.get_state_display()]
        if visit.system is not None:
            parts.insert(1, visit.system.name)
        entries.append(
            Entry(
                at=visit.started_at,
                title=title,
                text=" · ".join(parts),
                url=visit.get_absolute_url(),
                tone="key" if visit.found else "",
            )
        )
    return entries + _papers(visits(enterprise, user))


def _papers(rows: list[Inspection]) -> list[Entry]:
    """One entry for each paper of these visits, on the day of its issue; one query."""
    if not rows:
        return []
    found = Notice.objects.filter(
        subject_type=ContentType.objects.get_for_model(Inspection),
        subject_id__in=[visit.pk for visit in rows],
    ).only("kind", "number", "state", "issued_at")
    return [
        Entry(
            at=notice.issued_at,
            title=str(notice.get_kind_display()),
            text=" · ".join([notice.number, str(notice.get_state_display())]),
            url=reverse("notices:detail", args=[notice.pk]),
        )
        for notice in found
    ]


@registry.figures_source
def figures(enterprise: Enterprise, user: User) -> list[Figure]:
    """How many visits, and when the last was."""
    found = visits(enterprise, user)
    last = _("还没有检查过")
    if found:
        last = _("最近 %(day)s") % {"day": date_format(found[0].day)}
    return [
        Figure(
            name=_("检查"),
            value=str(len(found)),
            text=last,
            url=f"{reverse('inspections:list')}?enterprise={enterprise.pk}" if found else "",
            order=10,
        )
    ]


def _not_this_year(queryset: QuerySet[Enterprise], user: User, today: date) -> QuerySet[Enterprise]:
    """Without a signed visit since 1 January (Order 176 art. 9(2): once a year from level 3)."""
    return queryset.exclude(pk__in=_visited_since(today.replace(month=1, day=1)))


def _lately(queryset: QuerySet[Enterprise], user: User, today: date) -> QuerySet[Enterprise]:
    """With a signed visit within the last 30 days."""
    return queryset.filter(pk__in=_visited_since(today - timedelta(days=30)))


def _visited_since(day: date) -> QuerySet:
    signed = Inspection.objects.final().filter(started_at__date__gte=day)
    return signed.order_by().values("enterprise")


registry.condition("not_this_year", gettext_lazy("今年还没有检查"), _not_this_year)
registry.condition("lately", gettext_lazy("近 30 天检查过"), _lately)

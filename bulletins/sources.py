"""What this room tells the rooms below: its deadlines, and what is public of an enterprise."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from bulletins import bulletins, publications
from bulletins.models import Bulletin, Publication
from deadlines import duties
from deadlines import registry as deadline_registry
from enterprises import registry as enterprise_registry
from enterprises.models import Enterprise
from enterprises.registry import Entry
from penalties import registry as case_registry
from penalties.models import Case

AT_MOST = 100


@enterprise_registry.timeline_source
def timeline(enterprise: Enterprise, user: User) -> list[Entry]:
    """The day on which each decision became public, and on which it was taken back."""
    if not user.may("bulletins.view"):
        return []
    rows = (
        Publication.objects.visible_to(user)
        .filter(case__enterprise=enterprise, published_on__isnull=False)
        .order_by("-decided_on", "-id")
    )
    entries = []
    for row in rows[:AT_MOST]:
        url = row.get_absolute_url()
        assert row.published_on is not None
        entries.append(
            Entry(at=_noon(row.published_on), title=_("处罚决定公开"), text=row.place, url=url)
        )
        if row.withdrawn_on is not None:
            entries.append(
                Entry(
                    at=_noon(row.withdrawn_on),
                    title=_("撤回公开"),
                    text=row.explanation,
                    url=url,
                    tone="bad",
                )
            )
    return entries


@case_registry.on_page
def beside_decision(case: Case, user: User) -> list[dict[str, Any]]:
    """Whether the decision is public, for the page of the case."""
    if not user.may("bulletins.view"):
        return []
    row = Publication.objects.visible_to(user).filter(case=case).first()
    if row is None:
        return []
    words = row.get_state_display()
    return [{"label": _("处罚决定公开"), "value": words, "url": row.get_absolute_url()}]


def _noon(day: date) -> datetime:
    """A moment of that day, for a list that is sorted by moments."""
    return datetime.combine(day, time(12), timezone.get_default_timezone())


def _bulletins(ids: Collection[UUID]) -> Mapping[UUID, str]:
    return dict(Bulletin.objects.filter(pk__in=ids).values_list("pk", "title"))


def _publications(ids: Collection[UUID]) -> Mapping[UUID, str]:
    rows = Publication.objects.filter(pk__in=ids).select_related("case__enterprise")
    return {row.pk: str(row.case) for row in rows}


deadline_registry.subject("bulletins.bulletin", url_name="bulletins:detail", labels=_bulletins)
deadline_registry.subject(
    "bulletins.publication", url_name="bulletins:publication", labels=_publications
)

deadline_registry.kind(publications.PUBLISH_KIND, gettext_lazy("处罚决定公开期限"))
deadline_registry.kind(publications.WITHDRAW_KIND, gettext_lazy("撤回公开期限"))
deadline_registry.kind(bulletins.PUBLISH_KIND, gettext_lazy("通报发布期限"))


def _acts(name: str, model: type[Bulletin] | type[Publication]) -> duties.ActUrls:
    """The address of the act for those ids that belong to this kind of record; one query."""

    def urls(ids: Collection[UUID]) -> Mapping[UUID, str]:
        known = model._base_manager.filter(pk__in=ids).values_list("pk", flat=True)
        return {pk: reverse(name, args=[pk]) for pk in known}

    return urls


def _withdraw_urls(ids: Collection[UUID]) -> Mapping[UUID, str]:
    return {
        **_acts("bulletins:withdraw", Bulletin)(ids),
        **_acts("bulletins:withdraw_publication", Publication)(ids),
    }


duties.of_kind(
    publications.PUBLISH_KIND,
    what=gettext_lazy("具有一定社会影响的处罚决定，自作出之日起七个工作日内公开。"),
    basis=("APL@2021:48(1)", "OGI@2019:20(1)[6]"),
    act_word=gettext_lazy("登记公开"),
    act_urls=_acts("bulletins:publish_elsewhere", Publication),
    act_verb="bulletins.edit",
)
duties.of_kind(
    publications.WITHDRAW_KIND,
    what=gettext_lazy("决定变更、撤销、确认违法或者无效的，三个工作日内撤回公开并说明理由。"),
    basis=("APL@2021:48(2)", "APL@2021:85"),
    act_word=gettext_lazy("登记撤回"),
    act_urls=_withdraw_urls,
    act_verb="bulletins.approve",
)
duties.of_kind(
    bulletins.PUBLISH_KIND,
    what=gettext_lazy("案例通报自定稿之日起二十个工作日内发布。"),
    basis=("OGI@2019:26",),
    act_word=gettext_lazy("登记发布"),
    act_urls=_acts("bulletins:publish", Bulletin),
    act_verb="bulletins.edit",
)

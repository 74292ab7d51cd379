"""Where an article is cited: what rooms above say of it, and whether it may still be changed.

The register lies below the rooms that cite it. They register here at start-up what they cite, as
far as a person may see it; `uses` asks the database itself, through the keys that point here, and
so also knows of rooms that registered nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from legal.models import Article, Law, LawVersion


@dataclass(frozen=True)
class Row:
    """One thing that cites the article, as the reader may see it."""

    title: str
    url: str
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Citing:
    """What of one kind cites an article: the newest rows, how many in all, and where they are."""

    name: str
    count: int
    rows: tuple[Row, ...] = ()
    url: str = ""


Source = Callable[[Article, User], Citing | None]
_sources: list[Source] = []


def source(each: Source) -> Source:
    """Register a source (may be used as a decorator). None where the reader may not look."""
    if each not in _sources:
        _sources.append(each)
    return each


def by(article: Article, user: User) -> list[Citing]:
    """What cites the article, or a part of it, among the records that the user may see."""
    found = (each(article, user) for each in _sources)
    return [each for each in found if each is not None]


# --- What holds a row in its place ---------------------------------------------------------------


def _holding() -> Iterable[Any]:
    """Relations from other rooms that forbid deleting an article."""
    for relation in Article._meta.related_objects:
        outside = relation.related_model._meta.app_label != Article._meta.app_label
        if outside and getattr(relation, "on_delete", None) is models.PROTECT:
            yield relation


def count(articles: models.QuerySet[Article]) -> int:
    """How often other rooms cite any of the articles, whoever may see it."""
    return sum(
        relation.related_model._base_manager.filter(
            **{f"{relation.field.name}__in": articles.values("pk")}
        ).count()
        for relation in _holding()
    )


def why_kept(row: Article | LawVersion) -> list[str]:
    """Why an article or a text can neither be deleted nor moved; empty where it can."""
    if isinstance(row, Article):
        cited = count(Article.objects.filter(pk=row.pk))
        return [_held(row.ref, cited)] if cited else []
    cited = count(Article.objects.filter(version=row))
    return [_held(row.ref, cited)] if cited else []


def why_not_deleted(row: Article | LawVersion | Law) -> list[str]:
    """Why a row of the register cannot be deleted: what was cited, and what rests on it."""
    if isinstance(row, Law):
        return [_("这部法律还有登记的文本，不能删除。")] if row.versions.exists() else []
    reasons = why_kept(row)
    if isinstance(row, LawVersion):
        if not reasons and (row.articles.exists() or row.provisions.exists()):
            reasons.append(_("这个文本还有登记的条款，不能删除。"))
        return reasons
    resting = {
        _("违法行为的依据"): row.bases.count(),
        _("法定期限"): row.time_limits.count() + row.overridden_by.count(),
        _("法定界限"): row.thresholds.count(),
        _("文书式样"): row.paper_forms.count(),
        _("处罚档次"): row.tiers.count(),
        _("罚则或义务的对应"): row.sanctioned_by.count() + row.sanctions.count(),
        _("新旧文本的对应"): row.maps_to.count() + row.mapped_from.count(),
    }
    named = [name for name, number in resting.items() if number]
    if named:
        words = {"ref": row.ref, "what": _("、").join(named)}
        reasons.append(_("%(ref)s还用于：%(what)s，不能删除。") % words)
    return reasons


def _held(ref: str, times: int) -> str:
    return _("%(ref)s已经被引用 %(times)d 次，引用过的条款不能删除，也不能改变位置和施行日期。") % {
        "ref": ref,
        "times": times,
    }

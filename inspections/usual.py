"""What a unit usually cites for a kind of violation: offered, counted, never ticked.

The newest findings of the unit are looked at. What was transcribed from a publication is left
out: it was not the unit's own choice. An article that is no longer in force on the day of the act
gives its place to its counterpart, which says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count

from inspections.models import Citation, Finding, Inspection
from legal.citations import Register

if TYPE_CHECKING:
    from accounts.models import Unit, User
    from legal.models import Article

FINDINGS_AT_MOST = 200
ARTICLES_AT_MOST = 4


@dataclass(frozen=True)
class Usual:
    """An article in force, in how many of the findings it was cited, and (if it took the place
    of a repealed one) which article those findings named."""

    article: Article
    count: int
    formerly: Article | None = None


def usual(
    unit: Unit, violation_type: str, on: date, books: Register, *, user: User
) -> dict[str, list[Usual]]:
    """{"duty": [...], "penalty": [...]}, most cited first; one query.

    `unit` is the unit of the inspection at hand: its own findings, not those of units above or
    below, and only what `user` may see.
    """
    newest = (
        Finding.objects.visible_to(user)
        .filter(inspection__unit=unit, violation_type=violation_type)
        .exclude(inspection__state=Inspection.State.DISCARDED)
        .order_by("-inspection__started_at", "-pk")
        .values("pk")[:FINDINGS_AT_MOST]
    )
    rows = (
        Citation.objects.filter(finding__in=newest)
        .exclude(origin=Citation.Origin.PUBLISHED)
        .order_by()
        .values_list("role", "article_id")
        .annotate(times=Count("finding", distinct=True))
    )
    counted: dict[str, dict[int, Usual]] = {"duty": {}, "penalty": {}}
    for role, article_id, times in sorted(rows, key=lambda row: (-row[2], row[1])):
        if article_id not in books.by_id:
            continue  # entered a moment ago; the next page knows it
        for article, formerly in _today(books.by_id[article_id], on, books):
            _add(counted[role], Usual(article, times, formerly))
    return {
        role: sorted(found.values(), key=lambda each: -each.count)[:ARTICLES_AT_MOST]
        for role, found in counted.items()
    }


def _today(article: Article, on: date, books: Register) -> list[tuple[Article, Article | None]]:
    """The article itself where it is in force, else its counterparts."""
    if article.in_force_on(on):
        return [(article, None)]
    return [(each, article) for each in books.counterparts(article, on)]


def _add(found: dict[int, Usual], more: Usual) -> None:
    """Count the same article once, whether it was cited itself or under its old number."""
    known = found.get(more.article.pk)
    if known is None:
        found[more.article.pk] = more
        return
    formerly = known.formerly if more.formerly is not None else None
    found[more.article.pk] = Usual(more.article, known.count + more.count, formerly)

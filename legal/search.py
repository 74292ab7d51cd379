"""Finding articles: by their place in a law, by words of their gist, by words of the statute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from legal.lookup import Asked
from legal.models import Article, Provision


def articles(asked: Asked, conditions: Mapping[str, Any]) -> QuerySet[Article]:
    """The articles that answer, newest texts first within a law, in the order of the text.

    Each row carries `words`: the statute's own words where they were imported. A whole article
    without a rule of its own is found by its number and by its words, and stands in no mere list.
    """
    provisions = Provision.objects.filter(
        version=OuterRef("version"), number=OuterRef("number"), suffix=OuterRef("suffix")
    )
    found: QuerySet[Any] = (
        Article.objects.with_law()
        .filter(number__isnull=False)
        .annotate(words=Subquery(provisions.values("text")[:1]))
    )
    if asked.is_place:
        found = found.filter(number=asked.number, suffix=asked.suffix)
        if asked.laws:
            found = found.filter(version__law__in=asked.laws)
        for name in ("para", "item"):
            if (value := getattr(asked, name)) is not None:
                found = found.filter(**{name: value})
        if asked.version:
            found = found.filter(version__version=asked.version)
    elif asked.words:
        if asked.within:
            found = found.filter(version__law__in=asked.laws)
        for word in asked.words:
            found = found.filter(
                Q(gist_zh__icontains=word)
                | Q(gist_en__icontains=word)
                | Q(ref__icontains=word)
                | Q(Exists(provisions.filter(text__icontains=word)), para__isnull=True)
            )
    else:
        found = found.filter(whole=False)
    return _under(found, conditions).order_by(
        "version__law__position",
        "version__law_id",
        "-version__effective_from",
        "number",
        "suffix",
        F("para").asc(nulls_first=True),
        F("item").asc(nulls_first=True),
    )


def _under(found: QuerySet[Any], conditions: Mapping[str, Any]) -> QuerySet[Any]:
    if conditions.get("law"):
        found = found.filter(version__law=conditions["law"])
    if conditions.get("kind"):
        found = found.filter(kind=conditions["kind"])
    if conditions.get("level"):
        found = found.filter(version__law__level=conditions["level"])
    if conditions.get("on"):
        found = found.filter(
            Q(version__effective_to__isnull=True) | Q(version__effective_to__gte=conditions["on"]),
            version__effective_from__lte=conditions["on"],
        )
    return found


def excerpt(text: str, word: str, *, around: int = 40) -> str:
    """The words around the first place where the text holds the word; its opening otherwise."""
    line = text.replace("\n", " ")
    at = line.lower().find(word.lower()) if word else -1
    begin = max(at - around, 0)
    end = begin + 2 * around + len(word)
    return f"{'…' if begin else ''}{line[begin:end]}{'…' if end < len(line) else ''}"

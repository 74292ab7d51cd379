"""Doors of the register of law: everybody reads, nobody writes here."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Max, Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access
from accounts.access import Request
from legal import citations, lookup, reading, search
from legal.forms import LawConditions, ViolationConditions
from legal.models import Article, Law, LawVersion, Role, ViolationType
from legal.tabs import tabs

PAGE_SIZE = 30


@require_safe
@access.verb("law.view")
def list_(request: Request) -> HttpResponse:
    """The laws with their texts; when something is asked for, the articles that answer."""
    form = LawConditions(request.GET)
    form.is_valid()
    conditions = form.cleaned_data
    everything = list(Law.objects.all())
    asked = lookup.understand(conditions.get("q") or "", everything)
    versions = LawVersion.objects.annotate(
        ruled=Count("articles", filter=Q(articles__whole=False), distinct=True),
        imported=Count("provisions", distinct=True),
    ).order_by("-effective_from")
    if conditions.get("on"):
        versions = versions.in_force_on(conditions["on"])
    laws = Law.objects.prefetch_related(Prefetch("versions", versions, to_attr="texts"))
    if conditions.get("level"):
        laws = laws.filter(level=conditions["level"])
    if conditions.get("law"):
        laws = laws.filter(pk=conditions["law"].pk)
    if asked.is_place or asked.words:
        laws = laws.filter(pk__in=asked.laws)
    looking = bool(asked.is_place or asked.words or conditions.get("law") or conditions.get("kind"))
    return render(
        request,
        "legal/list.html",
        {
            "form": form,
            "laws": [law for law in laws if law.texts],
            "looking": looking,
            "asked": asked,
            "found": _page(asked, conditions, request) if looking else None,
            "tabs": tabs("laws"),
        },
    )


def _page(asked: lookup.Asked, conditions: dict[str, Any], request: Request) -> dict[str, Any]:
    """A page of what was found, and where its neighbours begin."""
    given = request.GET.get("after") or request.GET.get("before") or "0"
    start = int(given) if given.isascii() and given.isdecimal() and len(given) < 6 else 0
    shown = list(search.articles(asked, conditions)[start : start + PAGE_SIZE + 1])
    word = asked.words[0] if asked.words else ""
    return {
        "rows": [{"article": each, "excerpt": _excerpt(each, word)} for each in shown[:PAGE_SIZE]],
        "first": start + 1,
        "last": start + len(shown[:PAGE_SIZE]),
        # The start of a page is a number, and "0" is a page of its own.
        "previous": str(max(start - PAGE_SIZE, 0)) if start else "",
        "next": str(start + PAGE_SIZE) if len(shown) > PAGE_SIZE else "",
    }


def _excerpt(article: Article, word: str) -> str:
    """The statute's own words, where the gist does not show why the article was found."""
    words = vars(article)["words"] or ""
    if article.gist and (not word or word.lower() in article.gist.lower()):
        return ""
    if article.gist and word.lower() not in words.lower():
        return ""
    return search.excerpt(words, word)


@require_safe
@access.verb("law.view")
def law(request: Request, code: str) -> HttpResponse:
    """A law: its texts through time, and the contents of the one in force."""
    chosen = get_object_or_404(Law, code=code)
    today = timezone.localdate()
    text = reading.chosen_text(chosen, today)
    if text is None:
        raise Http404
    return _text_page(request, text, today, of_law=True)


@require_safe
@access.verb("law.view")
def version(request: Request, ref: str) -> HttpResponse:
    """One text of a law: its contents by chapter, or with ?full=1 all its words to read."""
    text = get_object_or_404(LawVersion.objects.select_related("law"), ref=ref)
    return _text_page(request, text, timezone.localdate(), of_law=False)


def _text_page(request: Request, text: LawVersion, today: date, *, of_law: bool) -> HttpResponse:
    imported = text.provisions.aggregate(
        number=Count("pk"), source=Max("source"), at=Max("imported_at")
    )
    full = bool(imported["number"]) and request.GET.get("full") == "1"
    steps = reading.through_time(text, today)
    return render(
        request,
        "legal/law.html" if of_law else "legal/version.html",
        {
            "text": text,
            "steps": steps,
            "successor": reading.successor(steps),
            "before": list(text.replaces.select_related("law")),
            "imported": imported,
            "full": full,
            "chapters": reading.contents(text, full=full),
            "today": today,
            "in_force": text.in_force_on(today),
        },
    )


@require_safe
@access.verb("law.view")
def article(request: Request, ref: str) -> HttpResponse:
    """One article: its words, what sanctions it, its line through the texts, who cites it."""
    place = get_object_or_404(
        Article.objects.with_law().select_related("version__replaced_by"), ref=ref
    )
    return render(
        request,
        "legal/article.html",
        reading.article_page(place, request.user, timezone.localdate()),
    )


@require_safe
@access.verb("law.view")
def violations(request: Request) -> HttpResponse:
    """The kinds of violation with the articles in force on a day."""
    form = ViolationConditions(request.GET)
    form.is_valid()
    conditions = form.cleaned_data
    on = conditions.get("on") or timezone.localdate()
    types = ViolationType.objects.filter(is_active=True)
    if conditions.get("family"):
        types = types.filter(family=conditions["family"])
    word = (conditions.get("q") or "").strip()
    if word:
        types = types.filter(
            Q(zh__icontains=word)
            | Q(en__icontains=word)
            | Q(code__icontains=word)
            | Q(phrases__icontains=word)
        )
    books = citations.register()
    rows = [{"type": each, **citations.suggest(each, on, register=books)} for each in types]
    return render(
        request,
        "legal/violations.html",
        {"form": form, "rows": rows, "on": on, "word": word, "tabs": tabs("violations")},
    )


@require_safe
@access.verb("law.view")
def violation(request: Request, code: str) -> HttpResponse:
    """One kind of violation: its articles in each text, and what to mind."""
    kind = get_object_or_404(ViolationType, code=code)
    bases = kind.bases.select_related("article__version__law").order_by("role", "-primary", "rank")
    today = timezone.localdate()
    rows: dict[str, list[dict[str, Any]]] = {Role.DUTY: [], Role.PENALTY: []}
    for each in bases:
        rows[each.role].append({"basis": each, "in_force": each.article.in_force_on(today)})
    return render(
        request,
        "legal/violation.html",
        {"kind": kind, "duties": rows[Role.DUTY], "penalties": rows[Role.PENALTY]},
    )

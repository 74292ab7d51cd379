"""Doors of the register of law: everybody reads, nobody writes here."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from legal import citations
from legal.forms import LawConditions, ViolationConditions
from legal.models import Article, CalendarYear, Law, LawVersion, Role, ViolationType

FOUND_AT_MOST = 60


@require_safe
@access.verb("law.view")
def list_(request: HttpRequest) -> HttpResponse:
    """The laws with their texts; with a word to look for, the articles that hold it."""
    form = LawConditions(request.GET)
    form.is_valid()
    conditions = form.cleaned_data
    versions = LawVersion.objects.annotate(
        ruled=Count("articles", filter=Q(articles__whole=False))
    ).order_by("-effective_from")
    if conditions.get("on"):
        versions = versions.in_force_on(conditions["on"])
    laws = Law.objects.prefetch_related(Prefetch("versions", versions, to_attr="texts"))
    found: QuerySet[Article] = Article.objects.none()
    if conditions.get("level"):
        laws = laws.filter(level=conditions["level"])
    if word := (conditions.get("q") or "").strip():
        laws = laws.filter(_law_holds(word))
        found = _articles(word, conditions)
    articles = list(found[: FOUND_AT_MOST + 1])
    return render(
        request,
        "legal/list.html",
        {
            "form": form,
            "laws": [law for law in laws if law.texts],
            "word": word,
            "articles": articles[:FOUND_AT_MOST],
            "more": len(articles) > FOUND_AT_MOST,
            "tabs": _tabs("laws"),
        },
    )


def _law_holds(word: str) -> Q:
    return (
        Q(name_zh__icontains=word)
        | Q(short_zh__icontains=word)
        | Q(name_en__icontains=word)
        | Q(code__iexact=word)
    )


def _articles(word: str, conditions: dict[str, Any]) -> QuerySet[Article]:
    found = Article.objects.with_law().filter(whole=False)
    found = found.filter(
        Q(gist_zh__icontains=word) | Q(gist_en__icontains=word) | Q(ref__icontains=word)
    )
    if conditions.get("level"):
        found = found.filter(version__law__level=conditions["level"])
    if conditions.get("on"):
        found = found.in_force_on(conditions["on"])
    return found


def _tabs(here: str) -> list[dict]:
    """The parts of the register, for components/views.html."""
    return [
        {"name": _("法律法规"), "url": reverse("law:list"), "here": here == "laws"},
        {"name": _("违法行为类型"), "url": reverse("law:violations"), "here": here == "violations"},
        {"name": _("工作日历"), "url": reverse("law:calendars"), "here": here == "calendars"},
    ]


@require_safe
@access.verb("law.view")
def version(request: HttpRequest, ref: str) -> HttpResponse:
    """One text of a law with the articles that the register holds of it."""
    text = get_object_or_404(LawVersion.objects.select_related("law"), ref=ref)
    articles = (
        Article.objects.with_law()
        .filter(version=text, whole=False)
        .prefetch_related(Prefetch("sanctioned_by", Article.objects.with_law()))
    )
    others = LawVersion.objects.filter(law=text.law).select_related("law")
    return render(
        request,
        "legal/version.html",
        {
            "text": text,
            "articles": articles,
            "others": [each for each in others if each.pk != text.pk],
            "today": timezone.localdate(),
        },
    )


@require_safe
@access.verb("law.view")
def article(request: HttpRequest, ref: str) -> HttpResponse:
    """One article: what it says, what sanctions it, its line through the texts."""
    place = get_object_or_404(Article.objects.with_law(), ref=ref)
    return render(
        request,
        "legal/article.html",
        {
            "article": place,
            **citations.register().links(place),
            "tiers": place.tiers.all(),
            "types": ViolationType.objects.filter(bases__article=place).distinct(),
            "limits": place.time_limits.all(),
            "in_force": place.in_force_on(timezone.localdate()),
        },
    )


@require_safe
@access.verb("law.view")
def violations(request: HttpRequest) -> HttpResponse:
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
        {"form": form, "rows": rows, "on": on, "word": word, "tabs": _tabs("violations")},
    )


@require_safe
@access.verb("law.view")
def violation(request: HttpRequest, code: str) -> HttpResponse:
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


@require_safe
@access.verb("law.view")
def calendars_(request: HttpRequest) -> HttpResponse:
    """The calendars that days are counted by, year by year."""
    return render(
        request,
        "legal/calendars.html",
        {
            "years": CalendarYear.objects.prefetch_related("days"),
            "may_import": request.user.may("admin.system"),
            "tabs": _tabs("calendars"),
        },
    )

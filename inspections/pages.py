"""What the pages of an inspection show, put together once for all of them. No HTML, no verbs."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from inspections import noted
from inspections.gates import can_close, gates
from inspections.models import Citation, Evidence, Finding, Inspection
from inspections.usual import Usual
from legal import citations
from legal.citations import Note, Register
from legal.models import Article

TIMELINE_AT_MOST = 200
SEARCH_AT_MOST = 20


def inspections_for(user: User) -> QuerySet[Inspection]:
    """Inspections that the user may see, with all that their page shows: three queries in all."""
    return (
        Inspection.objects.visible_to(user)
        .select_related("unit", "enterprise__region", "system", "created_by", "recorded_by")
        .with_names()
        .prefetch_related(
            Prefetch("findings", Finding.objects.with_citations()),
            Prefetch(
                "evidence", Evidence.objects.select_related("file", "added_by", "withholding")
            ),
        )
    )


# --- Findings with their citations ---------------------------------------------------------------


@dataclass
class CitedArticle:
    """A citation as the page shows it; `off` when a note below explains it."""

    article: Article
    citation: Citation
    off: bool = False


@dataclass
class Card:
    """A finding with its citations, the notes on them and its evidence."""

    finding: Finding
    name: str
    advice: str
    duty: list[CitedArticle] = field(default_factory=list)
    penalty: list[CitedArticle] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)


def cards(inspection: Inspection, books: Register) -> list[Card]:
    """All findings of a prefetched inspection; no query of its own."""
    by_finding: dict[Any, list[Evidence]] = {}
    for item in inspection.evidence.all():
        by_finding.setdefault(item.finding_id, []).append(item)
    return [
        card(finding, books, by_finding.get(finding.pk, []))
        for finding in inspection.findings.all()
    ]


def card(finding: Finding, books: Register, evidence: list[Evidence]) -> Card:
    """One finding; its citations come from the prefetch, the articles from the register."""
    kind = books.types[finding.violation_type_id]
    shown = Card(finding=finding, name=kind.name, advice=kind.advice, evidence=evidence)
    rows = finding.cited()
    found = noted.notes(finding, books, rows=rows)
    off = {(note.role, note.article.pk) for note in found if note.article and note.is_off}
    for row in rows:
        shown_article = CitedArticle(
            article=books.article(row.article_id),
            citation=row,
            off=(row.role, row.article_id) in off,
        )
        (shown.duty if row.role == Citation.Role.DUTY else shown.penalty).append(shown_article)
    shown.notes = [noted.shown(note) for note in found]
    return shown


# --- Articles to choose from ---------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """An article with a box on the form of a finding, and what is said about it when ticked."""

    article: Article
    ticked: bool
    suggested: bool
    in_force: bool
    usual: Usual | None = None
    notes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_extra(self) -> bool:
        """Chosen by hand: the form remembers that it was on the page."""
        return not self.suggested and self.usual is None

    @property
    def off(self) -> bool:
        return not self.in_force or any(not note["calm"] for note in self.notes)


def offers(
    books: Register,
    kind: str,
    day: date,
    ticked: dict[str, list[int]] | None,
    found: list[Article],
    usual: dict[str, list[Usual]] | None = None,
    kept: dict[str, list[int]] | None = None,
) -> dict[str, list[Offer]]:
    """Boxes for both roles: ticked ones first, then the suggested, then what the unit usually
    cites, then what a search found.

    `kept` are boxes chosen by hand and unticked again, which stay on the page.
    Without `ticked` (a new finding) the suggestions of the first law are ticked: as a rule the
    Cybersecurity Law, with the other laws offered beside it. What is usual is never ticked.
    """
    suggested = citations.suggest(kind, day, register=books) if kind in books.types else {}
    shown: dict[str, list[Offer]] = {}
    for role in (Citation.Role.DUTY.value, Citation.Role.PENALTY.value):
        hints = suggested.get(role, [])
        if ticked is None:
            chosen = [each.pk for each in hints if each.version_id == hints[0].version_id]
        else:
            chosen = [pk for pk in ticked[role] if pk in books.by_id]
        habits = {each.article.pk: each for each in (usual or {}).get(role, [])}
        habitual = [each.article for each in habits.values()]
        before = [books.by_id[pk] for pk in (kept or {}).get(role, []) if pk in books.by_id]
        candidates = [books.by_id[pk] for pk in chosen] + hints + habitual + before + found
        hinted = {each.pk for each in hints}
        shown[role] = [
            Offer(
                article=article,
                ticked=article.pk in chosen,
                suggested=article.pk in hinted,
                in_force=article.in_force_on(day),
                usual=habits.get(article.pk),
            )
            for article in {each.pk: each for each in candidates}.values()
        ]
    return shown


def beside(offers: dict[str, list[Offer]], found: list[Note]) -> dict[str, list[Offer]]:
    """The same boxes, each with the notes on its article."""
    by_box: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for note in found:
        if note.article is not None:
            by_box.setdefault((note.role, note.article.pk), []).append(noted.shown(note))
    return {
        role: [replace(each, notes=by_box.get((role, each.article.pk), [])) for each in row]
        for role, row in offers.items()
    }


def find_articles(books: Register, text: str, day: date) -> list[Article]:
    """Articles in force on the day whose name, number or gist holds every word."""
    asked = [word.lower() for word in text.split() if word]
    if not asked:
        return []
    found = []
    for article in books.by_id.values():
        if article.number is None or not article.in_force_on(day):
            continue
        names = [article.cite_zh(), article.cite_zh(short=True), article.cite_en(), article.ref]
        text_of = " ".join([*names, article.gist_zh, article.gist_en]).lower()
        if all(word in text_of for word in asked):
            found.append(article)
            if len(found) == SEARCH_AT_MOST:
                break
    return found


# --- The rest of the page ------------------------------------------------------------------------


def facts(inspection: Inspection) -> list[dict[str, Any]]:
    """The heads for components/desc.html; personal fields are drawn by the template."""
    people = [_("%(name)s（%(number)s）") % row for row in inspection.named]
    return [
        {"label": _("检查编号"), "value": inspection.number, "number": True},
        {"label": _("检查单位"), "value": inspection.unit.name},
        {
            "label": _("检查方式"),
            "value": _("%(kind)s，%(mode)s")
            % {"kind": inspection.get_kind_display(), "mode": inspection.get_mode_display()},
        },
        {"label": _("通知书文号"), "value": inspection.notice_number, "number": True},
        {"label": _("系统"), "value": inspection.system.name if inspection.system else ""},
        {"label": _("检查民警"), "value": _("、").join(people)},
        {"label": _("检查缘由"), "value": inspection.trigger_text},
        {"label": _("检查地点"), "value": inspection.place, "full": True},
    ]


def gate_rows(inspection: Inspection, at: datetime, books: Register) -> list[dict[str, Any]]:
    """The gates of the signature for components/gates.html."""
    words = {True: "ok", False: "no", None: "na"}
    return [
        {
            "state": words[gate.met],
            "title": gate.title,
            "text": _("%(text)s。") % {"text": gate.text} if gate.text else "",
            "law": gate.basis or (_("本单位规定") if gate.house else ""),
            "url": gate.url if gate.met is not True else "",
            "url_text": gate.url_text,
        }
        for gate in gates(inspection, at=at, books=books)
    ]


def actions(inspection: Inspection, user: User) -> list[dict[str, Any]]:
    """What can be done now, for components/acts.html; refusals from the verbs' own lists."""
    if not user.may("inspections.record"):
        return []
    if inspection.is_draft:
        return [
            {
                "name": _("登记发现"),
                "url": reverse("inspections:finding_new", args=[inspection.pk]),
            },
            {
                "name": _("添加证据"),
                "url": reverse("inspections:evidence_new", args=[inspection.pk]),
            },
            {
                "name": _("核对与签名"),
                "url": reverse("inspections:sign", args=[inspection.pk]),
                "primary": True,
                "hint": _("签名后记录不能修改"),
            },
            {
                "name": _("作废登记"),
                "url": reverse("inspections:discard", args=[inspection.pk]),
                "danger": True,
            },
        ]
    if inspection.state != Inspection.State.RECORDED:
        return []
    return [
        {
            "name": _("添加证据"),
            "url": reverse("inspections:evidence_new", args=[inspection.pk]),
            "hint": _("签名后收到的材料，收到时间会记明"),
        },
        {
            "name": _("办结检查"),
            "url": reverse("inspections:close", args=[inspection.pk]),
            "method": "post",
            "fields": {"version": inspection.version},
            "reasons": can_close(inspection, user),
        },
    ]


def timeline(inspection: Inspection) -> list[dict[str, Any]]:
    """What was done to the inspection, newest first, for components/timeline.html."""
    shown = []
    for event in trail.timeline(inspection)[:TIMELINE_AT_MOST]:
        parts = [event.actor_name]
        ordinal = event.data.get("ordinal") or event.data.get("finding")
        if isinstance(ordinal, int):
            parts.append(_("第 %(ordinal)d 项") % {"ordinal": ordinal})
        if event.data.get("words_sha256"):
            parts.append(event.data["number"])
        if event.reason:
            parts.append(event.reason)
        late = event.entered_at.date() != event.happened_at.date()
        shown.append(
            {
                "at": event.happened_at,
                "title": trail.word(event.verb),
                "text": " · ".join(parts),
                "entered": event.entered_at if late else None,
                "tone": "ok" if event.verb == "inspections.record" else "",
            }
        )
    return shown

"""What an order says, frozen at issue.

`snapshot` is the whole of it as data: party, officers, findings, the articles cited with their
version and gist in both languages, the notes on the citations as they stood, the term. Pages of an
issued order show it, and ask nothing else. `context` is what the printed paper is made of.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import translation

from audit.trail import Refused
from inspections import noted
from inspections.models import InspectionOfficer
from legal import citations, periods
from legal.models import Article
from notices import correction_order
from rectification.models import Item, Order, TermKind

if TYPE_CHECKING:
    from inspections.models import Citation

SCHEMA = 1
#: 行政处罚法 28(1): whoever imposes a penalty orders the wrong to be put right.
EMPOWERING = "APL@2021:28(1)"
_FINDINGS, _BOOKS = "_findings", "_books"


def gather(order: Order) -> Order:
    """With everything that the paper reads, in as many queries for 200 findings as for one."""
    officers = InspectionOfficer.objects.select_related("officer")
    prefetch_related_objects(
        [order],
        Prefetch("items", Item.objects.select_related("finding")),
        "items__finding__citations",
        Prefetch("inspection__officers", officers),
    )
    return order


def snapshot(order: Order, *, at: datetime) -> dict[str, Any]:
    """Everything that the paper rests on, as JSON. Raises `Refused` for facts that lack."""
    found = facts(order, on=periods.local_date(at))
    lacking = paper(order, found).missing_facts()
    if lacking:
        raise Refused(lacking)
    return found


def facts(order: Order, *, on: date) -> dict[str, Any]:
    """The same as it stands, whether it is whole or not; `on` is the day of issue."""
    return {
        "schema": SCHEMA,
        "unit": {"name": order.unit.name, "short_name": order.unit.short_name},
        "enterprise": {
            "id": str(order.enterprise_id),
            "name": order.enterprise.name,
            "uscc": order.enterprise.uscc,
            "address": order.enterprise.address,
            "industry": order.enterprise.industry_name,
        },
        "system": _system(order),
        "inspection": {
            "id": str(order.inspection_id),
            "number": order.inspection.number,
            "kind": order.inspection.kind,
            "day": order.inspection.day.isoformat(),
            "notice_number": order.inspection.notice_number,
        },
        "officers": [
            {
                "name": officer.name,
                "police_number": officer.police_number,
                "certificate_number": officer.certificate_number,
            }
            for officer in order.inspection.officers.all()
        ],
        "findings": findings(order),
        "term": {
            "kind": order.term_kind,
            "date": order.term_date.isoformat() if order.term_date else None,
            "days": order.term_days,
            "words": term(order).words,
        },
        "interim_measures": order.interim_measures,
        "drafted_by": order.drafted_by.name,
        "issued_on": on.isoformat(),
        "basis": [EMPOWERING],
    }


def _system(order: Order) -> dict[str, Any] | None:
    if order.system is None:
        return None
    return {
        "name": order.system.name,
        "mlps_level": order.system.mlps_level,
        "mlps_number": order.system.mlps_number,
    }


def findings(order: Order) -> list[dict[str, Any]]:
    """The items as data: frozen by `snapshot`, shown live on the page of a draft.

    Articles come from the register in memory, so that 200 findings cost no query more than one.
    Worked out once for the order in hand; `lock` takes a fresh one.
    """
    kept: list[dict[str, Any]] | None = order.__dict__.get(_FINDINGS)
    if kept is None:
        kept = order.__dict__[_FINDINGS] = _findings(order, _register(order))
    return kept


def _register(order: Order) -> citations.Register:
    """One query the first time, kept on the order in hand."""
    kept: citations.Register | None = order.__dict__.get(_BOOKS)
    if kept is None:
        kept = order.__dict__[_BOOKS] = citations.register()
    return kept


def _findings(order: Order, books: citations.Register) -> list[dict[str, Any]]:
    if order.inspection.unit_id == order.unit_id:
        order.inspection.unit = order.unit
    found = []
    for item in order.items.all():
        finding = item.finding
        finding.inspection = order.inspection
        rows = list(finding.citations.all())
        kind = books.types[finding.violation_type_id]
        found.append(
            {
                "ordinal": item.ordinal,
                "item": item.pk,
                "finding": str(finding.pk),
                "violation_type": finding.violation_type_id,
                "name_zh": kind.zh,
                "name_en": kind.en,
                "seen": finding.seen,
                "required_correction": item.required_correction,
                "severity": finding.severity,
                "act_on": finding.act_on.isoformat(),
                "duty": _articles("duty", rows, books),
                "penalty": _articles("penalty", rows, books),
                "notes": _notes(noted.notes(finding, books, rows=rows)),
            }
        )
    return found


def _articles(
    role: str, rows: Iterable[Citation], books: citations.Register
) -> list[dict[str, Any]]:
    """The articles cited in a role; where one was not in force, with the officer's reason."""
    return [
        _article(books.article(row.article_id)) | {"override": row.override_reason}
        for row in rows
        if row.role == role
    ]


def _article(article: Article) -> dict[str, Any]:
    return {
        "ref": article.ref,
        "zh": article.cite_zh(),
        "label_zh": article.label_zh,
        "label_en": article.label_en,
        "law_zh": article.cite_zh(short=True, version=True).removesuffix(article.label_zh),
        "law_en": article.cite_en(short=True, version=True).removesuffix(article.label_en).strip(),
        "gist_zh": article.gist_zh,
        "gist_en": article.gist_en,
        "url": article.get_absolute_url(),
    }


def _notes(said: Iterable[citations.Note]) -> list[dict[str, Any]]:
    """The notes on the citations, in both languages: a frozen page is read in either."""
    return [
        note.as_data()
        | {
            "text_zh": _in("zh-hans", note),
            "text_en": _in("en", note),
            "links": [_link(article) for article in note.articles],
            "rests_on": [_link(article) for article in note.basis],
        }
        for note in said
    ]


def _link(article: Article) -> dict[str, str]:
    return {
        "zh": article.cite_zh(short=True, version=True),
        "en": article.cite_en(short=True, version=True),
        "url": article.get_absolute_url(),
    }


def _in(language: str, note: citations.Note) -> str:
    with translation.override(language):
        return str(note.text)


# ---- the printed paper ---------------------------------------------------------------------------


def term(order: Order) -> correction_order.Term:
    """The term as the paper words it."""
    if order.term_kind == TermKind.DATE and order.term_date is not None:
        return correction_order.Term.by_date(order.term_date)
    if order.term_kind == TermKind.IMMEDIATE:
        return correction_order.Term.immediate()
    return correction_order.Term.within(order.term_days or 0, order.term_kind)


def paper(order: Order, facts: dict[str, Any]) -> correction_order.CorrectionOrder:
    """The frozen facts as the printed form wants them."""
    return correction_order.CorrectionOrder(
        inspected_on=date.fromisoformat(facts["inspection"]["day"]),
        officers=tuple((o["name"], o["police_number"]) for o in facts["officers"]),
        findings=tuple(
            correction_order.Finding(
                what=finding["name_zh"],
                detail=finding["seen"],
                measure=finding["required_correction"],
                articles=tuple(article["zh"] for article in finding["duty"]),
            )
            for finding in facts["findings"]
        ),
        basis=_basis(facts, _register(order)),
        term=term(order),
        object_name=facts["system"]["name"] if facts["system"] else "",
        interim_measures=tuple(
            line.strip() for line in facts["interim_measures"].splitlines() if line.strip()
        ),
        contact=(facts["drafted_by"], order.unit.phone),
    )


def _basis(facts: dict[str, Any], books: citations.Register) -> tuple[str, ...]:
    """Penalty articles first, each once, then the article that empowers every such order."""
    cited = [article["zh"] for finding in facts["findings"] for article in finding["penalty"]]
    empowering = [books.article(ref).cite_zh() for ref in facts["basis"]]
    return tuple(dict.fromkeys([*cited, *empowering]))


def context(order: Order, facts: dict[str, Any]) -> dict[str, Any]:
    """What `rectification/notices/correction_order.html` is given."""
    return paper(order, facts).context()

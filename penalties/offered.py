"""Which rungs of which clauses are offered for a respondent, in groups, and how a range reads.

First what the findings cite and what that refers to, then what fits the kind of violation, then
every other clause of the register. Nothing is decided here: `penalties.lawful` refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from inspections.models import Citation, Finding
from legal.citations import Register
from legal.models import Article, PenaltyTier
from penalties import lawful, ranges
from penalties.casefile import File
from penalties.models import Respondent
from penalties.ranges import Range, Span

CITED, FITTING, OTHER = "cited", "fitting", "other"
GROUPS: dict[str, str | Promise] = {
    CITED: gettext_lazy("发现所引的罚则"),
    FITTING: gettext_lazy("与违法类型相符的罚则"),
    OTHER: gettext_lazy("其他罚则"),
}


@dataclass(frozen=True)
class Offer:
    """A rung that may come into question for the respondent."""

    group: str
    clause: Article
    tier: PenaltyTier

    @property
    def label(self) -> str:
        """《网络安全法》（2016）第五十九条第一款 加重：拒不改正或者导致危害网络安全等后果"""
        words = {
            "clause": self.clause.cite_short,
            "tier": self.tier.get_tier_display(),
            "condition": self.tier.condition,
        }
        if not ranges.is_conditional(self.tier):
            return _("%(clause)s · %(tier)s") % words
        return _("%(clause)s · %(tier)s：%(condition)s") % words


def offers(file: File, respondent: Respondent, today: date, books: Register) -> list[Offer]:
    """Rungs that reach the respondent, by groups; a clause stands in the first that fits."""
    who = ranges.whom(respondent)
    found: list[Offer] = []
    seen: set[int] = set()
    for group, clauses in (
        (CITED, _cited(file.findings, today, books)),
        (FITTING, _fitting(file.findings, books)),
        (OTHER, _all(file, today, books)),
    ):
        for clause in clauses:
            if clause.pk in seen:
                continue
            seen.add(clause.pk)
            rungs = books.tiers(clause)
            found += [
                Offer(group, clause, tier)
                for tier in rungs
                if ranges.measures(tier, who, rungs)
                and (group != OTHER or not ranges.is_kept(tier, file.case.unit.level))
            ]
    return found


def _cited(findings: Iterable[Finding], today: date, books: Register) -> Iterator[Article]:
    for finding in findings:
        rows = finding.cited()
        duties = [books.article(row.article_id) for row in rows if row.role == Citation.Role.DUTY]
        meant = {each.pk for duty in duties for each in books.penalties_of(duty)}
        for row in rows:
            if row.role == Citation.Role.PENALTY:
                clauses = books.clauses(books.article(row.article_id))
                chosen = [each for each in clauses if each.pk in meant] or clauses
                for clause in chosen:
                    yield clause
                    yield from books.referred(clause, finding.act_on)


def _fitting(findings: Iterable[Finding], books: Register) -> Iterator[Article]:
    for finding in findings:
        bases = books.bases(finding.violation_type_id, Citation.Role.PENALTY, finding.act_on)
        for basis in bases:
            for clause in books.clauses(basis):
                yield clause
                yield from books.referred(clause, finding.act_on)


def _all(file: File, today: date, books: Register) -> Iterator[Article]:
    days = [finding.act_on for finding in file.findings] or [
        file.case.found_on or file.case.filed_on
    ]
    for clause in books.by_id.values():
        if books.tiers(clause) and any(clause.in_force_on(day) for day in days):
            yield clause


def choices(found: Iterable[Offer]) -> list[Any]:
    """For a select with groups."""
    grouped: dict[str, list[tuple[int, str]]] = {}
    for offer in found:
        grouped.setdefault(offer.group, []).append((offer.tier.pk, offer.label))
    return [("", _("请选择")), *((str(GROUPS[group]), rows) for group, rows in grouped.items())]


# --- How it reads --------------------------------------------------------------------------------


def range_lines(found: Range | None) -> list[str]:
    """10,000 元至 100,000 元; 违法所得的 1 倍至 10 倍: one line for each way of measuring."""
    return [_span(span) for span in found.spans] if found is not None else []


def _span(span: Span) -> str:
    words = {"low": f"{span.low:,f}", "high": f"{span.high:,f}"}
    if span.by == ranges.GAINS:
        return _("有违法所得的，违法所得的 %(low)s 倍至 %(high)s 倍") % words
    if span.by == ranges.TURNOVER:
        return _("或者上一年度营业额的 %(high)s%% 以下") % words
    if span.low == 0:
        return pgettext("罚款", "%(high)s 元以下") % words
    return pgettext("罚款", "%(low)s 至 %(high)s 元") % words


def row(
    file: File, respondent: Respondent, offer: Offer, today: date, books: Register
) -> dict[str, Any]:
    """One rung as the page lists it, with what stands against it."""
    rungs = books.tiers(offer.clause)
    who = ranges.whom(respondent)
    fine = ranges.fine(offer.tier, who, rungs)
    kinds = ranges.measures(offer.tier, who, rungs)
    return {
        "tier": offer.tier,
        "clause": offer.clause,
        "lines": range_lines(fine),
        "may": fine is not None and fine.may,
        "inherited": fine is not None and fine.inherited,
        "kinds": [kind.label for kind in kinds],
        "reasons": lawful.of_tier(file, respondent, offer.tier, file.findings, today, books),
    }

"""What was proposed: kinds, sums, tiers, the clauses behind them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections import noted
from legal import citations
from penalties import discretion, lawful, ranges
from penalties.models import Item, Measure
from penalties.review.rules import MAJOR, SERIOUS, Fault, Look, rule, said


def _items(look: Look) -> list[Item]:
    """What the decisions in force lay on their parties; before them what is proposed."""
    decided = {row.respondent_id for row in look.decisions if row.punishes}
    if not look.decisions:
        return look.file.items
    return [row for row in look.file.items if row.respondent_id in decided]


@rule("range", gettext_lazy("金额超出法定幅度"), SERIOUS, "APL@2021:34")
def outside(look: Look) -> Iterator[Fault]:
    """A fine outside the range of its clause, neither lawfully reduced nor allowed by a superior's
    decision."""
    for row in _items(look):
        if row.measure != Measure.FINE or row.amount is None or row.is_overridden:
            continue
        rungs = ranges.rungs(look.books, row.tier)
        allowed = ranges.fine(row.tier, ranges.whom(row.respondent), rungs)
        if allowed is not None and lawful.outside(look.file, row.respondent, allowed, row)[1]:
            ends = allowed.ends(row.base_amount)
            low, high = (f"{end:,.2f}" for end in ends) if ends else ("—", "—")
            text = _("对%(who)s罚款 %(sum)s 元，%(cite)s的幅度是 %(low)s 至 %(high)s 元。")
            yield Fault(
                said(
                    text,
                    who=row.respondent.name,
                    sum=f"{row.amount:,.2f}",
                    cite=row.tier.article.cite_short,
                    low=low,
                    high=high,
                ),
                row=row,
                basis=row.tier.article.ref,
            )


@rule("kind", gettext_lazy("条款没有规定这种处罚"), SERIOUS, "APL@2021:38")
def not_provided(look: Look) -> Iterator[Fault]:
    """The rung does not threaten this party with this kind (38: no basis)."""
    for row in _items(look):
        if row.is_overridden or row.measure == Measure.UNSTATED:
            continue
        rungs = ranges.rungs(look.books, row.tier)
        if row.measure not in ranges.measures(row.tier, ranges.whom(row.respondent), rungs):
            text = _("%(cite)s在这一档次没有规定对%(who)s%(what)s。")
            yield Fault(
                said(
                    text,
                    cite=row.tier.article.cite_short,
                    who=row.respondent.name,
                    what=row.get_measure_display(),
                ),
                row=row,
                basis=row.tier.article.ref,
            )


@rule("override", gettext_lazy("突破幅度没有有效的批准文书"), SERIOUS, "APL@2021:34")
def override(look: Look) -> Iterator[Fault]:
    """The superior's decision has a number, and was there before this one."""
    for row in _items(look):
        if not row.is_overridden:
            continue
        if not row.override_number.strip():
            yield Fault(_("突破法定幅度，没有写明批准文书的文号。"), row=row)
        elif row.override_on is not None and row.override_on > look.day:
            text = _("突破法定幅度的批准（%(number)s）%(on)s才作出，晚于处罚决定。")
            yield Fault(said(text, number=row.override_number, on=row.override_on), row=row)


@rule("tier_reason", gettext_lazy("处罚档次没有写明理由"), MAJOR, "APL@2021:57(1)[1]")
def tier_reason(look: Look) -> Iterator[Fault]:
    for row in _items(look):
        if not row.condition_met or not row.condition_reason.strip():
            text = _("%(what)s：没有认定符合该档次并写明理由。")
            yield Fault(said(text, what=row.get_measure_display()), row=row)


@rule("deviation", gettext_lazy("偏离裁量基准没有理由"), MAJOR, "APL@2021:34")
def deviation(look: Look) -> Iterator[Fault]:
    for row in _items(look):
        if row.amount is None or not discretion.is_off(row.suggestion, row.amount):
            continue
        if not row.deviation_reason.strip():
            text = _("罚款 %(sum)s 元偏离裁量基准，没有写明理由。")
            yield Fault(said(text, sum=f"{row.amount:,.2f}"), row=row)


@rule("version", gettext_lazy("引用的条款在当时不施行"), SERIOUS, "APL@2021:37")
def version(look: Look) -> Iterator[Fault]:
    """The clause of a penalty holds on the day of an act, or on that of the decision (37)."""
    days = [day for row in look.file.findings for day in (row.act_on, row.act_from)]
    for row in _items(look):
        article = row.tier.article
        if days and not any(article.in_force_on(day) for day in [*days, look.day]):
            text = _("%(cite)s在行为之日和决定之日都不施行。")
            yield Fault(said(text, cite=article.cite_short), row=row)


@rule("citation", gettext_lazy("发现引用的条款有误"), MAJOR, "APL@2021:37")
def citation(look: Look) -> Iterator[Fault]:
    """What the guard of citations bars, asked with the day of the decision."""
    for finding in look.file.findings:
        for note in noted.notes(finding, look.books, decided_on=look.day):
            if note.level == citations.BLOCK:
                url = f"{finding.inspection.get_absolute_url()}#finding-{finding.ordinal}"
                yield Fault(note.text, url=url)

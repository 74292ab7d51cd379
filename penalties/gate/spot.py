"""What a penalty on the spot needs beside the rest (行政处罚法 51, 52, 68; MPSP 37–39).

The law of 2021 (3,000 yuan for a unit, 200 for a person) goes before the ministry's procedure of
2020 (1,000 and 50), as its two officers go before the one of MPSP 39.
"""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.trail import Reason
from legal import citations, limits
from penalties import ranges
from penalties.gate.condition import SPOT, Answer, Asked, against, condition, idle, lacks, met
from penalties.models import Decision, Item, Measure


def most(asked: Asked) -> Decimal:
    """The highest fine on the spot for this respondent, yuan (51)."""
    code = "SPOT_PERSON" if asked.respondent.is_person else "SPOT_UNIT"
    return _number(code)


def _number(code: str) -> Decimal:
    number = limits.threshold(code)
    assert number is not None
    return number


@condition("spot_visit", gettext_lazy("检查记录已签字确认"), "APL@2021:55", SPOT)
def spot_visit(asked: Asked) -> Answer:
    rows = asked.file.findings
    if not rows:
        return lacks(_("选择要处罚的违法行为。"), field="finding")
    open_ = [row for row in rows if not row.inspection.is_final]
    if open_:
        url = open_[0].inspection.get_absolute_url()
        text = _("检查记录还没有签字确认，不能据以处罚。")
        return lacks(text, url, _("去完成检查记录"))
    return met()


@condition("spot_clear", gettext_lazy("违法事实确凿并有法定依据"), "APL@2021:51", SPOT)
def spot_clear(asked: Asked) -> Answer:
    if asked.typed is not None and asked.typed.is_clear:
        return met()
    return lacks(_("违法事实确凿、有法定依据的，才可以当场处罚。"), field="is_clear")


@condition("spot_sum", gettext_lazy("警告或者小额罚款"), "APL@2021:51", SPOT)
def spot_sum(asked: Asked) -> Answer:
    """A warning, or a fine up to the limit; a clause whose fines begin above it is out."""
    books, limit, found = citations.register(), most(asked), []
    who = ranges.whom(asked.respondent)
    for row in asked.file.items_of(asked.respondent):
        if row.measure not in (Measure.WARNING, Measure.FINE):
            text = _("当场只能处以警告或者罚款，不能%(what)s。")
            said = text % {"what": row.get_measure_display()}
            found.append(Reason(said, field="measures"))
        elif row.measure == Measure.FINE:
            found += _too_much(row, limit, _lowest(row, who, books))
    text = _("当场罚款最高 %(most)s 元。") % {"most": f"{limit:,.0f}"}
    return against(found, met(text))


def _lowest(row: Item, who: str, books: citations.Register) -> Decimal | None:
    allowed = ranges.fine(row.tier, who, ranges.rungs(books, row.tier))
    ends = allowed.ends(row.base_amount) if allowed else None
    return ends[0] if ends else None


def _too_much(row: Item, limit: Decimal, lowest: Decimal | None) -> list[Reason]:
    said = {"most": f"{limit:,.0f}", "cite": row.tier.article.cite_short}
    if lowest is not None and lowest > limit:
        text = _(
            "%(cite)s的罚款从 %(low)s 元起，超过当场处罚的上限 %(most)s 元，须按普通程序办理。"
        )
        return [Reason(text % {**said, "low": f"{lowest:,.0f}"}, field="measures")]
    if row.amount is not None and row.amount > limit:
        text = _("当场罚款不得超过 %(most)s 元；超过的按普通程序办理。")
        return [Reason(text % said, field="amount")]
    return []


@condition("spot_heard", gettext_lazy("出示证件、口头告知并听取申辩"), "MPSP@2020:38", SPOT)
def spot_heard(asked: Asked) -> Answer:
    typed, found = asked.typed, []
    if typed is None or not typed.showed_certificates:
        text = _("应当向当事人出示执法证件。")
        found.append(Reason(text, "APL@2021:52", field="showed_certificates"))
    if typed is None or not typed.told_orally:
        text = _("应当口头告知拟处罚的内容、事实、理由、依据和陈述申辩的权利。")
        found.append(Reason(text, "APL@2021:44", field="told_orally"))
    if typed is None or not typed.defence.strip():
        text = _("写明当事人的陈述申辩；没有的写“无”。")
        found.append(Reason(text, field="defence"))
    return against(found, met())


@condition("spot_cash", gettext_lazy("可以当场收缴"), "APL@2021:68", SPOT)
def spot_cash(asked: Asked) -> Answer:
    """Up to 100 yuan, or where it could hardly be enforced later (68); MPSP 214 says 20."""
    typed = asked.typed
    fined = sum(
        (
            row.amount
            for row in asked.file.items_of(asked.respondent)
            if row.measure == Measure.FINE and row.amount is not None
        ),
        Decimal(0),
    )
    if not fined or typed is None or typed.collection != Decision.Collection.AT_ONCE:
        return idle(_("不当场收缴。"))
    limit = _number("SPOT_CASH")
    if fined <= limit or typed.collection_reason.strip():
        return met()
    text = _("当场收缴限于 %(most)s 元以下，或者不当场收缴事后难以执行的；写明理由。")
    return lacks(text % {"most": f"{limit:,.0f}"}, field="collection_reason")

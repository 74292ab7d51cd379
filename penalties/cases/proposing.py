"""Proposing a penalty: its items and circumstances, for each respondent by himself.

What a verb refuses comes from `penalties.lawful`. Whatever changes the proposal makes notice,
review and approval void that rested on the old one (`_void.void_changed`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason
from inspections.models import Finding
from legal import citations, periods
from legal.citations import Register
from legal.models import Article, PenaltyTier
from penalties import discretion, lawful, ranges
from penalties.casefile import File
from penalties.cases import _row, _void
from penalties.models import Case, CaseState, Circumstance, Effect, Item, Measure, Respondent

trail.words(
    {
        "cases.set_item": gettext_lazy("拟处罚一项"),
        "cases.edit_item": gettext_lazy("修改拟处罚"),
        "cases.remove_item": gettext_lazy("删去拟处罚一项"),
        "cases.add_circumstance": gettext_lazy("登记裁量情节"),
        "cases.drop_circumstance": gettext_lazy("删去裁量情节"),
    }
)

#: Which articles give a circumstance weight, by what it does (行政处罚法 30, 32; MPSP 159, 160).
WEIGHTS: dict[str, tuple[str, ...]] = {
    Effect.LIGHTER: ("APL@2021:32", "APL@2021:30", "MPSP@2020:159", "CSL@2025:73", "NDSR@2024:59"),
    Effect.REDUCED: ("APL@2021:32", "APL@2021:30", "MPSP@2020:159", "CSL@2025:73", "NDSR@2024:59"),
    Effect.HEAVIER: ("MPSP@2020:160",),
}
#: Kinds with a sum, and kinds that need more words: the goods, the licence, the business.
_SUMS = {Measure.FINE, Measure.CONFISCATION}
_DETAILS = {
    Measure.GOODS,
    Measure.SUSPENSION,
    Measure.RESTRICTION,
    Measure.CLOSURE,
    Measure.REVOCATION,
    Measure.DOWNGRADE,
    Measure.BAN,
}
_LENGTHS = {Measure.SUSPENSION, Measure.RESTRICTION, Measure.BAN}


# --- Whether -------------------------------------------------------------------------------------


def can_propose(file: File, respondent: Respondent, user: User, today: date) -> list[Reason]:
    """Why nothing can be proposed, or changed, for this respondent."""
    if file.case.state != CaseState.FILED:
        return [Reason(_("只有已立案、还没有决定的案件可以拟处罚。"), basis="APL@2021:54(2)")]
    if file.decision(respondent) is not None:
        return [Reason(_("对这个当事人已经作出决定。"))]
    if respondent.status != Respondent.Status.STANDING:
        text = _("当事人%(status)s，不能再给予处罚。")
        return [Reason(text % {"status": respondent.get_status_display()})]
    return []


def can_set_item(file: File, row: Respondent, user: User, today: date) -> list[Reason]:
    return can_propose(file, row, user, today)


def can_edit_item(file: File, row: Item, user: User, today: date) -> list[Reason]:
    return can_propose(file, file.respondent(row.respondent_id), user, today)


def can_remove_item(file: File, row: Item, user: User, today: date) -> list[Reason]:
    return can_propose(file, file.respondent(row.respondent_id), user, today)


def can_add_circumstance(file: File, row: Respondent, user: User, today: date) -> list[Reason]:
    return can_propose(file, row, user, today)


def can_drop_circumstance(file: File, row: Circumstance, user: User, today: date) -> list[Reason]:
    """Nor one that a fine below the range rests upon."""
    respondent = file.respondent(row.respondent_id)
    found = can_propose(file, respondent, user, today)
    if found or row.effect != Effect.REDUCED:
        return found
    left = [each for each in file.circumstances_of(respondent) if each.pk != row.pk]
    if any(lawful.is_reducing(each) for each in left):
        return []
    if any(each.clause.get("outside") == "reduced" for each in file.items_of(respondent)):
        return [Reason(_("有罚款按这个情节减轻到法定幅度以下，先修改那一项。"), "APL@2021:32")]
    return []


# --- Items ---------------------------------------------------------------------------------------


@transaction.atomic
def set_item(
    case: Case,
    respondent: Respondent,
    *,
    by: User,
    at: datetime,
    measure: str,
    tier: PenaltyTier,
    findings: Sequence[Finding] = (),
    condition_met: bool = False,
    condition_reason: str = "",
    amount: Decimal | None = None,
    base_amount: Decimal | None = None,
    detail: str = "",
    length: int | None = None,
    length_unit: str = "",
    deviation_reason: str = "",
    override_organ: str = "",
    override_number: str = "",
    override_on: date | None = None,
    override_reason: str = "",
    item: Item | None = None,
) -> Item:
    """Propose one penalty, or change `item`.

    A fine outside the range of its rung is refused, but for a reduced one (行政处罚法 32) and for a
    superior's written decision; a fine outside what the table suggests needs its reason.
    """
    case = _row.lock(case)
    file = File(case)
    respondent = _own(file, respondent)
    today = periods.local_date(at)
    _row.refuse(can_propose(file, respondent, by, today))
    row = Item(case=case, respondent=respondent, entered_at=at, entered_by=by)
    if item is not None:
        row = next(each for each in file.items_of(respondent) if each.pk == item.pk)
        row.entered_at, row.entered_by = at, by
    row.measure, row.tier = measure, tier
    row.condition_met = condition_met or not ranges.is_conditional(tier)
    row.condition_reason = condition_reason.strip()
    row.amount, row.base_amount, row.detail = amount, base_amount, detail.strip()
    row.length, row.length_unit = length, length_unit if length is not None else ""
    row.deviation_reason = deviation_reason.strip()
    row.override_organ, row.override_number = override_organ.strip(), override_number.strip()
    row.override_on, row.override_reason = override_on, override_reason.strip()
    others = [each for each in file.items_of(respondent) if each.pk != row.pk]
    chosen = [each for each in file.findings if each.pk in {f.pk for f in findings}]
    books = citations.register()
    found = [
        *lawful.of_tier(file, respondent, tier, chosen, today, books),
        *_of_findings(file, chosen),
        *_of_condition(row),
        *_of_override(row, today),
    ]
    found += lawful.twice(row, chosen, others, books)
    found += _of_measure(file, row, today, books)
    if not found:
        found += lawful.heavier(file, respondent, [*others, row], field="amount")
    _row.refuse(found)
    if item is None:
        last = case.items.filter(respondent=respondent).aggregate(last=Max("position"))["last"]
        row.position = (last or 0) + 1
    row.save(force_insert=item is None)
    row.findings.set(chosen)
    _changed(case, by=by, at=at)
    words = f"{row.get_measure_display()} {tier.article.cite_zh()}"
    _row.record(
        "cases.set_item" if item is None else "cases.edit_item",
        case,
        by=by,
        at=at,
        reason=row.override_reason or row.deviation_reason,
        row=row,
        data={
            "respondent": str(respondent.pk),
            "item": words,
            "amount": row.amount,
            "override": [row.override_organ, row.override_number] if row.is_overridden else [],
        },
    )
    return row


def edit_item(case: Case, item: Item, *, by: User, at: datetime, **given: Any) -> Item:
    """Change an item; everything that can be said of it is said again."""
    return set_item(case, item.respondent, by=by, at=at, item=item, **given)


@transaction.atomic
def remove_item(case: Case, item: Item, *, by: User, at: datetime) -> None:
    """Take an item out of the proposal."""
    case = _row.lock(case)
    file = File(case)
    row = next((each for each in file.items if each.pk == item.pk), None)
    if row is None:
        raise _row.overtaken(case)
    _row.refuse(can_remove_item(file, row, by, periods.local_date(at)))
    words = f"{row.get_measure_display()} {row.tier.article.cite_zh()}"
    row.findings.clear()
    Item.objects.filter(pk=row.pk).delete()
    _changed(case, by=by, at=at)
    _row.record("cases.remove_item", case, by=by, at=at, data={"item": words, "amount": row.amount})


# --- Circumstances -------------------------------------------------------------------------------


@transaction.atomic
def add_circumstance(
    case: Case,
    respondent: Respondent,
    *,
    by: User,
    at: datetime,
    effect: str,
    text: str,
    article: Article,
) -> Circumstance:
    """Enter a circumstance with the article that gives it weight."""
    case = _row.lock(case)
    file = File(case)
    respondent = _own(file, respondent)
    found = can_propose(file, respondent, by, periods.local_date(at))
    found += _row.needs(text, "text", _("写明具体情节。"), basis="APL@2021:34")
    if article.ref not in WEIGHTS[effect]:
        words = {"article": article.cite_short, "effect": Effect(effect).label}
        sentence = _("%(article)s不是%(effect)s的依据。")
        found.append(Reason(sentence % words, basis=article.ref, field="article"))
    if any(
        (each.effect, each.text, each.article_id) == (effect, text.strip(), article.pk)
        for each in file.circumstances_of(respondent)
    ):
        found.append(Reason(_("这个情节已经登记过。"), field="text"))
    _row.refuse(found)
    row = Circumstance.objects.create(
        case=case,
        respondent=respondent,
        entered_at=at,
        entered_by=by,
        effect=effect,
        text=text.strip(),
        article=article,
    )
    _changed(case, by=by, at=at)
    _row.record("cases.add_circumstance", case, by=by, at=at, reason=row.text, row=row)
    return row


@transaction.atomic
def drop_circumstance(case: Case, row: Circumstance, *, by: User, at: datetime) -> None:
    """Take a circumstance out of the proposal."""
    case = _row.lock(case)
    file = File(case)
    found = next((each for each in file.circumstances if each.pk == row.pk), None)
    if found is None:
        raise _row.overtaken(case)
    _row.refuse(can_drop_circumstance(file, found, by, periods.local_date(at)))
    Circumstance.objects.filter(pk=found.pk).delete()
    _changed(case, by=by, at=at)
    _row.record("cases.drop_circumstance", case, by=by, at=at, reason=found.text)


# --- Inside --------------------------------------------------------------------------------------


def _own(file: File, respondent: Respondent) -> Respondent:
    """The respondent as the file has it. Raises ValueError for one of another case."""
    pk: UUID = respondent.pk
    try:
        return file.respondent(pk)
    except KeyError:
        raise ValueError(f"{pk} is no respondent of {file.case.pk}") from None


def _changed(case: Case, *, by: User, at: datetime) -> None:
    _void.void_changed(File(case), by=by, at=at, reason=_("拟处罚的内容有改动"))
    _row.settle(case, at=at)


def _of_findings(file: File, chosen: Sequence[Finding]) -> list[Reason]:
    if chosen or not file.findings:
        return []
    text = _("至少选择一项违法事实：罚的是哪一项行为。")
    return [Reason(text, basis="APL@2021:29", field="findings")]


def _of_condition(row: Item) -> list[Reason]:
    """The rung ticked, and why it applies in words; the mildest one needs the words alone."""
    found = [] if row.condition_met else [lawful.unmet_condition(row.tier)]
    text = _("写明为什么适用这一档。")
    return found + _row.needs(
        row.condition_reason, "condition_reason", text, basis=row.tier.article.ref
    )


def _of_override(row: Item, today: date) -> list[Reason]:
    """All of it or none of it."""
    parts = {
        "override_organ": row.override_organ,
        "override_number": row.override_number,
        "override_on": row.override_on,
        "override_reason": row.override_reason,
    }
    if not any(parts.values()):
        return []
    text = _("上级机关批准突破法定幅度的，机关、文号、日期、理由都要写明。")
    found = [Reason(text, field=name) for name, value in parts.items() if not value]
    if row.override_on is not None and row.override_on > today:
        found.append(Reason(_("批准日期不能晚于今天。"), field="override_on"))
    if row.measure != Measure.FINE:
        found.append(Reason(_("只有罚款可以由上级机关批准突破幅度。"), field="override_organ"))
    return found


def _of_measure(file: File, row: Item, today: date, books: Register) -> list[Reason]:
    """What the kind of penalty asks for and what it does not know; fills `clause` and
    `suggestion` of the row."""
    who = ranges.whom(row.respondent)
    rungs = ranges.rungs(books, row.tier)
    allowed = ranges.measures(row.tier, who, rungs)
    kind = Measure(row.measure)
    found: list[Reason] = []
    if kind not in _SUMS and row.amount is not None:
        text = _("%(kind)s没有金额，请清空金额。")
        found.append(Reason(text % {"kind": kind.label}, field="amount"))
    if kind not in _LENGTHS and row.length is not None:
        text = _("%(kind)s没有期限，请清空期限。")
        found.append(Reason(text % {"kind": kind.label}, field="length"))
    if row.length is not None and not row.length_unit:
        found.append(Reason(_("选择期限的单位。"), field="length_unit"))
    if kind in _DETAILS:
        text = _("写明内容：没收什么、停止或者限制什么、关闭哪个网站、吊销哪个许可证件。")
        found += _row.needs(row.detail, "detail", text)
    row.suggestion = None
    row.clause = _frozen(row, None)
    if kind == Measure.FINE:
        return found + _of_fine(file, row, ranges.fine(row.tier, who, rungs), today)
    if kind not in allowed:
        # a rung that reaches this party with nothing is said once, at the rung
        return [*found, lawful.not_allowed(row, allowed)] if allowed else found
    if kind == Measure.CONFISCATION and row.amount is None:
        text = _("没收违法所得须写明金额；还没有查清的，先查清。")
        found.append(Reason(text, basis="APL@2021:28(1)", field="amount"))
    return found + lawful.of_length(row, allowed[kind])


def _of_fine(file: File, row: Item, found: ranges.Range | None, today: date) -> list[Reason]:
    how, why = lawful.outside(file, row.respondent, found, row)
    row.clause = _frozen(row, found) | {"outside": how}
    if why:
        return why
    row.suggestion = discretion.suggest(
        file.case.unit,
        row.tier,
        ranges.whom(row.respondent),
        today,
        file.circumstances_of(row.respondent),
        found,
        row.base_amount,
    )
    assert row.amount is not None
    if discretion.is_off(row.suggestion, row.amount) and not row.deviation_reason:
        assert row.suggestion is not None
        text = _("裁量基准建议 %(low)s 元至 %(high)s 元。偏离的，写明理由。")
        words = {name: f"{Decimal(row.suggestion[name]):,.2f}" for name in ("low", "high")}
        return [Reason(text % words, basis="APL@2021:34", field="deviation_reason")]
    return []


def _frozen(row: Item, found: ranges.Range | None) -> dict[str, Any]:
    """The clause as it is now, for notices and decisions."""
    sums = next((s for s in found.spans if s.by == ranges.AMOUNT), None) if found else None
    other = next((s for s in found.spans if s.by != ranges.AMOUNT), None) if found else None
    article = row.tier.article
    return {
        "ref": article.ref,
        "cite": article.cite_zh(),
        "tier": row.tier.tier,
        "condition": row.tier.condition_zh,
        "low": str(sums.low) if sums else None,
        "high": str(sums.high) if sums else None,
        "alt": {"by": other.by, "low": str(other.low), "high": str(other.high)} if other else None,
        "mode": ("may" if found.may else "shall") if found else "",
        "outside": "",
    }

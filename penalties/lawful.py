"""Whether what is proposed is lawful: clause, competence, range, one fine for one act, and nothing
heavier because of a defence.

Each function gives reasons and changes nothing. The verbs of the proposal raise from them, the
gate asks `standing` again on the day of the decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.trail import Reason
from inspections import noted
from inspections.models import Citation, Finding
from legal import citations
from legal.citations import Cited, Note, Register, fines
from legal.models import Article, PenaltyTier
from penalties import ranges
from penalties.casefile import File
from penalties.models import Circumstance, Effect, Item, Measure, Respondent, Told
from penalties.ranges import Range
from rectification.reasons import day_words
from rectification.telling import listed

KINDS, ONCE, LIGHTER, NOT_HEAVIER = (
    "APL@2021:9",
    "APL@2021:29",
    "APL@2021:37",
    "APL@2021:45",
)
#: What alone lets a fine fall below its range: 从轻或者减轻 of 行政处罚法 32, and of 30 for those
#: under eighteen.
MITIGATED = {"APL@2021:32", "APL@2021:30"}
#: Notes on a clause that a proposal has to mind.
_MINDED = {"two_regimes", "lighter_law", "not_a_pair", "better_fit"}


# --- The clause ----------------------------------------------------------------------------------


def notes(
    finding: Finding, clause: Article, today: date, books: Register, level: str
) -> list[Note]:
    """What the rules of law say of this clause for this finding, decided today."""
    cited = [row for row in noted.cited(finding.cited(), books) if row.role == Citation.Role.DUTY]
    return citations.notes(
        finding.violation_type_id,
        [*cited, Cited(Citation.Role.PENALTY, clause)],
        finding.act_from,
        finding.act_on,
        visited_on=finding.inspection.day,
        decided_on=today,
        authority=level,
        register=books,
    )


def is_lighter(found: Iterable[Note], clause: Article) -> bool:
    """Whether the notes say that this clause, newer than the act, is the lighter one (行政处罚法
    37)."""
    return any(
        note.code == "lighter_law"
        and note.facts["new"].pk == clause.pk
        and note.facts["comparison"].lighter == fines.NEW
        for note in found
    )


def minded(
    file: File, tier: PenaltyTier, findings: Iterable[Finding], today: date, books: Register
) -> list[Note]:
    """The notes on a clause that whoever proposes it has to know, each once."""
    clause = books.article(tier.article_id)
    found: dict[tuple[str, str], Note] = {}
    for finding in findings:
        for note in notes(finding, clause, today, books, file.case.unit.level):
            if note.code in _MINDED and note.article is not None and note.article.pk == clause.pk:
                found.setdefault((note.code, note.text), note)
    return list(found.values())


def of_tier(
    file: File,
    respondent: Respondent,
    tier: PenaltyTier,
    findings: Sequence[Finding],
    today: date,
    books: Register,
) -> list[Reason]:
    """Why this rung cannot be applied to the respondent for these findings."""
    clause = books.article(tier.article_id)
    cite = clause.cite_short
    if tier.tier == PenaltyTier.Tier.REFERRAL:
        targets = books.referred(clause, today)
        names = citations.listed(targets) if targets else listed(tier.referral)
        text = _("%(clause)s没有自己的罚则，依照%(names)s处罚：请选那一条的档次。")
        return [Reason(text % {"clause": cite, "names": names}, basis=clause.ref, field="tier")]
    found = []
    if ranges.is_kept(tier, file.case.unit.level):
        text = _("%(clause)s的处罚只能由%(authority)s作出，本单位无权适用。")
        words = {"clause": cite, "authority": tier.authority}
        found.append(Reason(text % words, basis=clause.ref, field="tier"))
    if not ranges.measures(tier, ranges.whom(respondent), ranges.rungs(books, tier)):
        text = _("%(clause)s的这一档不处罚%(whom)s。")
        found.append(
            Reason(text % {"clause": cite, "whom": as_whom(respondent)}, clause.ref, field="tier")
        )
    return found + _of_version(file, clause, findings, today, books)


def _of_version(
    file: File, clause: Article, findings: Sequence[Finding], today: date, books: Register
) -> list[Reason]:
    if not findings:
        day = file.case.found_on or file.case.filed_on
        off = [] if clause.in_force_on(day) else [day]
    else:
        level = file.case.unit.level
        off = [
            finding.act_on
            for finding in findings
            if not clause.in_force_on(finding.act_on)
            and not is_lighter(notes(finding, clause, today, books, level), clause)
        ]
    if not off:
        return []
    then = books.counterparts(clause, off[0])
    words = {"clause": clause.cite_short, "day": day_words(off[0])}
    if then:
        text = _(
            "%(clause)s在违法行为之日（%(day)s）没有施行，也没有证明它处罚较轻，应当适用%(then)s。"
        )
        words |= {"then": citations.listed(then)}
    else:
        text = _("%(clause)s在违法行为之日（%(day)s）没有施行，也没有证明它处罚较轻。")
    return [Reason(text % words, basis=LIGHTER, field="tier")]


def as_whom(respondent: Respondent) -> str:
    """单位, or the role of a person."""
    if respondent.is_person:
        return str(respondent.get_role_display())
    return str(respondent.get_kind_display())


# --- The sum -------------------------------------------------------------------------------------


def reduces(file: File, respondent: Respondent) -> bool:
    """Whether a circumstance (行政处罚法 30, 32) lets the fine fall below the range (减轻)."""
    return any(is_reducing(row) for row in file.circumstances_of(respondent))


def is_reducing(row: Circumstance) -> bool:
    """Only what the statute names lets a fine fall below its range."""
    return row.effect == Effect.REDUCED and row.article.ref in MITIGATED


def outside(
    file: File, respondent: Respondent, found: Range | None, item: Item
) -> tuple[str, list[Reason]]:
    """("", []) for a fine inside the range; ("reduced", []) or ("override", []) where it lawfully
    or loudly stands outside; else ("", reasons)."""
    amount, base = item.amount, item.base_amount
    if amount is None:
        return "", [Reason(_("罚款须写明金额。"), basis=KINDS, field="amount")]
    if found is not None and found.holds(amount, base):
        if item.is_overridden:
            text = _("金额在法定幅度以内，不需要上级机关批准突破。请清空批准突破的内容。")
            return "", [Reason(text, field="override_organ")]
        return "", []
    if found is not None and not found.within(base):
        return "", [Reason(_("先填写计算基数，才能确定幅度。"), field="base_amount")]
    ends = found.ends(base) if found is not None else None
    if amount > 0 and ends is not None and amount < ends[0] and reduces(file, respondent):
        return "reduced", []
    if item.is_overridden:
        return "override", []
    return "", [_out_of_range(item, respondent, ends, amount)]


def _out_of_range(
    item: Item, respondent: Respondent, ends: tuple[Decimal, Decimal] | None, amount: Decimal
) -> Reason:
    words: dict[str, Any] = {
        "clause": item.tier.article.cite_short,
        "whom": as_whom(respondent),
        "amount": f"{amount:,.2f}",
    }
    if ends is None:
        text = _(
            "%(clause)s的这一档没有规定对%(whom)s的罚款。请改选档次；公布的决定由上级书面批准的，"
            "填写批准突破法定幅度的机关、文号、日期和理由。"
        )
        return Reason(text % words, basis=item.tier.article.ref, field="amount")
    words |= {"low": f"{ends[0]:,.2f}", "high": f"{ends[1]:,.2f}"}
    if amount < ends[0]:
        text = _(
            "%(amount)s 元低于%(clause)s对%(whom)s的罚款幅度：%(low)s 元至 %(high)s 元。请改金额；"
            "依法减轻处罚的，先登记减轻情节；上级书面批准突破的，填写批准的机关、文号、日期和理由。"
        )
    else:
        text = _(
            "%(amount)s 元高于%(clause)s对%(whom)s的罚款幅度：%(low)s 元至 %(high)s 元。请改金额或"
            "者改选档次；上级书面批准突破的，填写批准的机关、文号、日期和理由。"
        )
    return Reason(text % words, basis=item.tier.article.ref, field="amount")


def of_length(item: Item, words: Iterable[str]) -> list[Reason]:
    """Why the length of a measure is not what its clause allows."""
    most = ranges.longest(words)
    if most is None:
        return []
    if item.length is None:
        text = ngettext("须写明期限，最长 %(n)d 个月。", "须写明期限，最长 %(n)d 个月。", most)
        return [Reason(text % {"n": most}, basis=item.tier.article.ref, field="length")]
    if _days(item.length, item.length_unit) > most * 30:
        text = ngettext(
            "这一条规定的期限最长 %(n)d 个月。", "这一条规定的期限最长 %(n)d 个月。", most
        )
        return [Reason(text % {"n": most}, basis=item.tier.article.ref, field="length")]
    return []


def _days(length: int | None, unit: str) -> int:
    """For comparing lengths alone; months of thirty days."""
    return (length or 0) * {"day": 1, "month": 30, "year": 360}.get(unit, 0)


# --- One act, one fine ---------------------------------------------------------------------------


def twice(
    item: Item, findings: Sequence[Finding], others: Sequence[Item], books: Register
) -> list[Reason]:
    """Two penalties of one kind upon one finding: one act is fined once (行政处罚法 29)."""
    mine = {finding.pk for finding in findings}
    for other in others:
        if other.measure != item.measure:
            continue
        theirs = {finding.pk for finding in other.findings.all()}
        if mine and theirs and not mine & theirs:
            continue
        clauses = {"clause": other.tier.article.cite_short}
        if item.measure != Measure.FINE:
            text = _("同一违法行为已经有这种处罚（%(clause)s），不用再加一项。")
            return [Reason(text % clauses, basis=KINDS, field="measure")]
        higher = _higher(item.tier, other.tier, books)
        if higher is None:
            text = _(
                "同一个违法行为已经按%(clause)s罚款，不能罚两次。违反几部法律的，按罚款数额高的规定"
                "处罚。"
            )
            return [Reason(text % clauses, basis=ONCE, field="findings")]
        text = _(
            "同一个违法行为已经按%(clause)s罚款，不能罚两次。两条中罚款数额高的是%(higher)s：只留"
            "那一项。"
        )
        return [Reason(text % (clauses | {"higher": higher}), basis=ONCE, field="findings")]
    return []


def _higher(one: PenaltyTier, other: PenaltyTier, books: Register) -> str | None:
    """The clause that threatens more, where sums say so."""
    tops = [(fines.ceiling(ranges.rungs(books, tier)), tier) for tier in (one, other)]
    (first, _one), (second, _other) = tops
    if first is None or second is None or first == second:
        return None
    return str((one if first > second else other).article.cite_short)


# --- Nothing heavier because of a defence --------------------------------------------------------


def heavier(
    file: File, respondent: Respondent, rows: Sequence[Item], *, field: str = ""
) -> list[Reason]:
    """Why these penalties are heavier than what the party defended itself against, without new
    facts (行政处罚法 45(2)). A report made after the notice is a new finding of facts."""
    told = _defended(file, respondent)
    if told is None or any(row.entered_at > told.given_at for row in file.reports):
        return []
    before = told.proposal.get("items", [])
    worse = []
    for measure in (Measure.FINE, Measure.CONFISCATION):
        then = _total(i.get("amount") for i in before if i["measure"] == measure)
        now = _total(row.amount for row in rows if row.measure == measure)
        if now > then:
            worse.append(
                _("%(kind)s由 %(then)s 元增加到 %(now)s 元")
                % {"kind": measure.label, "then": f"{then:,.2f}", "now": f"{now:,.2f}"}
            )
    lengths = {i["measure"]: _days(i.get("length"), i.get("length_unit", "")) for i in before}
    for row in rows:
        if row.measure in (Measure.FINE, Measure.CONFISCATION):
            continue
        kind = {"kind": row.get_measure_display()}
        if row.measure not in lengths:
            worse.append(_("增加了%(kind)s") % kind)
        elif _days(row.length, row.length_unit) > lengths[row.measure]:
            worse.append(_("延长了%(kind)s的期限") % kind)
    if not worse:
        return []
    text = _(
        "不得因当事人申辩而给予更重的处罚：%(worse)s。确有新查明的事实的，先作出新的调查终结报告，"
        "再重新告知。"
    )
    return [Reason(text % {"worse": listed(worse)}, basis=NOT_HEAVIER, field=field)]


def _total(sums: Iterable[Any]) -> Decimal:
    return sum((Decimal(each) for each in sums if each), Decimal())


def _defended(file: File, respondent: Respondent) -> Told | None:
    """The last notice upon which the party stated a defence or asked for a hearing."""
    answered = {row.told_id for row in file.defences} | {row.told_id for row in file.hearings}
    own = [row for row in file.tolds if row.respondent_id == respondent.pk and row.pk in answered]
    return own[-1] if own else None


# --- The whole of it -----------------------------------------------------------------------------


def standing(file: File, today: date) -> list[Reason]:
    """What stands against the items of all who are not decided on yet, judged by today."""
    books = citations.register()
    found: list[Reason] = []
    for respondent in file.standing_respondents:
        if file.decision(respondent) is None:
            found += of_respondent(file, respondent, today, books)
    return found


def of_respondent(
    file: File, respondent: Respondent, today: date, books: Register | None = None
) -> list[Reason]:
    """What stands against the items of one respondent, each reason once."""
    books = books or citations.register()
    rows = file.items_of(respondent)
    found: list[Reason] = []
    for place, row in enumerate(rows):
        findings = list(row.findings.all())
        findings = [each for each in file.findings if each in findings]
        rungs = ranges.rungs(books, row.tier)
        allowed = ranges.measures(row.tier, ranges.whom(respondent), rungs)
        found += of_tier(file, respondent, row.tier, findings, today, books)
        if row.measure == Measure.FINE:
            fine = ranges.fine(row.tier, ranges.whom(respondent), rungs)
            found += outside(file, respondent, fine, row)[1]
        elif row.measure in allowed:
            found += of_length(row, allowed[Measure(row.measure)])
        else:
            found.append(not_allowed(row, allowed))
        if ranges.is_conditional(row.tier) and not row.condition_met:
            found.append(unmet_condition(row.tier))
        found += twice(row, findings, rows[:place], books)
    found += heavier(file, respondent, rows)
    return list(dict.fromkeys(found))


def not_allowed(item: Item, allowed: Iterable[Measure]) -> Reason:
    """The clause does not know this kind of penalty, at this rung and for this party."""
    words = {
        "clause": item.tier.article.cite_short,
        "kind": item.get_measure_display(),
        "kinds": listed([str(kind.label) for kind in allowed]),
    }
    text = _("%(clause)s的这一档没有规定%(kind)s，可以选：%(kinds)s。")
    return Reason(text % words, basis=item.tier.article.ref, field="measure")


def unmet_condition(tier: PenaltyTier) -> Reason:
    """The rung needs its condition found met."""
    text = _("这一档只适用于：%(condition)s。确认符合的请勾选，并写明理由。")
    words = {"condition": tier.condition or tier.get_tier_display()}
    return Reason(text % words, basis=tier.article.ref, field="condition_met")

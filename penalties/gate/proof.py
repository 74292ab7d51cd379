"""Whether what is decided is proved, and what is proposed is whole and within the law."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.trail import Reason
from inspections import noted
from inspections.models import Finding
from legal import citations, periods
from penalties import discretion, lawful, ranges
from penalties.gate.condition import (
    NO_PENALTY,
    PENALTY,
    SPOT,
    Answer,
    Asked,
    against,
    condition,
    idle,
    lacks,
    met,
)
from penalties.gate.standing import EVERY, ORDINARY
from penalties.grounds import GROUNDS
from penalties.models import Item, Measure, Report
from rectification.models import MET_IN_TIME, OrderState
from rectification.reasons import day_words

#: The field of the reason that a rung's condition is not found met.
CONDITION = "condition_met"
_ENDED = (OrderState.WITHDRAWN, OrderState.DISCARDED)


@condition("preservation", gettext_lazy("先行登记保存的证据没有逾期"), "APL@2021:56", *ORDINARY)
def preservation(asked: Asked) -> Answer:
    """Dealt with within seven working days; over that it is lifted by itself (MPSP 110)."""
    if not asked.file.preservations:
        return idle(_("没有先行登记保存。"))
    found = []
    for row in asked.file.preservations:
        if row.disposal == "" and row.due_on < asked.today:
            text = _("先行登记保存应在 %(day)s 前作出处理，逾期自动解除；请登记处理结果。")
            url = asked.tab("inquiry", row)
            said = text % {"day": day_words(row.due_on)}
            found.append(Reason(said, url=url, url_text=_("去登记")))
    return against(found, met())


@condition("evidence", gettext_lazy("证据经查证属实"), "APL@2021:46(2)", *ORDINARY)
def evidence(asked: Asked) -> Answer:
    used = [row for row in asked.file.exhibits if not row.excluded_reason]
    if not used:
        return lacks(_("证据清单是空的。"), asked.tab("inquiry"), _("列证据"))
    found = [
        Reason(
            _("证据 %(n)s “%(title)s”还没有查证。") % {"n": row.number, "title": row.title},
            url=asked.tab("inquiry", row),
            url_text=_("去查证"),
        )
        for row in used
        if not row.verified
    ]
    return against(found, met(_("%(n)s 份证据。") % {"n": len(used)}))


@condition("report", gettext_lazy("调查终结并有处理建议"), "APL@2021:57(1)", *ORDINARY)
def report(asked: Asked) -> Answer:
    """The investigation has ended, and proposed what is now decided."""
    made = asked.file.report
    if made is None:
        return lacks(_("还没有调查终结报告。"), asked.tab("inquiry"), _("写报告"))
    if made.proposal in (Report.Proposal.REFERRAL, Report.Proposal.TERMINATION):
        text = _("调查终结报告建议%(what)s，不能作出决定。")
        said = text % {"what": made.get_proposal_display()}
        return lacks(said, asked.tab("inquiry"), _("看报告"))
    if made.proposal == Report.Proposal.NO_PENALTY and asked.punishes:
        text = _("调查终结报告建议不予行政处罚；要处罚的，重新写报告。")
        return lacks(text, asked.tab("inquiry"), _("看报告"))
    return met(on=made.reported_on, whom=made.entered_by.name)


@condition("proposal", gettext_lazy("拟处罚的项目完整"), "APL@2021:44", PENALTY, SPOT)
def proposal(asked: Asked) -> Answer:
    """Each penalty with its kind, clause and tier, the condition of the tier ticked and reasoned,
    and what the kind needs said."""
    rows = asked.file.items_of(asked.respondent)
    url = asked.tab("proposal")
    if not rows:
        return lacks(_("还没有拟处罚的项目。"), url, _("去拟定"), field="measure")
    found = [each for each in _unlawful(asked) if each.field == CONDITION]
    for row in rows:
        what = row.get_measure_display()
        if ranges.is_conditional(row.tier) and not row.condition_reason.strip():
            text = _("%(what)s：没有写明适用这一档次的理由。") % {"what": what}
            found.append(Reason(text, url=asked.tab("proposal", row), url_text=_("去补充")))
        if row.measure in (Measure.FINE, Measure.CONFISCATION) and row.amount is None:
            text = _("%(what)s：没有写明金额。") % {"what": what}
            found.append(Reason(text, url=asked.tab("proposal", row), url_text=_("去补充")))
    return against(found, met(_("、").join(str(row.get_measure_display()) for row in rows)))


def _unlawful(asked: Asked) -> list[Reason]:
    """What stands against the penalties of this party, with the tab that mends it."""
    url, text = asked.tab("proposal"), _("去改拟处罚")
    return [
        each if each.url else replace(each, url=url, url_text=text)
        for each in lawful.of_respondent(asked.file, asked.respondent, asked.today)
    ]


@condition("range", gettext_lazy("在法定种类和幅度之内"), "APL@2021:34", PENALTY, SPOT)
def within_the_law(asked: Asked) -> Answer:
    """Clause, kind and sum are what the law allows this respondent on this day, or a superior's
    written decision explains why not; what leaves the table of discretion says why."""
    found = [
        each
        for each in _unlawful(asked)
        if each.field != CONDITION and each.basis != lawful.NOT_HEAVIER
    ]
    loud = []
    for row in asked.file.items_of(asked.respondent):
        if row.is_overridden:
            loud.append(f"{row.override_organ} {row.override_number}")
        if _deviates(row) and not row.deviation_reason.strip():
            text = _("%(what)s %(sum)s 元偏离裁量基准，没有写明理由。")
            said = text % {"what": row.get_measure_display(), "sum": f"{row.amount:,.2f}"}
            url = asked.tab("proposal", row)
            found.append(Reason(said, url=url, url_text=_("去写明"), field="amount"))
    text = _("突破法定幅度，依据上级批准：%(which)s。") % {"which": _("、").join(loud)}
    return against(found, met(text if loud else ""))


def _deviates(row: Item) -> bool:
    return row.amount is not None and discretion.is_off(row.suggestion, row.amount)


@condition("no_items", gettext_lazy("没有拟处罚的项目"), "APL@2021:57(1)", NO_PENALTY)
def no_items(asked: Asked) -> Answer:
    """Who is not punished has no penalty proposed either."""
    if asked.file.items_of(asked.respondent):
        text = _("对%(name)s还有拟处罚的项目，先删去。") % {"name": asked.respondent.name}
        return lacks(text, asked.tab("proposal"), _("看项目"))
    return met()


@condition("citations", gettext_lazy("引用的条款有效"), "APL@2021:37", PENALTY, SPOT)
def citations_in_force(asked: Asked) -> Answer:
    """Only what the guard of citations bars is barred; what it warns of is said."""
    books = citations.register()
    barred: list[Reason] = []
    warned = 0
    for finding in asked.file.findings:
        for note in noted.notes(finding, books, decided_on=asked.today):
            if note.level == citations.BLOCK:
                barred.append(_cited_wrongly(finding, note.text))
            warned += note.level == citations.WARN
    text = _("%(n)s 处引用提示，不影响决定；逐条见拟处罚。") % {"n": warned} if warned else ""
    return against(barred, met(text))


def _cited_wrongly(finding: Finding, text: str) -> Reason:
    url = f"{finding.inspection.get_absolute_url()}#finding-{finding.ordinal}"
    return Reason(text, url=url, url_text=_("看引用"))


@condition("ground", gettext_lazy("不予处罚的情形有据"), "APL@2021:33(1)", NO_PENALTY)
def ground(asked: Asked) -> Answer:
    """One of the cases of 30 to 33, 36 or 57(1)[3], and what shows it."""
    made = asked.file.report
    code = (asked.typed.ground if asked.typed else "") or (made.ground if made else "")
    known = GROUNDS.get(code)
    if known is None:
        if asked.typed is None:
            return idle(_("签发时选择情形。"))
        return lacks(_("选择不予处罚的情形。"), field="ground")
    found: list[Reason] = []
    if known.correction and not _corrected(asked):
        if asked.typed is None:
            return idle(_("签发时写明及时改正的证明。"))
        if not asked.typed.ground_proof.strip():
            text = _("没有及时改正的记录：写明由什么证明已经改正。")
            found.append(Reason(text, known.basis, field="ground_proof"))
    if code == "first_minor":
        found += [
            Reason(
                _("不是初次违法：%(number)s（%(day)s）。")
                % {"number": row, "day": day_words(row.decided_on)},
                known.basis,
                url=row.case.get_absolute_url(),
                url_text=_("看那个案件"),
                field="ground",
            )
            for row in asked.file.punished_before
            if row.decided_on <= asked.today
        ]
    return against(found, met(str(known.word)))


def _corrected(asked: Asked) -> bool:
    """Whether a record shows that it was corrected in time: the order was met, or at the visit."""
    order = asked.file.case.order
    if order is not None and order.verdict in MET_IN_TIME:
        return True
    rows = asked.file.findings
    return bool(rows) and all(row.disposition == Finding.Disposition.ON_THE_SPOT for row in rows)


@condition("education", gettext_lazy("对当事人进行教育"), "APL@2021:33(3)", NO_PENALTY, late=True)
def education(asked: Asked) -> Answer:
    made = asked.file.report
    code = (asked.typed.ground if asked.typed else "") or (made.ground if made else "")
    known = GROUNDS.get(code)
    if known is not None and not known.education:
        return idle(_("这种情形法律不要求教育。"))
    if asked.typed is None:
        return idle(_("签发时写明教育情况。"))
    if not asked.typed.education.strip():
        return lacks(_("写明怎样教育了当事人。"), field="education")
    return met()


@condition("correction", gettext_lazy("责令改正"), "APL@2021:28(1)", *EVERY, late=True)
def correction(asked: Asked) -> Answer:
    """Who is punished is ordered to correct as well: by an order, by this decision, or not with a
    reason (nothing is left to correct)."""
    order = asked.file.case.order
    if order is not None and order.issued_at is not None and order.state not in _ENDED:
        return met(str(order), on=periods.local_date(order.issued_at))
    kept = (Finding.Disposition.ORDER, Finding.Disposition.ON_THE_SPOT)
    rows = asked.file.findings
    if rows and all(row.disposition in kept for row in rows):
        return met(_("检查后已责令改正或者当场改正。"))
    if asked.respondent.is_person:
        return idle(_("责令改正的是单位。"))
    if asked.typed is None:
        return idle(_("签发时写明责令改正的内容，或者不需要的理由。"))
    if asked.typed.correction.strip() or asked.typed.no_correction.strip():
        return met(asked.typed.correction or asked.typed.no_correction)
    text = _("没有责令改正：写明责令改正的内容，或者不需要责令改正的理由。")
    return lacks(text, field="correction")

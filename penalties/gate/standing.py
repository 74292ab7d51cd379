"""Whether there is a case, somebody to decide on, and officers who may act."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.trail import Reason
from legal import periods
from notices import elements
from penalties import limitation as limits_of_time
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
    warns,
)
from penalties.models import CaseState, Respondent
from penalties.papers import decisions
from rectification.reasons import day_words

EVERY = (PENALTY, NO_PENALTY, SPOT)
ORDINARY = (PENALTY, NO_PENALTY)
TWO = 2  # officers, 行政处罚法 42(1)


@condition("filed", gettext_lazy("立案经过审批"), "APL@2021:54(2)", *ORDINARY)
def filed(asked: Asked) -> Answer:
    case = asked.file.case
    if case.state == CaseState.FILED and case.approved_at is not None:
        who = case.approved_by.name if case.approved_by else ""
        return met(on=periods.local_date(case.approved_at), whom=who)
    return lacks(_("案件不在办理中，或者立案没有经过审批。"), asked.tab("case"), _("看立案"))


@condition("limitation", gettext_lazy("没有超过追究时效"), "APL@2021:36(1)", PENALTY, SPOT)
def limitation(asked: Asked) -> Answer:
    """Found within two years (five, 36(1)) of the act, or of its end where it went on (36(2))."""
    case, rows = asked.file.case, asked.file.findings
    found = [
        replace(reason, url=asked.tab("case"), url_text=_("看案情"))
        for reason in limits_of_time.limitation(asked.file, asked.today)
    ]
    if found or not rows:
        return against(found, met())
    last = min(limits_of_time.until(row, long=case.is_long_limitation) for row in rows)
    return met(_("最早的追究时效到 %(day)s。") % {"day": day_words(last)})


@condition("once", gettext_lazy("同一违法行为没有罚过款"), "APL@2021:29", PENALTY, SPOT)
def once(asked: Asked) -> Answer:
    """The same act is fined once (29); nor is it before another case at the same time."""
    found: list[Reason] = []
    for row in asked.file.handled_elsewhere:
        text = _("第 %(n)s 项正在另一个案件中办理：%(case)s。")
        found.append(
            Reason(
                text % {"n": row.finding.ordinal, "case": row.case},
                url=row.case.get_absolute_url(),
                url_text=_("看那个案件"),
            )
        )
    if any(row.measure == "fine" for row in asked.file.items_of(asked.respondent)):
        for fine in asked.file.decided_elsewhere:
            if _same_party(fine.respondent, asked.respondent):
                text = _("同一违法行为已经罚过款：%(number)s，%(sum)s 元。")
                said = {"number": fine.number, "sum": f"{fine.fine:,.2f}"}
                url = fine.case.get_absolute_url()
                found.append(Reason(text % said, url=url, url_text=_("看那份决定")))
    return against(found, met())


def _same_party(one: Respondent, other: Respondent) -> bool:
    if one.kind != other.kind:
        return False
    if not one.is_person:
        return one.enterprise_id is not None and one.enterprise_id == other.enterprise_id
    if one.identity_index and other.identity_index:
        return one.identity_index == other.identity_index
    return one.name == other.name


@condition("party", gettext_lazy("当事人主体存续"), "APL@2021:57(1)", *EVERY)
def party(asked: Asked) -> Answer:
    respondent = asked.respondent
    if respondent.status == Respondent.Status.STANDING:
        return met(respondent.name)
    text = _("%(name)s已%(status)s，没有可以决定的对象；有承受者的，另列当事人。") % {
        "name": respondent.name,
        "status": respondent.get_status_display(),
    }
    return lacks(text, asked.tab("parties"), _("看当事人"))


@condition("undecided", gettext_lazy("没有在先的有效决定"), "APL@2021:57(1)", *ORDINARY)
def undecided(asked: Asked) -> Answer:
    """One decision in force on one party of a case."""
    made = asked.file.decision(asked.respondent)
    if made is None:
        return met()
    text = _("%(name)s已有有效的决定（%(number)s）。")
    said = {"name": asked.respondent.name, "number": made.number}
    return lacks(text % said, asked.tab("decision", made), _("看决定"))


@condition("particulars", gettext_lazy("当事人身份项目齐全"), "MPSP@2020:175", *EVERY)
def particulars(asked: Asked) -> Answer:
    """Who it is, as the paper has to say it: MPSP 175, on the spot 38."""
    facts = decisions.party_facts(asked.respondent)
    lacking = elements.missing(decisions.party_elements(asked.kind), facts)
    url, enterprise = asked.tab("parties", asked.respondent), asked.respondent.enterprise
    if not url and enterprise is not None:
        url = reverse("enterprises:edit", args=[enterprise.pk])
    return against(
        [
            Reason(each.text, each.basis, url=url, url_text=_("去补填"), field=each.field)
            for each in lacking
        ],
        met(),
    )


@condition("officers", gettext_lazy("两名以上民警，执法证有效"), "APL@2021:42(1)", *EVERY)
def officers(asked: Asked) -> Answer:
    valid: list[str] = []
    stale: list[str] = []
    for row in asked.file.officers:
        (valid if row.officer.certificate_valid_on(asked.today) else stale).append(row.name)
    if len(valid) >= TWO:
        return met(_("、").join(valid))
    text = _("执法证在决定之日有效的办案民警不足二人。")
    if stale:
        text = _("执法证在决定之日有效的办案民警不足二人；无效的：%(names)s。") % {
            "names": _("、").join(stale)
        }
    return lacks(text, asked.tab("case"), _("看办案民警"), field="officers")


@condition("recusal", gettext_lazy("没有待决定的回避"), "APL@2021:43", *ORDINARY)
def recusal(asked: Asked) -> Answer:
    """Nothing asked is open, and who was to withdraw has left (43, MPSP 21)."""
    found: list[Reason] = []
    acting = {row.officer_id for row in asked.file.officers}
    for row in asked.file.recusals:
        url = asked.tab("inquiry", row)
        said = {"name": row.person.name}
        if row.granted is None:
            text = _("对%(name)s的回避还没有决定。") % said
            found.append(Reason(text, url=url, url_text=_("去决定")))
        elif row.granted and row.person_id in acting:
            text = _("%(name)s已决定回避，还在办案民警之中。") % said
            found.append(Reason(text, url=url, url_text=_("去更换")))
    if not found and not asked.file.recusals:
        return idle(_("没有人提出回避。"))
    return against(found, met())


@condition("ninety", gettext_lazy("在办案期限内"), "APL@2021:60", *ORDINARY)
def ninety(asked: Asked) -> Answer:
    """A warning, not a bar (docs/adr/0020): the law sets no consequence, and a party is not helped
    by a case that can never be decided."""
    due = asked.file.case.decision_due_on
    if due is None or asked.today <= due:
        return met(_("办案期限到 %(day)s。") % {"day": day_words(due)} if due else "", on=due)
    text = _("已超过办案期限 %(n)s 天。决定仍可作出，但程序违法的风险由本机关承担，须说明原因。")
    days = (asked.today - due).days
    return warns(text % {"n": days}, asked.file.case.get_absolute_url(), _("看期限"))

"""What falls due in a case: one table of clocks, and how a verb starts, meets or ends one.

Each clock is a deadline on the record that it belongs to (the case, a notice, a decision, …), its
length taken from the register (`legal.limits`). What the organ owes is also a duty on its desk;
what the party may still do is not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.trail import Refused
from deadlines import clock, duties, registry
from deadlines.models import Deadline
from legal import calendars, limits, periods
from legal.periods import Words
from penalties import models as rows
from penalties.models import Case, OfCase


@dataclass(frozen=True)
class Clock:
    """One kind of period in a case.

    Args:
        kind: code of the deadline.
        limit: code in the register of periods.
        event: what sets it going, in the sentence of the derivation.
        duty: what the organ owes; empty for a period of the party.
        basis: articles of the duty.
        on: the kind of record that it stands on; "" for the case itself.
        act_verb: who may do what is due.
    """

    kind: str
    limit: str
    word: str | Promise
    event: Words
    duty: str | Promise = ""
    basis: tuple[str, ...] = ()
    on: str = ""
    act_verb: str = "cases.file"


CLOCKS: dict[str, Clock] = {
    each.kind: each
    for each in (
        Clock(
            "CASE_90",
            "CASE_DECISION",
            _("办案期限"),
            Words("立案", "filing"),
            duty=_("在办案期限内作出处理决定。"),
            basis=("APL@2021:60",),
        ),
        Clock(
            "HEARING_REQUEST",
            "HEARING_REQUEST",
            _("要求听证期限"),
            Words("告知听证权利", "notice of the right to a hearing"),
            on="told",
        ),
        Clock(
            "HEARING_ACCEPT",
            "HEARING_ACCEPT",
            _("决定是否受理听证"),
            Words("收到听证申请", "receipt of the request"),
            duty=_("决定是否受理听证申请，逾期视为受理。"),
            basis=("MPSP@2020:135",),
            act_verb="cases.hear",
            on="hearing",
        ),
        Clock(
            "HEARING_HOLD",
            "HEARING_HOLD",
            _("举行听证"),
            Words("收到听证申请", "receipt of the request"),
            duty=_("在期限内举行听证。"),
            basis=("MPSP@2020:137",),
            act_verb="cases.hear",
            on="hearing",
        ),
        Clock(
            "PRESERVE_7",
            "EVIDENCE_PRESERVE_7",
            _("处理先行登记保存的证据"),
            Words("先行登记保存", "preservation"),
            duty=_("对先行登记保存的证据作出处理，逾期自动解除。"),
            basis=("APL@2021:56", "MPSP@2020:110"),
            on="preservation",
        ),
        Clock(
            "APPRAISAL_COPY",
            "APPRAISAL_COPY",
            _("送达鉴定意见复印件"),
            Words("收到鉴定意见", "receipt of the opinion"),
            duty=_("把鉴定意见复印件送达当事人。"),
            basis=("MPSP@2020:97",),
            on="appraisal",
        ),
        Clock(
            "RECUSAL_2",
            "RECUSAL_2",
            _("决定回避"),
            Words("提出回避", "request for recusal"),
            duty=_("对回避作出决定。"),
            basis=("MPSP@2020:21",),
            act_verb="cases.approve",
            on="recusal",
        ),
        Clock(
            "TRANSFER_24H",
            "TRANSFER_24H",
            _("移送有管辖权的单位"),
            Words("发现不属于本单位管辖", "discovery"),
            duty=_("移送有管辖权的单位。"),
            basis=("MPSP@2020:61",),
            on="referral",
        ),
        Clock(
            "SPOT_FILE_24H",
            "SPOT_FILE_24H",
            _("当场处罚备案"),
            Words("作出当场处罚决定", "decision on the spot"),
            duty=_("把当场处罚决定报所属公安机关备案。"),
            basis=("MPSP@2020:39", "APL@2021:52"),
            on="decision",
        ),
        Clock(
            "SERVE_DECISION",
            "SERVICE",
            _("送达处罚决定"),
            Words("作出决定", "decision"),
            duty=_("把决定书送达当事人。"),
            basis=("APL@2021:61",),
            act_verb="notices.serve",
            on="decision",
        ),
        Clock(
            "FINE_PAYMENT",
            "FINE_PAYMENT",
            _("缴纳罚款"),
            Words("收到处罚决定书", "receipt of the decision"),
            on="decision",
        ),
        Clock(
            "INSTALMENT",
            "",
            _("分期缴纳"),
            Words("批准分期或者暂缓", "grant of more time"),
            on="plan",
        ),
        Clock(
            "DEMAND_10",
            "DEMAND_10",
            _("催告期限"),
            Words("送达催告书", "service of the demand"),
            on="demand",
        ),
        Clock(
            "COURT_3M",
            "COURT_ENFORCE_3M",
            _("申请法院强制执行"),
            Words("起诉期限届满", "end of the time to sue"),
            duty=_("在期限内申请人民法院强制执行。"),
            basis=("AEL@2011:53",),
            act_verb="cases.collect",
            on="decision",
        ),
        Clock(
            "CASH_2",
            "CASH_2",
            _("上交当场收缴的罚款"),
            Words("当场收缴罚款", "collection"),
            duty=_("把当场收缴的罚款交至本机关。"),
            basis=("APL@2021:71",),
            act_verb="cases.collect",
            on="cash",
        ),
        Clock(
            "RECONSIDER_60",
            "RECONSIDERATION",
            _("申请行政复议期限"),
            Words("收到决定书", "receipt of the decision"),
            on="decision",
        ),
        Clock(
            "SUE_6M",
            "LITIGATION",
            _("提起行政诉讼期限"),
            Words("收到决定书", "receipt of the decision"),
            on="decision",
        ),
        Clock(
            "ARL_ANSWER",
            "ARL_ANSWER",
            _("行政复议答复"),
            Words("收到行政复议申请书副本", "receipt of the copy"),
            duty=_("提出书面答复并提交证据，逾期视为没有证据。"),
            basis=("ARL@2023:48", "ARL@2023:70"),
            on="remedy",
        ),
        Clock(
            "SUIT_ANSWER",
            "LIT_ANSWER",
            _("行政诉讼答辩举证"),
            Words("收到起诉状副本", "receipt of the copy"),
            duty=_("提出答辩状并提交证据，逾期视为没有证据。"),
            basis=("ALL@2017:67",),
            on="remedy",
        ),
        Clock(
            "STOP_MEASURE",
            "",
            _("限期措施届满"),
            Words("措施开始执行", "start of the measure"),
            duty=_("到期解除限期措施，并核实执行情况。"),
            basis=("APL@2021:59",),
            on="stopmeasure",
        ),
    )
}


def due(kind: str, event: date, **more: Any) -> periods.Period:
    """The period that this event sets going, counted by the register.

    Raises Refused where it cannot be counted (no calendar of that year).
    """
    known = CLOCKS[kind]
    try:
        return limits.of(known.limit).due(event, calendars.load(), words=known.event, **more)
    except periods.PeriodRefused as refused:
        raise Refused([clock.refusal(refused)]) from None


def start(
    kind: str,
    row: models.Model,
    period: periods.Period,
    *,
    case: Case,
    by: User,
    at: datetime,
    owner: User | None = None,
) -> Deadline:
    """Set a clock going on a record of the case; the officer in charge is reminded."""
    return clock.start(
        row,
        unit=case.unit,
        kind=kind,
        period=period,
        by=by,
        at=at,
        owner=owner or case.filed_by,
    )


def meet(kind: str, row: models.Model, *, on: date, by: User, at: datetime) -> None:
    """What was due was done on that day; nothing where no such clock runs."""
    running = clock.running(row, kind)
    if running is not None:
        clock.meet(running, on=on, by=by, at=at)


def cancel(kind: str, row: models.Model, *, reason: str, by: User, at: datetime) -> None:
    """Nothing is due any more; nothing where no such clock runs."""
    running = clock.running(row, kind)
    if running is not None:
        clock.cancel(running, reason=reason, by=by, at=at)


# --- Told to the rooms below, at start-up ----------------------------------------------------


def _case_labels(ids: Collection[UUID]) -> Mapping[UUID, str]:
    cases = Case.objects.filter(pk__in=ids).select_related("enterprise")
    return {case.pk: str(case) for case in cases}


def _labels_of(model: type[OfCase]) -> Any:
    def labels(ids: Collection[UUID]) -> Mapping[UUID, str]:
        found = model._default_manager.filter(pk__in=ids).select_related("case__enterprise")
        return {row.pk: str(row.case) for row in found}

    return labels


registry.subject("penalties.case", url_name="cases:detail", labels=_case_labels)
for _model in (
    rows.Told,
    rows.Hearing,
    rows.Preservation,
    rows.Appraisal,
    rows.Recusal,
    rows.Referral,
    rows.Decision,
    rows.Plan,
    rows.Demand,
    rows.Cash,
    rows.Remedy,
    rows.StopMeasure,
):
    registry.subject(
        _model._meta.label_lower,
        url_name=f"cases:{_model._meta.model_name}",
        labels=_labels_of(_model),
    )


def _addresses(on: str) -> Any:
    def urls(ids: Collection[UUID]) -> dict[UUID, str]:
        return {pk: reverse(f"cases:{on or 'detail'}", args=[pk]) for pk in ids}

    return urls


for _clock in CLOCKS.values():
    registry.kind(_clock.kind, _clock.word)
    if _clock.duty:
        duties.of_kind(
            _clock.kind,
            what=_clock.duty,
            basis=_clock.basis,
            act_word=_("去办理"),
            act_urls=_addresses(_clock.on),
            act_verb=_clock.act_verb,
        )

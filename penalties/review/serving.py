"""Service, filing on the spot, remedies, measures with a term."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from penalties.models import Decision
from penalties.review.rules import MAJOR, MINOR, SERIOUS, Fault, Look, rule, said

_DAY = timedelta(hours=24)


@rule("unserved", gettext_lazy("决定没有送达"), SERIOUS, "APL@2021:61")
def unserved(look: Look) -> Iterator[Fault]:
    for row in look.decisions:
        due = row.service_due_on
        if row.served_on is None and due is not None and look.today > due:
            text = _("%(number)s应在%(due)s前送达，没有送达记录。")
            yield Fault(said(text, number=row, due=due), row=row)


@rule("served_late", gettext_lazy("决定没有按时送达"), MAJOR, "APL@2021:61")
def served_late(look: Look) -> Iterator[Fault]:
    """Seven days, as they were counted then (`service_due_on`)."""
    for row in look.decisions:
        if row.served_on and row.service_due_on and row.served_on > row.service_due_on:
            text = _("%(number)s应在%(due)s前送达，%(on)s才送达。")
            yield Fault(said(text, number=row, due=row.service_due_on, on=row.served_on), row=row)


@rule("receipt", gettext_lazy("送达没有回证"), MAJOR, "APL@2021:61")
def receipt(look: Look) -> Iterator[Fault]:
    """A paper that counts as served, and nothing that the receiver signed or that proves it."""
    proved = look.file.proved_papers
    for row in look.decisions:
        if row.served_on is not None and row.notice_id and row.notice_id not in proved:
            text = _("%(number)s登记为%(on)s送达，没有送达回证或者送达凭证。")
            yield Fault(said(text, number=row, on=row.served_on), row=row)


@rule("spot_filing", gettext_lazy("当场处罚没有按时备案"), MINOR, "MPSP@2020:39")
def spot_filing(look: Look) -> Iterator[Fault]:
    """Within twenty-four hours of the decision."""
    for row in look.decisions:
        if row.kind != Decision.Kind.SPOT:
            continue
        filed = row.filed_with_unit_at
        if filed is None and (look.today - row.decided_on).days > 1:
            yield Fault(_("当场处罚决定没有报所属公安机关备案。"), row=row)
        elif filed is not None and filed - row.entered_at > _DAY:
            yield Fault(_("当场处罚决定超过二十四小时才备案。"), row=row)


@rule("remedy_answer", gettext_lazy("复议、诉讼没有按时答复"), MAJOR, "ARL@2023:48")
def remedy_answer(look: Look) -> Iterator[Fault]:
    """Without it the decision counts as having no evidence (ARL 70, ALL 67)."""
    for row in look.file.remedies:
        if row.answer_due_on is None or (row.answered_on is None and row.result):
            continue
        if (row.answered_on or look.today) > row.answer_due_on:
            text = _("%(kind)s应在%(due)s前提出答复、答辩。")
            basis = "ARL@2023:48" if row.kind == row.Kind.RECONSIDERATION else "ALL@2017:67"
            yield Fault(
                said(text, kind=row.get_kind_display(), due=row.answer_due_on),
                row=row,
                basis=basis,
            )


@rule("measure_over", gettext_lazy("限期措施届满没有解除"), MINOR, "APL@2021:59")
def measure_over(look: Look) -> Iterator[Fault]:
    for row in look.file.stop_measures:
        if row.ends_on is not None and row.lifted_on is None and look.today > row.ends_on:
            text = _("“%(what)s”%(end)s届满，没有登记解除。")
            yield Fault(said(text, what=row.detail, end=row.ends_on), row=row)

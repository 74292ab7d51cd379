"""Doors of demand and enforcement; both papers can be looked at before they are issued."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.trail import Reason
from notices import completeness, papers, previews
from notices.completeness import Mend
from notices.kinds.penalties import DEMAND, ENFORCEMENT_APPLICATION
from notices.models import Preview
from notices.shown import shown
from penalties import owing
from penalties.acts import Act
from penalties.casefile import File
from penalties.cases import _money, enforcing
from penalties.forms.acts import ActForm
from penalties.forms.enforcing import ApplyForm, CourtResultForm, DemandForm, ServeDemandForm
from penalties.models import Case, CourtApplication, Decision, Demand
from penalties.papers import money as on_paper
from penalties.papers.money import Paper
from penalties.views.collecting import TAB
from penalties.views.door import door
from vault import files


def _never(file: File, row: Any) -> bool:
    """A way to look at a paper, reached from the form alone."""
    return False


def _late(file: File, row: Any) -> bool:
    """The first day to pay by has passed."""
    return (
        owing.is_money(row)
        and row.payment_due_on is not None
        and row.payment_due_on < timezone.localdate()
    )


def _demand(file: File, row: Decision, given: dict[str, Any]) -> Paper:
    decision = _money.decision_of(file, row)
    account = owing.of(file, decision, timezone.localdate())
    return on_paper.demand(
        file,
        decision,
        account,
        pay_to=given.get("pay_to", ""),
        performance=given.get("performance", ""),
    )


def _application(file: File, row: Decision, given: dict[str, Any]) -> Paper:
    decision = _money.decision_of(file, row)
    demand = enforcing.served_demand(file, decision)
    assert demand is not None
    return on_paper.application(
        file,
        decision,
        demand,
        owing.of(file, decision, timezone.localdate()),
        court=given.get("court", ""),
        worded=given,
    )


def _lacking(kind: str, case: Case, paper: Paper, words: frozenset[str]) -> list[Reason]:
    """What the paper lacks beyond what this form asks for, each with the page that mends it."""
    found = papers.can_issue(kind, case.unit, paper.addressee, paper.context, timezone.localdate())
    url = f"{case.get_absolute_url()}?tab=parties"
    mends = {completeness.OTHER: Mend(url, _("去补全当事人"))}
    left = [reason for reason in found if reason.field not in words]
    return completeness.linked(left, mends, unit=case.unit)


def _preview(kind: str, case: Case, row: Decision, paper: Paper, who: dict[str, Any]) -> Preview:
    return previews.make(
        kind,
        unit=case.unit,
        addressee=paper.addressee,
        context=paper.context,
        subject=row,
        demonstration=case.is_demonstration,
        **who,
    )


def _beside(
    file: File, row: Decision, act: str, word: str, preview: str, lacking: list[Reason]
) -> dict[str, Any]:
    """What the page of a paper shows beside its form."""
    ids = [file.case.pk, row.pk]
    return {
        "issue_url": reverse(f"cases:{act}", args=ids),
        "issue_word": word,
        "preview_url": reverse(f"cases:{preview}", args=ids),
        "lacking": shown(lacking),
        "account": owing.of(file, _money.decision_of(file, row), timezone.localdate()),
    }


def _to_preview(case: Case, made: Preview) -> str:
    return reverse("notices:preview", args=[made.pk])


# --- The demand --------------------------------------------------------------------------------


def _before_demand(file: File, row: Any, form: ActForm) -> dict[str, Any]:
    given = {name: form[name].value() or "" for name in ("pay_to", "performance")}
    lacking = _lacking(
        DEMAND, file.case, _demand(file, row, given), frozenset({"pay_to", "addressee"})
    )
    return _beside(file, row, "make_demand", _("制作催告书"), "preview_demand", lacking)


make_demand = door(
    Act(
        "make_demand",
        "cases.collect",
        gettext_lazy("制作催告书"),
        TAB,
        enforcing.can_make_demand,
        on="decision",
        when=_late,
    ),
    DemandForm,
    model=Decision,
    do=lambda case, row, form, who: enforcing.make_demand(row, **form.given(), **who),
    say=lambda case, row: _("催告书已制作，所欠金额按今天固定。请送达当事人。"),
    basis=("AEL@2011:35", "AEL@2011:54"),
    more=_before_demand,
    template="penalties/money_paper.html",
)

preview_demand = door(
    Act(
        "preview_demand",
        "cases.collect",
        gettext_lazy("预览催告书"),
        TAB,
        enforcing.can_make_demand,
        on="decision",
        when=_never,
    ),
    DemandForm,
    model=Decision,
    do=lambda case, row, form, who: _preview(
        DEMAND, case, row, _demand(File(case), row, form.given()), who
    ),
    say=lambda case, row: _("预览正在生成。预览不取号，也不生效。"),
    more=_before_demand,
    template="penalties/money_paper.html",
    to=_to_preview,
)


@transaction.atomic
def _serve(row: Demand, form: Any, who: dict[str, Any]) -> Any:
    facts = form.facts()
    scan = facts.pop("proof")
    stored = files.store(scan.data, scan.name, scan.content_type, who["by"]) if scan else None
    return enforcing.serve_demand(row, proof=stored, **facts, **who)


def _served(case: Case, attempt: Any) -> str:
    if attempt.served_on is None:
        return _("已记录这次送达。还没有送达。")
    return _("催告书已于 %(day)s 送达，十个工作日自次日起算。") % {
        "day": f"{attempt.served_on:%Y-%m-%d}"
    }


serve_demand = door(
    Act(
        "serve_demand",
        "notices.serve",
        gettext_lazy("记录催告书送达"),
        TAB,
        enforcing.can_serve_demand,
        on="demand",
        when=lambda file, row: row.served_on is None,
    ),
    ServeDemandForm,
    model=Demand,
    do=lambda case, row, form, who: _serve(row, form, who),
    say=_served,
    basis=("AEL@2011:54", "MPSP@2020:36"),
    template="penalties/serve_demand.html",
)


# --- The court ---------------------------------------------------------------------------------


def _before_application(file: File, row: Any, form: ActForm) -> dict[str, Any]:
    given = {name: form[name].value() or "" for name in (*on_paper.WORDED, "court")}
    if isinstance(given["attachments"], str):
        given["attachments"] = given["attachments"].splitlines()
    typed = frozenset({*on_paper.WORDED, "addressee"})
    paper = _application(file, row, given)
    lacking = _lacking(ENFORCEMENT_APPLICATION, file.case, paper, typed)
    word = _("申请法院强制执行")
    return _beside(file, row, "apply_to_court", word, "preview_application", lacking)


def _apply(row: Decision, form: Any, who: dict[str, Any]) -> CourtApplication:
    court = form.cleaned_data["court"]
    return enforcing.apply_to_court(row, court=court, facts=form.worded(), **who)


apply_to_court = door(
    Act(
        "apply_to_court",
        "cases.collect",
        gettext_lazy("申请法院强制执行"),
        TAB,
        enforcing.can_apply_to_court,
        on="decision",
        when=lambda file, row: enforcing.served_demand(file, row) is not None,
    ),
    ApplyForm,
    model=Decision,
    do=lambda case, row, form, who: _apply(row, form, who),
    say=lambda case, row: _("强制执行申请书已制作。"),
    basis=("AEL@2011:53", "AEL@2011:55"),
    more=_before_application,
    template="penalties/money_paper.html",
)

preview_application = door(
    Act(
        "preview_application",
        "cases.collect",
        gettext_lazy("预览强制执行申请书"),
        TAB,
        enforcing.can_apply_to_court,
        on="decision",
        when=_never,
    ),
    ApplyForm,
    model=Decision,
    do=lambda case, row, form, who: _preview(
        ENFORCEMENT_APPLICATION,
        case,
        row,
        _application(File(case), row, form.given()),
        who,
    ),
    say=lambda case, row: _("预览正在生成。预览不取号，也不生效。"),
    more=_before_application,
    template="penalties/money_paper.html",
    to=_to_preview,
)

record_court_result = door(
    Act(
        "record_court_result",
        "cases.collect",
        gettext_lazy("登记法院处理结果"),
        TAB,
        enforcing.can_record_court_result,
        on="courtapplication",
        when=lambda file, row: row.result in ("", CourtApplication.Result.ACCEPTED),
    ),
    CourtResultForm,
    model=CourtApplication,
    do=lambda case, row, form, who: enforcing.record_court_result(row, **form.given(), **who),
    say=lambda case, row: _("结果已登记。"),
)

"""One door per verb. GET shows what would happen and what stands against it; POST acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import verb
from audit.trail import Decided, Reason, Refused
from legal import calendars
from notices import series
from rectification import answered, course, findings, forms, orders, preview
from rectification import page as pages
from rectification.acts import ACTS
from rectification.models import Order
from rectification.orders import NOTICE_KIND
from rectification.views.common import now, visible

Do = Callable[[Order, Any, dict[str, Any]], Any]
Say = Callable[[Order, Any], str]
#: Lines of the record that an act may leave, where they are not called as the act is.
LEAVES = {
    "record_service": {"orders.record_service", "orders.attempt_service"},
    "decide_extension": {"orders.grant_extension", "orders.refuse_extension"},
    "correct_on_the_spot": {"orders.correct_on_the_spot", "orders.record_reinspection"},
}


def _act(
    request: HttpRequest,
    pk: UUID,
    name: str,
    form_class: type[forms.ActForm],
    do: Do,
    say: Say,
    context: Callable[[Order, forms.ActForm], dict[str, Any]] | None = None,
) -> HttpResponse:
    """The course of every door: fetch, ask, act, say; or show again with what was typed."""
    order, today = visible(request, pk), timezone.localdate()
    why = ACTS[name].ask(order, request.user, today)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = form_class(data, files, order=order, user=request.user, today=today)
    told: Decided | None = None
    refused: list[Reason] = []
    if request.method == "POST" and "preview" not in request.POST:
        seen = request.POST.get("seen", "")
        overtaken = seen.isdecimal() and len(seen) < 10 and int(seen) != order.version
        if form.is_valid() or overtaken or why:
            try:
                if overtaken:
                    raise orders.overtaken(order)
                if why:
                    raise Refused(why)
                result = do(order, form, now(request))
            except Decided as decided:
                if _is_own(decided, request, name):
                    messages.info(request, _("已经办过了，没有重复登记。"))
                    return redirect(order)
                told = decided
            except Refused as no:
                refused = form.blame(no)
            else:
                messages.success(request, say(order, result))
                return redirect(order)
            order = visible(request, pk)
            why = ACTS[name].ask(order, request.user, today)
            form.show_again(order)
    elif request.method == "POST":
        form.is_valid()
    return render(
        request,
        f"rectification/act_{name}.html" if name in OWN_TEMPLATES else "rectification/act.html",
        {
            "order": order,
            "label": str(order),
            "name": name,
            "word": ACTS[name].word,
            "form": form,
            "locked": pages.shown(why),
            "refused": pages.shown([r for r in refused if r not in why]),
            "told": told,
            "badge": pages.badge(order, today, calendars.load()),
            "danger": name in pages.DANGER,
            "aside": ASIDES.get(name, _no_aside)(order),
            **(context(order, form) if context and not why else {}),
        },
    )


def _due(order: Order) -> str:
    return pages.day_words(order.due_on) if order.due_on is not None else ""


def _is_own(decided: Decided, request: HttpRequest, name: str) -> bool:
    """The same form posted twice by the same person: the first one did it."""
    event = decided.event
    if event is None or event.actor_id != request.user.pk:
        return False
    return event.verb in LEAVES.get(name, {f"orders.{name}"})


# ---- drafts -------------------------------------------------------------------------------------


@verb("orders.draft")
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(
        request,
        pk,
        "submit",
        forms.Confirm,
        lambda order, form, who: orders.submit(order, **who),
        lambda order, result: _("已提交审批，由其他人审批后签发。"),
        _what_it_says,
    )


@verb("orders.draft")
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(
        request,
        pk,
        "discard",
        forms.OptionalReason,
        lambda order, form, who: orders.discard(order, reason=form.cleaned_data["reason"], **who),
        lambda order, result: _("草稿已作废，其中的发现可以列入另一份责令改正。"),
    )


@verb("orders.approve")
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(
        request,
        pk,
        "approve",
        forms.Confirm,
        lambda order, form, who: orders.approve(order, **who),
        lambda order, result: _("已审批同意，可以签发。"),
        _what_it_says,
    )


@verb("orders.approve")
def send_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(
        request,
        pk,
        "send_back",
        forms.NeededReason,
        lambda order, form, who: orders.send_back(order, reason=form.cleaned_data["reason"], **who),
        lambda order, result: _("已退回 %(name)s 修改。") % {"name": order.drafted_by.name},
    )


@verb("orders.issue")
def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(
        request,
        pk,
        "issue",
        forms.Confirm,
        lambda order, form, who: orders.issue(order, **who),
        lambda order, result: (
            _("已签发 %(number)s，正文冻结，文书正在排队打印。") % {"number": str(order)}
        ),
        _before_issue,
    )


def _what_it_says(order: Order, form: forms.ActForm) -> dict[str, Any]:
    """The findings and the term of a draft, for whoever answers for it."""
    today = timezone.localdate()
    shown = preview.of_term(order.term_kind, order.term_date, order.term_days, today, today)
    return {
        "findings": findings.table(order),
        "term": pages.term_words(order),
        "preview": shown,
        "heading": preview.heading(today, today),
    }


def _before_issue(order: Order, form: forms.ActForm) -> dict[str, Any]:
    """The same, and the number as far as it is known before it is taken."""
    number = series.write(
        series.pattern_for(order.unit, NOTICE_KIND).replace("{serial}", "＿"),
        abbreviation=order.unit.abbreviation,
        year=timezone.localdate().year,
        serial=0,
    )
    return _what_it_says(order, form) | {"number": number}


# ---- service ------------------------------------------------------------------------------------


@verb("orders.serve")
def record_service(request: HttpRequest, pk: UUID) -> HttpResponse:
    def say(order: Order, attempt: Any) -> str:
        if attempt.served_on is None:
            return _("已记录这次送达。还没有送达，期限没有起算。")
        return _("已送达，改正期限确定为 %(due)s。") % {"due": _due(order)}

    return _act(
        request,
        pk,
        "record_service",
        forms.ServiceForm,
        lambda order, form, who: orders.record_service(order, **form.facts(), **who),
        say,
        _after_service,
    )


def _after_service(order: Order, form: forms.ActForm) -> dict[str, Any]:
    """The due day that this service would set, shown before it is frozen."""
    today = timezone.localdate()
    served_on: date | None = today
    if form.is_bound and isinstance(form, forms.ServiceForm):
        served_on = form.counts_on() if hasattr(form, "cleaned_data") else None
    if served_on is None:
        return {"preview": None, "heading": ""}
    return {
        "preview": preview.of_service(order, served_on),
        "heading": preview.heading(served_on, today),
    }


@verb("orders.serve")
def record_returned_mail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(
        request,
        pk,
        "record_returned_mail",
        forms.ReturnedMailForm,
        lambda order, form, who: orders.record_returned_mail(
            order,
            returned_on=form.cleaned_data["returned_on"],
            note=form.cleaned_data["note"],
            **who,
        ),
        lambda order, result: _("已记录退回，期限停止。请重新送达。"),
    )


@verb("orders.withdraw")
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(
        request,
        pk,
        "withdraw",
        forms.NeededReason,
        lambda order, form, who: orders.withdraw(order, reason=form.cleaned_data["reason"], **who),
        lambda order, result: _("通知书已撤回，文号不再使用；其中的发现可以重新列入。"),
    )


# ---- while the term runs ------------------------------------------------------------------------


@verb("orders.extend")
def request_extension(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(
        request,
        pk,
        "request_extension",
        forms.ExtensionForm,
        lambda order, form, who: orders.request_extension(
            order,
            until=form.cleaned_data["until"],
            reason=form.cleaned_data["reason"],
            by_enterprise=form.cleaned_data["by_enterprise"],
            **who,
        ),
        lambda order, result: _("已登记延期申请，由其他人审批。"),
    )


@verb("orders.decide_extension")
def decide_extension(request: HttpRequest, pk: UUID) -> HttpResponse:
    def say(order: Order, extension: Any) -> str:
        if extension.state == "granted":
            return _("准予延期，期限改为 %(due)s。") % {"due": _due(order)}
        return _("不予延期，期限不变。")

    return _act(
        request,
        pk,
        "decide_extension",
        forms.DecisionForm,
        lambda order, form, who: orders.decide_extension(
            order,
            granted=form.cleaned_data["granted"],
            note=form.cleaned_data["note"],
            **who,
        ),
        say,
        lambda order, form: {"pending": course.of(order).pending},
    )


@verb("orders.suspend")
def suspend(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(
        request,
        pk,
        "suspend",
        forms.SuspendForm,
        lambda order, form, who: orders.suspend(
            order,
            from_on=form.cleaned_data["from_on"],
            reason=form.cleaned_data["reason"],
            **who,
        ),
        lambda order, result: _("期限已中止。恢复时按中止的天数顺延。"),
    )


@verb("orders.suspend")
def resume(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(
        request,
        pk,
        "resume",
        forms.ResumeForm,
        lambda order, form, who: orders.resume(order, on=form.cleaned_data["on"], **who),
        lambda order, result: _("期限恢复，改为 %(due)s。") % {"due": _due(order)},
    )


# ---- the answer ---------------------------------------------------------------------------------


@verb("orders.correct")
def record_correction(request: HttpRequest, pk: UUID) -> HttpResponse:
    def do(order: Order, form: forms.ActForm, who: dict[str, Any]) -> Any:
        given = {k: v for k, v in form.cleaned_data.items() if k not in ("seen", "items")}
        chosen = set(form.cleaned_data["items"])
        items = [item for item in order.items.all() if item.pk in chosen]
        return orders.record_correction(order, items, **given, **who)

    return _act(
        request,
        pk,
        "record_correction",
        forms.CorrectionForm,
        do,
        lambda order, result: (
            _("已登记，全部事项已报告改正，等待复查。")
            if order.reported_on
            else _("已登记改正报告。")
        ),
    )


@verb("orders.correct")
def correct_on_the_spot(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(
        request,
        pk,
        "correct_on_the_spot",
        forms.OnTheSpotForm,
        lambda order, form, who: orders.correct_on_the_spot(
            order,
            officers=form.officers,
            note=form.cleaned_data["note"],
            evidence=form.cleaned_data["evidence"],
            **who,
        ),
        lambda order, result: _("已登记现场整改，可以作出结论。"),
    )


@verb("orders.reinspect")
def record_reinspection(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(
        request,
        pk,
        "record_reinspection",
        forms.ReinspectionForm,
        lambda order, form, who: orders.record_reinspection(
            order,
            form.results(),
            held_on=form.cleaned_data["held_on"],
            officers=form.officers,
            note=form.cleaned_data["note"],
            evidence=form.cleaned_data["evidence"],
            **who,
        ),
        lambda order, result: (
            _("复查已登记，可以作出结论。")
            if order.reinspected_on
            else _("复查已登记。没有改正的事项，企业须继续改正。")
        ),
        _items_to_look_at,
    )


def _items_to_look_at(order: Order, form: forms.ActForm) -> dict[str, Any]:
    assert isinstance(form, forms.ReinspectionForm)
    return {"rows": form.rows()}


@verb("orders.judge")
def judge(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(
        request,
        pk,
        "judge",
        forms.Confirm,
        lambda order, form, who: orders.judge(order, **who),
        lambda order, result: _("已作出结论：%(word)s。") % {"word": order.get_verdict_display()},
        _what_facts_say,
    )


def _what_facts_say(order: Order, form: forms.ActForm) -> dict[str, Any]:
    """The verdict that the facts give, before anybody presses the button."""
    answer = orders.judgement(order)
    return {
        "answer": answered.said(answer.verdict, answer.basis),
        "findings": findings.table(order),
        "policy": settings.RECTIFICATION_VERDICT_BASIS,
    }


@verb("orders.escalate")
def escalate(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(
        request,
        pk,
        "escalate",
        forms.EscalateForm,
        lambda order, form, who: orders.escalate(
            order, to=form.cleaned_data["to"], reason=form.cleaned_data["reason"], **who
        ),
        lambda order, result: _("已转入：%(to)s。") % {"to": order.escalated_to},
    )


# ---- what stands beside the form ----------------------------------------------------------------


OWN_TEMPLATES = frozenset(
    {
        "submit",
        "approve",
        "issue",
        "record_service",
        "record_reinspection",
        "decide_extension",
        "judge",
    }
)


def _no_aside(order: Order) -> dict[str, Any]:
    return {"effect": "", "basis": []}


def _aside(effect: str, *refs: str) -> dict[str, Any]:
    return {"effect": effect, "basis": pages.basis_links(list(refs))}


ASIDES: dict[str, Callable[[Order], dict[str, Any]]] = {
    "submit": lambda order: _aside(_("提交后由其他人审批，草稿不能再改。"), "APL@2021:28(1)"),
    "approve": lambda order: _aside(_("同意后可以签发；签发前仍可退回。"), "APL@2021:28(1)"),
    "issue": lambda order: _aside(
        _("签发时取号并冻结正文，之后只能撤回，不能修改。文书由后台打印，不影响签发。"),
        "APL@2021:28(1)",
        "MPSP@2020:155",
    ),
    "record_service": lambda order: _aside(
        _("算出的改正期限在保存时冻结，之后只能由延期、恢复计时、邮件退回三种记录改变。"),
        "MPSP@2020:36",
        "MPSP@2020:35",
        "APL@2021:61(2)",
    ),
    "record_returned_mail": lambda order: _aside(
        _("退回后期限停止，送达重新开始；两次送达都留在记录里。"), "MPSP@2020:36"
    ),
    "withdraw": lambda order: _aside(
        _("撤回后文书仍可查看，核验页显示已撤回；文号不再使用。"), "MPSP@2020:155"
    ),
    "record_correction": lambda order: _aside(
        _("全部事项都报告改正后，本责令改正转为待复查。"), "APL@2021:28(1)"
    ),
    "correct_on_the_spot": lambda order: _aside(
        _("当场改正并核实的，一次登记改正报告和复查。"), "APL@2021:28(1)", "APL@2021:42(1)"
    ),
    "record_reinspection": lambda order: _aside(
        _("没有填写结果的事项，保留上一轮的结果。"), "APL@2021:42(1)"
    ),
    "request_extension": lambda order: _aside(
        _("在审批之前期限不变；期限届满后仍在审批的，不算逾期。")
    ),
    "decide_extension": lambda order: _aside(_("准予的，新期限代替原期限，原期限留在记录里。")),
    "suspend": lambda order: _aside(_("中止期间不计入期限。")),
    "resume": lambda order: _aside(_("恢复后期限按中止的天数顺延，遇休息日再顺延。")),
    "judge": lambda order: _aside(_("结论由复查事实得出，作出后不再改变。")),
    "escalate": lambda order: _aside(_("转入后续处理后，本责令改正办结。"), "MPSP@2020:155"),
}

"""From the draft to the paper: submit, approve or send back, issue; and a draft thrown away."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.trail import Reason, Refused
from notices import series
from rectification import completeness, findings, forms, orders, paper_preview, preview
from rectification import page as pages
from rectification.models import Order
from rectification.orders import NOTICE_KIND
from rectification.views.door import door


def _what_it_says(order: Order, form: forms.ActForm) -> dict[str, Any]:
    """The findings and the term of a draft, for whoever answers for it."""
    today = timezone.localdate()
    shown = preview.of_term(order.term_kind, order.term_date, order.term_days, today, today)
    return {
        "findings": findings.table(order),
        "term": pages.term_words(order),
        "preview": shown,
        "heading": preview.heading(today, today),
        "compared": paper_preview.compared(order, form.user, timezone.now()),
        "lacking": pages.shown(completeness.of_paper(order, today)),
    }


def _as_shown(order: Order, form: forms.ActForm, who: dict[str, Any]) -> Order:
    """The order, if its paper still says what it said when the page was made: the unit may have
    been renamed since, or a standing paragraph worded anew. Raises `Refused`."""
    stood_for = form.data.get("paper", "")
    if stood_for and stood_for != paper_preview.compared(order, who["by"], who["at"]).digest:
        raise Refused(
            [
                Reason(
                    _(
                        "您打开这一页以后，文书的文字变了：单位资料、固定段落或者案件内容有改动。"
                        "请看过现在的文书再办。"
                    )
                )
            ]
        )
    return order


def _before_issue(order: Order, form: forms.ActForm) -> dict[str, Any]:
    """The same, and the number as far as it is known before it is taken."""
    number = series.write(
        series.pattern_for(order.unit, NOTICE_KIND).replace("{serial}", "＿"),
        abbreviation=order.unit.abbreviation,
        year=timezone.localdate().year,
        serial=0,
    )
    return _what_it_says(order, form) | {"number": number}


submit = door(
    "submit",
    forms.Confirm,
    do=lambda order, form, who: orders.submit(order, **who),
    say=lambda order, result: _("已提交审批，由其他人审批后签发。"),
    effect=lambda: _("提交后由其他人审批，草稿不能再改。"),
    basis=("APL@2021:28(1)",),
    more=_what_it_says,
    own_template=True,
)

discard = door(
    "discard",
    forms.OptionalReason,
    do=lambda order, form, who: orders.discard(order, reason=form.cleaned_data["reason"], **who),
    say=lambda order, result: _("草稿已作废，其中的发现可以列入另一份责令改正。"),
)

approve = door(
    "approve",
    forms.Confirm,
    do=lambda order, form, who: orders.approve(_as_shown(order, form, who), **who),
    say=lambda order, result: _("已审批同意，可以签发。"),
    effect=lambda: _("同意后可以签发；签发前仍可退回。"),
    basis=("APL@2021:28(1)",),
    more=_what_it_says,
    own_template=True,
)

send_back = door(
    "send_back",
    forms.NeededReason,
    do=lambda order, form, who: orders.send_back(order, reason=form.cleaned_data["reason"], **who),
    say=lambda order, result: _("已退回 %(name)s 修改。") % {"name": order.drafted_by.name},
)

issue = door(
    "issue",
    forms.Confirm,
    do=lambda order, form, who: orders.issue(_as_shown(order, form, who), **who),
    say=lambda order, result: (
        _("已签发 %(number)s，正文冻结，文书正在排队打印。") % {"number": str(order)}
    ),
    effect=lambda: _("签发时取号并冻结正文，之后只能撤回，不能修改。文书由后台打印，不影响签发。"),
    basis=("APL@2021:28(1)", "MPSP@2020:155"),
    more=_before_issue,
    own_template=True,
)

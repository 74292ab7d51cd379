"""While the term runs: more time, its decision, and a clock that stands."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from rectification import course, extensions, orders, term_forms
from rectification.models import ExtensionState, Order
from rectification.page import day_words
from rectification.views.door import door, due_words

request_extension = door(
    "request_extension",
    term_forms.ExtensionForm,
    do=lambda order, form, who: orders.request_extension(order, **form.facts(), **who),
    say=lambda order, request: (
        _("已登记延期申请。它是逾期提出的，审批之前照常计算逾期。")
        if request.late
        else _("已登记延期申请，由其他人审批。")
    ),
    effect=lambda: _("在审批之前期限不变；期限届满后仍在审批的，不算逾期。"),
)


def _decided(order: Order, extension: Any) -> str:
    words = {"number": extension.notice.number}
    if extension.state != ExtensionState.GRANTED:
        return _("不予延期，期限不变。决定书 %(number)s 正在排队打印。") % words
    words["due"] = day_words(extension.granted_until)
    return _("准予延期，期限改为 %(due)s。决定书 %(number)s 正在排队打印。") % words


def _what_is_asked(order: Order, form: Any) -> dict[str, Any]:
    pending = course.of(order).pending
    return {"pending": pending, "asked": extensions.asked(order, pending) if pending else None}


decide_extension = door(
    "decide_extension",
    term_forms.DecisionForm,
    do=lambda order, form, who: orders.decide_extension(order, **form.facts(), **who),
    say=_decided,
    effect=lambda: _(
        "准予的，新期限代替原期限，原期限留在记录里。无论准予与否，都制作延期决定书。"
    ),
    basis=("APL@2021:28(1)",),
    more=_what_is_asked,
    own_template=True,
)

suspend = door(
    "suspend",
    term_forms.SuspendForm,
    do=lambda order, form, who: orders.suspend(order, **form.facts(), **who),
    say=lambda order, result: _("期限已中止。恢复时按中止的天数顺延。"),
    effect=lambda: _("中止期间不计入期限。"),
)

resume = door(
    "resume",
    term_forms.ResumeForm,
    do=lambda order, form, who: orders.resume(order, on=form.cleaned_data["on"], **who),
    say=lambda order, result: _("期限恢复，改为 %(due)s。") % {"due": due_words(order)},
    effect=lambda: _("恢复后期限按中止的天数顺延，遇休息日再顺延。"),
)

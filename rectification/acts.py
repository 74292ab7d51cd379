"""Every act on an order, once: who may, why not now, its word; and which belong on which page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from audit.trail import Reason
from rectification.models import Order, OrderState
from rectification.opinions import can_issue_opinion
from rectification.reasons import (
    can_amend,
    can_approve,
    can_correct_on_the_spot,
    can_discard,
    can_escalate,
    can_issue,
    can_judge,
    can_record_correction,
    can_record_reinspection,
    can_record_returned_mail,
    can_record_service,
    can_report_upward,
    can_send_back,
    can_submit,
    can_withdraw,
)
from rectification.term_reasons import (
    can_decide_extension,
    can_request_extension,
    can_resume,
    can_suspend,
)

if TYPE_CHECKING:
    from accounts.models import User

S = OrderState


class Act(NamedTuple):
    """One verb: who may (permission), why not now (question), and its word on button and record."""

    permission: str
    ask: Callable[[Order, User, date], list[Reason]]
    word: str | Promise


ACTS: dict[str, Act] = {
    "submit": Act("orders.draft", can_submit, gettext_lazy("提交审批")),
    "amend": Act("orders.draft", can_amend, gettext_lazy("修改草稿")),
    "discard": Act("orders.draft", can_discard, gettext_lazy("作废草稿")),
    "approve": Act("orders.approve", can_approve, gettext_lazy("审批同意")),
    "send_back": Act("orders.approve", can_send_back, gettext_lazy("退回修改")),
    "issue": Act("orders.issue", can_issue, gettext_lazy("签发")),
    "record_service": Act("orders.serve", can_record_service, gettext_lazy("记录送达")),
    "record_returned_mail": Act("orders.serve", can_record_returned_mail, gettext_lazy("记录退回")),
    "record_correction": Act("orders.correct", can_record_correction, gettext_lazy("记录改正报告")),
    "correct_on_the_spot": Act("orders.correct", can_correct_on_the_spot, gettext_lazy("现场整改")),
    "record_reinspection": Act(
        "orders.reinspect", can_record_reinspection, gettext_lazy("登记复查")
    ),
    "issue_opinion": Act("orders.issue", can_issue_opinion, gettext_lazy("制作复查意见书")),
    "judge": Act("orders.judge", can_judge, gettext_lazy("作出结论")),
    "request_extension": Act("orders.extend", can_request_extension, gettext_lazy("申请延期")),
    "decide_extension": Act(
        "orders.decide_extension", can_decide_extension, gettext_lazy("审批延期")
    ),
    "suspend": Act("orders.suspend", can_suspend, gettext_lazy("中止期限")),
    "resume": Act("orders.suspend", can_resume, gettext_lazy("恢复期限")),
    "escalate": Act("orders.escalate", can_escalate, gettext_lazy("转入后续处理")),
    "report_upward": Act("orders.correct", can_report_upward, gettext_lazy("上报上级")),
    "withdraw": Act("orders.withdraw", can_withdraw, gettext_lazy("撤回通知书")),
}

#: What belongs on the page in each state, in its order: what can be done, and the next thing
#: that cannot be done yet.
STAGES: dict[str, tuple[str, ...]] = {
    S.DRAFT: ("submit", "amend", "discard", "issue"),
    S.RETURNED: ("submit", "amend", "discard", "issue"),
    S.SUBMITTED: ("approve", "send_back", "issue"),
    S.APPROVED: ("issue", "send_back", "record_service"),
    S.ISSUED: ("record_service", "record_correction", "withdraw"),
    S.SERVED: (
        "decide_extension",
        "judge",
        "record_reinspection",
        "issue_opinion",
        "record_correction",
        "correct_on_the_spot",
        "request_extension",
        "suspend",
        "resume",
        "escalate",
        "report_upward",
        "record_returned_mail",
        "withdraw",
    ),
    S.JUDGED: ("escalate", "issue_opinion", "report_upward", "withdraw"),
    S.ESCALATED: ("issue_opinion", "withdraw"),
    S.WITHDRAWN: (),
    S.DISCARDED: (),
}


def why_not(act: str, order: Order, user: User, today: date) -> list[Reason]:
    """The reasons against an act, by its name."""
    return ACTS[act].ask(order, user, today)

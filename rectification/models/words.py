"""The states, terms and verdicts of an order, with their words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderState(models.TextChoices):
    DRAFT = "draft", _("起草中")
    SUBMITTED = "submitted", _("待审批")
    RETURNED = "returned", _("已退回")
    APPROVED = "approved", _("待签发")
    ISSUED = "issued", _("待送达")
    SERVED = "served", _("改正期限内")
    JUDGED = "judged", _("已有结论")
    ESCALATED = "escalated", _("已转后续处理")
    WITHDRAWN = "withdrawn", _("已撤回")
    DISCARDED = "discarded", _("已作废")


class TermKind(models.TextChoices):
    """How the paper states the time: no statute fixes its length (行政处罚法 28(1) asks for a
    correction "within a time limit" only), so the officer chooses."""

    DATE = "date", _("写明日期")
    WORKING_DAYS = "working_day", _("自送达之日起若干个工作日")
    CALENDAR_DAYS = "calendar_day", _("自送达之日起若干日")
    IMMEDIATE = "immediate", _("立即改正（现场整改）")


class Verdict(models.TextChoices):
    MET_EARLY = "met_early", _("提前改正")
    MET_ON_TIME = "met_on_time", _("按期改正")
    MET_LATE = "met_late", _("逾期改正")
    PARTLY = "partly", _("部分改正")
    NOT_MET = "not_met", _("未改正")
    MOOT = "moot", _("无须评定")

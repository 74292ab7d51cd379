"""Telling the party what is proposed, hearing its defence, and the hearing (行政处罚法 44, 45,
62–65)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from penalties.models.case import OfCase


class Told(OfCase):
    """One notice (告知) to one respondent. `proposal` freezes facts, grounds, clauses and items as
    they were told; if the proposal changes, the notice does not cover it any more and a new one is
    owed (`round`)."""

    class Way(models.TextChoices):
        RECORD = "record", _("告知笔录")
        PUBLICATION = "publication", _("公告告知")

    class Answer(models.TextChoices):
        """What the party said to a right, on the record."""

        LATER = "later", _("未表态，可在期限内提出")
        CLAIMED = "claimed", _("提出")
        WAIVED = "waived", _("放弃")

    respondent = models.ForeignKey("penalties.Respondent", models.PROTECT, related_name="tolds")
    round = models.PositiveSmallIntegerField(_("次数"), default=1)
    way = models.CharField(_("告知方式"), max_length=12, choices=Way, default=Way.RECORD)
    given_at = models.DateTimeField(_("告知时间"))
    officer_1 = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    officer_2 = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    #: Legal representative, person in charge, or the one they authorised (MPSP 167).
    informed = models.CharField(_("被告知人"), max_length=200)
    proposal = models.JSONField(default=dict)
    #: SHA-256 over `proposal`; compared with what would be told now.
    digest = models.CharField(max_length=64)
    notice = models.OneToOneField(
        "notices.Notice", models.PROTECT, null=True, blank=True, related_name="+"
    )
    defence = models.CharField(
        _("对陈述申辩权的回答"), max_length=8, choices=Answer, default=Answer.LATER
    )
    #: Until when the party may state its defence; no statute sets it (house rule, a setting).
    defence_until = models.DateField(_("陈述申辩期限"))
    hearing_ground = models.CharField(_("可以要求听证的情形"), max_length=300, blank=True)
    hearing = models.CharField(
        _("对听证权的回答"), max_length=8, choices=Answer, default=Answer.LATER
    )
    #: The last day to ask for a hearing; empty where none is offered.
    hearing_until = models.DateField(_("要求听证期限"), null=True, blank=True)
    derivation = models.JSONField(default=dict)
    #: Set when facts or proposal changed so that it must be told again.
    void_on = models.DateField(_("失效日期"), null=True, blank=True)
    void_reason = models.CharField(_("失效原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("处罚前告知")
        verbose_name_plural = _("处罚前告知")
        ordering = ["given_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["respondent", "round"], name="told_round_once"),
            models.UniqueConstraint(
                fields=["respondent"], condition=Q(void_on__isnull=True), name="told_one_in_force"
            ),
            models.CheckConstraint(
                name="told_two_officers", condition=~Q(officer_1=F("officer_2"))
            ),
            models.CheckConstraint(
                name="told_hearing_pair",
                condition=Q(hearing_ground="", hearing_until__isnull=True)
                | (~Q(hearing_ground="") & Q(hearing_until__isnull=False)),
            ),
        ]


class Defence(OfCase):
    """What a party stated in its defence, and how it was answered (行政处罚法 45)."""

    class Finding(models.TextChoices):
        ACCEPTED = "accepted", _("采纳")
        PARTLY = "partly", _("部分采纳")
        REJECTED = "rejected", _("不采纳")

    told = models.ForeignKey(Told, models.PROTECT, related_name="defences")
    received_on = models.DateField(_("收到日期"))
    oral = models.BooleanField(_("口头提出"), default=False)
    text = models.TextField(_("陈述和申辩"), max_length=4000)
    file = models.ForeignKey(
        "vault.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    finding = models.CharField(_("复核结论"), max_length=10, choices=Finding, blank=True)
    answer = models.TextField(_("复核理由"), max_length=4000, blank=True)
    answered_on = models.DateField(_("复核日期"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("陈述申辩")
        verbose_name_plural = _("陈述申辩")
        ordering = ["received_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="defence_answered_whole",
                condition=Q(
                    finding="", answer="", answered_on__isnull=True, answered_by__isnull=True
                )
                | (
                    ~Q(finding="")
                    & ~Q(answer="")
                    & Q(answered_on__isnull=False, answered_by__isnull=False)
                ),
            ),
        ]


class Hearing(OfCase):
    """A hearing (听证), from the request to the report. Its state follows from its facts."""

    told = models.OneToOneField(Told, models.PROTECT, related_name="asked_hearing")
    requested_on = models.DateField(_("申请日期"))
    accept_due_on = models.DateField(_("受理期限"))
    accepted = models.BooleanField(_("受理"), null=True, blank=True)
    accepted_on = models.DateField(_("受理决定日期"), null=True, blank=True)
    refusal = models.TextField(_("不予受理的理由"), max_length=500, blank=True)
    presider = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("听证主持人"),
    )
    members = ArrayField(
        models.CharField(max_length=100), default=list, blank=True, verbose_name=_("听证员")
    )
    recorder = models.CharField(_("记录员"), max_length=100, blank=True)
    notice = models.OneToOneField(
        "notices.Notice", models.PROTECT, null=True, blank=True, related_name="+"
    )
    noticed_on = models.DateField(_("通知送达日期"), null=True, blank=True)
    planned_at = models.DateTimeField(_("通知的听证时间"), null=True, blank=True)
    place = models.CharField(_("听证地点"), max_length=200, blank=True)
    is_public = models.BooleanField(_("公开举行"), default=True)
    closed_reason = models.CharField(_("不公开的理由"), max_length=200, blank=True)
    begun_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    attendees = models.TextField(_("到场人员"), max_length=1000, blank=True)
    record = models.TextField(_("听证笔录"), max_length=20_000, blank=True)
    record_signed = models.BooleanField(_("笔录已签名"), default=False)
    report = models.TextField(_("听证报告"), max_length=8000, blank=True)
    report_opinion = models.TextField(_("处理意见和建议"), max_length=2000, blank=True)
    reported_on = models.DateField(_("报告日期"), null=True, blank=True)
    withdrawn_on = models.DateField(_("撤回日期"), null=True, blank=True)
    withdrawn_how = models.CharField(_("撤回或者视为放弃的情况"), max_length=300, blank=True)
    exclusion = models.OneToOneField(
        "penalties.Exclusion", models.PROTECT, null=True, blank=True, related_name="hearing"
    )

    class Meta:
        verbose_name = _("听证")
        verbose_name_plural = _("听证")
        ordering = ["requested_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="hearing_accepted_pair",
                condition=Q(accepted__isnull=True, accepted_on__isnull=True)
                | Q(accepted__isnull=False, accepted_on__isnull=False),
            ),
            models.CheckConstraint(
                name="hearing_refused_with_reason",
                condition=~Q(accepted=False) | ~Q(refusal=""),
            ),
            models.CheckConstraint(
                name="hearing_held_whole",
                condition=Q(begun_at__isnull=True, ended_at__isnull=True, record="")
                | (
                    Q(begun_at__isnull=False, ended_at__isnull=False, presider__isnull=False)
                    & Q(ended_at__gt=F("begun_at"))
                    & ~Q(record="")
                ),
            ),
            models.CheckConstraint(
                name="hearing_reported_pair",
                condition=Q(report="", reported_on__isnull=True)
                | (~Q(report="") & Q(reported_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="hearing_closed_with_reason",
                condition=Q(is_public=True) | ~Q(closed_reason=""),
            ),
        ]

    @property
    def is_held(self) -> bool:
        return self.begun_at is not None

    @property
    def is_over(self) -> bool:
        """Nothing more comes of it: refused, withdrawn, or held and reported on."""
        return self.accepted is False or self.withdrawn_on is not None or bool(self.report)

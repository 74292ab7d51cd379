"""Legal review, collective discussion, the leader's word, and the decision (行政处罚法 57–61)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from penalties.models.case import Measure, OfCase


class Voidable(OfCase):
    """A word on the proposal as it was then (`digest` of the whole proposal): when the proposal
    changes afterwards it does not count any more, and says since when."""

    digest = models.CharField(max_length=64)
    void_on = models.DateField(_("失效日期"), null=True, blank=True)
    void_reason = models.CharField(_("失效原因"), max_length=300, blank=True)

    class Meta:
        abstract = True


class LegalReview(Voidable):
    """Legal review (法制审核, 行政处罚法 58) by somebody qualified who did not investigate."""

    class Opinion(models.TextChoices):
        AGREE = "agree", _("同意")
        AMEND = "amend", _("提出修改意见")
        RETURN = "return", _("退回补充调查")

    asked_on = models.DateField(_("送审日期"))
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opinion = models.CharField(_("审核意见"), max_length=8, choices=Opinion)
    text = models.TextField(_("审核理由"), max_length=4000)
    given_on = models.DateField(_("审核日期"))
    follow_up = models.TextField(_("采纳情况"), max_length=2000, blank=True)
    followed_up_on = models.DateField(_("采纳日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("法制审核")
        verbose_name_plural = _("法制审核")
        ordering = ["given_on", "entered_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="legal_review_follow_up_pair",
                condition=Q(follow_up="", followed_up_on__isnull=True)
                | (~Q(follow_up="") & Q(followed_up_on__isnull=False)),
            ),
        ]


class Discussion(Voidable):
    """A collective discussion of those in charge (集体讨论, 行政处罚法 57(2)), with its minutes."""

    held_at = models.DateTimeField(_("讨论时间"))
    presider = models.CharField(_("主持人"), max_length=100)
    attendees = ArrayField(models.CharField(max_length=100), verbose_name=_("参加人员"))
    minutes = models.TextField(_("讨论记录"), max_length=8000)
    agreed = models.BooleanField(_("同意拟作出的决定"))
    conclusion = models.TextField(_("结论"), max_length=2000)
    file = models.ForeignKey(
        "vault.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("集体讨论")
        verbose_name_plural = _("集体讨论")
        ordering = ["held_at", "id"]


class Approval(Voidable):
    """The word of the person in charge of the organ (负责人审批, 行政处罚法 57(1))."""

    agreed = models.BooleanField(_("同意"))
    opinion = models.TextField(_("审批意见"), max_length=1000)

    class Meta:
        verbose_name = _("决定审批")
        verbose_name_plural = _("决定审批")
        ordering = ["entered_at", "id"]


class Decision(OfCase):
    """A decision on one respondent: a penalty, on the spot or not, or none. Frozen when it is
    issued; what ends it is recorded, never edited in."""

    class Kind(models.TextChoices):
        PENALTY = "penalty", _("行政处罚决定")
        SPOT = "spot", _("当场处罚决定")
        NO_PENALTY = "no_penalty", _("不予行政处罚决定")

    class Standing(models.TextChoices):
        VALID = "valid", _("有效")
        CHANGED = "changed", _("变更")
        REVOKED = "revoked", _("撤销")
        VOID = "void", _("确认违法或者无效")
        WITHDRAWN = "withdrawn", _("自行撤回")

    class Collection(models.TextChoices):
        BANK = "bank", _("限期缴纳")
        AT_ONCE = "at_once", _("当场收缴")

    respondent = models.ForeignKey("penalties.Respondent", models.PROTECT, related_name="decisions")
    kind = models.CharField(_("决定种类"), max_length=12, choices=Kind)
    notice = models.OneToOneField(
        "notices.Notice", models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: A decision taken on paper before its case was kept here has a number and no notice.
    number = models.CharField(_("文号"), max_length=60, blank=True)
    decided_on = models.DateField(_("决定日期"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    measures = ArrayField(models.CharField(max_length=12, choices=Measure), default=list)
    #: The items as decided: measure, clause, amount, length, detail, override.
    items = models.JSONField(default=list)
    fine = models.DecimalField(
        _("罚款（元）"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    collection = models.CharField(
        _("缴纳方式"), max_length=8, choices=Collection, default=Collection.BANK
    )
    #: Why nobody is punished: a code of `penalties.grounds`, and the teaching that goes with it.
    ground = models.CharField(_("不予处罚的情形"), max_length=20, blank=True)
    education = models.TextField(_("教育情况"), max_length=2000, blank=True)
    #: On the spot: when and where, and what the party said.
    place = models.CharField(_("处罚地点"), max_length=200, blank=True)
    defence = models.TextField(_("陈述申辩情况"), max_length=2000, blank=True)
    filed_with_unit_at = models.DateTimeField(_("备案时间"), null=True, blank=True)
    service_due_on = models.DateField(_("送达期限"), null=True, blank=True)
    served_on = models.DateField(_("送达日期"), null=True, blank=True)
    payment_due_on = models.DateField(_("缴纳期限"), null=True, blank=True)
    payment_derivation = models.JSONField(default=dict)
    standing = models.CharField(_("效力"), max_length=10, choices=Standing, default=Standing.VALID)
    ended_on = models.DateField(_("变动日期"), null=True, blank=True)
    ended_reason = models.CharField(_("变动原因"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("处理决定")
        verbose_name_plural = _("处理决定")
        ordering = ["decided_on", "entered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["respondent"],
                condition=Q(standing="valid"),
                name="decision_one_in_force",
            ),
            models.CheckConstraint(
                name="decision_punishes_or_not",
                condition=(Q(kind="no_penalty", measures=[], fine__isnull=True) & ~Q(ground=""))
                | (~Q(kind="no_penalty") & ~Q(measures=[]) & Q(ground="")),
            ),
            models.CheckConstraint(
                name="decision_fine_when_fined",
                condition=Q(fine__isnull=True)
                | Q(fine__isnull=False, fine__gt=0, measures__contains=["fine"]),
            ),
            models.CheckConstraint(
                name="decision_ended_pair",
                condition=Q(standing="valid", ended_on__isnull=True)
                | (~Q(standing="valid") & Q(ended_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="decision_served_after_decided",
                condition=Q(served_on__isnull=True) | Q(served_on__gte=models.F("decided_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.get_kind_display())

    @property
    def is_valid(self) -> bool:
        """Whether it binds: as it was issued, or as it was changed (`File.fine_of`)."""
        return self.standing in (self.Standing.VALID, self.Standing.CHANGED)

    @property
    def measure_words(self) -> list[str]:
        return [str(Measure(m).label) for m in self.measures]

    @property
    def punishes(self) -> bool:
        return self.kind != self.Kind.NO_PENALTY


class Closing(OfCase):
    """A request to close the case (结案审批) and what became of it."""

    ground = models.CharField(_("结案理由"), max_length=12)
    note = models.TextField(_("结案说明"), max_length=500)
    #: What the self-review said on that day.
    score = models.PositiveSmallIntegerField(_("评查得分"), null=True, blank=True)
    defects = models.JSONField(default=list)
    approved = models.BooleanField(_("同意"), null=True, blank=True)
    approved_on = models.DateField(_("审批日期"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approval_note = models.TextField(_("审批意见"), max_length=500, blank=True)
    notice = models.OneToOneField(
        "notices.Notice", models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: The case was taken up again after it had been closed.
    reopened_on = models.DateField(_("恢复办理日期"), null=True, blank=True)
    reopened_reason = models.CharField(_("恢复办理的理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("结案审批")
        verbose_name_plural = _("结案审批")
        ordering = ["entered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(approved__isnull=True), name="closing_one_request"
            ),
            models.CheckConstraint(
                name="closing_approved_whole",
                condition=Q(
                    approved__isnull=True, approved_on__isnull=True, approved_by__isnull=True
                )
                | Q(approved__isnull=False, approved_on__isnull=False, approved_by__isnull=False),
            ),
        ]

"""What happens while the term of an order runs: more time, a clock that stands, corrections that
are reported, rounds of looking again, and the files that show it."""

from __future__ import annotations

import uuid
from functools import reduce
from operator import or_
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet


class OfOrderQuerySet(ScopedQuerySet):
    """Rows of an order, seen by whoever sees the order."""

    scope_path = "order__unit"


class ExtensionState(models.TextChoices):
    REQUESTED = "requested", _("待审批")
    GRANTED = "granted", _("准予延期")
    REFUSED = "refused", _("不予延期")
    LAPSED = "lapsed", _("已失效")


#: The day on which it was asked, in Shanghai.
_ASKED_ON = Cast(
    Func(
        Value("Asia/Shanghai"),
        F("asked_at"),
        function="timezone",
        output_field=models.DateTimeField(),
    ),
    models.DateField(),
)


class Extension(models.Model):
    """More time for some items of an order, asked for before their term ends and decided by
    somebody else.

    What was asked (`items`, `until`) and what was granted (`Asked.granted`, `granted_until`) stand
    side by side. `asked_at` is when the enterprise or the officer asked, and by it the request is
    in time or `late`; `requested_at` is when it was entered.
    """

    MOVES: ClassVar[dict[str, set[str]]] = {
        ExtensionState.REQUESTED: {
            ExtensionState.GRANTED,
            ExtensionState.REFUSED,
            ExtensionState.LAPSED,
        },
        # the mail that had started the term came back: nothing is left of what it was moved to
        ExtensionState.GRANTED: {ExtensionState.LAPSED},
        ExtensionState.REFUSED: set(),
        ExtensionState.LAPSED: set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey("rectification.Order", models.PROTECT, related_name="extensions")
    items = models.ManyToManyField(
        "rectification.Item", through="rectification.Asked", related_name="requests"
    )
    state = models.CharField(
        max_length=12, choices=ExtensionState, default=ExtensionState.REQUESTED
    )
    version = models.PositiveIntegerField(default=1)
    by_enterprise = models.BooleanField(_("企业申请"), default=True)
    reason = models.TextField(_("延期理由"), max_length=500)
    asked_at = models.DateTimeField(_("提出时间"))
    #: Asked after the last day of the term: it holds neither lateness nor what follows from it.
    late = models.BooleanField(_("逾期提出"), default=False)
    until = models.DateField(_("申请延至"))
    old_due_on = models.DateField()
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_note = models.TextField(_("审批意见"), max_length=500, blank=True)
    granted_until = models.DateField(_("准予延至"), null=True, blank=True)
    notice = models.OneToOneField(
        "notices.Notice", models.PROTECT, null=True, blank=True, related_name="extension"
    )

    objects = OfOrderQuerySet.as_manager()

    class Meta:
        ordering = ["requested_at"]
        verbose_name = _("延期")
        verbose_name_plural = _("延期")
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state="requested"),
                name="extension_one_request_at_a_time",
            ),
            models.CheckConstraint(
                name="extension_decided_pair",
                condition=Q(
                    state__in=["requested", "lapsed"],
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                )
                | Q(
                    state__in=["granted", "refused", "lapsed"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="extension_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="extension_goes_forward", condition=Q(until__gt=F("old_due_on"))
            ),
            models.CheckConstraint(
                name="extension_asked_before_entered",
                condition=Q(asked_at__lte=F("requested_at")),
            ),
            models.CheckConstraint(
                name="extension_late_after_the_day",
                condition=(Q(late=False) & Q(LessThanOrEqual(_ASKED_ON, F("old_due_on"))))
                | (Q(late=True) & Q(GreaterThan(_ASKED_ON, F("old_due_on")))),
            ),
            models.CheckConstraint(
                # Never more than was asked.
                name="extension_grants_a_day",
                condition=(
                    Q(state__in=["requested", "refused", "lapsed"], granted_until__isnull=True)
                    | Q(
                        state__in=["granted", "lapsed"],
                        decided_at__isnull=False,
                        granted_until__isnull=False,
                        granted_until__gt=F("old_due_on"),
                        granted_until__lte=F("until"),
                    )
                ),
            ),
            models.CheckConstraint(
                name="extension_paper_follows_decision",
                condition=Q(notice__isnull=True) | Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} → {self.until}"

    def get_absolute_url(self) -> str:
        return reverse("orders:extension", args=[self.pk])


class Asked(models.Model):
    """One item for which a request asks more time, and whether it was granted."""

    extension = models.ForeignKey(Extension, models.CASCADE, related_name="asked")
    item = models.ForeignKey("rectification.Item", models.PROTECT, related_name="asked")
    granted = models.BooleanField(_("准予"), default=False)

    class Meta:
        verbose_name = _("申请延期的事项")
        verbose_name_plural = _("申请延期的事项")
        ordering = ["item__ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["extension", "item"], name="asked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.extension_id} {self.item_id}"


class Ground(models.TextChoices):
    """Why a clock may stand. Order 176 and the procedure rules name none; the house keeps to what
    the law elsewhere takes as a ground (民法典 194, 行政复议法 42, 行政诉讼法 56)."""

    FORCE_MAJEURE = "force_majeure", _("不可抗力")
    RECONSIDERATION = "reconsideration", _("行政复议")
    LITIGATION = "litigation", _("行政诉讼")
    AUTHORITY = "authority", _("法院或者其他机关的决定")
    OTHER = "other", _("其他")


class Suspension(models.Model):
    """A span that does not count: the clock stands until `resumed_on`."""

    order = models.ForeignKey("rectification.Order", models.PROTECT, related_name="suspensions")
    ground = models.CharField(_("中止事由"), max_length=16, choices=Ground, default=Ground.OTHER)
    document_number = models.CharField(_("依据文书文号"), max_length=100, blank=True)
    reason = models.TextField(_("中止理由"), max_length=500)
    from_on = models.DateField(_("中止日期"))
    suspended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    resumed_on = models.DateField(_("恢复日期"), null=True, blank=True)
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = OfOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("中止")
        verbose_name_plural = _("中止")
        ordering = ["from_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(resumed_on__isnull=True), name="suspended_once"
            ),
            models.CheckConstraint(
                name="suspension_resumed_pair",
                condition=Q(resumed_on__isnull=True, resumed_by__isnull=True)
                | Q(
                    resumed_on__isnull=False,
                    resumed_by__isnull=False,
                    resumed_on__gte=F("from_on"),
                ),
            ),
            models.CheckConstraint(
                name="suspension_ground_known", condition=Q(ground__in=Ground.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.from_on}"


class Correction(models.Model):
    """What the enterprise says that it has corrected, with its evidence."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey("rectification.Order", models.PROTECT, related_name="corrections")
    items = models.ManyToManyField("rectification.Item", related_name="corrections")
    completed_on = models.DateField(_("完成日期"))
    received_on = models.DateField(_("收到报告日期"))
    note = models.TextField(_("改正情况"), max_length=1000)
    on_the_spot = models.BooleanField(_("现场整改"), default=False)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("改正报告")
        verbose_name_plural = _("改正报告")
        ordering = ["entered_at"]
        constraints = [
            models.CheckConstraint(
                name="correction_reported_after_done",
                condition=Q(received_on__gte=F("completed_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.received_on}"


class Reinspection(models.Model):
    """One round of looking again, by two officers (行政处罚法 42)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey("rectification.Order", models.PROTECT, related_name="reinspections")
    round = models.PositiveSmallIntegerField(_("轮次"))
    held_on = models.DateField(_("复查日期"))
    officer_1 = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    officer_2 = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.TextField(_("复查情况"), max_length=1000, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("复查")
        verbose_name_plural = _("复查")
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["order", "round"], name="reinspection_round_once"),
            models.CheckConstraint(
                name="reinspection_two_officers",
                condition=~Q(officer_1=F("officer_2")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} #{self.round}"


class Outcome(models.TextChoices):
    CORRECTED = "corrected", _("已改正")
    PARTLY = "partly", _("部分改正")
    UNCHANGED = "unchanged", _("未改正")
    WORSE = "worse", _("加重")
    WAIVED = "waived", _("不再要求")


class Result(models.Model):
    """What a round found of one item, beside the original finding."""

    reinspection = models.ForeignKey(Reinspection, models.CASCADE, related_name="results")
    item = models.ForeignKey("rectification.Item", models.PROTECT, related_name="results")
    outcome = models.CharField(_("复查结果"), max_length=12, choices=Outcome)
    #: The day on which the enterprise finished, as accepted by the officers who looked.
    completed_on = models.DateField(_("认定完成日期"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("复查结果")
        verbose_name_plural = _("复查结果")
        ordering = ["item__ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["reinspection", "item"], name="result_once"),
            models.CheckConstraint(
                name="result_corrected_has_date",
                condition=Q(outcome="corrected", completed_on__isnull=False)
                | (~Q(outcome="corrected") & Q(completed_on__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.outcome}"


#: What a file may belong to, exactly one of them.
OWNERS = ("correction", "reinspection", "extension", "suspension")


def _owned_by(owner: str) -> Q:
    return Q(**{f"{other}__isnull": other != owner for other in OWNERS})


class Attachment(models.Model):
    """A file that shows a correction, what a round saw, why more time is asked for, or why the
    clock stands. The signed record of the visit stays as it is, so these are no evidence of the
    inspection but rows of the order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey("rectification.Order", models.PROTECT, related_name="attachments")
    correction = models.ForeignKey(
        Correction, models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    reinspection = models.ForeignKey(
        Reinspection, models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    extension = models.ForeignKey(
        Extension, models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    suspension = models.ForeignKey(
        Suspension, models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    file = models.ForeignKey("vault.StoredFile", models.PROTECT, related_name="+")
    title = models.CharField(_("名称"), max_length=200)
    received_at = models.DateTimeField(_("收到时间"))
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        ordering = ["received_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="attachment_of_one_thing",
                condition=reduce(or_, map(_owned_by, OWNERS)),
            ),
            models.CheckConstraint(name="attachment_has_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title

"""What happens while the term of an order runs: more time, a clock that stands, corrections that
are reported, rounds of looking again, and the files that show it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
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


class Extension(models.Model):
    """More time, asked for before the term ends and decided by somebody else."""

    MOVES: ClassVar[dict[str, set[str]]] = {
        ExtensionState.REQUESTED: {
            ExtensionState.GRANTED,
            ExtensionState.REFUSED,
            ExtensionState.LAPSED,
        },
        ExtensionState.GRANTED: set(),
        ExtensionState.REFUSED: set(),
        ExtensionState.LAPSED: set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey("rectification.Order", models.PROTECT, related_name="extensions")
    state = models.CharField(
        max_length=12, choices=ExtensionState, default=ExtensionState.REQUESTED
    )
    version = models.PositiveIntegerField(default=1)
    by_enterprise = models.BooleanField(_("企业申请"), default=True)
    reason = models.TextField(_("延期理由"), max_length=500)
    until = models.DateField(_("申请延至"))
    old_due_on = models.DateField()
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_note = models.TextField(_("审批意见"), max_length=500, blank=True)

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
                    state__in=["granted", "refused"],
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
        ]

    def __str__(self) -> str:
        return f"{self.order} → {self.until}"


class Suspension(models.Model):
    """A span that does not count: the clock stands until `resumed_on`."""

    order = models.ForeignKey("rectification.Order", models.PROTECT, related_name="suspensions")
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


class Attachment(models.Model):
    """A file that shows a correction, or what a round saw. The signed record of the visit stays
    as it is, so these are no evidence of the inspection but rows of the order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey("rectification.Order", models.PROTECT, related_name="attachments")
    correction = models.ForeignKey(
        Correction, models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    reinspection = models.ForeignKey(
        Reinspection, models.PROTECT, null=True, blank=True, related_name="attachments"
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
                condition=Q(correction__isnull=False, reinspection__isnull=True)
                | Q(correction__isnull=True, reinspection__isnull=False),
            ),
            models.CheckConstraint(name="attachment_has_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title

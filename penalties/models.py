"""Penalty cases (行政处罚案件): filed beside an order, after an unmet one, or without any.

An order to correct is not a penalty (行政处罚法 9, 28): the two are separate acts with separate
papers. A case takes an order over; an order never starts a case.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet


class CaseState(models.TextChoices):
    FILED = "filed", _("已立案")
    DECIDED = "decided", _("已决定")
    CLOSED = "closed", _("已结案")


class Origin(models.TextChoices):
    """What the case was filed upon."""

    INSPECTION = "inspection", _("检查发现，与责令改正并行")
    UNMET_ORDER = "unmet_order", _("责令改正未按要求完成")


class Measure(models.TextChoices):
    """Kinds of penalty (行政处罚法 9), and what a publication may leave open."""

    WARNING = "warning", _("警告")
    CRITICISM = "criticism", _("通报批评")
    FINE = "fine", _("罚款")
    CONFISCATION = "confiscation", _("没收违法所得")
    SUSPENSION = "suspension", _("责令停产停业")
    CLOSURE = "closure", _("责令关闭")
    REVOCATION = "revocation", _("吊销许可证件")
    UNSTATED = "unstated", _("行政处罚（公布的材料未写明种类）")


class CaseQuerySet(ScopedQuerySet["Case"]):
    def open(self) -> CaseQuerySet:
        return self.exclude(state=CaseState.CLOSED)

    def for_list(self) -> CaseQuerySet:
        return self.select_related(
            "enterprise", "unit", "inspection", "order__notice", "filed_by"
        ).defer("order__notice__words", "order__notice__snapshot", "order__notice__fingerprint")


class Case(models.Model):
    """One case against one enterprise."""

    State = CaseState
    MOVES: ClassVar[dict[str, set[str]]] = {
        CaseState.FILED: {CaseState.DECIDED, CaseState.CLOSED},
        CaseState.DECIDED: {CaseState.CLOSED},
        CaseState.CLOSED: set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="cases")
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, related_name="cases", verbose_name=_("企业")
    )
    inspection = models.ForeignKey(
        "inspections.Inspection", models.PROTECT, related_name="cases", verbose_name=_("检查")
    )
    order = models.OneToOneField(
        "rectification.Order",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="case",
        verbose_name=_("责令改正"),
    )
    origin = models.CharField(_("案件来源"), max_length=12, choices=Origin)
    cause = models.CharField(_("案由"), max_length=200)
    state = models.CharField(max_length=12, choices=CaseState, default=CaseState.FILED)
    version = models.PositiveIntegerField(default=1)
    form_token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    filed_on = models.DateField(_("立案日期"))
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decision_due_on = models.DateField(_("办案期限"))
    decision_derivation = models.JSONField(default=dict)

    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    document_number = models.CharField(_("决定书文号"), max_length=60, blank=True)
    measures = ArrayField(
        models.CharField(max_length=12, choices=Measure), verbose_name=_("处罚种类"), default=list
    )
    fine = models.DecimalField(
        _("罚款（元）"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    decision_note = models.TextField(_("说明"), max_length=1000, blank=True)
    decision_entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_on = models.DateField(_("结案日期"), null=True, blank=True)
    closing_reason = models.TextField(_("结案理由"), max_length=500, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("处罚案件")
        verbose_name_plural = _("处罚案件")
        ordering = ["-filed_on", "-id"]
        indexes = [models.Index(fields=["unit", "state", "-filed_on"], name="case_worklist")]
        constraints = [
            models.UniqueConstraint(
                fields=["document_number"],
                condition=~Q(document_number=""),
                name="case_document_number_once",
            ),
            models.CheckConstraint(
                name="case_decided_whole",
                condition=Q(
                    decided_on__isnull=True,
                    decision_entered_by__isnull=True,
                    measures=[],
                    fine__isnull=True,
                )
                | (
                    Q(
                        decided_on__isnull=False,
                        decision_entered_by__isnull=False,
                        decided_on__gte=F("filed_on"),
                    )
                    & ~Q(measures=[])
                ),
            ),
            models.CheckConstraint(
                name="case_fine_when_fined",
                condition=Q(fine__isnull=True)
                | Q(fine__isnull=False, fine__gt=0, measures__contains=["fine"]),
            ),
            models.CheckConstraint(
                name="case_state_has_its_facts",
                condition=Q(state="filed", decided_on__isnull=True)
                | Q(state="decided", decided_on__isnull=False)
                | (Q(state="closed", closed_on__isnull=False) & ~Q(closing_reason="")),
            ),
            models.CheckConstraint(
                name="case_from_unmet_order_has_order",
                condition=~Q(origin="unmet_order") | Q(order__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.document_number or f"{self.enterprise} {self.cause}"

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.pk])

    @property
    def is_demonstration(self) -> bool:
        return self.unit.is_demonstration or self.enterprise.is_demonstration

    @property
    def phase(self) -> tuple[str, Any]:
        """(badge group, word)."""
        group = {"filed": "wait", "decided": "live", "closed": "met"}[self.state]
        return group, CaseState(self.state).label

    @property
    def measure_words(self) -> list[str]:
        return [str(Measure(m).label) for m in self.measures]

"""Evidence that stays closed: who reported, and personal data."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspections.models.evidence import Evidence
from inspections.models.inspection import OfInspectionQuerySet


class OfEvidenceQuerySet(OfInspectionQuerySet):
    scope_path = "evidence__inspection__unit"


class Withholding(models.Model):
    """That a piece of evidence is confidential. A row of its own: signed evidence never changes.

    What shows who reported goes into no case file, whoever asks: the file is shown to the party.
    Personal data go only to those who may see them.
    """

    class Why(models.TextChoices):
        INFORMANT = "informant", _("涉及举报人身份")
        PERSONAL = "personal", _("含个人信息")

    evidence = models.OneToOneField(
        Evidence, on_delete=models.CASCADE, primary_key=True, related_name="withholding"
    )
    why = models.CharField(_("原因"), max_length=10, choices=Why.choices)
    reason = models.CharField(_("说明"), max_length=300)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("登记时间"))

    objects = OfEvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("保密的证据")
        verbose_name_plural = _("保密的证据")
        constraints = [
            models.CheckConstraint(
                condition=Q(why__in=["informant", "personal"]), name="withholding_why_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="withholding_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.why}"

"""Event and Link: the record of every act, append-only, and the chain that proves it whole.

A row of Event is written by `audit.trail.record` in the transaction of the act. At commit a
deferred constraint trigger appends a Link: position, hash of the link before, and
SHA-256(previous hash ‖ payload). Transactions queue for that moment only (an advisory lock), so
the chain has the order of commits. Triggers refuse UPDATE, DELETE and TRUNCATE on both tables.
"""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from accounts.scope import ScopedQuerySet


class EventQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Events of the user's units; a root unit also sees those that belong to no unit."""
        own = super().visible_to(user)
        if own.query.is_empty() or user.unit.parent_id is not None:
            return own
        return self.filter(Q(unit__path__startswith=user.unit.path) | Q(unit__isnull=True))

    def about(self, *subjects: models.Model) -> Self:
        """Events of any of the given rows, newest first."""
        one_of = Q()
        for subject in subjects:
            one_of |= Q(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
        return self.filter(one_of).order_by("-happened_at", "-id") if subjects else self.none()


class Event(models.Model):
    """One act. Names are kept as they were then; no personal data enters here."""

    happened_at = models.DateTimeField(_("发生时间"))
    entered_at = models.DateTimeField(_("录入时间"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    actor_name = models.CharField(_("经办人姓名"), max_length=120)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("单位")
    )
    verb = models.CharField(_("事项"), max_length=60)
    subject_type = models.CharField(_("对象类别"), max_length=80, blank=True)
    subject_id = models.CharField(_("对象编号"), max_length=40, blank=True)
    subject_label = models.CharField(_("对象"), max_length=300, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    data = models.JSONField(_("内容"), default=dict)
    ip = models.GenericIPAddressField("IP", null=True)
    request_id = models.CharField(_("请求编号"), max_length=40, blank=True)
    payload = models.TextField(_("原文"), editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        ordering = ["-id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="event_subject"),
            models.Index(fields=["unit", "-id"], name="event_unit"),
            models.Index(fields=["verb", "-id"], name="event_verb"),
            models.Index(fields=["actor", "-id"], name="event_actor"),
            models.Index(fields=["happened_at"], name="event_happened"),
        ]
        constraints = [
            models.CheckConstraint(name="event_has_a_verb", condition=~Q(verb="")),
            models.CheckConstraint(name="event_has_an_actor_name", condition=~Q(actor_name="")),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.subject_label}"


class Link(models.Model):
    """The event's place in the chain; written by the database alone."""

    seq = models.BigIntegerField(_("链上序号"), primary_key=True)
    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, related_name="link", verbose_name=_("操作记录")
    )
    prev = models.CharField(_("前一散列值"), max_length=64)
    hash = models.CharField(_("散列值"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("链")
        verbose_name_plural = _("链")
        ordering = ["seq"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"

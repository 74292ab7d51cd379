"""What was reminded of: one row for a deadline and a day, never two."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from deadlines.models.policy import Audience


class ReminderQuerySet(ScopedQuerySet):
    """Reminders, seen by whoever sees the deadline."""

    scope_path = "deadline__unit"


class Reminder(models.Model):
    """A rung of the ladder that was reached, or a report that an officer sent upwards.

    `rungs` are the days of all rungs that it stands for: after a pause the newest is sent alone,
    and the older ones are named here. Who reads it follows from `audience` and the deadline's
    unit and owner at the moment of reading; nothing is copied to anybody.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    deadline = models.ForeignKey(
        "deadlines.Deadline", models.PROTECT, related_name="reminders", verbose_name=_("期限")
    )
    fires_on = models.DateField(_("应提醒之日"))
    rungs = ArrayField(models.DateField(), default=list, verbose_name=_("所代表的提醒日"))
    audience = ArrayField(
        models.CharField(max_length=10, choices=Audience.choices), verbose_name=_("提醒谁")
    )
    entered_at = models.DateTimeField(_("提醒时间"))
    #: A report upwards: who sent it, and why. Empty for the ladder.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("上报人"),
    )
    note = models.TextField(_("上报理由"), max_length=500, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("提醒")
        verbose_name_plural = _("提醒")
        ordering = ["-fires_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "fires_on"],
                condition=Q(by__isnull=True),
                name="deadlines_reminded_once",
            ),
            models.CheckConstraint(
                condition=Q(audience__len__gte=1), name="deadlines_reminder_for_somebody"
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=True, note="") | (Q(by__isnull=False) & ~Q(note="")),
                name="deadlines_report_says_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline} {self.fires_on}"


class Seen(models.Model):
    """A person has put a reminder aside."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="seen_by")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("已读提醒")
        verbose_name_plural = _("已读提醒")
        constraints = [
            models.UniqueConstraint(fields=["reminder", "user"], name="deadlines_seen_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.reminder_id}"

"""What was reminded of: one row for a deadline and a day, never two."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from deadlines.models.policy import Audience


class ReminderQuerySet(ScopedQuerySet):
    """Reminders, seen by whoever sees the deadline. Whom they address: `deadlines.inbox`."""

    scope_path = "unit"


class Reminder(models.Model):
    """A rung of the ladder that was reached, or a report that an officer sent upwards.

    `rungs` are the days of all rungs that it stands for: after a pause the newest is sent alone,
    and the older ones are named here. Who reads it follows from `audience` and the deadline's
    unit and owner at the moment of reading; nothing is copied to anybody. `unit` and `owner` repeat
    the deadline's own columns, which never change, so that a person's newest ones lie together.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    deadline = models.ForeignKey(
        "deadlines.Deadline",
        models.PROTECT,
        related_name="reminders",
        verbose_name=_("期限"),
        db_index=False,  # the constraint below has one
    )
    # Copies of columns that are fixed by a trigger: asking the other table once more for each row
    # would only cost time.
    unit = models.ForeignKey(
        "accounts.Unit",
        models.PROTECT,
        related_name="+",
        verbose_name=_("单位"),
        db_index=False,
        db_constraint=False,
        editable=False,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("承办人"),
        db_index=False,
        db_constraint=False,
        editable=False,
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
        db_index=False,
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
        indexes = [
            models.Index(fields=["owner", "-entered_at", "id"], name="deadlines_said_to_owner"),
            # What a seat reads, newest first; the conditions stand in `deadlines.inbox` once more.
            models.Index(
                fields=["unit", "-entered_at", "id"],
                condition=Q(audience__contains=["supervisor"]),
                name="deadlines_said_to_leaders",
            ),
            models.Index(
                fields=["unit", "-entered_at", "id"],
                condition=Q(audience__contains=["upper"]),
                name="deadlines_said_upwards",
            ),
            models.Index(fields=["unit", "owner"], name="deadlines_said_of_owner"),
            models.Index(
                fields=["deadline"], condition=Q(by__isnull=False), name="deadlines_reported"
            ),
            # What one sweep wrote lies together, since time only goes on.
            BrinIndex(fields=["entered_at"], name="deadlines_said_at"),
        ]

    def __str__(self) -> str:
        return f"{self.deadline} {self.fires_on}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Take unit and owner over from the deadline."""
        self.unit_id, self.owner_id = self.deadline.unit_id, self.deadline.owner_id
        super().save(*args, **kwargs)


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


class InboxMark(models.Model):
    """A person has put aside everything that was said until then."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    seen_until = models.DateTimeField()

    class Meta:
        verbose_name = _("提醒读到")
        verbose_name_plural = _("提醒读到")

    def __str__(self) -> str:
        return str(self.user_id)


class Sweep(models.Model):
    """One look over everything that runs. All reminders of a sweep carry its `at`.

    It is finished once the letters of its reminders are owed; one that was killed before is
    finished by the next. Of those that found nothing only the last is kept.
    """

    at = models.DateTimeField(_("时间"), primary_key=True)
    today = models.DateField(_("按哪一天"))
    found = models.PositiveIntegerField(_("新提醒"), default=0)
    finished = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("提醒扫描")
        verbose_name_plural = _("提醒扫描")
        get_latest_by = "at"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"


class LetterQuerySet(ScopedQuerySet):
    """Letters by the unit of the person, or of the deadline."""


class Letter(models.Model):
    """An e-mail that left the portal: to whom (masked), when, under which Message-ID."""

    message_id = models.CharField("Message-ID", max_length=200, unique=True)
    unit = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="+", verbose_name=_("单位")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("收件民警"),
    )
    reminder = models.ForeignKey(
        Reminder,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("提醒"),
        help_text=_("发给企业的，或者上报；汇总的邮件没有。"),
    )
    address = models.CharField(_("收件地址"), max_length=254, help_text=_("只存部分字符。"))
    subject = models.CharField(_("主题"), max_length=200)
    sent_at = models.DateTimeField(_("发出时间"))

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("提醒邮件")
        verbose_name_plural = _("提醒邮件")
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(reminder__isnull=False),
                name="deadlines_letter_to_somebody",
            )
        ]
        indexes = [models.Index(fields=["-sent_at", "-id"], name="deadlines_letters_newest")]

    def __str__(self) -> str:
        return f"{self.address} {self.subject}"

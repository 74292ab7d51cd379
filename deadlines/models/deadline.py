"""One date by which something must be done."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from deadlines import registry
from legal.derivations import en, zh


def _in_chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


class DeadlineQuerySet(ScopedQuerySet):
    """`visible_to(user)` comes from the base: the user's unit and below."""

    scope_path = "unit"

    def of(self, subject: models.Model) -> DeadlineQuerySet:
        """Every deadline that ever stood on this record, oldest first."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by(
            "started_at", "entered_at"
        )

    def running(self) -> DeadlineQuerySet:
        """Those that somebody still has to meet (a suspended one waits)."""
        return self.filter(state=Deadline.RUNNING)

    def open(self) -> DeadlineQuerySet:
        """Running or suspended."""
        return self.filter(state__in=Deadline.OPEN)

    def due_within(self, days: int, today: date) -> DeadlineQuerySet:
        """Running ones that fall due from today to `days` calendar days from today."""
        return self.running().filter(
            due_on__gte=today, due_on__lte=date.fromordinal(today.toordinal() + days)
        )

    def due_between(self, first: date, last: date) -> DeadlineQuerySet:
        """Those whose date lies from `first` to `last`, both included, whatever their state."""
        return self.filter(due_on__gte=first, due_on__lte=last)

    def overdue(self, today: date) -> DeadlineQuerySet:
        """Running ones whose date has passed without an answer; the due date itself is in time."""
        return self.running().filter(due_on__lt=today, held=False)


class Deadline(models.Model):
    """A date by which something must be done, and why it is that date."""

    RUNNING, SUSPENDED = "running", "suspended"
    MET, REPLACED, CANCELLED = "met", "replaced", "cancelled"
    OPEN = (RUNNING, SUSPENDED)

    class State(models.TextChoices):
        RUNNING = "running", _("计时中")
        SUSPENDED = "suspended", _("中止")
        MET = "met", _("已完成")
        REPLACED = "replaced", _("已变更")
        CANCELLED = "cancelled", _("已取消")

    MOVES: dict[str, set[str]] = {
        RUNNING: {MET, REPLACED, SUSPENDED, CANCELLED},
        SUSPENDED: {REPLACED, CANCELLED},
        MET: set(),
        REPLACED: set(),
        CANCELLED: set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="deadlines", verbose_name=_("单位")
    )
    kind = models.CharField(_("种类"), max_length=40)
    # The record that must be acted upon, e.g. "rectification.order" and its id. Not a foreign key:
    # the rooms above this one name themselves in `deadlines.registry`.
    subject_type = models.CharField(_("所属记录"), max_length=60)
    subject_id = models.UUIDField(_("所属记录编号"))
    trigger_on = models.DateField(_("起算事由之日"))
    due_on = models.DateField(_("到期日"))
    due_at = models.DateTimeField(_("到期时刻"), null=True, blank=True)
    derivation = models.JSONField(_("推算过程"), encoder=DjangoJSONEncoder)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("取代"),
    )
    started_at = models.DateTimeField(_("开始计时"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    #: Who is reminded as the officer; whoever started the clock where nobody else was named.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("承办人")
    )
    entered_at = models.DateTimeField(_("录入时间"), auto_now_add=True)

    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.RUNNING)
    version = models.PositiveIntegerField(default=0)
    #: The other side has answered (it reported, or it asked in time) and the house must act: nobody
    #: is reminded and nothing is called overdue. A fact of the record behind, repeated here.
    held = models.BooleanField(_("等待办理"), default=False, db_default=False)
    suspended_on = models.DateField(_("中止之日"), null=True, blank=True)
    ended_on = models.DateField(_("结束之日"), null=True, blank=True)
    ended_reason = models.TextField(_("结束原因"), blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("期限")
        verbose_name_plural = _("期限")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind"],
                condition=Q(state__in=["running", "suspended"]),
                name="deadlines_one_open_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "suspended"], ended_on__isnull=True)
                | Q(state__in=["met", "replaced", "cancelled"], ended_on__isnull=False),
                name="deadlines_ended_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="suspended") | Q(suspended_on__isnull=False),
                name="deadlines_suspended_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["replaced", "cancelled"]) | ~Q(ended_reason=""),
                name="deadlines_change_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")),
                name="deadlines_not_its_own_successor",
            ),
        ]
        indexes = [
            # The work list: what is open, by unit and date.
            models.Index(
                fields=["unit", "due_on", "id"],
                condition=Q(state__in=["running", "suspended"]),
                name="deadlines_open_by_date",
            ),
            models.Index(fields=["due_on", "id"], name="deadlines_by_date"),
            models.Index(fields=["subject_type", "subject_id"], name="deadlines_by_subject"),
            # What the office itself owes and did, counted by kind on every desk and board.
            models.Index(
                fields=["kind", "unit", "due_on"],
                include=["state"],
                condition=Q(state__in=["running", "suspended"]),
                name="deadlines_open_by_kind",
            ),
            models.Index(
                fields=["kind", "unit", "due_on"],
                include=["ended_on"],
                condition=Q(state="met"),
                name="deadlines_met_by_kind",
            ),
            # All that a sweep asks of a running deadline.
            models.Index(
                fields=["kind", "due_on", "id"],
                include=["unit", "owner", "trigger_on", "started_at", "replaces"],
                condition=Q(state="running"),
                name="deadlines_to_remind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_word} {self.due_on}"

    def get_absolute_url(self) -> str:
        return reverse("deadlines:detail", args=[self.pk])

    @property
    def is_provisional(self) -> bool:
        """Whether the day rests on a calendar that was not official when it was counted."""
        calendars = self.derivation.get("calendar", [])
        return any(each["status"] == "provisional" for each in calendars)

    @property
    def kind_word(self) -> str:
        """What falls due, in the words of the room that owns it: 改正期限."""
        return registry.kind_word(self.kind)

    @property
    def sentence(self) -> str:
        """Why this day, in one sentence in the language of the page, as frozen with the date."""
        return str(self.derivation["sentence_zh" if _in_chinese() else "sentence_en"])

    @property
    def warnings(self) -> list[str]:
        """What must be said loudly about this date, in the language of the page."""
        language = "zh" if _in_chinese() else "en"
        return [str(each[language]) for each in self.derivation["warnings"]]

    @property
    def event_word(self) -> str:
        """The word for the day from which the term runs: 送达."""
        return str(self.derivation["event"]["zh" if _in_chinese() else "en"])

    @property
    def due_text(self) -> str:
        """2025年2月12日（周三） / Wed 12 Feb 2025, inside a sentence."""
        return zh(self.due_on) if _in_chinese() else en(self.due_on)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    def is_overdue(self, today: date) -> bool:
        """Whether its date has passed without an answer; the due date itself is in time."""
        return self.state == self.RUNNING and not self.held and self.due_on < today

    @property
    def was_met_in_time(self) -> bool | None:
        """Whether it was met on or before its date; None while it has not been met."""
        if self.state != self.MET or self.ended_on is None:
            return None
        return self.ended_on <= self.due_on

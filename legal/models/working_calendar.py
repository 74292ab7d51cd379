"""Days off and make-up working days, year by year; and the stamp of the register."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _


class Run(NamedTuple):
    """Days off in a row that one festival gives; both ends included."""

    name: str
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


class CalendarYear(models.Model):
    """The working calendar of one year, as published. A year without a row is never guessed."""

    class Status(models.TextChoices):
        OFFICIAL = "official", _("正式")
        PROVISIONAL = "provisional", _("暂定")

    year = models.PositiveSmallIntegerField(_("年份"), primary_key=True)
    status = models.CharField(_("状态"), max_length=12, choices=Status.choices)
    source = models.CharField(_("来源"), max_length=300, blank=True)
    checksum = models.CharField(_("校验值"), max_length=64, editable=False)
    edition = models.PositiveSmallIntegerField(_("版次"), default=1, editable=False)

    class Meta:
        verbose_name = _("工作日历")
        verbose_name_plural = _("工作日历")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year__gte=2000) & Q(year__lte=2100), name="legal_calendar_year_sane"
            )
        ]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def runs(self) -> list[Run]:
        """The days off as runs of one festival: 春节, 28 January to 4 February, 8 days."""
        runs: list[Run] = []
        for day in self.days.all():
            if day.kind != CalendarDay.Kind.OFF:
                continue
            last = runs[-1] if runs else None
            if last and last.name == day.name and (day.date - last.last).days == 1:
                runs[-1] = Run(last.name, last.first, day.date)
            else:
                runs.append(Run(day.name, day.date, day.date))
        return runs

    @property
    def made_up(self) -> list[CalendarDay]:
        """The make-up working days."""
        return [day for day in self.days.all() if day.kind == CalendarDay.Kind.WORK]


class CalendarDay(models.Model):
    """A day that differs from the plain week: off (holiday) or work (make-up working day)."""

    class Kind(models.TextChoices):
        OFF = "off", _("放假")
        WORK = "work", _("调休上班")

    calendar = models.ForeignKey(
        CalendarYear, models.CASCADE, related_name="days", verbose_name=_("工作日历")
    )
    # Unique: no date can be a holiday and a working day at once.
    date = models.DateField(_("日期"), unique=True)
    kind = models.CharField(_("种类"), max_length=4, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=40)
    # The year of the notice that set it; the notice of a year may move days of the December before.
    notice_year = models.PositiveSmallIntegerField(_("通知年份"))

    class Meta:
        verbose_name = _("特殊日")
        verbose_name_plural = _("特殊日")
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                condition=Exact(ExtractYear("date"), F("calendar_id")),
                name="legal_calendar_day_in_its_year",
                violation_error_message=_("日期不在该年内。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()} {self.name}"


class RegisterStamp(models.Model):
    """One row that changes whenever any part of the register changes (by database triggers).

    It lets a process keep the register in memory and still never answer from an old one.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    stamp = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="legal_one_stamp")]

    def __str__(self) -> str:
        return str(self.stamp)

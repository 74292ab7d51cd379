"""How papers are numbered: the pattern of a unit, and the last number given."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from notices import kinds

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def validate_pattern(pattern: str) -> None:
    """A number pattern names the year and the serial, and nothing that is unknown."""
    names = _PLACEHOLDER.findall(pattern)
    unknown = sorted(set(names) - {"abbreviation", "year", "serial"})
    if unknown or pattern.count("{") != len(names) or pattern.count("}") != len(names):
        raise ValidationError(
            _("只能使用 {abbreviation}、{year}、{serial} 三个占位符。"), code="placeholder"
        )
    if names.count("year") != 1 or names.count("serial") != 1:
        raise ValidationError(
            _("必须各有一个 {year} 和一个 {serial}，否则文号会重复。"), code="incomplete"
        )


class NumberPattern(models.Model):
    """How a unit writes the numbers of one kind of paper, where it differs from the default."""

    unit = models.ForeignKey(
        "accounts.Unit", models.CASCADE, related_name="number_patterns", verbose_name=_("单位")
    )
    kind = models.CharField(_("文书种类"), max_length=40, choices=kinds.choices)
    pattern = models.CharField(
        _("文号格式"),
        max_length=80,
        validators=[validate_pattern],
        help_text=_("例如 {abbreviation}责通字〔{year}〕{serial}号"),
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("文号格式")
        verbose_name_plural = _("文号格式")
        ordering = ("unit", "kind")
        constraints = [
            models.UniqueConstraint(fields=("unit", "kind"), name="numberpattern_once"),
        ]

    def __str__(self) -> str:
        return self.pattern


class Series(models.Model):
    """The last number given to one kind of paper of one unit in one year.

    A row, not a database sequence: a sequence leaves a gap when a transaction rolls back.
    """

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, verbose_name=_("单位"))
    kind = models.CharField(_("文书种类"), max_length=40, choices=kinds.choices)
    year = models.PositiveSmallIntegerField(_("年份"))
    last = models.PositiveIntegerField(_("最后一号"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("文号序列")
        verbose_name_plural = _("文号序列")
        ordering = ("unit", "kind", "-year")
        constraints = [
            models.UniqueConstraint(fields=("unit", "kind", "year"), name="series_once"),
            models.CheckConstraint(condition=Q(last__gte=1), name="series_starts_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"

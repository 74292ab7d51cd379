"""The standing paragraphs of papers (remedies, rights, contact), per unit, with effective dates."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet


class TextBlockQuerySet(ScopedQuerySet):
    """Wordings by the tree of units; those for all units are everybody's."""

    def visible_to(self, user: Any) -> "TextBlockQuerySet":
        own = super().visible_to(user)
        if own.query.is_empty():
            return own
        return self.filter(Q(unit__path__startswith=user.unit.path) | Q(unit__isnull=True))


class TextBlock(models.Model):
    """One wording of one standing paragraph, from a day on, for a unit and those below it.

    `notices.blocks` knows the codes, the placeholders and the wording where no row exists. A row
    that is in effect is never changed: a new wording is a new row with a later day.
    """

    unit = models.ForeignKey(
        "accounts.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="text_blocks",
        verbose_name=_("单位"),
        help_text=_("不选则用于所有单位；下级单位没有自己的文字时也用它。"),
    )
    code = models.CharField(_("段落"), max_length=40)
    effective_from = models.DateField(_("生效日期"))
    text = models.TextField(_("文字"), max_length=2000)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    objects = TextBlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("文书固定段落")
        verbose_name_plural = _("文书固定段落")
        ordering = ("code", "unit", "-effective_from")
        constraints = [
            models.UniqueConstraint(
                fields=("unit", "code", "effective_from"),
                name="textblock_once_a_day",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=~Q(text=""), name="textblock_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.effective_from}"

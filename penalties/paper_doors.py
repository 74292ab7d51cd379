"""What cases tell the room of papers: where their papers belong, and how they cease to hold."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notices import registry
from notices.kinds.penalties import HEARING_NOTICE, PENALTY_NOTICE
from penalties import models

registry.withdrawn(
    PENALTY_NOTICE,
    why_not=_("告知笔录随案件办理：拟作出的处罚有变化的，重新告知，原来的告知失效。"),
)
registry.withdrawn(
    HEARING_NOTICE,
    why_not=_("举行听证通知书随案件办理：改期的重新签发，撤回听证的同时撤回。"),
)
for _model in (models.Case, models.Told, models.Hearing):
    registry.subject(_model._meta.label_lower, lambda row: row.get_absolute_url())

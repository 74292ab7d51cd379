"""What cases tell the room of papers: where their papers belong, and how they cease to hold."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notices import registry
from notices.kinds.penalties import (
    CLOSING_APPROVAL,
    HEARING_NOTICE,
    NO_PENALTY_DECISION,
    PENALTY_DECISION,
    PENALTY_NOTICE,
    SPOT_DECISION,
)
from penalties import models

registry.withdrawn(
    PENALTY_NOTICE,
    why_not=_("告知笔录随案件办理：拟作出的处罚有变化的，重新告知，原来的告知失效。"),
)
registry.withdrawn(
    HEARING_NOTICE,
    why_not=_("举行听证通知书随案件办理：改期的重新签发，撤回听证的同时撤回。"),
)
for _kind in (PENALTY_DECISION, NO_PENALTY_DECISION, SPOT_DECISION):
    # The periods of the party run from the service; the paper falls with the decision.
    registry.served(_kind, door="cases:serve")
    registry.withdrawn(
        _kind,
        why_not=_("决定书随决定办理：决定撤销、撤回的，文书同时撤回。"),
    )
registry.withdrawn(
    CLOSING_APPROVAL,
    why_not=_("结案审批表随案件存档；决定被撤销的，案件恢复办理，原审批表留在案卷里。"),
)
for _model in (models.Case, models.Told, models.Hearing, models.Decision, models.Closing):
    registry.subject(_model._meta.label_lower, lambda row: row.get_absolute_url())

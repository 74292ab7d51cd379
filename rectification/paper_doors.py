"""What orders tell the room of papers: where their papers are served, withdrawn, and belong."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notices import registry
from notices.kinds import CORRECTION_ORDER, EXTENSION_DECISION

# The term runs from the service, and lives as long as the order does.
registry.served(CORRECTION_ORDER, door="orders:record_service")
registry.withdrawn(CORRECTION_ORDER, door="orders:withdraw")
registry.withdrawn(
    EXTENSION_DECISION,
    why_not=_("延期决定随责令改正办理：邮件退回或者撤回责令改正时，它同时失效。"),
)
registry.subject("rectification.order", lambda order: order.get_absolute_url())
registry.subject("rectification.extension", lambda extension: extension.get_absolute_url())
registry.subject(
    "rectification.reinspection", lambda found: f"{found.order.get_absolute_url()}#course"
)

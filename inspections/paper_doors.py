"""What visits tell the room of papers: where their papers are withdrawn, and belong."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from notices import registry
from notices.kinds.inspections import ADVISORY, INSPECTION_NOTICE, INSPECTION_RECORD

# The number of a withdrawn notice leaves the visit, and what a letter advised is open again.
for kind in (INSPECTION_NOTICE, INSPECTION_RECORD, ADVISORY):
    registry.withdrawn(kind, why_not=_("在检查的页面上撤回，检查登记随之更新。"))


def _page(owner: Any) -> str:
    return f"{owner.get_absolute_url()}#papers"


registry.subject("inspections.inspection", _page)
registry.subject("inspections.remotetest", _page)

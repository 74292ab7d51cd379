"""What a paper of a visit lacks, and the page on which each element is written.

While a visit is a draft its own forms mend it; what was signed stays, and only the particulars can
still be filled in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from audit.trail import Reason
from inspections.models import Inspection
from inspections.paper_facts import Worded
from notices import completeness, kinds, papers
from notices.completeness import Mend

PARTICULARS = (
    "basis",
    "scope",
    "matters",
    "support_organ",
    "support_people",
    "shown",
    "measures",
    "recording",
    "reading",
    "place",
    "met_title",
    "process",
    "objections",
)
#: Particulars that count only where the signed visit is silent: field of the visit by field here.
LATE = {
    "place": "place",
    "met_title": "met_title",
    "process": "summary",
    "objections": "objections",
}
#: Elements that the visit itself says: field of its form by element.
ON_VISIT = {
    "officers": "officers",
    "started": "started_at",
    "when": "started_at",
    "ended": "ended_at",
    "place": "place",
    "met_name": "met_name",
    "met_title": "met_title",
    "process": "summary",
}


def lacking(worded: Worded, unit: Unit, inspection: Inspection | None) -> list[Reason]:
    """What the paper lacks, each with the page that mends it."""
    mends = {
        element.code: Mend(url, _("补填"))
        for element in kinds.get(worded.kind).elements
        if (url := _address(element.code, inspection))
    }
    found = papers.can_issue(worded.kind, unit, worded.addressee, worded.facts)
    return [
        replace(
            reason, text=_("%(unit)s没有登记联系电话，请系统管理员补填。") % {"unit": unit.name}
        )
        if reason.field == "contact_phone"
        else reason
        for reason in completeness.linked(found, mends, unit=unit)
    ]


def _address(field: str, inspection: Inspection | None) -> str:
    """Where the element is written: on the visit while it is a draft, else beside it."""
    if inspection is None:
        return ""
    if field in PARTICULARS and not (inspection.is_draft and field in LATE):
        return f"{reverse('inspections:particulars', args=[inspection.pk])}#id_{field}"
    if inspection.is_draft and field in ("objections", "refusal", "witness"):
        name = "refusal_note" if field == "refusal" else field
        return f"{reverse('inspections:sign', args=[inspection.pk])}#id_{name}"
    if inspection.is_draft and field in ON_VISIT:
        return f"{reverse('inspections:edit', args=[inspection.pk])}#id_{ON_VISIT[field]}"
    if field in ("party_code", "party_address", "party_name"):
        return reverse("enterprises:edit", args=[inspection.enterprise_id])
    if field in ("findings", "evidence"):
        return f"{inspection.get_absolute_url()}#{field}"
    return ""


def uncertified(officers: Iterable[User], day: date, url: str = "") -> list[Reason]:
    """Officers whose certificate does not hold on that day (APL art. 42(1))."""
    return [
        Reason(
            _("%(name)s 在 %(day)s 没有有效的执法证，换一名民警。")
            % {"name": officer.name, "day": date_format(day)},
            basis="APL@2021:42(1)",
            field="officers",
            url=url,
            url_text=_("更换民警") if url else "",
        )
        for officer in officers
        if not officer.certificate_valid_on(day)
    ]

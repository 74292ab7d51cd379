"""Whether the paper says all that it must say."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.trail import Reason
from notices import elements, kinds
from notices.correction_order import missing_of_unit
from penalties.gate.condition import Answer, Asked, against, condition, met
from penalties.gate.standing import EVERY
from penalties.papers import decisions

#: Elements that the form of the decision fills; before it they are not asked for.
TYPED = frozenset(
    {
        "pay_to",
        "performance",
        "property",
        "inventory",
        "education",
        "ground",
        "place",
        "defence",
        "decided_at",
        "evidence",
        "collection",
        "collection_reason",
    }
)
#: Elements of which a condition of its own speaks.
OWN = frozenset({"education", "collection_reason"})
#: Where an element is mended, by its code: a tab of the case.
_TABS = {
    "facts": "inquiry",
    "reasons": "inquiry",
    "evidence": "inquiry",
    "breaches": "case",
    "basis": "proposal",
    "penalties": "proposal",
    "fine": "proposal",
    "gains": "proposal",
    "circumstances": "proposal",
    "officers": "case",
}


@condition("paper", gettext_lazy("决定书要素齐全"), "APL@2021:59", *EVERY, late=True)
def paper(asked: Asked) -> Answer:
    worded = decisions.worded(asked.file, asked.respondent, asked.kind, asked.typed, on=asked.today)
    party = {element.code for element in decisions.party_elements(asked.kind)}
    found: list[Reason] = list(missing_of_unit(asked.file.case.unit))
    for lack in elements.missing(kinds.get(worded.kind).elements, worded.facts):
        if lack.field in party or lack.field in OWN:
            continue
        if asked.typed is None and lack.field in TYPED:
            continue
        tab = _TABS.get(lack.field, "")
        found.append(replace(lack, url=asked.tab(tab), url_text=_("去补")) if tab else lack)
    text = _("其余要素在签发时填写。") if asked.typed is None else ""
    return against(found, met(text))

"""Whether the unit is competent (行政处罚法 22, 程序规定 10, 11).

Competent is the organ where the act took place. For a party of the unit's own region nothing is
asked; for any other the file must say why: where the server stands, where the network connects,
where whoever runs it is. Who is not competent refers the case.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Region, Unit
from audit.trail import Reason
from penalties.models import Case

BASIS = "MPSP@2020:11"
_LEVELS = 3  # province, city, county


def contains(unit: Unit, region: Region) -> bool:
    """Whether the region is that of the unit, or lies in it."""
    here: Region | None = region
    for _level in range(_LEVELS):
        if here is None:
            return False
        if here.pk == unit.region_id:
            return True
        here = here.parent
    return False


def owed(case: Case) -> list[Reason]:
    """That the file has to say why this unit is competent, with the way to refer the case."""
    if case.jurisdiction.strip() or contains(case.unit, case.enterprise.region):
        return []
    text = _("%(region)s不在本单位辖区。写明管辖依据；没有管辖权的，移送有管辖权的公安机关。")
    return [
        Reason(
            text % {"region": case.enterprise.region},
            basis=BASIS,
            field="jurisdiction",
            url=reverse("cases:refer", args=[case.pk]) if case.pk else "",
            url_text=_("去移送"),
        )
    ]

"""Bulletins in each situation, made through the verbs that officers use.

`decided(desk)` is a case with a decision; `drafted(desk)`, `submitted`, `approved`, `published`
bring a bulletin so far. Filed on 10 January 2025, decided on the 13th, drafted on the 14th,
approved on the 15th, published on the 16th.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Region
from bulletins import bulletins
from bulletins.models import Bulletin
from penalties import registry
from penalties.models import Case
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.penalties import decision, filed
from tests.factories.rectification import Desk, at

DECIDED_ON = date(2025, 1, 13)
DRAFTED_ON = date(2025, 1, 14)
APPROVED_ON = date(2025, 1, 15)
PUBLISHED_ON = date(2025, 1, 16)
PLACE = "https://ga.example.cn/tongbao/1.html"
NAME = "南宁桂捷客货服务有限责任公司"


def decided(desk: Desk, name: str = NAME, **facts: Any) -> Case:
    """A case from a visit of its own, without an order, decided."""
    Region.objects.filter(pk=desk.unit.region_id).update(name="南宁市")
    company = EnterpriseFactory(
        unit=desk.unit,
        name=name,
        short_name=facts.pop("short_name", ""),
        legal_representative=facts.pop("legal_representative", "陈国强"),
        security_lead="周海燕",
        contact_name="苏婷",
        contact_phone="13807710001",
        security_lead_phone="13907710002",
        legal_representative_identity=facts.pop("identity", "450102198001011239"),
        address=facts.pop("address", "南宁市青秀区民族大道101号"),
    )
    visit = desk.visit(1, enterprise=company, met_name="梁志强", met_phone="13707710003")
    case = filed(
        visit,
        by=desk.inspector,
        approved_by=desk.supervisor,
        at=at(date(2025, 1, 10)),
        cause="不履行网络安全保护义务",
    )
    given = {"measures": ["warning"], "decided_on": DECIDED_ON} | facts
    moment = at(given["decided_on"])
    number = given.pop("document_number", "")
    decision(case, number=number, entered_at=moment, **given)
    registry.tell_decided(case, by=desk.inspector, at=moment)
    return case


def drafted(desk: Desk, *chosen: Case, **facts: Any) -> Bulletin:
    return bulletins.draft(
        list(chosen) or [decided(desk)],
        unit=desk.unit,
        by=desk.inspector,
        at=at(DRAFTED_ON),
        **facts,
    )


def submitted(desk: Desk, *chosen: Case) -> Bulletin:
    return bulletins.submit(drafted(desk, *chosen), by=desk.inspector, at=at(DRAFTED_ON, 16))


def approved(desk: Desk, *chosen: Case) -> Bulletin:
    return bulletins.approve(submitted(desk, *chosen), by=desk.supervisor, at=at(APPROVED_ON))


def published(desk: Desk, *chosen: Case) -> Bulletin:
    return bulletins.publish(
        approved(desk, *chosen),
        by=desk.inspector,
        at=at(PUBLISHED_ON),
        on=PUBLISHED_ON,
        place=PLACE,
    )


def typed(bulletin: Bulletin, **changes: Any) -> dict[str, Any]:
    """What the page of a draft sends: everything as it is, but for the changes by field."""
    form: dict[str, Any] = {
        "version": str(bulletin.version),
        "title": bulletin.title,
        "intro": bulletin.intro,
        "reminder": bulletin.reminder,
    }
    for entry in bulletin.entries.order_by("ordinal"):
        form[f"text-{entry.pk}"] = entry.text
        form[f"place-{entry.pk}"] = str(entry.ordinal)
    return form | changes

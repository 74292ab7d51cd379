"""What the decision on a request for more time says, frozen when it is decided (延期决定书)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from audit.trail import Refused
from legal import citations, periods
from notices import extension_decision
from rectification.models import Extension, Order
from rectification.words import EMPOWERING

SCHEMA = 1


def snapshot(
    order: Order,
    extension: Extension,
    *,
    asked: Collection[int],
    decided: Collection[int],
    granted_until: date | None,
    derivation: str,
    grounds: str,
    whole: bool,
    at: datetime,
) -> dict[str, Any]:
    """Everything that the paper rests on, as JSON. `asked` and `decided` are ids of items, and
    `granted_until` is None for a refusal. Raises `Refused` for facts that lack."""
    assert order.notice is not None, "an issued order has its paper"
    assert order.issued_at is not None
    frozen = order.notice.snapshot
    facts = {
        "schema": SCHEMA,
        "order": {
            "id": str(order.pk),
            "number": order.notice.number,
            "issued_on": periods.local_date(order.issued_at).isoformat(),
        },
        "enterprise": frozen["enterprise"],
        "officers": frozen["officers"],
        "interim_measures": frozen["interim_measures"],
        "asked_at": extension.asked_at.isoformat(),
        "asked_on": periods.local_date(extension.asked_at).isoformat(),
        "by_enterprise": extension.by_enterprise,
        "late": extension.late,
        "reason": extension.reason,
        "requested_until": extension.until.isoformat(),
        "asked_items": _items(frozen, asked),
        "granted": granted_until is not None,
        "items": _items(frozen, decided),
        "whole": whole,
        "old_due_on": extension.old_due_on.isoformat(),
        "new_due_on": granted_until.isoformat() if granted_until else None,
        "derivation": derivation,
        "grounds": grounds,
        "decided_on": periods.local_date(at).isoformat(),
        "basis": [EMPOWERING],
    }
    lacking = paper(order, facts).missing_facts()
    if lacking:
        raise Refused(lacking)
    return facts


def _items(frozen: dict[str, Any], chosen: Collection[int]) -> list[dict[str, Any]]:
    return [
        {"ordinal": finding["ordinal"], "item": finding["item"], "name_zh": finding["name_zh"]}
        for finding in frozen["findings"]
        if finding["item"] in chosen
    ]


def paper(order: Order, facts: dict[str, Any]) -> extension_decision.ExtensionDecision:
    """The frozen facts as the printed form wants them."""
    books = citations.register()
    new = facts["new_due_on"]
    return extension_decision.ExtensionDecision(
        granted=facts["granted"],
        order_number=facts["order"]["number"],
        ordered_on=date.fromisoformat(facts["order"]["issued_on"]),
        items=tuple(
            extension_decision.DecidedItem(item["ordinal"], item["name_zh"])
            for item in facts["items"]
        ),
        old_due_on=date.fromisoformat(facts["old_due_on"]),
        asked_on=date.fromisoformat(facts["asked_on"]),
        reason=facts["reason"],
        basis=tuple(books.article(ref).cite_zh() for ref in facts["basis"]),
        whole=facts["whole"],
        new_due_on=date.fromisoformat(new) if new else None,
        derivation=facts["derivation"],
        requested_until=date.fromisoformat(facts["requested_until"]),
        by_enterprise=facts["by_enterprise"],
        late=facts["late"],
        grounds=facts["grounds"],
        interim_measures=tuple(
            line.strip() for line in facts["interim_measures"].splitlines() if line.strip()
        ),
        remedies="" if facts["granted"] else extension_decision.remedies(order.unit),
        officers=tuple((o["name"], o["police_number"]) for o in facts["officers"]),
        contact=(order.drafted_by.name, order.unit.phone),
    )


def context(order: Order, facts: dict[str, Any]) -> dict[str, Any]:
    """What `rectification/notices/extension_decision.html` is given."""
    return paper(order, facts).context()

"""The database refuses what cannot be, also from whoever goes around the verbs."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from legal.periods import SHANGHAI
from rectification import orders
from rectification.models import (
    Asked,
    Attachment,
    Correction,
    Extension,
    Item,
    Order,
    Reinspection,
    Result,
    Suspension,
)
from tests.factories.rectification import Desk, at
from tests.factories.vault import stored_file

NOW = datetime(2025, 2, 1, 12, tzinfo=SHANGHAI)
DAY = date(2025, 2, 1)


def broken(order: Order, **facts: Any) -> str:
    """The name of the constraint that refuses these facts on the order's row."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**facts)
    return str(refused.value)


PAIRS = ["submitted", "approved", "issued", "judged", "withdrawn", "escalated"]


@pytest.mark.parametrize("pair", PAIRS)
def test_who_and_when_are_one_fact(desk: Desk, pair: str) -> None:
    order = desk.draft()
    # Several constraints may say no to a lone moment; a lone person breaks the pair only.
    assert "violates check constraint" in broken(order, **{f"{pair}_at": NOW})
    assert f"order_{pair}_pair" in broken(order, **{f"{pair}_by": desk.supervisor})


@pytest.mark.parametrize(
    "facts",
    [
        {"term_kind": "date"},
        {"term_date": DAY},
        {"term_days": None},
        {"term_days": 0},
        {"term_days": 366},
        {"term_kind": "immediate"},
        {"term_kind": "somehow"},
    ],
)
def test_the_term_is_one_kind(desk: Desk, facts: dict[str, Any]) -> None:
    assert "order_term_is_one_kind" in broken(desk.draft(), **facts)


def test_the_approver_is_not_the_drafter(desk: Desk) -> None:
    order = desk.submitted()
    facts = {"approved_at": NOW, "approved_by": desk.inspector}
    assert "order_approver_is_not_drafter" in broken(order, **facts)


def test_what_is_issued_has_a_paper_and_what_is_served_a_due_day(desk: Desk) -> None:
    order = desk.approved()
    facts = {"issued_at": NOW, "issued_by": desk.supervisor}
    assert "order_issued_has_paper" in broken(order, **facts)
    issued = desk.issued(inspection=desk.visit(enterprise=order.enterprise))
    assert "order_issued_has_paper" in broken(issued, approved_at=None, approved_by=None)
    assert "order_served_falls_due" in broken(issued, served_on=DAY)
    facts = {"served_on": DAY, "due_on": date(2025, 1, 31)}
    assert "order_served_falls_due" in broken(issued, **facts)
    assert "order_served_falls_due" in broken(order, served_on=DAY, due_on=DAY)


@pytest.mark.parametrize(
    "facts",
    [
        {"suspended": True},
        {"extension_pending": True},
        {"late_request": True},
        {"reported_on": DAY},
        {"reinspected_on": DAY},
    ],
)
def test_the_clock_runs_after_service(desk: Desk, facts: dict[str, Any]) -> None:
    assert "order_clock_runs_after_service" in broken(desk.issued(), **facts)


@pytest.mark.parametrize(
    "state",
    ["submitted", "returned", "approved", "issued", "served", "judged", "escalated", "withdrawn"],
)
def test_a_state_has_its_facts(desk: Desk, state: str) -> None:
    assert "order_state_has_its_facts" in broken(desk.draft(), state=state)


def test_an_unknown_state_is_refused(desk: Desk) -> None:
    assert "order_state_has_its_facts" in broken(desk.draft(), state="odd")


def test_a_verdict_has_a_judge_and_lateness_its_days(desk: Desk) -> None:
    order = desk.served()
    assert "order_verdict_has_judge" in broken(order, verdict="met_early")
    judged = {"judged_at": NOW, "judged_by": desk.supervisor}
    assert "order_verdict_has_judge" in broken(order, **judged)
    assert "order_late_says_how_much" in broken(order, verdict="met_late", **judged)
    assert "order_late_says_how_much" in broken(order, verdict="met_late", days_late=0, **judged)
    assert "order_late_says_how_much" in broken(order, verdict="met_early", days_late=3, **judged)


def test_a_withdrawal_says_why(desk: Desk) -> None:
    facts = {"withdrawn_at": NOW, "withdrawn_by": desk.supervisor}
    assert "order_withdrawn_says_why" in broken(desk.issued(), **facts)


def refused(constraint: str, make: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


def test_items(desk: Desk) -> None:
    order = desk.draft()
    item = order.items.first()
    spare = desk.visit(enterprise=order.enterprise).findings.first()
    refused(
        "item_ordinal_once",
        lambda: Item.objects.create(order=order, finding=spare, ordinal=item.ordinal),
    )
    refused(
        "finding_in_one_live_order",
        lambda: Item.objects.create(order=order, finding=item.finding, ordinal=9),
    )


def test_extensions(desk: Desk) -> None:
    order = desk.served()
    facts = {
        "order": order,
        "reason": "x",
        "until": date(2025, 3, 3),
        "old_due_on": order.due_on,
        "asked_at": NOW,
        "requested_at": NOW,
        "requested_by": desk.inspector,
    }
    first = Extension.objects.create(**facts)
    refused("extension_one_request_at_a_time", lambda: Extension.objects.create(**facts))
    decided = {"state": "granted", "decided_at": NOW}
    refused("extension_decided_pair", lambda: Extension.objects.create(**(facts | decided)))
    refused(
        "extension_decided_by_another",
        lambda: Extension.objects.create(**(facts | decided | {"decided_by": desk.inspector})),
    )
    lapsed = facts | {"state": "lapsed"}
    for constraint, fact in {
        "extension_goes_forward": {"until": order.due_on},
        "extension_asked_before_entered": {"asked_at": NOW + timedelta(minutes=1)},
        "extension_late_after_the_day": {"late": True},
        "extension_grants_a_day": {"granted_until": date(2025, 3, 3)},
        "extension_paper_follows_decision": {"notice": order.notice},
    }.items():
        refused(constraint, lambda fact=fact: Extension.objects.create(**(lapsed | fact)))
    granted = facts | {"state": "granted", "decided_at": NOW, "decided_by": desk.supervisor}
    for until in (None, order.due_on, date(2025, 3, 4)):
        given = granted | {"granted_until": until}
        refused("extension_grants_a_day", lambda given=given: Extension.objects.create(**given))
    item = order.items.first()
    Asked.objects.create(extension=first, item=item)
    refused("asked_once", lambda: Asked.objects.create(extension=first, item=item))


@pytest.mark.parametrize(
    ("minute", "late", "refused_as"),
    [(59, False, ""), (59, True, "late"), (60, True, ""), (60, False, "late")],
)
def test_late_begins_after_midnight_in_shanghai(
    desk: Desk, minute: int, late: bool, refused_as: str
) -> None:
    """24:00 of 12 February; the database knows the hour of Shanghai, whatever its own is."""
    order = desk.served()
    asked_at = datetime(2025, 2, 12, 23, 0, tzinfo=SHANGHAI) + timedelta(minutes=minute)
    facts = {
        "order": order,
        "reason": "x",
        "until": date(2025, 3, 3),
        "old_due_on": order.due_on,
        "asked_at": asked_at,
        "late": late,
        "requested_at": asked_at,
        "requested_by": desk.inspector,
    }
    if refused_as:
        refused("extension_late_after_the_day", lambda: Extension.objects.create(**facts))
    else:
        assert Extension.objects.create(**facts).late is late


def test_one_request_waits_and_what_was_extended_falls_due(desk: Desk) -> None:
    order = desk.served()
    both = {"extension_pending": True, "late_request": True}
    assert "order_one_request_waits" in broken(order, **both)
    extension = desk.ask(order, date(2025, 2, 7), date(2025, 3, 3))
    items = Item.objects.filter(order=order)
    refused("item_extended_falls_due", lambda: items.update(due_on=None, extension=extension))


def test_suspensions(desk: Desk) -> None:
    order = desk.served()
    facts = {"order": order, "reason": "x", "from_on": DAY, "suspended_by": desk.inspector}
    first = Suspension.objects.create(**facts)
    refused("suspended_once", lambda: Suspension.objects.create(**facts))
    rows = Suspension.objects.filter(pk=first.pk)
    refused("suspension_resumed_pair", lambda: rows.update(resumed_on=DAY))
    early = {"resumed_on": date(2025, 1, 31), "resumed_by": desk.inspector}
    refused("suspension_resumed_pair", lambda: rows.update(**early))
    refused("suspension_ground_known", lambda: rows.update(ground="holiday"))


def test_corrections_rounds_and_results(desk: Desk) -> None:
    order = desk.served()
    item = order.items.first()
    refused(
        "correction_reported_after_done",
        lambda: Correction.objects.create(
            order=order,
            completed_on=date(2025, 2, 2),
            received_on=DAY,
            note="x",
            entered_at=NOW,
            entered_by=desk.inspector,
        ),
    )
    facts = {
        "order": order,
        "round": 1,
        "held_on": DAY,
        "officer_1": desk.inspector,
        "officer_2": desk.colleague,
        "entered_at": NOW,
        "entered_by": desk.inspector,
    }
    look = Reinspection.objects.create(**facts)
    refused("reinspection_round_once", lambda: Reinspection.objects.create(**facts))
    alone = facts | {"round": 2, "officer_2": desk.inspector}
    refused("reinspection_two_officers", lambda: Reinspection.objects.create(**alone))
    done = {"reinspection": look, "item": item, "outcome": "corrected"}
    refused("result_corrected_has_date", lambda: Result.objects.create(**done))
    undone = done | {"outcome": "unchanged", "completed_on": DAY}
    refused("result_corrected_has_date", lambda: Result.objects.create(**undone))
    Result.objects.create(**(done | {"completed_on": DAY}))
    refused("result_once", lambda: Result.objects.create(**(done | {"completed_on": DAY})))


def _another(desk: Desk, order: Order) -> Order:
    return desk.served(inspection=desk.visit(enterprise=order.enterprise))


def test_attachments(desk: Desk) -> None:
    order = desk.report(desk.served(), date(2025, 2, 7))
    facts = {
        "order": order,
        "file": stored_file(),
        "title": "截图",
        "received_at": NOW,
        "received_by": desk.inspector,
    }
    refused("attachment_of_one_thing", lambda: Attachment.objects.create(**facts))
    two = {"correction": order.corrections.get(), "extension": None}
    two["extension"] = desk.ask(_another(desk, order), date(2025, 2, 7), date(2025, 3, 3))
    refused("attachment_of_one_thing", lambda: Attachment.objects.create(**(facts | two)))
    nameless = facts | {"correction": order.corrections.get(), "title": ""}
    refused("attachment_has_title", lambda: Attachment.objects.create(**nameless))


def test_the_same_form_token_once(desk: Desk) -> None:
    order = desk.draft()
    other = desk.draft(inspection=desk.visit(enterprise=order.enterprise))
    with pytest.raises(IntegrityError, match="form_token"), transaction.atomic():
        Order.objects.filter(pk=other.pk).update(form_token=order.form_token)


def test_the_sorting_key_follows_the_due_day(desk: Desk) -> None:
    order = desk.issued()
    order.refresh_from_db()
    assert order.due_key == date(9999, 12, 31)
    desk.serve(order)
    order.refresh_from_db()
    assert order.due_key == order.due_on


def test_a_cited_finding_cannot_go(desk: Desk) -> None:
    order = desk.draft()
    finding = order.items.first().finding
    with pytest.raises(Exception, match=r"protected|signed"), transaction.atomic():
        finding.delete()
    assert orders.discard(order, by=desk.inspector, at=at(DAY)).state == "discarded"

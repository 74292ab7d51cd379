"""What has happened to an order since it was served, read in one query.

Reports of the enterprise, rounds of looking again, requests for more time and their files are
needed together, by every question of `reasons.py` and by the page, so they come together. The
answer is kept on the order in hand; a verb that locks the row (`orders._row.lock`) forgets it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from rectification.models import (
    Attachment,
    Correction,
    Extension,
    ExtensionState,
    Item,
    Order,
    Outcome,
    Reinspection,
    Result,
)

_KEPT = "_course"
DONE = (Outcome.CORRECTED, Outcome.WAIVED)


@dataclass(frozen=True)
class Report:
    """What the enterprise said it had corrected."""

    id: UUID
    items: frozenset[int]
    completed_on: date
    received_on: date
    note: str
    on_the_spot: bool
    entered_at: datetime
    entered_by: str


@dataclass(frozen=True)
class Round:
    """One time that two officers looked."""

    id: UUID
    number: int
    held_on: date
    officers: tuple[str, str]
    note: str
    entered_at: datetime


@dataclass(frozen=True)
class Seen:
    """What a round found of one item."""

    item: int
    outcome: str
    completed_on: date | None
    note: str
    round: Round

    @property
    def is_done(self) -> bool:
        return self.outcome in DONE

    def stands(self, due_on: date | None) -> bool:
        """Corrected and waived stand whenever they were seen; "not yet" only after the due day."""
        return self.is_done or (due_on is not None and self.round.held_on > due_on)


@dataclass(frozen=True)
class Request:
    """A request for more time."""

    id: UUID
    state: str
    until: date
    old_due_on: date
    reason: str
    by_enterprise: bool
    requested_by_id: UUID
    requested_by: str
    requested_at: datetime


@dataclass(frozen=True)
class File:
    """A file that came with a report or a round."""

    id: UUID
    title: str
    of: UUID


@dataclass(frozen=True)
class Course:
    items: dict[int, int] = field(default_factory=dict)
    """Item id → its number on the paper."""
    reports: list[Report] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    files: list[File] = field(default_factory=list)

    @property
    def latest(self) -> dict[int, Seen]:
        """The last word of the officers on each item."""
        return {seen.item: seen for seen in self.seen}

    @property
    def pending(self) -> Request | None:
        """The request that nobody has decided yet."""
        waiting = [r for r in self.requests if r.state == ExtensionState.REQUESTED]
        return waiting[0] if waiting else None

    @property
    def granted(self) -> int:
        return sum(request.state == ExtensionState.GRANTED for request in self.requests)

    def last_report(self, item: int) -> Report | None:
        """The newest report that names the item."""
        named = [report for report in self.reports if item in report.items]
        return named[-1] if named else None

    def unreported(self) -> set[int]:
        """Items that the enterprise still owes: never reported, or since found not done."""
        owed = set()
        for item in self.items:
            seen, report = self.latest.get(item), self.last_report(item)
            if seen is not None and seen.is_done:
                continue
            if report is None or (seen is not None and seen.round.entered_at >= report.entered_at):
                owed.add(item)
        return owed

    def conclusive_on(self, due_on: date | None) -> date | None:
        """The day of the last round, if every item has a result that stands for that due day."""
        latest = self.latest
        if not latest or any(
            item not in latest or not latest[item].stands(due_on) for item in self.items
        ):
            return None
        return max(seen.round.held_on for seen in latest.values())

    def files_of(self, owner: UUID) -> list[File]:
        return [file for file in self.files if file.of == owner]


def of(order: Order) -> Course:
    """The course of this order; one query the first time."""
    kept: Course | None = order.__dict__.get(_KEPT)
    if kept is None:
        kept = order.__dict__[_KEPT] = _read(order)
    return kept


def forget(order: Order) -> None:
    """Something was written: the next question reads again."""
    order.__dict__.pop(_KEPT, None)


def _rows(rows: QuerySet, **columns: Any) -> ArraySubquery:
    return ArraySubquery(
        rows.filter(order=OuterRef("pk"))
        .annotate(row=JSONObject(**columns))
        .values_list("row", flat=True)
    )


def _read(order: Order) -> Course:
    named = Correction.items.through.objects.filter(correction=OuterRef("pk")).values("item")
    row = (
        Order.objects.filter(pk=order.pk)
        .order_by()
        .values(
            items_=_rows(Item.objects.order_by("ordinal"), id="pk", ordinal="ordinal"),
            reports_=_rows(
                Correction.objects.order_by("entered_at", "pk"),
                id="pk",
                items=ArraySubquery(named),
                completed_on="completed_on",
                received_on="received_on",
                note="note",
                on_the_spot="on_the_spot",
                entered_at="entered_at",
                entered_by="entered_by__name",
            ),
            rounds_=_rows(
                Reinspection.objects.order_by("round"),
                id="pk",
                number="round",
                held_on="held_on",
                officer_1="officer_1__name",
                officer_2="officer_2__name",
                note="note",
                entered_at="entered_at",
            ),
            seen_=ArraySubquery(
                Result.objects.filter(reinspection__order=OuterRef("pk"))
                .order_by("reinspection__round", "item__ordinal")
                .annotate(
                    row=JSONObject(
                        item="item_id",
                        outcome="outcome",
                        completed_on="completed_on",
                        note="note",
                        round="reinspection_id",
                    )
                )
                .values_list("row", flat=True)
            ),
            requests_=_rows(
                Extension.objects.order_by("requested_at", "pk"),
                id="pk",
                state="state",
                until="until",
                old_due_on="old_due_on",
                reason="reason",
                by_enterprise="by_enterprise",
                requested_by_id="requested_by_id",
                requested_by="requested_by__name",
                requested_at="requested_at",
            ),
            files_=_rows(
                Attachment.objects.order_by("received_at", "pk"),
                id="pk",
                title="title",
                correction="correction_id",
                reinspection=F("reinspection_id"),
            ),
        )
        .get()
    )
    return _course(row)


def _course(row: Mapping[str, Any]) -> Course:
    rounds = [
        Round(
            id=UUID(r["id"]),
            number=r["number"],
            held_on=date.fromisoformat(r["held_on"]),
            officers=(r["officer_1"], r["officer_2"]),
            note=r["note"],
            entered_at=datetime.fromisoformat(r["entered_at"]),
        )
        for r in row["rounds_"]
    ]
    by_id = {each.id: each for each in rounds}
    return Course(
        items={item["id"]: item["ordinal"] for item in row["items_"]},
        reports=[
            Report(
                id=UUID(r["id"]),
                items=frozenset(r["items"]),
                completed_on=date.fromisoformat(r["completed_on"]),
                received_on=date.fromisoformat(r["received_on"]),
                note=r["note"],
                on_the_spot=r["on_the_spot"],
                entered_at=datetime.fromisoformat(r["entered_at"]),
                entered_by=r["entered_by"],
            )
            for r in row["reports_"]
        ],
        rounds=rounds,
        seen=[
            Seen(
                item=s["item"],
                outcome=s["outcome"],
                completed_on=date.fromisoformat(s["completed_on"]) if s["completed_on"] else None,
                note=s["note"],
                round=by_id[UUID(s["round"])],
            )
            for s in row["seen_"]
        ],
        requests=[
            Request(
                id=UUID(r["id"]),
                state=r["state"],
                until=date.fromisoformat(r["until"]),
                old_due_on=date.fromisoformat(r["old_due_on"]),
                reason=r["reason"],
                by_enterprise=r["by_enterprise"],
                requested_by_id=UUID(r["requested_by_id"]),
                requested_by=r["requested_by"],
                requested_at=datetime.fromisoformat(r["requested_at"]),
            )
            for r in row["requests_"]
        ],
        files=[
            File(id=UUID(f["id"]), title=f["title"], of=UUID(f["correction"] or f["reinspection"]))
            for f in row["files_"]
        ],
    )

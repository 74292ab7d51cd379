"""What has happened to an order since it was served, read in one query.

Reports of the enterprise, rounds of looking again, requests for more time and their files are
needed together, by every question of `reasons.py` and by the page, so they come together. The
answer is kept on the order in hand; a verb that locks the row (`orders._row.lock`) forgets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from notices.kinds.orders import REINSPECTION_OPINION
from notices.models import Notice
from rectification.models import (
    Asked,
    Attachment,
    Correction,
    Extension,
    ExtensionState,
    Item,
    Order,
    Outcome,
    Reinspection,
    Result,
    Suspension,
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
    opinion_id: UUID | None = None
    """The valid paper (复查意见书) on what was seen, if there is one."""


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
        """Corrected and waived stand whenever they were seen; "not yet" only after the item's
        own due day."""
        return self.is_done or (due_on is not None and self.round.held_on > due_on)


@dataclass(frozen=True)
class Request:
    """A request for more time: what was asked, and what became of it."""

    id: UUID
    state: str
    items: tuple[int, ...]
    granted_items: tuple[int, ...]
    until: date
    granted_until: date | None
    old_due_on: date
    reason: str
    by_enterprise: bool
    asked_at: datetime
    late: bool
    requested_by_id: UUID
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str
    notice_id: UUID | None
    number: str | None
    """The number of the paper that says the decision."""

    @property
    def days(self) -> int:
        """Calendar days by which a grant moved the due day."""
        return (self.granted_until - self.old_due_on).days if self.granted_until else 0


@dataclass(frozen=True)
class Standstill:
    """A span in which the clock stood, or stands."""

    id: int
    ground: str
    document_number: str
    reason: str
    from_on: date
    resumed_on: date | None


@dataclass(frozen=True)
class File:
    """A file that came with a report, a round, a request or a suspension."""

    id: UUID
    title: str
    of: UUID | int


@dataclass(frozen=True)
class Course:
    items: dict[int, int] = field(default_factory=dict)
    """Item id → its number on the paper."""
    due_on: dict[int, date | None] = field(default_factory=dict)
    """Item id → the day by which it must be corrected; None until the order is served."""
    reports: list[Report] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    standstills: list[Standstill] = field(default_factory=list)
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
    def standing(self) -> Standstill | None:
        """The suspension that has not ended."""
        return next((each for each in self.standstills if each.resumed_on is None), None)

    def grants(self, item: int) -> list[Request]:
        """Every grant that moved the day of the item, oldest first."""
        return [
            request
            for request in self.requests
            if request.state == ExtensionState.GRANTED and item in request.granted_items
        ]

    def numbers(self, items: Iterable[int]) -> list[int]:
        """The numbers of these items on the paper, in order."""
        return sorted(self.items[item] for item in items)

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

    def falls_due(self) -> date | None:
        """The day of the order: the earliest of the items that are still owed; the latest of all
        when none is. None before service."""
        days = [self.due_on[item] for item in self.unreported()]
        owed = [day for day in days if day is not None]
        every = [day for day in self.due_on.values() if day is not None]
        return min(owed) if owed else max(every, default=None)

    def unsettled(self) -> set[int]:
        """Items on which no last word stands: not seen, seen unfinished before their day ended,
        or reported anew since."""
        owed, latest = self.unreported(), self.latest
        return {
            item
            for item in self.items
            if item not in latest
            or not latest[item].stands(self.due_on[item])
            or not (latest[item].is_done or item in owed)
        }

    def conclusive_on(self) -> date | None:
        """The day of the last round, if every item has a result that stands for its own day."""
        if not self.seen or self.unsettled():
            return None
        return max(seen.round.held_on for seen in self.latest.values())

    def files_of(self, owner: UUID | int) -> list[File]:
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
    asked = Asked.objects.filter(extension=OuterRef("pk")).values("item")
    opinions = Notice.objects.valid().filter(kind=REINSPECTION_OPINION, subject_id=OuterRef("pk"))
    row = (
        Order.objects.filter(pk=order.pk)
        .order_by()
        .values(
            items_=_rows(
                Item.objects.order_by("ordinal"), id="pk", ordinal="ordinal", due_on="due_on"
            ),
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
                opinion=Subquery(opinions.values("pk")[:1]),
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
                items=ArraySubquery(asked),
                granted_items=ArraySubquery(asked.filter(granted=True)),
                until="until",
                granted_until="granted_until",
                old_due_on="old_due_on",
                reason="reason",
                by_enterprise="by_enterprise",
                asked_at="asked_at",
                late="late",
                requested_by_id="requested_by_id",
                requested_by="requested_by__name",
                requested_at="requested_at",
                decided_by="decided_by__name",
                decided_at="decided_at",
                decision_note="decision_note",
                notice_id="notice_id",
                number="notice__number",
            ),
            standstills_=_rows(
                Suspension.objects.order_by("from_on", "pk"),
                id="pk",
                ground="ground",
                document_number="document_number",
                reason="reason",
                from_on="from_on",
                resumed_on="resumed_on",
            ),
            files_=_rows(
                Attachment.objects.order_by("received_at", "pk"),
                id="pk",
                title="title",
                correction="correction_id",
                reinspection=F("reinspection_id"),
                extension=F("extension_id"),
                suspension=F("suspension_id"),
            ),
        )
        .get()
    )
    return _course(row)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _course(row: Mapping[str, Any]) -> Course:
    rounds = [
        Round(
            id=UUID(r["id"]),
            number=r["number"],
            held_on=date.fromisoformat(r["held_on"]),
            officers=(r["officer_1"], r["officer_2"]),
            note=r["note"],
            entered_at=datetime.fromisoformat(r["entered_at"]),
            opinion_id=UUID(r["opinion"]) if r["opinion"] else None,
        )
        for r in row["rounds_"]
    ]
    by_id = {each.id: each for each in rounds}
    return Course(
        items={item["id"]: item["ordinal"] for item in row["items_"]},
        due_on={item["id"]: _day(item["due_on"]) for item in row["items_"]},
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
                completed_on=_day(s["completed_on"]),
                note=s["note"],
                round=by_id[UUID(s["round"])],
            )
            for s in row["seen_"]
        ],
        requests=[_request(r) for r in row["requests_"]],
        standstills=[
            Standstill(
                id=s["id"],
                ground=s["ground"],
                document_number=s["document_number"],
                reason=s["reason"],
                from_on=date.fromisoformat(s["from_on"]),
                resumed_on=_day(s["resumed_on"]),
            )
            for s in row["standstills_"]
        ],
        files=[File(id=UUID(f["id"]), title=f["title"], of=_owner(f)) for f in row["files_"]],
    )


def _request(row: Mapping[str, Any]) -> Request:
    return Request(
        id=UUID(row["id"]),
        state=row["state"],
        items=tuple(row["items"]),
        granted_items=tuple(row["granted_items"]),
        until=date.fromisoformat(row["until"]),
        granted_until=_day(row["granted_until"]),
        old_due_on=date.fromisoformat(row["old_due_on"]),
        reason=row["reason"],
        by_enterprise=row["by_enterprise"],
        asked_at=datetime.fromisoformat(row["asked_at"]),
        late=row["late"],
        requested_by_id=UUID(row["requested_by_id"]),
        requested_by=row["requested_by"],
        requested_at=datetime.fromisoformat(row["requested_at"]),
        decided_by=row["decided_by"],
        decided_at=_moment(row["decided_at"]),
        decision_note=row["decision_note"],
        notice_id=UUID(row["notice_id"]) if row["notice_id"] else None,
        number=row["number"],
    )


def _owner(file: Mapping[str, Any]) -> UUID | int:
    if file["suspension"]:
        return int(file["suspension"])
    return UUID(file["correction"] or file["reinspection"] or file["extension"])

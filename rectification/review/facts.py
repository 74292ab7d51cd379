"""Everything that a review looks at, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.http import Http404

from accounts.models import User
from deadlines.models import Deadline
from inspections.models import Evidence, Finding, InspectionOfficer
from legal import calendars, citations
from legal.citations import Register
from legal.periods import Calendar
from notices.models import Notice, Service
from rectification import course
from rectification.course import Course
from rectification.models import Extension, Order, Reinspection


@dataclass(frozen=True)
class Officer:
    """Who took part, with the certificate by which it is judged."""

    name: str
    certificate_number: str
    certificate_expires_on: date | None

    def is_valid_on(self, day: date) -> bool:
        """Whether the certificate held on that day (its last day included)."""
        until = self.certificate_expires_on
        return bool(self.certificate_number) and until is not None and day <= until


@dataclass(frozen=True)
class Attempt:
    """One attempt to serve the paper."""

    method: str
    outcome: str
    attempted_on: date
    served_on: date | None
    effective: bool
    proven: bool
    servers: tuple[str, ...]
    recorded_at: datetime


@dataclass(frozen=True)
class Round:
    """One round of looking again."""

    number: int
    held_on: date
    note: str
    officers: tuple[Officer, Officer]


@dataclass(frozen=True)
class Facts:
    """One order and all that belongs to it."""

    order: Order
    user: User
    today: date
    books: Register
    calendar: Calendar
    officers: Sequence[Officer]
    findings: Sequence[Finding]
    numbers: Mapping[UUID, int]
    """Finding → its number on the paper."""
    bare: Sequence[int]
    """The numbers of findings that no evidence of their own proves."""
    attempts: Sequence[Attempt]
    deadlines: Sequence[Deadline]
    rounds: Sequence[Round]
    notices: Sequence[Notice]
    happened: Course


def read(pk: UUID, user: User, today: date) -> Facts:
    """The facts of an order in the user's sight. Raises Http404 otherwise."""
    order = (
        Order.objects.visible_to(user)
        .select_related(
            "unit",
            "enterprise",
            "inspection__unit",
            "notice",
            "drafted_by",
            "submitted_by",
            "approved_by",
            "issued_by",
            "judged_by",
            "withdrawn_by",
            "escalated_by",
        )
        .defer("notice__words", "notice__snapshot", "notice__fingerprint")
        .annotate(**_rows())
        .filter(pk=pk)
        .first()
    )
    if order is None:
        raise Http404
    findings = _findings(order)
    numbers = {finding.pk: finding.__dict__["number"] for finding in findings}
    return Facts(
        order=order,
        user=user,
        today=today,
        books=citations.register(),
        calendar=calendars.load(),
        officers=[_officer(row) for row in order.__dict__["officers_"]],
        findings=findings,
        numbers=numbers,
        bare=[numbers[each.pk] for each in findings if not each.__dict__["proven"]],
        attempts=[_attempt(row) for row in order.__dict__["attempts_"]],
        deadlines=_deadlines(order),
        rounds=[_round(row) for row in order.__dict__["rounds_"]],
        notices=list(
            Notice.objects.filter(Q(order=order) | Q(extension__order=order))
            .select_related("pdf")
            .defer("snapshot", "fingerprint")
            .order_by("issued_at", "pk")
        ),
        happened=course.of(order),
    )


def _rows() -> dict[str, ArraySubquery]:
    """The small rows of an order, in the query that reads it."""
    certificate = ("certificate_number", "certificate_expires_on")
    return {
        "officers_": _array(
            InspectionOfficer.objects.filter(inspection=OuterRef("inspection")).order_by(
                "position"
            ),
            **{name: name for name in ("name", *certificate)},
        ),
        "attempts_": _array(
            Service.objects.filter(notice=OuterRef("notice")).order_by(
                "attempted_on", "recorded_at"
            ),
            **{
                name: name
                for name in ("method", "outcome", "attempted_on", "served_on", "effective")
            },
            proof="proof_id",
            recorded_at="recorded_at",
            server_1="server_1__name",
            server_2="server_2__name",
        ),
        "rounds_": _array(
            Reinspection.objects.filter(order=OuterRef("pk")).order_by("round"),
            number="round",
            held_on="held_on",
            note="note",
            **{
                f"{who}_{name}": f"{who}__{name}"
                for who in ("officer_1", "officer_2")
                for name in ("name", *certificate)
            },
        ),
    }


def _array(rows: QuerySet[Any], **columns: str) -> ArraySubquery:
    return ArraySubquery(rows.values(row=JSONObject(**columns)))


def _on(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _officer(row: dict[str, Any], who: str = "") -> Officer:
    return Officer(
        row[f"{who}name"],
        row[f"{who}certificate_number"],
        _on(row[f"{who}certificate_expires_on"]),
    )


def _attempt(row: dict[str, Any]) -> Attempt:
    return Attempt(
        method=str(Service.Method(row["method"]).label),
        outcome=str(Service.Outcome(row["outcome"]).label),
        attempted_on=date.fromisoformat(row["attempted_on"]),
        served_on=_on(row["served_on"]),
        effective=row["effective"],
        proven=row["proof"] is not None,
        servers=tuple(name for name in (row["server_1"], row["server_2"]) if name),
        recorded_at=datetime.fromisoformat(row["recorded_at"]),
    )


def _round(row: dict[str, Any]) -> Round:
    return Round(
        number=row["number"],
        held_on=date.fromisoformat(row["held_on"]),
        note=row["note"],
        officers=(_officer(row, "officer_1_"), _officer(row, "officer_2_")),
    )


def _findings(order: Order) -> list[Finding]:
    """The findings of the order in its own numbering, with their citations."""
    rows = list(
        Finding.objects.filter(order_items__order=order)
        .with_citations()
        .annotate(
            number=F("order_items__ordinal"),
            proven=Exists(Evidence.objects.filter(finding=OuterRef("pk"))),
        )
        .order_by("number")
    )
    for finding in rows:
        finding.inspection = order.inspection
    return rows


def _deadlines(order: Order) -> list[Deadline]:
    """Those of the order and of its requests for more time, oldest first."""
    label: Any = Extension._meta.label_lower
    return list(
        Deadline.objects.filter(
            Q(subject_type=Order._meta.label_lower, subject_id=order.pk)
            | Q(
                subject_type=label,
                subject_id__in=Extension.objects.filter(order=order).values("pk"),
            )
        ).order_by("started_at", "entered_at")
    )

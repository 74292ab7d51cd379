"""The visit: opened, amended, its officers named; signed, closed or discarded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from audit import trail
from audit.trail import Reason, Refused
from enterprises.models import Enterprise, System
from enterprises.register import Changed
from inspections.fieldwork.rows import check, locked, locked_draft, set_values
from inspections.gates import can_close, can_record, not_draft
from inspections.models import Inspection, InspectionOfficer

HEADS = (
    "kind",
    "mode",
    "trigger_text",
    "notice_number",
    "enterprise",
    "system",
    "place",
    "started_at",
    "ended_at",
    "met_name",
    "met_title",
    "met_phone",
    "objections",
    "signature",
    "refusal_note",
    "witness",
    "summary",
)


def open_inspection(
    *,
    by: User,
    at: datetime,
    enterprise: Enterprise,
    started_at: datetime,
    officers: Sequence[User] = (),
    unit: Unit | None = None,
    form_token: UUID | None = None,
    **heads: Any,
) -> Inspection:
    """Open a draft for a visit that has begun; `heads` are the names in HEADS.

    The same `form_token` again answers with the draft it made. Raises Refused: a visit that lies
    in the future of `at`, times in the wrong order, a system of another enterprise, bad values.
    """
    with transaction.atomic():
        unit = unit or by.unit
        if unit is None:
            raise Refused([Reason(_("你没有所属单位，不能登记检查"))])
        # One number at a time within the unit; foreign keys to it stay possible meanwhile.
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        if form_token is not None:
            made = Inspection.objects.filter(form_token=form_token, created_by=by).first()
            if made is not None:
                return made
        inspection = Inspection(
            unit=unit,
            enterprise=enterprise,
            started_at=started_at,
            form_token=form_token,
            created_at=at,
            created_by=by,
        )
        set_values(inspection, HEADS, heads)
        _check_heads(inspection, at)
        inspection.number = _next_number(unit, inspection.day.year)
        inspection.save(force_insert=True)
        _write_officers(inspection, officers)
        trail.record("inspections.open", inspection, by=by, at=at, unit=unit)
        return inspection


def amend(
    inspection: Inspection, *, by: User, at: datetime, version: int, **heads: Any
) -> Inspection:
    """Change heads of a draft, against the version that the form showed; returns the fresh row.

    Raises Changed when somebody saved in between, Refused when it is signed or a value is wrong.
    Saving without a change leaves no line.
    """
    with transaction.atomic():
        row = locked_draft(inspection)
        if row.version != version:
            raise Changed(row)
        before = {name: getattr(row, name) for name in HEADS}
        set_values(row, HEADS, heads)
        changed = [name for name in HEADS if getattr(row, name) != before[name]]
        if not changed:
            return row
        _check_heads(row, at)
        row.version += 1
        row.save()
        trail.record(
            "inspections.amend", row, by=by, at=at, unit=row.unit, data={"fields": changed}
        )
        return row


def set_officers(
    inspection: Inspection, officers: Sequence[User], *, by: User, at: datetime
) -> Inspection:
    """Say who took part, in this order; names and certificates are kept as they are now.

    How many there must be and whether certificates were valid is asked at the signature.
    """
    with transaction.atomic():
        row = locked_draft(inspection)
        held = list(row.officers.order_by("position").values_list("officer_id", flat=True))
        if held == [officer.pk for officer in officers]:
            return row
        row.officers.all().delete()
        _write_officers(row, officers)
        row.version += 1
        row.save(update_fields=["version"])
        trail.record(
            "inspections.set_officers",
            row,
            by=by,
            at=at,
            unit=row.unit,
            data={"officers": [officer.police_number or officer.name for officer in officers]},
        )
        return row


def record_inspection(inspection: Inspection, *, by: User, at: datetime) -> Inspection:
    """Complete the inspection: the record is signed and final from here on.

    Order 176 art. 15(1) (before 2026-10-01 Order 151 art. 18). Raises Refused with the list of
    `can_record`, Decided when somebody else completed or discarded it first.
    """
    with transaction.atomic():
        reasons = can_record(locked(inspection), by, at=at)
        if reasons:
            raise Refused(reasons)
        trail.move(
            inspection,
            Inspection.State.RECORDED,
            by=by,
            at=at,
            verb="inspections.record",
            recorded_at=at,
            recorded_by=by,
        )
        return inspection


def close(inspection: Inspection, *, by: User, at: datetime) -> Inspection:
    """Close a signed inspection whose findings all have a disposition (Order 176 art. 16).

    Raises Refused with the list of `can_close`, Decided when somebody else closed it first.
    """
    with transaction.atomic():
        reasons = can_close(locked(inspection), by)
        if reasons:
            raise Refused(reasons)
        trail.move(inspection, Inspection.State.CLOSED, by=by, at=at, verb="inspections.close")
        return inspection


def discard(inspection: Inspection, *, by: User, at: datetime, reason: str) -> Inspection:
    """Give up a draft that should not have been opened; it stays readable, marked void."""
    with transaction.atomic():
        if inspection.state != Inspection.State.DRAFT:
            raise Refused([not_draft(inspection)])
        if not reason.strip():
            raise Refused([Reason(_("写明作废的理由"), field="reason")])
        trail.move(
            inspection,
            Inspection.State.DISCARDED,
            by=by,
            at=at,
            verb="inspections.discard",
            reason=reason.strip(),
        )
        return inspection


# --- Help ---------------------------------------------------------------------------------------


def _next_number(unit: Unit, year: int) -> str:
    """检2025-0012: the next code of the unit in the year of the visit. The unit is locked."""
    prefix = f"检{year}-"
    last = (
        Inspection.objects.filter(unit=unit, number__startswith=prefix)
        .annotate(length=models.functions.Length("number"))
        .order_by("-length", "-number")
        .values_list("number", flat=True)
        .first()
    )
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"


def _check_heads(inspection: Inspection, at: datetime) -> None:
    check(inspection, HEADS)
    reasons = []
    started, ended = inspection.started_at, inspection.ended_at
    if started > at:
        reasons.append(
            Reason(
                _("开始时间 %(time)s 在将来，检查开始后再登记")
                % {"time": date_format(timezone.localtime(started), "Y-m-d H:i")},
                field="started_at",
            )
        )
    if ended is not None and ended < started:
        reasons.append(Reason(_("结束时间不能早于开始时间"), field="ended_at"))
    if ended is not None and ended > at:
        reasons.append(Reason(_("结束时间在将来"), field="ended_at"))
    system: System | None = inspection.system
    if system is not None and system.enterprise_id != inspection.enterprise_id:
        reasons.append(
            Reason(
                _("系统“%(system)s”不属于被检查单位，换成该单位的系统") % {"system": system.name},
                field="system",
            )
        )
    if reasons:
        raise Refused(reasons)


def _write_officers(inspection: Inspection, officers: Sequence[User]) -> None:
    InspectionOfficer.objects.bulk_create(
        [
            InspectionOfficer(
                inspection=inspection,
                officer=officer,
                position=position,
                name=officer.name,
                police_number=officer.police_number or "",
                certificate_number=officer.certificate_number,
                certificate_expires_on=officer.certificate_expires_on,
            )
            for position, officer in enumerate(officers, start=1)
        ]
    )

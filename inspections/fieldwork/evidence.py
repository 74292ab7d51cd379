"""Files that show what was found: kept, told apart, taken out of a draft."""

import hashlib
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from inspections.fieldwork.rows import check, locked, locked_draft
from inspections.gates import not_draft
from inspections.models import Evidence, Finding, Inspection
from vault import files


class Upload(Protocol):
    """A file that has passed its checks (`vault.uploads.check` makes one)."""

    name: str
    content_type: str
    data: bytes


def add_evidence(
    inspection: Inspection,
    upload: Upload,
    *,
    by: User,
    at: datetime,
    finding: Finding | None = None,
    kind: str = Evidence.Kind.PHOTO,
    title: str = "",
    captured_at: datetime | None = None,
) -> Evidence:
    """Keep a file as evidence, of one finding or of the inspection as a whole.

    `upload` has passed `vault.uploads.check`. After the signature files still arrive (materials
    of a correction, photos of a re-inspection): `received_at` tells them apart. Raises Refused: a
    discarded inspection, the same bytes there already for the same finding, a finding of another
    inspection, a capture time after the upload.
    """
    with transaction.atomic():
        row = locked(inspection)
        if row.state == Inspection.State.DISCARDED:
            raise Refused([not_draft(row)])
        if finding is not None and finding.inspection_id != row.pk:
            raise Refused([Reason(_("这项发现不属于这次检查"), field="finding")])
        if captured_at is not None and captured_at > at:
            raise Refused([Reason(_("拍摄、取得时间在将来"), field="captured_at")])
        digest = hashlib.sha256(upload.data).hexdigest()
        twin = row.evidence.filter(file__sha256=digest, finding=finding).first()
        if twin is not None:
            raise Refused(
                [
                    Reason(
                        _("%(name)s 已经在证据里：%(title)s（SHA-256 相同），没有再存一份")
                        % {"name": upload.name, "title": twin.title},
                        field="uploads",
                    )
                ]
            )
        evidence = Evidence(
            inspection=row,
            finding=finding,
            kind=kind,
            title=(title or upload.name).strip()[:200],
            captured_at=captured_at,
            received_at=at,
            added_by=by,
        )
        check(evidence, ("kind", "title", "captured_at"))
        evidence.file = files.store(upload.data, upload.name, upload.content_type, by)
        evidence.save(force_insert=True)
        trail.record(
            "inspections.add_evidence",
            row,
            by=by,
            at=at,
            unit=row.unit,
            data={
                "evidence": str(evidence.pk),
                "finding": finding.ordinal if finding else None,
                "sha256": digest,
            },
        )
        return evidence


def twins_of(evidence: Evidence) -> list[Evidence]:
    """Other evidence of the inspection with the same bytes (the page tells, and stores both)."""
    return list(
        Evidence.objects.filter(
            inspection_id=evidence.inspection_id, file__sha256=evidence.file.sha256
        )
        .exclude(pk=evidence.pk)
        .select_related("finding")
    )


def remove_evidence(evidence: Evidence, *, by: User, at: datetime, reason: str = "") -> None:
    """Take a file out of a draft. After the signature evidence is kept for good.

    The record keeps the digest; the encrypted bytes stay in the vault, out of reach of pages.
    """
    with transaction.atomic():
        inspection = locked_draft(evidence.inspection)
        trail.record(
            "inspections.remove_evidence",
            inspection,
            by=by,
            at=at,
            unit=inspection.unit,
            reason=reason,
            data={"evidence": str(evidence.pk), "sha256": evidence.file.sha256},
        )
        Evidence.objects.filter(pk=evidence.pk, inspection=inspection).delete()

"""An inspection's life, in the order in which it happens.

    open_inspection -> (amend | set_officers)* -> (log_finding | amend_finding | cite
      | add_evidence | drop_finding | remove_evidence)* -> record_inspection -> dispose* -> close
    open_inspection -> … -> discard

Everything up to `record_inspection` is a draft that any officer of the unit may edit; each save
is checked against the version that its form showed. The signature makes the record final: after
it only `dispose` (called by orders and cases) and `close` act. What stands in the way of the
signature is in `inspections.gates`.

Every verb is one transaction and leaves one line in the record, on the inspection. The line names
what was touched, never what was typed: findings hold personal data.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit, User
from audit import reveal, trail
from audit.trail import Reason, Refused
from enterprises.models import Enterprise, System
from enterprises.register import Changed
from inspections.gates import can_close, can_record, in_force_reason, not_draft
from inspections.models import Citation, Evidence, Finding, Inspection, InspectionOfficer
from legal import citations
from legal.models import Article
from vault import files

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
FINDING_FACTS = (
    "violation_type",
    "seen",
    "required_correction",
    "severity",
    "act_from",
    "act_to",
    "pii_kinds",
    "records_affected",
    "records_text",
)

trail.words(
    {
        "inspections.open": gettext_lazy("登记检查"),
        "inspections.amend": gettext_lazy("修改检查登记"),
        "inspections.set_officers": gettext_lazy("确定检查民警"),
        "inspections.log_finding": gettext_lazy("登记发现"),
        "inspections.amend_finding": gettext_lazy("修改发现"),
        "inspections.drop_finding": gettext_lazy("删除发现"),
        "inspections.cite": gettext_lazy("引用条款"),
        "inspections.add_evidence": gettext_lazy("添加证据"),
        "inspections.remove_evidence": gettext_lazy("移除证据"),
        "inspections.record": gettext_lazy("完成检查"),
        "inspections.dispose": gettext_lazy("处置发现"),
        "inspections.close": gettext_lazy("办结检查"),
        "inspections.discard": gettext_lazy("作废检查登记"),
    }
)
reveal.allow("inspections.inspection", "met_phone", "personal.reveal", gettext_lazy("陪同人员电话"))


class Upload(Protocol):
    """A file that has passed its checks (`vault.uploads.check` makes one)."""

    name: str
    content_type: str
    data: bytes


# --- The visit ---------------------------------------------------------------------------------


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
        _set(inspection, HEADS, heads)
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
        row = _locked_draft(inspection)
        if row.version != version:
            raise Changed(row)
        before = {name: getattr(row, name) for name in HEADS}
        _set(row, HEADS, heads)
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
        row = _locked_draft(inspection)
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


# --- What was found ----------------------------------------------------------------------------


def log_finding(
    inspection: Inspection,
    *,
    by: User,
    at: datetime,
    duty: Iterable[Article] = (),
    penalty: Iterable[Article] = (),
    published: bool = False,
    override_reason: str = "",
    form_token: UUID | None = None,
    **facts: Any,
) -> Finding:
    """Add a finding with its citations; `facts` are the names in FINDING_FACTS.

    `act_from` is the day of the visit if not given. Citations as in `cite`. The same `form_token`
    again answers with the finding it made. Raises Refused.
    """
    with transaction.atomic():
        row = _locked_draft(inspection)
        if form_token is not None:
            made = row.findings.filter(form_token=form_token).first()
            if made is not None:
                return made
        finding = Finding(inspection=row, form_token=form_token)
        _set(finding, FINDING_FACTS, facts)
        finding.act_from = finding.act_from or row.day
        _check_finding(finding)
        last = row.findings.order_by("-ordinal").values_list("ordinal", flat=True).first()
        finding.ordinal = (last or 0) + 1
        finding.save(force_insert=True)
        _write_citations(finding, duty, penalty, published, override_reason)
        _record_finding("inspections.log_finding", finding, by=by, at=at)
        return finding


def amend_finding(
    finding: Finding, *, by: User, at: datetime, version: int, **facts: Any
) -> Finding:
    """Change a finding of a draft, against the version that the form showed; returns the fresh row.

    Citations stay as they are; those that no longer fit the day of the act are shown as gates.
    Raises Changed or Refused.
    """
    with transaction.atomic():
        inspection = _locked_draft(finding.inspection)
        row = Finding.objects.select_for_update().get(pk=finding.pk)
        row.inspection = inspection
        if row.version != version:
            raise Changed(row, inspection)
        before = {name: getattr(row, name) for name in FINDING_FACTS}
        _set(row, FINDING_FACTS, facts)
        row.act_from = row.act_from or inspection.day
        changed = [name for name in FINDING_FACTS if getattr(row, name) != before[name]]
        if not changed:
            return row
        _check_finding(row)
        row.version += 1
        row.save()
        _record_finding("inspections.amend_finding", row, by=by, at=at, fields=changed)
        return row


def drop_finding(finding: Finding, *, by: User, at: datetime, reason: str = "") -> None:
    """Take a finding out of a draft; its evidence stays with the inspection, numbers close up."""
    with transaction.atomic():
        inspection = _locked_draft(finding.inspection)
        row = inspection.findings.get(pk=finding.pk)
        row.evidence.update(finding=None)
        _record_finding("inspections.drop_finding", row, by=by, at=at, reason=reason)
        row.delete()
        inspection.findings.filter(ordinal__gt=row.ordinal).update(ordinal=F("ordinal") - 1)


def cite(
    finding: Finding,
    *,
    by: User,
    at: datetime,
    duty: Iterable[Article] = (),
    penalty: Iterable[Article] = (),
    published: bool = False,
    override_reason: str = "",
) -> list[Citation]:
    """Replace the citations of a finding in a draft; the officer's choice is kept as it is.

    An article that was not in force on the day of the act needs `override_reason` (APL art. 37:
    the law in force at the act, the later one only if lighter). `published` marks citations taken
    over from a publication. Raises Refused.
    """
    with transaction.atomic():
        inspection = _locked_draft(finding.inspection)
        row = Finding.objects.select_for_update().get(pk=finding.pk, inspection=inspection)
        row.inspection = inspection
        kept = list(row.citations.order_by("role", "position").values_list("role", "article_id"))
        wanted = [("duty", article.pk) for article in duty]
        wanted += [("penalty", article.pk) for article in penalty]
        reasons = set(row.citations.values_list("override_reason", flat=True))
        if kept == wanted and reasons <= {"", override_reason.strip()}:
            return list(row.citations.all())
        row.citations.all().delete()
        written = _write_citations(row, duty, penalty, published, override_reason)
        row.version += 1
        row.save(update_fields=["version"])
        _record_finding("inspections.cite", row, by=by, at=at)
        return written


# --- Evidence ----------------------------------------------------------------------------------


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
        row = _locked(inspection)
        if row.state == Inspection.State.DISCARDED:
            raise Refused([not_draft(row)])
        if finding is not None and finding.inspection_id != row.pk:
            raise Refused([Reason(_("这项发现不属于这次检查"), field="finding")])
        if captured_at is not None and captured_at > at:
            raise Refused([Reason(_("拍摄、取得时间在将来"), field="captured_at")])
        digest = hashlib.sha256(upload.data).hexdigest()
        twin = row.evidence.filter(
            file__sha256=digest, finding_id=finding.pk if finding else None
        ).first()
        if twin is not None:
            raise Refused(
                [
                    Reason(
                        _("%(name)s 已经在证据里：%(title)s（SHA-256 相同），没有再存一份")
                        % {"name": upload.name, "title": twin.title},
                        field="files",
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
        _check(evidence, ("kind", "title", "captured_at"))
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
        inspection = _locked_draft(evidence.inspection)
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


# --- The signature, and after --------------------------------------------------------------------


def record_inspection(inspection: Inspection, *, by: User, at: datetime) -> Inspection:
    """Complete the inspection: the record is signed and final from here on.

    Order 176 art. 15(1) (before 2026-10-01 Order 151 art. 18). Raises Refused with the list of
    `can_record`, Decided when somebody else completed or discarded it first.
    """
    with transaction.atomic():
        reasons = can_record(_locked(inspection), by, at=at)
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


def dispose(
    finding: Finding, disposition: str, *, by: User, at: datetime, note: str = ""
) -> Finding:
    """Say what became of a finding. Orders and cases call this; officers for the mild kinds.

    `disposition` is one of Finding.Disposition. Raises Refused for a discarded inspection, and for
    an order or a case on an inspection that is not signed.
    """
    dispose_all([finding], disposition, by=by, at=at, note=note)
    return finding


def dispose_all(
    findings: Sequence[Finding], disposition: str, *, by: User, at: datetime, note: str = ""
) -> None:
    """`dispose` for several findings of one inspection: one update, one line in the record."""
    if not findings:
        return
    with transaction.atomic():
        inspection = _locked(findings[0].inspection)
        if inspection.state == Inspection.State.DISCARDED:
            raise Refused([not_draft(inspection)])
        formal = disposition in (Finding.Disposition.ORDER, Finding.Disposition.PENALTY)
        if formal and not inspection.is_final:
            raise Refused(
                [
                    Reason(
                        _("检查 %(number)s 还没有完成，不能据此责令改正或者立案")
                        % {"number": inspection.number},
                        url=inspection.get_absolute_url(),
                        url_text=_("打开检查"),
                    )
                ]
            )
        if disposition not in Finding.Disposition.values:
            raise ValueError(f"no disposition: {disposition}")
        ids = [finding.pk for finding in findings]
        changed = inspection.findings.filter(pk__in=ids).update(
            disposition=disposition, disposition_note=note
        )
        if changed != len(set(ids)):
            raise ValueError("findings of more than one inspection")
        for finding in findings:
            finding.disposition, finding.disposition_note = disposition, note
        trail.record(
            "inspections.dispose",
            inspection,
            by=by,
            at=at,
            unit=inspection.unit,
            data={
                "disposition": disposition,
                "findings": sorted(finding.ordinal for finding in findings),
            },
        )


def close(inspection: Inspection, *, by: User, at: datetime) -> Inspection:
    """Close a signed inspection whose findings all have a disposition (Order 176 art. 16).

    Raises Refused with the list of `can_close`, Decided when somebody else closed it first.
    """
    with transaction.atomic():
        reasons = can_close(_locked(inspection), by)
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


# --- Help --------------------------------------------------------------------------------------


def _locked(inspection: Inspection) -> Inspection:
    """The row under lock, fresh."""
    return (
        Inspection.objects.select_for_update(of=("self",))
        .select_related("unit", "enterprise")
        .get(pk=inspection.pk)
    )


def _locked_draft(inspection: Inspection) -> Inspection:
    """The row under lock, fresh. Raises Refused unless it is a draft."""
    row = _locked(inspection)
    if row.state != Inspection.State.DRAFT:
        raise Refused([not_draft(row)])
    return row


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


def _set(row: models.Model, names: Iterable[str], values: dict[str, Any]) -> None:
    unknown = set(values) - set(names)
    if unknown:
        raise TypeError(f"{type(row).__name__} has no such facts: {', '.join(sorted(unknown))}")
    for name, value in values.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)


def _check(row: models.Model, names: Iterable[str]) -> None:
    """Run the fields' own checks; what fails becomes reasons that name the field."""
    others = [field.name for field in row._meta.fields if field.name not in set(names)]
    try:
        row.clean_fields(exclude=others)
    except ValidationError as error:
        raise Refused(
            [
                Reason(message, field=name)
                for name, messages in error.message_dict.items()
                for message in messages
            ]
        ) from None


def _check_heads(inspection: Inspection, at: datetime) -> None:
    _check(inspection, HEADS)
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


def _check_finding(finding: Finding) -> None:
    _check(finding, FINDING_FACTS)
    day: date = finding.inspection.day
    reasons = []
    if finding.act_from > day:
        reasons.append(
            Reason(
                _("行为开始日期不能晚于检查日期（%(day)s）") % {"day": date_format(day)},
                field="act_from",
            )
        )
    if finding.act_to is not None and finding.act_to < finding.act_from:
        reasons.append(Reason(_("行为终了日期不能早于开始日期"), field="act_to"))
    if finding.act_to is not None and finding.act_to > day:
        reasons.append(
            Reason(
                _("行为终了日期不能晚于检查日期（%(day)s）；仍在继续的不填")
                % {"day": date_format(day)},
                field="act_to",
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


def _write_citations(
    finding: Finding,
    duty: Iterable[Article],
    penalty: Iterable[Article],
    published: bool,
    override_reason: str,
) -> list[Citation]:
    reason = override_reason.strip()
    chosen = {Citation.Role.DUTY: list(duty), Citation.Role.PENALTY: list(penalty)}
    suggested = (
        citations.suggest(finding.violation_type, finding.act_on)
        if any(chosen.values()) and not published
        else {"duty": [], "penalty": []}
    )
    written, refused = [], []
    for role, articles in chosen.items():
        offered = {article.pk for article in suggested[role.value]}
        for position, article in enumerate(articles, start=1):
            citation = Citation(
                finding=finding,
                article=article,
                role=role,
                position=position,
                origin=(
                    Citation.Origin.PUBLISHED
                    if published
                    else Citation.Origin.SUGGESTED
                    if article.pk in offered
                    else Citation.Origin.CHOSEN
                ),
            )
            if not finding.may_cite(article):
                citation.override_reason = reason
                if not reason:
                    refused.append(
                        Reason(
                            _("%(fault)s，换成当日施行的条款，或者写明引用的理由")
                            % {"fault": in_force_reason(article, finding.act_on)},
                            basis=_("《行政处罚法》第三十七条"),
                            field=role.value,
                        )
                    )
            written.append(citation)
    if refused:
        raise Refused(refused)
    return Citation.objects.bulk_create(written)


def _record_finding(
    verb: str,
    finding: Finding,
    *,
    by: User,
    at: datetime,
    reason: str = "",
    fields: Sequence[str] = (),
) -> None:
    data: dict[str, Any] = {
        "finding": str(finding.pk),
        "ordinal": finding.ordinal,
        "violation_type": finding.violation_type_id,
    }
    if fields:
        data["fields"] = list(fields)
    if verb != "inspections.amend_finding":
        data["citations"] = [
            {"role": role, "article": ref}
            for role, ref in finding.citations.order_by("role", "position").values_list(
                "role", "article__ref"
            )
        ]
    trail.record(
        verb,
        finding.inspection,
        by=by,
        at=at,
        unit=finding.inspection.unit,
        reason=reason,
        data=data,
    )

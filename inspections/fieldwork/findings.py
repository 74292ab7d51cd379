"""What was found: logged, amended, cited, dropped, disposed of."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from enterprises.register import Changed
from inspections.fieldwork.rows import check, locked, locked_draft, set_values
from inspections.gates import in_force_reason, not_draft
from inspections.models import Citation, Finding, Inspection
from legal import citations
from legal.models import Article

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
        row = locked_draft(inspection)
        if form_token is not None:
            made = row.findings.filter(form_token=form_token).first()
            if made is not None:
                return made
        finding = Finding(inspection=row, form_token=form_token)
        set_values(finding, FINDING_FACTS, facts)
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
        inspection = locked_draft(finding.inspection)
        row = Finding.objects.select_for_update().get(pk=finding.pk)
        row.inspection = inspection
        if row.version != version:
            raise Changed(row, inspection)
        before = {name: getattr(row, name) for name in FINDING_FACTS}
        set_values(row, FINDING_FACTS, facts)
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
        inspection = locked_draft(finding.inspection)
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
        inspection = locked_draft(finding.inspection)
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
        inspection = locked(findings[0].inspection)
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


# --- Help ---------------------------------------------------------------------------------------


def _check_finding(finding: Finding) -> None:
    check(finding, FINDING_FACTS)
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

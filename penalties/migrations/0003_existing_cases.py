"""Cases from before the procedure was kept here: their party, findings, officers and decision.

What cannot be known (who was told what, and when) stays absent; the self-review says so.
"""

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    """Each case has what its visit, its order and its register entry say."""
    model = apps.get_model
    cases, parties = model("penalties", "Case").objects, model("penalties", "Respondent").objects
    officers, findings = model("penalties", "CaseOfficer"), model("penalties", "CaseFinding")
    taken = set()
    for case in cases.select_related("enterprise").order_by("filed_on", "pk"):
        at = case.inspection.recorded_at or case.inspection.started_at
        said = {"case": case, "entered_at": at, "entered_by_id": case.filed_by_id}
        party = parties.create(
            kind="unit",
            role="party",
            enterprise=case.enterprise,
            name=case.enterprise.name,
            credit_code=case.enterprise.uscc,
            representative=case.enterprise.legal_representative,
            address=case.enterprise.address,
            **said,
        )
        found = model("inspections", "Finding").objects.filter(inspection_id=case.inspection_id)
        if case.order_id:
            found = found.filter(order_items__order_id=case.order_id)
        for finding in found:
            findings.objects.create(case=case, finding=finding, live=finding.pk not in taken)
            taken.add(finding.pk)
        for row in model("inspections", "InspectionOfficer").objects.filter(
            inspection_id=case.inspection_id
        ):
            officers.objects.create(
                officer_id=row.officer_id,
                name=row.name,
                police_number=row.police_number,
                certificate_number=row.certificate_number,
                certificate_expires_on=row.certificate_expires_on,
                from_on=case.filed_on,
                **said,
            )
        case.step = {"filed": "inquiry", "decided": "closing", "closed": "done"}[case.state]
        case.step_since = case.closed_on or case.decided_on or case.filed_on
        if case.decided_on:
            case.outcome = "penalty"
            model("penalties", "Decision").objects.create(
                respondent=party,
                kind="penalty",
                number=case.document_number,
                decided_on=case.decided_on,
                decided_by_id=case.decision_entered_by_id,
                measures=case.measures,
                fine=case.fine,
                **said,
            )
        case.save()


class Migration(migrations.Migration):
    dependencies = [
        ("penalties", "0002_procedure"),
        ("inspections", "0002_final_after_signature"),
        ("rectification", "0005_hold_what_is_answered"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

"""Evidence made confidential, and opened again, before the signature or after."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from inspections.fieldwork.rows import locked
from inspections.models import Evidence, Withholding


def withhold(evidence: Evidence, *, why: str, reason: str, by: User, at: datetime) -> None:
    """Keep the evidence closed; `why` "" opens it again.

    Raises Refused: no reason is given, the words do not say who may not see it, or it stands so
    already.
    """
    with transaction.atomic():
        inspection = locked(evidence.inspection)
        now = Withholding.objects.filter(evidence=evidence).first()
        if why and why not in Withholding.Why.values:
            raise Refused([Reason(_("选择保密的原因。"), field="why")])
        if not reason.strip():
            raise Refused([Reason(_("写明说明。"), field="reason")])
        if why == (now.why if now else ""):
            raise Refused([Reason(_("这份证据已经是这样。"), field="why")])
        if why:
            Withholding.objects.update_or_create(
                evidence=evidence,
                defaults={"why": why, "reason": reason.strip()[:300], "by": by, "at": at},
            )
        elif now is not None:
            now.delete()
        trail.record(
            "inspections.withhold",
            inspection,
            by=by,
            at=at,
            unit=inspection.unit,
            reason=reason,
            data={"evidence": str(evidence.pk), "why": why or "open"},
        )

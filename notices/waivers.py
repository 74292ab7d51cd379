"""One paper without the signature that its unit gives: while the service is down, say.

A paper that cannot be signed waits. Where it must leave the building now, somebody answers for it,
with a reason, on the record; the print follows within a minute.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from notices import signing
from notices.models import Notice, Waiver

LONGEST_REASON = 500

trail.words({"notices.waive": gettext_lazy("决定不签名打印")})


def can_waive(notice: Notice) -> list[Reason]:
    """Why this paper's signature cannot be waived; empty when it can."""
    if notice.printed_at is not None:
        return [Reason(text=_("这份文书已经打印。"))]
    if Waiver.objects.filter(notice=notice).exists():
        return [Reason(text=_("已经决定不签名打印这份文书。"))]
    if signing.certificate_for(notice) is None:
        return [Reason(text=_("签发单位没有签名证书，文书本来就不签名。"))]
    return []


@transaction.atomic
def waive(notice: Notice, *, reason: str, by: User, at: datetime) -> Waiver:
    """Print this paper without a signature. Raises Refused."""
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    reasons = can_waive(locked)
    if not reason.strip():
        reasons.append(Reason(text=_("请写明不签名的原因。"), field="reason"))
    if len(reason) > LONGEST_REASON:
        reasons.append(
            Reason(text=_("原因最多 %(most)s 字。") % {"most": LONGEST_REASON}, field="reason")
        )
    if reasons:
        raise Refused(reasons)
    waiver = Waiver.objects.create(notice=locked, by=by, at=at, reason=reason.strip())
    trail.record(
        "notices.waive", locked, by=by, at=at, reason=reason, data={"number": locked.number}
    )
    return waiver

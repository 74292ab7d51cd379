"""Serving a paper (送达), and when it counts. Each attempt is kept, also the failed ones.

| method       | counts as served                                   | rule          |
|--------------|----------------------------------------------------|---------------|
| direct       | on the day of the signature                        | CPL 88        |
| left         | on the day it is left, with a witness, two servers | CPL 89        |
| post         | on the day of the receipt                          | CPL 91        |
| proxy        | on the day of the signature                        | CPL 91        |
| electronic   | on the day of arrival, with consent in writing     | CPL 90, APL 61|
| publication  | 30 days after it was published                     | CPL 95        |

APL 61(2) allows electronic service with consent; MPSP 36 says 60 days for publication, the Civil
Procedure Law as amended says 30, and the Law prevails: `settings.SERVICE_BY_PUBLICATION_DAYS`.

A returned letter voids what the same letter had counted for, and the search for a way to serve
starts again; both rows stay.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from notices import writing
from notices.models import Notice, Service
from notices.papers import ended_words
from vault.models import StoredFile

Method, Outcome = Service.Method, Service.Outcome

trail.words(
    {
        "notices.serve": gettext_lazy("记录送达"),
        "notices.add_proof": gettext_lazy("补传送达回证"),
        "notices.withdraw": gettext_lazy("撤回"),
        "notices.supersede": gettext_lazy("替换"),
        "notices.download": gettext_lazy("下载"),
    }
)

# What can come of each method.
OUTCOMES: dict[str, tuple[str, ...]] = {
    Method.DIRECT: (Outcome.SERVED, Outcome.FAILED),
    Method.LEFT: (Outcome.LEFT, Outcome.FAILED),
    Method.POST: (Outcome.SENT, Outcome.SERVED, Outcome.RETURNED),
    Method.PROXY: (Outcome.SERVED, Outcome.FAILED),
    Method.ELECTRONIC: (Outcome.SERVED, Outcome.FAILED),
    Method.PUBLICATION: (Outcome.PUBLISHED,),
}
_COUNTS = {Outcome.SERVED, Outcome.LEFT, Outcome.PUBLISHED}


def publication_days() -> int:
    """Days after which a published paper counts as served."""
    return settings.SERVICE_BY_PUBLICATION_DAYS


def counts_on(method: str, outcome: str, attempted_on: date) -> date | None:
    """The day on which such an attempt counts as service; None when it does not."""
    if outcome not in _COUNTS:
        return None
    if method == Method.PUBLICATION:
        return attempted_on + timedelta(days=publication_days())
    return attempted_on


def can_serve(notice: Notice) -> list[Reason]:
    """Why no attempt can be recorded at all; empty when one can."""
    if notice.state == Notice.State.VALID:
        return []
    return [
        Reason(
            text=_("这份文书%(state)s（%(day)s），不能再送达。")
            % {"state": notice.get_state_display(), "day": ended_words(notice)}
        )
    ]


def reasons_against(
    notice: Notice,
    *,
    method: str,
    outcome: str,
    attempted_on: date,
    today: date,
    servers: tuple[User | None, User | None] = (None, None),
    recipient: str = "",
    witness: str = "",
    tracking_number: str = "",
    consented: bool = False,
) -> list[Reason]:
    """Every reason why this attempt cannot be recorded as it stands; each names its field."""
    reasons = can_serve(notice)
    first, second = servers
    if outcome not in OUTCOMES.get(method, ()):
        reasons.append(Reason(text=_("这种送达方式没有这样的结果。"), field="outcome"))
    if attempted_on < notice.issued_on:
        reasons.append(
            Reason(
                text=_("送达日期不能早于签发日期（%(day)s）。")
                % {"day": writing.date(notice.issued_on)},
                field="attempted_on",
            )
        )
    if attempted_on > today:
        reasons.append(Reason(text=_("送达日期不能晚于今天。"), field="attempted_on"))
    if method in (Method.DIRECT, Method.LEFT) and (first is None or second is None):
        reasons.append(
            Reason(
                text=_("直接送达和留置送达须有两名送达人。"),
                basis="APL@2021:42(1)",
                field="server_2",
            )
        )
    if first is not None and first == second:
        reasons.append(Reason(text=_("两名送达人不能是同一人。"), field="server_2"))
    if outcome == Outcome.SERVED and method != Method.ELECTRONIC and not recipient.strip():
        reasons.append(Reason(text=_("请写明签收人。"), basis="CPL@2023:87", field="recipient"))
    if method == Method.LEFT and outcome == Outcome.LEFT and not witness.strip():
        reasons.append(Reason(text=_("留置送达须有见证人。"), basis="CPL@2023:89", field="witness"))
    if method == Method.POST and not tracking_number.strip():
        reasons.append(Reason(text=_("请填写邮件号。"), field="tracking_number"))
    if method == Method.ELECTRONIC and outcome == Outcome.SERVED and not consented:
        reasons.append(
            Reason(
                text=_("电子送达须经受送达人书面同意。"), basis="APL@2021:61(2)", field="consented"
            )
        )
    return reasons


@transaction.atomic
def record(
    notice: Notice,
    *,
    method: str,
    outcome: str,
    attempted_on: date,
    by: User,
    at: datetime,
    place: str = "",
    recipient: str = "",
    relation: str = "",
    servers: tuple[User | None, User | None] = (None, None),
    witness: str = "",
    tracking_number: str = "",
    consented: bool = False,
    proof: StoredFile | None = None,
    note: str = "",
) -> Service:
    """Write down one attempt; `effective` on what it returns says whether it counts.

    Args:
        attempted_on: the day of the signature, of the leaving, of posting or of the receipt, of
            arrival, of publication; for a returned letter the day it came back.
        servers: two different officers for direct and left service.
        tracking_number: joins posting, receipt and return of the same letter.
        at: the moment of recording as the act's own time; its day is "today".

    A paper that is already served keeps its first day: a later success is kept without effect.

    Raises:
        Refused: the reasons of `reasons_against`.
    """
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    reasons = reasons_against(
        notice,
        method=method,
        outcome=outcome,
        attempted_on=attempted_on,
        today=timezone.localtime(at).date(),
        servers=servers,
        recipient=recipient,
        witness=witness,
        tracking_number=tracking_number,
        consented=consented,
    )
    if reasons:
        raise Refused(reasons)
    served_on = counts_on(method, outcome, attempted_on)
    before = notice.effective_service()
    service = Service.objects.create(
        notice=notice,
        method=method,
        outcome=outcome,
        attempted_on=attempted_on,
        served_on=served_on,
        effective=served_on is not None and before is None,
        place=place,
        recipient=recipient,
        relation=relation,
        server_1=servers[0],
        server_2=servers[1],
        witness=witness,
        tracking_number=tracking_number.strip(),
        consented=consented,
        proof=proof,
        note=note,
        recorded_by=by,
        recorded_at=at,
    )
    voided = _void_same_letter(service) if outcome == Outcome.RETURNED else 0
    trail.record(
        "notices.serve",
        notice,
        by=by,
        at=at,
        data={
            "service": service.pk,
            "method": method,
            "outcome": outcome,
            "attempted_on": attempted_on,
            "served_on": served_on,
            "counts": service.effective,
            "voided": voided,
        },
    )
    return service


def can_add_proof(service: Service) -> list[Reason]:
    """Why no receipt can be added: it has one, or the attempt does not count any more."""
    if service.proof_id is not None:
        return [Reason(_("这次送达已经有送达回证，不能更换。"))]
    if service.voided_on is not None:
        return [Reason(_("这次送达已经失效。"))]
    return []


@transaction.atomic
def add_proof(service: Service, proof: StoredFile, *, by: User, at: datetime) -> Service:
    """Add the receipt that was missing when the service was recorded; once, and never changed.

    Raises:
        Refused: the reasons of `can_add_proof`.
    """
    row = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    reasons = can_add_proof(row)
    if reasons:
        raise Refused(reasons)
    row.proof = proof
    row.save(update_fields=["proof"])
    trail.record(
        "notices.add_proof",
        row.notice,
        by=by,
        at=at,
        data={"service": row.pk, "file": proof.pk, "sha256": proof.sha256},
    )
    return row


def _void_same_letter(returned: Service) -> int:
    """The letter came back: whatever it counted for counts no more. Returns how many rows."""
    return (
        Service.objects.filter(
            notice=returned.notice,
            method=Method.POST,
            tracking_number=returned.tracking_number,
            voided_on=None,
        )
        .exclude(pk=returned.pk)
        .update(effective=False, voided_on=returned.attempted_on, voided_by=returned)
    )

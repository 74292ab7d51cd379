"""Serving a paper (送达): each attempt is kept, also the failed ones.

    record       one attempt; whether and when it counts is the rule of its method (`methods`)
    add_proof    the receipt that was missing when the attempt was recorded

A returned letter voids what the same letter had counted for, and the search for a way to serve
starts again; both rows stay. The clock belongs to the owner of the paper: a paper whose owner
counts from its service has a door of its own there (`notices.registry`).
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from notices import kinds, methods
from notices.methods import OUTCOMES, Attempt, counts_on, publication_days
from notices.models import Notice, Service
from notices.papers import ended_words
from vault.models import StoredFile

__all__ = [
    "OUTCOMES",
    "Attempt",
    "add_proof",
    "can_add_proof",
    "can_serve",
    "counts_on",
    "publication_days",
    "record",
]

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


def can_serve(notice: Notice) -> list[Reason]:
    """Why no attempt can be recorded at all; empty when one can."""
    if kinds.get(notice.kind).internal:
        return [Reason(text=_("这是内部文书，留在案卷里，不送达。"))]
    if notice.state == Notice.State.VALID:
        return []
    return [
        Reason(
            text=_("这份文书%(state)s（%(day)s），不能再送达。")
            % {"state": notice.get_state_display(), "day": ended_words(notice)}
        )
    ]


@transaction.atomic
def record(
    notice: Notice,
    *,
    by: User,
    at: datetime,
    proof: StoredFile | None = None,
    **facts: Any,
) -> Service:
    """Write down one attempt; `effective` on what it returns says whether it counts.

    Args:
        facts: those of `methods.Attempt`. The same `form_token` again answers with the attempt
            that it made.
        at: the moment of recording as the act's own time; its day is "today".

    A paper that is already served keeps its first day: a later success is kept without effect.

    Raises:
        Refused: the reasons of `can_serve` and of `methods.against`.
    """
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    attempt = Attempt(**facts)
    if attempt.form_token is not None:
        made = Service.objects.filter(form_token=attempt.form_token).first()
        if made is not None and made.notice_id == notice.pk:
            return made
        if made is not None:  # a form that was copied from another paper
            attempt = replace(attempt, form_token=None)
    reasons = can_serve(notice)
    reasons += methods.against(notice, attempt, today=timezone.localtime(at).date())
    if reasons:
        raise Refused(reasons)
    served_on = counts_on(attempt.method, attempt.outcome, attempt.attempted_on)
    before = notice.effective_service()
    service = Service.objects.create(
        notice=notice,
        served_on=served_on,
        effective=served_on is not None and before is None,
        proof=proof,
        recorded_by=by,
        recorded_at=at,
        **attempt.columns(),
    )
    voided = _void_same_letter(service) if attempt.outcome == Outcome.RETURNED else 0
    trail.record(
        "notices.serve",
        notice,
        by=by,
        at=at,
        data={
            "service": service.pk,
            "method": attempt.method,
            "outcome": attempt.outcome,
            "attempted_on": attempt.attempted_on,
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

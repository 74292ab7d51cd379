"""Whether each penalty decision was made public, and taken back once it fell.

    a decision is recorded ─▶ due ─▶ publish_elsewhere ─▶ record_fall ─▶ withdraw
                               ├──▶ exempt ─▶ reopen
                               └──▶ record_fall (before it was public): lapsed

What fell and was taken back is due again when the case is decided anew.

A decision of some social impact must be made public (行政处罚法 48(1)); the seven working days come
from 国办发〔2018〕118号, which the register marks as not checked against the text. So both stay
open to the house: the length in the register of time limits, and by two settings whether every
decision starts the clock (`PUBLISH_EVERY_DECISION`) and whether a bulletin, which names nobody,
counts as making its decisions public (`BULLETIN_PUBLISHES_DECISIONS`). What was made public is
taken back within three working days after the decision was changed, revoked, or held unlawful or
void, and the reason is told in public (行政处罚法 48(2), 85).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from bulletins.models import Bulletin, Fall, Publication, PublicationState
from deadlines import clock
from legal import calendars, limits, periods
from penalties import registry
from penalties.models import Case, Decision

trail.words(
    {
        "publications.demand": gettext_lazy("登记须公开"),
        "publications.publish": gettext_lazy("登记决定已公开"),
        "publications.demand_again": gettext_lazy("登记新的决定须公开"),
        "publications.exempt": gettext_lazy("登记决定不公开"),
        "publications.reopen": gettext_lazy("改为须公开"),
        "publications.record_fall": gettext_lazy("登记决定变动"),
        "publications.lapse": gettext_lazy("登记公开前变动"),
        "publications.withdraw": gettext_lazy("登记撤回公开"),
    }
)

PUBLISH_KIND, WITHDRAW_KIND = "PUBLISH_7", "WITHDRAW_3"
DECIDED = periods.Words("作出处罚决定", "penalty decision")
FALLEN = periods.Words("决定变动", "end of the decision")
S = PublicationState


def of_cases(cases: Iterable[Case]) -> Mapping[UUID, Publication]:
    """By case; one query."""
    found = Publication.objects.filter(case__in=[case.pk for case in cases])
    return {each.case_id: each for each in found}


def unasked(user: User) -> QuerySet[Case]:
    """Decisions of which nobody has said whether they must be public: from before the house
    started the clock for every decision, or where it does not."""
    return (
        Case.objects.visible_to(user)
        .filter(decided_on__isnull=False, publication__isnull=True)
        .select_related("enterprise", "unit")
        .order_by("-decided_on", "-id")
    )


# --- Why not ---------------------------------------------------------------------------------


def can_demand(case: Case) -> list[Reason]:
    """Why no publication can be demanded of a case that has none."""
    if case.decided_on is None:
        return [Reason(_("案件还没有处罚决定。"))]
    return []


def can_publish_elsewhere(publication: Publication) -> list[Reason]:
    return _only(publication, S.DUE, _("这个决定不在待公开状态。"))


def can_exempt(publication: Publication) -> list[Reason]:
    return _only(publication, S.DUE, _("这个决定不在待公开状态。"))


def can_reopen(publication: Publication) -> list[Reason]:
    return _only(publication, S.EXEMPT, _("这个决定没有登记为不公开。"))


def can_record_fall(publication: Publication) -> list[Reason]:
    if publication.state in (S.DUE, S.PUBLISHED):
        return []
    if publication.fall:
        return [Reason(_("这个决定的变动已经登记。"))]
    return [Reason(_("登记为不公开的决定，没有公开需要撤回。"))]


def can_withdraw(publication: Publication) -> list[Reason]:
    found = _only(publication, S.RECALLED, _("这个决定没有需要撤回的公开。"))
    bulletin = publication.bulletin
    if not found and bulletin is not None and bulletin.state == Bulletin.State.PUBLISHED:
        found.append(
            Reason(
                _("决定是以案例通报公开的，撤回通报即撤回公开。"),
                url=bulletin.get_absolute_url(),
                url_text=_("去撤回通报"),
            )
        )
    return found


def _only(publication: Publication, state: str, sentence: str) -> list[Reason]:
    return [] if publication.state == state else [Reason(sentence)]


# --- The duty begins -------------------------------------------------------------------------


@registry.on_decision
def decision_recorded(case: Case, *, by: User, at: datetime) -> None:
    """A decision brings the duty with it, where the house starts the clock for every decision."""
    if settings.PUBLISH_EVERY_DECISION:
        demand(case, by=by, at=at)


@transaction.atomic
def demand(case: Case, *, by: User, at: datetime) -> Publication:
    """Start the clock for one decision. One that has begun is given back as it is.

    A decision of before the rule came into force has no period; it can still be entered as public.
    """
    found = can_demand(case)
    if found:
        raise Refused(found)
    assert case.decided_on is not None
    publication, made = Publication.objects.get_or_create(
        case=case, defaults={"unit": case.unit, "decided_on": case.decided_on}
    )
    if made:
        _start_publishing(publication, by=by, at=at)
        trail.record("publications.demand", publication, by=by, at=at)
    elif publication.state in (S.LAPSED, S.WITHDRAWN):
        _demand_again(publication, case.decided_on, by=by, at=at)
    return publication


def _demand_again(publication: Publication, decided_on: date, *, by: User, at: datetime) -> None:
    """The decision that fell is out of sight; another was taken since, with a duty of its own."""
    if publication.fallen_on is None or decided_on < publication.fallen_on:
        return
    was = {"decided_on": publication.decided_on, "fallen_on": publication.fallen_on}
    trail.move(
        publication,
        Publication.State.DUE,
        by=by,
        at=at,
        verb="publications.demand_again",
        data={"was": was},
        decided_on=decided_on,
        published_on=None,
        place="",
        bulletin=None,
        fall="",
        fallen_on=None,
        fall_note="",
        withdrawn_on=None,
        explanation="",
    )
    _start_publishing(publication, by=by, at=at)


def _start_publishing(publication: Publication, *, by: User, at: datetime) -> None:
    rule = limits.of(PUBLISH_KIND)
    if not rule.holds_on(publication.decided_on):
        return
    clock.start(
        publication,
        unit=publication.unit,
        kind=PUBLISH_KIND,
        period=_period(rule, publication.decided_on, DECIDED),
        by=by,
        at=at,
    )


def _period(rule: limits.Rule, day: date, words: periods.Words) -> periods.Period:
    try:
        return rule.due(day, calendars.load(), words=words)
    except periods.PeriodRefused as refused:
        raise Refused([clock.refusal(refused)]) from None


# --- Public ----------------------------------------------------------------------------------


@transaction.atomic
def publish_elsewhere(
    publication: Publication, *, by: User, at: datetime, on: date, place: str
) -> Publication:
    """The decision itself was made public: where, and on which day."""
    found = can_publish_elsewhere(publication)
    if not place.strip():
        found.append(Reason(_("写明公开的网址或者媒体。"), field="place"))
    found += _day_reasons(publication, on, at)
    _refuse(found)
    _publish(publication, on=on, place=place.strip(), bulletin=None, by=by, at=at)
    return publication


def count_bulletin(bulletin: Bulletin, *, by: User, at: datetime) -> None:
    """A published bulletin makes its decisions public, where the house lets it count."""
    if not settings.BULLETIN_PUBLISHES_DECISIONS or bulletin.published_on is None:
        return
    waiting = Publication.objects.filter(case__bulletin_entries__bulletin=bulletin, state=S.DUE)
    for publication in waiting.filter(decided_on__lte=bulletin.published_on):
        _publish(
            publication,
            on=bulletin.published_on,
            place=bulletin.place,
            bulletin=bulletin,
            by=by,
            at=at,
        )


def _publish(
    publication: Publication,
    *,
    on: date,
    place: str,
    bulletin: Bulletin | None,
    by: User,
    at: datetime,
) -> None:
    trail.move(
        publication,
        Publication.State.PUBLISHED,
        by=by,
        at=at,
        verb="publications.publish",
        data={"on": on, "place": place},
        published_on=on,
        place=place,
        bulletin=bulletin,
    )
    deadline = clock.running(publication, PUBLISH_KIND)
    if deadline is not None:
        clock.meet(deadline, on=on, by=by, at=at)


@transaction.atomic
def exempt(publication: Publication, *, by: User, at: datetime, reason: str) -> Publication:
    """The decision need not be public (no social impact, or the law keeps it closed)."""
    found = can_exempt(publication)
    if not reason.strip():
        text = _("写明不公开的理由。")
        found.append(Reason(text, basis="APL@2021:48(1)", field="reason"))
    _refuse(found)
    trail.move(
        publication,
        Publication.State.EXEMPT,
        by=by,
        at=at,
        verb="publications.exempt",
        reason=reason,
        exempt_reason=reason,
    )
    _cancel(publication, PUBLISH_KIND, reason=reason, by=by, at=at)
    return publication


@transaction.atomic
def reopen(publication: Publication, *, by: User, at: datetime) -> Publication:
    """It must be public after all; the period is that of the decision, as before."""
    _refuse(can_reopen(publication))
    trail.move(
        publication,
        Publication.State.DUE,
        by=by,
        at=at,
        verb="publications.reopen",
        exempt_reason="",
    )
    _start_publishing(publication, by=by, at=at)
    return publication


# --- And back --------------------------------------------------------------------------------

_FALLS = {
    Decision.Standing.CHANGED: Fall.CHANGED,
    Decision.Standing.REVOKED: Fall.REVOKED,
    Decision.Standing.WITHDRAWN: Fall.REVOKED,
    Decision.Standing.VOID: Fall.VOID,
}


@registry.on_fall
def decision_fell(decision: Decision, *, on: date, note: str, by: User, at: datetime) -> None:
    """What was made public of the case must be taken back, where something was or had to be."""
    publication = Publication.objects.filter(case=decision.case_id).first()
    if publication is None or can_record_fall(publication):
        return
    fall = _FALLS[Decision.Standing(decision.standing)]
    day = max(on, publication.decided_on)
    record_fall(publication, fall=fall, on=day, note=note, by=by, at=at)


@transaction.atomic
def record_fall(
    publication: Publication, *, by: User, at: datetime, fall: str, on: date, note: str
) -> Publication:
    """The decision was changed, revoked, or held unlawful or void on that day, by that paper.

    What is public must be withdrawn within three working days: the publication itself, and every
    published bulletin that tells the case.
    """
    found = can_record_fall(publication)
    if fall not in Fall.values:
        found.append(Reason(_("选择决定的变动。"), field="fall"))
    if not note.strip():
        found.append(Reason(_("写明变动所依据的文书。"), field="note"))
    if on > periods.local_date(at):
        found.append(Reason(_("变动日期不能晚于今天。"), field="on"))
    if on < publication.decided_on:
        found.append(Reason(_("变动日期不能早于决定日期。"), field="on"))
    _refuse(found)
    facts: dict[str, Any] = {"fall": fall, "fallen_on": on, "fall_note": note.strip()}
    if publication.state == S.DUE:
        trail.move(
            publication,
            Publication.State.LAPSED,
            by=by,
            at=at,
            verb="publications.lapse",
            reason=note,
            **facts,
        )
        _cancel(publication, PUBLISH_KIND, reason=str(Fall(fall).label), by=by, at=at)
    else:
        trail.move(
            publication,
            Publication.State.RECALLED,
            by=by,
            at=at,
            verb="publications.record_fall",
            reason=note,
            data={"fall": fall, "on": on},
            **facts,
        )
        if publication.bulletin_id is None:
            _start_withdrawing(publication, on, by=by, at=at)
    for bulletin in Bulletin.objects.standing().filter(entries__case=publication.case_id):
        _start_withdrawing(bulletin, on, by=by, at=at)
    return publication


def _start_withdrawing(
    subject: Publication | Bulletin, on: date, *, by: User, at: datetime
) -> None:
    if clock.running(subject, WITHDRAW_KIND) is not None:
        return  # another case of the bulletin fell before: it must go by that day anyway
    clock.start(
        subject,
        unit=subject.unit,
        kind=WITHDRAW_KIND,
        period=_period(limits.of(WITHDRAW_KIND), on, FALLEN),
        by=by,
        at=at,
    )


@transaction.atomic
def withdraw(
    publication: Publication, *, by: User, at: datetime, on: date, explanation: str
) -> Publication:
    """It was taken back on that day, and the reason told in public."""
    found = can_withdraw(publication)
    if not explanation.strip():
        text = _("写明向社会公开说明的理由。")
        found.append(Reason(text, basis="APL@2021:48(2)", field="explanation"))
    found += _day_reasons(publication, on, at)
    if publication.fallen_on is not None and on < publication.fallen_on:
        found.append(Reason(_("撤回日期不能早于变动日期。"), field="on"))
    _refuse(found)
    _withdraw(publication, on=on, explanation=explanation, by=by, at=at)
    return publication


def _withdraw(
    publication: Publication, *, on: date, explanation: str, by: User, at: datetime
) -> None:
    trail.move(
        publication,
        Publication.State.WITHDRAWN,
        by=by,
        at=at,
        verb="publications.withdraw",
        reason=explanation,
        data={"on": on},
        withdrawn_on=on,
        explanation=explanation,
    )
    _meet(publication, on=on, by=by, at=at)


def bulletin_withdrawn(
    bulletin: Bulletin, *, on: date, explanation: str, by: User, at: datetime
) -> None:
    """The bulletin is gone: what had to go with it has gone."""
    _meet(bulletin, on=on, by=by, at=at)
    for publication in bulletin.publications.filter(state=S.RECALLED):
        _withdraw(publication, on=on, explanation=explanation, by=by, at=at)


def _meet(subject: Publication | Bulletin, *, on: date, by: User, at: datetime) -> None:
    deadline = clock.running(subject, WITHDRAW_KIND)
    if deadline is not None:
        clock.meet(deadline, on=on, by=by, at=at)


def _cancel(publication: Publication, kind: str, *, reason: str, by: User, at: datetime) -> None:
    deadline = clock.running(publication, kind)
    if deadline is not None:
        clock.cancel(deadline, reason=reason, by=by, at=at)


def _day_reasons(publication: Publication, on: date, at: datetime) -> list[Reason]:
    if on > periods.local_date(at):
        return [Reason(_("日期不能晚于今天。"), field="on")]
    if on < publication.decided_on:
        return [Reason(_("日期不能早于决定日期。"), field="on")]
    return []


def _refuse(found: list[Reason]) -> None:
    if found:
        raise Refused(found)

"""What rested on another proposal counts no more.

Notice, legal review, discussion and approval each keep a digest of what was proposed then. A verb
that changes facts, clauses or amounts calls `void_changed` after it has written: what does not fit
any more says so, since when and why, and is owed again (行政处罚法 44, 57, 58).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.models import User
from legal import periods
from penalties import clocks, proposal
from penalties.casefile import File
from penalties.cases import _ninety
from penalties.models import Told, Voidable

#: How long a reason may be on the records.
_LONGEST = 300


def void_changed(file: File, *, by: User, at: datetime, reason: str) -> list[Told | Voidable]:
    """Void whatever rests on another proposal than the one that stands now; gives what it voided.

    Called inside the transaction of the verb, after its writing and before `_row.settle`; the file
    is read anew. What a decision in force rests on is left alone: that is history.

    Args:
        reason: what changed, in words for the reader of the file.
    """
    file = File(file.case)
    day = periods.local_date(at)
    found: list[Told | Voidable] = [*_tolds(file), *_words(file)]
    for row in found:
        row.void_on, row.void_reason = _day(row, day), reason[:_LONGEST]
        row.save(update_fields=["void_on", "void_reason"])
        if isinstance(row, Told):
            _stop_clocks(file, row, by=by, at=at, reason=reason)
    return found


def _tolds(file: File) -> Iterator[Told]:
    decided = {row.respondent_id for row in file.valid_decisions}
    by_id = {row.pk: row for row in file.respondents}
    for row in file.tolds:
        if row.void_on is not None or row.respondent_id in decided:
            continue
        now = proposal.digest(proposal.of(file, by_id[row.respondent_id]))
        if now != row.digest:
            yield row


def _words(file: File) -> Iterator[Voidable]:
    """Review, discussion and approval speak of all respondents together."""
    decided = {row.respondent_id for row in file.valid_decisions}
    if decided and all(row.pk in decided for row in file.standing_respondents):
        return
    now = proposal.whole_digest(file)
    for row in [*file.reviews, *file.discussions, *file.approvals]:
        if row.void_on is None and row.digest != now:
            yield row


def _day(row: Told | Voidable, day: date) -> date:
    """Not before the day on which it came to be: what is entered late may lie in the past."""
    return max(day, periods.local_date(row.entered_at))


def _stop_clocks(file: File, told: Told, *, by: User, at: datetime, reason: str) -> None:
    """Nothing is due on a notice that does not count, nor on the hearing asked for upon it."""
    why = _("告知已失效：%(reason)s") % {"reason": reason}
    clocks.cancel("HEARING_REQUEST", told, reason=why, by=by, at=at)
    for hearing in file.hearings:
        if hearing.told_id != told.pk:
            continue
        for kind in ("HEARING_ACCEPT", "HEARING_HOLD"):
            clocks.cancel(kind, hearing, reason=why, by=by, at=at)
        for exclusion in file.exclusions:
            if exclusion.pk == hearing.exclusion_id and exclusion.to_on is None:
                last = max(periods.local_date(at), exclusion.from_on)
                _ninety.include(exclusion, last, by=by, at=at)

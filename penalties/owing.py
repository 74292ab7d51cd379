"""What is owed upon one decision on a day: the fine, the surcharge for paying late, the balance.

Pure: the facts come as `Terms` (or are read from a `File` by `terms`), the day is told. No clock,
no query. Sums are yuan with two decimals outside and whole fen inside; None is "not known".

The law, and how it is counted (docs/adr/0021):

* A fine is due on the last day of the fifteen (行政处罚法 67(3)). For each day after it that begins
  with the fine unpaid, 3 % are added (72(1), 行政强制法 45): also for the day of payment itself.
* The 3 % are of what is unpaid and due as the day begins, or of the whole part that is not paid up
  (`settings.SURCHARGE_BASE`, "unpaid" or "fine").
* Together they never exceed the fine.
* Days of a reconsideration or a suit (73(3)), from the day of the application to the day on which
  the result arrived, and days of a stay, are not counted; the last of them is not either.
* From the day on which more time was granted (66(2)) each part has its own due day.
* A payment pays the fine first, then the surcharge.
* 3 % of fen are hundredths of fen: they are added up whole, and rounded half up once, when the sum
  is asked for. A span shows by how much the rounded sum grew in it, so that spans add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.conf import settings

from penalties.casefile import File
from penalties.models import Decision, Measure

UNPAID, FINE = "unpaid", "fine"
COUNTED, PAUSED, CAPPED = "counted", "paused", "capped"
PERCENT = 3
ZERO = Decimal("0.00")
_DAY = timedelta(days=1)
_FAR = date(9999, 1, 1)
_STANDING = Decision.Standing
_ENDED = frozenset(each.value for each in (_STANDING.REVOKED, _STANDING.VOID, _STANDING.WITHDRAWN))


@dataclass(slots=True)
class Terms:
    """The facts on which a sum rests.

    Args:
        fine: what the decision, or what changed it, asks for; 0 where it was revoked; None where
            the sum is not known.
        due_on: the last day to pay; None before service.
        payments: (day, sum), refunds negative, in the order of their days.
        parts: (last day, sum) of a granted plan, in order; they may hold surcharge at the end.
        planned_on: the day on which the plan was granted.
        pauses: (first day, last day, why), both not counted; the last day None while it lasts.
    """

    fine: Decimal | None
    due_on: date | None
    payments: Sequence[tuple[date, Decimal]] = ()
    parts: Sequence[tuple[date, Decimal]] = ()
    planned_on: date | None = None
    pauses: Sequence[tuple[date, date | None, str]] = ()


@dataclass(slots=True)
class Span:
    """Days counted alike: `base` is what 3 % a day are taken of, `amount` what they added.

    `kind`: counted; paused (`why` is "remedy" or "stay"); capped, from which day nothing is added.
    """

    kind: str
    first: date
    last: date
    days: int
    base: Decimal
    amount: Decimal
    why: str = ""


@dataclass(slots=True)
class Account:
    """What is owed upon one decision on `day`. `known` False: the fine is not known, sums are None.

    `due` is how much of the fine should have been paid by now and was not; `since` the first day on
    which that was so; `next_due_on` the last day for the first part that is not paid up.
    """

    day: date
    known: bool
    fine: Decimal | None = None
    due_on: date | None = None
    paid: Decimal = ZERO
    paid_fine: Decimal = ZERO
    paid_surcharge: Decimal = ZERO
    surcharge: Decimal | None = None
    fine_left: Decimal | None = None
    surcharge_left: Decimal | None = None
    balance: Decimal | None = None
    refund: Decimal = ZERO
    due: Decimal = ZERO
    since: date | None = None
    next_due_on: date | None = None
    next_due: Decimal | None = None
    capped_on: date | None = None
    steps: tuple[Span, ...] = ()

    @property
    def cap(self) -> Decimal | None:
        """The most that surcharge can come to."""
        return self.fine

    @property
    def is_settled(self) -> bool:
        return self.known and self.balance == 0

    @property
    def is_overdue(self) -> bool:
        return self.due > 0


def _fen(amount: Decimal) -> int:
    return int(amount * 100)


def _yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def reckon(terms: Terms, day: date, *, base: str = "") -> Account:
    """The account at the end of `day`. `base` is `settings.SURCHARGE_BASE` unless it is named."""
    if terms.fine is None:
        return Account(day=day, known=False, due_on=terms.due_on, paid=_paid(terms, day))
    book = _Book(terms, day, base or settings.SURCHARGE_BASE)
    book.run()
    return book.account()


def _paid(terms: Terms, day: date) -> Decimal:
    return sum((amount for on, amount in terms.payments if on <= day), ZERO)


class _Book:
    """One run over the spans of one account; everything in fen, sums of 3 % in hundredths of it."""

    def __init__(self, terms: Terms, day: date, base: str) -> None:
        assert terms.fine is not None
        self.terms, self.day, self.whole = terms, day, base == FINE
        self.fine = _fen(terms.fine)
        self.payments = [(on, _fen(amount)) for on, amount in terms.payments if on <= day]
        self.exact, self.limit = 0, self.fine * 100
        self.spans: list[list[Any]] = []
        self.capped_on: date | None = None
        #: (last day, sum, sum up to and with it), before and after the grant of a plan.
        self.before = [(terms.due_on, self.fine, self.fine)] if terms.due_on and self.fine else []
        self.after = self._planned()

    def _planned(self) -> list[tuple[date, int, int]]:
        on = self.terms.planned_on
        if on is None:
            return []
        upto = self.paid_by(on + _DAY)
        found = []
        for last, amount in self.terms.parts:
            part = min(_fen(amount), self.fine - upto)
            if part > 0:
                upto += part
                found.append((last, part, upto))
        return found

    def paid_by(self, day: date) -> int:
        """Of the fine, before this day begins."""
        paid = 0
        for on, amount in self.payments:
            if on < day:
                paid += amount
        return min(max(paid, 0), self.fine)

    def parts(self, day: date) -> list[tuple[date, int, int]]:
        """What was to be paid by when, as it stood on that day."""
        planned = self.terms.planned_on
        return self.before if planned is None or day < planned else self.after

    def late(self, day: date) -> tuple[int, int]:
        """(what is due and unpaid as the day begins, what 3 % of it are taken of)."""
        paid, late, base = self.paid_by(day), 0, 0
        for last, amount, upto in self.parts(day):
            if last < day and paid < upto:
                unpaid = min(amount, upto - paid)
                late += unpaid
                base += amount if self.whole else unpaid
        return late, base

    def run(self) -> None:
        terms = self.terms
        if terms.due_on is None or not self.fine:
            return
        first, end = terms.due_on + _DAY, self.day + _DAY
        if first >= end:
            return
        if not terms.pauses and terms.planned_on is None and len(self.payments) < 2:
            marks = [first, end]
            if self.payments and first <= self.payments[0][0] < self.day:
                marks.insert(1, self.payments[0][0] + _DAY)
        else:
            marks = sorted({first, end, *(m for m in self._marks() if first < m < end)})
        for start, stop in pairwise(marks):
            _late, base = self.late(start)
            if not base:
                continue
            why = self._pause(start)
            if why:
                self._add(PAUSED, start, stop, base, 0, why)
            else:
                self._count(start, stop, base)

    def _marks(self) -> Iterable[date]:
        """The days from which something is otherwise."""
        terms = self.terms
        for on, _amount in self.payments:
            yield on + _DAY
        for last, _amount, _upto in self.after:
            yield last + _DAY
        if terms.planned_on is not None:
            yield terms.planned_on
        for begin, end, _why in terms.pauses:
            yield begin
            if end is not None:
                yield end + _DAY

    def _pause(self, day: date) -> str:
        for begin, last, why in self.terms.pauses:
            if begin <= day and (last is None or day <= last):
                return why
        return ""

    def _count(self, start: date, stop: date, base: int) -> None:
        days, rate = (stop - start).days, base * PERCENT
        room = self.limit - self.exact
        if not room:
            self._add(CAPPED, start, stop, base, 0)
            return
        enough = -(-room // rate)  # days until the sum has grown to the fine
        if days < enough:
            self._add(COUNTED, start, stop, base, days * rate)
            return
        full = start + enough * _DAY
        self._add(COUNTED, start, full, base, room)
        self.capped_on = full - _DAY
        if full < stop:
            self._add(CAPPED, full, stop, base, 0)

    def _add(self, kind: str, start: date, stop: date, base: int, more: int, why: str = "") -> None:
        before = _rounded(self.exact)
        self.exact += more
        added, last = _rounded(self.exact) - before, stop - _DAY
        if self.spans:
            span = self.spans[-1]
            if (span[0], span[3], span[5]) == (kind, base, why) and span[2] + _DAY == start:
                span[2], span[4] = last, span[4] + added
                return
        self.spans.append([kind, start, last, base, added, why])

    def account(self) -> Account:
        day, fine = self.day, self.fine
        net = sum(amount for _on, amount in self.payments)
        surcharge = _rounded(self.exact)
        paid_fine = min(max(net, 0), fine)
        paid_surcharge = min(max(net, 0) - paid_fine, surcharge)
        # A part that falls due today may still be paid today.
        late, since, ahead = 0, None, None
        for last, amount, upto in self.parts(day):
            if paid_fine < upto:
                unpaid = min(amount, upto - paid_fine)
                if ahead is None:
                    ahead = (last, unpaid)
                if last < day:
                    late += unpaid
                    since = since or last + _DAY
        left = fine - paid_fine + surcharge - paid_surcharge
        return Account(
            day=day,
            known=True,
            fine=_yuan(fine),
            due_on=self.terms.due_on,
            paid=_yuan(net),
            paid_fine=_yuan(paid_fine),
            paid_surcharge=_yuan(paid_surcharge),
            surcharge=_yuan(surcharge),
            fine_left=_yuan(fine - paid_fine),
            surcharge_left=_yuan(surcharge - paid_surcharge),
            balance=_yuan(left),
            refund=_yuan(max(0, net - fine - surcharge)),
            due=_yuan(late),
            since=since,
            next_due_on=ahead[0] if ahead else None,
            next_due=_yuan(ahead[1]) if ahead else None,
            capped_on=self.capped_on,
            steps=tuple(
                Span(kind, first, last, (last - first).days + 1, _yuan(base), _yuan(more), why)
                for kind, first, last, base, more, why in self.spans
            ),
        )


def _rounded(hundredths: int) -> int:
    """Half up, to whole fen."""
    return (hundredths + 50) // 100


# --- From the records ------------------------------------------------------------------------


def in_force(decision: Any, remedies: Iterable[Any]) -> Decimal | None:
    """The fine that holds now: nothing where the decision fell, what the last change that took
    effect left of it, else its own; None where it is not known."""
    if decision.standing in _ENDED:
        return ZERO
    fine: Decimal | None = decision.fine
    for row in remedies:
        if row.effective_on is not None and row.new_fine is not None:
            fine = row.new_fine
    return fine


def pauses(remedies: Iterable[Any], stays: Iterable[Any]) -> list[tuple[date, date | None, str]]:
    """Days that are not counted, from what was recorded: a remedy lasts until its result has
    arrived and holds."""
    found: list[tuple[date, date | None, str]] = [
        (row.applied_on, _over(row), "remedy") for row in remedies
    ]
    return found + [(row.from_on, row.until_on, "stay") for row in stays]


def _over(remedy: Any) -> date | None:
    if remedy.effective_on is None:
        return None
    known = (remedy.result_on, remedy.result_received_on, remedy.effective_on)
    return max(day for day in known if day is not None)


def gathered(
    decision: Any,
    payments: Iterable[Any] = (),
    remedies: Sequence[Any] = (),
    stays: Iterable[Any] = (),
    plan: Any = None,
    parts: Iterable[Any] = (),
) -> Terms:
    """The terms of one decision from rows that are its own; `plan` is the granted one."""
    valid = [(row.paid_on, row.amount) for row in payments if row.void_on is None]
    return Terms(
        fine=in_force(decision, remedies),
        due_on=decision.payment_due_on,
        payments=sorted(valid),
        parts=sorted((row.due_on, row.amount) for row in parts),
        planned_on=plan.decided_on if plan is not None else None,
        pauses=pauses(remedies, stays),
    )


def terms(file: File, decision: Decision) -> Terms:
    """The terms of one decision of the file."""
    plan = granted_plan(file, decision)
    return gathered(
        decision,
        _of(file.payments, decision),
        _of(file.remedies, decision),
        _of(file.stays, decision),
        plan,
        plan.instalments.all() if plan is not None else (),
    )


def granted_plan(file: File, decision: Decision) -> Any:
    """The plan under which the fine is paid, if more time was granted."""
    return next((row for row in _of(file.plans, decision) if row.granted), None)


def is_money(decision: Decision) -> bool:
    """Whether the decision asks for a fine at all."""
    return Measure.FINE in decision.measures


def of(file: File, decision: Decision, day: date) -> Account:
    """The account of one decision of the file."""
    return reckon(terms(file, decision), day)


def fine_is_paid(file: File, decision: Decision) -> bool:
    """Whether nothing of the fine itself is left; on no particular day. An unknown fine is not
    paid; where no fine was decided there is nothing to pay."""
    if not is_money(decision):
        return True
    due = terms(file, decision)
    if due.fine is None:
        return False
    return sum((amount for _on, amount in due.payments), ZERO) >= due.fine


def is_settled(file: File, decision: Decision, today: date) -> bool:
    """Whether fine and surcharge are paid, to the fen; what is owed back does not matter."""
    return not is_money(decision) or of(file, decision, today).is_settled


def owed_at_grant(due: Terms, on: date) -> Decimal | None:
    """What a plan granted on that day has to sum up to: the fine that is left, and the surcharge
    up to the day before."""
    if due.fine is None:
        return None
    plain = Terms(due.fine, due.due_on, due.payments, ((_FAR, due.fine),), on, due.pauses)
    return reckon(plain, on).balance


def _of(rows: Iterable[Any], decision: Decision) -> list[Any]:
    return [row for row in rows if row.decision_id == decision.pk]

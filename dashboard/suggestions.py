"""What the desk suggests beside a row: one line with its reason and its article, one button.

Nothing happens by itself. A suggestion is offered to who may follow it, and is gone once somebody
did (or once the facts no longer ask for it). What rests on the house's own rule says so.

| When | Suggested | Rests on |
|---|---|---|
| overdue | look again | Order 176 art. 16(1), Order 151 art. 19 before |
| the look itself is late | look again | Order 151 art. 19; the house's rule since Order 176 |
| overdue for long | report to the unit above | the house's rule (`Policy.report_up_after`) |
| judged unmet | file a case, or hand on | Cybersecurity Law art. 61(1), 59(1) before 2026 |
| a request waits too long | decide it | the house's rule |
| a notice before a remote test, the yearly visit | the page of duties | Order 176 art. 4(2), 9(2) |
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    CharField,
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Length, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from deadlines import duties, policies
from deadlines.models import Deadline, Policy, Reminder
from inspections import remote, yearly
from legal import periods
from penalties.models import Case, CaseState
from rectification import reasons
from rectification.acts import ACTS
from rectification.models import Extension, Verdict
from rectification.orders import DECIDE_KIND, REINSPECT_KIND

#: Duties of the unit that the desk only counts; the others stand there row by row.
FILING = "cases.approve_filing"
DUTIES = (FILING, remote.DEADLINE_KIND, yearly.DUTY)
Why = dict[str, Any]
Act = dict[str, Any]


# --- The facts, with the rows --------------------------------------------------------------------


def facts() -> dict[str, Any]:
    """Annotations on orders: what the suggestions ask, without a query for each row."""
    looked = _running(REINSPECT_KIND, OuterRef("pk"))
    request = Extension.objects.filter(order=OuterRef(OuterRef("pk")), state="requested")
    decided = _running(DECIDE_KIND, Subquery(request.values("pk")[:1]))
    own = Extension.objects.filter(order=OuterRef(OuterRef("pk"))).values("pk")
    reported = Reminder.objects.filter(
        Q(deadline__subject_id=OuterRef("pk")) | Q(deadline__subject_id__in=own),
        by__isnull=False,
    )
    return {
        "look_by": Subquery(looked.values("due_on")[:1]),
        "look_of_house": Subquery(looked.values(house=KT("derivation__house"))[:1]),
        "decide_by": Subquery(decided.values("due_on")[:1]),
        "reported_up": Exists(reported),
        "issued_day": TruncDate("issued_at"),
        "report_up_after": Coalesce(
            Subquery(_policies().values("report_up_after")[:1]),
            Value(policies.built_in().report_up_after),
        ),
        "has_case": Exists(
            Case.objects.filter(order=OuterRef("pk")).exclude(state=CaseState.DECLINED)
        ),
    }


def _running(kind: str, subject: Any) -> QuerySet[Deadline]:
    return Deadline.objects.filter(kind=kind, subject_id=subject, state=Deadline.RUNNING).order_by()


def _policies() -> QuerySet[Policy]:
    """The policy of an order, as `deadlines.policies.of` finds it on the day of issue."""
    below = Func(
        OuterRef("unit__path"),
        F("unit__path"),
        function="starts_with",
        output_field=BooleanField(),
    )
    return Policy.objects.filter(
        Q(unit__isnull=True) | Q(below), effective_from__lte=OuterRef("issued_day")
    ).order_by(Length("unit__path").desc(nulls_last=True), F("effective_from").desc())


# --- The words ------------------------------------------------------------------------------------


class Suggestions:
    """Suggestions for the rows that one person reads on one day."""

    def __init__(self, user: User, today: date, calendar: periods.Calendar, articles: Any) -> None:
        self.user, self.today, self.calendar, self.articles = user, today, calendar, articles

    def may(self, act: str) -> bool:
        return self.user.may(ACTS[act].permission)

    def overdue(self, order: Any) -> tuple[list[Why], list[Act]]:
        """Look again; report upwards when it is long overdue."""
        why, also = [], []
        if self.may("record_reinspection"):
            why.append(self._late_look(order) or self._look(order))
        days = (self.today - order.due_on).days
        if (
            days >= order.report_up_after
            and not order.reported_up
            and order.upper is not None
            and self.may("report_upward")
        ):
            sentence = ngettext(
                "已逾期 %(n)d 天，满 %(after)d 天可以上报上级",
                "已逾期 %(n)d 天，满 %(after)d 天可以上报上级",
                days,
            )
            why.append(_of_house(sentence % {"n": days, "after": order.report_up_after}))
            also.append(act(order, "report_upward"))
        return why, also

    def look(self, order: Any) -> list[Why]:
        """The look that is late by the house's rule or by Order 151."""
        late = self._late_look(order)
        return [late] if late and self.may("record_reinspection") else []

    def unmet(self, order: Any) -> tuple[list[Why], list[Act]]:
        """File a case, or hand the order on."""
        acts = []
        if self.user.may("cases.file") and not order.has_case:
            url = f"{reverse('cases:open')}?order={order.pk}"
            acts.append({"name": _("立案"), "url": url, "primary": False})
        if self.may("escalate"):
            acts.append(act(order, "escalate"))
        day = periods.local_date(order.visited_at)
        sentence = _("结论为“%(verdict)s”，可以立案或者转入后续处理")
        if order.has_case:
            sentence = _("结论为“%(verdict)s”，已另行立案，可以转入后续处理")
        why = _of_law(
            sentence % {"verdict": Verdict(order.verdict).label},
            self.articles.words(reasons.refusal_basis(day)),
        )
        return ([why] if acts else []), acts

    def decide(self, order: Any) -> list[Why]:
        """A request that waits longer than the house allows itself."""
        left = self._left(order.decide_by)
        if left is None or not self.may("decide_extension"):
            return []
        if left.unit == periods.WORKING_DAY:
            words = ngettext(
                "审批已超本单位规定 %(n)d 个工作日",
                "审批已超本单位规定 %(n)d 个工作日",
                left.number,
            )
        else:
            words = ngettext(
                "审批已超本单位规定 %(n)d 天", "审批已超本单位规定 %(n)d 天", left.number
            )
        return [_of_house(words % {"n": left.number})]

    def _look(self, order: Any) -> Why:
        basis = reasons.reinspection_basis(periods.local_date(order.visited_at))
        return _of_law(_("期限已过，应当复查"), self.articles.words(basis))

    def _late_look(self, order: Any) -> Why | None:
        left = self._left(order.look_by)
        if left is None:
            return None
        if order.look_of_house == "true":
            if left.unit == periods.WORKING_DAY:
                words = ngettext(
                    "复查已超本单位规定 %(n)d 个工作日",
                    "复查已超本单位规定 %(n)d 个工作日",
                    left.number,
                )
            else:
                words = ngettext(
                    "复查已超本单位规定 %(n)d 天", "复查已超本单位规定 %(n)d 天", left.number
                )
            return _of_house(words % {"n": left.number})
        if left.unit == periods.WORKING_DAY:
            words = ngettext(
                "复查已超规定期限 %(n)d 个工作日",
                "复查已超规定期限 %(n)d 个工作日",
                left.number,
            )
        else:
            words = ngettext("复查已超规定期限 %(n)d 天", "复查已超规定期限 %(n)d 天", left.number)
        basis = reasons.reinspection_basis(periods.local_date(order.visited_at))
        return _of_law(words % {"n": left.number}, self.articles.words(basis))

    def _left(self, day: date | None) -> periods.Left | None:
        """How long that day has passed; None while it has not."""
        if day is None or day >= self.today:
            return None
        return periods.left(self.today, day, self.calendar)


def _of_law(text: str, law: str) -> Why:
    return {"text": text, "house": False, "law": law}


def _of_house(text: str) -> Why:
    return {"text": text, "house": True, "law": ""}


_NONE = UUID(int=0)


@cache
def _pattern(name: str) -> str:
    return reverse(f"orders:{name}", args=[_NONE])


def address(name: str, pk: UUID) -> str:
    """The address of a page of one order; a desk has a hundred of them."""
    return _pattern(name).replace(str(_NONE), str(pk))


def act(order: Any, verb: str, name: str = "", *, primary: bool = False) -> Act:
    """The button of a verb on an order, called as the order's own page calls it."""
    return {
        "name": name or str(ACTS[verb].word),
        "url": address(verb, order.pk),
        "primary": primary,
    }


# --- Duties that are no row of the desk -----------------------------------------------------------


def duties_owed(user: User, today: date) -> Sequence[QuerySet[Any]]:
    """(code, number) of what is owed, to be joined to another count."""
    filings = [_counted(FILING, _to_file(user))] if user.may("cases.approve") else []
    if not user.may("inspections.record"):
        return filings
    notices = Deadline.objects.visible_to(user).open().filter(kind=remote.DEADLINE_KIND)
    visits = yearly.systems(user, today.year).filter(inspected=False)
    return [
        *filings,
        _counted(remote.DEADLINE_KIND, notices),
        _counted(yearly.DUTY, visits),
    ]


def _to_file(user: User) -> QuerySet[Case]:
    """Cases that wait for approval by somebody else than who opened them."""
    waiting = Case.objects.visible_to(user).filter(state=CaseState.OPENED)
    return waiting.exclude(filed_by=user)


def _counted(code: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    return (
        rows.order_by()
        .values(told=Value(code, CharField()))
        .annotate(n=Count("pk"))
        .values_list("told", "n")
    )


def duty_rows(owed: dict[str, int], articles: Any) -> list[dict[str, Any]]:
    """The duties that are owed, each with its words, its article and its page."""
    rows = []
    for code, number in owed.items():
        if code == FILING:
            rows.append(
                {
                    "name": _("案件待立案审批"),
                    "number": number,
                    "laws": [articles.words("APL@2021:54(2)")],
                    "url": f"{reverse('cases:list')}?state={CaseState.OPENED}",
                }
            )
            continue
        duty = duties.find(code)
        if duty is None:
            continue
        rows.append(
            {
                "name": duty.word,
                "number": number,
                "laws": [articles.words(ref) for ref in duty.basis],
                "url": duties.Counted(duty, duties.Counts()).url(),
            }
        )
    return rows

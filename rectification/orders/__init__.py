"""The life of an order to correct (责令限期改正). Read this first.

    draft ──▶ submit ──▶ approve ──▶ issue ──▶ record_service ──▶ record_correction
      ▲          │           │                     │   ▲               │
      └─ amend ◀─ send_back        ◀──────────────┘   │     record_reinspection (n rounds)
                                     record_returned_mail              │
                                                                     judge
     beside it, while the term runs:                                   │
     request_extension ▶ decide_extension, suspend ▶ resume     met ◀──┴──▶ unmet ▶ escalate
     when it is overdue, or unmet: report_upward
     after a round: issue_opinion
     at any time after issue: withdraw

1.  `issue` freezes the words and takes the number; a worker prints them later. Whether the PDF
    is there is a fact of the notice, never a state of the order.
2.  `record_service` starts the clock. A term in days is computed once, then; a named day is
    checked against the day of service. The due day changes only by an extension, by the end of
    a suspension, or by mail that came back, each of them on the record.
    The day is one of each item (`Item.due_on`): more time may be granted for some of them. The
    order's own is the earliest that is still owed (`course.falls_due`), written by `_row.settle`.
    `_clocks` keeps the deadlines of these days, `_duty` those of the house: to look again, and to
    decide a request.
3.  Lateness is not stored. `judge` answers from the facts of the re-inspections
    (`verdict.py`), and says by which rule.
4.  Every refusal comes from `reasons.py`, which the pages show before the button is pressed.

Each function is one transaction, takes `by` (who) and `at` (when it happened; the record itself
keeps when it was entered), and leaves one line in the record. Raises `Refused` with reasons;
`Decided` when somebody else was quicker, `Changed` when a draft was saved by another meanwhile.

The verbs stand in the order in which they happen: `drafting`, `issuing`, `term`, `answer`,
`opinion`.
"""

from rectification.orders._row import (
    DEADLINE_KIND,
    DECIDE_KIND,
    NOTICE_KIND,
    REINSPECT_KIND,
    TERM_BASIS,
    overtaken,
)
from rectification.orders.answer import (
    basis_of,
    correct_on_the_spot,
    escalate,
    finishes,
    judge,
    judgement,
    record_correction,
    record_reinspection,
    report_upward,
)
from rectification.orders.drafting import amend, approve, discard, draft, send_back, submit
from rectification.orders.issuing import (
    issue,
    record_returned_mail,
    record_service,
    term_from,
    withdraw,
)
from rectification.orders.opinion import issue_opinion, withdraw_opinions
from rectification.orders.term import decide_extension, request_extension, resume, suspend

__all__ = [
    "DEADLINE_KIND",
    "DECIDE_KIND",
    "NOTICE_KIND",
    "REINSPECT_KIND",
    "TERM_BASIS",
    "amend",
    "approve",
    "basis_of",
    "correct_on_the_spot",
    "decide_extension",
    "discard",
    "draft",
    "escalate",
    "finishes",
    "issue",
    "issue_opinion",
    "judge",
    "judgement",
    "overtaken",
    "record_correction",
    "record_reinspection",
    "record_returned_mail",
    "record_service",
    "report_upward",
    "request_extension",
    "resume",
    "send_back",
    "submit",
    "suspend",
    "term_from",
    "withdraw",
    "withdraw_opinions",
]
